"""What one band shows: its lines, their limits, their last values and whether those still hold. Qt-free."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from console.language import Catalogue
from console.model.base import Words
from console.model.device import Limit, Point
from console.profile import ChartBand, Profile
from widgets.charts.scale import Scale, scale_for
from widgets.charts.series import F64, I64, gap_ns
from widgets.kit.moments import Moments, number, unit

if TYPE_CHECKING:
    from console.desk.board import Board


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its point, what to call it within the band, the limits that hold for it."""

    point: Point
    name: Words
    limits: tuple[Limit, ...]

    @property
    def silent_ns(self) -> int:
        """Longer than this without a value, and the series is stale."""
        return gap_ns(self.point.period_s)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be said about a line at one moment. `limit` is the worst one it is beyond, or None."""

    value: float
    stale_s: float
    """Seconds without a value when that is too long; 0 while it holds, NaN when none ever came."""
    limit: Limit | None
    spread: tuple[float, float] | None = None
    """Least and greatest, where the value is the mean of a column of history."""

    @property
    def holds(self) -> bool:
        return self.stale_s == 0.0


@dataclass(frozen=True, slots=True)
class Band:
    """A titled group of lines over one value axis per unit."""

    title: Words
    lines: tuple[Line, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The units of its lines, the first line's first."""
        return tuple(dict.fromkeys(line.point.unit for line in self.lines))

    def limits(self, unit_name: str) -> tuple[Limit, ...]:
        """The limits to draw for a unit, each level once, the most urgent of equal levels."""
        found: dict[tuple[bool, float], Limit] = {}
        for line in self.lines:
            for limit in line.limits if line.point.unit == unit_name else ():
                level = (limit.above, limit.set_at)
                if level not in found or limit.priority < found[level].priority:
                    found[level] = limit
        return tuple(sorted(found.values(), key=lambda limit: limit.set_at))


def bands_of(profile: Profile, desk_id: str) -> tuple[Band, ...]:
    """The bands of a desk by its profile; none for a desk it does not know. Unknown points are left out."""
    desk = profile.desks.get(desk_id)
    return tuple(band_of(profile, chart) for chart in desk.charts) if desk is not None else ()


def band_of(profile: Profile, chart: ChartBand) -> Band:
    points = [
        profile.point_by_id[point_id] for point_id in chart.point_ids if point_id in profile.point_by_id
    ]
    devices = {point.device_id for point in points}
    quantities = {point.quantity for point in points}
    lines = []
    for point in points:
        device, quantity = profile.devices[point.device_id].name, profile.points.name(point.index)
        if len(devices) == 1 or len(quantities) == len(points):
            name = quantity  # the band's title says where; devices are told apart by what they measure
        elif len(quantities) == 1:
            name = device
        else:
            name = Words(en=f"{device.en}, {quantity.en}", ko=f"{device.ko} {quantity.ko}")
        lines.append(Line(point, name, limits_of(profile, point)))
    return Band(chart.title, tuple(lines))


def limits_of(profile: Profile, point: Point) -> tuple[Limit, ...]:
    """The limits of one point."""
    of_device = profile.limits.of_device(profile.columns.row_of[point.device_id])
    limits = (profile.limits[index] for index in of_device)
    return tuple(limit for limit in limits if limit.point_index == point.index)


def reading(line: Line, value: float, age_ns: int | None) -> Reading:
    """Judge a value that is `age_ns` old (None: there never was one)."""
    if age_ns is None:
        return Reading(math.nan, math.nan, None)
    stale_s = age_ns / 1e9 if age_ns > line.silent_ns else 0.0
    beyond = [limit for limit in line.limits if is_beyond(limit, value)]
    return Reading(value, stale_s, min(beyond, key=lambda limit: limit.priority, default=None))


def reading_of_column(line: Line, value: float, low: float, high: float) -> Reading:
    """Judge a column of history by its least and greatest value; NaN: there is none."""
    if value != value:
        return Reading(math.nan, math.nan, None)
    beyond = [
        limit for limit in line.limits if is_beyond(limit, high if limit.above else low)
    ]  # fmt: skip
    spread = (low, high) if low != high else None
    return Reading(value, 0.0, min(beyond, key=lambda limit: limit.priority, default=None), spread)


def is_beyond(limit: Limit, value: float) -> bool:
    """Whether the value is on the abnormal side. What the alarm says (delays, hysteresis) is the hub's to
    decide.
    """
    return value >= limit.set_at if limit.above else value <= limit.set_at


def active_limits(band: Band, readings: Sequence[Reading]) -> frozenset[str]:
    """Ids of the drawn limits that a value which holds is beyond, and beyond no worse one."""
    levels = {(now.limit.set_at, now.limit.above) for now in readings if now.holds and now.limit is not None}
    drawn = (limit for unit_name in band.units for limit in band.limits(unit_name))
    return frozenset(limit.id for limit in drawn if (limit.set_at, limit.above) in levels)


def last_reading(board: Board, line: Line, now_ns: int) -> Reading:
    """The line's newest value on the board. A value taken in the future is as fresh as one taken now."""
    index = line.point.index
    taken_ns = int(board.taken_at_ns[index])
    if taken_ns == 0:
        return reading(line, math.nan, None)
    return reading(line, float(board.values[index]), max(0, now_ns - taken_ns))


def value_scale(band: Band, unit_name: str, series: Sequence[tuple[I64, F64]], since_ns: int) -> Scale:
    """The axis for one unit: holds what is shown of every line and the limit nearest to it on either side."""
    values = [
        value[max(0, int(np.searchsorted(at, since_ns)) - 1) :]
        for line, (at, value) in zip(band.lines, series, strict=True)
        if line.point.unit == unit_name
    ]
    every = np.concatenate([*values, np.zeros(0)])
    every = every[np.isfinite(every)]
    least, greatest = (float(every.min()), float(every.max())) if len(every) else (math.nan, math.nan)
    levels = band.limits(unit_name)
    over = [limit.set_at for limit in levels if limit.above]
    under = [limit.set_at for limit in levels if not limit.above]
    if not len(every) and levels:
        least = greatest = levels[0].set_at
    if (
        over
    ):  # the first level above that has not been passed yet, or the last one; its line not on the very edge
        level = min((level for level in over if level > greatest), default=max(over))
        greatest = max(greatest, level + 0.08 * abs(level - least))
    if under:
        level = max((level for level in under if level < least), default=min(under))
        least = min(least, level - 0.08 * abs(greatest - level))
    if 0 <= least < 0.5 * greatest:
        least = 0.0  # a scale from zero wherever that costs little: heights can be compared
    return scale_for(least, greatest)


def spoken(band: Band, readings: list[Reading], catalogue: Catalogue, moments: Moments) -> str:
    """The band in one sentence, for screen readers."""
    parts = []
    for line, now in zip(band.lines, readings, strict=True):
        name, shown = catalogue.words(line.name), f"{number(now.value)} {unit(line.point.unit, catalogue)}"
        if math.isnan(now.stale_s):
            parts.append(catalogue.say("charts.spoken.never", name=name))
        elif not now.holds:
            parts.append(
                catalogue.say("charts.spoken.stale", name=name, value=shown, age=moments.span(now.stale_s))
            )
        elif now.limit is not None:
            limit = catalogue.words(now.limit.text)
            priority = catalogue.say(f"kit.priority.{now.limit.priority}")
            fields = {"name": name, "value": shown, "limit": limit, "priority": priority}
            parts.append(catalogue.say("charts.spoken.beyond", **fields))
        else:
            parts.append(catalogue.say("charts.spoken.normal", name=name, value=shown))
    return "; ".join(parts)
