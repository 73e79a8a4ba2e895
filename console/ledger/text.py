"""What of an entry can be searched for, and the tokens it is found by. Pure; any thread.

A word is found wherever it occurs in a text (a Korean word carries its particle: 공원 is in 공원에서).
The token index narrows by letters and pairs of letters; `occurs` then decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from console.model.base import Record
from console.model.events import (
    OPENED,
    Entry,
    Event,
    ReportReceived,
    SignalReceived,
    kind_of,
)

_LETTERS = re.compile(r"[^\W_]+")
_NOT_TEXT = {
    "kind", "message_sha256", "profile_digest", "occurrence", "stimulus", "before", "after", "group",
}  # fmt: skip
"""Fields nobody searches by: marks for programs, and what another field of the same entry says."""


MOST_WORDS = 32
"""Words of one search: a person types a handful, and the index takes no endless question."""

MOST_PAIRS = 64
"""Pairs of letters of one word that are asked of the index; `occurs` looks at the whole word anyway."""


SHORT = 200
"""Texts up to so many letters are remembered: places, reasons and names say the same again and again."""


class Facets(Record, frozen=True, kw_only=True):
    """What an entry is filtered by besides its text. Empty where it does not apply."""

    kind: str
    person: str = ""
    district: str = ""
    incident_type: str = ""


def normal(text: str) -> str:
    """`text` so that two ways of writing the same compare equal: one line, composed (NFC), case folded."""
    return _normal_short(text) if len(text) <= SHORT else _normal(text)


@lru_cache(maxsize=16_384)
def _normal_short(text: str) -> str:
    return _normal(text)


def _normal(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold().replace("\x00", " ")
    return " ".join(unicodedata.normalize("NFC", folded).split())


def searchable(entry: Entry) -> tuple[str, ...]:
    """Every text of the entry, in both languages, normal, each once."""
    texts = [normal(one) for one in _strings(msgspec.to_builtins(entry.event))]
    texts += [normal(entry.cause.actor.partition(":")[2] or entry.cause.actor), normal(entry.cause.desk)]
    return tuple(dict.fromkeys(one for one in texts if one))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in _NOT_TEXT:
                yield from _strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _strings(one)


def wanted_words(text: str) -> tuple[str, ...]:
    """The words of a search, each once; all of them must occur. Of more than `MOST_WORDS`, the first."""
    return tuple(dict.fromkeys(normal(text).split()))[:MOST_WORDS]


def occurs(word: str, texts: Iterable[str]) -> bool:
    """Whether a normal word is part of one of the normal texts."""
    return any(word in text for text in texts)


def person_of(entry: Entry) -> str:
    """Who acted: the event's person, else the actor when that is a person, else empty."""
    named = getattr(entry.event, "person", "")
    if named:
        return str(named)
    role, _, name = entry.cause.actor.partition(":")
    return name if role == "person" else ""


def facets(entry: Entry) -> Facets:
    """The entry's own facets, without those of an incident it belongs to."""
    district, kind = place_and_type(entry.event)
    return Facets(
        kind=kind_of(entry.event), person=person_of(entry), district=district, incident_type=kind
    )  # fmt: skip


def place_and_type(event: Event) -> tuple[str, str]:
    """District and incident type an event names itself; empty where it names none."""
    if isinstance(event, SignalReceived):
        return event.signal.place.district, event.signal.type
    if isinstance(event, ReportReceived):
        return event.told.place.district, ""
    place = getattr(event, "place", None)
    kind = event.type if isinstance(event, OPENED) else ""
    return ("" if place is None else place.district), kind


def tokens(texts: Iterable[str], facets: Facets) -> str:
    """The row of the token index for an entry."""
    found: set[str] = set()
    for text in texts:
        found |= _text_tokens(text) if len(text) <= SHORT else _tokens_of(text)
    for field in ("kind", "person", "district", "incident_type"):
        value = getattr(facets, field)
        if value:
            found.add(facet_token(field, value))
    return " ".join(found)


@lru_cache(maxsize=4096)
def facet_token(field: str, value: str) -> str:
    """One token for one facet: letters and digits only, longer than any pair of letters."""
    return f"{field.replace('_', '')}{value.encode('utf-8', 'surrogatepass').hex()}"


def word_tokens(word: str) -> tuple[str, ...]:
    """Tokens every text has in which the normal `word` occurs."""
    pairs = [word[at : at + 2] for at in range(len(word) - 1)] or [word]
    return tuple(dict.fromkeys(map(_token, pairs)))[:MOST_PAIRS]


@lru_cache(maxsize=4096)
def _text_tokens(text: str) -> frozenset[str]:
    return _tokens_of(text)


def _tokens_of(text: str) -> frozenset[str]:
    """All letters and pairs of letters of the words between blanks."""
    return frozenset().union(*map(_tokens_of_word, text.split(" ")))


@lru_cache(maxsize=65_536)
def _tokens_of_word(word: str) -> frozenset[str]:
    """Words come again more often than texts: streets, districts, what an alarm says."""
    pieces = set(word)
    pieces.update(word[at : at + 2] for at in range(len(word) - 1))
    return frozenset(map(_token, pieces))


@lru_cache(maxsize=65_536)
def _token(letters: str) -> str:
    """Letters and digits stand for themselves; with a sign among them, the index would split them."""
    return letters if _LETTERS.fullmatch(letters) else f"sign{letters.encode('utf-8', 'surrogatepass').hex()}"


__all__ = [
    "Facets", "facet_token", "facets", "normal", "occurs", "person_of", "searchable", "tokens",
    "wanted_words", "word_tokens",
]  # fmt: skip
