"""What a person asked for, decided: the events it makes, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from console.model import commands as do
from console.model import events as ev
from console.model.alarm import alarm_of
from console.model.fact import ConditionSeen
from console.model.incident import Incident
from console.model.state import CityState
from console.profile.procedures import ProcedureBook
from console.rules.alarm.decisions import ALARM_ORDERS, AlarmDecisions
from console.rules.areaacts import AreaActRules
from console.rules.cases import CaseRules
from console.rules.controls import ControlRules
from console.rules.draft import Decision, Draft, Drafting, Refusal
from console.rules.footage import FootageRules
from console.rules.happenings import decide_condition
from console.rules.ladder import LadderMessages, LadderRules
from console.rules.messages import MESSAGE_ORDERS, MessageRules
from console.rules.procedure.orders import ProcedureOrders, WaitedAt, waited_by_wall
from console.rules.reports import ReportRules
from console.rules.shares import SHARE_ORDERS, ShareRules
from console.rules.sketches import SketchRules
from console.rules.triage import Triage
from console.rules.upkeep import UpkeepRules
from console.rules.walls import WallRules
from console.rules.warning_orders import WarningOrders

MAX_TEXT = 10_000


class CommandRules:
    """Decides commands. `followed` says that this hub only follows a recording and takes no orders.

    An order about alarms moves the bank of `alarms` at once: what is decided must be proposed.
    """

    def __init__(
        self, triage: Triage, ladder: LadderMessages, following: bool = False,
        alarms: AlarmDecisions | None = None, book: ProcedureBook | None = None,
        waited: WaitedAt = waited_by_wall, messages: MessageRules | None = None,
        shares: ShareRules | None = None,
    ) -> None:  # fmt: skip
        self._triage, self._alarms = triage, alarms
        self._following = following
        self._cases = CaseRules(triage, alarms)
        self.ladder = LadderRules(triage.city, triage.phrase, ladder, self._cases.take_on)
        self._decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            **self._cases.decide,
            do.AcknowledgeAlarm: self._acknowledge_alarm,
            **dict.fromkeys(ALARM_ORDERS, self._alarm_order),
            do.StartViewing: self._start_viewing,
            do.StopViewing: self._stop_viewing, do.ReportCamera: self._report_camera,
            do.LogExport: self._log_export,
            **FootageRules(triage.city, triage.phrase).decide,
            **WallRules(triage.city, triage.phrase).decide,
            **WarningOrders(triage.phrase).decide,
            **SketchRules(triage.city, triage.phrase).decide,
            **UpkeepRules(triage.city, triage.phrase).decide,
            **ReportRules(triage).decide,
            **ProcedureOrders(
                triage.city, triage.phrase, book or ProcedureBook(), self._cases.take_on, waited
            ).decide,
            **ControlRules(triage.city, triage.phrase).decide,
            **self.ladder.decide,
            **AreaActRules(triage.city, triage.phrase).decide,
            **(shares.decide if shares is not None else dict.fromkeys(SHARE_ORDERS, self._no_shares)),
            **(messages.decide if messages is not None else dict.fromkeys(MESSAGE_ORDERS, self._no_messages)),
        }

    def _no_shares(
        self, state: CityState, request: do.Request, command: do.Command, draft: Drafting, now: int
    ) -> Decision | Refusal:
        return self._refuse("share_no_service", agency=str(getattr(command, "agency", "-"))[:40])

    def _no_messages(
        self, state: CityState, request: do.Request, command: do.Command, draft: Drafting, now: int
    ) -> Decision | Refusal:
        return self._refuse("message_no_sender")

    _IN_REPLAY = (
        do.StartViewing, do.StopViewing, do.LogExport, do.ViewFootage, do.ExportFootage, do.FinishExport,
    )  # fmt: skip

    def decide(self, state: CityState, request: do.Request, now_ns: int) -> Decision | Refusal:
        """Events for an order that can be followed, else the refusal. Doing twice what is done: NOTHING."""
        if self._following and not isinstance(request.command, self._IN_REPLAY):
            return self._refuse("replaying")
        cause = ev.Cause(actor=f"person:{request.person}", command_id=request.id, desk=request.desk)
        return self._decide[type(request.command)](state, request, request.command, Drafting(cause), now_ns)

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return Refusal(code, self._triage.phrase(f"refused.{code}", **fields))

    def _open_incident(self, state: CityState, incident_id: str) -> Incident | Refusal:
        incident = state.incidents.get(incident_id)
        if incident is None:
            return self._refuse("unknown_incident", incident=incident_id)
        if incident.stage == "closed":
            return self._refuse("closed_incident", incident=incident_id)
        return incident

    def _acknowledge_alarm(
        self, state: CityState, request: do.Request, command: do.AcknowledgeAlarm, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if alarm_of(command.alarm_id) not in state.alarms:
            return self._refuse("unknown_alarm", alarm=command.alarm_id)
        several = do.AcknowledgeAlarms(alarm_ids=(alarm_of(command.alarm_id),))
        request = msgspec.structs.replace(request, command=several)
        return self._alarm_order(state, request, several, draft, now)

    def _alarm_order(
        self, state: CityState, request: do.Request, command: do.Command, draft: Drafting, now: int
    ) -> Decision | Refusal:
        return self._alarms.order(state, request, now) if self._alarms else self._refuse("alarm_rows")

    def _start_viewing(
        self, state: CityState, request: do.Request, command: do.StartViewing, draft: Drafting, now: int
    ) -> Decision | Refusal:
        unknown = [one for one in command.camera_ids if one not in self._triage.city.cameras]
        if unknown:
            return self._refuse("unknown_device", device=", ".join(unknown[:3]))
        if not command.camera_ids or not command.purpose.strip():
            return self._refuse("no_purpose")
        draft.add(
            ev.ViewingStarted(
                desk=request.desk, person=request.person, camera_ids=command.camera_ids,
                purpose=command.purpose,
            )
        )
        return Decision(tuple(draft.drafts))

    def _stop_viewing(
        self, state: CityState, request: do.Request, command: do.StopViewing, draft: Drafting, now: int
    ) -> Decision | Refusal:
        draft.add(
            ev.ViewingEnded(desk=request.desk, person=request.person, camera_ids=command.camera_ids)
        )
        return Decision(tuple(draft.drafts))

    def _report_camera(
        self, state: CityState, request: do.Request, command: do.ReportCamera, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if command.camera_id not in self._triage.city.cameras:
            return self._refuse("unknown_device", device=command.camera_id)
        fact = ConditionSeen(
            uid=request.id, device_id=command.camera_id, condition=command.condition, at_ns=now,
            why=command.why,
        )
        decision = decide_condition(self._triage, state, f"desk:{request.desk}", fact, now)
        if isinstance(decision, str):
            return self._refuse("unknown_device", device=command.camera_id)
        cause = ev.Cause(actor=f"desk:{request.desk}", command_id=request.id, desk=request.desk)
        return Decision(tuple(Draft(one.event, cause) for one in decision.drafts))

    def _log_export(
        self, state: CityState, request: do.Request, command: do.LogExport, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if not command.reason.strip() or len(command.reason) > MAX_TEXT:
            return self._refuse("no_reason")
        draft.add(
            ev.LogExported(
                desk=request.desk, person=request.person, what=command.what, format=command.format,
                reason=command.reason.strip(),
            )
        )
        return Decision(tuple(draft.drafts))
