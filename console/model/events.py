"""What happened: every kind of entry of the decision lane, past tense.

An event says a fact that has been decided and committed. It carries everything the fold needs, so a
reader with nothing but the log arrives at the same state as the hub.
"""

from __future__ import annotations

from typing import TypeAlias

from console.model.base import Place, Record, Words
from console.model.device import Condition
from console.model.footage import ExportCopy, ExportForm, ExportOutcome, MaskZone
from console.model.incident import Signal
from console.model.layout import WallLayout
from console.model.recording import RecorderReport


class Event(Record, frozen=True, kw_only=True, tag_field="kind"):
    """Base of all events; the tag is `noun.verb`."""


class HubStarted(Event, frozen=True, kw_only=True, tag="hub.started"):
    """The hub began a new run on this ledger."""

    version: str
    profile_digest: str
    city: str


class DeskConnected(Event, frozen=True, kw_only=True, tag="desk.connected"):
    """A person sat down at a desk."""

    desk: str
    person: str


class DeskLeft(Event, frozen=True, kw_only=True, tag="desk.left"):
    """A desk closed, or said nothing for five seconds."""

    desk: str
    person: str


class SignalReceived(Event, frozen=True, kw_only=True, tag="signal.received"):
    """A source said that something happened. Kept whether or not it opens an incident."""

    signal: Signal


class DeviceConditionChanged(Event, frozen=True, kw_only=True, tag="device.condition_changed"):
    """A device went down, came back, or works badly."""

    device_id: str
    condition: Condition
    why: Words


class AlarmRaised(Event, frozen=True, kw_only=True, tag="alarm.raised"):
    """A value went beyond its limit and stayed there for the delay."""

    alarm_id: str
    limit_id: str
    point_index: int
    device_id: str
    priority: int
    place: Place
    text: Words
    value: float


class AlarmCleared(Event, frozen=True, kw_only=True, tag="alarm.cleared"):
    """The value came back beyond the clear level."""

    alarm_id: str
    value: float


class AlarmAcknowledged(Event, frozen=True, kw_only=True, tag="alarm.acknowledged"):
    """A person has seen the alarm."""

    alarm_id: str
    person: str


class IncidentOpened(Event, frozen=True, kw_only=True, tag="incident.opened"):
    """Something needs somebody; with the reason in words and the cameras that can see it."""

    incident_id: str
    type: str
    priority: int
    place: Place
    reason: Words
    camera_ids: tuple[str, ...] = ()
    signal_uid: str = ""
    alarm_id: str = ""
    device_ids: tuple[str, ...] = ()


class IncidentExtended(Event, frozen=True, kw_only=True, tag="incident.extended"):
    """A further signal, alarm or device was found to belong to it."""

    incident_id: str
    reason: Words
    signal_uid: str = ""
    alarm_id: str = ""
    device_ids: tuple[str, ...] = ()


class IncidentAcknowledged(Event, frozen=True, kw_only=True, tag="incident.acknowledged"):
    """A person took it on and owns it now."""

    incident_id: str
    person: str


class IncidentNoted(Event, frozen=True, kw_only=True, tag="incident.noted"):
    """A person wrote something into it."""

    incident_id: str
    person: str
    text: str


class IncidentResolved(Event, frozen=True, kw_only=True, tag="incident.resolved"):
    """A person says that it is over, and what it was."""

    incident_id: str
    person: str
    outcome: str
    """real, false or test"""


class IncidentClosed(Event, frozen=True, kw_only=True, tag="incident.closed"):
    """Nothing more is to be done about it."""

    incident_id: str
    person: str


class HandoffQueued(Event, frozen=True, kw_only=True, tag="handoff.queued"):
    """The message is owed to the partner; its bytes were written in the same transaction."""

    handoff_id: str
    key: str
    incident_id: str
    agency: str
    revision: int
    person: str
    message_sha256: str


class HandoffSent(Event, frozen=True, kw_only=True, tag="handoff.sent"):
    """The bytes left for the partner, for the `attempt`th time."""

    handoff_id: str
    attempt: int


class HandoffReceived(Event, frozen=True, kw_only=True, tag="handoff.received"):
    """The partner confirmed it under a case number of its own."""

    handoff_id: str
    agency_ref: str


class HandoffAccepted(Event, frozen=True, kw_only=True, tag="handoff.accepted"):
    """The partner takes the case."""

    handoff_id: str
    words: Words | None = None


class HandoffRejected(Event, frozen=True, kw_only=True, tag="handoff.rejected"):
    """The partner does not take the case, and why."""

    handoff_id: str
    reason: str
    words: Words | None = None


class HandoffDispatched(Event, frozen=True, kw_only=True, tag="handoff.dispatched"):
    """The partner sent somebody."""

    handoff_id: str
    words: Words | None = None


class HandoffArrived(Event, frozen=True, kw_only=True, tag="handoff.arrived"):
    """They are on the scene."""

    handoff_id: str
    words: Words | None = None


class HandoffClosed(Event, frozen=True, kw_only=True, tag="handoff.closed"):
    """The partner closed its case."""

    handoff_id: str
    words: Words | None = None


class HandoffStalled(Event, frozen=True, kw_only=True, tag="handoff.stalled"):
    """The line or the partner does not answer as it must; a person has to know. Sending goes on."""

    handoff_id: str
    reason: Words


class PartnerMessageRefused(Event, frozen=True, kw_only=True, tag="partner.message_refused"):
    """A partner sent something that could not be used; kept as a fact with what was wrong."""

    agency: str
    problem: str


class PartnerLinkChanged(Event, frozen=True, kw_only=True, tag="partner.link_changed"):
    """The line to a partner came up or went down."""

    agency: str
    up: bool
    why: Words


class ViewingStarted(Event, frozen=True, kw_only=True, tag="viewing.started"):
    """A person may see these cameras from here on; committed before the first picture is shown."""

    desk: str
    person: str
    camera_ids: tuple[str, ...]
    purpose: str


class ViewingEnded(Event, frozen=True, kw_only=True, tag="viewing.ended"):
    """A person no longer sees these cameras."""

    desk: str
    person: str
    camera_ids: tuple[str, ...]


class LogRead(Event, frozen=True, kw_only=True, tag="log.read"):
    """A person looked something up in the record."""

    desk: str
    person: str
    query: str


class LogExported(Event, frozen=True, kw_only=True, tag="log.exported"):
    """A person took a part of the record out of the console; committed before the file is written."""

    desk: str
    person: str
    what: str
    format: str
    reason: str


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


class LayoutSaved(Event, frozen=True, kw_only=True, tag="layout.saved"):
    """A wall layout was made or changed for all desks."""

    desk: str
    person: str
    layout: WallLayout


class LayoutDeleted(Event, frozen=True, kw_only=True, tag="layout.deleted"):
    """A wall layout was taken away."""

    desk: str
    person: str
    layout_id: str


class CityModeChanged(Event, frozen=True, kw_only=True, tag="city.mode_changed"):
    """The city is in another mode (night, flood, festival); empty is the normal one."""

    desk: str
    person: str
    mode: str


class MasksSet(Event, frozen=True, kw_only=True, tag="masks.set"):
    """These parts of a camera's picture are hidden from now on, on every desk."""

    desk: str
    person: str
    camera_id: str
    zones: tuple[MaskZone, ...]
    reason: str


class MasksLifted(Event, frozen=True, kw_only=True, tag="masks.lifted"):
    """One desk sees this camera without masks until `until_ns`."""

    desk: str
    person: str
    camera_id: str
    until_ns: int
    reason: str


AnyEvent: TypeAlias = (
    HubStarted | DeskConnected | DeskLeft | SignalReceived | DeviceConditionChanged
    | AlarmRaised | AlarmCleared | AlarmAcknowledged
    | IncidentOpened | IncidentExtended | IncidentAcknowledged | IncidentNoted
    | IncidentResolved | IncidentClosed
    | HandoffQueued | HandoffSent | HandoffReceived | HandoffAccepted | HandoffRejected | HandoffDispatched
    | HandoffArrived | HandoffClosed | HandoffStalled | PartnerMessageRefused | PartnerLinkChanged
    | ViewingStarted | ViewingEnded | LogRead | LogExported
    | FootageViewed | FootageLocked | FootageUnlocked | FootageExportStarted | FootageExportFinished
    | RecorderChanged
    | LayoutSaved | LayoutDeleted | CityModeChanged | MasksSet | MasksLifted
)


class Cause(Record, frozen=True, kw_only=True):
    """Who or what made it so.

    `actor` is "person:NAME", "rule:NAME", "gateway:NAME", "agency:NAME" or "hub"; `parent` the seq of the
    entry it follows from; `command_id` the request that asked for it.
    """

    actor: str
    parent: int = 0
    command_id: str = ""
    desk: str = ""


class Entry(Record, frozen=True, kw_only=True):
    """One committed fact. `run` changes when the hub starts a new log; `seq` has no gaps within it."""

    run: str
    seq: int
    at_ns: int
    cause: Cause
    event: AnyEvent


def kind_of(event: Event) -> str:
    """The event's tag, for topics and the ledger."""
    return str(type(event).__struct_config__.tag)


def topic_of(kind: str) -> bytes:
    """The decision-lane topic of a tag; it ends in "/": no topic is the beginning of another by accident."""
    return b"d/" + kind.replace(".", "/").encode() + b"/"


EVENT_KINDS: dict[str, type[Event]] = {
    str(kind.__struct_config__.tag): kind for kind in AnyEvent.__args__
}
