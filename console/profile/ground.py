"""Plane geometry on the ground of one city, vectorised: metres, outlines, points along lines.

Over the few kilometres of a city the earth is flat enough: an equirectangular plane is exact to
centimetres per hundred metres, far below what placing a device by hand gives.
"""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Bools: TypeAlias = npt.NDArray[np.bool_]

METRES_PER_DEGREE = 111_195.0
"""One degree of latitude on the mean earth (radius 6,371,008.8 m), rounded."""


class Plane:
    """Degrees to metres and back around one origin: x to the east, y to the north. Any thread."""

    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon
        self.per_lon = METRES_PER_DEGREE * math.cos(math.radians(lat))

    def to_xy(self, lat: npt.ArrayLike, lon: npt.ArrayLike) -> tuple[Floats, Floats]:
        """float64 degrees of any shape to float64 metres of the same shape."""
        lats, lons = np.asarray(lat, np.float64), np.asarray(lon, np.float64)
        return (lons - self.lon) * self.per_lon, (lats - self.lat) * METRES_PER_DEGREE

    def to_degrees(self, x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Metres to (lat, lon), rounded to 1e-6 degree (11 cm): the same on every machine."""
        xs, ys = np.asarray(x, np.float64), np.asarray(y, np.float64)
        lat = np.round(self.lat + ys / METRES_PER_DEGREE, 6)
        return lat, np.round(self.lon + xs / self.per_lon, 6)


def inside(x: Floats, y: Floats, outline_x: Floats, outline_y: Floats) -> Bools:
    """Which points lie within the closed outline (even-odd rule), bool of the points' shape."""
    if x.size * outline_x.size < 60_000:  # few points: all edges at once; many: one edge at a time
        return _inside_few(x, y, outline_x, outline_y)
    found = np.zeros(x.shape, np.bool_)
    ends = zip(outline_x, outline_y, np.roll(outline_x, -1), np.roll(outline_y, -1), strict=True)
    for x0, y0, x1, y1 in ends:
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        found ^= crosses & (x < x0 + (y - y0) * ((x1 - x0) / (y1 - y0)))
    return found


def _inside_few(x: Floats, y: Floats, outline_x: Floats, outline_y: Floats) -> Bools:
    """As `inside`, in the same arithmetic, over a table of points by edges."""
    x0, y0 = outline_x[:, None], outline_y[:, None]
    x1, y1 = np.concatenate([x0[1:], x0[:1]]), np.concatenate([y0[1:], y0[:1]])
    flat = y0 == y1
    slope = np.where(flat, 0.0, (x1 - x0) / np.where(flat, 1.0, y1 - y0))
    crosses = ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) * slope)
    odd: Bools = crosses.sum(axis=0) % 2 == 1
    return odd


def area(outline_x: Floats, outline_y: Floats) -> float:
    """Square metres within the outline, without sign."""
    doubled = np.dot(outline_x, np.roll(outline_y, -1)) - np.dot(np.roll(outline_x, -1), outline_y)
    return abs(float(doubled)) / 2


def along(
    x0: Floats, y0: Floats, x1: Floats, y1: Floats, step_m: float
) -> tuple[Ints, Floats, Floats, Floats]:
    """Points every `step_m` on each of the given segments: (segment, distance on it, x, y).

    A segment shorter than a step gets none.
    """
    dx, dy = x1 - x0, y1 - y0
    length = np.sqrt(dx * dx + dy * dy)
    counts = np.floor(length / step_m).astype(np.int64)
    segment = np.repeat(np.arange(len(x0), dtype=np.int64), counts)
    first = np.cumsum(counts) - counts
    distance = (np.arange(len(segment)) - first[segment] + 0.5) * step_m
    share = distance / length[segment]
    return segment, distance, x0[segment] + dx[segment] * share, y0[segment] + dy[segment] * share


def crossings(
    ax0: Floats, ay0: Floats, ax1: Floats, ay1: Floats, bx0: Floats, by0: Floats, bx1: Floats, by1: Floats
) -> tuple[Ints, Ints, Floats, Floats]:
    """Where segments of `a` cross segments of `b`: (index in a, index in b, x, y), ordered by a, then b."""
    found = [
        _crossings(
            k, ax0[k : k + 256], ay0[k : k + 256], ax1[k : k + 256], ay1[k : k + 256], bx0, by0, bx1, by1
        )
        for k in range(0, len(ax0), 256)  # in slices, so that many streets do not need a table of all pairs
    ]
    if not found:
        none = np.zeros(0, np.int64)
        return none, none, np.zeros(0), np.zeros(0)
    a, b, x, y = (np.concatenate(column) for column in zip(*found, strict=True))
    return a, b, x, y


def _crossings(
    first: int, ax0: Floats, ay0: Floats, ax1: Floats, ay1: Floats,
    bx0: Floats, by0: Floats, bx1: Floats, by1: Floats,
) -> tuple[Ints, Ints, Floats, Floats]:  # fmt: skip
    adx, ady = (ax1 - ax0)[:, None], (ay1 - ay0)[:, None]
    bdx, bdy = (bx1 - bx0)[None, :], (by1 - by0)[None, :]
    ox, oy = bx0[None, :] - ax0[:, None], by0[None, :] - ay0[:, None]
    cross = adx * bdy - ady * bdx
    with np.errstate(divide="ignore", invalid="ignore"):
        on_a = (ox * bdy - oy * bdx) / cross
        on_b = (ox * ady - oy * adx) / cross
        meets = (cross != 0) & (on_a >= 0) & (on_a < 1) & (on_b >= 0) & (on_b < 1)
    a, b = np.nonzero(meets)
    share = on_a[a, b]
    return a + first, b, ax0[a] + (ax1 - ax0)[a] * share, ay0[a] + (ay1 - ay0)[a] * share


def bearing_deg(dx: npt.ArrayLike, dy: npt.ArrayLike) -> Floats:
    """Direction clockwise from north, 0 <= degrees < 360, of a step `dx` east and `dy` north."""
    turned = np.degrees(np.arctan2(np.asarray(dx, np.float64), np.asarray(dy, np.float64))) % 360.0
    return np.where(turned >= 360.0, 0.0, turned)
