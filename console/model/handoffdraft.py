"""The content of a draft: what the operator is shown, what is said on the telephone, what is sent."""

from __future__ import annotations

from console.model.base import Place, Record, Words
from console.model.ladder import Essence


class Evidence(Record, frozen=True, kw_only=True):
    """A still or clip the partner may fetch. CAP's digest is SHA-1; the one that proves something is
    SHA-256."""

    description: Words
    mime_type: str
    uri: str
    size: int
    sha1: str
    sha256: str


class Caller(Record, frozen=True, kw_only=True):
    """Somebody who reported it. `number` goes to the partner only; it is never on the log."""

    name: str
    number: str
    at_ns: int
    said: str = ""


class SeenThing(Record, frozen=True, kw_only=True):
    """One thing that was seen or reported, and by what."""

    at_ns: int
    text: Words
    source: Words | None = None


class Trend(Record, frozen=True, kw_only=True):
    """A sensor nearby: values at equal intervals, oldest first; NaN where there was none."""

    name: Words
    unit: str
    values: tuple[float, ...]
    from_ns: int
    until_ns: int
    limit: float | None = None


class FilledField(Record, frozen=True, kw_only=True):
    """One field of the partner's card, in both languages. `proposed`: by rule, a person should look at it."""

    id: str
    label: Words
    text: Words
    needed: bool
    proposed: bool = False


class DraftStep(Record, frozen=True, kw_only=True):
    """A step of the incident's procedure: what it asks and the answer it was given, never a person's remark.
    `at_ns`: since when it is done, or has been open."""

    at_ns: int
    done: bool
    text: Words
    answer: Words | None = None


class Draft(Record, frozen=True, kw_only=True):
    """What will be sent. `gaps` is what a reader will miss, by key of its words (`ladder.gap.*`). `steps`:
    how far the procedure is, what is done before what is open."""

    incident_id: str
    agency: str
    agency_name: Words
    agency_number: str
    kind: str
    type_id: str
    type_name: Words
    category: str
    code: str
    priority: int
    place: Place
    opened_at_ns: int
    made_at_ns: int
    time_zone: str
    languages: tuple[str, ...]
    city: Words
    person: str
    contact: str
    callers: tuple[Caller, ...]
    seen: tuple[SeenThing, ...]
    stills: tuple[Evidence, ...]
    clip: Evidence | None
    clip_s: float
    trends: tuple[Trend, ...]
    text: str
    fields: tuple[FilledField, ...]
    gaps: tuple[str, ...]
    steps: tuple[DraftStep, ...] = ()

    @property
    def essence(self) -> Essence:
        """What the partner shall read back."""
        place = self.place.name.in_language(self.languages[0])
        return Essence(type=self.type_id, code=self.code, position=self.place.position, place=place)
