"""What a person drew on the map for every desk: a line, an area, an arrow or a text, in degrees."""

from __future__ import annotations

from math import isfinite
from typing import Literal

from console.model.base import Position, Record

SketchForm = Literal["line", "area", "arrow", "text"]
SKETCH_FORMS: tuple[SketchForm, ...] = ("line", "area", "arrow", "text")
FEWEST = {"line": 2, "area": 3, "arrow": 2, "text": 1}
"""How many corners each form needs at least; a text has exactly one."""
MOST_CORNERS = 500
LONGEST_TEXT = 200
LONGEST_ID = 80


class Sketch(Record, frozen=True, kw_only=True):
    """`points` in the order they were drawn; an area closes itself. `incident_id` is empty for one that
    belongs to no incident. `desk`, `person` and `at_ns` (who and when) are the hub's word, not the sender's.
    """

    id: str
    form: SketchForm
    points: tuple[Position, ...]
    text: str = ""
    incident_id: str = ""
    desk: str = ""
    person: str = ""
    at_ns: int = 0


def sketch_problem(sketch: Sketch) -> str:
    """Why this cannot be a sketch, naming the field; empty when it can."""
    if not sketch.id or len(sketch.id) > LONGEST_ID:
        return f"id: expected 1 to {LONGEST_ID} characters"
    if sketch.form not in SKETCH_FORMS:
        return f"form: expected one of {', '.join(SKETCH_FORMS)}"
    least = FEWEST[sketch.form]
    most = 1 if sketch.form == "text" else MOST_CORNERS
    if not least <= len(sketch.points) <= most:
        return f"points: expected {least} to {most}, found {len(sketch.points)}"
    for number, point in enumerate(sketch.points):
        # Written so that a value that is not a number is outside.
        if not (isfinite(point.lat) and abs(point.lat) <= 90 and abs(point.lon) <= 180):
            return f"points[{number}]: expected degrees of latitude and longitude"
    if len(sketch.text) > LONGEST_TEXT:
        return f"text: expected at most {LONGEST_TEXT} characters"
    if sketch.form == "text" and not sketch.text.strip():
        return "text: expected some words"
    return ""
