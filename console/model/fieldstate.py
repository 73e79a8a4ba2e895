"""What the field's rules say of a device or a point where that is not the ordinary."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record, Words

Grade = Literal["note", "watch", "act", "grave"]
"""How much it matters: worth knowing, keep watching, somebody has to do something, at once."""
ORDINARY = "ordinary"
"""The state of everything that is as it should be; nothing is kept of it."""


class FieldState(Record, frozen=True, kw_only=True):
    """`rule` is a file of seeds/rules ("river"), `state` a word of that rule ("warning"), `words` both for a
    person: what is so, and what of it is not known.
    """

    rule: str
    state: str
    grade: Grade
    words: Words
    since_ns: int
