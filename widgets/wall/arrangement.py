"""A wall's places as fractions, laid out in pixels and walked by arrow keys. Qt-free."""

from __future__ import annotations

from math import floor

from console.model.layout import PanePlace
from console.profile.shapes import FREE, MOST_SIDE, Shape, grid_shape, shape_named
from widgets.wall.layout import GAP, Place, side_for

#: Fractions meet within this: a third and two thirds are not exact.
NEAR = 1e-4


def arrangement(shape_id: str, places: tuple[PanePlace, ...], cameras: int) -> Shape:
    """The shape of this name; "free" has places of its own. One that is not known here (a layout of another
    version) becomes the smallest grid with room for its cameras, so that no camera is lost."""
    if shape_id == FREE and places:
        return Shape(id=FREE, name=grid_shape(1, 1).name, places=places)
    return shape_named(shape_id) or grid_shape(side_for(cameras), side_for(cameras))


def laid(places: tuple[PanePlace, ...], width: int, height: int, strip: int) -> list[Place]:
    """Rectangles in pixels with a gap between them. The same arithmetic for all edges, so that places that
    share an edge meet at one gap whatever the size."""
    found = []
    for place in places:
        left, right = _edge(place.x, width), _edge(place.x + place.width, width)
        top, bottom = _edge(place.y, height), _edge(place.y + place.height, height)
        found.append(Place(left, top, max(0, right - left - GAP), max(0, bottom - top - GAP), strip))
    return found


def _edge(fraction: float, length: int) -> int:
    return floor(fraction * (length + GAP) + NEAR)


def beside(places: tuple[PanePlace, ...], index: int, step_x: int, step_y: int) -> int:
    """The place a step away; the same one at the wall's edge. Of several beside it, the one in line with the
    middle."""
    here = places[index]
    middle = here.x + here.width / 2, here.y + here.height / 2
    best, nearest = index, (2.0, 2.0)
    for number, other in enumerate(places):
        if step_x:
            apart = (other.x - here.x - here.width) if step_x > 0 else (here.x - other.x - other.width)
            off = _outside(middle[1], other.y, other.y + other.height)
            meets = other.y < here.y + here.height - NEAR and other.y + other.height > here.y + NEAR
        else:
            apart = (other.y - here.y - here.height) if step_y > 0 else (here.y - other.y - other.height)
            off = _outside(middle[0], other.x, other.x + other.width)
            meets = other.x < here.x + here.width - NEAR and other.x + other.width > here.x + NEAR
        if number != index and meets and apart > -NEAR and (round(apart, 3), round(off, 3)) < nearest:
            best, nearest = number, (round(apart, 3), round(off, 3))
    return best


def _outside(value: float, low: float, high: float) -> float:
    return max(0.0, low - value, value - high)


def next_grid(shape: Shape, step: int) -> Shape | None:
    """The square grid a step larger (more panes) or smaller than this shape; None where there is none."""
    here = side_for(len(shape.places))
    if step > 0 and here * here > len(shape.places):
        here -= 1  # from 1+5 up comes 3x3, not 4x4
    side = here + step
    return grid_shape(side, side) if 1 <= side <= MOST_SIDE else None
