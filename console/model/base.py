"""What every record of the console is: frozen, keyword-only, strict about unknown fields."""

from __future__ import annotations

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An immutable value that can cross a process boundary.

    Decoding refuses unknown fields, so a message from another version is an error at the door and
    never a half-understood fact.
    """


class Words(Record, frozen=True, kw_only=True):
    """The same text in the languages the console speaks.

    Facts on the log carry both languages, because the person who reads them may switch at any time.
    """

    en: str
    ko: str

    def in_language(self, language: str) -> str:
        """The text in `language` ("en" or "ko"); English where the other is empty."""
        return (self.ko if language == "ko" else self.en) or self.en or self.ko


class Position(Record, frozen=True, kw_only=True):
    """A point on the ground, WGS84 degrees."""

    lat: float
    lon: float


class Place(Record, frozen=True, kw_only=True):
    """Where something is, as a person would say it, with the point and the district.

    `name` is what is shown first ("Hwaseong, Paldalmun gate, north side"), `address` second.
    """

    name: Words
    position: Position
    district: str = ""
    address: Words | None = None


def same_words(text: str) -> Words:
    """Words whose text does not depend on the language (a name, a number, a person's own note)."""
    return Words(en=text, ko=text)
