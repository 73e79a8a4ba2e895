"""Devices a city's file lists one by one: anchors of stories and desks, their neighbours, rows of lamps."""

from __future__ import annotations

import math

import numpy as np

from console.model.base import Words
from console.profile.columns import KindPlan
from console.profile.ground import Floats, bearing_deg
from console.profile.placing import EXPLICIT, LINE
from console.profile.roster import Part, Roster, Views
from console.profile.tables import DeviceTable, LineTable, NeighbourTable

LOOK_AHEAD_M = 12.0
"""Neighbours of a camera look at the ground this far in front of it."""


def add_singles(roster: Roster) -> None:
    """Everything listed singly, in the order of the file; notes problems in the roster."""
    for number, device in enumerate(roster.city.devices):
        _add_device(roster, device, f"devices[{number}] ({device.id})")
    cameras = {device.id: device for device in roster.city.devices}
    for number, neighbour in enumerate(roster.city.neighbours):
        _add_neighbour(roster, neighbour, f"neighbours[{number}] ({neighbour.id})", cameras)
    for number, line in enumerate(roster.city.lines):
        _add_line(roster, line, number, f"lines[{number}] ({line.prefix})")


def _add_device(roster: Roster, device: DeviceTable, table: str) -> None:
    kind = roster.kind(device.kind, table)
    if kind is None or not roster.take(device.id, table):
        return
    plan, views = roster.plans[kind], None
    if plan.table.camera:
        if not roster.view_words(device.purpose, {device.scene}, table):
            return
        views = Views(
            direction_deg=np.array([device.direction_deg % 360.0]), fov_deg=np.array([device.fov_deg]),
            reach_m=np.array([device.reach_m]), purposes=[device.purpose], scenes=[device.scene],
        )  # fmt: skip
    elif device.purpose or device.scene:
        roster.problems.say(
            roster.file, table, "purpose, scene", "a kind that is a camera for these", device.kind
        )
        return
    x, y = roster.town.plane.to_xy(*(np.array([one]) for one in device.position))
    if device.name is not None:
        roster.names[roster.rows] = device.name
    _add_levels(roster, device, plan, table)
    roster.count_single(device.kind, device.purpose, 1)
    _put(roster, device.id, kind, x, y, device.place, device.address, device.circuit, views, table)


def _add_levels(roster: Roster, device: DeviceTable, plan: KindPlan, table: str) -> None:
    names = {f"{plan.points[slot].quantity}/{limit.id}": k for k, (slot, limit) in enumerate(plan.limits)}
    for name, (set_at, clear_at) in device.levels.items():
        if name not in names:
            roster.problems.add(roster.file, table, "levels", f"one of {', '.join(names) or 'none'}", name)
            continue
        slot, limit = plan.limits[names[name]]
        point = plan.points[slot]
        wrong_side = (clear_at > set_at) if limit.above else (clear_at < set_at)
        if wrong_side or not point.low <= set_at <= point.high:
            wanted = f"set within {point.low} .. {point.high} and clear on its normal side"
            roster.problems.add(roster.file, table, f"levels.{name}", wanted, [set_at, clear_at])
            continue
        roster.levels[(roster.rows, names[name])] = (set_at, clear_at)


def _add_neighbour(roster: Roster, near: NeighbourTable, table: str, cameras: dict[str, DeviceTable]) -> None:
    of = cameras.get(near.near)
    kind = roster.kind(of.kind, table) if of is not None else None
    if of is None or kind is None or not roster.plans[kind].table.camera:
        roster.problems.add(roster.file, table, "near", "the id of a camera under devices", near.near)
        return
    purpose, scene = near.purpose or of.purpose, near.scene or of.scene
    if not roster.take(near.id, table) or not roster.view_words(purpose, {scene}, table):
        return
    x, y = roster.town.plane.to_xy(*(np.array([one]) for one in of.position))
    turn, ahead = math.radians(near.bearing_deg), math.radians(of.direction_deg)
    at_x, at_y = x + math.sin(turn) * near.distance_m, y + math.cos(turn) * near.distance_m
    look_x, look_y = x + math.sin(ahead) * LOOK_AHEAD_M, y + math.cos(ahead) * LOOK_AHEAD_M
    views = Views(
        direction_deg=np.round(bearing_deg(look_x - at_x, look_y - at_y), 1) % 360.0,
        fov_deg=np.array([70.0]), reach_m=np.array([max(of.reach_m, near.distance_m + 2 * LOOK_AHEAD_M)]),
        purposes=[purpose], scenes=[scene],
    )  # fmt: skip
    roster.count_single(of.kind, purpose, 1)
    _put(roster, near.id, kind, at_x, at_y, near.place, of.address, "", views, table)


def _add_line(roster: Roster, line: LineTable, number: int, table: str) -> None:
    kind = roster.kind(line.kind, table)
    if kind is None:
        return
    if roster.plans[kind].table.camera:
        roster.problems.add(roster.file, table, "kind", "a kind that is no camera", line.kind)
        return
    if "{n}" not in line.place.en or "{n}" not in line.place.ko:
        roster.problems.add(roster.file, table, "place", "{n} where the number goes, in both", line.place.en)
        return
    ids = [f"{line.prefix}-{k:04d}" for k in range(1, line.count + 1)]
    if not all(roster.take(one, table) for one in ids):
        return
    share = (np.arange(line.count) + 0.5) / line.count
    x0, y0 = roster.town.plane.to_xy(*line.start)
    x1, y1 = roster.town.plane.to_xy(*line.end)
    x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
    roster.must_lie_in_a_district(x, y, table, "start, end")
    roster.count_single(line.kind, "", line.count)
    roster.put(
        Part(
            ids=ids, kind=kind, x=x, y=y, place_kind=LINE, one=np.full(line.count, number),
            other=np.arange(1, line.count + 1), circuits=[line.circuit] * line.count,
        )
    )  # fmt: skip


def _put(
    roster: Roster, device_id: str, kind: int, x: Floats, y: Floats, place: Words, address: Words | None,
    circuit: str, views: Views | None, table: str,
) -> None:  # fmt: skip
    roster.must_lie_in_a_district(x, y, table, "position")
    roster.explicit_places.append((place, address))
    number = np.array([len(roster.explicit_places) - 1])
    roster.put(
        Part(
            ids=[device_id], kind=kind, x=x, y=y, place_kind=EXPLICIT, one=number,
            other=np.zeros(1, np.int64), circuits=[circuit], views=views,
        )
    )  # fmt: skip
