"""Fleets: many devices of one kind, placed by a rule; together with the single ones they make its count."""

from __future__ import annotations

import numpy as np

from console.profile.chance import Chance
from console.profile.ground import Floats
from console.profile.placing import Placed, place_fleet
from console.profile.roster import Part, Roster, Views
from console.profile.tables import FleetTable


def add_fleets(roster: Roster) -> None:
    """Every fleet in the order of the file; notes problems in the roster."""
    for number, fleet in enumerate(roster.city.fleets):
        _add_fleet(roster, fleet, f"fleets[{number}] ({fleet.prefix})")
    for (kind, purpose), count in roster.singles.items():
        said = f"{kind} ({purpose})" if purpose else kind
        wanted = f"a fleet that counts the {count} single devices of {said}"
        roster.problems.say(roster.file, "fleets", "kind, purpose", wanted, "none")


def _add_fleet(roster: Roster, fleet: FleetTable, table: str) -> None:
    kind = roster.kind(fleet.kind, table)
    if kind is None:
        return
    camera = roster.plans[kind].table.camera
    if camera and not (
        roster.view_words(fleet.purpose, set(fleet.scenes), table) and _ranges_hold(roster, fleet, table)
    ):
        return
    if not camera and fleet.purpose:
        roster.problems.add(roster.file, table, "purpose", "nothing, as the kind is no camera", fleet.purpose)
        return
    singly = roster.singles.pop((fleet.kind, fleet.purpose), 0)
    count = fleet.count - singly
    if count < 0:
        wanted = f"at least the {singly} devices listed singly"
        roster.problems.add(roster.file, table, "count", wanted, fleet.count)
    elif fleet.spread == "circuits":
        _add_heads(roster, fleet, kind, count, table)
    elif count > 0:
        placed = place_fleet(roster.town, roster.city, fleet, count, table, roster.file, roster.problems)
        if placed is not None:
            _put(roster, fleet, kind, placed, count, table)


def _put(roster: Roster, fleet: FleetTable, kind: int, placed: Placed, count: int, table: str) -> None:
    views = _views(roster, fleet, placed, count) if roster.plans[kind].table.camera else None
    circuits = _circuits(roster, fleet, placed.x, placed.y, table)
    roster.put(
        Part(
            ids=roster.numbered(fleet.prefix, count), kind=kind, x=placed.x, y=placed.y,
            place_kind=placed.place_kind, one=placed.one, other=placed.other, circuits=circuits, views=views,
        )
    )  # fmt: skip


def _views(roster: Roster, fleet: FleetTable, placed: Placed, count: int) -> Views:
    chance = Chance(roster.city.city.seed, f"views/{fleet.prefix}/{fleet.kind}/{fleet.purpose}")
    scenes, weights = list(fleet.scenes), np.array(list(fleet.scenes.values()))
    return Views(
        direction_deg=np.round((placed.bearing + chance.even(count, -20.0, 20.0)) % 360.0, 1) % 360.0,
        fov_deg=np.round(chance.even(count, *fleet.fov_deg), 1),
        reach_m=np.round(chance.even(count, *fleet.reach_m), 1),
        purposes=[fleet.purpose] * count,
        scenes=[scenes[which] for which in chance.pick(count, weights)],
    )


def _add_heads(roster: Roster, fleet: FleetTable, kind: int, count: int, table: str) -> None:
    """One device at the first of each circuit of the kind it joins: a lamp row's cabinet."""
    headed = {name for part in roster.of_kind(fleet.kind) for name in part.circuits}
    first: dict[str, tuple[Part, int]] = {}
    for part in roster.of_kind(fleet.joins):
        for row, name in enumerate(part.circuits):
            if name and name not in headed:
                first.setdefault(name, (part, row))
    if len(first) != count or roster.plans[kind].table.camera:
        wanted = f"one for each of the {len(first)} circuits of {fleet.joins!r} without one, and no camera"
        roster.problems.add(roster.file, table, "count", wanted, count)
        return
    ids = roster.numbered(fleet.prefix, count)
    for device_id, (name, (part, row)) in zip(ids, first.items(), strict=True):
        one = slice(row, row + 1)
        roster.put(
            Part(
                ids=[device_id], kind=kind, x=part.x[one], y=part.y[one], place_kind=part.place_kind,
                one=part.one[one], other=part.other[one], circuits=[name],
            )
        )  # fmt: skip


def _circuits(roster: Roster, fleet: FleetTable, x: Floats, y: Floats, table: str) -> list[str]:
    if fleet.joins:
        return _joined(roster, fleet, x, y, table)
    if fleet.circuit_size == 0:
        return [""] * len(x)
    if not fleet.circuit_prefix:
        roster.problems.say(
            roster.file, table, "circuit_prefix", "a prefix, as circuit_size is given", "nothing"
        )
        return [""] * len(x)
    taken = {name for part in roster.parts for name in part.circuits if name}
    names: list[str] = []
    number = 0
    while len(names) * fleet.circuit_size < len(x):
        number += 1
        name = f"{fleet.circuit_prefix}-{number:04d}"
        if name not in taken:
            names.append(name)
    return [names[row // fleet.circuit_size] for row in range(len(x))]


def _joined(roster: Roster, fleet: FleetTable, x: Floats, y: Floats, table: str) -> list[str]:
    """The nearest device of the kind it joins: a sensor's gateway."""
    hubs = roster.of_kind(fleet.joins)
    if not hubs:
        wanted = "a kind whose devices come earlier in the file"
        roster.problems.add(roster.file, table, "joins", wanted, fleet.joins)
        return [""] * len(x)
    ids = [one for part in hubs for one in part.ids]
    hub_x, hub_y = np.concatenate([part.x for part in hubs]), np.concatenate([part.y for part in hubs])
    nearest: list[int] = []
    for start in range(0, len(x), 256):  # in slices, so that a large fleet does not need a large table
        rows = slice(start, start + 256)
        apart = (x[rows, None] - hub_x) ** 2 + (y[rows, None] - hub_y) ** 2
        nearest += np.argmin(apart, axis=1).tolist()
    return [ids[which] for which in nearest]


def _ranges_hold(roster: Roster, fleet: FleetTable, table: str) -> bool:
    good = True
    for key, (least, most), limit in (("fov_deg", fleet.fov_deg, 360.0), ("reach_m", fleet.reach_m, 5_000.0)):
        if not 0.0 < least <= most <= limit:
            wanted = f"two numbers above 0 and at most {limit}, the smaller first"
            roster.problems.add(roster.file, table, key, wanted, [least, most])
            good = False
    return good
