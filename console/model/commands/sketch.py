"""Orders about what is drawn on the map."""

from __future__ import annotations

from console.model.commands.base import Command
from console.model.sketch import Sketch


class ShareSketch(Command, frozen=True, kw_only=True, tag="share_sketch"):
    """Show a sketch on the map of every desk, or change one that is shown (same id)."""

    sketch: Sketch


class RemoveSketch(Command, frozen=True, kw_only=True, tag="remove_sketch"):
    """Take a sketch off the map of every desk."""

    sketch_id: str
