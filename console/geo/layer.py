"""What a map layer is once read: shapes on the city's plane, names, walls, and what was wrong in the file."""

from __future__ import annotations

from typing import Literal, NamedTuple

from console.geo.sight import NO_WALLS, Walls
from console.model.base import Record, Words
from console.profile.ground import Floats

Form = Literal["point", "line", "area"]
LAYER_FILES = (".geojson", ".json")
TILE_FILES = (".mbtiles",)


class LayerProblem(Record, frozen=True, kw_only=True):
    """Something in a file that is not shown: `problem` is the key of its words, `feature` counts from 1 (0:
    the file as a whole), `line` from 1 (0: none), `detail` what was found there."""

    problem: str
    feature: int = 0
    line: int = 0
    detail: str = ""


class Shape(NamedTuple):
    """One drawn thing. A point has one pair of one; a line one pair; an area its outer ring, then holes. Each
    pair is (x, y), float64 metres on the city's plane."""

    form: Form
    parts: tuple[tuple[Floats, Floats], ...]
    name: str
    feature: int


class Layer(NamedTuple):
    """A file that was read. `refused` counts features that are not shown, of which `problems` tells the
    first ones; `features` all there were."""

    id: str
    name: Words
    attribution: str
    shapes: tuple[Shape, ...]
    walls: Walls = NO_WALLS
    problems: tuple[LayerProblem, ...] = ()
    refused: int = 0
    features: int = 0


class LayerFile(Record, frozen=True, kw_only=True):
    """A file that is to be read: of the data folder, or of the city's profile. `own_name` says that the file
    may name itself."""

    id: str
    path: str
    name: Words
    attribution: str = ""
    blocks_sight: bool = False
    own_name: bool = True
