"""The town a profile describes, worked out once: districts, streets, junctions, sites, with names.

Streets named in the file are the main roads; each quarter has a grid of side streets besides, made from
the quarter's own angle and spacing. All arrays are in metres on the city's plane.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from console.model.base import Words
from console.profile.ground import Bools, Floats, Ints, Plane, along, area, bearing_deg, crossings, inside
from console.profile.problems import Problems
from console.profile.sites import Site, find_sites
from console.profile.tables import CityFile, StreetTable
from console.profile.wording import filled

MAIN, SIDE, RIVER = 0, 1, 2
STEP_M = 12.0
"""Devices stand at least this far apart along one side of a street."""
LONGEST_M = 12_000_000.0
"""More streets than any city of a console has; what is over it is a mistyped number."""


@dataclass(frozen=True, slots=True)
class Spots:
    """Places where a device may stand: points along streets, ordered by quarter, with what a name needs."""

    x: Floats
    y: Floats
    street: Ints
    metre: Floats
    bearing: Floats
    district: Ints
    quarter: Ints
    rank: Ints


@dataclass(frozen=True, slots=True)
class Junctions:
    x: Floats
    y: Floats
    one: Ints
    other: Ints
    district: Ints
    quarter: Ints


@dataclass(frozen=True, slots=True)
class Segments:
    """All straight pieces of all streets; `made` says of which quarter and which number a side street is."""

    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    street: Ints
    start_m: Floats
    rank: Ints
    quarter: Ints
    made: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Town:
    plane: Plane
    outlines: tuple[tuple[Floats, Floats], ...]
    quarter_x: Floats
    quarter_y: Floats
    street_names: tuple[Words, ...]
    spots: Spots
    junctions: Junctions
    sites: tuple[Site, ...]
    segments: Segments

    def district_of(self, x: Floats, y: Floats) -> Ints:
        """Index of the district each point lies in, -1 outside all of them."""
        found = np.full(x.shape, -1, np.int64)
        for index, (outline_x, outline_y) in enumerate(self.outlines):
            found[(found < 0) & inside(x, y, outline_x, outline_y)] = index
        return found

    def quarter_of(self, x: Floats, y: Floats) -> Ints:
        """Index of the quarter whose middle is nearest to each point."""
        return _nearest(x, y, self.quarter_x, self.quarter_y)


def build_town(city: CityFile, file: str, problems: Problems) -> Town | None:
    """Work the town out; None with problems noted where the outlines or streets cannot be used."""
    bounds = city.bounds
    plane = Plane((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)
    outlines = tuple(_xy(plane, district.outline) for district in city.districts)
    for district, (outline_x, outline_y) in zip(city.districts, outlines, strict=True):
        if area(outline_x, outline_y) < 10_000.0:
            table = f"districts ({district.id})"
            problems.add(file, table, "outline", "corners around a hectare or more", district.outline)
            return None
    quarter_x, quarter_y = _xy(plane, tuple(quarter.position for quarter in city.quarters))
    segments = _segments(city, plane)
    length = np.hypot(segments.x1 - segments.x0, segments.y1 - segments.y0).sum()
    if length > LONGEST_M:
        wanted = f"streets of at most {LONGEST_M / 1000:.0f} km in all, side streets included"
        problems.say(file, "quarters", "radius_m, spacing_m", wanted, f"{length / 1000:.0f} km")
        return None
    bare = Town(
        plane=plane, outlines=outlines, quarter_x=quarter_x, quarter_y=quarter_y,
        street_names=_street_names(city, segments.made), spots=_NO_SPOTS, junctions=_NO_JUNCTIONS, sites=(),
        segments=segments,
    )  # fmt: skip
    spots = _spots(bare, segments)
    full = Town(
        plane=plane, outlines=outlines, quarter_x=quarter_x, quarter_y=quarter_y,
        street_names=bare.street_names, spots=spots, junctions=_junctions(bare, segments),
        sites=find_sites(bare, spots, spots.rank == SIDE, city), segments=segments,
    )  # fmt: skip
    for number, (site, told) in enumerate(zip(full.sites, city.sites, strict=False)):
        if site.district < 0:
            table = f"sites[{number}] ({told.id})"
            problems.add(file, table, "position", "a position inside a district's outline", told.position)
    for number, (quarter, district) in enumerate(
        zip(city.quarters, full.district_of(quarter_x, quarter_y), strict=True)
    ):
        if district < 0:
            table = f"quarters[{number}] ({quarter.id})"
            problems.add(file, table, "position", "a position inside a district's outline", quarter.position)
    return full


_NO = np.zeros(0)
_NONE = np.zeros(0, np.int64)
_NO_SPOTS = Spots(
    x=_NO, y=_NO, street=_NONE, metre=_NO, bearing=_NO, district=_NONE, quarter=_NONE, rank=_NONE
)
_NO_JUNCTIONS = Junctions(x=_NO, y=_NO, one=_NONE, other=_NONE, district=_NONE, quarter=_NONE)


def _segments(city: CityFile, plane: Plane) -> Segments:
    rows: list[tuple[float, float, float, float, int, float, int, int]] = []
    named: tuple[tuple[int, tuple[StreetTable, ...]], ...] = ((MAIN, city.streets), (RIVER, city.rivers))
    number = 0
    for rank, streets in named:
        for street in streets:
            x, y = _xy(plane, street.path)
            gone = 0.0
            for k in range(len(x) - 1):
                ends = float(x[k]), float(y[k]), float(x[k + 1]), float(y[k + 1])
                rows.append((*ends, number, gone, rank, -1))
                gone += math.hypot(x[k + 1] - x[k], y[k + 1] - y[k])
            number += 1
    made: list[tuple[int, int]] = []
    for index, quarter in enumerate(city.quarters):
        middle_x, middle_y = (float(one[0]) for one in _xy(plane, (quarter.position,)))
        along_x, along_y = (
            math.cos(math.radians(quarter.angle_deg)),
            math.sin(math.radians(quarter.angle_deg)),
        )
        first_number = number
        lines = min(int(quarter.radius_m // quarter.spacing_m), 40)
        for turn in (0, 1):
            ux, uy = (along_x, along_y) if turn == 0 else (-along_y, along_x)
            for k in range(-lines, lines + 1):
                off = (k + 0.35) * quarter.spacing_m
                half = math.sqrt(max(quarter.radius_m**2 - off * off, 0.0))
                if half < STEP_M * 2:
                    continue
                mid_x, mid_y = middle_x - uy * off, middle_y + ux * off
                end_x, end_y = ux * half, uy * half
                ends = mid_x - end_x, mid_y - end_y, mid_x + end_x, mid_y + end_y
                rows.append((*ends, number, 0.0, SIDE, index))
                made.append((index, number - first_number + 1))
                number += 1
    table = np.array(rows, np.float64).reshape(-1, 8)
    street_, rank_, quarter_ = (table[:, k].astype(np.int64) for k in (4, 6, 7))
    return Segments(
        x0=table[:, 0], y0=table[:, 1], x1=table[:, 2], y1=table[:, 3],
        street=street_, start_m=table[:, 5], rank=rank_, quarter=quarter_, made=tuple(made),
    )  # fmt: skip


def _street_names(city: CityFile, made: tuple[tuple[int, int], ...]) -> tuple[Words, ...]:
    names = [street.name for street in (*city.streets, *city.rivers)]
    for quarter, number in made:
        of = city.quarters[quarter].name
        names.append(filled(city.naming.side_street, quarter=of, n=str(number)))
    return tuple(names)


def _spots(town: Town, segments: Segments) -> Spots:
    segment, distance, x, y = along(segments.x0, segments.y0, segments.x1, segments.y1, STEP_M)
    x, y = _as_shown(town.plane, x, y)
    district = town.district_of(x, y)
    keep = district >= 0
    segment, distance, x, y = segment[keep], distance[keep], x[keep], y[keep]
    district = district[keep]
    quarter = segments.quarter[segment].copy()
    open_ground = quarter < 0
    quarter[open_ground] = town.quarter_of(x[open_ground], y[open_ground])
    order = np.argsort(quarter, kind="stable")  # neighbours in the list are neighbours on the ground
    segment, distance, quarter = segment[order], distance[order], quarter[order]
    bearings = bearing_deg(segments.x1 - segments.x0, segments.y1 - segments.y0)
    return Spots(
        x=x[order], y=y[order], street=segments.street[segment], metre=segments.start_m[segment] + distance,
        bearing=bearings[segment], district=district[order], quarter=quarter, rank=segments.rank[segment],
    )  # fmt: skip


def _junctions(town: Town, segments: Segments) -> Junctions:
    main, any_road = segments.rank == MAIN, segments.rank != RIVER
    a, b, x, y = crossings(*_ends(segments, main), *_ends(segments, any_road))
    x, y = _as_shown(town.plane, x, y)
    one, other = segments.street[main][a], segments.street[any_road][b]
    district = town.district_of(x, y)
    # Two main roads are found from both sides; one of the two is enough.
    keep = (district >= 0) & ((segments.rank[any_road][b] == SIDE) | (one < other))
    x, y = x[keep], y[keep]
    return Junctions(
        x=x, y=y, one=one[keep], other=other[keep], district=district[keep], quarter=town.quarter_of(x, y)
    )


def _ends(segments: Segments, chosen: Bools) -> tuple[Floats, Floats, Floats, Floats]:
    return segments.x0[chosen], segments.y0[chosen], segments.x1[chosen], segments.y1[chosen]


def _as_shown(plane: Plane, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The point everybody will see, after degrees were rounded: the district is decided for that one."""
    return plane.to_xy(*plane.to_degrees(x, y))


def _xy(plane: Plane, path: tuple[tuple[float, float], ...]) -> tuple[Floats, Floats]:
    pairs = np.array(path, np.float64).reshape(-1, 2)
    return plane.to_xy(pairs[:, 0], pairs[:, 1])


def _nearest(x: Floats, y: Floats, of_x: Floats, of_y: Floats) -> Ints:
    apart = (x[:, None] - of_x[None, :]) ** 2 + (y[:, None] - of_y[None, :]) ** 2
    found: Ints = np.argmin(apart, axis=1)
    return found
