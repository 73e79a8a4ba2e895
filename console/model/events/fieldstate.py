"""What the field's rules say."""

from __future__ import annotations

from console.model.base import Words
from console.model.events.base import Event
from console.model.fieldstate import Grade


class FieldStateChanged(Event, frozen=True, kw_only=True, tag="field.state_changed"):
    """A rule says something else of a device or a point ("DEVICE/quantity") than before; `ordinary`: nothing
    any more.
    """

    subject: str
    rule: str
    state: str
    grade: Grade
    words: Words
