"""Stages of river stations. A limit that is missing is unknown, never normal.

A station's record may leave limits blank. What a water level then says is a range: at least the highest
stage whose limit is reached, at most the stage below the lowest limit that is known not to be. Where the two
differ the stage is not known, and is shown as "warning or more" or "unknown", not as the lower one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS
from console.model.base import Words
from console.profile.tables import Country, Identifier, Table, Text
from console.rules.figures import Positive, figures, refuse

F64 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int8]
KST = timezone(timedelta(hours=9))
HIGHEST_LEVEL_M = 1_000.0
"""No gauge reads more; a larger number is a wrong unit or the height above the sea of another table."""
_DMS = re.compile(r"^(-?)(\d{1,3})-(\d{1,2})-(\d{1,2}(?:\.\d{1,4})?)$")


class Stage(Table, frozen=True, kw_only=True):
    id: Identifier
    field: Identifier
    name: Words


class CountryStages(Table, frozen=True, kw_only=True):
    country: Country
    source: Text
    overflow_feared_from: Identifier
    overflow_source: Text
    stages: tuple[Stage, ...]


class RiverFigures(Table, frozen=True, kw_only=True):
    device_kind: Identifier
    level_quantity: Identifier
    clear_margin_m: Positive
    clear_margin_source: Text
    countries: tuple[CountryStages, ...]

    def of(self, country: str) -> CountryStages:
        """Raises KeyError for a country the file does not have."""
        for one in self.countries:
            if one.country == country:
                return one
        raise KeyError(country)


def river_figures(path: Path | None = None) -> RiverFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(RiverFigures, "river", path)
    for number, one in enumerate(found.countries):
        ids = [stage.id for stage in one.stages]
        if not ids or len(set(ids)) != len(ids):
            refuse("river", f"countries[{number}]", "stages", "stages, each only once", ids)
        if one.overflow_feared_from not in ids:
            wanted = f"one of {', '.join(ids)}"
            refuse("river", f"countries[{number}]", "overflow_feared_from", wanted, one.overflow_feared_from)
    return found


class StationError(ValueError):
    """A station's record cannot be used; says field, expected and found."""


@dataclass(frozen=True, slots=True)
class Station:
    """One gauge. `levels_m`: one limit for each stage of its country, NaN where the record has none."""

    id: str
    name: str
    lat: float
    lon: float
    levels_m: tuple[float, ...]
    flood_level_m: float = math.nan

    def __post_init__(self) -> None:
        known = [one for one in (*self.levels_m, self.flood_level_m) if not math.isnan(one)]
        if any(upper <= lower for lower, upper in pairwise(known)):
            wanted = "each limit above the one before"
            raise StationError(f"station {self.id}: expected {wanted}, found {known}")


def degrees_of(text: str, field: str = "position") -> float:
    """Decimal degrees of `"126-57-18"` (degrees, minutes, seconds). Raises StationError."""
    found = _DMS.match(text.strip())
    if found is None:
        raise StationError(f"{field}: expected degrees-minutes-seconds as 126-57-18, found {text[:40]!r}")
    sign, degrees, minutes, seconds = found[1], int(found[2]), int(found[3]), float(found[4])
    if degrees > 180 or minutes >= 60 or seconds >= 60.0:
        raise StationError(f"{field}: expected at most 180 degrees, 59 minutes and seconds, found {text!r}")
    value = degrees + minutes / 60.0 + seconds / 3600.0
    return -value if sign else value


def metres_of(text: str, field: str) -> float:
    """A level in metres; NaN for a blank. Raises StationError for what is neither."""
    told = text.strip()
    if not told:
        return math.nan
    try:
        value = float(told)
    except ValueError:
        value = math.nan
    if not -HIGHEST_LEVEL_M <= value <= HIGHEST_LEVEL_M:
        raise StationError(f"{field}: expected metres or a blank, found {text[:40]!r}")
    return value


def station_from_record(record: Mapping[str, str], stages: CountryStages) -> Station:
    """A station of the flood control offices' API (wlobscd, obsnm, lat, lon, the limits, pfh).

    A limit that is blank or not there stays unknown. Raises StationError.
    """
    for key in ("wlobscd", "obsnm", "lat", "lon"):
        if not record.get(key, "").strip():
            raise StationError(f"{key}: expected text, found nothing")
    lat, lon = degrees_of(record["lat"], "lat"), degrees_of(record["lon"], "lon")
    if abs(lat) > 90.0:
        raise StationError(f"lat: expected at most 90 degrees, found {record['lat']!r}")
    return Station(
        id=record["wlobscd"].strip(), name=record["obsnm"].strip(), lat=lat, lon=lon,
        levels_m=tuple(metres_of(record.get(one.field, ""), one.field) for one in stages.stages),
        flood_level_m=metres_of(record.get("pfh", ""), "pfh"),
    )  # fmt: skip


def taken_at_ns_of(text: str) -> int:
    """When a reading was taken: `yyyyMMddHHmm`, Korean time; "2400" ends the day. Raises StationError."""
    told = text.strip()
    try:
        if len(told) != 12 or not told.isascii() or not told.isdigit():
            raise ValueError
        midnight = datetime.strptime(told[:8], "%Y%m%d").replace(tzinfo=KST)
        hour, minute = int(told[8:10]), int(told[10:])
        if minute > 59 or hour > 24 or (hour == 24 and minute):
            raise ValueError
    except ValueError:
        raise StationError(f"ymdhm: expected yyyyMMddHHmm, found {text[:40]!r}") from None
    return round((midnight + timedelta(hours=hour, minutes=minute)).timestamp()) * SECOND_NS


def ranges(levels_m: F64, water_m: F64) -> tuple[I8, I8]:
    """For each station (row of limits, one water level) the least and the most stage it can be in.

    0 is below all limits, 1 the first stage. Water that is not known (NaN) can be in any.
    """
    count = levels_m.shape[1]
    rank = np.arange(1, count + 1, dtype=np.int8)
    water = water_m[:, None]
    with np.errstate(invalid="ignore"):
        least = np.where(levels_m <= water, rank, 0).max(axis=1).astype(np.int8)
        most = (np.where(levels_m > water, rank, count + 1).min(axis=1) - 1).astype(np.int8)
    dry = np.isnan(water_m)
    least[dry], most[dry] = 0, count
    return least, most


class StageBank:
    """Which stage each station is in, with the margin below a stage before it is left. One thread."""

    def __init__(self, levels_m: F64, clear_margin_m: float) -> None:
        self._levels, self._margin = levels_m, clear_margin_m
        self.least: I8 = np.zeros(len(levels_m), np.int8)
        self.most: I8 = np.full(len(levels_m), levels_m.shape[1], np.int8)

    def update(self, water_m: F64) -> npt.NDArray[np.bool_]:
        """Take one level for each station (NaN: none); returns which stations say something new."""
        least, most = ranges(self._levels, water_m)
        held, _ = ranges(self._levels, water_m + self._margin)
        least = np.clip(self.least, least, np.maximum(held, least))
        least[np.isnan(water_m)] = 0
        most = np.maximum(most, least)
        news: npt.NDArray[np.bool_] = (least != self.least) | (most != self.most)
        self.least, self.most = least, most
        return news

    def known(self) -> npt.NDArray[np.bool_]:
        """Which stations are in a stage that is known; the others are never normal."""
        result: npt.NDArray[np.bool_] = self.least == self.most
        return result


def overflow_feared(least: int, most: int, stages: CountryStages) -> bool | None:
    """Whether an overflow is feared by the gauge alone; None where its stage does not say."""
    ids = [one.id for one in stages.stages]
    wanted = ids.index(stages.overflow_feared_from) + 1
    if least >= wanted:
        return True
    return False if most < wanted else None
