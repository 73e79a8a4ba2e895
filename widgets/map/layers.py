"""Layers of the map: files of the data folder and of the city's profile, read in a thread of their own.

The thread reads GeoJSON files and serves raster tiles, decoded; the UI thread takes what has come with each
pulse and never waits.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from console.geo.gazetteer import Feature, Gazetteer
from console.geo.geojson import middle_of, read_geojson
from console.geo.layer import LAYER_FILES, TILE_FILES, Layer, LayerFile, LayerProblem, Shape
from console.geo.sight import NO_WALLS, Walls
from console.maptiles.mbtiles import Tiles, TilesError, TilesInfo, corner_of, tile_of, zoom_for
from console.model.base import Words, same_words
from console.profile.ground import Plane
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.map.labels import Candidate
from widgets.map.view import Extent

if TYPE_CHECKING:
    from console.desk.board import Board

log = logging.getLogger("bongsu.map")

FOLDER = "map"
MOST_FILES = 40
MOST_TILES = 400
MOST_NAMED = 20_000
MOST_LABELS = 5_000
SMALLEST_PX = 1.5
"""A shape smaller than this is not seen, and not painted."""


@dataclass
class LayerRow:
    """One layer as the list shows it. `state`: reading, shown, hidden, refused."""

    file: LayerFile
    state: str = "reading"
    name: Words = field(default_factory=lambda: same_words(""))
    attribution: str = ""
    problems: tuple[LayerProblem, ...] = ()
    refused: int = 0
    features: int = 0
    tiles: bool = False
    layer: Layer | None = None
    visible: bool = True


class _Came:
    """Something the thread is done with."""

    def __init__(self, kind: str, id_: str, what: object) -> None:
        self.kind, self.id, self.what = kind, id_, what


class MapLayers(QObject):
    """The list of layers and what they draw. Made by the UI thread, which alone calls it.

    Signals:
        changed: a layer came, was refused, shown or hidden: paint the ground anew.
        tiles_came: pieces of a raster came that a piece of ground waited for.
        gazetteer_came: names can be looked for now.
    """

    changed = Signal()
    tiles_came = Signal()
    gazetteer_came = Signal()

    def __init__(
        self, board: Board, home: Path | None, plane: Plane, pulse: Pulse, tokens: Tokens,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._home, self._plane, self._tokens = board, home, plane, tokens
        self.rows: list[LayerRow] = []
        self.gazetteer: Gazetteer | None = None
        self.walls: Walls = NO_WALLS
        self._tasks: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()
        self._came: deque[_Came] = deque()
        self._stop = threading.Event()
        self._images: OrderedDict[tuple[str, int, int, int], QImage | None] = OrderedDict()
        self._waiting: set[tuple[str, int, int, int]] = set()
        self._infos: dict[str, TilesInfo] = {}
        self._drawings: dict[str, _Drawing] = {}
        self._thread = threading.Thread(target=self._work, name="map-layers", daemon=True)
        self._started = False
        pulse.ticked.connect(self.take)

    def start(self) -> None:
        """Begin to read."""
        self._started = True
        self._thread.start()
        self.read_again()

    def close(self) -> None:
        """End the thread; waits for it."""
        self._stop.set()
        self._tasks.put(("stop", None))
        if self._started:
            self._thread.join()

    def read_again(self) -> None:
        """Look at the folder again and read everything in it."""
        self._images.clear()
        self._waiting.clear()
        self._tasks.put(("folder", None))

    def show(self, row: LayerRow, visible: bool) -> None:
        """Show or hide a layer."""
        row.visible = visible
        self._walls_of_all()
        self.changed.emit()

    def attributions(self) -> list[str]:
        """What has to be named while it is shown."""
        return [row.attribution for row in self.rows if row.visible and row.attribution and
                row.state == "shown"]  # fmt: skip

    def names(self) -> list[Candidate]:
        """Names of the shapes that are shown, for the map's labels."""
        found: list[Candidate] = []
        for row in self.rows:
            drawing = self._drawings.get(row.file.id)
            if drawing is not None and row.visible:
                found += drawing.names
        return found[:MOST_LABELS]

    @property
    def rasters(self) -> list[LayerRow]:
        return [row for row in self.rows if row.tiles and row.visible and row.state == "shown"]

    @Slot()
    def take(self) -> None:
        """Take what the thread is done with."""
        tiles = False
        while self._came:
            came = self._came.popleft()
            if came.kind == "tile":
                tiles = True
                key, image = came.what  # type: ignore[misc]
                self._waiting.discard(key)
                self._images[key] = image
                while len(self._images) > MOST_TILES:
                    self._images.popitem(last=False)
            else:
                self._take(came)
        if tiles:
            self.tiles_came.emit()

    def _take(self, came: _Came) -> None:
        what = came.what
        if came.kind == "files":
            before = {row.file.id: row.visible for row in self.rows}
            assert isinstance(what, list)
            self.rows = [
                LayerRow(one, name=one.name, attribution=one.attribution, visible=before.get(one.id, True))
                for one in what
            ]
            self._drawings.clear()
        elif came.kind == "gazetteer":
            assert isinstance(what, Gazetteer)
            self.gazetteer = what
            self.gazetteer_came.emit()
            return
        else:
            row = next((one for one in self.rows if one.file.id == came.id), None)
            if row is None:
                return
            if isinstance(what, _Drawing):
                layer = what.layer
                row.layer, row.name, row.attribution = layer, layer.name, layer.attribution
                row.problems, row.refused, row.features = layer.problems, layer.refused, layer.features
                row.state = "refused" if layer.problems and not layer.shapes else "shown"
                self._drawings[came.id] = what
            elif isinstance(what, TilesInfo):
                row.tiles, row.state = True, "shown"
                row.name = row.file.name if not row.file.own_name else same_words(what.name)
                row.attribution = row.attribution or what.attribution
                self._infos[came.id] = what
            elif isinstance(what, LayerProblem):
                row.state, row.problems = "refused", (what,)
        self._walls_of_all()
        self.changed.emit()

    def _walls_of_all(self) -> None:
        parts = [row.layer.walls for row in self.rows if row.layer is not None and row.visible
                 and len(row.layer.walls.x0)]  # fmt: skip
        joined = [np.concatenate(each) for each in zip(*parts, strict=True)]
        self.walls = Walls(*joined) if parts else NO_WALLS

    # painting, UI thread

    def paint_rasters(self, painter: QPainter, extent: Extent, m_per_px: float) -> bool:
        """The raster layers of a stretch of ground; units metres, y to the south. False: some tile is on its
        way."""
        complete = True
        for row in self.rasters:
            complete = self._paint_raster(painter, row, extent, m_per_px) and complete
        return complete

    def _paint_raster(self, painter: QPainter, row: LayerRow, extent: Extent, m_per_px: float) -> bool:
        info = self._infos[row.file.id]
        plane = self._plane
        zoom = zoom_for(m_per_px, plane.lat, info.low, info.high)
        north, west = plane.to_degrees(extent.west, extent.north)
        south, east = plane.to_degrees(extent.east, extent.south)
        first_column, first_line = tile_of(float(north), float(west), zoom)
        last_column, last_line = tile_of(float(south), float(east), zoom)
        complete = True
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for line in range(int(first_line), int(last_line) + 1):
            for column in range(int(first_column), int(last_column) + 1):
                key = (row.file.id, zoom, column, line)
                if key not in self._images:
                    complete = False
                    if key not in self._waiting and len(self._waiting) < 200:
                        self._waiting.add(key)
                        self._tasks.put(("tile", key))
                    continue
                image = self._images[key]
                self._images.move_to_end(key)
                if image is None:
                    continue
                top, left = corner_of(column, line, zoom)
                bottom, right = corner_of(column + 1, line + 1, zoom)
                x0, y0 = plane.to_xy(top, left)
                x1, y1 = plane.to_xy(bottom, right)
                target = QRectF(float(x0), -float(y0), float(x1 - x0), float(y0 - y1))
                painter.drawImage(target.adjusted(-0.3 * m_per_px, 0, 0.3 * m_per_px, 0.3 * m_per_px), image)
        return complete

    def paint_shapes(self, painter: QPainter, extent: Extent, m_per_px: float) -> bool:
        """The shapes of all visible layers."""
        line_ink = self._tokens.ink("series2")
        wash = QColor(line_ink)
        wash.setAlpha(44)
        for row in self.rows:
            drawing = self._drawings.get(row.file.id)
            if drawing is None or not row.visible:
                continue
            for number in drawing.seen(extent, SMALLEST_PX * m_per_px):
                form, path = drawing.forms[number], drawing.paths[number]
                if form == "point":
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(line_ink)
                    radius = 3.5 * m_per_px
                    painter.drawEllipse(path.currentPosition(), radius, radius)
                elif form == "line":
                    painter.strokePath(path, QPen(line_ink, 2.4 * m_per_px))
                else:
                    painter.fillPath(path, wash)
                    painter.strokePath(path, QPen(line_ink, 1.4 * m_per_px))
        return True

    # the thread

    def _work(self) -> None:
        open_tiles: dict[str, Tiles] = {}
        try:
            self._say("gazetteer", "", Gazetteer(self._board.profile))
            while not self._stop.is_set():
                what, told = self._tasks.get()
                if what == "folder":
                    for one in open_tiles.values():
                        one.close()
                    open_tiles.clear()
                    self._read_all(open_tiles)
                elif what == "tile":
                    self._say("tile", "", (told, _image(open_tiles, told)))  # type: ignore[arg-type]
        except Exception:
            log.exception("The layers of the map are no longer read.")
        finally:
            for one in open_tiles.values():
                one.close()

    def _say(self, kind: str, id_: str, what: object) -> None:
        self._came.append(_Came(kind, id_, what))

    def _read_all(self, open_tiles: dict[str, Tiles]) -> None:
        files = layer_files(self._board, self._home)
        self._say("files", "", files)
        named: list[Feature] = []
        for one in files:
            if self._stop.is_set():
                return
            if one.path.lower().endswith(TILE_FILES):
                try:
                    tiles = Tiles(Path(one.path))
                except TilesError as error:
                    problem = LayerProblem(problem=f"tiles_{error.problem}", detail=error.detail[:120])
                    log.warning("Map layer %s: %s", one.path, error)
                    self._say("layer", one.id, problem)
                    continue
                open_tiles[one.id] = tiles
                self._say("layer", one.id, tiles.info)
                continue
            layer = read_geojson(one, self._plane, self._stop.is_set)
            for problem in layer.problems[:5]:
                log.warning(
                    "Map layer %s: %s at feature %d, line %d %s", one.path, problem.problem, problem.feature,
                    problem.line, problem.detail,
                )  # fmt: skip
            self._say("layer", one.id, _Drawing(layer))
            named += self._named(layer, MOST_NAMED - len(named))
        if named:
            self._say("gazetteer", "", Gazetteer(self._board.profile, named))

    def _named(self, layer: Layer, most: int) -> list[Feature]:
        return [
            Feature(name=one.name, position=middle_of(one, self._plane), layer=layer.name.en)
            for one in layer.shapes[: max(0, most)] if one.name
        ]  # fmt: skip


class _Drawing:
    """A layer as it is painted: paths in metres, y to the south, and the boxes they lie in. Made in the
    thread, painted in the window's."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        self.forms = [one.form for one in layer.shapes]
        self.paths = [_path_of(one) for one in layer.shapes]
        self._boxes = np.array(
            [
                (
                    min(x.min() for x, _ in one.parts), -max(y.max() for _, y in one.parts),
                    max(x.max() for x, _ in one.parts), -min(y.min() for _, y in one.parts),
                )
                for one in layer.shapes
            ]
        ).reshape(-1, 4)  # fmt: skip
        self._points = np.array([one == "point" for one in self.forms], np.bool_)
        self.names = [
            Candidate(
                ("feature", layer.id, number), same_words(one.name), *_label_at(one), 0.0, "feature", 30, 0.0
            )
            for number, one in enumerate(layer.shapes[:MOST_NAMED]) if one.name
        ]  # fmt: skip

    def seen(self, extent: Extent, smallest_m: float) -> list[int]:
        """Numbers of the shapes in a stretch of ground that are large enough to be seen."""
        west, north, east, south = (self._boxes[:, side] for side in range(4))
        margin = 10 * smallest_m
        keep = (west < extent.east + margin) & (east > extent.west - margin)
        keep &= (north < -extent.south + margin) & (south > -extent.north - margin)
        keep &= self._points | (np.maximum(east - west, south - north) >= smallest_m)
        return [int(one) for one in np.flatnonzero(keep)]


def _label_at(shape: Shape) -> tuple[float, float]:
    x, y = shape.parts[0]
    if shape.form == "area":
        return float(x[:-1].mean()), float(y[:-1].mean())
    return float(x[len(x) // 2]), float(y[len(y) // 2])


def _path_of(shape: Shape) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for x, y in shape.parts:
        xs, ys = x.tolist(), y.tolist()
        path.moveTo(xs[0], -ys[0])
        for one, other in zip(xs[1:], ys[1:], strict=True):
            path.lineTo(one, -other)
    return path


def _image(open_tiles: dict[str, Tiles], key: tuple[str, int, int, int]) -> QImage | None:
    id_, zoom, column, line = key
    tiles = open_tiles.get(id_)
    if tiles is None:
        return None
    try:
        data = tiles.tile(zoom, column, line)
    except TilesError as error:
        log.warning("Map tile %s: %s", key, error)
        return None
    if data is None:
        return None
    image = QImage.fromData(data)
    if image.isNull() or max(image.width(), image.height()) > 1024:
        return None
    return image.convertToFormat(QImage.Format.Format_RGB32)


def layer_files(board: Board, home: Path | None) -> list[LayerFile]:
    """What there is to read: of the profile first, then of the data folder by name."""
    found = [
        LayerFile(id=f"city/{one.id}", path=one.path, name=one.name, attribution=one.attribution,
                  blocks_sight=one.blocks_sight, own_name=False)
        for one in board.profile.map_layers
    ]  # fmt: skip
    folder = home / FOLDER if home is not None else None
    if folder is not None and folder.is_dir():
        for path in sorted(folder.iterdir())[:MOST_FILES]:
            if path.suffix.lower() in (*LAYER_FILES, *TILE_FILES) and path.is_file():
                found.append(LayerFile(id=path.name, path=str(path), name=same_words(path.stem)))
    return found
