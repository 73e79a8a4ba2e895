"""Shapes of walls: plain grids by rule, others drawn in seeds/wall_shapes.toml. Hub and desks share them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

from console.model.base import Record, Words
from console.model.layout import MOST_PLACES, PanePlace
from console.paths import shipped

MOST_SIDE = 8
GRID = re.compile(r"([1-8])x([1-8])")
FREE = "free"


class ShapesError(Exception):
    """The shapes' file is wrong; the text names file, shape and what was expected."""


class Shape(Record, frozen=True, kw_only=True):
    """`places` as fractions of the wall, in the order of their numbers; `hot`: those that follow what is
    selected."""

    id: str
    name: Words
    places: tuple[PanePlace, ...]
    hot: tuple[int, ...] = ()


class _Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: Words
    cells: tuple[str, ...]
    hot: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    shapes: tuple[_Drawn, ...]


@cache
def grid_shape(columns: int, rows: int) -> Shape:
    """A plain grid, row by row. Raises ValueError outside 1 to 8 each way."""
    if not (1 <= columns <= MOST_SIDE and 1 <= rows <= MOST_SIDE):
        raise ValueError(f"a wall has 1 to {MOST_SIDE} panes each way, not {columns}x{rows}")
    places = tuple(
        PanePlace(x=x / columns, y=y / rows, width=1 / columns, height=1 / rows)
        for y in range(rows) for x in range(columns)
    )  # fmt: skip
    text = f"{columns} × {rows}"
    return Shape(id=f"{columns}x{rows}", name=Words(en=text, ko=text), places=places)


def shape_named(shape_id: str) -> Shape | None:
    """The grid or the drawn shape of this name; None for another, and for "free". Any thread."""
    found = GRID.fullmatch(shape_id)
    if found is not None:
        return grid_shape(int(found[1]), int(found[2]))
    return drawn_shapes().get(shape_id)


@cache
def drawn_shapes() -> dict[str, Shape]:
    """The shipped shapes by name, in the order of the file. Raises ShapesError."""
    return read_shapes(shipped("seeds") / "wall_shapes.toml")


def read_shapes(path: Path) -> dict[str, Shape]:
    """The shapes drawn in a file. Raises ShapesError naming file and shape."""
    try:
        drawn = msgspec.toml.decode(path.read_bytes(), type=_File).shapes
    except (OSError, msgspec.DecodeError) as error:
        raise ShapesError(f"{path.name}: {error}") from None
    found: dict[str, Shape] = {}
    for one in drawn:
        if one.id in found or one.id == FREE or GRID.fullmatch(one.id) or not one.id:
            raise ShapesError(f"{path.name}: shape {one.id!r}: expected a name of its own")
        try:
            found[one.id] = _shape(one)
        except ValueError as problem:
            raise ShapesError(f"{path.name}: shape {one.id!r}: {problem}") from None
    return found


def _shape(drawn: _Drawn) -> Shape:
    rows, columns = len(drawn.cells), len(drawn.cells[0]) if drawn.cells else 0
    if not columns or any(len(row) != columns for row in drawn.cells):
        raise ValueError("cells: expected rows of equal length")
    letters = sorted(set("".join(drawn.cells)))
    if len(letters) > MOST_PLACES or not all(letter.isalpha() for letter in letters):
        raise ValueError(f"cells: expected letters for at most {MOST_PLACES} places")
    if not drawn.name.en or not drawn.name.ko:
        raise ValueError("name: expected en and ko, both with text")
    if not set(drawn.hot) <= set(letters):
        raise ValueError(f"hot: expected letters of the drawing, found {drawn.hot!r}")
    places = []
    for letter in letters:
        at = [(x, y) for y, row in enumerate(drawn.cells) for x, one in enumerate(row) if one == letter]
        left, top = min(x for x, _ in at), min(y for _, y in at)
        wide, high = max(x for x, _ in at) - left + 1, max(y for _, y in at) - top + 1
        if len(at) != wide * high:
            raise ValueError(f"cells: {letter!r} is no rectangle")
        places.append(PanePlace(x=left / columns, y=top / rows, width=wide / columns, height=high / rows))
    hot = tuple(letters.index(letter) for letter in drawn.hot)
    return Shape(id=drawn.id, name=drawn.name, places=tuple(places), hot=hot)
