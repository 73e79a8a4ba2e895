"""From the collected devices to columns that are kept for the life of the process."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from console.profile.columns import CameraColumns, DeviceColumns, PlaceBook, StreetColumns, freeze
from console.profile.fleets import add_fleets
from console.profile.ground import Floats
from console.profile.roster import Roster
from console.profile.singles import add_singles
from console.profile.town import Town


def collect(roster: Roster) -> tuple[DeviceColumns, CameraColumns, PlaceBook] | None:
    """All devices of the roster's city; None when problems were noted in it."""
    add_singles(roster)
    roster.check_positions()
    add_fleets(roster)
    if roster.problems.found:
        return None
    devices = _device_columns(roster)
    cameras = _camera_columns(roster, devices.lat, devices.lon)
    _freeze_all(devices)
    _freeze_all(cameras)
    return devices, cameras, _book(roster)


def _device_columns(roster: Roster) -> DeviceColumns:
    parts, plane, city = roster.parts, roster.town.plane, roster.city
    lengths = [len(part.ids) for part in parts]
    ids = tuple(one for part in parts for one in part.ids)
    x, y = np.concatenate([part.x for part in parts]), np.concatenate([part.y for part in parts])
    lat, lon = plane.to_degrees(x, y)
    circuits = ("", *sorted({name for part in parts for name in part.circuits if name}))
    circuit_of = {name: number for number, name in enumerate(circuits)}
    return DeviceColumns(
        ids=ids, row_of={one: row for row, one in enumerate(ids)}, lat=lat, lon=lon,
        kind=np.repeat([part.kind for part in parts], lengths).astype(np.int16),
        district=roster.town.district_of(*plane.to_xy(lat, lon)).astype(np.int16),
        circuit=np.array([circuit_of[name] for part in parts for name in part.circuits], np.int32),
        place_kind=np.repeat([part.place_kind for part in parts], lengths).astype(np.int16),
        place_one=np.concatenate([part.one for part in parts]).astype(np.int32),
        place_other=np.concatenate([part.other for part in parts]).astype(np.int32),
        kinds=tuple(plan.table.id for plan in roster.plans),
        kind_system=tuple(plan.system for plan in roster.plans),
        districts=tuple(one.id for one in city.districts), circuits=circuits,
    )  # fmt: skip


def _camera_columns(roster: Roster, lat: Floats, lon: Floats) -> CameraColumns:
    rows: list[int] = []
    views = []
    start = 0
    for part in roster.parts:
        if part.views is not None:
            views.append(part.views)
            rows += range(start, start + len(part.ids))
        start += len(part.ids)
    row = np.array(rows, np.int32)
    purposes, scenes = tuple(roster.purposes), tuple(sorted(roster.scenes))
    purpose_of = {name: number for number, name in enumerate(purposes)}
    scene_of = {name: number for number, name in enumerate(scenes)}
    of_device = np.full(start, -1, np.int32)
    of_device[row] = np.arange(len(row))
    none = np.zeros(0)
    return CameraColumns(
        row=row, lat=lat[row], lon=lon[row],
        direction_deg=np.concatenate([one.direction_deg for one in views] or [none]),
        fov_deg=np.concatenate([one.fov_deg for one in views] or [none]),
        reach_m=np.concatenate([one.reach_m for one in views] or [none]),
        purpose=np.array([purpose_of[name] for one in views for name in one.purposes], np.int16),
        scene=np.array([scene_of[name] for one in views for name in one.scenes], np.int16),
        purposes=purposes, scenes=scenes, of_device=of_device,
    )  # fmt: skip


def _book(roster: Roster) -> PlaceBook:
    town, city = roster.town, roster.city
    return PlaceBook(
        explicit=tuple(roster.explicit_places),
        street_names=town.street_names,
        site_names=tuple(site.name for site in town.sites),
        site_kinds=tuple(site.kind for site in town.sites),
        spot_words={spots.kind: spots.names for spots in city.spots},
        line_names=tuple(line.place for line in city.lines),
        district_names=tuple(district.name for district in city.districts),
        city_name=city.city.name, naming=city.naming,
    )  # fmt: skip


def street_columns(town: Town) -> StreetColumns:
    """All streets and rivers of the town as arrays that are kept."""
    pieces = town.segments
    lat0, lon0 = town.plane.to_degrees(pieces.x0, pieces.y0)
    lat1, lon1 = town.plane.to_degrees(pieces.x1, pieces.y1)
    columns = StreetColumns(
        street=pieces.street.astype(np.int32), rank=pieces.rank.astype(np.int16),
        start_m=pieces.start_m.copy(), lat0=lat0, lon0=lon0, lat1=lat1, lon1=lon1, names=town.street_names,
    )  # fmt: skip
    _freeze_all(columns)
    return columns


def _freeze_all(columns: Any) -> None:
    for one in fields(columns):
        value = getattr(columns, one.name)
        if isinstance(value, np.ndarray):
            freeze(value)
