"""Reasons in words, both languages at once, as they go on the log."""

from __future__ import annotations

from collections.abc import Mapping

from console.model.base import Words, same_words
from console.model.casework import Reason
from console.rules.city import Phrase

TIES = ("near", "in_view", "circuit", "road", "river")
CODES = (
    "first", "named", "reopened", "full", *(f"same_{tie}" for tie in TIES), *(f"other_{tie}" for tie in TIES),
)  # fmt: skip
"""Every code a placement can have; each has its words."""


def words_of(reason: Reason, phrase: Phrase, types: Mapping[str, Words]) -> Words:
    """The reason for people. `types` are the names of incident types; one without a name is said by its id.

    Raises KeyError for a code without words.
    """
    key = f"correlate.reason.{reason.code}"
    en, ko = dict(reason.fields), dict(reason.fields)
    if "type" in reason.fields:
        name = types.get(reason.fields["type"]) or same_words(reason.fields["type"])
        en["type"], ko["type"] = name.en, name.ko
    if "|" in reason.fields.get("by", ""):
        en["by"], ko["by"] = reason.fields["by"].split("|", 1)
    if not en:
        return phrase(key)
    return Words(en=phrase(key, **en).en, ko=phrase(key, **ko).ko)
