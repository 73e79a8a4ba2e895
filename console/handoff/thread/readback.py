"""What the partner repeats to us, held against what we sent: a wrong street is found before a car drives."""

from __future__ import annotations

import math

from console.model.base import Position
from console.model.ladder import Essence

_EARTH_M = 6_371_008.8


def differs(sent: Essence, read_back: Essence, within_m: float) -> tuple[str, ...]:
    """Which of type, code and place were read back otherwise; empty when it arrived as it was sent.

    The place is compared by its point: names are written in many ways. A type or code that was not read
    back at all is no difference.
    """
    found = []
    for name in ("type", "code"):
        back = getattr(read_back, name).strip().casefold()
        if back and back != getattr(sent, name).strip().casefold():
            found.append(name)
    if not metres_between(sent.position, read_back.position) <= within_m:  # also where it is not a number
        found.append("place")
    return tuple(found)


def metres_between(one: Position, other: Position) -> float:
    """Great circle, WGS84 taken as a sphere: 0.5 % of a distance at most, enough for a street."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(math.sqrt(min(1.0, half)))
