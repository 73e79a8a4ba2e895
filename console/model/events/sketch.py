"""What is drawn on the map."""

from __future__ import annotations

from console.model.events.base import Event
from console.model.sketch import Sketch


class SketchShared(Event, frozen=True, kw_only=True, tag="sketch.shared"):
    """A sketch is on the map of every desk, or was changed."""

    desk: str
    person: str
    sketch: Sketch


class SketchRemoved(Event, frozen=True, kw_only=True, tag="sketch.removed"):
    """A sketch was taken off the map; `incident_id` is the one it belonged to, or empty."""

    desk: str
    person: str
    sketch_id: str
    incident_id: str = ""
