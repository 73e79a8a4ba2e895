"""Lengths and areas on the ground from degrees. Pure; any thread.

Metres per degree follow the WGS84 ellipsoid at the middle of what is measured (NGA TR8350.2, the usual
series), so that a measure of a city's size is right to about one part in ten thousand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from console.model.base import Position


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres of one degree of latitude and of longitude at a latitude."""
    phi = math.radians(lat)
    north = 111_132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    east = 111_412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    return north, east


def distance_m(one: Position, other: Position) -> float:
    """Metres between two places of one city."""
    north, east = metres_per_degree((one.lat + other.lat) / 2)
    return math.hypot((other.lat - one.lat) * north, (other.lon - one.lon) * east)


def length_m(points: Sequence[Position]) -> float:
    """Metres along a line."""
    return sum(distance_m(one, other) for one, other in pairwise(points))


def area_m2(points: Sequence[Position]) -> float:
    """Square metres within an outline that closes itself; 0 for fewer than three corners. Where the outline
    crosses itself, parts count against each other."""
    if len(points) < 3:
        return 0.0
    lat, lon = np.array([one.lat for one in points]), np.array([one.lon for one in points])
    north, east = metres_per_degree(float(lat.mean()))
    x, y = (lon - lon[0]) * east, (lat - lat[0]) * north
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y))) / 2
