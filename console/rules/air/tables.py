"""``seeds/rules/air.toml``: what the rules of air quality count with, and refusing it where it cannot be.

Every key is required; a wrong file is refused whole, each problem with file, table, key, what was expected
and what was found.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from console.model.base import Words
from console.profile.problems import Problems
from console.profile.tables import Table
from console.rules.figures import figures

NAME = "air"
FILE = f"rules/{NAME}.toml"
Gas = Literal["o3", "no2", "so2", "co"]
Dust = Literal["pm10", "pm2_5"]
Pollutant = Literal["pm10", "pm2_5", "o3", "no2", "so2", "co"]
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Source = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
Index = Annotated[int, msgspec.Meta(ge=0, le=1_000)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=48)]
Share = Annotated[float, msgspec.Meta(gt=0.0, le=1.0)]
Positive = Annotated[float, msgspec.Meta(gt=0.0, le=1e6)]


class Units(Table, frozen=True, kw_only=True):
    source: Source
    pressure_pa: Positive
    gas_constant_j_mol_k: Positive
    zero_celsius_k: Positive
    molar_mass_g_mol: dict[Gas, Positive]


class Estimate(Table, frozen=True, kw_only=True):
    """The constants of C24E; the file says which is which."""

    source: Source
    hours: Hours
    recent_hours: Hours
    day_hours: Hours
    damped: Share
    steady_from: Positive
    steady_to: Positive
    high_from: dict[Dust, Positive]
    least_hours: Hours
    least_recent_hours: Hours


class Band(Table, frozen=True, kw_only=True):
    """A grade of an index: from `first` to `last`, both included."""

    id: Name
    name: Words
    first: Index
    last: Index


class AddOn(Table, frozen=True, kw_only=True):
    pollutants: Annotated[int, msgspec.Meta(ge=2, le=6)]
    points: Index


class CaiPollutant(Table, frozen=True, kw_only=True):
    id: Pollutant
    unit: Literal["ppm", "ug/m3"]
    mean: Literal["1h", "24h_estimate"]
    decimals: Annotated[int, msgspec.Meta(ge=0, le=4)]
    ends: tuple[Positive, ...]


class Cai(Table, frozen=True, kw_only=True):
    source: Source
    needed: tuple[Pollutant, ...]
    bad_from: Index
    add_ons: tuple[AddOn, ...]
    most: Index
    grades: tuple[Band, ...]
    pollutants: tuple[CaiPollutant, ...]


class DaqiPollutant(Table, frozen=True, kw_only=True):
    id: Pollutant
    mean_h: Annotated[float, msgspec.Meta(gt=0.0, le=48.0)]
    ends: tuple[Annotated[int, msgspec.Meta(ge=0, le=100_000)], ...]


class Daqi(Table, frozen=True, kw_only=True):
    source: Source
    least_share: Share
    bands: tuple[Band, ...]
    pollutants: tuple[DaqiPollutant, ...]


class Step(Table, frozen=True, kw_only=True):
    id: Name
    name: Words
    issue: Positive
    clear: Positive


class Alert(Table, frozen=True, kw_only=True):
    """One ladder of alerts, from the mildest step up."""

    id: Name
    unit: Literal["ppm", "ug/m3"]
    hours: Hours
    source: Source
    steps: tuple[Step, ...]


class Stations(Table, frozen=True, kw_only=True):
    """Which devices measure for an index, and under which quantity each pollutant comes."""

    index: Literal["CAI", "DAQI"]
    device_kind: Name
    source: Source
    quantities: dict[Pollutant, Name]


class AirTables(Table, frozen=True, kw_only=True):
    """All of the file."""

    units: Units
    estimate: Estimate
    cai: Cai
    daqi: Daqi
    alerts: tuple[Alert, ...]
    stations: tuple[Stations, ...] = ()

    def alert(self, alert_id: str) -> Alert:
        """The ladder of that id. Raises KeyError."""
        for one in self.alerts:
            if one.id == alert_id:
                return one
        raise KeyError(alert_id)


def load_air(path: Path | None = None) -> AirTables:
    """The shipped tables, or those of `path`. Raises ProfileError with all that is wrong."""
    tables = figures(AirTables, NAME, path)
    problems = Problems()
    _check(tables, FILE, problems)
    problems.raise_any()
    return tables


def _check(tables: AirTables, file: str, problems: Problems) -> None:
    for gas in ("o3", "no2", "so2", "co"):
        if gas not in tables.units.molar_mass_g_mol:
            problems.say(file, "units", f"molar_mass_g_mol.{gas}", "its molar mass", "nothing")
    _check_estimate(tables.estimate, file, problems)
    _check_cai(tables.cai, file, problems)
    _check_daqi(tables.daqi, file, problems)
    _once((one.id for one in tables.alerts), file, "alerts", problems)
    for row, alert in enumerate(tables.alerts):
        _check_alert(alert, file, f"alerts[{row}] ({alert.id})", problems)


def _check_estimate(one: Estimate, file: str, problems: Problems) -> None:
    for key, found, most in (
        ("recent_hours", one.recent_hours, one.hours), ("least_hours", one.least_hours, one.hours),
        ("least_recent_hours", one.least_recent_hours, one.recent_hours),
    ):  # fmt: skip
        if found > most:
            problems.add(file, "estimate", key, f"at most {most}", found)
    if not one.steady_from < one.steady_to:
        wanted = f"more than steady_from ({one.steady_from})"
        problems.add(file, "estimate", "steady_to", wanted, one.steady_to)
    if one.day_hours != 2 * one.hours:
        wanted = f"twice hours ({2 * one.hours}): the estimate is a mean of two parts"
        problems.add(file, "estimate", "day_hours", wanted, one.day_hours)
    for dust in ("pm10", "pm2_5"):
        if dust not in one.high_from:
            problems.say(file, "estimate", f"high_from.{dust}", "from where an hour is high", "nothing")


def _check_cai(cai: Cai, file: str, problems: Problems) -> None:
    _check_bands(cai.grades, 0, cai.most, file, "cai.grades", "most", problems)
    _once((one.id for one in cai.pollutants), file, "cai.pollutants", problems)
    known = {one.id for one in cai.pollutants}
    if not cai.needed:
        problems.say(file, "cai", "needed", "at least one pollutant", "none")
    for name in cai.needed:
        if name not in known:
            problems.add(file, "cai", "needed", "pollutants of [[cai.pollutants]]", name)
    if cai.bad_from not in {one.first for one in cai.grades}:
        problems.add(file, "cai", "bad_from", "the first index of a grade", cai.bad_from)
    for fewer, more in pairwise(cai.add_ons):
        if not (fewer.pollutants < more.pollutants and fewer.points <= more.points):
            found = f"{more.points} for {more.pollutants} after {fewer.points} for {fewer.pollutants}"
            problems.say(file, "cai", "add_ons", "more points for more pollutants, ascending", found)
    for row, one in enumerate(cai.pollutants):
        table = f"cai.pollutants[{row}] ({one.id})"
        if len(one.ends) != len(cai.grades):
            problems.add(file, table, "ends", f"{len(cai.grades)} numbers, one for each grade", len(one.ends))
        _check_rising(one.ends, file, table, problems)
        for end in one.ends:
            if abs(end * 10**one.decimals - round(end * 10**one.decimals)) > 1e-6:
                problems.add(file, table, "ends", f"numbers of at most {one.decimals} decimals", end)
        if (one.mean == "24h_estimate") != (one.id in ("pm10", "pm2_5")):
            problems.add(file, table, "mean", "'24h_estimate' for dust, '1h' for gases", one.mean)
        if (one.unit == "ug/m3") != (one.id in ("pm10", "pm2_5")):
            problems.add(file, table, "unit", "'ug/m3' for dust, 'ppm' for gases", one.unit)


def _check_daqi(daqi: Daqi, file: str, problems: Problems) -> None:
    top = max((one.last for one in daqi.bands), default=0)
    _check_bands(daqi.bands, 1, top, file, "daqi.bands", "last", problems)
    _once((one.id for one in daqi.pollutants), file, "daqi.pollutants", problems)
    for row, one in enumerate(daqi.pollutants):
        table = f"daqi.pollutants[{row}] ({one.id})"
        if len(one.ends) != top - 1:
            problems.add(file, table, "ends", f"{top - 1} numbers, for index 1 to {top - 1}", len(one.ends))
        _check_rising(one.ends, file, table, problems)


def _check_alert(alert: Alert, file: str, table: str, problems: Problems) -> None:
    _once((one.id for one in alert.steps), file, f"{table}.steps", problems)
    if not alert.steps:
        problems.say(file, table, "steps", "at least one", "none")
    for row, step in enumerate(alert.steps):
        where = f"{table}.steps[{row}] ({step.id})"
        if step.clear > step.issue:
            problems.add(file, where, "clear", f"at most issue ({step.issue})", step.clear)
        if row and step.issue <= alert.steps[row - 1].issue:
            problems.add(file, where, "issue", f"more than the step before ({alert.steps[row - 1].issue})",
                         step.issue)
        if row and step.clear < alert.steps[row - 1].clear:
            # else a warning could stand without its advisory, and stepping down would skip one
            problems.add(file, where, "clear", f"at least the step before's ({alert.steps[row - 1].clear})",
                         step.clear)


def _check_bands(
    bands: tuple[Band, ...], first: int, last: int, file: str, table: str, key: str, problems: Problems
) -> None:
    """From `first` to `last` without a gap and without meeting twice."""
    _once((one.id for one in bands), file, table, problems)
    if not bands:
        problems.say(file, table, "", "at least one", "none")
    due = first
    for row, one in enumerate(bands):
        where = f"{table}[{row}] ({one.id})"
        if one.first != due:
            problems.add(file, where, "first", str(due), one.first)
        if one.last < one.first:
            problems.add(file, where, "last", f"at least first ({one.first})", one.last)
        due = one.last + 1
    if bands and bands[-1].last != last:
        where = f"{table}[{len(bands) - 1}] ({bands[-1].id})"
        problems.add(file, where, "last", f"{key} ({last})", bands[-1].last)


def _check_rising(ends: tuple[float, ...], file: str, table: str, problems: Problems) -> None:
    for one, other in pairwise(ends):
        if not one < other:
            problems.add(file, table, "ends", f"rising numbers: more than {one} after it", other)


def _once(ids: Iterable[str], file: str, table: str, problems: Problems) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            problems.add(file, table, "id", "each only once", one)
        seen.add(one)
