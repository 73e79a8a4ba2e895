"""How the table of incidents follows from the entries: one row as it stands now.

The stages and owners are those of `console.model.state`; a test folds the same entries both ways.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from console.model import events as ev

_COLUMNS = (
    "incident_id", "type", "priority", "place_en", "place_ko", "district", "opened_at_ns", "changed_at_ns",
    "stage", "owner", "agencies", "kinds", "people", "text",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM incident WHERE incident_id = ?"  # noqa: S608
_WRITE = (
    f"INSERT OR REPLACE INTO incident ({', '.join(_COLUMNS)})"  # noqa: S608
    f" VALUES ({', '.join('?' * len(_COLUMNS))})"
)
_CHANGING = ("incident.", "handoff.", "case.", "clue.")
"""The kinds that change the incident itself, as in the fold; all others are only part of its history."""
_TAKES = (
    ev.IncidentVerified, ev.IncidentResponding, ev.IncidentHeld, ev.IncidentHoldEnded, ev.IncidentRegraded,
    ev.IncidentReclassified, ev.IncidentResolved, ev.IncidentClosed, ev.HandoffQueued,
)  # fmt: skip
_OF_TWO = (ev.IncidentsMerged, ev.IncidentSplit)
"""What these do is decided where both are known."""

TEXT_LIMIT = 64 << 10
"""Letters of text kept for one incident. The list of incidents does not find what thousands of further
signals say; the log does."""


class IncidentNow(msgspec.Struct, kw_only=True):
    """One row of `incident`, field for column."""

    incident_id: str
    type: str
    priority: int
    place_en: str
    place_ko: str
    district: str
    opened_at_ns: int
    changed_at_ns: int
    stage: str = "new"
    owner: str = ""
    agencies: str = "[]"
    kinds: str = "\n"
    people: str = "\n"
    text: str = ""

    def take(self, entry: ev.Entry, person: str, texts: Iterable[str]) -> None:
        """Let one more entry of its history change the row."""
        event = entry.event
        if ev.kind_of(event).startswith(_CHANGING) and not isinstance(event, _OF_TWO):
            self.changed_at_ns = entry.at_ns
        if isinstance(event, ev.HandoffQueued):
            self._hand_to(event.agency)
        if self.stage != "closed":
            self._work(event)
        self.kinds = _with_line(self.kinds, ev.kind_of(event))
        self.people = _with_line(self.people, person) if person else self.people
        new = [text for text in texts if text not in self.text]
        if new and len(self.text) < TEXT_LIMIT:
            self.text = "\n".join([self.text, *new]) if self.text else "\n".join(new)

    def _work(self, event: ev.AnyEvent) -> None:
        """Stage and owner, as `console.model.folds.casework` has them."""
        match event:
            case ev.IncidentAcknowledged():
                self.stage = "acknowledged" if self.stage == "new" else self.stage
                self.owner = event.person
            case ev.IncidentClaimed() | ev.IncidentTakenOver():
                self.owner = event.person
            case ev.IncidentReleased():
                self.owner = ""
            case ev.IncidentVerified():
                if event.over:
                    self.stage = "resolved"
                elif self.stage in ("new", "acknowledged") or (
                    self.stage == "resolved" and event.verdict == "real"
                ):
                    self.stage = "verified"
            case ev.IncidentResponding():
                self.stage = "responding"
            case ev.HandoffQueued():
                waits = self.stage in ("new", "acknowledged", "verified")
                self.stage = "responding" if waits else self.stage
            case ev.IncidentReclassified():
                self.type, self.priority = event.type, event.priority
            case ev.IncidentRegraded():
                self.priority = event.priority
            case ev.IncidentResolved():
                self.stage = "resolved"
            case ev.IncidentClosed():
                self.stage = "closed"
            case _:
                pass
        if isinstance(event, _TAKES):
            self.act(event.person)

    def act(self, person: str) -> None:
        """Who does something to what nobody has, has it."""
        self.owner = self.owner or person

    def _hand_to(self, agency: str) -> None:
        given: list[str] = msgspec.json.decode(self.agencies)
        if agency not in given:
            self.agencies = msgspec.json.encode([*given, agency]).decode()


def opened(entry: ev.Entry, event: ev.Opening) -> IncidentNow:
    """The row of a new incident. An id that opens again starts anew, as in the fold."""
    now = IncidentNow(
        incident_id=event.incident_id, type=event.type, priority=event.priority,
        place_en=event.place.name.en, place_ko=event.place.name.ko, district=event.place.district,
        opened_at_ns=entry.at_ns, changed_at_ns=entry.at_ns,
    )  # fmt: skip
    if isinstance(event, ev.CaseOpened) and event.person:
        now.stage, now.owner = "acknowledged", event.person
    return now


def split(entry: ev.Entry, event: ev.IncidentSplit, whole: IncidentNow) -> IncidentNow:
    """The row of an incident that begins as a part of another."""
    place = event.place
    return IncidentNow(
        incident_id=event.new_id, type=event.type or whole.type, priority=whole.priority,
        place_en=place.name.en if place is not None else whole.place_en,
        place_ko=place.name.ko if place is not None else whole.place_ko,
        district=place.district if place is not None else whole.district,
        opened_at_ns=entry.at_ns, changed_at_ns=entry.at_ns,
    )  # fmt: skip


def load(connection: sqlite3.Connection, incident_id: str) -> IncidentNow | None:
    row = connection.execute(_SELECT, (incident_id,)).fetchone()
    return None if row is None else IncidentNow(**dict(zip(_COLUMNS, row, strict=True)))


def store(connection: sqlite3.Connection, incidents: Iterable[IncidentNow]) -> None:
    connection.executemany(_WRITE, [msgspec.structs.astuple(one) for one in incidents])


def _with_line(lines: str, line: str) -> str:
    line = line.replace("\n", " ")
    return lines if f"\n{line}\n" in lines else f"{lines}{line}\n"
