"""What a person may do about an incident: the events it makes, or why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from console.clock import SECOND_NS
from console.model.casework import Case
from console.model.commands import casework as cd
from console.model.commands import incident as cmd
from console.model.commands.base import Command
from console.model.events import AnyEvent
from console.model.events import casework as ce
from console.model.events import incident as ie
from console.rules.casework.claims import take_problem
from console.rules.casework.figures import CaseworkFigures
from console.rules.casework.stages import TABLE, may_rest, verdict_act

VERDICTS = ("real", "false", "test")
MAX_TEXT = 10_000


@dataclass(frozen=True, slots=True)
class Refused:
    """`code` is stable, its words are `refused.CODE`; `fields` stand in them."""

    code: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, when, and what is still owed: `handoffs` by incident, those that a partner has not closed."""

    person: str
    desk: str
    now_ns: int
    supervisor: bool = False
    handoffs: Mapping[str, int] = field(default_factory=dict)


Decided = tuple[AnyEvent, ...] | Refused


class CaseOrders:
    """Decides. Pure: it reads what it is given. `country` names the grades, `next_id` a new incident."""

    def __init__(self, told: CaseworkFigures, country: str, next_id: Callable[[], str]) -> None:
        self._told, self._country, self._next_id = told, country, next_id
        self._decide: dict[type[Command], Callable[..., Decided]] = {
            cd.ClaimIncident: self._claim, cd.TakeOverIncident: self._take_over,
            cd.ReleaseIncident: self._release, cmd.AcknowledgeIncident: self._acknowledge,
            cmd.AddNote: self._note, cd.VerifyIncident: self._verify, cd.RespondIncident: self._respond,
            cd.HoldIncident: self._hold, cd.EndHold: self._end_hold, cd.RegradeIncident: self._regrade,
            cmd.ResolveIncident: self._resolve, cmd.CloseIncident: self._close,
            cd.MergeIncidents: self._merge, cd.SplitIncident: self._split,
            cd.PutIncidentUnder: self._put_under,
        }  # fmt: skip

    @property
    def kinds(self) -> tuple[type[Command], ...]:
        """The orders that are decided here."""
        return tuple(self._decide)

    def decide(self, cases: Mapping[str, Case], asked: Asked, command: Command) -> Decided:
        """Events for an order that can be followed; no events where it is done already; else why not."""
        incident_id = command.kept_id if isinstance(command, cd.MergeIncidents) else command.incident_id  # type: ignore[attr-defined]
        case = cases.get(incident_id)
        problem = self._not_there(case, incident_id)
        closed = problem is not None and problem.code == "closed_incident"
        if closed and isinstance(command, cmd.CloseIncident):
            return ()
        if case is None or problem is not None:
            return problem or Refused("unknown_incident")
        return self._decide[type(command)](cases, case, asked, command)

    def may_change(
        self, cases: Mapping[str, Case], asked: Asked, incident_id: str
    ) -> Refused | None:
        """Why this person may not change what the incident is; None where it may."""
        case = cases.get(incident_id)
        problem = self._not_there(case, incident_id)
        if problem is not None or case is None or asked.supervisor:
            return problem
        return self._not_mine(case, asked)

    @staticmethod
    def _not_there(case: Case | None, incident_id: str) -> Refused | None:
        if case is None:
            return Refused("unknown_incident", {"incident": incident_id[:80]})
        if case.merged_into:
            return Refused("merged_incident", {"incident": case.merged_into})
        return Refused("closed_incident", {"incident": case.id}) if case.stage == "closed" else None

    # --- who has it -------------------------------------------------------------------------------------

    def _claim(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.ClaimIncident
    ) -> Decided:
        if case.owner == asked.person:
            return ()
        if case.owner:
            return Refused("owned_incident", {"person": case.owner})
        return (ce.IncidentClaimed(incident_id=case.id, person=asked.person, desk=asked.desk),)

    def _take_over(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.TakeOverIncident
    ) -> Decided:
        if not case.owner:
            return (ce.IncidentClaimed(incident_id=case.id, person=asked.person, desk=asked.desk),)
        problem = take_problem(
            case, asked.person, command.reason, asked.supervisor, asked.now_ns, self._told.claim
        )
        if problem == "already_yours":
            return ()
        if problem or len(command.reason) > MAX_TEXT:
            return Refused(problem or "bad_text", {"person": case.owner, "limit": str(MAX_TEXT)})
        return (
            ce.IncidentTakenOver(
                incident_id=case.id, person=asked.person, desk=asked.desk, from_person=case.owner,
                reason=command.reason.strip(),
            ),
        )  # fmt: skip

    def _release(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.ReleaseIncident
    ) -> Decided:
        if not case.owner:
            return ()
        return self._not_mine(case, asked) or (
            ce.IncidentReleased(incident_id=case.id, person=asked.person),
        )

    def _not_mine(self, case: Case, asked: Asked) -> Refused | None:
        """Only who has it works on it; what nobody has is taken by acting."""
        if case.owner and case.owner != asked.person:
            return Refused("owned_incident", {"person": case.owner})
        return None

    # --- how far it is ----------------------------------------------------------------------------------

    def _acknowledge(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cmd.AcknowledgeIncident
    ) -> Decided:
        problem = self._not_mine(case, asked)
        if problem is not None:
            return problem
        if case.stage != "new" and case.owner:
            return ()
        return (ie.IncidentAcknowledged(incident_id=case.id, person=asked.person),)

    def _note(self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cmd.AddNote) -> Decided:
        text = command.text.strip()
        if not text or len(text) > MAX_TEXT:
            return Refused("bad_text", {"limit": str(MAX_TEXT)})
        return (ie.IncidentNoted(incident_id=case.id, person=asked.person, text=text),)

    def _verify(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.VerifyIncident
    ) -> Decided:
        if command.verdict not in VERDICTS:
            return Refused("bad_outcome", {"outcome": command.verdict})
        problem = self._not_mine(case, asked)
        if problem is not None or command.verdict == case.verdict:
            return problem or ()
        over = command.verdict != "real" and self._owed(cases, case, asked) is None
        if (case.stage, verdict_act(command.verdict, over)) not in TABLE:
            return Refused("wrong_stage", {"stage": case.stage})
        return (
            ce.IncidentVerified(
                incident_id=case.id, person=asked.person, verdict=command.verdict, before=case.verdict,
                over=over,
            ),
        )  # fmt: skip

    def _respond(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.RespondIncident
    ) -> Decided:
        problem = self._not_mine(case, asked)
        if problem is not None:
            return problem
        if case.stage == "responding":
            return ()
        if case.verdict in ("false", "test"):
            return Refused("not_real", {"outcome": case.verdict})
        if (case.stage, "respond") not in TABLE:
            return Refused("wrong_stage", {"stage": case.stage})
        if not command.by.strip() or len(command.by) > MAX_TEXT:
            return Refused("bad_text", {"limit": str(MAX_TEXT)})
        return (
            ce.IncidentResponding(incident_id=case.id, person=asked.person, by=command.by.strip()),
        )

    def _hold(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.HoldIncident
    ) -> Decided:
        problem = self._not_mine(case, asked)
        if problem is not None:
            return problem
        longest_s = self._told.longest_hold_s(case.priority)
        if not may_rest(case) or not longest_s:
            return Refused("may_not_rest", {"stage": case.stage})
        if not 0 < command.for_s <= longest_s:
            return Refused("hold_too_long", {"minutes": f"{longest_s / 60:.0f}"})
        if len(command.reason.strip()) < self._told.claim.reason_least or len(command.reason) > MAX_TEXT:
            return Refused("reason_needed")
        return (
            ce.IncidentHeld(
                incident_id=case.id, person=asked.person, reason=command.reason.strip(),
                until_ns=asked.now_ns + round(command.for_s * SECOND_NS),
            ),
        )  # fmt: skip

    def _end_hold(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.EndHold
    ) -> Decided:
        if case.hold is None:
            return ()
        return self._not_mine(case, asked) or (
            ce.IncidentHoldEnded(incident_id=case.id, person=asked.person),
        )

    def _regrade(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.RegradeIncident
    ) -> Decided:
        problem = self._not_mine(case, asked) if not asked.supervisor else None
        grade = self._told.grade(self._country, command.grade)
        if problem is not None or grade is None:
            return problem or Refused("unknown_grade", {"grade": command.grade[:80]})
        if grade.code == case.grade:
            return ()
        if len(command.reason.strip()) < self._told.claim.reason_least or len(command.reason) > MAX_TEXT:
            return Refused("reason_needed")
        return (
            ce.IncidentRegraded(
                incident_id=case.id, person=asked.person, grade=grade.code, priority=grade.priority,
                reason=command.reason.strip(),
            ),
        )  # fmt: skip

    def _resolve(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cmd.ResolveIncident
    ) -> Decided:
        if command.outcome not in VERDICTS:
            return Refused("bad_outcome", {"outcome": command.outcome[:80]})
        problem = self._not_mine(case, asked) or self._owed(cases, case, asked)
        if problem is not None:
            return problem
        if case.stage == "resolved":
            return ()
        if (case.stage, "resolve") not in TABLE:
            return Refused("wrong_stage", {"stage": case.stage})
        return (
            ie.IncidentResolved(incident_id=case.id, person=asked.person, outcome=command.outcome),
        )

    def _close(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cmd.CloseIncident
    ) -> Decided:
        """Anybody may: who resolved it may have gone home."""
        if (case.stage, "close") not in TABLE:
            return Refused("not_resolved", {"incident": case.id})
        return self._owed(cases, case, asked) or (
            ie.IncidentClosed(incident_id=case.id, person=asked.person),
        )

    def _owed(self, cases: Mapping[str, Case], case: Case, asked: Asked) -> Refused | None:
        """What must be over before it can be: hand-offs, and the parts of it."""
        if asked.handoffs.get(case.id):
            return Refused("handoff_open", {"count": str(asked.handoffs[case.id])})
        parts = sum(one.parent == case.id and one.is_worked for one in cases.values())
        return Refused("parts_open", {"count": str(parts)}) if parts else None

    # --- what it is made of -----------------------------------------------------------------------------

    def _merge(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.MergeIncidents
    ) -> Decided:
        other = cases.get(command.other_id)
        if other is None or other is case:
            return Refused("unknown_incident", {"incident": command.other_id[:80]})
        if other.merged_into == case.id:
            return ()
        if not other.is_open:
            return Refused("closed_incident", {"incident": other.id})
        if case.stage == "resolved" and other.is_worked:
            return Refused("wrong_stage", {"stage": case.stage})
        problem = self._not_mine(case, asked) or self._not_mine(other, asked)
        if problem is not None and not asked.supervisor:
            return problem
        if asked.handoffs.get(other.id):
            return Refused("handoff_open", {"count": str(asked.handoffs[other.id])})
        if len(command.reason) > MAX_TEXT:
            return Refused("bad_text", {"limit": str(MAX_TEXT)})
        return (
            ce.IncidentsMerged(
                kept_id=case.id, other_id=other.id, person=asked.person, reason=command.reason.strip()
            ),
        )  # fmt: skip

    def _split(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.SplitIncident
    ) -> Decided:
        problem = self._not_mine(case, asked) if not asked.supervisor else None
        if problem is not None:
            return problem
        inside, going = {one.uid for one in case.clues}, set(command.uids)
        if not going or not going < inside:
            return Refused("bad_split", {"count": str(len(going))})
        types = [one.type for one in case.clues if one.uid in going]
        if len(command.reason) > MAX_TEXT:
            return Refused("bad_text", {"limit": str(MAX_TEXT)})
        return (
            ce.IncidentSplit(
                incident_id=case.id, new_id=self._next_id(), uids=tuple(sorted(going)),
                person=asked.person, reason=command.reason.strip(),
                type=case.type if case.type in types else types[0],
            ),
        )  # fmt: skip

    def _put_under(
        self, cases: Mapping[str, Case], case: Case, asked: Asked, command: cd.PutIncidentUnder
    ) -> Decided:
        if command.parent == case.parent:
            return ()
        above, seen = cases.get(command.parent), 0
        if command.parent and (above is None or not above.is_open):
            return Refused("unknown_incident", {"incident": command.parent[:80]})
        while above is not None and seen <= len(cases):
            if above.id == case.id:
                return Refused("own_part", {"incident": command.parent})
            above, seen = cases.get(above.parent), seen + 1
        return (
            ce.IncidentPutUnder(incident_id=case.id, parent=command.parent, person=asked.person),
        )
