"""`seeds/messages.toml`: the levels, limits and texts of disaster messages, checked at the door.

Read by whoever decides about messages and by whoever offers them; what both must judge alike is here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from console.model.base import Words
from console.model.message import LEVELS, MessageLevel
from console.paths import shipped
from console.profile.problems import Problems
from console.profile.reading import parse, read
from console.profile.tables import CapCategory, Count, Country, Identifier, Priority, Table, Text

SHOWN = "messages.toml"
FIELDS = ("place", "district", "time", "police")
"""What a text can be filled with."""
Hour = Annotated[float, msgspec.Meta(ge=0.0, le=24.0)]
Span = Annotated[float, msgspec.Meta(gt=0.0, le=86_400.0)]
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""3GPP TS 23.038, the basic set and its extension."""


class Sending(Table, frozen=True, kw_only=True):
    receipt_s: Span
    stall_s: Span
    first_retry_s: Span
    most_retry_s: Span
    connect_s: Span
    answer_s: Span
    source: Text


class Duplicates(Table, frozen=True, kw_only=True):
    within_min: Span
    source: Text


class Night(Table, frozen=True, kw_only=True):
    from_h: Hour
    to_h: Hour
    levels: tuple[MessageLevel, ...]
    source: Text


class NotAllowed(Table, frozen=True, kw_only=True):
    words: tuple[Text, ...]
    source: Text


class Codes(Table, frozen=True, kw_only=True):
    tries: Count
    wait_s: Span
    source: Text


class Level(Table, frozen=True, kw_only=True):
    """One of the three levels, and what CAP says of it."""

    id: MessageLevel
    name: Words
    use: Words
    sound: Words
    priority: Priority
    valid_min: Count
    urgency: Literal["Immediate", "Expected", "Future"]
    severity: Literal["Extreme", "Severe", "Moderate", "Minor"]
    certainty: Literal["Observed", "Likely", "Possible"]
    limits: dict[Country, Count]
    source: Text


class Wide(Table, frozen=True, kw_only=True):
    limits: dict[Country, Count]
    other_language: Count
    source: Text


class Sender(Table, frozen=True, kw_only=True):
    """`agency` stands first in every text; `sender` is CAP's."""

    city: Identifier
    agency: Words
    sender: Annotated[str, msgspec.Meta(pattern=r"^[^\s,<&]{3,80}$")]
    source: Text


class MessageText(Table, frozen=True, kw_only=True):
    """A text to begin from; no `types`: it fits every incident."""

    id: Identifier
    types: tuple[Identifier, ...]
    level: MessageLevel
    name: Words
    text: Words
    category: CapCategory
    response: Literal[
        "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
    ]
    source: Text


class MessageFile(Table, frozen=True, kw_only=True):
    """All of the file."""

    sending: Sending
    duplicates: Duplicates
    night: Night
    not_allowed: NotAllowed
    codes: Codes
    levels: tuple[Level, ...]
    wide: Wide
    senders: tuple[Sender, ...]
    texts: tuple[MessageText, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is, and how long it may be."""

    count: int
    most: int

    @property
    def fits(self) -> bool:
        return 0 < self.count <= self.most


class MessageBook:
    """The file as one city uses it. Immutable; any thread."""

    def __init__(self, told: MessageFile, city: str, country: Country, languages: tuple[str, ...]) -> None:
        self.told = told
        self.country = country
        self.language = languages[0] if languages else "en"
        """What phones show; the other language goes along where an outlet carries it."""
        self.levels: Mapping[str, Level] = {one.id: one for one in told.levels}
        self.texts: Mapping[str, MessageText] = {one.id: one for one in told.texts}
        self._sender = next((one for one in told.senders if one.city == city), None)

    @property
    def sender(self) -> str:
        """CAP's sender; empty for a city that may send nothing."""
        return self._sender.sender if self._sender is not None else ""

    @property
    def agency(self) -> Words:
        """The mandatory name at the head of every text."""
        return self._sender.agency if self._sender is not None else Words(en="", ko="")

    def texts_for(self, incident_type: str) -> tuple[MessageText, ...]:
        """The texts of this type first, then those that fit every type."""
        own = [one for one in self.told.texts if incident_type in one.types]
        return (*own, *(one for one in self.told.texts if not one.types))

    def fill(self, text: MessageText, **fields: Words) -> Words:
        """The text with the agency's name and what is known; a field that is not given stays in brackets."""
        said = {}
        for language in ("en", "ko"):
            body = text.text.in_language(language)
            for name in FIELDS:
                words = fields.get(name)
                value = words.in_language(language) if words is not None else ""
                body = body.replace(f"{{{name}}}", value or f"({name})")
            said[language] = f"{self.agency.in_language(language)} {' '.join(body.split())}".strip()
        return Words(en=said["en"], ko=said["ko"])

    def length(self, level: str, language: str, text: str) -> Length:
        """Of a text in one language. Characters, or the room of two for those beyond a phone's small set."""
        told = self.levels.get(level)
        if told is None:
            return Length(len(text), 0)
        if language != self.language:
            return Length(len(text), self.told.wide.other_language)
        most = told.limits.get(self.country, 0)
        if not _GSM.issuperset(text):
            most = self.told.wide.limits.get(self.country, most)
        return Length(len(text), most)

    def unfilled(self, template: str, text: str) -> str:
        """What of the template is still to be filled in, as it stands in the text; empty when nothing is."""
        told = self.texts.get(template)
        own = f"{told.text.en} {told.text.ko}" if told is not None else ""
        blanks = [f"({name})" for name in FIELDS] + re.findall(r"\([^)]*\)", own)
        return next((one for one in blanks if one in text), "")

    def advertising(self, text: str) -> str:
        """The first word of advertising in it, or empty."""
        plain = " ".join(text.lower().split())
        for word in self.told.not_allowed.words:
            found = re.search(_whole(word), plain)
            if found is not None:
                return word
        return ""

    def is_night(self, hour: float, level: str) -> bool:
        """Whether this level waits for the morning at this hour of the city's day."""
        night = self.told.night
        if level not in night.levels:
            return False
        if night.from_h <= night.to_h:
            return night.from_h <= hour < night.to_h
        return hour >= night.from_h or hour < night.to_h


def _whole(word: str) -> str:
    """English words whole ("sale" is not in "wholesale"), Korean ones anywhere."""
    plain = re.escape(word.lower())
    return rf"\b{plain}\b" if word.isascii() else plain


def message_file(path: Path | None = None) -> MessageFile:
    """Read and check the file. Raises ProfileError with every problem found, each naming table and key."""
    problems = Problems()
    told: MessageFile | None = None
    try:
        data = (path or shipped("seeds") / SHOWN).read_bytes()
    except OSError as error:
        problems.say(SHOWN, "", "", "a file that can be read", error.strerror or type(error).__name__)
    else:
        tree = parse(data, SHOWN, problems)
        told = None if tree is None else read(MessageFile, tree, SHOWN, problems)
    if told is not None:
        check_messages(told, problems)
    problems.raise_any()
    assert told is not None
    return told


def check_messages(told: MessageFile, problems: Problems) -> None:
    """What the tables promise each other."""
    levels = [one.id for one in told.levels]
    for level in LEVELS:
        if levels.count(level) != 1:
            problems.add(SHOWN, "levels", "id", f"each of {', '.join(LEVELS)} once", level)
    seen: set[str] = set()
    for row, text in enumerate(told.texts):
        table = f"texts[{row}] ({text.id})"
        if text.id in seen:
            problems.add(SHOWN, table, "id", "a name no other text has", text.id)
        seen.add(text.id)
        for language in ("en", "ko"):
            for name in re.findall(r"\{([^}]*)\}", text.text.in_language(language)):
                if name not in FIELDS:
                    problems.add(SHOWN, table, f"text.{language}", f"only {', '.join(FIELDS)}", name)
    if told.sending.first_retry_s > told.sending.most_retry_s:
        problems.add(SHOWN, "sending", "first_retry_s", "at most most_retry_s", told.sending.first_retry_s)


def message_book(
    city: str, country: str, languages: tuple[str, ...], path: Path | None = None
) -> MessageBook:
    """The file for one city. Raises ProfileError."""
    return MessageBook(message_file(path), city, "GB" if country == "GB" else "KR", languages)
