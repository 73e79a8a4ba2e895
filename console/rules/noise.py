"""Permitted noise by zone, source and hour of the local day; means of levels as energy."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import numpy as np
import numpy.typing as npt

from console.profile.tables import Country, Identifier, Table, Text
from console.rules.figures import HourOfDay, Positive, Share, figures, refuse

F64 = npt.NDArray[np.float64]
Decibels = Annotated[float, msgspec.Meta(ge=0.0, le=140.0)]
PartOfDay = Literal["day", "edge", "night"]


class Hours(Table, frozen=True, kw_only=True):
    """A part of the local day, `from_h` included and `to_h` left out; it may pass midnight."""

    part: PartOfDay
    from_h: HourOfDay
    to_h: HourOfDay

    def has(self, hour: float) -> bool:
        if self.from_h < self.to_h:
            return self.from_h <= hour < self.to_h
        return hour >= self.from_h or hour < self.to_h


class ZoneLimit(Table, frozen=True, kw_only=True):
    zone: Identifier
    source: Identifier
    edge: Decibels
    day: Decibels
    night: Decibels


class DayCorrection(Table, frozen=True, kw_only=True):
    source: Identifier
    at_most_h: Positive
    add_db: Decibels


class CountryNoise(Table, frozen=True, kw_only=True):
    country: Country
    source: Text
    hours: tuple[Hours, ...]
    limits: tuple[ZoneLimit, ...]
    day_corrections: tuple[DayCorrection, ...] = ()
    above_background_db: Decibels | None = None

    def part_of_day(self, local: datetime) -> PartOfDay:
        """The part of the day a local time is in; the hours of a table cover the whole day."""
        hour = local.hour + local.minute / 60.0 + local.second / 3600.0 + local.microsecond / 3.6e9
        return next(one.part for one in self.hours if one.has(hour))

    def limit_db(
        self, zone: str, source: str, local: datetime, *, machine_h: float | None = None,
        background_db: float | None = None,
    ) -> float | None:  # fmt: skip
        """The permitted level, dB(A); None where the table has none: no limit is known, not "quiet enough".

        `machine_h`: for how many hours loud machines run that day, None when not known (no correction).
        """
        for row in self.limits:
            if (row.zone, row.source) == (zone, source):
                part = self.part_of_day(local)
                limit = float({"day": row.day, "edge": row.edge, "night": row.night}[part])
                if part == "day" and machine_h is not None:
                    limit += self._correction_db(source, machine_h)
                if self.above_background_db is not None and background_db is not None:
                    limit = max(limit, background_db + self.above_background_db)
                return limit
        return None

    def _correction_db(self, source: str, machine_h: float) -> float:
        rows = [one for one in self.day_corrections if one.source == source and machine_h <= one.at_most_h]
        return min(rows, key=lambda one: one.at_most_h).add_db if rows else 0.0


class MeterRow(Table, frozen=True, kw_only=True):
    """Which limit the meters of a country's city are held against."""

    country: Country
    zone: Identifier
    source: Identifier
    zones: dict[str, str]

    def zone_of(self, device_id: str) -> str:
        return self.zones.get(device_id, self.zone)


class NoiseFigures(Table, frozen=True, kw_only=True):
    device_kind: Identifier
    level_quantity: Identifier
    clear_margin_db: Decibels
    clear_margin_source: Text
    meters: tuple[MeterRow, ...]
    meters_source: Text
    coverage: Share
    coverage_source: Text
    countries: tuple[CountryNoise, ...]

    def of(self, country: str) -> CountryNoise:
        """Raises KeyError for a country the file does not have."""
        for one in self.countries:
            if one.country == country:
                return one
        raise KeyError(country)


def noise_figures(path: Path | None = None) -> NoiseFigures:
    """Raises ProfileError: also where the parts of a day leave a minute out or hold one twice."""
    found = figures(NoiseFigures, "noise", path)
    for number, one in enumerate(found.countries):
        table = f"countries[{number}] ({one.country})"
        for minute in range(24 * 60):
            if sum(part.has(minute / 60.0) for part in one.hours) != 1:
                wanted = "every minute of the day in one part"
                refuse("noise", table, "hours", wanted, f"{minute // 60:02d}:{minute % 60:02d}")
        rows = [(row.zone, row.source) for row in one.limits]
        for row in rows:
            if rows.count(row) > 1:
                refuse("noise", table, "limits", "each zone and source only once", row)
    return found


def mean_db(levels_db: F64, coverage: float) -> float:
    """The mean of sound levels as energy (Leq), dB; NaN when less than `coverage` of them is known."""
    known = levels_db[~np.isnan(levels_db)]
    if len(levels_db) == 0 or len(known) < coverage * len(levels_db):
        return math.nan
    loudest = float(known.max())
    return loudest + 10.0 * math.log10(float(np.mean(10.0 ** ((known - loudest) / 10.0))))


def above_by_db(level_db: float, limit_db: float | None) -> float | None:
    """By how much a level is above what is permitted: 0 or less is within; None where nothing is known."""
    if limit_db is None or math.isnan(level_db):
        return None
    return level_db - limit_db
