"""Raster MBTiles: tiles by column and row from the north; what is none is refused in a word."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.maptiles.mbtiles import Tiles, TilesError, corner_of, tile_of, zoom_for

PNG = b"\x89PNG\r\n\x1a\n rest"


def made(path: Path, tile: bytes | None = PNG, form: str = "png", **metadata: str) -> Path:
    with closing(sqlite3.connect(path)) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        told = {"name": "Base", "format": form, "attribution": "© Someone", **metadata}
        file.executemany("INSERT INTO metadata VALUES (?, ?)", told.items())
        if tile is not None:
            # Row 0 of the file is the south: TMS.
            file.execute("INSERT INTO tiles VALUES (2, 3, 0, ?)", (tile,))
            file.execute("INSERT INTO tiles VALUES (3, 1, 7, ?)", (tile + b"north",))
        file.commit()
    return path


def problem(path: Path) -> str:
    with pytest.raises(TilesError) as error:
        Tiles(path)
    return error.value.problem


def test_a_tile_is_found_by_its_row_from_the_north(tmp_path: Path):
    tiles = Tiles(made(tmp_path / "a.mbtiles", bounds="126.9,37.2,127.1,37.4"))
    assert tiles.tile(2, 3, 3) == PNG
    assert tiles.tile(3, 1, 0) == PNG + b"north"
    assert tiles.tile(2, 3, 0) is None
    assert tiles.tile(2, 99, 0) is None and tiles.tile(99, 0, 0) is None
    info = tiles.info
    assert (info.name, info.attribution, info.form, info.low, info.high) == ("Base", "© Someone", "png", 2, 3)
    assert info.bounds == (126.9, 37.2, 127.1, 37.4)
    tiles.close()
    tiles.close()


@pytest.mark.parametrize(("tile", "form", "expected"), [
    (b"\x1f\x8b\x08gzip", "png", "vector"), (PNG, "pbf", "vector"), (b"GIF89a", "gif", "unknown_format"),
    (None, "png", "empty"),
])  # fmt: skip
def test_vector_tiles_and_others_are_refused_in_a_word(
    tile: bytes | None, form: str, expected: str, tmp_path: Path
):
    assert problem(made(tmp_path / "a.mbtiles", tile, form)) == expected


def test_what_is_no_mbtiles_is_told_apart(tmp_path: Path):
    (tmp_path / "text.mbtiles").write_text("hello")
    assert problem(tmp_path / "text.mbtiles") == "not_mbtiles"
    assert problem(tmp_path / "none.mbtiles") == "unreadable"
    with closing(sqlite3.connect(tmp_path / "other.mbtiles")) as file:
        file.execute("CREATE TABLE things (a)")
        file.commit()
    assert problem(tmp_path / "other.mbtiles") == "no_tiles"
    whole = made(tmp_path / "a.mbtiles").read_bytes()
    (tmp_path / "cut.mbtiles").write_bytes(whole[:700])
    assert problem(tmp_path / "cut.mbtiles") in ("damaged", "no_tiles")


@given(st.binary(max_size=400))
def test_no_bytes_behind_the_right_head_are_an_error_of_another_kind(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
):
    path = tmp_path_factory.getbasetemp() / "noise.mbtiles"
    path.write_bytes(b"SQLite format 3\x00" + data)
    with pytest.raises(TilesError):
        Tiles(path)


def test_bounds_that_make_no_sense_are_the_world(tmp_path: Path):
    tiles = Tiles(made(tmp_path / "a.mbtiles", bounds="9,9,1,1"))
    assert tiles.info.bounds[0] == -180.0
    tiles.close()


@given(st.floats(-85, 85), st.floats(-179.9, 179.9), st.integers(0, 20))
def test_a_place_lies_in_its_tile_and_corners_are_the_way_back(lat: float, lon: float, zoom: int):
    column, row = tile_of(lat, lon, zoom)
    assert 0 <= column < 2**zoom and 0 <= row <= 2**zoom
    back = corner_of(column, row, zoom)
    assert back == pytest.approx((lat, lon), abs=1e-6)


def test_the_zoom_is_of_the_scale_and_of_what_there_is():
    assert zoom_for(40_075_016.7 / 256, 0.0, 0, 18) == 0
    assert zoom_for(1.19, 0.0, 0, 19) == 17
    assert zoom_for(0.01, 37.0, 5, 14) == 14
    assert zoom_for(10_000.0, 37.0, 11, 14) == 11
