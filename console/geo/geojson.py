"""GeoJSON files (RFC 7946) as map layers: each feature on its own, what is wrong named by feature and line.

A file is cut into features without reading it as a whole, so that one broken feature, or a file that ends in
the middle, costs only itself. Belongs into a thread: a file of 50 MB takes seconds.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from console.geo.layer import Form, Layer, LayerFile, LayerProblem, Shape
from console.geo.sight import NO_WALLS, Walls
from console.model.base import Position, same_words
from console.profile.ground import Floats, Plane, area, crossings

BIGGEST_FILE = 100_000_000
BIGGEST_FEATURE = 8_000_000
MOST_FEATURES = 200_000
MOST_CORNERS = 2_000_000
MOST_PROBLEMS = 50
"""So many are told one by one; the others are counted."""
AWAY_DEG = 2.0
"""Farther from the city than this nothing is drawn: it is another place, or in another order."""
CROSSING_CORNERS = 600
"""Rings up to this size are looked through for crossings of their own sides (each against each)."""
NAMES = ("name", "NAME", "Name", "이름", "명칭", "시설명", "title", "label")

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}]')
_NUMBERS = (float, int)
_LIST = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]]')
_BETWEEN = re.compile(rb"[\s,]*")
_FEATURES = re.compile(rb"\s*:\s*\[")


class _Piece(NamedTuple):
    """The bytes of one feature, or what is wrong with them."""

    number: int
    start: int
    data: bytes
    problem: str = ""
    detail: str = ""


class _Bad(Exception):
    """This feature is not shown."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(problem)
        self.problem, self.detail = problem, detail[:120]


def read_geojson(told: LayerFile, plane: Plane, stop: Callable[[], bool] = lambda: False) -> Layer:
    """The layer of a file; never raises for what is in it. `stop` is asked now and then; when it is true the
    rest is left out."""
    try:
        with Path(told.path).open("rb") as file:
            data = file.read(BIGGEST_FILE + 1)
    except OSError as error:
        return _nothing(told, "unreadable", error.strerror or type(error).__name__)
    reading = _Reading(told, plane, data[:BIGGEST_FILE])
    if len(data) > BIGGEST_FILE:
        reading.note("too_big", detail=f"{BIGGEST_FILE // 1_000_000} MB")
    return reading.read(stop)


def _nothing(told: LayerFile, problem: str, detail: str) -> Layer:
    return Layer(
        told.id, told.name, told.attribution, (), problems=(LayerProblem(problem=problem, detail=detail),)
    )


class _Reading:
    """One file on its way."""

    def __init__(self, told: LayerFile, plane: Plane, data: bytes) -> None:
        self._told, self._plane, self._data = told, plane, data.removeprefix(b"\xef\xbb\xbf")
        self._problems: list[LayerProblem] = []
        self._shapes: list[Shape] = []
        self._walls: list[tuple[Floats, Floats]] = []
        self._refused = self._features = self._corners = 0
        self._counted_to, self._line = 0, 1
        self._head = b""

    def note(self, problem: str, feature: int = 0, line: int = 0, detail: str = "") -> None:
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(
                LayerProblem(problem=problem, feature=feature, line=line, detail=detail[:120])
            )

    def read(self, stop: Callable[[], bool]) -> Layer:
        if not self._data.strip():
            return _nothing(self._told, "empty", "")
        for piece in self._pieces():
            if stop():
                break
            self._features += 1
            if self._features > MOST_FEATURES or self._corners > MOST_CORNERS:
                self.note("too_many", piece.number, self._line_of(piece.start), f"{self._features - 1:,}")
                break
            self._take(piece)
        return self._layer()

    def _layer(self) -> Layer:
        name, attribution = self._told.name, self._told.attribution
        head: Any = None
        try:
            head = msgspec.json.decode(self._head) if self._head else None
        except (msgspec.DecodeError, UnicodeDecodeError):
            head = None
        if isinstance(head, dict):
            self._take_head(head)
            if self._told.own_name and isinstance(head.get("name"), str) and head["name"].strip():
                name = same_words(head["name"].strip()[:80])
            if not attribution and isinstance(head.get("attribution"), str):
                attribution = head["attribution"][:400]
        elif not self._features:
            self.note("not_geojson")
        return Layer(
            self._told.id, name, attribution, tuple(self._shapes), _joined(self._walls),
            tuple(self._problems), self._refused, self._features,
        )  # fmt: skip

    def _take_head(self, head: dict[str, Any]) -> None:
        """What stands around the features; a file may also be one feature, or one geometry."""
        crs = head.get("crs")
        told = msgspec.json.encode(crs).decode(errors="replace") if crs is not None else ""
        if told and not any(one in told.upper() for one in ("CRS84", "4326")):
            self._shapes.clear()
            self._walls.clear()
            self._refused = self._features
            self._problems = [LayerProblem(problem="crs", detail=told[:120])]
            return
        kind = _text(head.get("type"))
        if kind == "FeatureCollection":
            if "features" not in head:
                self.note("no_features")
        elif kind in ("Feature", *_FORMS, "GeometryCollection"):
            self._features += 1
            self._take(_Piece(1, 0, self._head))
        else:
            self.note("not_geojson", detail=str(kind or ""))

    # cutting

    def _pieces(self) -> Iterator[_Piece]:
        """The features one by one; leaves everything else in `_head`."""
        data = self._data
        depth, at, opening = 0, 0, -1
        for token in _TOKEN.finditer(data):
            mark = token.group()
            if mark == b"{":
                depth += 1
            elif mark == b"}":
                depth -= 1
            elif depth == 1 and mark == b'"features"':
                found = _FEATURES.match(data, token.end())
                if found is not None:
                    opening, at = found.start(), found.end()
                    break
        if opening < 0:
            self._head = data
            return
        number = 0
        while True:
            at = _BETWEEN.match(data, at).end()  # type: ignore[union-attr]
            if at >= len(data):
                self._cut(number, at)
                self._head = data[:opening] + b":[]}"
                return
            if data[at : at + 1] == b"]":
                self._head = data[:opening] + b":[" + data[at:]
                return
            number += 1
            if data[at : at + 1] != b"{":
                end = _next_of(data, at)
                yield _Piece(number, at, b"", "not_a_feature", data[at : min(end, at + 40)].decode("latin-1"))
                at = end
                continue
            end = _closing(data, at)
            if end < 0:
                self._cut(number, at)
                self._head = data[:opening] + b":[]}"
                return
            if end - at > BIGGEST_FEATURE:
                yield _Piece(number, at, b"", "feature_too_big", f"{(end - at) // 1_000_000} MB")
            else:
                yield _Piece(number, at, data[at:end])
            at = end

    def _cut(self, number: int, at: int) -> None:
        self._refused += 1
        self._features += 1
        self.note("cut", max(number, 1), self._line_of(at))

    def _line_of(self, at: int) -> int:
        """The line of a byte; asked in the order of the file."""
        if at < self._counted_to:
            return self._data.count(b"\n", 0, at) + 1
        self._line += self._data.count(b"\n", self._counted_to, at)
        self._counted_to = at
        return self._line

    # features

    def _take(self, piece: _Piece) -> None:
        try:
            if piece.problem:
                raise _Bad(piece.problem, piece.detail)
            try:
                feature = msgspec.json.decode(piece.data)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise _Bad("malformed", str(error)) from None
            shapes, walls = self._shapes_of(feature, piece.number)
        except _Bad as bad:
            self._refused += 1
            self.note(bad.problem, piece.number, self._line_of(piece.start), bad.detail)
            return
        self._shapes += shapes
        self._walls += walls

    def _shapes_of(
        self, feature: Any, number: int
    ) -> tuple[list[Shape], list[tuple[Floats, Floats]]]:
        if not isinstance(feature, dict):
            raise _Bad("not_a_feature")
        kind = _text(feature.get("type"))
        properties: Any = {}
        geometry: Any = feature
        if kind == "Feature":
            geometry, properties = feature.get("geometry"), feature.get("properties") or {}
            if geometry is None:
                raise _Bad("no_geometry")
        elif kind not in _FORMS and kind != "GeometryCollection":
            raise _Bad("not_a_feature", str(kind or ""))
        if not isinstance(properties, dict):
            raise _Bad("properties")
        name = next((str(properties[one])[:80] for one in NAMES if properties.get(one)), "")
        shapes = [
            Shape(form, tuple(self._on_plane(part) for part in parts), name, number)
            for form, parts in _geometry(geometry, 0)
        ]
        building = str(properties.get("building", "no")).lower() not in ("no", "false", "none", "")
        walls = (
            [part for shape in shapes if shape.form == "area" for part in shape.parts]
            if building or self._told.blocks_sight else []
        )  # fmt: skip
        return shapes, walls

    def _on_plane(self, part: Floats) -> tuple[Floats, Floats]:
        """(lon, lat) rows to metres, after a look at whether they can be meant."""
        self._corners += len(part)
        _check_positions(part, self._plane)
        x, y = self._plane.to_xy(part[:, 1], part[:, 0])
        return x, y


_FORMS: dict[str, tuple[Form, int]] = {
    "Point": ("point", 0), "MultiPoint": ("point", 1), "LineString": ("line", 1),
    "MultiLineString": ("line", 2), "Polygon": ("area", 2), "MultiPolygon": ("area", 3),
}  # fmt: skip
"""Form, and how many lists stand around one position."""


def _geometry(geometry: Any, depth: int) -> list[tuple[Form, list[Floats]]]:
    if not isinstance(geometry, dict):
        raise _Bad("geometry")
    kind = _text(geometry.get("type"))
    if kind == "GeometryCollection":
        inner = geometry.get("geometries")
        if not isinstance(inner, list) or depth > 3:
            raise _Bad("geometry", "GeometryCollection")
        return [shape for one in inner for shape in _geometry(one, depth + 1)]
    if kind not in _FORMS:
        raise _Bad("geometry", str(kind or ""))
    _, lists = _FORMS[kind]
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        raise _Bad("coordinates", str(kind))
    if kind == "Point":
        return [("point", [_rows([coordinates])])]
    if kind == "MultiPoint":
        return [("point", [_rows([one])]) for one in coordinates]
    if kind == "LineString":
        return [("line", [_line(coordinates)])]
    if kind == "MultiLineString":
        return [("line", [_line(one)]) for one in coordinates]
    outlines = [coordinates] if lists == 2 else coordinates
    found: list[tuple[Form, list[Floats]]] = []
    for rings in outlines:
        if not isinstance(rings, list) or not rings:
            raise _Bad("coordinates", str(kind))
        found.append(("area", [_ring(one, at) for at, one in enumerate(rings)]))
    return found


def _rows(positions: list[Any]) -> Floats:
    """Positions as float64 of shape (n, 2): longitude, latitude."""
    try:
        pairs = [(one[0], one[1]) for one in positions]
        plain = all(type(a) in _NUMBERS and type(b) in _NUMBERS for a, b in pairs)
        table = np.array(pairs, np.float64) if plain else None
    except (TypeError, IndexError, KeyError, OverflowError):
        table = None
    if table is None:
        table = np.array([_pair(one, at) for at, one in enumerate(positions)], np.float64)
    if not np.isfinite(table).all():
        raise _Bad("not_a_number")
    return table.reshape(-1, 2)


def _pair(position: Any, at: int) -> tuple[float, float]:
    if not isinstance(position, list) or len(position) < 2:
        raise _Bad("position", f"{at + 1}: {str(position)[:60]}")
    for one in position[:2]:
        if type(one) not in _NUMBERS or abs(one) > 1e15:
            raise _Bad("position", f"{at + 1}: {str(position)[:60]}")
    return float(position[0]), float(position[1])


def _line(positions: Any) -> Floats:
    if not isinstance(positions, list) or len(positions) < 2:
        raise _Bad("line_short")
    return _rows(positions)


def _ring(positions: Any, number: int) -> Floats:
    if not isinstance(positions, list) or len(positions) < 4:
        raise _Bad("ring_short", f"{number + 1}")
    table = _rows(positions)
    if (table[0] != table[-1]).any():
        raise _Bad("ring_open", f"{number + 1}: {table[0].tolist()} … {table[-1].tolist()}")
    x, y = table[:-1, 0], table[:-1, 1]
    if len(x) <= CROSSING_CORNERS and not _is_convex(positions):
        at = _crossing(x - x[0], y - y[0])
        if at is not None:
            raise _Bad("ring_crosses", f"{number + 1}: {x[0] + at[0]:.6f}, {y[0] + at[1]:.6f}")
    if area(x - x[0], y - y[0]) == 0.0:
        raise _Bad("ring_flat", f"{number + 1}")
    return table


def _is_convex(ring: list[list[float]]) -> bool:
    """Whether a closed outline of few corners turns one way only, and once around: most buildings do."""
    if len(ring) > 9:
        return False
    ways = [(b[0] - a[0], b[1] - a[1]) for a, b in itertools.pairwise(ring)]
    turns = [a[0] * b[1] - a[1] * b[0] for a, b in itertools.pairwise((*ways, ways[0]))]
    if not (all(one > 0 for one in turns) or all(one < 0 for one in turns)):
        return False
    # Once around: the direction changes its side, east or west, just twice.
    east = [one[0] >= 0 for one in ways]
    return sum(a != b for a, b in itertools.pairwise((*east, east[0]))) == 2


def _crossing(x: Floats, y: Floats) -> tuple[float, float] | None:
    """Where two sides of a closed outline cross that are not neighbours; None where they do not."""
    end_x, end_y = np.roll(x, -1), np.roll(y, -1)
    one, other, cross_x, cross_y = crossings(x, y, end_x, end_y, x, y, end_x, end_y)
    apart = np.abs(one - other)
    far = (apart > 1) & (apart < len(x) - 1)
    if not far.any():
        return None
    first = int(np.argmax(far))
    return float(cross_x[first]), float(cross_y[first])


def _check_positions(part: Floats, plane: Plane) -> None:
    """Whether these can be places of the city's part of the world. Raises _Bad saying what they look like."""
    lon, lat = part[:, 0], part[:, 1]
    near = _near(lat, lon, plane)
    if near:
        return
    found = f"{lon[0]:g}, {lat[0]:g}"
    if np.abs(part).max() > 400:
        raise _Bad("projected", found)
    if _near(lon, lat, plane):
        raise _Bad("swapped", found)
    if np.abs(lat).max() > 90 or np.abs(lon).max() > 180:
        raise _Bad("range", found)
    raise _Bad("elsewhere", found)


def _near(lat: Floats, lon: Floats, plane: Plane) -> bool:
    return bool(
        np.abs(lat - plane.lat).max() <= AWAY_DEG and np.abs(lon - plane.lon).max() <= 2 * AWAY_DEG
    )


def _joined(rings: list[tuple[Floats, Floats]]) -> Walls:
    if not rings:
        return NO_WALLS
    return Walls(
        np.concatenate([x[:-1] for x, _ in rings]), np.concatenate([y[:-1] for _, y in rings]),
        np.concatenate([x[1:] for x, _ in rings]), np.concatenate([y[1:] for _, y in rings]),
    )  # fmt: skip


def _text(value: Any) -> str:
    """A word of the file; what is no text is none."""
    return value if isinstance(value, str) else ""


def _closing(data: bytes, start: int) -> int:
    """The byte after the brace that closes the one at `start`; -1 where none does."""
    depth = 0
    for token in _TOKEN.finditer(data, start):
        mark = token.group()
        if mark == b"{":
            depth += 1
        elif mark == b"}":
            depth -= 1
            if depth == 0:
                return token.end()
    return -1


def _next_of(data: bytes, at: int) -> int:
    """Where something that is no object ends: a list, a text, a number."""
    if data[at : at + 1] == b"[":
        depth = 0
        for token in _LIST.finditer(data, at):
            depth += {b"[": 1, b"]": -1}.get(token.group(), 0)
            if depth == 0:
                return token.end()
        return len(data)
    if data[at : at + 1] == b'"':
        text = _TOKEN.match(data, at)
        return text.end() if text is not None else len(data)
    found = [one for one in (data.find(b",", at), data.find(b"]", at)) if one >= 0]
    return max(min(found), at + 1) if found else len(data)


def middle_of(shape: Shape, plane: Plane) -> Position:
    """Where the name of a shape belongs."""
    x, y = shape.parts[0]
    if shape.form == "line":
        at = len(x) // 2
        lat, lon = plane.to_degrees(x[at], y[at])
    else:
        lat, lon = plane.to_degrees(x.mean(), y.mean())
    return Position(lat=float(lat), lon=float(lon))
