"""The two national grids people read positions from: Korea's point numbers and Great Britain's grid letters.

Transverse Mercator by the series of the Ordnance Survey's "A guide to coordinate systems in Great Britain"
(annex C), good to a millimetre within a zone; the step between OSGB36 and WGS84 is the same guide's seven
parameters (annex B 6), good to about five metres. Korea: EPSG:5179 and the letters of the national point
number (국가지점번호, 100 km squares from 700 km east and 1,300 km north). Pure; any thread.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple


class Grid(NamedTuple):
    """An ellipsoid (metres) and a transverse Mercator projection on it."""

    a: float
    b: float
    lat0: float
    lon0: float
    scale: float
    east0: float
    north0: float


KOREA = Grid(6378137.0, 6356752.314140, 38.0, 127.5, 0.9996, 1_000_000.0, 2_000_000.0)
BRITAIN = Grid(6377563.396, 6356256.909, 49.0, -2.0, 0.9996012717, 400_000.0, -100_000.0)
WGS84_AXES = (6378137.0, 6356752.314245)
TO_OSGB36 = (-446.448, 125.157, -542.060, 20.4894e-6, -0.1502, -0.2470, -0.8421)
"""Metres, share, seconds of arc, from WGS84."""

KOREAN_LETTERS = "가나다라마바사아"
KOREAN_EAST_M, KOREAN_NORTH_M = 700_000, 1_300_000
SQUARE_M = 100_000
KOREAN = re.compile(r"([가-사])\s*([가-아])\s*(\d{2,5})\s*[- ]?\s*(\d{2,5})")
BRITISH = re.compile(r"([A-HJ-Z])([A-HJ-Z])\s*(\d{2,5})\s*(\d{2,5})", re.IGNORECASE)
BRITISH_JOINED = re.compile(r"([A-HJ-Z])([A-HJ-Z])\s*((?:\d\d){2,5})", re.IGNORECASE)


def to_grid(grid: Grid, lat: float, lon: float) -> tuple[float, float]:
    """Degrees on the grid's own ellipsoid to metres (east, north)."""
    phi, away = math.radians(lat), math.radians(lon - grid.lon0)
    sine, cosine, tangent = math.sin(phi), math.cos(phi), math.tan(phi)
    e2 = 1 - (grid.b / grid.a) ** 2
    nu = grid.a * grid.scale / math.sqrt(1 - e2 * sine * sine)
    rho = grid.a * grid.scale * (1 - e2) / (1 - e2 * sine * sine) ** 1.5
    eta2 = nu / rho - 1
    one = _arc(grid, phi) + grid.north0
    two = nu / 2 * sine * cosine
    three = nu / 24 * sine * cosine**3 * (5 - tangent**2 + 9 * eta2)
    three_a = nu / 720 * sine * cosine**5 * (61 - 58 * tangent**2 + tangent**4)
    four = nu * cosine
    five = nu / 6 * cosine**3 * (nu / rho - tangent**2)
    six = nu / 120 * cosine**5 * (5 - 18 * tangent**2 + tangent**4 + 14 * eta2 - 58 * tangent**2 * eta2)
    north = one + two * away**2 + three * away**4 + three_a * away**6
    east = grid.east0 + four * away + five * away**3 + six * away**5
    return east, north


def from_grid(grid: Grid, east: float, north: float) -> tuple[float, float]:
    """Metres to degrees (lat, lon) on the grid's own ellipsoid."""
    phi = math.radians(grid.lat0)
    for _ in range(50):
        missing = north - grid.north0 - _arc(grid, phi)
        phi += missing / (grid.a * grid.scale)
        if abs(missing) < 1e-5:
            break
    sine, cosine, tangent = math.sin(phi), math.cos(phi), math.tan(phi)
    e2 = 1 - (grid.b / grid.a) ** 2
    nu = grid.a * grid.scale / math.sqrt(1 - e2 * sine * sine)
    rho = grid.a * grid.scale * (1 - e2) / (1 - e2 * sine * sine) ** 1.5
    eta2 = nu / rho - 1
    away = east - grid.east0
    seven = tangent / (2 * rho * nu)
    eight = tangent / (24 * rho * nu**3) * (5 + 3 * tangent**2 + eta2 - 9 * tangent**2 * eta2)
    nine = tangent / (720 * rho * nu**5) * (61 + 90 * tangent**2 + 45 * tangent**4)
    ten = 1 / (cosine * nu)
    eleven = 1 / (6 * cosine * nu**3) * (nu / rho + 2 * tangent**2)
    twelve = 1 / (120 * cosine * nu**5) * (5 + 28 * tangent**2 + 24 * tangent**4)
    twelve_a = (
        1 / (5040 * cosine * nu**7) * (61 + 662 * tangent**2 + 1320 * tangent**4 + 720 * tangent**6)
    )
    lat = phi - seven * away**2 + eight * away**4 - nine * away**6
    lon = ten * away - eleven * away**3 + twelve * away**5 - twelve_a * away**7
    return math.degrees(lat), grid.lon0 + math.degrees(lon)


def _arc(grid: Grid, phi: float) -> float:
    """Metres along the meridian from the grid's own latitude."""
    n = (grid.a - grid.b) / (grid.a + grid.b)
    phi0 = math.radians(grid.lat0)
    less, more = phi - phi0, phi + phi0
    return grid.b * grid.scale * (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * math.sin(less) * math.cos(more)
        + (15 / 8 * n**2 + 15 / 8 * n**3) * math.sin(2 * less) * math.cos(2 * more)
        - 35 / 24 * n**3 * math.sin(3 * less) * math.cos(3 * more)
    )


def osgb36(lat: float, lon: float) -> tuple[float, float]:
    """WGS84 degrees to OSGB36 degrees."""
    return _moved(lat, lon, WGS84_AXES, (BRITAIN.a, BRITAIN.b), 1.0)


def wgs84(lat: float, lon: float) -> tuple[float, float]:
    """OSGB36 degrees to WGS84 degrees."""
    return _moved(lat, lon, (BRITAIN.a, BRITAIN.b), WGS84_AXES, -1.0)


def _moved(
    lat: float, lon: float, of: tuple[float, float], to: tuple[float, float], way: float
) -> tuple[float, float]:
    tx, ty, tz, scale, rx, ry, rz = (way * one for one in TO_OSGB36)
    rx, ry, rz = (math.radians(one / 3600) for one in (rx, ry, rz))
    phi, lam = math.radians(lat), math.radians(lon)
    e2 = 1 - (of[1] / of[0]) ** 2
    nu = of[0] / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    x, y = nu * math.cos(phi) * math.cos(lam), nu * math.cos(phi) * math.sin(lam)
    z = nu * (1 - e2) * math.sin(phi)
    x, y, z = (
        tx + (1 + scale) * x - rz * y + ry * z,
        ty + rz * x + (1 + scale) * y - rx * z,
        tz - ry * x + rx * y + (1 + scale) * z,
    )
    e2 = 1 - (to[1] / to[0]) ** 2
    flat = math.hypot(x, y)
    phi = math.atan2(z, flat * (1 - e2))
    for _ in range(10):
        nu = to[0] / math.sqrt(1 - e2 * math.sin(phi) ** 2)
        phi = math.atan2(z + e2 * nu * math.sin(phi), flat)
    return math.degrees(phi), math.degrees(math.atan2(y, x))


def point_number(text: str) -> tuple[float, float] | None:
    """Degrees (lat, lon) of a national point number ("다사 5384 5189"); None for what is none.

    Fewer than five digits name the square's south west corner: its middle is taken.
    """
    found = KOREAN.fullmatch(text.strip())
    if found is None or len(found[3]) != len(found[4]):
        return None
    east = KOREAN_EAST_M + KOREAN_LETTERS.index(found[1]) * SQUARE_M + _metres(found[3])
    north = KOREAN_NORTH_M + KOREAN_LETTERS.index(found[2]) * SQUARE_M + _metres(found[4])
    return from_grid(KOREA, east, north)


def to_point_number(lat: float, lon: float) -> str:
    """The national point number of a place, to ten metres; empty where Korea's letters do not reach."""
    east, north = to_grid(KOREA, lat, lon)
    column, row = int((east - KOREAN_EAST_M) // SQUARE_M), int((north - KOREAN_NORTH_M) // SQUARE_M)
    if not (0 <= column < 7 and 0 <= row < 8):
        return ""
    tens = int(east % SQUARE_M // 10), int(north % SQUARE_M // 10)
    return f"{KOREAN_LETTERS[column]}{KOREAN_LETTERS[row]} {tens[0]:04d} {tens[1]:04d}"


def grid_letters(text: str) -> tuple[float, float] | None:
    """Degrees (lat, lon) of a British grid reference ("NS 590 655"); None for what is none."""
    text = text.strip()
    found = BRITISH.fullmatch(text)
    if found is not None and len(found[3]) == len(found[4]):
        one, other = found[3], found[4]
    else:
        found = BRITISH_JOINED.fullmatch(text)
        if found is None:
            return None
        half = len(found[3]) // 2
        one, other = found[3][:half], found[3][half:]
    first, second = (_letter(each) for each in (found[1], found[2]))
    column = (first - 2) % 5 * 5 + second % 5
    row = 19 - first // 5 * 5 - second // 5
    if not (0 <= column < 7 and 0 <= row < 13):
        return None
    east, north = column * SQUARE_M + _metres(one), row * SQUARE_M + _metres(other)
    return wgs84(*from_grid(BRITAIN, east, north))


def to_grid_letters(lat: float, lon: float) -> str:
    """The British grid reference of a place, to ten metres; empty where the letters do not reach."""
    east, north = to_grid(BRITAIN, *osgb36(lat, lon))
    column, row = int(east // SQUARE_M), int(north // SQUARE_M)
    if not (0 <= column < 7 and 0 <= row < 13):
        return ""
    first = (19 - row) - (19 - row) % 5 + (column + 10) // 5
    second = (19 - row) * 5 % 25 + column % 5
    letters = "".join("ABCDEFGHJKLMNOPQRSTUVWXYZ"[one] for one in (first, second))
    return f"{letters} {int(east % SQUARE_M // 10):04d} {int(north % SQUARE_M // 10):04d}"


def _letter(letter: str) -> int:
    return "ABCDEFGHJKLMNOPQRSTUVWXYZ".index(letter.upper())


def _metres(digits: str) -> float:
    step = float(10 ** (5 - len(digits)))
    return int(digits) * step + (step / 2 if step > 1 else 0.0)
