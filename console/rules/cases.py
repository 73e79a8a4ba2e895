"""What a person does about an incident, decided against the city's state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from console.model import commands as do
from console.model import events as ev
from console.model.base import Place, Position, Words
from console.model.casework import Case, Clue, Offer
from console.model.incident import Incident
from console.model.state import CityState
from console.rules.alarm.decisions import AlarmDecisions
from console.rules.casework.figures import CaseworkFigures, casework_figures
from console.rules.casework.opening import open_by_hand, worded
from console.rules.casework.orders import MAX_TEXT, Asked, CaseOrders, Refused
from console.rules.casework.owed import owed
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.rights import is_supervisor, refusal
from console.rules.triage import Triage

SEEN_WITH = (ev.IncidentAcknowledged, ev.IncidentVerified, ev.IncidentResponding, ev.IncidentResolved)
"""Who does one of these to what is new has seen its alarms."""


class CaseRules:
    """Decides orders about cases. An order moves the bank of `alarms` at once: what is decided must be
    proposed."""

    def __init__(
        self, triage: Triage, alarms: AlarmDecisions | None = None, told: CaseworkFigures | None = None
    ) -> None:
        self._triage, self._alarms = triage, alarms
        self._told = told or casework_figures()
        self._state, self._now_ns = CityState(), 0
        self._orders = CaseOrders(
            self._told, triage.city.country, lambda: triage.placing.next_id(self._state, self._now_ns)
        )
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            **dict.fromkeys(self._orders.kinds, self._order),
            do.OpenCase: self._open, do.OpenIncident: self._open_before,
            do.ReclassifyIncident: self._reclassify,
        }  # fmt: skip

    def seen_with(
        self, state: CityState, incident: Incident, person: str, draft: Drafting, now: int
    ) -> None:
        """Who takes an incident has seen its alarms."""
        if self._alarms is not None:
            for moved in self._alarms.acknowledge(state, incident.alarm_ids, person, now):
                draft.add(moved)

    def take_on(
        self, state: CityState, request: do.Request, incident: Incident, draft: Drafting, now: int
    ) -> None:
        """Who does a step of what nobody has, has it."""
        if not incident.owner:
            draft.add(ev.IncidentAcknowledged(incident_id=incident.id, person=request.person))
            self.seen_with(state, incident, request.person, draft, now)

    def _asked(self, state: CityState, request: do.Request, now: int) -> Asked:
        named = (getattr(request.command, one, "") for one in ("incident_id", "kept_id", "other_id"))
        return Asked(
            request.person, request.desk, now, is_supervisor(self._triage.city, request.desk),
            owed(state, [one for one in named if one]),
        )  # fmt: skip

    def _order(
        self, state: CityState, request: do.Request, command: do.Command, draft: Drafting, now: int
    ) -> Decision | Refusal:
        self._state, self._now_ns = state, now
        decided = self._orders.decide(state.cases, self._asked(state, request, now), command)
        if isinstance(decided, Refused):
            return self._refuse(decided)
        for event in decided:
            draft.add(self._split(state, event) if isinstance(event, ev.IncidentSplit) else event)
            if isinstance(event, SEEN_WITH):
                incident = state.incidents.get(event.incident_id)
                if incident is not None and incident.stage == "new":
                    self.seen_with(state, incident, request.person, draft, now)
        return Decision(tuple(draft.drafts)) if draft.drafts else NOTHING

    def _split(self, state: CityState, event: ev.IncidentSplit) -> ev.IncidentSplit:
        """The new one is where its first clue was, and has the cameras of that place."""
        first = next(one for one in state.cases[event.incident_id].clues if one.uid in event.uids)
        place = self._place_of(state, event.incident_id, first)
        cameras = self._triage.cameras_at(state, place, first.camera_id)
        return replace(event, place=place, camera_ids=cameras)

    def _place_of(self, state: CityState, incident_id: str, clue: Clue) -> Place:
        """The place of what said so, by name where it has one."""
        device = self._triage.city.devices.get(clue.device_id)
        if device is not None:
            return device.place
        report = state.reports.get(clue.uid) if clue.source == "report" else None
        if report is not None:
            return report.told.place
        whole = state.incidents[incident_id].place
        return replace(whole, position=Position(lat=clue.lat, lon=clue.lon))

    def _open(
        self, state: CityState, request: do.Request, command: do.OpenCase, draft: Drafting, now: int
    ) -> Decision | Refusal:
        opened = open_by_hand(
            command, self._asked(state, request, now), lambda: self._triage.placing.next_id(state, now),
            request.id, self._triage.city,
            lambda place, first: self._triage.cameras_at(state, place, first),
            lambda text: self._said(text or request.person),
            lambda clue: self._offers(state, clue, now),
        )  # fmt: skip
        if isinstance(opened, Refused):
            return self._refuse(opened)
        draft.add(opened)
        return Decision(tuple(draft.drafts))

    def _open_before(
        self, state: CityState, request: do.Request, command: do.OpenIncident, draft: Drafting, now: int
    ) -> Decision | Refusal:
        """The order of desks of before."""
        told = do.OpenCase(
            type=command.type, opened_from="camera", device_id=command.camera_id, text=command.text
        )
        return self._open(state, request, told, draft, now)

    def _said(self, text: str) -> Words:
        return self._triage.phrase("reason.person", en=(text,), ko=(text,))

    def _offers(self, state: CityState, clue: Clue, now: int) -> tuple[Offer, ...]:
        return worded(self._triage.placing.near(state, clue, now), self._triage.say)

    def _reclassify(
        self, state: CityState, request: do.Request, command: do.ReclassifyIncident, draft: Drafting,
        now: int,
    ) -> Decision | Refusal:
        kind: Any = self._triage.city.incident_types.get(command.type)
        asked = self._asked(state, request, now)
        problem = self._orders.may_change(state.cases, asked, command.incident_id)
        if problem is None and kind is None:
            problem = Refused("unknown_type", {"type": command.type[:80]})
        if problem is not None:
            return self._refuse(problem)
        case: Case = state.cases[command.incident_id]
        if case.type == kind.id:
            return NOTHING
        if not self._told.claim.reason_least <= len(command.reason.strip()) <= MAX_TEXT:
            return self._refuse(Refused("reason_needed"))
        draft.add(
            ev.IncidentReclassified(
                incident_id=case.id, person=request.person, before=case.type, type=kind.id,
                priority=kind.priority, grade=kind.code, reason=command.reason.strip(),
            )
        )  # fmt: skip
        return Decision(tuple(draft.drafts))

    def _refuse(self, why: Refused) -> Refusal:
        fields = dict(why.fields)
        if "stage" in fields:
            return _staged(self._triage, why.code, fields)
        return refusal(self._triage.phrase, why.code, **fields)


def _staged(triage: Triage, code: str, fields: dict[str, str]) -> Refusal:
    """A stage is said by its name, in each language."""
    name = triage.phrase(f"casework.stage.{fields['stage']}")
    en = triage.phrase(f"refused.{code}", **{**fields, "stage": name.en}).en
    ko = triage.phrase(f"refused.{code}", **{**fields, "stage": name.ko}).ko
    return Refusal(code, Words(en=en, ko=ko))
