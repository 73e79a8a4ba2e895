"""The small records of a profile, made from its tables: districts, systems, agencies, types, desks."""

from __future__ import annotations

from pathlib import Path

from console.model.base import Position, Words
from console.profile.columns import KindPlan
from console.profile.profile import (
    Agency,
    Bounds,
    ChartBand,
    CityLayout,
    CityMapLayer,
    CityMode,
    DeskInfo,
    District,
    GroupRule,
    IncidentType,
    KindInfo,
    Site,
    Street,
    SystemInfo,
    WarnedAs,
)  # fmt: skip
from console.profile.tables import CityFile, Country, CountryAnswer, IncidentTypesFile, LatLon, SystemFile
from console.profile.town import Town


def _path(corners: tuple[LatLon, ...]) -> tuple[Position, ...]:
    return tuple(Position(lat=lat, lon=lon) for lat, lon in corners)


def bounds_of(city: CityFile) -> Bounds:
    told = city.bounds
    return Bounds(south=told.south, north=told.north, west=told.west, east=told.east)


def districts_of(city: CityFile, town: Town) -> dict[str, District]:
    """The centre is the mean of the outline's corners, good enough to put a name there."""
    found = {}
    for told, (x, y) in zip(city.districts, town.outlines, strict=True):
        lat, lon = town.plane.to_degrees(x.mean(), y.mean())
        centre = Position(lat=float(lat), lon=float(lon))
        found[told.id] = District(id=told.id, name=told.name, outline=_path(told.outline), centre=centre)
    return found


def streets_of(city: CityFile) -> tuple[Street, ...]:
    roads = [Street(name=one.name, kind="road", path=_path(one.path)) for one in city.streets]
    return (*roads, *(Street(name=one.name, kind="river", path=_path(one.path)) for one in city.rivers))


def sites_of(city: CityFile, town: Town) -> tuple[Site, ...]:
    found = []
    for site in town.sites:
        lat, lon = town.plane.to_degrees(site.x, site.y)
        found.append(
            Site(
                kind=site.kind,
                name=site.name,
                position=Position(lat=float(lat), lon=float(lon)),
                radius_m=site.radius_m,
                district=city.districts[site.district].id,
            )
        )
    return tuple(found)


def systems_of(systems: dict[str, SystemFile], owners: dict[str, Words]) -> dict[str, SystemInfo]:
    return {
        name: SystemInfo(id=name, row=file.system.row, name=file.system.name, owner=owners[name])
        for name, file in systems.items()
    }


def kinds_of(plans: tuple[KindPlan, ...]) -> dict[str, KindInfo]:
    return {
        plan.table.id: KindInfo(
            id=plan.table.id, system=plan.system, name=plan.table.name, camera=plan.table.camera,
            quantities=tuple(plan.slot_of),
        )
        for plan in plans
    }  # fmt: skip


def agencies_of(city: CityFile) -> dict[str, Agency]:
    return {
        one.id: Agency(
            id=one.id, name=one.name, short=one.short, kind=one.kind, number=one.number, sender=one.sender
        )
        for one in city.agencies
    }


def incident_types_of(file: IncidentTypesFile, country: Country) -> dict[str, IncidentType]:
    """Every type with the agencies and the grade of this country."""
    found = {}
    by_priority = file.code_by_priority.get(country, ("", "", "", ""))
    for told in file.types:
        answer = told.answer.get(country, CountryAnswer())
        found[told.id] = IncidentType(
            id=told.id, name=told.name, priority=told.priority, category=told.category,
            agencies=answer.agencies, code=answer.code or by_priority[told.priority - 1],
            signals=told.signals, merge_radius_m=told.merge_radius_m, merge_window_s=told.merge_window_s,
            guidance=told.guidance, icon=told.icon,
        )  # fmt: skip
    return found


def groups_of(city: CityFile) -> tuple[GroupRule, ...]:
    return tuple(
        GroupRule(
            id=one.id, device_kind=one.device_kind, condition=one.condition, count=one.count,
            window_s=one.window_s, by=one.by, incident_type=one.incident_type,
        )
        for one in city.groups
    )  # fmt: skip


def desks_of(city: CityFile) -> dict[str, DeskInfo]:
    return {
        one.id: DeskInfo(
            id=one.id, name=one.name, person=one.person.en, person_name=one.person, role=one.role,
            wall=one.wall,
            charts=tuple(ChartBand(title=chart.title, point_ids=chart.points) for chart in one.charts),
            systems=one.systems, districts=one.districts,
        )
        for one in city.desks
    }  # fmt: skip


def layouts_of(city: CityFile) -> dict[str, CityLayout]:
    return {
        one.id: CityLayout(
            id=one.id, name=one.name, number=one.number, shape=one.shape, camera_ids=one.cameras,
            carousel=one.carousel, dwell_s=one.dwell_s,
        )
        for one in city.layouts
    }  # fmt: skip


def modes_of(city: CityFile) -> dict[str, CityMode]:
    return {one.id: CityMode(id=one.id, name=one.name, walls=one.walls) for one in city.modes}


def warned_of(city: CityFile) -> WarnedAs:
    told = city.warned
    return WarnedAs(
        names=told.names, wider=told.wider, codes=told.codes, district_codes=told.district_codes
    )


def map_layers_of(city: CityFile, beside: Path) -> tuple[CityMapLayer, ...]:
    """Files are named from the folder that the city's own file lies in."""
    return tuple(
        CityMapLayer(
            id=one.id, name=one.name, path=str(beside / one.file), attribution=one.attribution,
            blocks_sight=one.blocks_sight,
        )
        for one in city.map_layers
    )  # fmt: skip
