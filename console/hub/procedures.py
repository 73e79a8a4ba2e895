"""Procedures in the running hub: what follows from each decision, and what time brings.

Waiting is counted by the clock that never jumps, from when a step was first seen open; what it had waited by
the record before that (a restart) is added once. While a case rests, no time passes for its steps; what is
due then is said at once when it goes on.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable

from console.clock import Clock
from console.model import events as ev
from console.model.procedurerun import StepStanding
from console.model.state import CityState
from console.profile.procedures import ProcedureBook
from console.rules.draft import Decision, Draft
from console.rules.procedure import engine
from console.rules.procedure.following import Following


class HubProcedures:
    """One thread: the hub's loop. `follow` is asked for every decision after it is folded, `look` once a
    second, `restore` at the start and after a commit that failed."""

    def __init__(self, book: ProcedureBook, state: CityState, clock: Clock) -> None:
        self._clock = clock
        self._rules = Following(book, self.waited)
        self._begun: dict[str, dict[tuple[str, str, int], int]] = {}
        self._wakes: dict[str, int] = {}
        self._due: list[tuple[int, str]] = []
        self.restore(state)

    def waited(self, state: CityState, standing: StepStanding, incident_id: str, now_ns: int) -> int:
        """How long (ns) a step of an incident has waited; 0 while the case rests."""
        since_ns = self._since(standing, incident_id, now_ns)
        return 0 if _rests(state, incident_id) else self._clock.mono_ns() - since_ns

    def follow(self, state: CityState, entries: Iterable[ev.Entry]) -> Iterable[Decision]:
        """What follows from entries that `state` holds already, in the same batch."""
        entries = tuple(entries)
        yield from self._rules.follow(state, entries)
        for entry in entries:
            incident_id = str(getattr(entry.event, "incident_id", ""))
            if incident_id in state.procedures:
                self._expect(state, incident_id, entry.at_ns)

    def look(self, state: CityState) -> list[Decision]:
        """What time has brought since. What is proposed of it is followed like everything else."""
        mono_ns, now_ns = self._clock.mono_ns(), self._clock.now_ns()
        due = []
        while self._due and self._due[0][0] <= mono_ns:
            due_ns, incident_id = heapq.heappop(self._due)
            if self._wakes.get(incident_id) == due_ns:
                del self._wakes[incident_id]
                due.append(incident_id)
        found = []
        for incident_id in due:
            moves = self._rules.look(state, incident_id, now_ns)
            if moves:
                found.append(Decision(tuple(Draft(one, ev.Cause(actor=one.who)) for one in moves)))
            elif incident_id in state.procedures:
                self._expect(state, incident_id, now_ns)
        return found

    def restore(self, state: CityState) -> None:
        """Take up what stands: everything that goes on is looked at with the next look, as the city's
        procedures may have other words by now, and an incident of before there were any has none yet."""
        known, self._begun, self._wakes, self._due = self._begun, {}, {}, []
        mono_ns, now_ns = self._clock.mono_ns(), self._clock.now_ns()
        for incident_id, run in state.procedures.items():
            if not run.going and run.procedure:
                continue
            before = known.get(incident_id, {})
            for standing in run.open_steps:
                if _key(standing) in before:
                    self._begun.setdefault(incident_id, {})[_key(standing)] = before[_key(standing)]
                self._since(standing, incident_id, now_ns)
            self._wake(incident_id, mono_ns)

    def _since(self, standing: StepStanding, incident_id: str, now_ns: int) -> int:
        """When a step's waiting began, on the clock that never jumps."""
        begun = self._begun.setdefault(incident_id, {})
        return begun.setdefault(
            _key(standing), self._clock.mono_ns() - max(0, now_ns - standing.opened_ns)
        )

    def _expect(self, state: CityState, incident_id: str, now_ns: int) -> None:
        """Note when time alone brings the next move, and forget what no longer waits."""
        run = state.procedures[incident_id]
        standings = run.open_steps if run.going else ()
        open_keys = {_key(one) for one in standings}
        begun = self._begun.get(incident_id, {})
        for key in begun.keys() - open_keys:
            del begun[key]
        if not begun:
            self._begun.pop(incident_id, None)
        procedure = self._rules.of(state, run)
        left_ns = None
        if standings and procedure is not None and procedure.key == run.procedure:
            mono_ns = self._clock.mono_ns()
            left_ns = engine.wakes_in_ns(
                procedure, run, lambda one: mono_ns - self._since(one, incident_id, now_ns)
            )
        if left_ns is None or _rests(state, incident_id):
            self._wakes.pop(incident_id, None)
        else:
            self._wake(incident_id, self._clock.mono_ns() + max(0, left_ns))

    def _wake(self, incident_id: str, due_ns: int) -> None:
        if self._wakes.get(incident_id) != due_ns:
            self._wakes[incident_id] = due_ns
            heapq.heappush(self._due, (due_ns, incident_id))


def _key(standing: StepStanding) -> tuple[str, str, int]:
    return standing.procedure, standing.step, standing.round


def _rests(state: CityState, incident_id: str) -> bool:
    case = state.cases.get(incident_id)
    return case is not None and case.hold is not None
