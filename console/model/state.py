"""The folded state: what all entries so far amount to.

`apply` is the only way the state changes, in the hub, on a desk and in a replay alike. It is a pure
function of the entries: two readers that saw the same entries have equal `digest`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import msgspec

from console.model import events as ev
from console.model.base import Record, Words
from console.model.device import Condition
from console.model.footage import FootageLock, MaskZone
from console.model.handoff import LADDER, Handoff, HandoffStage, HandoffStep
from console.model.incident import Alarm, Incident, Note
from console.model.layout import WallLayout
from console.model.recording import RecorderStanding


class DeviceState(Record, frozen=True, kw_only=True):
    """A device that is not simply up, since when and why."""

    condition: Condition
    since_ns: int
    why: Words


class DeskPresence(Record, frozen=True, kw_only=True):
    person: str
    since_ns: int
    viewing: tuple[str, ...] = ()


class PartnerLink(Record, frozen=True, kw_only=True):
    up: bool
    since_ns: int
    why: Words
    refused_messages: int = 0


class CityState(msgspec.Struct, kw_only=True):
    """Mutable only through `apply`. Closed incidents older than `KEEP_CLOSED` others are forgotten."""

    run: str = ""
    seq: int = 0
    city: str = ""
    profile_digest: str = ""
    incident_count: int = 0
    incidents: dict[str, Incident] = {}
    alarms: dict[str, Alarm] = {}
    devices: dict[str, DeviceState] = {}
    handoffs: dict[str, Handoff] = {}
    desks: dict[str, DeskPresence] = {}
    partners: dict[str, PartnerLink] = {}
    mode: str = ""
    layouts: dict[str, WallLayout] = {}
    masks: dict[str, tuple[MaskZone, ...]] = {}
    """By camera."""
    lifted_masks: dict[str, int] = {}
    """`lift_key(desk, camera)` to the time (ns) until which that desk sees the camera without its masks."""
    footage_locks: dict[str, FootageLock] = {}
    """Locks that persons set; an incident's own lock follows from the incident."""
    released_footage: dict[str, int] = {}
    """Incidents whose own lock a person took away, and when (ns); forgotten with the incident."""
    recorders: dict[str, RecorderStanding] = {}
    """Recorders of pictures by the name of their key."""
    exports: dict[str, str] = {}
    """Exports that were begun and not finished: id to desk."""


KEEP_CLOSED = 2000
"""How many closed incidents stay in memory; the record has them all."""


class GapError(Exception):
    """An entry did not follow the one before it; the reader must take a snapshot."""


def lift_key(desk: str, camera_id: str) -> str:
    """The key of `CityState.lifted_masks`."""
    return f"{desk}/{camera_id}"


def follows(state: CityState, entry: ev.Entry) -> bool:
    """Whether `entry` is the next one of the log this state was folded from."""
    return entry.run == state.run and entry.seq == state.seq + 1


def apply(state: CityState, entry: ev.Entry) -> None:
    """Fold one entry into the state.

    Events about things the state does not know (an incident long forgotten) change nothing but the
    position: the fold never fails on a committed fact.
    """
    state.run, state.seq = entry.run, entry.seq
    fold = _FOLDS.get(type(entry.event))
    if fold is not None:
        fold(state, entry, entry.event)


def digest(state: CityState) -> str:
    """SHA-256 of what the state says, without where in which log it was learnt and who is sitting there."""
    said = msgspec.to_builtins(state)
    for key in ("run", "seq", "desks"):
        del said[key]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def _hub_started(state: CityState, entry: ev.Entry, event: ev.HubStarted) -> None:
    state.city, state.profile_digest = event.city, event.profile_digest
    state.desks.clear()


def _desk_connected(state: CityState, entry: ev.Entry, event: ev.DeskConnected) -> None:
    state.desks[event.desk] = DeskPresence(person=event.person, since_ns=entry.at_ns)


def _desk_left(state: CityState, entry: ev.Entry, event: ev.DeskLeft) -> None:
    state.desks.pop(event.desk, None)


def _condition(state: CityState, entry: ev.Entry, event: ev.DeviceConditionChanged) -> None:
    if event.condition == "up":
        state.devices.pop(event.device_id, None)
        return
    state.devices[event.device_id] = DeviceState(
        condition=event.condition, since_ns=entry.at_ns, why=event.why
    )


def _alarm_raised(state: CityState, entry: ev.Entry, event: ev.AlarmRaised) -> None:
    state.alarms[event.alarm_id] = Alarm(
        id=event.alarm_id, limit_id=event.limit_id, point_index=event.point_index, device_id=event.device_id,
        priority=event.priority, place=event.place, text=event.text, value=event.value,
        raised_at_ns=entry.at_ns,
    )


def _alarm_cleared(state: CityState, entry: ev.Entry, event: ev.AlarmCleared) -> None:
    alarm = state.alarms.get(event.alarm_id)
    if alarm is None:
        return
    if alarm.state == "acknowledged":
        del state.alarms[event.alarm_id]
    else:
        state.alarms[event.alarm_id] = msgspec.structs.replace(alarm, state="returned_unacknowledged")


def _alarm_acknowledged(state: CityState, entry: ev.Entry, event: ev.AlarmAcknowledged) -> None:
    alarm = state.alarms.get(event.alarm_id)
    if alarm is None:
        return
    if alarm.state == "returned_unacknowledged":
        del state.alarms[event.alarm_id]
    else:
        state.alarms[event.alarm_id] = msgspec.structs.replace(alarm, state="acknowledged")


def _opened(state: CityState, entry: ev.Entry, event: ev.IncidentOpened) -> None:
    state.incident_count += 1
    state.incidents[event.incident_id] = Incident(
        id=event.incident_id, type=event.type, priority=event.priority, place=event.place,
        opened_at_ns=entry.at_ns, changed_at_ns=entry.at_ns, camera_ids=event.camera_ids,
        signal_uids=_with((), event.signal_uid), alarm_ids=_with((), event.alarm_id),
        device_ids=event.device_ids, reasons=(event.reason,),
    )
    _link_alarm(state, event.alarm_id, event.incident_id)
    _forget_old(state)


def _extended(state: CityState, entry: ev.Entry, event: ev.IncidentExtended) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is None:
        return
    more = tuple(one for one in event.device_ids if one not in incident.device_ids)
    _change(
        state, entry, incident.id,
        signal_uids=_with(incident.signal_uids, event.signal_uid),
        alarm_ids=_with(incident.alarm_ids, event.alarm_id),
        device_ids=incident.device_ids + more,
        reasons=(*incident.reasons, event.reason),
    )
    _link_alarm(state, event.alarm_id, event.incident_id)


def _acknowledged(state: CityState, entry: ev.Entry, event: ev.IncidentAcknowledged) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        stage = "acknowledged" if incident.stage == "new" else incident.stage
        _change(state, entry, incident.id, stage=stage, owner=event.person)


def _noted(state: CityState, entry: ev.Entry, event: ev.IncidentNoted) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        note = Note(at_ns=entry.at_ns, person=event.person, text=event.text)
        _change(state, entry, incident.id, notes=(*incident.notes, note))


def _resolved(state: CityState, entry: ev.Entry, event: ev.IncidentResolved) -> None:
    _change(state, entry, event.incident_id, stage="resolved")


def _closed(state: CityState, entry: ev.Entry, event: ev.IncidentClosed) -> None:
    _change(state, entry, event.incident_id, stage="closed")


def _queued(state: CityState, entry: ev.Entry, event: ev.HandoffQueued) -> None:
    state.handoffs[event.handoff_id] = Handoff(
        id=event.handoff_id, key=event.key, incident_id=event.incident_id, agency=event.agency,
        revision=event.revision, person=event.person, message_sha256=event.message_sha256, stage="queued",
        steps=(HandoffStep(stage="queued", at_ns=entry.at_ns),),
    )
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        stage = "responding" if incident.stage in ("new", "acknowledged") else incident.stage
        _change(
            state, entry, incident.id, stage=stage, owner=incident.owner or event.person,
            handoff_ids=_with(incident.handoff_ids, event.handoff_id),
        )


def _sent(state: CityState, entry: ev.Entry, event: ev.HandoffSent) -> None:
    handoff = state.handoffs.get(event.handoff_id)
    if handoff is not None:
        state.handoffs[handoff.id] = msgspec.structs.replace(handoff, attempts=event.attempt)
        _reach(state, entry, event.handoff_id, "sent", None)


def _received(state: CityState, entry: ev.Entry, event: ev.HandoffReceived) -> None:
    handoff = state.handoffs.get(event.handoff_id)
    if handoff is not None:
        state.handoffs[handoff.id] = msgspec.structs.replace(handoff, agency_ref=event.agency_ref)
        _reach(state, entry, event.handoff_id, "received", None)


def _partner_step(stage: HandoffStage) -> Callable[[CityState, ev.Entry, Any], None]:
    def fold(state: CityState, entry: ev.Entry, event: Any) -> None:
        words = event.words
        if isinstance(event, ev.HandoffRejected) and words is None:
            words = Words(en=event.reason, ko=event.reason)
        _reach(state, entry, event.handoff_id, stage, words)

    return fold


def _stalled(state: CityState, entry: ev.Entry, event: ev.HandoffStalled) -> None:
    _reach(state, entry, event.handoff_id, "stalled", event.reason)


def _partner_message(state: CityState, entry: ev.Entry, event: ev.PartnerMessageRefused) -> None:
    link = state.partners.get(event.agency)
    if link is not None:
        state.partners[event.agency] = msgspec.structs.replace(
            link, refused_messages=link.refused_messages + 1
        )


def _link_changed(state: CityState, entry: ev.Entry, event: ev.PartnerLinkChanged) -> None:
    before = state.partners.get(event.agency)
    state.partners[event.agency] = PartnerLink(
        up=event.up, since_ns=entry.at_ns, why=event.why,
        refused_messages=before.refused_messages if before else 0,
    )


def _viewing(state: CityState, entry: ev.Entry, event: ev.ViewingStarted) -> None:
    desk = state.desks.get(event.desk)
    if desk is not None:
        more = tuple(one for one in event.camera_ids if one not in desk.viewing)
        state.desks[event.desk] = msgspec.structs.replace(desk, viewing=desk.viewing + more)


def _not_viewing(state: CityState, entry: ev.Entry, event: ev.ViewingEnded) -> None:
    desk = state.desks.get(event.desk)
    if desk is not None:
        left = tuple(one for one in desk.viewing if one not in event.camera_ids)
        state.desks[event.desk] = msgspec.structs.replace(desk, viewing=left)


def _locked(state: CityState, entry: ev.Entry, event: ev.FootageLocked) -> None:
    state.footage_locks[event.lock_id] = FootageLock(
        id=event.lock_id, camera_ids=event.camera_ids, from_ns=event.from_ns, to_ns=event.to_ns,
        reason=event.reason, person=event.person,
    )


def _unlocked(state: CityState, entry: ev.Entry, event: ev.FootageUnlocked) -> None:
    state.footage_locks.pop(event.lock_id, None)
    sort, _, incident_id = event.lock_id.partition(":")
    if sort == "incident" and incident_id in state.incidents:
        state.released_footage[incident_id] = entry.at_ns


def _export_started(state: CityState, entry: ev.Entry, event: ev.FootageExportStarted) -> None:
    state.exports[event.export_id] = event.desk


def _export_finished(state: CityState, entry: ev.Entry, event: ev.FootageExportFinished) -> None:
    state.exports.pop(event.export_id, None)


def _recorder_changed(state: CityState, entry: ev.Entry, event: ev.RecorderChanged) -> None:
    state.recorders[event.recorder] = RecorderStanding(report=event.report, since_ns=entry.at_ns)


def _layout_saved(state: CityState, entry: ev.Entry, event: ev.LayoutSaved) -> None:
    state.layouts[event.layout.id] = event.layout


def _layout_deleted(state: CityState, entry: ev.Entry, event: ev.LayoutDeleted) -> None:
    state.layouts.pop(event.layout_id, None)


def _mode_changed(state: CityState, entry: ev.Entry, event: ev.CityModeChanged) -> None:
    state.mode = event.mode


def _masks_set(state: CityState, entry: ev.Entry, event: ev.MasksSet) -> None:
    if event.zones:
        state.masks[event.camera_id] = event.zones
    else:
        state.masks.pop(event.camera_id, None)


def _masks_lifted(state: CityState, entry: ev.Entry, event: ev.MasksLifted) -> None:
    over = [key for key, until_ns in state.lifted_masks.items() if until_ns <= entry.at_ns]
    for key in over:
        del state.lifted_masks[key]
    key = lift_key(event.desk, event.camera_id)
    if event.until_ns > entry.at_ns:
        state.lifted_masks[key] = event.until_ns
    else:
        state.lifted_masks.pop(key, None)


def _reach(
    state: CityState, entry: ev.Entry, handoff_id: str, stage: HandoffStage, words: Words | None
) -> None:
    """Add a rung. The ladder never goes down: a late "received" after "accepted" is kept as a step only."""
    handoff = state.handoffs.get(handoff_id)
    if handoff is None:
        return
    step = HandoffStep(stage=stage, at_ns=entry.at_ns, words=words)
    if not _moves(handoff.stage, stage):
        stage = handoff.stage
    state.handoffs[handoff_id] = msgspec.structs.replace(handoff, stage=stage, steps=(*handoff.steps, step))
    if handoff.incident_id in state.incidents:
        _change(state, entry, handoff.incident_id)


def _moves(now: HandoffStage, said: HandoffStage) -> bool:
    """Whether `said` takes a hand-off at `now` further. The partner's last word wins over the line's."""
    if now == "closed":
        return False  # what is said after the end is kept as a step; a closed case is not opened again
    if now == "rejected":
        return said not in ("sent", "received", "stalled")
    if now not in LADDER:
        return True
    if said == "stalled":
        return LADDER.index(now) < LADDER.index("received")
    return said not in LADDER or LADDER.index(said) > LADDER.index(now)


def _change(state: CityState, entry: ev.Entry, incident_id: str, **fields: Any) -> None:
    incident = state.incidents.get(incident_id)
    if incident is not None:
        state.incidents[incident_id] = msgspec.structs.replace(incident, changed_at_ns=entry.at_ns, **fields)


def _with(items: tuple[str, ...], item: str) -> tuple[str, ...]:
    return (*items, item) if item and item not in items else items


def _link_alarm(state: CityState, alarm_id: str, incident_id: str) -> None:
    alarm = state.alarms.get(alarm_id)
    if alarm is not None:
        state.alarms[alarm_id] = msgspec.structs.replace(alarm, incident_id=incident_id)


def _forget_old(state: CityState) -> None:
    if len(state.incidents) <= KEEP_CLOSED:
        return
    closed = [one for one in state.incidents.values() if one.stage == "closed"]
    for incident in closed[: max(0, len(state.incidents) - KEEP_CLOSED)]:
        del state.incidents[incident.id]
        state.released_footage.pop(incident.id, None)
        for handoff_id in incident.handoff_ids:
            state.handoffs.pop(handoff_id, None)


_FOLDS: dict[type[ev.Event], Callable[[CityState, ev.Entry, Any], None]] = {
    ev.HubStarted: _hub_started, ev.DeskConnected: _desk_connected, ev.DeskLeft: _desk_left,
    ev.DeviceConditionChanged: _condition,
    ev.AlarmRaised: _alarm_raised, ev.AlarmCleared: _alarm_cleared, ev.AlarmAcknowledged: _alarm_acknowledged,
    ev.IncidentOpened: _opened, ev.IncidentExtended: _extended, ev.IncidentAcknowledged: _acknowledged,
    ev.IncidentNoted: _noted, ev.IncidentResolved: _resolved, ev.IncidentClosed: _closed,
    ev.HandoffQueued: _queued, ev.HandoffSent: _sent, ev.HandoffReceived: _received,
    ev.HandoffAccepted: _partner_step("accepted"), ev.HandoffRejected: _partner_step("rejected"),
    ev.HandoffDispatched: _partner_step("dispatched"), ev.HandoffArrived: _partner_step("on_scene"),
    ev.HandoffClosed: _partner_step("closed"), ev.HandoffStalled: _stalled,
    ev.PartnerMessageRefused: _partner_message, ev.PartnerLinkChanged: _link_changed,
    ev.ViewingStarted: _viewing, ev.ViewingEnded: _not_viewing,
    ev.FootageLocked: _locked, ev.FootageUnlocked: _unlocked,
    ev.FootageExportStarted: _export_started, ev.FootageExportFinished: _export_finished,
    ev.RecorderChanged: _recorder_changed,
    ev.LayoutSaved: _layout_saved, ev.LayoutDeleted: _layout_deleted, ev.CityModeChanged: _mode_changed,
    ev.MasksSet: _masks_set, ev.MasksLifted: _masks_lifted,
}
