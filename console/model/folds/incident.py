"""How the state follows: incidents and the work on them.

`Incident` has what is known of it (place, cameras, alarms, hand-offs, notes), its `Case` how far the work is.
Both follow from the same entries, and what both say is the case's.
"""

from __future__ import annotations

from typing import Any

import msgspec

from console.model import events as ev
from console.model.base import Words
from console.model.citystate import KEEP_CLOSED, CityState
from console.model.folds.alarm import link_alarm
from console.model.folds.base import Folds
from console.model.folds.casework import fold_case
from console.model.folds.share import request_belongs
from console.model.incident import Incident, IncidentStage, Note


def _opened(state: CityState, entry: ev.Entry, event: ev.Opening) -> None:
    state.incident_count += 1
    device_ids = event.device_ids
    if isinstance(event, ev.CaseOpened) and not device_ids:
        device_ids = with_one((), event.clue.device_id)
    state.incidents[event.incident_id] = Incident(
        id=event.incident_id, type=event.type, priority=event.priority, place=event.place,
        opened_at_ns=entry.at_ns, changed_at_ns=entry.at_ns, camera_ids=event.camera_ids,
        signal_uids=with_one((), event.signal_uid), alarm_ids=with_one((), event.alarm_id),
        device_ids=device_ids, reasons=_said((), event),
    )
    link_alarm(state, event.alarm_id, event.incident_id)
    _work(state, entry, event)
    _forget_old(state)


def _gathered(state: CityState, entry: ev.Entry, event: ev.Gathering) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is None:
        return
    device_ids = event.device_ids
    if isinstance(event, ev.ClueGathered) and not device_ids:
        device_ids = with_one((), event.clue.device_id)
    if isinstance(event, ev.ClueGathered) and event.clue.source == "request":
        request_belongs(state, event.clue.uid, incident.id)
    more = tuple(one for one in device_ids if one not in incident.device_ids)
    change(
        state, entry, incident.id,
        signal_uids=with_one(incident.signal_uids, event.signal_uid),
        alarm_ids=with_one(incident.alarm_ids, event.alarm_id),
        device_ids=incident.device_ids + more,
        reasons=_said(incident.reasons, event),
    )
    link_alarm(state, event.alarm_id, event.incident_id)
    _work(state, entry, event)


def _said(reasons: tuple[Words, ...], event: ev.Opening | ev.Gathering) -> tuple[Words, ...]:
    """What the sources say, each once; why the rules put it there is with the clue."""
    says = event.says if isinstance(event, ev.CaseOpened | ev.ClueGathered) else event.reason
    return reasons if says is None or says in reasons else (*reasons, says)


def _noted(state: CityState, entry: ev.Entry, event: ev.IncidentNoted) -> None:
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        note = Note(at_ns=entry.at_ns, person=event.person, text=event.text)
        change(state, entry, incident.id, notes=(*incident.notes, note))
    _work(state, entry, event)


def _merged(state: CityState, entry: ev.Entry, event: ev.IncidentsMerged) -> None:
    kept, other = state.incidents.get(event.kept_id), state.incidents.get(event.other_id)
    fold_case(state.cases, entry.at_ns, event)
    gone = state.cases.get(event.other_id)
    if kept is None or other is None or other.merged_into or gone is None or gone.merged_into != kept.id:
        return
    change(
        state, entry, kept.id,
        signal_uids=_all_of(kept.signal_uids, other.signal_uids),
        alarm_ids=_all_of(kept.alarm_ids, other.alarm_ids),
        device_ids=_all_of(kept.device_ids, other.device_ids),
        camera_ids=_all_of(kept.camera_ids, other.camera_ids),
        handoff_ids=_all_of(kept.handoff_ids, other.handoff_ids),
        reasons=kept.reasons + other.reasons,
        notes=tuple(sorted(kept.notes + other.notes, key=lambda one: one.at_ns)),
    )
    for occurrence in other.alarm_ids:
        link_alarm(state, occurrence, kept.id)
    _move_reports(state, other.id, kept.id)
    _follow_case(state, entry, kept.id)
    _follow_case(state, entry, other.id)


def _split(state: CityState, entry: ev.Entry, event: ev.IncidentSplit) -> None:
    whole, is_new = state.incidents.get(event.incident_id), event.new_id not in state.cases
    fold_case(state.cases, entry.at_ns, event)
    case = state.cases.get(event.new_id)
    if whole is None or case is None or not is_new:
        return
    state.incident_count += 1
    gone = {name for uid in event.uids for name in clue_names(uid)}
    staying = state.cases[whole.id].clues
    device_ids = tuple(dict.fromkeys(one.device_id for one in case.clues if one.device_id))
    kept_devices = {one.device_id for one in staying}
    state.incidents[event.new_id] = Incident(
        id=event.new_id, type=case.type, priority=case.priority, place=event.place or whole.place,
        opened_at_ns=entry.at_ns, changed_at_ns=entry.at_ns,
        camera_ids=event.camera_ids or whole.camera_ids,
        signal_uids=tuple(one for one in whole.signal_uids if one in gone),
        alarm_ids=tuple(one for one in whole.alarm_ids if one in gone),
        device_ids=device_ids,
        reasons=tuple(dict.fromkeys(one.reasons[0] for one in case.clues if one.reasons)),
    )
    change(
        state, entry, whole.id,
        signal_uids=tuple(one for one in whole.signal_uids if one not in gone),
        alarm_ids=tuple(one for one in whole.alarm_ids if one not in gone),
        device_ids=tuple(
            one for one in whole.device_ids if one not in device_ids or one in kept_devices
        ),
    )
    for occurrence in state.incidents[event.new_id].alarm_ids:
        link_alarm(state, occurrence, event.new_id)
    _move_reports(state, whole.id, event.new_id, gone)
    _follow_case(state, entry, whole.id)
    _follow_case(state, entry, event.new_id)


def clue_names(uid: str) -> tuple[str, ...]:
    """What a clue's number is elsewhere on the log: an occurrence with its group (`OCCURRENCE#GROUP`), a
    signal with who sent it (`GATEWAY/UID`), a report."""
    return (uid, uid.partition("#")[0], uid.partition("/")[2] or uid)


def _move_reports(state: CityState, from_id: str, to_id: str, only: set[str] | None = None) -> None:
    """Citizens' reports go where their clues go."""
    for report in list(state.reports.values()):
        if report.incident_id == from_id and (only is None or report.id in only):
            state.reports[report.id] = msgspec.structs.replace(report, incident_id=to_id)


def _all_of(items: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items + more))


def _work(state: CityState, entry: ev.Entry, event: Any) -> None:
    fold_work(state, entry, event, event.incident_id)


def fold_work(state: CityState, entry: ev.Entry, event: ev.Event, incident_id: str) -> None:
    """The case of this incident follows from the event, and the incident from its case."""
    fold_case(state.cases, entry.at_ns, event)
    _follow_case(state, entry, incident_id)


def _follow_case(state: CityState, entry: ev.Entry, incident_id: str) -> None:
    case = state.cases.get(incident_id)
    if case is not None:
        stage: IncidentStage = "closed" if case.merged_into else case.stage
        change(
            state, entry, incident_id, stage=stage, owner=case.owner, type=case.type,
            priority=case.priority, merged_into=case.merged_into,
        )  # fmt: skip


def change(state: CityState, entry: ev.Entry, incident_id: str, **fields: Any) -> None:
    """Set these fields of an incident, and that it changed now; nothing where it is not known."""
    incident = state.incidents.get(incident_id)
    if incident is not None:
        state.incidents[incident_id] = msgspec.structs.replace(incident, changed_at_ns=entry.at_ns, **fields)


def with_one(items: tuple[str, ...], item: str) -> tuple[str, ...]:
    """`items` with `item` at its end, unless it is empty or there already."""
    return (*items, item) if item and item not in items else items


FORGET_EVERY = 16
"""Where so many are over the limit, most of them are open: all are gone over only each so many openings."""


def _forget_old(state: CityState) -> None:
    over = len(state.incidents) - KEEP_CLOSED
    if over <= 0 or (over > FORGET_EVERY and state.incident_count % FORGET_EVERY):
        return
    closed = [one for one in state.incidents.values() if one.stage == "closed"]
    for incident in closed[: max(0, len(state.incidents) - KEEP_CLOSED)]:
        del state.incidents[incident.id]
        state.cases.pop(incident.id, None)
        state.released_footage.pop(incident.id, None)
        state.procedures.pop(incident.id, None)
        for handoff_id in incident.handoff_ids:
            state.handoffs.pop(handoff_id, None)
            state.threads.pop(handoff_id, None)


FOLDS: Folds = {
    ev.IncidentOpened: _opened, ev.CaseOpened: _opened,
    ev.IncidentExtended: _gathered, ev.ClueGathered: _gathered,
    ev.IncidentNoted: _noted,
    ev.IncidentsMerged: _merged, ev.IncidentSplit: _split,
    **dict.fromkeys(
        (
            ev.IncidentAcknowledged, ev.IncidentResolved, ev.IncidentClosed, ev.IncidentClaimed,
            ev.IncidentTakenOver, ev.IncidentReleased, ev.IncidentVerified, ev.IncidentResponding,
            ev.IncidentHeld, ev.IncidentHoldEnded, ev.IncidentRegraded, ev.IncidentReclassified,
            ev.IncidentEscalated, ev.IncidentPutUnder,
        ),
        _work,
    ),
}  # fmt: skip
