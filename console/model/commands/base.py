"""What every command is."""

from __future__ import annotations

from console.model.base import Record


class Command(Record, frozen=True, kw_only=True, tag_field="do"):
    """Base of all commands; the tag is `verb_noun`."""
