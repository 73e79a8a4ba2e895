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
_CHANGING = ("incident.", "handoff.")
"""The kinds that change the incident itself, as in the fold; all others are only part of its history."""


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
        if ev.kind_of(event).startswith(_CHANGING):
            self.changed_at_ns = entry.at_ns
        match event:
            case ev.IncidentAcknowledged():
                self.stage = "acknowledged" if self.stage == "new" else self.stage
                self.owner = event.person
            case ev.IncidentResolved():
                self.stage = "resolved"
            case ev.IncidentClosed():
                self.stage = "closed"
            case ev.HandoffQueued():
                self.stage = "responding" if self.stage in ("new", "acknowledged") else self.stage
                self.owner = self.owner or event.person
                self._hand_to(event.agency)
            case _:
                pass
        self.kinds = _with_line(self.kinds, ev.kind_of(event))
        self.people = _with_line(self.people, person) if person else self.people
        new = [text for text in texts if text not in self.text]
        if new and len(self.text) < TEXT_LIMIT:
            self.text = "\n".join([self.text, *new]) if self.text else "\n".join(new)

    def _hand_to(self, agency: str) -> None:
        given: list[str] = msgspec.json.decode(self.agencies)
        if agency not in given:
            self.agencies = msgspec.json.encode([*given, agency]).decode()


def opened(entry: ev.Entry, event: ev.IncidentOpened) -> IncidentNow:
    """The row of a new incident. An id that opens again starts anew, as in the fold."""
    return IncidentNow(
        incident_id=event.incident_id, type=event.type, priority=event.priority,
        place_en=event.place.name.en, place_ko=event.place.name.ko, district=event.place.district,
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
