"""What the log brings for procedures: begun with an incident, moved by facts, changed with the type, ended.

Pure. Asked for every decision after it is folded, so that an incident and its procedure, a fact and the step
that it settles, are on disk together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from console.model import events as ev
from console.model.procedure import Procedure, procedure_id
from console.model.procedurefacts import begun_by, facts_of
from console.model.procedurerun import BY_RULE, ProcedureRun
from console.model.state import CityState
from console.profile.procedures import ProcedureBook
from console.rules.draft import Decision, Draft
from console.rules.procedure import engine
from console.rules.procedure.engine import Moves
from console.rules.procedure.orders import WaitedAt, waited_by_wall

NOT_REAL = ("false", "test")


class Following:
    """Makes the moves that nobody orders. Pure but for `waited`, which may be a clock's."""

    def __init__(self, book: ProcedureBook, waited: WaitedAt = waited_by_wall) -> None:
        self._book, self._waited = book, waited

    def follow(self, state: CityState, entries: Iterable[ev.Entry]) -> Iterable[Decision]:
        """What follows from entries that `state` holds already."""
        for entry in entries:
            moves = self._after(state, entry)
            if moves:
                yield Decision(
                    tuple(Draft(one, ev.Cause(actor=one.who, parent=entry.seq)) for one in moves)
                )

    def look(self, state: CityState, incident_id: str, now_ns: int) -> Moves:
        """What time has brought to one incident; a procedure that stands in other words by now, or has not
        begun although the city has one, is brought up to date."""
        run, incident = state.procedures.get(incident_id), state.incidents.get(incident_id)
        if run is None or incident is None or incident.stage == "closed":
            return ()
        procedure = self.of(state, run)
        if procedure is None:
            return ()
        waited = self._clock(state, incident_id, now_ns)
        if not run.procedure:
            return engine.start(procedure, run, now_ns, waited=waited)
        return engine.look(procedure, run, now_ns, waited)

    def of(self, state: CityState, run: ProcedureRun) -> Procedure | None:
        """The procedure of an incident as the city has it now: the one under way, else that of its type."""
        procedure = self._book.procedures.get(procedure_id(run.procedure))
        if procedure is not None:
            return procedure
        incident = state.incidents.get(run.incident_id)
        return self._book.by_type.get(incident.type) if incident is not None else None

    def _after(self, state: CityState, entry: ev.Entry) -> Moves:
        event, now_ns = entry.event, entry.at_ns
        begun = [one for incident_id in begun_by(event) for one in self._of_type(state, incident_id, entry)]
        if begun:
            return tuple(begun)
        if isinstance(event, ev.IncidentReclassified):
            return self._of_type(state, event.incident_id, entry)
        if isinstance(event, ev.IncidentsMerged):
            other = self._stop(state, event.other_id, entry, "test")
            return other + self.look(state, event.kept_id, now_ns)
        if isinstance(event, ev.IncidentClosed):
            return self._stop(state, event.incident_id, entry, _verdict(state, event.incident_id))
        if isinstance(event, ev.IncidentResolved) and event.outcome in NOT_REAL:
            return self._stop(state, event.incident_id, entry, event.outcome)
        if isinstance(event, ev.IncidentVerified):
            if event.over and event.verdict in NOT_REAL:
                return self._stop(state, event.incident_id, entry, event.verdict)
            if self._lives_again(state, event):
                return self._of_type(state, event.incident_id, entry)
        if isinstance(event, ev.IncidentHoldEnded):
            return self.look(state, event.incident_id, now_ns)
        told = dict.fromkeys(one for one, _, _ in facts_of(state, entry))
        return tuple(move for one in told for move in self.look(state, one, now_ns))

    def _lives_again(self, state: CityState, event: ev.IncidentVerified) -> bool:
        """It was taken for nothing, and that was wrong."""
        run = state.procedures.get(event.incident_id)
        ended = run is not None and bool(run.procedure) and not run.going
        return ended and event.before in NOT_REAL and event.verdict == "real"

    def _of_type(self, state: CityState, incident_id: str, entry: ev.Entry) -> Moves:
        incident, run = state.incidents.get(incident_id), state.procedures.get(incident_id)
        if incident is None or run is None:
            return ()
        procedure = self._book.by_type.get(incident.type)
        if procedure is None:
            return ()
        waited = self._clock(state, incident_id, entry.at_ns)
        return engine.start(procedure, run, entry.at_ns, waited=waited)

    def _stop(self, state: CityState, incident_id: str, entry: ev.Entry, outcome: str) -> Moves:
        run = state.procedures.get(incident_id)
        procedure = self.of(state, run) if run is not None else None
        if run is None or procedure is None:
            return ()
        actor = entry.cause.actor
        return engine.stop(
            procedure, run, entry.at_ns, actor if actor.startswith("person:") else BY_RULE, outcome
        )

    def _clock(self, state: CityState, incident_id: str, now_ns: int) -> engine.Waited:
        return lambda standing: self._waited(state, standing, incident_id, now_ns)


def _verdict(state: CityState, incident_id: str) -> str:
    case = state.cases.get(incident_id)
    return case.verdict or "real" if case is not None else "real"
