"""What persons order about a procedure, decided: the moves it makes, or why it is refused.

Anybody of the room may do a step, as the record names each; the round keeps two desks from doing one step
twice. Only a supervisor confirms what supervisors are told.
"""

from __future__ import annotations

from collections.abc import Callable

from console.model import commands as do
from console.model import events as ev
from console.model.incident import Incident
from console.model.procedure import Procedure, procedure_id
from console.model.procedurerun import ProcedureRun, StepStanding
from console.model.state import CityState
from console.profile.procedures import ProcedureBook
from console.rules.city import City, Phrase
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.procedure import engine
from console.rules.procedure.engine import LONGEST_COMMENT, Moves, ProcedureError
from console.rules.rights import is_supervisor, refusal

TakeOn = Callable[[CityState, do.Request, Incident, Drafting, int], None]
"""Drafts that who acts on what nobody has, has it."""
WaitedAt = Callable[[CityState, StepStanding, str, int], int]
"""(state, step, incident, now ns) to how long (ns) the step has waited."""


def waited_by_wall(state: CityState, standing: StepStanding, incident_id: str, now_ns: int) -> int:
    """Since its opening, by the wall clock."""
    return now_ns - standing.opened_ns


def take_nothing(
    state: CityState, request: do.Request, incident: Incident, draft: Drafting, now_ns: int
) -> None:
    """Who acts takes nothing on."""


class ProcedureOrders:
    """Decides what is asked about procedures. Pure but for `waited`, which may be a clock's."""

    def __init__(
        self, city: City, phrase: Phrase, book: ProcedureBook, take_on: TakeOn = take_nothing,
        waited: WaitedAt = waited_by_wall,
    ) -> None:  # fmt: skip
        self._city, self._phrase, self._book = city, phrase, book
        self._take_on, self._waited = take_on, waited
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.AnswerStep: self._answer, do.SkipStep: self._skip, do.StartProcedure: self._start,
            do.SeeProcedureNotices: self._see,
        }  # fmt: skip

    def _answer(
        self, state: CityState, request: do.Request, command: do.AnswerStep, draft: Drafting, now: int
    ) -> Decision | Refusal:
        def moves(procedure: Procedure, run: ProcedureRun, waited: engine.Waited) -> Moves:
            return engine.answer(
                procedure, run, command.step, now, request.person, command.answer, command.comment, waited
            )

        return self._move(state, request, command, draft, now, moves)

    def _skip(
        self, state: CityState, request: do.Request, command: do.SkipStep, draft: Drafting, now: int
    ) -> Decision | Refusal:
        def moves(procedure: Procedure, run: ProcedureRun, waited: engine.Waited) -> Moves:
            return engine.skip(procedure, run, command.step, now, request.person, command.reason, waited)

        return self._move(state, request, command, draft, now, moves)

    def _move(
        self, state: CityState, request: do.Request, command: do.AnswerStep | do.SkipStep, draft: Drafting,
        now: int, moves: Callable[[Procedure, ProcedureRun, engine.Waited], Moves],
    ) -> Decision | Refusal:  # fmt: skip
        incident = self._incident(state, command.incident_id)
        if isinstance(incident, Refusal):
            return incident
        run = state.procedures.get(incident.id)
        procedure = self._book.procedures.get(procedure_id(run.procedure)) if run is not None else None
        if run is None or procedure is None:
            return self._refuse("no_procedure")
        standing = run.standing(command.step)
        if standing is None or standing.round != command.round:
            return self._refuse("step_not_open")
        try:
            made = moves(procedure, run, self._clock(state, incident.id, now))
        except ProcedureError as problem:
            return self._problem(problem)
        return self._drafted(state, request, incident, draft, now, made)

    def _start(
        self, state: CityState, request: do.Request, command: do.StartProcedure, draft: Drafting, now: int
    ) -> Decision | Refusal:
        incident = self._incident(state, command.incident_id)
        if isinstance(incident, Refusal):
            return incident
        procedure = self._book.procedures.get(command.procedure)
        if procedure is None:
            return self._refuse("unknown_procedure", procedure=command.procedure[:80])
        run = state.procedures.get(incident.id, ProcedureRun(incident_id=incident.id))
        if run.procedure == procedure.key and run.going:
            return NOTHING
        if not command.reason.strip():
            return self._refuse("step_needs_reason")
        who = f"person:{request.person}"
        try:
            made = engine.start(
                procedure, run, now, who, command.reason, self._clock(state, incident.id, now)
            )
        except ProcedureError as problem:
            return self._problem(problem)
        return self._drafted(state, request, incident, draft, now, made)

    def _see(
        self, state: CityState, request: do.Request, command: do.SeeProcedureNotices, draft: Drafting,
        now: int,
    ) -> Decision | Refusal:  # fmt: skip
        if not is_supervisor(self._city, request.desk):
            return self._refuse("supervisor_only")
        run = state.procedures.get(command.incident_id)
        if run is None:
            return self._refuse("unknown_incident", incident=command.incident_id[:80])
        until_ns = min(command.until_ns, now)
        if not any(one.at_ns <= until_ns for one in run.unseen()):
            return NOTHING
        draft.add(
            ev.ProcedureNoticed(
                incident_id=command.incident_id, desk=request.desk, person=request.person, until_ns=until_ns
            )
        )
        return Decision(tuple(draft.drafts))

    def _drafted(
        self, state: CityState, request: do.Request, incident: Incident, draft: Drafting, now: int,
        moves: Moves,
    ) -> Decision:  # fmt: skip
        self._take_on(state, request, incident, draft, now)
        for move in moves:
            draft.add(move)
        return Decision(tuple(draft.drafts))

    def _clock(self, state: CityState, incident_id: str, now: int) -> engine.Waited:
        return lambda standing: self._waited(state, standing, incident_id, now)

    def _incident(self, state: CityState, incident_id: str) -> Incident | Refusal:
        incident = state.incidents.get(incident_id)
        if incident is None:
            return self._refuse("unknown_incident", incident=incident_id[:80])
        if incident.stage == "closed":
            return self._refuse("closed_incident", incident=incident_id)
        return incident

    def _problem(self, problem: ProcedureError) -> Refusal:
        code = problem.code if problem.code == "no_procedure" else f"step_{problem.code}"
        return self._refuse(code, limit=str(LONGEST_COMMENT))

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)
