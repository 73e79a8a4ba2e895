"""Loading a city: files to tables to a checked Profile. The one door; nothing wrong comes through it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from console.paths import shipped
from console.profile import checks
from console.profile.assembly import collect, street_columns
from console.profile.columns import CameraColumns, DeviceColumns, PlaceBook, plan_kind
from console.profile.contractors import contractors_of, keeper_of_rows
from console.profile.controls import check_controls, controls_of
from console.profile.dashboards import dashboards_of
from console.profile.devices import Cameras, Devices
from console.profile.extents import check_extents
from console.profile.goals import datasets_of, goals_of
from console.profile.limits import Limits
from console.profile.points import PointById, Points
from console.profile.problems import Problems
from console.profile.profile import Profile, Register
from console.profile.reading import parse, read
from console.profile.records import (
    agencies_of,
    bounds_of,
    desks_of,
    districts_of,
    groups_of,
    incident_types_of,
    kinds_of,
    layouts_of,
    map_layers_of,
    modes_of,
    sites_of,
    streets_of,
    systems_of,
    warned_of,
)  # fmt: skip
from console.profile.reports import ReportsFile, book_of, check_reports
from console.profile.roster import Roster
from console.profile.services import ServicesFile, check_services, services_of
from console.profile.tables import CityFile, IncidentTypesFile, SystemFile
from console.profile.town import build_town
from console.profile.walls import check_walls

T = TypeVar("T", CityFile, SystemFile, IncidentTypesFile, ReportsFile, ServicesFile)
BIGGEST_FILE = 4_000_000


@dataclass(frozen=True, slots=True)
class Tables:
    """The files of one city, read."""

    file: str
    folder: Path
    city: CityFile
    systems: dict[str, SystemFile]
    types: IncidentTypesFile
    sha: bytes
    reports: ReportsFile | None = None
    services: ServicesFile | None = None


def load_profile(city: str | Path) -> Profile:
    """The profile of a shipped city by its name ("suwon"), or of a city's TOML file by its path.

    A path's systems and incident types are looked for beside it (`../systems`, `../incident_types.toml`).
    Raises ProfileError with every problem found, each naming file, table, key, what was expected and what
    was found. Any thread; a second load gives an equal digest.
    """
    problems = Problems()
    tables = _read_tables(_city_file(city, problems), problems)
    problems.raise_any()
    assert tables is not None
    checks.check_names(tables.city, tables.systems, tables.types, tables.file, problems)
    if tables.reports is not None:
        check_reports(
            tables.reports, reports_file(tables.city), tables.city.owners,
            (one.id for one in tables.types.types), problems,
        )  # fmt: skip
    if tables.services is not None:
        agencies = [one.id for one in tables.city.agencies]
        check_services(tables.services, services_file(tables.city), agencies, problems)
    check_controls(tables.systems, tables.city.city.country, problems)
    check_extents(tables.city, tables.file, problems)
    problems.raise_any()
    town = build_town(tables.city, tables.file, problems)
    problems.raise_any()
    assert town is not None
    plans = tuple(
        plan_kind(kind, system, tables.city.city.country)
        for system, file in tables.systems.items()
        for kind in file.kinds
    )
    purposes = {one.id: one.name for file in tables.systems.values() for one in file.purposes}
    roster = Roster(
        city=tables.city, file=tables.file, town=town, plans=plans, purposes=purposes,
        scenes=frozenset(scene for file in tables.systems.values() for scene in file.scenes),
        problems=problems,
    )  # fmt: skip
    built = collect(roster)
    problems.raise_any()
    assert built is not None
    return _profile(tables, roster, built)


def _profile(
    tables: Tables, roster: Roster, built: tuple[DeviceColumns, CameraColumns, PlaceBook]
) -> Profile:
    columns, camera_columns, book = built
    plans, purposes, town, problems = roster.plans, roster.purposes, roster.town, roster.problems
    city = tables.city
    cameras = Cameras(camera_columns, columns)
    bare_points = Points(columns, plans, frozenset())
    checks.check_desks(city, cameras, bare_points, tables.systems, tables.file, problems)
    check_walls(city, cameras, tables.file, problems)
    problems.raise_any()
    charted = frozenset(
        index
        for desk in city.desks for chart in desk.charts for point in chart.points
        if (index := bare_points.index_of(point)) is not None
    )  # fmt: skip
    points = Points(columns, plans, charted)
    owners = {system: city.owners[file.system.owner] for system, file in tables.systems.items()}
    types = incident_types_of(tables.types, city.city.country)
    controls = controls_of(tables.systems, city.city.country)
    return Profile(
        city=city.city.id, name=city.city.name, country=city.city.country, languages=city.city.languages,
        time_zone=city.city.time_zone, air_index=city.city.air_index, call_back=city.city.call_back,
        bounds=bounds_of(city), districts=districts_of(city, town),
        streets=streets_of(city), sites=sites_of(city, town), systems=systems_of(tables.systems, owners),
        owners=city.owners,
        registers={one.id: Register(id=one.id, name=one.name, count=one.count) for one in city.registers},
        register_of_kind={(one.kind, one.purpose): one.register for one in city.fleets},
        kinds=kinds_of(plans), purposes=purposes,
        devices=Devices(
            columns, camera_columns, plans, book,
            {system: file.system.owner for system, file in tables.systems.items()}, roster.names, purposes,
        ),
        cameras=cameras, columns=columns, camera_columns=camera_columns, points=points,
        point_by_id=PointById(points), limits=Limits(columns, plans, points, roster.levels),
        agencies=agencies_of(city), incident_types=types,
        type_of_signal={signal: one.id for one in types.values() for signal in one.signals},
        type_of_condition={
            (plan.table.id, condition): incident_type
            for plan in plans for condition, incident_type in plan.table.conditions.items()
        },
        goals=goals_of(tables.systems), datasets=datasets_of(tables.systems),
        dashboards=dashboards_of(tables.systems),
        contractors=contractors_of(city), keepers=keeper_of_rows(city, columns),
        groups=groups_of(city), desks=desks_of(city), layouts=layouts_of(city), modes=modes_of(city),
        warned=warned_of(city),
        street_columns=street_columns(town), map_layers=map_layers_of(city, tables.folder),
        controls=controls,
        controls_of_kind={
            plan.table.id: tuple(one.id for one in controls.values() if plan.table.id in one.kinds)
            for plan in plans
        },
        trend_points=points.trended(),
        reports=book_of(tables.reports) if tables.reports is not None else None,
        linked=services_of(tables.services) if tables.services is not None else None,
        digest=_digest(tables.sha, columns, camera_columns),
    )  # fmt: skip


def _city_file(city: str | Path, problems: Problems) -> Path:
    if isinstance(city, Path):
        return city
    folder = shipped("seeds") / "cities"
    known = sorted(path.stem for path in folder.glob("*.toml"))
    if city not in known:
        problems.add("cities", "", "city", f"one of {', '.join(known)}, or the path of a file", city)
        problems.raise_any()
    return folder / f"{city}.toml"


def _read_tables(path: Path, problems: Problems) -> Tables | None:
    seeds = path.parent.parent
    sha = hashlib.sha256()
    city = _read_file(CityFile, path, path.name, sha, problems)
    types = _read_file(IncidentTypesFile, seeds / "incident_types.toml", "incident_types.toml", sha, problems)
    if city is None or types is None:
        return None
    systems: dict[str, SystemFile] = {}
    for name in city.city.systems:
        shown = f"systems/{name}.toml"
        system = _read_file(SystemFile, seeds / "systems" / f"{name}.toml", shown, sha, problems)
        if system is not None:
            systems[name] = system
    reports = None
    if city.city.reports:
        told = seeds / "open311" / f"{city.city.reports}.toml"
        reports = _read_file(ReportsFile, told, reports_file(city), sha, problems)
    services = None
    linked = seeds / "services" / f"{city.city.id}.toml"
    if linked.exists():
        services = _read_file(ServicesFile, linked, services_file(city), sha, problems)
    return Tables(
        file=path.name, folder=path.parent, city=city, systems=systems, types=types, sha=sha.digest(),
        reports=reports, services=services,
    )


def reports_file(city: CityFile) -> str:
    """How the file of what citizens can report is called in messages."""
    return f"open311/{city.city.reports}.toml"


def services_file(city: CityFile) -> str:
    """How the file of the linked services is called in messages; a city without one has none."""
    return f"services/{city.city.id}.toml"


def _read_file(kind: type[T], path: Path, shown: str, sha: hashlib._Hash, problems: Problems) -> T | None:
    try:
        if path.stat().st_size > BIGGEST_FILE:
            problems.say(shown, "", "", f"a file of at most {BIGGEST_FILE} bytes", "a larger one")
            return None
        data = path.read_bytes()
    except OSError as error:
        problems.say(shown, "", "", "a file that can be read", error.strerror or type(error).__name__)
        return None
    sha.update(shown.encode() + b"\0" + hashlib.sha256(data).digest())
    tree = parse(data, shown, problems)
    return None if tree is None else read(kind, tree, shown, problems)


def _digest(files: bytes, devices: DeviceColumns, cameras: CameraColumns) -> str:
    """Of the files and of the placed devices: a machine that placed one differently has another digest."""
    sha = hashlib.sha256(b"profile 1\0" + files)
    sha.update("\n".join(devices.ids).encode())
    for degrees in (devices.lat, devices.lon):
        sha.update(np.round(degrees * 1e6).astype("<i8").tobytes())
    for tenths in (cameras.direction_deg, cameras.fov_deg, cameras.reach_m):
        sha.update(np.round(tenths * 10).astype("<i4").tobytes())
    for index in (devices.kind, devices.district, devices.circuit, devices.place_one, devices.place_other,
                  cameras.purpose, cameras.scene):  # fmt: skip
        sha.update(index.astype("<i4").tobytes())
    return sha.hexdigest()
