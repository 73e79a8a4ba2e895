"""Recorded pictures as the log speaks of them: what is locked, what was taken out, what is hidden."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record

ExportForm = Literal["clip", "snapshot"]
ExportCopy = Literal["original", "masked"]
ExportOutcome = Literal["done", "failed", "cancelled"]

MOST_ZONES = 32
MOST_CORNERS = 64
LONGEST_LIFT_S = 8 * 3600
LONGEST_FOOTAGE_NS = 31 * 24 * 3600 * 1_000_000_000
"""No single look, lock or export reaches over more than a month."""


SCENE = "scene:"
"""Begins the purpose of recorded pictures that the window shows by itself: nobody has looked back yet."""


class MaskZone(Record, frozen=True, kw_only=True):
    """A part of a camera's picture that is hidden: a polygon, corners as fractions of the picture."""

    name: str
    points: tuple[tuple[float, float], ...]


class FootageLock(Record, frozen=True, kw_only=True):
    """Footage that is kept whatever its age, until a person takes the lock away."""

    id: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    reason: str
    person: str


def zones_problem(zones: tuple[MaskZone, ...]) -> str:
    """Why these cannot be masks, naming the field; empty when they can."""
    if len(zones) > MOST_ZONES:
        return f"zones: expected at most {MOST_ZONES}"
    for number, zone in enumerate(zones):
        if not 3 <= len(zone.points) <= MOST_CORNERS:
            return f"zones[{number}].points: expected 3 to {MOST_CORNERS} corners"
        if not all(0 <= value <= 1 for point in zone.points for value in point):
            return f"zones[{number}].points: expected fractions of the picture, from 0 to 1"
    return ""
