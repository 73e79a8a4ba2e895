"""What an entry of the log means for procedures: facts about incidents, by their names.

Pure. `hear` is to be called after the entry is folded into the state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import msgspec

from console.model import events as ev
from console.model.citystate import CityState
from console.model.footage import SCENE
from console.model.incident import Incident
from console.model.openabout import open_about
from console.model.procedure import fact_key
from console.model.procedurerun import ProcedureRun

Told = tuple[str, str, bool]
"""(incident, fact, whether it is true: False where what was so is so no longer)."""
Find: TypeAlias = "Callable[[CityState, Any], Iterator[Told]]"
_HANDOFF: dict[type[ev.Event], str] = {
    ev.HandoffSent: "handoff_sent", ev.HandoffReceived: "handoff_received",
    ev.HandoffAccepted: "handoff_accepted", ev.HandoffRejected: "handoff_rejected",
    ev.HandoffDispatched: "handoff_dispatched", ev.HandoffArrived: "handoff_arrived",
    ev.HandoffClosed: "handoff_closed", ev.HandoffStalled: "handoff_stalled",
}  # fmt: skip
_SAID = {
    "received": "handoff_received", "accepted": "handoff_accepted", "refused": "handoff_rejected",
    "assigned": "handoff_dispatched", "on_scene": "handoff_arrived", "closed": "handoff_closed",
}  # fmt: skip
_CALLED = {"accepted": "handoff_accepted", "refused": "handoff_rejected"}
VERDICTS = ("real", "false", "test")
_TAKEN = ("handoff_accepted", "handoff_dispatched", "handoff_arrived")
_OUTCOME = {"done": "control_done", "refused": "control_failed", "failed": "control_failed",
            "unclear": "control_failed"}  # fmt: skip


def hear(runs: dict[str, ProcedureRun], state: CityState, entry: ev.Entry) -> dict[str, ProcedureRun]:
    """The runs that an entry changes, with what was heard. An incident that begins has an empty run, so that
    nothing is lost before its procedure starts; one without a run, and a run that has ended, hear nothing.
    What is told of an incident that is part of another by now is heard there."""
    changed = {one: ProcedureRun(incident_id=one) for one in begun_by(entry.event)}
    if isinstance(entry.event, ev.IncidentsMerged):
        changed.update(_together(runs, entry.event))
    for incident_id, fact, true in facts_of(state, entry):
        run = changed.get(incident_id) or runs.get(incident_id)
        if run is None or run.ended_ns:
            continue
        heard = dict(run.heard)
        if true:
            heard[fact] = entry.at_ns
        else:
            _forget(heard, fact)
        changed[incident_id] = msgspec.structs.replace(run, heard=heard)
    return changed


def _together(runs: dict[str, ProcedureRun], event: ev.IncidentsMerged) -> dict[str, ProcedureRun]:
    """Of two that are one, the kept one knows what both knew."""
    kept, other = runs.get(event.kept_id), runs.get(event.other_id)
    if kept is None or other is None or kept.ended_ns:
        return {}
    return {kept.incident_id: msgspec.structs.replace(kept, heard={**other.heard, **kept.heard})}


def begun_by(event: ev.Event) -> tuple[str, ...]:
    """The incidents that an event begins."""
    if isinstance(event, ev.Opening):
        return (event.incident_id,)
    return (event.new_id,) if isinstance(event, ev.IncidentSplit) else ()


def _forget(heard: dict[str, int], fact: str) -> None:
    """A fact is so no longer; what it was a case of is, while another case of it is."""
    heard.pop(fact, None)
    of, named, _ = fact.partition("/")
    if named and not any(one.startswith(f"{of}/") for one in heard):
        heard.pop(of, None)


def facts_of(state: CityState, entry: ev.Entry) -> tuple[Told, ...]:
    """What an entry says about incidents."""
    found = _FINDERS.get(type(entry.event))
    if found is None:
        return ()
    return tuple((_kept(state, one), fact, true) for one, fact, true in found(state, entry.event))


def _kept(state: CityState, incident_id: str) -> str:
    """Where an incident is found now: itself, or what it was merged into."""
    seen = {""}
    while incident_id not in seen:
        seen.add(incident_id)
        incident = state.incidents.get(incident_id)
        if incident is not None and incident.merged_into:
            incident_id = incident.merged_into
    return incident_id


def _handoff(state: CityState, event: Any) -> Iterator[Told]:
    """Who goes on with a case has not refused it; who does not answer any more does, once he answers."""
    handoff = state.threads.get(event.handoff_id)
    name = _handoff_fact(event)
    if handoff is None or not name:
        return
    if name in _TAKEN:
        for one in ("handoff_rejected", "handoff_stalled"):
            yield handoff.incident_id, fact_key(one, handoff.agency), False
    yield handoff.incident_id, name, True
    yield handoff.incident_id, fact_key(name, handoff.agency), True


def _called(state: CityState, event: Any) -> Iterator[Told]:
    """What was said by voice counts as what is written: the partner has it, may have taken or refused it."""
    thread = state.threads.get(event.handoff_id)
    if thread is None or event.call.outcome == "no_answer":
        return
    yield thread.incident_id, fact_key("handoff_stalled", thread.agency), False
    for name in ("handoff_received", _CALLED.get(event.call.outcome, "")):
        if name:
            yield thread.incident_id, name, True
            yield thread.incident_id, fact_key(name, thread.agency), True


def _handoff_fact(event: Any) -> str:
    if isinstance(event, ev.HandoffSaid):
        return _SAID.get(event.statement.said, "")
    if isinstance(event, ev.HandoffTold):  # nobody of the partner has it after a minute
        return "handoff_stalled" if (event.what, event.level) == ("answer", "card") else ""
    return _HANDOFF[type(event)]


def _queued(state: CityState, event: Any) -> Iterator[Told]:
    """Told again, a partner has not refused or closed it; where all it was told before is over, its whole
    answer to that counts no more."""
    incident = state.incidents.get(event.incident_id)
    before = [
        other
        for one in (incident.handoff_ids if incident is not None else ())
        if one != event.handoff_id
        and (other := state.handoffs.get(one)) is not None and other.agency == event.agency
    ]  # fmt: skip
    over = bool(before) and all(one.stage in ("closed", "rejected") for one in before)
    for name in _HANDOFF.values() if over else ("handoff_rejected", "handoff_closed", "handoff_stalled"):
        yield event.incident_id, fact_key(name, event.agency), False


def _control(name: str, state: CityState, order_id: str) -> Iterator[Told]:
    order = state.control_orders.get(order_id)
    if order is not None and order.incident_id:
        yield order.incident_id, fact_key(name, order.control), True
        yield order.incident_id, fact_key(name, order.control, order.value), True


def _control_sent(state: CityState, event: Any) -> Iterator[Told]:
    yield from _control("control_sent", state, event.order_id)


def _control_answered(state: CityState, event: Any) -> Iterator[Told]:
    """Done is done when every device of the order says so; one that does not is a failure at once."""
    name = _OUTCOME[event.outcome]
    order = state.control_orders.get(event.order_id)
    if name == "control_failed" or (order is not None and _all(order, ("done", "effective"))):
        yield from _control(name, state, event.order_id)


def _control_effective(state: CityState, event: Any) -> Iterator[Told]:
    order = state.control_orders.get(event.order_id)
    if order is not None and _all(order, ("effective",)):
        yield from _control("control_effective", state, event.order_id)


def _all(order: Any, stages: tuple[str, ...]) -> bool:
    return all(part.stage in stages for part in order.parts.values())


def _control_failed(state: CityState, event: Any) -> Iterator[Told]:
    yield from _control("control_failed", state, event.order_id)


def _of_incident(name: str) -> Find:
    def find(state: CityState, event: Any) -> Iterator[Told]:
        yield event.incident_id, name, True

    return find


def _verified(state: CityState, event: Any) -> Iterator[Told]:
    """It is one of the three; a verdict that is taken back is so no longer."""
    for verdict in VERDICTS:
        yield event.incident_id, f"verified_{verdict}", verdict == event.verdict


def _by_camera(name: str) -> Find:
    """One of the cameras that can see the incident counts."""

    def find(state: CityState, event: Any) -> Iterator[Told]:
        for incident in open_about(state, event.camera_ids):
            if not set(event.camera_ids).isdisjoint(incident.camera_ids):
                yield incident.id, name, True

    return find


def _looked_back(state: CityState, event: Any) -> Iterator[Told]:
    """Somebody looked back; what the window shows unasked of the last seconds is not that."""
    if not event.purpose.startswith(SCENE):
        yield from _SEEN(state, event)


_SEEN = _by_camera("footage_seen")


def _alarm(state: CityState, event: Any) -> Iterator[Told]:
    """Over is over when none of the incident's alarms has its condition any more."""
    alarm = state.alarms.get(event.alarm_id)
    # An alarm that is normal again is no longer kept: its occurrence says whose it was.
    owners = [alarm.incident_id] if alarm is not None else [
        one.id for one in open_about(state, (event.occurrence,)) if event.occurrence in one.alarm_ids
    ]  # fmt: skip
    for owner in owners:
        incident = state.incidents.get(owner)
        if incident is not None:
            yield owner, "alarms_over", not _standing(state, incident)


def _standing(state: CityState, incident: Incident) -> bool:
    mine = set(incident.alarm_ids)
    return any(
        alarm.active and alarm.occurrence in mine
        for one in mine
        if (alarm := state.alarms.get(one.rpartition("@")[0] or one)) is not None
    )


def _extended(state: CityState, event: Any) -> Iterator[Told]:
    if event.alarm_id:
        yield event.incident_id, "alarms_over", False
    if any(one in state.devices for one in event.device_ids):
        yield event.incident_id, "devices_up", False


def _condition(state: CityState, event: Any) -> Iterator[Told]:
    for incident in open_about(state, (event.device_id,)):
        if event.device_id in incident.device_ids:
            yield incident.id, "devices_up", not any(one in state.devices for one in incident.device_ids)


def _ticket_opened(state: CityState, event: Any) -> Iterator[Told]:
    for incident in open_about(state, event.device_ids):
        if not set(event.device_ids).isdisjoint(incident.device_ids):
            yield incident.id, "repair_ordered", True


def _ticket_changed(state: CityState, event: Any) -> Iterator[Told]:
    ticket = state.tickets.get(event.ticket_id)
    if ticket is not None and event.stage in ("repaired", "closed"):
        for incident in open_about(state, ticket.device_ids):
            if not set(ticket.device_ids).isdisjoint(incident.device_ids):
                yield incident.id, "repair_done", True


def _report(state: CityState, event: Any) -> Iterator[Told]:
    """Answered is answered when every report of the incident has left "received"."""
    report = state.reports.get(event.report_id)
    if report is not None and report.incident_id:
        mine = (one for one in state.reports.values() if one.incident_id == report.incident_id)
        waiting = any(one.waits for one in mine)
        yield report.incident_id, "reports_answered", not waiting


def _warning(name: str) -> Find:
    def find(state: CityState, event: Any) -> Iterator[Told]:
        warning = state.warnings.get(event.warning_id)
        if warning is not None and warning.incident_id:
            yield warning.incident_id, name, True

    return find


_FINDERS: dict[type[ev.Event], Find] = {
    **dict.fromkeys(_HANDOFF, _handoff), ev.HandoffQueued: _queued,
    ev.HandoffCalled: _called, ev.HandoffSaid: _handoff, ev.HandoffTold: _handoff,
    ev.IncidentAcknowledged: _of_incident("acknowledged"), ev.IncidentNoted: _of_incident("noted"),
    ev.IncidentResolved: _of_incident("resolved"), ev.IncidentClosed: _of_incident("closed"),
    ev.IncidentVerified: _verified,
    ev.IncidentExtended: _extended, ev.ClueGathered: _extended,
    ev.ViewingStarted: _by_camera("cameras_opened"), ev.FootageViewed: _looked_back,
    ev.FootageLocked: _by_camera("footage_locked"),
    ev.ControlSent: _control_sent, ev.ControlAnswered: _control_answered,
    ev.ControlAnsweredLate: _control_answered, ev.ControlTookEffect: _control_effective,
    ev.ControlHadNoEffect: _control_failed, ev.ControlTimedOut: _control_failed,
    ev.AlarmMoved: _alarm, ev.DeviceConditionChanged: _condition,
    ev.TicketOpened: _ticket_opened, ev.TicketChanged: _ticket_changed,
    ev.ReportStatusChanged: _report,
    ev.WarningAcknowledged: _warning("warning_read"), ev.WarningEnded: _warning("warning_over"),
}  # fmt: skip
