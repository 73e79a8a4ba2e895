"""Cutting a wall into places: split, merge, move an edge. Qt-free and pure; after every cut the places
cover the wall whole and once.

Lengths are in units of 1/840 of the wall: every grid up to 8 a side falls on whole units.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from console.model.layout import MOST_PLACES, PanePlace

UNITS = 840
#: Edges that are moved come to rest on these steps (1/24 of the wall).
SNAP = 35
#: No side of a place becomes shorter (1/12 of the wall).
LEAST = 70


class Cut(NamedTuple):
    """A place in units, from the top left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


Cuts = tuple[Cut, ...]


def cuts_of(places: Sequence[PanePlace]) -> Cuts:
    """Places as cuts. Edges are rounded, not lengths, so that neighbours still meet."""
    found = []
    for place in places:
        x, y = round(place.x * UNITS), round(place.y * UNITS)
        right, bottom = round((place.x + place.width) * UNITS), round((place.y + place.height) * UNITS)
        found.append(Cut(x, y, right - x, bottom - y))
    return tuple(found)


def places_of(cuts: Cuts) -> tuple[PanePlace, ...]:
    return tuple(
        PanePlace(x=one.x / UNITS, y=one.y / UNITS, width=one.width / UNITS, height=one.height / UNITS)
        for one in cuts
    )


def split(cuts: Cuts, index: int, side_by_side: bool) -> Cuts | None:
    """Halve a place; the second half comes last, so that no other changes its number. None where it is too
    small or there are too many."""
    one = cuts[index]
    length = one.width if side_by_side else one.height
    half = snapped(length // 2, one.x if side_by_side else one.y)
    if half < LEAST or length - half < LEAST or len(cuts) >= MOST_PLACES:
        return None
    if side_by_side:
        first, second = one._replace(width=half), one._replace(x=one.x + half, width=length - half)
    else:
        first, second = one._replace(height=half), one._replace(y=one.y + half, height=length - half)
    return (*cuts[:index], first, *cuts[index + 1 :], second)


def snapped(length: int, start: int) -> int:
    """`length` so that start + length lies on a step, where that does not change it by half or more."""
    near = round((start + length) / SNAP) * SNAP - start
    return near if abs(near - length) < length / 2 else length


def merge(cuts: Cuts, index: int, step_x: int, step_y: int) -> tuple[Cuts, tuple[int, ...]] | None:
    """Let a place take in what lies beside it on one side, where together they are a rectangle. Returns the
    cuts and the numbers that went; None where it cannot be."""
    one = cuts[index]
    beside = []
    for number, other in enumerate(cuts):
        if step_x:
            meets = other.x == one.right if step_x > 0 else other.right == one.x
            overlaps = other.y < one.bottom and other.bottom > one.y
            within = other.y >= one.y and other.bottom <= one.bottom
        else:
            meets = other.y == one.bottom if step_y > 0 else other.bottom == one.y
            overlaps = other.x < one.right and other.right > one.x
            within = other.x >= one.x and other.right <= one.right
        if meets and overlaps:
            if not within:
                return None
            beside.append(number)
    depths = {cuts[number].width if step_x else cuts[number].height for number in beside}
    if len(depths) != 1:
        return None
    depth = depths.pop()
    if step_x:
        whole = Cut(one.x - (depth if step_x < 0 else 0), one.y, one.width + depth, one.height)
    else:
        whole = Cut(one.x, one.y - (depth if step_y < 0 else 0), one.width, one.height + depth)
    left = [whole if number == index else cut for number, cut in enumerate(cuts) if number not in beside]
    return tuple(left), tuple(beside)


def move_edge(cuts: Cuts, index: int, upright: bool, to: int) -> Cuts:
    """Move the right (`upright`) or bottom edge of a place to a unit, with what meets it along that piece of
    the line. Goes as far as the shortest place allows; an edge of the wall stays."""
    one = cuts[index]
    line = one.right if upright else one.bottom
    if line >= UNITS:
        return cuts
    before, behind = _hanging(cuts, index, upright, line)
    least = max(_start(cuts[number], upright) + LEAST for number in before)
    most = min(_end(cuts[number], upright) - LEAST for number in behind)
    to = round(to / SNAP) * SNAP
    to = max(least, min(most, to)) if least <= most else line
    return tuple(
        _ended(cut, upright, to) if number in before
        else _started(cut, upright, to) if number in behind else cut
        for number, cut in enumerate(cuts)
    )  # fmt: skip


def _hanging(cuts: Cuts, index: int, upright: bool, line: int) -> tuple[set[int], set[int]]:
    """The places before and behind the unbroken line on which the edge of this one lies."""
    low, high = _across(cuts[index], upright)
    before, behind = {index}, set[int]()
    grown = True
    while grown:
        grown = False
        for number, cut in enumerate(cuts):
            start, end = _across(cut, upright)
            if start >= high or end <= low:
                continue
            group = before if _end(cut, upright) == line else behind if _start(cut, upright) == line else None
            if group is not None and (number not in group or start < low or end > high):
                group.add(number)
                low, high = min(low, start), max(high, end)
                grown = True
    return before, behind


def _start(cut: Cut, upright: bool) -> int:
    return cut.x if upright else cut.y


def _end(cut: Cut, upright: bool) -> int:
    return cut.right if upright else cut.bottom


def _across(cut: Cut, upright: bool) -> tuple[int, int]:
    return (cut.y, cut.bottom) if upright else (cut.x, cut.right)


def _ended(cut: Cut, upright: bool, at: int) -> Cut:
    return cut._replace(width=at - cut.x) if upright else cut._replace(height=at - cut.y)


def _started(cut: Cut, upright: bool, at: int) -> Cut:
    if upright:
        return cut._replace(x=at, width=cut.right - at)
    return cut._replace(y=at, height=cut.bottom - at)


def edge_at(cuts: Cuts, x: int, y: int, within_x: int, within_y: int) -> tuple[int, bool] | None:
    """(number of a place, whether its right edge) for an inner edge near a point in units; None for none."""
    for number, cut in enumerate(cuts):
        if abs(cut.right - x) <= within_x and cut.y <= y <= cut.bottom and cut.right < UNITS:
            return number, True
        if abs(cut.bottom - y) <= within_y and cut.x <= x <= cut.right and cut.bottom < UNITS:
            return number, False
    return None
