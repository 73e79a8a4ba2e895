"""What stands on the map for devices: one mark for each group, where it lies in pixels, and what it hits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from console.geo.clusters import ALARM, DEGRADED, DOWN, Groups, grouped
from console.profile import Profile
from console.profile.ground import Bools, Floats, Ints, Plane
from widgets.map.figures import map_figures
from widgets.map.standings import Standings
from widgets.map.view import View, level_of, scale_of

SYMBOL_PX = 22
PILL_PX = 22
NUMBERED_PX = 36
WIDE_PX = 44
HIT_PX = 3
CLOSE = 1.7
"""Up to so many times the scale of a street, devices of a small group are shown one by one."""


class Seen(NamedTuple):
    """The marks of one view as arrays of one length; `group` indexes the level's groups, `row` is a device's
    row for a single one and -1 for a pill."""

    x: Floats
    y: Floats
    width: Ints
    height: Ints
    group: Ints
    row: Ints


class DeviceMarks:
    """All devices, or those of chosen systems, as marks by level. UI thread only."""

    def __init__(self, profile: Profile, plane: Plane, standings: Standings) -> None:
        columns = profile.columns
        self._profile, self._standings = profile, standings
        self.x, self.y = plane.to_xy(columns.lat, columns.lon)
        self.shown: Bools = np.ones(len(columns.ids), np.bool_)
        self._systems = sorted(set(columns.kind_system))
        self._system_of = np.array([self._systems.index(one) for one in columns.kind_system])[columns.kind]
        self._groups: dict[int, Groups] = {}
        self._tallies: dict[int, Ints] = {}

    def system_of(self, row: int) -> str:
        """The system of a device row."""
        return self._systems[int(self._system_of[row])]

    def show_systems(self, systems: frozenset[str] | None) -> None:
        """Show the devices of these systems alone; None shows all."""
        if systems is None:
            self.shown = np.ones(len(self.x), np.bool_)
        else:
            self.shown = np.array([one in systems for one in self._systems])[self._system_of]
        self._groups.clear()
        self._tallies.clear()

    def look(self) -> None:
        """The standings changed."""
        self._tallies.clear()

    def groups(self, level: int) -> Groups:
        """The groups of a level, worked out once."""
        found = self._groups.get(level)
        if found is None:
            scale = scale_of(level)
            side_m = map_figures().cluster.cell(scale) * scale
            found = self._groups[level] = grouped(self.x, self.y, self.shown, side_m)
        return found

    def tally(self, level: int) -> Ints:
        """How many devices of each group stand how."""
        found = self._tallies.get(level)
        if found is None:
            found = self._tallies[level] = self.groups(level).tally(self._standings.codes)
        return found

    def is_close(self, level: int) -> bool:
        """Whether devices of a small group are shown one by one."""
        return scale_of(level) <= map_figures().zoom.street * CLOSE

    def seen(self, view: View, width: int, height: int) -> Seen:
        """The marks of a view: arrays, in the order of the groups."""
        level = level_of(view.m_per_px)
        groups, tally = self.groups(level), self.tally(level)
        px = width / 2 + (groups.x - view.x) / view.m_per_px
        py = height / 2 - (groups.y - view.y) / view.m_per_px
        inside = (px > -60) & (px < width + 60) & (py > -40) & (py < height + 40)
        most = map_figures().cluster.apart if self.is_close(level) else 1
        few = inside & (groups.count <= most)
        many = np.flatnonzero(inside & (groups.count > most))
        numbered = (tally[many][:, (ALARM, DOWN, DEGRADED)] > 0).any(axis=1)
        high = np.where(numbered, NUMBERED_PX, PILL_PX)
        wide = np.where(numbered, _numbers_wide(tally[many]), WIDE_PX)
        x, y, rows, numbers = self._singles(np.flatnonzero(few), groups, px, py)
        return Seen(
            np.concatenate([px[many], x]), np.concatenate([py[many], y]),
            np.concatenate([wide, np.full(len(x), SYMBOL_PX)]).astype(np.int64),
            np.concatenate([high, np.full(len(x), SYMBOL_PX)]).astype(np.int64),
            np.concatenate([many, numbers]), np.concatenate([np.full(len(many), -1), rows]).astype(np.int64),
        )  # fmt: skip

    def _singles(
        self, few: Ints, groups: Groups, px: Floats, py: Floats
    ) -> tuple[Floats, Floats, Ints, Ints]:
        """Devices one by one: those of one group stand side by side, around the middle of the group."""
        if not len(few):
            none = np.zeros(0, np.int64)
            return np.zeros(0), np.zeros(0), none, none
        count = groups.count[few]
        numbers = np.repeat(few, count)
        at = np.arange(len(numbers)) - np.repeat(np.cumsum(count) - count, count)
        rows = groups.order[groups.starts[numbers] + at]
        size = np.repeat(count, count)
        columns = np.where(size <= 1, 1, np.where(size <= 4, 2, 3))
        off_x = (at % columns - (columns - 1) / 2) * (SYMBOL_PX + 2)
        lines = np.ceil(size / columns)
        off_y = (at // columns - (lines - 1) / 2) * (SYMBOL_PX + 2)
        return px[numbers] + off_x, py[numbers] + off_y, rows.astype(np.int64), numbers


def _numbers_wide(tally: Ints) -> Ints:
    """Pixels that the numbers of alarms, down and degraded need."""
    wide = np.full(len(tally), 10)
    for code in (ALARM, DOWN, DEGRADED):
        digits = np.floor(np.log10(np.maximum(tally[:, code], 1))) + 1
        wide = wide + np.where(tally[:, code] > 0, 14 + 7 * digits, 0).astype(np.int64)
    return np.maximum(wide, WIDE_PX)


def mark_at(seen: Seen, px: float, py: float) -> int:
    """The mark under a pixel, the nearest of several; -1 for none."""
    dx, dy = np.abs(seen.x - px), np.abs(seen.y - py)
    hit = (dx <= seen.width / 2 + HIT_PX) & (dy <= seen.height / 2 + HIT_PX)
    if not hit.any():
        return -1
    return int(np.argmin(np.where(hit, dx + dy, np.inf)))
