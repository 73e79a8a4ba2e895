"""How the state follows: incidents."""

from __future__ import annotations

from typing import Any

import msgspec

from console.model import events as ev
from console.model.citystate import KEEP_CLOSED, CityState
from console.model.folds.alarm import link_alarm
from console.model.folds.base import Folds
from console.model.incident import Incident, Note


def _opened(state: CityState, entry: ev.Entry, event: ev.IncidentOpened) -> None:
    state.incident_count += 1
    state.incidents[event.incident_id] = Incident(
        id=event.incident_id, type=event.type, priority=event.priority, place=event.place,
        opened_at_ns=entry.at_ns, changed_at_ns=entry.at_ns, camera_ids=event.camera_ids,
        signal_uids=with_one((), event.signal_uid), alarm_ids=with_one((), event.alarm_id),
        device_ids=event.device_ids, reasons=(event.reason,),
    )
    link_alarm(state, event.alarm_id, event.incident_id)
    _forget_old(state)


def _extended(state: CityState, entry: ev.Entry, event: ev.IncidentExtended) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is None:
        return
    more = tuple(one for one in event.device_ids if one not in incident.device_ids)
    change(
        state, entry, incident.id,
        signal_uids=with_one(incident.signal_uids, event.signal_uid),
        alarm_ids=with_one(incident.alarm_ids, event.alarm_id),
        device_ids=incident.device_ids + more,
        reasons=(*incident.reasons, event.reason),
    )
    link_alarm(state, event.alarm_id, event.incident_id)


def _acknowledged(state: CityState, entry: ev.Entry, event: ev.IncidentAcknowledged) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        stage = "acknowledged" if incident.stage == "new" else incident.stage
        change(state, entry, incident.id, stage=stage, owner=event.person)


def _noted(state: CityState, entry: ev.Entry, event: ev.IncidentNoted) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        note = Note(at_ns=entry.at_ns, person=event.person, text=event.text)
        change(state, entry, incident.id, notes=(*incident.notes, note))


def _resolved(state: CityState, entry: ev.Entry, event: ev.IncidentResolved) -> None:
    change(state, entry, event.incident_id, stage="resolved")


def _closed(state: CityState, entry: ev.Entry, event: ev.IncidentClosed) -> None:
    change(state, entry, event.incident_id, stage="closed")


def change(state: CityState, entry: ev.Entry, incident_id: str, **fields: Any) -> None:
    """Set these fields of an incident, and that it changed now; nothing where it is not known."""
    incident = state.incidents.get(incident_id)
    if incident is not None:
        state.incidents[incident_id] = msgspec.structs.replace(incident, changed_at_ns=entry.at_ns, **fields)


def with_one(items: tuple[str, ...], item: str) -> tuple[str, ...]:
    """`items` with `item` at its end, unless it is empty or there already."""
    return (*items, item) if item and item not in items else items


def _forget_old(state: CityState) -> None:
    if len(state.incidents) <= KEEP_CLOSED:
        return
    closed = [one for one in state.incidents.values() if one.stage == "closed"]
    for incident in closed[: max(0, len(state.incidents) - KEEP_CLOSED)]:
        del state.incidents[incident.id]
        state.released_footage.pop(incident.id, None)
        state.procedures.pop(incident.id, None)
        for handoff_id in incident.handoff_ids:
            state.handoffs.pop(handoff_id, None)


FOLDS: Folds = {
    ev.IncidentOpened: _opened,
    ev.IncidentExtended: _extended,
    ev.IncidentAcknowledged: _acknowledged,
    ev.IncidentNoted: _noted,
    ev.IncidentResolved: _resolved,
    ev.IncidentClosed: _closed,
}
