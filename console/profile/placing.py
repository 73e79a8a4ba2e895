"""Where the devices of a fleet stand: along streets and rivers, at junctions, on sites, in lamp rows.

Everything is drawn from the fleet's own stream of chance, so that the same file gives the same city and
one fleet's change moves no other fleet's devices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.profile.chance import Chance, shares
from console.profile.ground import Bools, Floats, Ints
from console.profile.problems import Problems
from console.profile.tables import CityFile, FleetTable
from console.profile.town import MAIN, RIVER, SIDE, STEP_M, Town

EXPLICIT, STREET, JUNCTION, SITE, LINE, BANK = 0, 1, 2, 3, 4, 5
"""What the two numbers of a place mean: the profile makes the words from them when asked."""

_RANKS = {
    "streets": (MAIN, SIDE), "runs": (MAIN, SIDE), "arterials": (MAIN,), "local": (SIDE,), "rivers": (RIVER,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """Where n devices stand; all arrays of length n. `one` and `other` are read by `place_kind`."""

    x: Floats
    y: Floats
    district: Ints
    place_kind: int
    one: Ints
    other: Ints
    bearing: Floats
    """Along the street, or away from the middle of the site: what a camera there would look along."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """Candidates, ordered by quarter so that neighbours in the list are neighbours on the ground."""

    rows: Ints
    quarter: Ints
    district: Ints


def place_fleet(
    town: Town, city: CityFile, fleet: FleetTable, count: int, table: str, file: str, problems: Problems
) -> Placed | None:
    """Positions for `count` devices of `fleet`; None with a problem noted when it has nowhere to stand."""
    chance = Chance(city.city.seed, f"fleets/{fleet.prefix}/{fleet.kind}/{fleet.purpose}")
    quarters = _quarters_within(city, fleet, table, file, problems)
    if quarters is None:
        return None
    poles = -(-count // fleet.per_pole)
    if fleet.spread == "sites":
        placed = _on_sites(town, fleet, quarters, poles, chance)
    elif fleet.spread == "junctions":
        placed = _at_junctions(town, city, fleet, quarters, poles, chance)
    elif fleet.spread == "runs":
        placed = _in_runs(town, city, fleet, quarters, poles, chance)
    else:
        placed = _along_streets(town, city, fleet, quarters, poles, chance)
    if placed is None:
        problems.add(
            file, table, "spread", f"room for {count} devices by this rule in its quarters", fleet.spread
        )
        return None
    return _repeated(placed, fleet.per_pole, count)


def _quarters_within(
    city: CityFile, fleet: FleetTable, table: str, file: str, problems: Problems
) -> Bools | None:
    """Which quarters a fleet may stand in: those it names by id or tag, all when it names none."""
    known = {quarter.id for quarter in city.quarters} | {tag for one in city.quarters for tag in one.tags}
    for name in fleet.within:
        if name not in known:
            problems.add(file, table, "within", "ids or tags of quarters", name)
            return None
    districts = {district.id for district in city.districts}
    for name in fleet.share:
        if name not in districts:
            problems.add(file, table, "share", f"districts ({', '.join(sorted(districts))})", name)
            return None
    wanted = set(fleet.within)
    return np.array([not wanted or bool(wanted & {one.id, *one.tags}) for one in city.quarters], np.bool_)


def _along_streets(
    town: Town, city: CityFile, fleet: FleetTable, quarters: Bools, count: int, chance: Chance
) -> Placed | None:
    spots = town.spots
    stand = _stand(spots.quarter, spots.district, _of_ranks(spots.rank, fleet.spread), quarters)
    chosen = _spread(stand, city, fleet, count, chance)
    return None if chosen is None else _beside(town, chosen, chance.below(count, 2), chance)


def _in_runs(
    town: Town, city: CityFile, fleet: FleetTable, quarters: Bools, count: int, chance: Chance
) -> Placed | None:
    """Rows of devices at even distances, each row `circuit_size` long, rows spread over the quarters."""
    spots, size = town.spots, max(fleet.circuit_size, 1)
    stand = _stand(spots.quarter, spots.district, _of_ranks(spots.rank, "runs"), quarters)
    poles = stand.rows[:: max(round(fleet.spacing_m / STEP_M), 1)]
    rows_wanted, rows_there = -(-count // size), len(poles) // size
    if rows_there < rows_wanted:
        return None
    first = ((np.arange(rows_wanted) + float(chance.even(1)[0])) * (rows_there / rows_wanted)).astype(
        np.int64
    )
    first = np.minimum(first, rows_there - 1)
    chosen = (first[:, None] * size + np.arange(size)[None, :]).ravel()[:count]
    return _beside(town, poles[chosen], np.zeros(count, np.int64), chance)


def _at_junctions(
    town: Town, city: CityFile, fleet: FleetTable, quarters: Bools, count: int, chance: Chance
) -> Placed | None:
    spots = town.junctions
    stand = _stand(spots.quarter, spots.district, np.ones(len(spots.x), np.bool_), quarters)
    rows = _spread(stand, city, fleet, count, chance)
    if rows is None:
        return None
    x, y = spots.x[rows] + chance.even(count, -9.0, 9.0), spots.y[rows] + chance.even(count, -9.0, 9.0)
    x, y = _kept_in(town, x, y, spots.x[rows], spots.y[rows], spots.district[rows])
    return Placed(
        x=x, y=y, district=spots.district[rows], place_kind=JUNCTION, one=spots.one[rows],
        other=spots.other[rows], bearing=chance.even(count, 0.0, 360.0),
    )  # fmt: skip


def _on_sites(town: Town, fleet: FleetTable, quarters: Bools, count: int, chance: Chance) -> Placed | None:
    sites = [
        index for index, site in enumerate(town.sites)
        if site.kind == fleet.site_kind and site.district >= 0 and quarters[site.quarter]
    ]  # fmt: skip
    if not sites:
        return None
    radius = np.array([town.sites[index].radius_m for index in sites])
    which = np.repeat(np.arange(len(sites)), shares(count, np.maximum(radius, 30.0)))
    middle_x = np.array([town.sites[index].x for index in sites])[which]
    middle_y = np.array([town.sites[index].y for index in sites])[which]
    district = np.array([town.sites[index].district for index in sites])[which]
    turn, far = chance.even(count, 0.0, 2 * np.pi), np.sqrt(chance.even(count, 0.1, 1.0)) * radius[which]
    x, y = middle_x + np.sin(turn) * far, middle_y + np.cos(turn) * far
    x, y = _kept_in(town, x, y, middle_x, middle_y, district)
    octant = np.floor(np.degrees(turn) / 45.0 + 0.5).astype(np.int64) % 8
    # A camera at the edge of a site looks across it.
    bearing = (np.degrees(turn) + 180.0 + chance.even(count, -50.0, 50.0)) % 360.0
    return Placed(
        x=x, y=y, district=district, place_kind=SITE, one=np.array(sites, np.int64)[which], other=octant,
        bearing=bearing,
    )  # fmt: skip


def _of_ranks(rank: Ints, spread: str) -> Bools:
    found: Bools = rank == _RANKS[spread][0]
    for other in _RANKS[spread][1:]:
        found |= rank == other
    return found


def _stand(quarter: Ints, district: Ints, usable: Bools, quarters: Bools) -> _Stand:
    rows = np.flatnonzero(usable & quarters[quarter])
    rows = rows[np.argsort(quarter[rows], kind="stable")]
    return _Stand(rows=rows, quarter=quarter[rows], district=district[rows])


def _spread(stand: _Stand, city: CityFile, fleet: FleetTable, count: int, chance: Chance) -> Ints | None:
    """`count` of the candidates: by the districts' shares, then the quarters' weights, evenly within."""
    if len(stand.rows) == 0:
        return None
    weight = np.array([quarter.weight for quarter in city.quarters])
    cell = stand.quarter * len(city.districts) + stand.district
    cells, sizes = np.unique(cell, return_counts=True)
    of_quarter, of_district = cells // len(city.districts), cells % len(city.districts)
    whole = np.bincount(stand.quarter, minlength=len(weight))
    cell_weight = weight[of_quarter] * sizes / whole[of_quarter]
    if fleet.share:
        wanted = np.array([fleet.share.get(district.id, 0.0) for district in city.districts])
        there = np.bincount(of_district, cell_weight, minlength=len(wanted))
        cell_weight = cell_weight * wanted[of_district] / there[of_district]
        if cell_weight.sum() <= 0:
            return None
    counts = shares(count, cell_weight)
    order = np.argsort(cell, kind="stable")
    first = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    number = np.arange(count) - np.repeat(np.cumsum(counts) - counts, counts)
    per_cell = np.repeat(sizes, counts) / np.repeat(np.maximum(counts, 1), counts)
    within = ((number + chance.even(count)) * per_cell).astype(np.int64)
    within = np.minimum(within, np.repeat(sizes, counts) - 1)  # rounding must not reach into the next cell
    chosen: Ints = stand.rows[order[np.repeat(first, counts) + within]]
    return chosen


def _beside(town: Town, rows: Ints, side: Ints, chance: Chance) -> Placed:
    """Off the middle of the street, left (0) or right (1) of it, with the number a house would have."""
    spots = town.spots
    turn = np.radians(spots.bearing[rows])
    off = np.where(spots.rank[rows] == MAIN, 9.0, 4.0) + chance.even(len(rows), 0.0, 2.0)
    off = np.where(side == 0, -off, off)
    x, y = spots.x[rows] + np.cos(turn) * off, spots.y[rows] - np.sin(turn) * off
    x, y = _kept_in(town, x, y, spots.x[rows], spots.y[rows], spots.district[rows])
    bank = len(rows) > 0 and bool((spots.rank[rows] == RIVER).all())
    metre = spots.metre[rows].astype(np.int64)
    return Placed(
        x=x, y=y, district=spots.district[rows], place_kind=BANK if bank else STREET, one=spots.street[rows],
        other=metre if bank else metre // 20 * 2 + 1 + side, bearing=spots.bearing[rows],
    )  # fmt: skip


def _kept_in(
    town: Town, x: Floats, y: Floats, safe_x: Floats, safe_y: Floats, district: Ints
) -> tuple[Floats, Floats]:
    """The wanted point, or the safe one where the wanted one lies across the district's border.

    Checked on the rounded degrees, which are what everybody will see.
    """
    lat, lon = town.plane.to_degrees(x, y)
    inside = town.district_of(*town.plane.to_xy(lat, lon)) == district
    return np.where(inside, x, safe_x), np.where(inside, y, safe_y)


def _repeated(placed: Placed, per_pole: int, count: int) -> Placed:
    if per_pole == 1:
        return placed
    turned = np.tile(np.arange(per_pole) * (360.0 / per_pole), len(placed.x))[:count]

    def each(values: Floats) -> Floats:
        return np.repeat(values, per_pole)[:count]

    def every(values: Ints) -> Ints:
        return np.repeat(values, per_pole)[:count]

    return Placed(
        x=each(placed.x), y=each(placed.y), district=every(placed.district), place_kind=placed.place_kind,
        one=every(placed.one), other=every(placed.other), bearing=(each(placed.bearing) + turned) % 360.0,
    )  # fmt: skip
