"""Reading raster MBTiles (specification 1.3): an SQLite file with pictures of 256 or 512 px, by zoom, column
and row.

An object belongs to the thread that made it. Nothing is ever written, no extension is loaded, and what the
file says is held against what a tile can be before anybody decodes it.
"""

from __future__ import annotations

import math
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SQLITE = b"SQLite format 3\x00"
FORMATS = {"png": "png", "jpg": "jpg", "jpeg": "jpg", "webp": "webp"}
BIGGEST_TILE = 4_000_000
MOST_ZOOM = 22
MERCATOR_LAT = 85.051128


class TilesError(Exception):
    """The file cannot be used. `problem` is the key of the words for it, `detail` what was found."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(f"{problem} {detail}".strip())
        self.problem, self.detail = problem, detail


@dataclass(frozen=True, slots=True)
class TilesInfo:
    """What the file says of itself; the zooms are those it really has. `bounds` are west, south, east and
    north in degrees."""

    name: str
    attribution: str
    form: str
    low: int
    high: int
    bounds: tuple[float, float, float, float]


class Tiles:
    """One open file. Raises TilesError when it is no raster MBTiles."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                head = file.read(16)
        except OSError as error:
            raise TilesError("unreadable", error.strerror or type(error).__name__) from None
        if head != SQLITE:
            raise TilesError("not_mbtiles")
        try:
            address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
            self._file = sqlite3.connect(address, uri=True, isolation_level=None)
            self._file.execute("PRAGMA trusted_schema = OFF")
            self._file.execute("PRAGMA mmap_size = 0")
            self._file.execute("PRAGMA cell_size_check = ON")
            self.info = self._read_info(path)
        except sqlite3.Error as error:
            self.close()
            raise TilesError("damaged", str(error)) from None
        except TilesError:
            self.close()
            raise

    def close(self) -> None:
        """Safe to call twice."""
        if hasattr(self, "_file"):
            self._file.close()

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """The picture of a tile, rows counted from the north; None where the file has none. Raises TilesError
        when it cannot be read."""
        if not (0 <= zoom <= MOST_ZOOM and 0 <= column < 2**zoom and 0 <= row < 2**zoom):
            return None
        try:
            found = self._file.execute(
                "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                (zoom, column, 2**zoom - 1 - row),
            ).fetchone()
        except sqlite3.Error as error:
            raise TilesError("damaged", str(error)) from None
        data = found[0] if found is not None else None
        if not isinstance(data, bytes) or not data or len(data) > BIGGEST_TILE:
            return None
        return data

    def _read_info(self, path: Path) -> TilesInfo:
        names = {row[0] for row in self._file.execute("SELECT name FROM sqlite_master")}
        if not {"tiles", "metadata"} <= names:
            raise TilesError("no_tiles", ", ".join(sorted(str(one) for one in names)[:5]))
        told = {
            str(name): str(value)
            for name, value in self._file.execute("SELECT name, value FROM metadata LIMIT 200")
            if len(str(value)) < 100_000
        }
        first = self._file.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
        if first is None:
            raise TilesError("empty")
        form = _form_of(first[0]) if isinstance(first[0], bytes) else ""
        if form == "pbf" or told.get("format", "").lower() in ("pbf", "mvt"):
            raise TilesError("vector")
        if not form:
            raise TilesError("unknown_format", told.get("format", ""))
        low, high = self._file.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        if not (isinstance(low, int) and isinstance(high, int) and 0 <= low <= high <= MOST_ZOOM):
            raise TilesError("damaged", f"zoom {low} to {high}")
        return TilesInfo(
            name=(told.get("name") or path.stem)[:200], attribution=told.get("attribution", "")[:400],
            form=form, low=low, high=high, bounds=_bounds(told.get("bounds", "")),
        )  # fmt: skip


def _form_of(data: bytes) -> str:
    """By the first bytes: what the metadata says is often wrong."""
    if data.startswith(b"\x89PNG"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return "pbf" if data.startswith(b"\x1f\x8b") else ""


def _bounds(text: str) -> tuple[float, float, float, float]:
    """As told, or the whole world where that makes no sense."""
    world = (-180.0, -MERCATOR_LAT, 180.0, MERCATOR_LAT)
    try:
        west, south, east, north = (float(one) for one in text.split(","))
    except ValueError:
        return world
    sensible = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if sensible else world


def tile_of(lat: float, lon: float, zoom: int) -> tuple[float, float]:
    """Column and row (from the north) of a place, with fractions, in Web Mercator."""
    lat = min(MERCATOR_LAT, max(-MERCATOR_LAT, lat))
    across = (lon + 180.0) / 360.0
    down = 0.5 - math.asinh(math.tan(math.radians(lat))) / (2 * math.pi)
    return across * 2**zoom, down * 2**zoom


def corner_of(column: float, row: float, zoom: int) -> tuple[float, float]:
    """Latitude and longitude of a tile's north west corner."""
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**zoom))))
    return lat, column / 2**zoom * 360.0 - 180.0


def zoom_for(m_per_px: float, lat: float, low: int, high: int) -> int:
    """The zoom whose pixels are about as large on the ground, rather finer than coarser, of those there
    are."""
    at_zero = 40_075_016.7 * math.cos(math.radians(lat)) / 256
    wanted = math.ceil(math.log2(at_zero / max(m_per_px, 1e-6)) - 0.25)
    return min(high, max(low, wanted))
