"""Incidents and the signals they are made of."""

from __future__ import annotations

from typing import Literal

from console.model.base import Place, Record, Words

IncidentStage = Literal["new", "acknowledged", "verified", "responding", "resolved", "closed"]

OPEN_STAGES: tuple[IncidentStage, ...] = ("new", "acknowledged", "verified", "responding")
"""Those that still ask for somebody."""


class Signal(Record, frozen=True, kw_only=True):
    """Something a source says happened: a detection, a pressed bell, a report, a warning.

    `uid` is the source's own number for it; the same uid from the same source is the same signal.
    `detail` is what the source can say in words. `confidence` is 0..1.
    """

    uid: str
    source: str
    type: str
    at_ns: int
    place: Place
    device_id: str = ""
    confidence: float = 1.0
    detail: Words | None = None


class Note(Record, frozen=True, kw_only=True):
    """What a person wrote into an incident."""

    at_ns: int
    person: str
    text: str


class Incident(Record, frozen=True, kw_only=True):
    """One thing that needs somebody. Priority 1 is the most urgent, 4 the least.

    `reasons` says why it exists in words, oldest first; `camera_ids` are the nearest cameras that could
    see it, best first. Type, priority, stage and owner are its case's (`CityState.cases`); one that was
    merged is closed here, and `merged_into` says where all of it is found.
    """

    id: str
    type: str
    priority: int
    place: Place
    opened_at_ns: int
    changed_at_ns: int
    stage: IncidentStage = "new"
    owner: str = ""
    signal_uids: tuple[str, ...] = ()
    alarm_ids: tuple[str, ...] = ()
    """Occurrences of alarms, see `Alarm.occurrence`."""
    device_ids: tuple[str, ...] = ()
    camera_ids: tuple[str, ...] = ()
    handoff_ids: tuple[str, ...] = ()
    reasons: tuple[Words, ...] = ()
    notes: tuple[Note, ...] = ()
    merged_into: str = ""
