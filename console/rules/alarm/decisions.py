"""From the moves of alarms to what the log says: the moves, then the faults and incidents that they are.

A move is folded before what follows from it is decided, so that two alarms of one moment find each other's
incident. The caller proposes them in that order, in one batch.
"""

from __future__ import annotations

from collections.abc import Iterable

from console.model import commands as do
from console.model import events as ev
from console.model.alarm import HOLD_SUPPRESSED, alarm_of, occurrence_of
from console.model.base import Words
from console.model.casework import Clue
from console.model.device import Condition
from console.model.fact import ConditionSeen
from console.model.incident import OPEN_STAGES
from console.model.state import CityState
from console.rules.alarm.city import CityAlarms, Of
from console.rules.alarm.figures import AlarmFigures
from console.rules.alarm.naming import About, Named
from console.rules.alarm.orders import AlarmOrders, Order
from console.rules.alarm.states import Stimulus
from console.rules.alarm.transition import AlarmTransition, records
from console.rules.casework.opening import OnTheLog
from console.rules.draft import NOTHING, Decision, Draft, Drafting, Refusal
from console.rules.happenings import decide_condition
from console.rules.triage import Triage

_STIMULUS: dict[type[do.Command], Stimulus] = {
    do.AcknowledgeAlarms: Stimulus.ACKNOWLEDGE, do.ResetAlarms: Stimulus.RESET,
    do.ShelveAlarms: Stimulus.SHELVE, do.UnshelveAlarms: Stimulus.UNSHELVE,
    do.RemoveAlarms: Stimulus.REMOVE, do.ReturnAlarms: Stimulus.RETURN,
}  # fmt: skip
ALARM_ORDERS = tuple(_STIMULUS)
MOST_ALARMS = 10_000
"""Alarms of one order; a whole flood is acknowledged at once."""


class AlarmDecisions:
    """Puts moves into words and carries out orders. One thread: the bank's."""

    def __init__(self, triage: Triage, alarms: CityAlarms, names: Named, figures: AlarmFigures) -> None:
        self._triage, self._alarms, self._names = triage, alarms, names
        self._orders = AlarmOrders(alarms.bank, figures, alarms.ids, triage.phrase)
        self._silent = triage.phrase("reason.nothing_received")
        self._dead_line = triage.phrase("reason.line_is_dead")

    def said(self, state: CityState, told: AlarmTransition) -> ev.AlarmMoved:
        """The move as the log has it, by what is known so far."""
        row = self._alarms.row(told.alarm_id)
        if row is None:
            raise KeyError(told.alarm_id)
        about, alarm = self._names.about(row), state.alarms.get(told.alarm_id)
        is_new = told.after == "B" != told.before
        occurrence = alarm.occurrence if alarm is not None else ""
        if is_new and (not occurrence or self._is_over(state, alarm.incident_id if alarm else "")):
            occurrence = occurrence_of(told.alarm_id, told.at_ns)
        tell = is_new or alarm is None
        return ev.AlarmMoved(
            alarm_id=told.alarm_id, occurrence=occurrence, at_ns=told.at_ns, before=told.before,
            after=told.after, stimulus=told.stimulus, active=told.active, who=told.who, why=told.why,
            value=told.value, until_ns=told.until_ns, priority=about.priority,
            limit_id=about.limit.id if about.limit is not None else "", point_index=about.point_index,
            device_id=about.device.id if about.device is not None else "", group=about.group,
            place=about.place if tell else None, text=about.text if tell else None,
        )  # fmt: skip

    def follows(self, state: CityState, move: ev.AlarmMoved, now_ns: int) -> Decision:
        """What a move that is folded means besides: a device's condition, an incident."""
        row = self._alarms.row(move.alarm_id)
        if row is None:
            return NOTHING
        about = self._names.about(row)
        drafting = Drafting(ev.Cause(actor=f"rule:{move.alarm_id}"))
        if about.of == Of.DEVICE:
            return self._condition(state, move, about, now_ns)
        if move.is_new and about.incident_type:
            alarm = state.alarms[move.alarm_id]
            if not alarm.incident_id or self._is_over(state, alarm.incident_id):
                of = OnTheLog("", move.occurrence, about.device_ids)
                clue, says = _clue(about, move, now_ns), self._reason(about, move)
                self._triage.raise_incident(state, drafting, clue, about.place, says, now_ns, of)
        return Decision(tuple(drafting.drafts))

    def system_of(self, row: int) -> str:
        """The system a row belongs to, empty for none."""
        return self._names.about(row).system

    def order(self, state: CityState, request: do.Request, now_ns: int) -> Decision | Refusal:
        """A person's order: the moves it makes, or the refusal and nothing changed. NOTHING: it was so."""
        command = request.command
        stimulus = _STIMULUS[type(command)]
        alarm_ids: tuple[str, ...] = command.alarm_ids  # type: ignore[union-attr]
        if not 0 < len(alarm_ids) <= MOST_ALARMS:
            return self._refuse("alarm_rows")
        rows = []
        for alarm_id in alarm_ids:
            row = self._alarms.row(alarm_id)
            if row is None:
                return self._refuse("unknown_alarm", alarm=alarm_id)
            rows.append(row)
        desk = self._triage.city.desks.get(request.desk)
        made = self._orders.decide(
            Order(
                stimulus, tuple(rows), request.person, desk.role if desk is not None else "",
                getattr(command, "reason", ""), float(getattr(command, "for_s", 0)),
            ),
            now_ns,
        )  # fmt: skip
        if isinstance(made, Refusal):
            return made
        cause = ev.Cause(actor=f"person:{request.person}", command_id=request.id, desk=request.desk)
        told = records(made, self._alarms.ids.__getitem__)
        return Decision(tuple(Draft(self.said(state, one), cause) for one in told)) if told else NOTHING

    def acknowledge(
        self, state: CityState, occurrences: Iterable[str], person: str, now_ns: int
    ) -> list[ev.AlarmMoved]:
        """An incident's alarms are seen with it: those of its occurrences that still stand."""
        rows = []
        for occurrence in occurrences:
            alarm, row = state.alarms.get(alarm_of(occurrence)), self._alarms.row(alarm_of(occurrence))
            if alarm is not None and row is not None and alarm.occurrence == occurrence and alarm.unseen:
                rows.append(row)
        if not rows:
            return []
        made = self._orders.decide(Order(Stimulus.ACKNOWLEDGE, tuple(rows), person, ""), now_ns)
        assert not isinstance(made, Refusal), made
        return [self.said(state, one) for one in records(made, self._alarms.ids.__getitem__)]

    def _condition(self, state: CityState, move: ev.AlarmMoved, about: About, now_ns: int) -> Decision:
        """A device that says nothing is down; behind a dead line nobody knows. What its own gateway says of a
        device counts more and is left alone."""
        device = about.device
        assert device is not None
        known = state.devices.get(device.id)
        if known is not None and known.why not in (self._silent, self._dead_line):
            return NOTHING
        if not move.active and known is None:
            return NOTHING
        behind = state.alarms.get(move.alarm_id)
        is_behind = behind is not None and bool(behind.holds & HOLD_SUPPRESSED)
        condition: Condition = "up" if not move.active else "unknown" if is_behind else "down"
        if (known.condition if known is not None else "up") == condition:
            return NOTHING
        why = self._triage.phrase("reason.received_again")
        if move.active:
            why = self._dead_line if is_behind else self._silent
        fact = ConditionSeen(uid="", device_id=device.id, condition=condition, at_ns=now_ns, why=why)
        actor = f"rule:{move.alarm_id}"
        if move.is_new:
            decided = decide_condition(
                self._triage, state, actor, fact, now_ns, alarm_id=move.occurrence
            )
            return decided if isinstance(decided, Decision) else NOTHING
        event = ev.DeviceConditionChanged(device_id=device.id, condition=condition, why=why)
        return Decision((Draft(event, ev.Cause(actor=actor)),))

    def _reason(self, about: About, move: ev.AlarmMoved) -> Words:
        limit = about.limit
        if limit is None or move.value is None:
            return about.text
        unit = self._triage.city.points[limit.point_index].unit
        sign = "≥" if limit.above else "≤"
        value, level = f"{move.value:.6g} {unit}", f"{limit.set_at:.6g} {unit}"
        return self._triage.phrase(
            "reason.limit", en=(limit.text.en, value, sign, level), ko=(limit.text.ko, value, sign, level)
        )

    def _is_over(self, state: CityState, incident_id: str) -> bool:
        """Whether an incident the alarm had was resolved or is forgotten."""
        if not incident_id:
            return False
        incident = state.incidents.get(incident_id)
        return incident is None or incident.stage not in OPEN_STAGES

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return Refusal(code, self._triage.phrase(f"refused.{code}", **fields))


def _clue(about: About, move: ev.AlarmMoved, now_ns: int) -> Clue:
    """An occurrence as what an incident is made of."""
    position = about.place.position
    return Clue(
        uid=move.occurrence, source="alarm", type=about.incident_type, at_ns=min(move.at_ns, now_ns),
        lat=position.lat, lon=position.lon, rule=about.limit.id if about.limit is not None else move.alarm_id,
        device_id=about.device.id if about.device is not None else "",
    )  # fmt: skip
