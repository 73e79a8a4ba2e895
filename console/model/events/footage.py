"""Recorded pictures: seen, locked, exported; and how their recorders are."""

from __future__ import annotations

from console.model.events.base import Event
from console.model.footage import ExportCopy, ExportForm, ExportOutcome
from console.model.recording import RecorderReport


class FootageViewed(Event, frozen=True, kw_only=True, tag="footage.viewed"):
    """A person may see what these cameras recorded from `from_ns` to `to_ns`; committed before it shows."""

    desk: str
    person: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    purpose: str


class FootageLocked(Event, frozen=True, kw_only=True, tag="footage.locked"):
    """A person wants this footage kept whatever its age."""

    lock_id: str
    desk: str
    person: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    reason: str


class FootageUnlocked(Event, frozen=True, kw_only=True, tag="footage.unlocked"):
    """A lock was taken away: a person's, or an incident's own ("incident:ID")."""

    lock_id: str
    desk: str
    person: str
    reason: str


class FootageExportStarted(Event, frozen=True, kw_only=True, tag="footage.export_started"):
    """A person takes pictures out of the console; committed before the first byte is written."""

    export_id: str
    desk: str
    person: str
    camera_ids: tuple[str, ...]
    from_ns: int
    to_ns: int
    form: ExportForm
    copies: tuple[ExportCopy, ...]
    reason: str
    legal_basis: str


class FootageExportFinished(Event, frozen=True, kw_only=True, tag="footage.export_finished"):
    """How an export ended; `manifest_sha256` ties what was written to this log."""

    export_id: str
    desk: str
    person: str
    outcome: ExportOutcome
    manifest_sha256: str
    files: int
    bytes: int


class RecorderChanged(Event, frozen=True, kw_only=True, tag="recorder.changed"):
    """A recorder of pictures records other cameras than before, has trouble with its disk, stopped, or said
    nothing for ten seconds.
    """

    recorder: str
    report: RecorderReport
