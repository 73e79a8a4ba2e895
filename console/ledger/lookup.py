"""Keeps the tables to find things by (schema 2) in step with the entries, in the same transaction.

Everything here follows from the entries alone: `rebuild` computes it anew and must arrive at the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from console.clock import SECOND_NS
from console.ledger import incidents
from console.ledger.record import entries_after
from console.ledger.text import facets, searchable, tokens
from console.model import events as ev
from console.model.folds.incident import clue_names

SPAN_NS = 600 * SECOND_NS
"""The wall time of one row of `span`."""

_TABLES = ("span", "incident", "mention", "belonging", "part")
_SPAN = (
    "INSERT INTO span (ten_minutes, first_seq, last_seq) VALUES (?, ?, ?)"
    " ON CONFLICT (ten_minutes) DO UPDATE SET last_seq = excluded.last_seq"
)


def rebuild(connection: sqlite3.Connection) -> None:
    """Empty the lookup tables and fill them from all entries. Inside the caller's transaction."""
    for table in _TABLES:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a fixed list of our own tables
    connection.execute("INSERT INTO token (token) VALUES ('delete-all')")
    add(connection, entries_after(connection, 0))


def add(connection: sqlite3.Connection, entries: Iterable[ev.Entry]) -> None:
    """Make entries findable. Inside the transaction that writes them, in order of seq."""
    lookup = _Lookup(connection)
    for entry in entries:
        lookup.take(entry)
    lookup.write()


class _Lookup:
    """One transaction's worth: incidents are read once and written once, however often they change."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._incidents: dict[str, incidents.IncidentNow | None] = {}
        self._spans: dict[int, list[int]] = {}
        self._tokens: list[tuple[int, str]] = []

    def take(self, entry: ev.Entry) -> None:
        event = entry.event
        texts, own = searchable(entry), facets(entry)
        names = _about(event)
        for name in names:
            self._connection.execute("INSERT INTO mention (name, seq) VALUES (?, ?)", (name, entry.seq))
        if isinstance(event, ev.OPENED):
            self._incidents[event.incident_id] = incidents.opened(entry, event)
        elif isinstance(event, ev.IncidentSplit):
            self._split(entry, event)
        of: incidents.IncidentNow | None = None
        for incident_id in self._incidents_of(event, names):
            incident = self._incident(incident_id)
            if incident is not None:
                incident.take(entry, own.person, texts)
                of = incident
            self._join(incident_id, entry.seq)
        if isinstance(event, (*ev.OPENED, *ev.GATHERED)):
            self._gather(entry, event)
        elif isinstance(event, ev.IncidentsMerged):
            self._merge(entry, event)
        elif isinstance(event, ev.ReportMatched):
            self._gather_report(names[0], event.incident_id)
        if of is not None:
            own = msgspec.structs.replace(
                own, district=own.district or of.district, incident_type=own.incident_type or of.type
            )
        self._tokens.append((entry.seq, tokens(texts, own)))
        self._spans.setdefault(entry.at_ns // SPAN_NS, [entry.seq, 0])[1] = entry.seq

    def write(self) -> None:
        incidents.store(self._connection, [one for one in self._incidents.values() if one is not None])
        self._connection.executemany("INSERT INTO token (rowid, tokens) VALUES (?, ?)", self._tokens)
        spans = [(ten_minutes, first, last) for ten_minutes, (first, last) in self._spans.items()]
        self._connection.executemany(_SPAN, spans)

    def _incident(self, incident_id: str) -> incidents.IncidentNow | None:
        if incident_id not in self._incidents:
            self._incidents[incident_id] = incidents.load(self._connection, incident_id)
        return self._incidents[incident_id]

    def _incidents_of(self, event: ev.Event, names: tuple[str, ...]) -> list[str]:
        """The incidents whose history the event joins, each once."""
        named = getattr(event, "incident_id", "")
        found = [named] if named else []
        if isinstance(event, ev.IncidentsMerged):
            found = [event.other_id, event.kept_id]
        elif isinstance(event, ev.IncidentSplit):
            found = [event.new_id, event.incident_id]
        if isinstance(event, ev.HandoffQueued | ev.HandoffDrafted):
            # A hand-off belongs to one incident, the one that was said last.
            self._connection.execute("DELETE FROM belonging WHERE name = ?", names)
            self._belongs(names[0], event.incident_id)
        if isinstance(event, ev.ControlOrdered | ev.MessageDrafted | ev.AreaActProposed) and named:
            self._belongs(names[0], named)
        for name in names:
            rows = self._connection.execute("SELECT incident_id FROM belonging WHERE name = ?", (name,))
            for (incident_id,) in rows.fetchall():
                if incident_id in found or (name.startswith("device:") and self._over(incident_id)):
                    continue
                found.append(incident_id)
        return found

    def _over(self, incident_id: str) -> bool:
        """A device goes on failing and returning long after an incident; only an open one wants to know."""
        incident = self._incident(incident_id)
        return incident is None or incident.stage == "closed"

    def _merge(self, entry: ev.Entry, event: ev.IncidentsMerged) -> None:
        """What the other one's history has is found at the one that goes on, and what is still to come."""
        kept, other = self._incident(event.kept_id), self._incident(event.other_id)
        if kept is None or other is None or kept is other or "closed" in (kept.stage, other.stage):
            return
        kept.act(event.person)
        other.stage = "closed"
        kept.changed_at_ns = other.changed_at_ns = entry.at_ns
        both = (event.kept_id, event.other_id)
        self._connection.execute(
            "INSERT OR IGNORE INTO part (incident_id, seq) SELECT ?, seq FROM part WHERE incident_id = ?",
            both,
        )
        self._connection.execute(
            "INSERT OR IGNORE INTO belonging (name, incident_id)"
            " SELECT name, ? FROM belonging WHERE incident_id = ?",
            both,
        )
        self._connection.execute("DELETE FROM belonging WHERE incident_id = ?", (event.other_id,))

    def _split(self, entry: ev.Entry, event: ev.IncidentSplit) -> None:
        """What the clues that go are called goes with them; the history so far stays with the whole, too."""
        whole, new = self._incident(event.incident_id), self._incident(event.new_id)
        if whole is None or whole.stage == "closed" or new is not None:
            return
        whole.act(event.person)
        whole.changed_at_ns = entry.at_ns
        self._incidents[event.new_id] = incidents.split(entry, event, whole)
        uids = dict.fromkeys(name for uid in event.uids for name in clue_names(uid))
        for uid in uids:
            for name in (f"signal:{uid}", f"alarm:{uid}", f"report:{uid}"):
                moved = self._connection.execute(
                    "DELETE FROM belonging WHERE name = ? AND incident_id = ?", (name, event.incident_id)
                )
                if moved.rowcount:
                    self._belongs(name, event.new_id)
                    for seq in self._mentions("SELECT seq FROM mention WHERE name = ?", name):
                        self._join(event.new_id, seq)

    def _gather(self, entry: ev.Entry, event: ev.Opening | ev.Gathering) -> None:
        """Take what led to the incident into its history: signal, alarm, the devices' last change, cause."""
        seqs: list[int] = [entry.cause.parent] if 0 < entry.cause.parent < entry.seq else []
        whole = [f"signal:{event.signal_uid}"] if event.signal_uid else []
        whole += [f"alarm:{event.alarm_id}"] if event.alarm_id else []
        for name in whole:
            seqs += self._mentions("SELECT seq FROM mention WHERE name = ?", name)
        devices = [f"device:{one}" for one in dict.fromkeys(event.device_ids)]
        for name in devices:
            seqs += self._mentions("SELECT seq FROM mention WHERE name = ? ORDER BY seq DESC LIMIT 1", name)
        for name in (*whole, *devices):
            self._belongs(name, event.incident_id)
        for seq in seqs:
            self._join(event.incident_id, seq)

    def _gather_report(self, name: str, incident_id: str) -> None:
        """A report belongs to one incident at a time; its past goes with it into the incident's history."""
        self._connection.execute("DELETE FROM belonging WHERE name = ?", (name,))
        if incident_id:
            self._belongs(name, incident_id)
            for seq in self._mentions("SELECT seq FROM mention WHERE name = ?", name):
                self._join(incident_id, seq)

    def _mentions(self, sql: str, name: str) -> list[int]:
        return [seq for (seq,) in self._connection.execute(sql, (name,)).fetchall()]

    def _belongs(self, name: str, incident_id: str) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO belonging (name, incident_id) VALUES (?, ?)", (name, incident_id)
        )

    def _join(self, incident_id: str, seq: int) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO part (incident_id, seq) VALUES (?, ?)", (incident_id, seq)
        )


def _about(event: ev.Event) -> tuple[str, ...]:
    """The name of what the event is about, other than an incident."""
    if isinstance(event, ev.SignalReceived):
        return (f"signal:{event.signal.uid}",)
    if isinstance(event, ev.DeviceConditionChanged):
        return (f"device:{event.device_id}",)
    if isinstance(event, ev.AlarmMoved):
        return (f"alarm:{event.occurrence or event.alarm_id}",)
    if isinstance(event, (ev.AlarmRaised, ev.AlarmCleared, ev.AlarmAcknowledged)):
        return (f"alarm:{event.alarm_id}",)
    warning_id = getattr(event, "warning_id", None)
    if warning_id is not None:
        return (f"signal:{warning_id}",)  # as the incident names it that a warning opened
    report_id = getattr(event, "report_id", None)
    if report_id is not None:
        return (f"report:{report_id}",)
    order_id = getattr(event, "order_id", None)
    if order_id is not None:
        return (f"order:{order_id}",)
    handoff_id = getattr(event, "handoff_id", None)
    if handoff_id is not None:
        return (f"handoff:{handoff_id}",)  # before messages: a hand-off has messages too
    message_id = getattr(event, "message_id", None)
    if message_id is not None:
        return (f"message:{message_id}",)
    act_id = getattr(event, "act_id", None)
    if act_id is not None:
        return (f"area:{act_id}",)
    return ()
