"""Layers of the map: read in a thread, shown or refused in words, never waited for."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from console.maptiles.mbtiles import tile_of
from console.model.base import Position
from console.paths import shipped
from tests.kit.sitting import Sitting
from widgets.map.map import MapWidget
from widgets.map.sidelists import layer_rows
from widgets.map.view import Extent

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

NEAR = Position(lat=37.2775, lon=127.017)
SQUARE = [[127.016, 37.277], [127.018, 37.277], [127.018, 37.278], [127.016, 37.278], [127.016, 37.277]]


class Room(Sitting):
    """A sitting with a map that has a data folder."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        (home / "map").mkdir()
        self.folder = home / "map"
        self.map = MapWidget(
            self.board, self.pulse, self.actions, self.catalogue, self.tokens, self.port, self.moments, home
        )
        self.map.resize(900, 500)

    def read(self, qtbot: QtBot) -> None:
        self.map.start()
        qtbot.waitUntil(self._is_read, timeout=20_000)

    def _is_read(self) -> bool:
        layers = self.map.layers
        layers.take()
        return bool(layers.rows) and all(one.state != "reading" for one in layers.rows)

    def close(self) -> None:
        self.map.close_threads()
        self.map.release()
        self.map.close()
        self.map.deleteLater()
        del self.map
        self.leave()


@pytest.fixture
def room(qapp: object, tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()


def geojson(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "attribution": "© Suwon", "features": features}, indent=1)


def area(**properties: str) -> object:
    return {"type": "Feature", "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": [SQUARE]}}  # fmt: skip


def raster(path: Path, colour: str) -> None:
    """One tile at zoom 14 over Paldalmun gate."""
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    column, row = (int(one) for one in tile_of(37.2775, 127.017, 14))
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        file.execute("INSERT INTO metadata VALUES ('name', 'Base'), ('attribution', '© Base')")
        file.execute(
            "INSERT INTO tiles VALUES (14, ?, ?, ?)", (column, 2**14 - 1 - row, buffer.data().data())
        )
        file.commit()


def test_a_layer_is_shown_with_its_source_its_names_found_and_its_buildings_in_the_way(
    room: Room, qtbot: QtBot
):
    (room.folder / "a.geojson").write_text(geojson(area(name="Clock tower", building="yes")))
    room.read(qtbot)
    layers = room.map.layers
    assert (layers.rows[0].state, layers.rows[0].features) == ("shown", 1)
    assert room.map.canvas.sources == ["© Suwon"]
    assert len(layers.walls.x0) == 4
    qtbot.waitUntil(lambda: bool(layers.take() or room.map.finding.rows("clock tower", NEAR)), timeout=20_000)
    layers.show(layers.rows[0], False)
    assert room.map.canvas.sources == [] and len(layers.walls.x0) == 0


def test_what_is_wrong_is_told_by_feature_and_line_in_both_languages(
    room: Room, qtbot: QtBot, expected_logs: Callable[..., None]
):
    expected_logs(r"a\.geojson: swapped at feature 2", count=1)
    expected_logs(r"b\.mbtiles: not_mbtiles", count=1)
    swapped = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [37.2, 127.0]}}
    (room.folder / "a.geojson").write_text(geojson(area(), swapped))
    (room.folder / "b.mbtiles").write_text("no database")
    room.read(qtbot)
    rows = [row.text for row in layer_rows(room.map.layers.rows, room.catalogue)]
    assert any("Feature 2, line" in text and "swapped" in text for text in rows)
    assert any("not an SQLite file" in text for text in rows)
    room.catalogue.switch("ko")
    rows = [row.text for row in layer_rows(room.map.layers.rows, room.catalogue)]
    assert any("2번째 도형" in text and "뒤바뀐" in text for text in rows)


def test_every_problem_there_is_has_words(room: Room, qtbot: QtBot):
    (room.folder / "a.geojson").write_text(geojson(area()))
    room.read(qtbot)
    root = shipped("assets").parent / "console"
    told = set(re.findall(r'_Bad\(\s*"(\w+)"', (root / "geo" / "geojson.py").read_text()))
    told |= set(re.findall(r'note\(\s*"(\w+)"', (root / "geo" / "geojson.py").read_text()))
    tiles = set(re.findall(r'TilesError\(\s*"(\w+)"', (root / "maptiles" / "mbtiles.py").read_text()))
    assert len(told) > 15 and len(tiles) > 5
    for problem in (*told, *(f"tiles_{one}" for one in tiles)):
        assert room.catalogue.say(f"map.problem.{problem}", found="x")


def test_raster_tiles_come_later_and_are_painted_then(room: Room, qtbot: QtBot):
    raster(room.folder / "base.mbtiles", "#204060")
    room.read(qtbot)
    layers = room.map.layers
    assert layers.rasters and room.map.canvas.sources == ["© Base"]
    x, y = (float(one) for one in room.map.canvas.plane.to_xy(37.2775, 127.017))
    extent = Extent(x - 100, y - 100, x + 100, y + 100)
    image = QImage(100, 100, QImage.Format.Format_RGB32)

    def painted() -> bool:
        layers.take()
        image.fill(0)
        with QPainter(image) as painter:
            painter.scale(0.5, 0.5)
            painter.translate(-extent.west, extent.north)
            return layers.paint_rasters(painter, extent, 2.0)

    assert not painted()
    qtbot.waitUntil(painted, timeout=20_000)
    assert image.pixelColor(50, 50) == QColor("#204060")
