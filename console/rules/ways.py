"""The way to a place over the city's roads: the shortest one, main roads before side streets. Pure.

The lines are those of the profile, drawn for placing devices. Streets that are drawn apart are joined by
short straight pieces, and how much of a way those are is told; where nothing joins them there is no way.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from console.model.base import Position, Words
from console.profile.ground import Floats, Ints, Plane, crossings
from console.profile.profile import Profile
from console.profile.tables import Table
from console.rules.figures import Positive, figures

RIVER = 2
MAIN = 0
GAP, FIRST = -2, -1
"""Instead of a piece's number: a straight piece between streets, and where a way begins."""


class WayFigures(Table, frozen=True, kw_only=True):
    join_m: Positive
    start_within_m: Positive
    gap_m: Positive
    gap: Positive
    side_street: Positive
    jam: Positive
    slow: Positive
    traffic_beside_m: Positive
    most_points: int


def way_figures(path: Path | None = None) -> WayFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    return figures(WayFigures, "ways", path)


@dataclass(frozen=True, slots=True)
class Way:
    """Metres on the road map's plane, from start to end; `roads` indexes the names of the streets."""

    x: Floats
    y: Floats
    length_m: float
    roads: tuple[int, ...]
    gaps_m: float
    """How much of it is straight pieces between streets that are drawn apart."""

    def from_m(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """How far places lie from the way, and how far along it, metres."""
        beside = np.full(len(x), np.inf)
        along = np.zeros(len(x))
        begun = 0.0
        for x0, y0, x1, y1 in zip(self.x[:-1], self.y[:-1], self.x[1:], self.y[1:], strict=True):
            apart, share, length = _to_piece(x, y, x0, y0, x1, y1)
            nearer = apart < beside
            beside[nearer] = apart[nearer]
            along[nearer] = begun + share[nearer] * length
            begun += length
        return beside, along


class RoadMap:
    """The roads of a city as a net, made once (some hundredths of a second). One thread."""

    def __init__(self, profile: Profile, told: WayFigures) -> None:
        streets = profile.street_columns
        bounds = profile.bounds
        self.figures = told
        self.plane = Plane((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)
        keep = np.flatnonzero(streets.rank != RIVER)
        x0, y0 = self.plane.to_xy(streets.lat0[keep], streets.lon0[keep])
        x1, y1 = self.plane.to_xy(streets.lat1[keep], streets.lon1[keep])
        long = np.hypot(x1 - x0, y1 - y0) > 0.0
        self.x0, self.y0, self.x1, self.y1 = x0[long], y0[long], x1[long], y1[long]
        self.street: Ints = streets.street[keep][long].astype(np.int64)
        self.rank: Ints = streets.rank[keep][long].astype(np.int64)
        self.names: tuple[Words, ...] = streets.names
        knots = self._meetings()
        self._gaps = self._joins(knots)
        self._knots = tuple(tuple(sorted(one)) for one in knots)

    def beside_roads(self, x: Floats, y: Floats) -> Floats:
        """How far places lie from the nearest road, metres."""
        beside = np.full(len(x), np.inf)
        for x0, y0, x1, y1 in zip(self.x0, self.y0, self.x1, self.y1, strict=True):
            beside = np.minimum(beside, _to_piece(x, y, x0, y0, x1, y1)[0])
        return beside

    def way(
        self, start: Position, end: Position, slowed: Callable[[int], float] | None = None
    ) -> Way | None:
        """The way, None where the roads do not join the two. `slowed`: by how much a piece counts more."""
        for main_start, main_end in ((False, False), (False, True), (True, False), (True, True)):
            first, last = self._on_road(start, main_start), self._on_road(end, main_end)
            found = self._joined(first, last, slowed) if first is not None and last is not None else None
            if found is not None:
                return found
        return None

    def _joined(
        self, first: tuple[int, float, float, float], last: tuple[int, float, float, float],
        slowed: Callable[[int], float] | None,
    ) -> Way | None:  # fmt: skip
        knots = [list(one) for one in self._knots]
        begin, finish = self._new_knot(knots, *first), self._new_knot(knots, *last)
        links = self._links(knots, slowed)
        points = [(x, y) for _, _, x, y in self._places] + [first[2:], last[2:]]
        path = _shortest(links, begin, finish)
        if path is None:
            return None
        x, y = (np.array(column) for column in zip(*(points[one] for one, _ in path), strict=True))
        roads = tuple(dict.fromkeys(int(self.street[piece]) for _, piece in path if piece >= 0))
        steps = np.hypot(np.diff(x), np.diff(y))
        gaps = np.array([piece == GAP for _, piece in path[1:]], np.bool_)
        return Way(x, y, float(steps.sum()), roads, float(steps[gaps].sum()))

    def _meetings(self) -> list[list[tuple[float, int]]]:
        """For each piece its knots (share along it, number of the place), sorted; places in `_places`."""
        length = np.hypot(self.x1 - self.x0, self.y1 - self.y0)
        reach = self.figures.join_m / length
        dx, dy = self.x1 - self.x0, self.y1 - self.y0
        ends = (
            self.x0 - dx * reach, self.y0 - dy * reach, self.x1 + dx * reach, self.y1 + dy * reach,
        )  # fmt: skip
        a, b, x, y = crossings(*ends, *ends)
        self._places: list[tuple[int, int, float, float]] = []
        knots: list[list[tuple[float, int]]] = [[] for _ in range(len(self.x0))]

        def share(piece: int, at_x: float, at_y: float) -> float:
            along = ((at_x - self.x0[piece]) * dx[piece] + (at_y - self.y0[piece]) * dy[piece]) / (
                length[piece] ** 2
            )
            return float(min(max(along, 0.0), 1.0))

        for one, other, at_x, at_y in zip(a.tolist(), b.tolist(), x.tolist(), y.tolist(), strict=True):
            if one < other:
                number = len(self._places)
                self._places.append((one, other, at_x, at_y))
                knots[one].append((share(one, at_x, at_y), number))
                knots[other].append((share(other, at_x, at_y), number))
        self._chain(knots)
        return knots

    def _chain(self, knots: list[list[tuple[float, int]]]) -> None:
        """Pieces of one street follow each other without crossing."""
        for piece in range(len(self.x0) - 1):
            after = piece + 1
            meets = abs(self.x1[piece] - self.x0[after]) + abs(self.y1[piece] - self.y0[after]) < 1.0
            if self.street[piece] == self.street[after] and meets:
                number = len(self._places)
                self._places.append((piece, after, float(self.x1[piece]), float(self.y1[piece])))
                knots[piece].append((1.0, number))
                knots[after].append((0.0, number))

    def _joins(self, knots: list[list[tuple[float, int]]]) -> list[tuple[int, int, float]]:
        """Straight pieces (knot, knot, metres) that join what is drawn apart, the shortest first, none that
        joins what is joined already."""
        net = list(range(len(self.x0)))

        def root(piece: int) -> int:
            while net[piece] != piece:
                net[piece] = net[net[piece]]
                piece = net[piece]
            return piece

        for one, other, _, _ in self._places:
            net[root(one)] = root(other)
        near: list[tuple[float, int, bool, int, float]] = []
        dx, dy = self.x1 - self.x0, self.y1 - self.y0
        for piece in range(len(self.x0)):
            for at_end, x, y in (
                (False, self.x0[piece], self.y0[piece]), (True, self.x1[piece], self.y1[piece]),
            ):  # fmt: skip
                share = np.clip(((x - self.x0) * dx + (y - self.y0) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
                apart = np.hypot(self.x0 + share * dx - x, self.y0 + share * dy - y)
                for other in np.flatnonzero(apart <= self.figures.gap_m).tolist():
                    if root(other) != root(piece):
                        near.append((float(apart[other]), piece, at_end, other, float(share[other])))
        found: list[tuple[int, int, float]] = []
        for metres, piece, at_end, other, along in sorted(near):
            if root(piece) == root(other):
                continue
            net[root(piece)] = root(other)
            ends = []
            for on, share_on in ((piece, 1.0 if at_end else 0.0), (other, along)):
                number = len(self._places)
                at_x, at_y = self.x0[on] + share_on * dx[on], self.y0[on] + share_on * dy[on]
                self._places.append((on, on, float(at_x), float(at_y)))
                knots[on].append((share_on, number))
                ends.append(number)
            found.append((ends[0], ends[1], metres))
        return found

    def _on_road(self, position: Position, main: bool) -> tuple[int, float, float, float] | None:
        """(piece, share along it, x, y) of the nearest point of a road, or of a main road: side streets are
        often drawn apart from the roads they lead to.
        """
        if not len(self.x0):
            return None
        at_x, at_y = (float(one) for one in self.plane.to_xy(position.lat, position.lon))
        dx, dy = self.x1 - self.x0, self.y1 - self.y0
        share = np.clip(
            ((at_x - self.x0) * dx + (at_y - self.y0) * dy) / (dx * dx + dy * dy), 0.0, 1.0
        )
        x, y = self.x0 + share * dx, self.y0 + share * dy
        apart = np.hypot(x - at_x, y - at_y)
        if main:
            apart = np.where(self.rank == MAIN, apart, np.inf)
        piece = int(np.argmin(apart))
        if apart[piece] > self.figures.start_within_m:
            return None
        return piece, float(share[piece]), float(x[piece]), float(y[piece])

    def _new_knot(
        self, knots: list[list[tuple[float, int]]], piece: int, share: float, x: float, y: float
    ) -> int:
        number = len(self._places) + sum(
            1 for one in knots for _, found in one if found >= len(self._places)
        )
        knots[piece] = sorted([*knots[piece], (share, number)])
        return number

    def _links(
        self, knots: list[list[tuple[float, int]]], slowed: Callable[[int], float] | None
    ) -> dict[int, list[tuple[int, float, int]]]:
        length = np.hypot(self.x1 - self.x0, self.y1 - self.y0)
        links: dict[int, list[tuple[int, float, int]]] = {}
        for piece, found in enumerate(knots):
            factor = 1.0 if self.rank[piece] == MAIN else self.figures.side_street
            factor *= slowed(piece) if slowed is not None else 1.0
            for (share, one), (further, other) in pairwise(found):
                cost = (further - share) * float(length[piece]) * factor
                links.setdefault(one, []).append((other, cost, piece))
                links.setdefault(other, []).append((one, cost, piece))
        for one, other, metres in self._gaps:
            cost = metres * self.figures.gap
            links.setdefault(one, []).append((other, cost, GAP))
            links.setdefault(other, []).append((one, cost, GAP))
        return links


def _shortest(
    links: dict[int, list[tuple[int, float, int]]], begin: int, finish: int
) -> list[tuple[int, int]] | None:
    """Knots in order, each with the piece that led there (or GAP; FIRST for the first). None: not joined."""
    best = {begin: 0.0}
    came: dict[int, tuple[int, int]] = {}
    queue = [(0.0, begin)]
    while queue:
        cost, knot = heapq.heappop(queue)
        if knot == finish:
            path = [(knot, FIRST)]
            while knot != begin:
                knot, piece = came[knot]
                path[-1] = (path[-1][0], piece)
                path.append((knot, FIRST))
            return path[::-1]
        if cost > best[knot]:
            continue
        for other, more, piece in links.get(knot, ()):
            if cost + more < best.get(other, np.inf):
                best[other] = cost + more
                came[other] = (knot, piece)
                heapq.heappush(queue, (cost + more, other))
    return None


def _to_piece(
    x: Floats, y: Floats, x0: float, y0: float, x1: float, y1: float
) -> tuple[Floats, Floats, float]:
    """Distance of places to a straight piece, the share along it, and its length."""
    dx, dy = x1 - x0, y1 - y0
    long2 = max(dx * dx + dy * dy, 1e-9)
    share = np.clip(((x - x0) * dx + (y - y0) * dy) / long2, 0.0, 1.0)
    return np.hypot(x0 + share * dx - x, y0 + share * dy - y), share, float(np.sqrt(long2))
