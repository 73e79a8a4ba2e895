"""What a profile's tables promise each other: names that exist, levels that make sense, nothing twice."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import get_args
from zoneinfo import ZoneInfo

from console.profile.contractors import check_contractors
from console.profile.dashboards import check_dashboards
from console.profile.devices import Cameras
from console.profile.goals import check_goals
from console.profile.limits import HOUR_S
from console.profile.points import Points
from console.profile.problems import Problems
from console.profile.tables import (
    CityFile,
    Country,
    IncidentTypesFile,
    KindTable,
    LimitTable,
    PointTable,
    SystemFile,
)  # fmt: skip

TYPES = "incident_types.toml"
NAMING = {
    "side_street": ("quarter", "n"), "house": ("street", "n"), "junction": ("one", "other"),
    "bank": ("river", "km"), "address": ("place", "district", "city"), "area": ("district", "city"),
}  # fmt: skip
"""The marks every text of [naming] needs; without them two places would be called the same."""
WALL = 16
"""A desk's wall is four by four."""


def check_names(
    city: CityFile, systems: dict[str, SystemFile], types: IncidentTypesFile, file: str, problems: Problems
) -> None:
    """All references between the files, before anything is placed."""
    _check_lists(city, file, problems)
    check_contractors(city, systems, file, problems)
    known_types = {one.id for one in types.types}
    _unique((one.id for one in types.types), TYPES, "types", "id", problems)
    _check_types(city, types, problems)
    kinds: set[str] = set()
    for name, system in systems.items():
        shown = f"systems/{name}.toml"
        if system.system.id != name:
            problems.add(shown, "system", "id", f"the file's own name {name!r}", system.system.id)
        if system.system.owner not in city.owners:
            problems.say(file, "owners", system.system.owner, f"who owns the system {name!r} here", "nothing")
        for number, kind in enumerate(system.kinds):
            table = f"kinds[{number}] ({kind.id})"
            if kind.id in kinds:
                problems.add(shown, table, "id", "a kind no other table defines", kind.id)
            kinds.add(kind.id)
            _check_kind(kind, known_types, shown, table, problems)
    _check_groups(city, kinds, known_types, file, problems)
    check_goals(systems, known_types, problems)
    check_dashboards(systems, problems)
    if not any(system.purposes for system in systems.values()):
        problems.say(file, "city", "systems", "a system with camera purposes", "none")


def _check_lists(city: CityFile, file: str, problems: Problems) -> None:
    _unique(city.city.systems, file, "city", "systems", problems)
    for table, ids in (
        ("districts", [one.id for one in city.districts]), ("quarters", [one.id for one in city.quarters]),
        ("sites", [one.id for one in city.sites]), ("agencies", [one.id for one in city.agencies]),
        ("registers", [one.id for one in city.registers]),
        ("groups", [one.id for one in city.groups]), ("desks", [one.id for one in city.desks]),
        ("layouts", [one.id for one in city.layouts]), ("modes", [one.id for one in city.modes]),
        ("map_layers", [one.id for one in city.map_layers]),
        ("spots", [one.kind for one in city.spots]), ("site_series", [one.kind for one in city.site_series]),
        ("fleets", [f"{one.kind}/{one.purpose}" for one in city.fleets]),
        ("fleets", [one.prefix for one in city.fleets]),
    ):  # fmt: skip
        _unique(ids, file, table, "id", problems)
    for table, rows in (
        ("districts", city.districts), ("quarters", city.quarters), ("streets", city.streets),
        ("fleets", city.fleets), ("desks", city.desks), ("city", city.city.languages),
    ):  # fmt: skip
        if not rows:
            problems.say(file, table, "", "at least one", "none")
    for number, spots in enumerate(city.spots):
        if len(spots.names) != 8:
            problems.add(
                file, f"spots[{number}] ({spots.kind})", "names", "8, clockwise from north", len(spots.names)
            )
    for number, series in enumerate(city.site_series):
        if not series.names or len(series.names) > 20:
            table = f"site_series[{number}] ({series.kind})"
            problems.add(file, table, "names", "1 to 20 names", len(series.names))
    for key, marks in NAMING.items():
        words = getattr(city.naming, key)
        for text in (words.en, words.ko):
            if not all(f"{{{mark}}}" in text for mark in marks):
                wanted = "the marks " + ", ".join(f"{{{mark}}}" for mark in marks)
                problems.add(file, "naming", key, wanted, text)
    districts = {one.id for one in city.districts}
    for kind, codes in city.warned.district_codes.items():
        for code, district in codes.items():
            if district not in districts:
                problems.add(file, "warned", f"district_codes.{kind}.{code}", "a district", district)
    _check_registers(city, file, problems)
    _check_time_zone(city, file, problems)


def _check_registers(city: CityFile, file: str, problems: Problems) -> None:
    """The published totals: what the fleets of a register count must be what the register says."""
    known = {one.id for one in city.registers}
    for number, fleet in enumerate(city.fleets):
        if fleet.register not in known:
            table = f"fleets[{number}] ({fleet.prefix})"
            problems.add(file, table, "register", f"one of {', '.join(sorted(known))}", fleet.register)
    for number, register in enumerate(city.registers):
        counted = sum(fleet.count for fleet in city.fleets if fleet.register == register.id)
        if counted != register.count:
            table = f"registers[{number}] ({register.id})"
            problems.add(file, table, "count", f"the sum of its fleets ({counted})", register.count)


def _check_time_zone(city: CityFile, file: str, problems: Problems) -> None:
    try:
        ZoneInfo(city.city.time_zone)
    except (ValueError, OSError, KeyError):  # not found, a path that leads elsewhere, a folder
        problems.add(
            file, "city", "time_zone", "a zone of the tz database, as Asia/Seoul", city.city.time_zone
        )


def _check_types(city: CityFile, types: IncidentTypesFile, problems: Problems) -> None:
    agencies = {one.id for one in city.agencies}
    country = city.city.country
    codes = types.codes.get(country, ())
    by_priority = types.code_by_priority.get(country, ())
    if len(by_priority) != 4 or not set(by_priority) <= set(codes):
        wanted = f"4 codes, for priority 1 to 4, each of {', '.join(codes)}"
        problems.add(TYPES, "code_by_priority", country, wanted, list(by_priority))
    opened: dict[str, str] = {}
    for number, one in enumerate(types.types):
        table = f"types[{number}] ({one.id})"
        for signal in one.signals:
            if signal in opened:
                problems.add(TYPES, table, "signals", f"a signal {opened[signal]!r} does not have", signal)
            opened[signal] = one.id
        answer = one.answer.get(country)
        if answer is None:
            continue
        for agency in answer.agencies:
            if agency not in agencies:
                problems.add(
                    TYPES, table, f"answer.{country}.agencies", f"agencies of {city.city.id}", agency
                )
        if answer.code and answer.code not in codes:
            problems.add(TYPES, table, f"answer.{country}.code", f"one of {', '.join(codes)}", answer.code)


def _check_kind(kind: KindTable, types: set[str], shown: str, table: str, problems: Problems) -> None:
    for condition, incident_type in kind.conditions.items():
        if incident_type not in types:
            problems.add(shown, table, f"conditions.{condition}", "an incident type", incident_type)
    _unique((point.quantity for point in kind.points), shown, table, "points.quantity", problems)
    for number, point in enumerate(kind.points):
        where = f"{table}.points[{number}] ({point.quantity})"
        if not point.low < point.high:
            problems.add(shown, where, "high", f"a number above low ({point.low})", point.high)
        for country in get_args(Country):
            here = [limit.id for limit in point.limits if not limit.countries or country in limit.countries]
            _unique(here, shown, where, f"limits.id ({country})", problems)
        for row, limit in enumerate(point.limits):
            place = f"{where}.limits[{row}] ({limit.id})"
            if not point.low <= limit.set_at <= point.high:
                problems.add(shown, place, "set_at", f"within {point.low} .. {point.high}", limit.set_at)
            if (limit.clear_at > limit.set_at) if limit.above else (limit.clear_at < limit.set_at):
                side = "at or below" if limit.above else "at or above"
                problems.add(shown, place, "clear_at", f"{side} set_at ({limit.set_at})", limit.clear_at)
            if (limit.count > 1) != (limit.window_s > 0):
                wanted = f"above 0 where count is above 1, else 0 (count is {limit.count})"
                problems.add(shown, place, "window_s", wanted, limit.window_s)
            if limit.hours:
                _check_hourly(point, limit, shown, place, problems)
            if limit.incident_type and limit.incident_type not in types:
                problems.add(
                    shown, place, "incident_type", "an incident type, or nothing", limit.incident_type
                )


def _check_hourly(
    point: PointTable, limit: LimitTable, shown: str, place: str, problems: Problems
) -> None:
    """A limit on whole hours needs values that make hours, and has no delay beside its hours."""
    if point.mean_s not in (0.0, HOUR_S):
        wanted = f"0, as the point's mean_s is {point.mean_s:g} (hours need 3600, or 0: momentary values)"
        problems.add(shown, place, "hours", wanted, limit.hours)
    if point.period_s > HOUR_S:
        problems.add(shown, place, "hours", "0 where the point's period_s is above 3600", limit.hours)
    delays = (
        ("on_delay_s", limit.on_delay_s), ("off_delay_s", limit.off_delay_s), ("window_s", limit.window_s),
    )  # fmt: skip
    for key, value in delays:
        if value:
            problems.add(shown, place, key, "0 where hours are given", value)


def _check_groups(city: CityFile, kinds: set[str], types: set[str], file: str, problems: Problems) -> None:
    for number, group in enumerate(city.groups):
        table = f"groups[{number}] ({group.id})"
        if group.device_kind not in kinds:
            problems.add(file, table, "device_kind", "a kind of one of the city's systems", group.device_kind)
        if group.incident_type not in types:
            problems.add(file, table, "incident_type", "an incident type", group.incident_type)


def check_desks(
    city: CityFile, cameras: Cameras, points: Points, systems: Container[str], file: str, problems: Problems
) -> None:
    """What the desks show and answer for must exist; asked last, when all devices are known."""
    districts = {one.id for one in city.districts}
    for number, desk in enumerate(city.desks):
        table = f"desks[{number}] ({desk.id})"
        if len(desk.wall) != WALL or len(set(desk.wall)) != WALL:
            problems.say(file, table, "wall", f"{WALL} different cameras", f"{len(set(desk.wall))} different")
        for key, named, known in (
            ("systems", desk.systems, systems), ("districts", desk.districts, districts),
        ):  # fmt: skip
            for one in named:
                if one not in known:
                    problems.add(file, table, key, f"ids of the city's {key}", one)
        for camera in desk.wall:
            if camera not in cameras:
                problems.add(file, table, "wall", "ids of cameras", camera)
        for row, chart in enumerate(desk.charts):
            for point in chart.points:
                if points.index_of(point) is None:
                    problems.add(
                        file, f"{table}.charts[{row}]", "points", "a point as DEVICE/quantity", point
                    )


def _unique(ids: Iterable[str], file: str, table: str, key: str, problems: Problems) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            problems.add(file, table, key, "each only once", one)
        seen.add(one)
