"""A procedure's whole way with a real hub: facts, a skip, a supervisor, a kill, another type, the end."""

from __future__ import annotations

import os
import signal

import pytest

from console.clock import SystemClock
from console.ledger import Ledger
from console.model import commands as do
from console.model import events as ev
from console.model.procedurerun import ProcedureRun
from console.model.state import CityState, apply
from tests.journeys.conftest import Players, Watcher

pytestmark = pytest.mark.journey


def run_of(desk: Watcher, incident_id: str) -> ProcedureRun:
    return desk.board.state.procedures.get(incident_id, ProcedureRun(incident_id=incident_id))


def open_steps(desk: Watcher, incident_id: str) -> list[str]:
    return [one.step for one in run_of(desk, incident_id).open_steps]


def done(desk: Watcher, command: do.Command) -> None:
    taken = desk.do(command)
    assert isinstance(taken, do.Accepted), taken


def test_from_the_first_step_over_a_skip_and_a_kill_to_another_type_and_the_end(players: Players) -> None:
    hub = players.hub()
    desk, supervisor = players.watcher("desk-1"), players.watcher("super-1")
    camera = next(iter(players.profile.cameras))
    done(desk, do.OpenIncident(type="person_down", camera_id=camera, text="somebody lies there"))
    desk.until(lambda: desk.board.state.incidents, "the incident")
    incident_id = next(iter(desk.board.state.incidents))
    assert open_steps(desk, incident_id) == ["look"], "the procedure is there with its incident"

    # The record knows what was done: nobody ticks it off.
    done(desk, do.StartViewing(camera_ids=(camera,), purpose="incident"))
    desk.until(lambda: open_steps(desk, incident_id) == ["state"], "the step to do itself")
    assert run_of(desk, incident_id).steps[0].because == "cameras_opened"

    done(desk, do.AnswerStep(incident_id=incident_id, step="state", round=1, answer="still"))
    late = desk.do(do.AnswerStep(incident_id=incident_id, step="state", round=1, answer="up"))
    assert isinstance(late, do.Refused)
    assert late.code == "step_not_open"
    refused = desk.do(do.SkipStep(incident_id=incident_id, step="tell", round=1, reason=" "))
    assert isinstance(refused, do.Refused)
    assert refused.code == "step_needs_reason"
    done(desk, do.SkipStep(incident_id=incident_id, step="tell", round=1, reason="the park told 119"))

    # The skip is at the supervisor's, who confirms it; an operator cannot.
    supervisor.until(lambda: run_of(supervisor, incident_id).unseen(), "the notice")
    (notice,) = run_of(supervisor, incident_id).unseen()
    assert (notice.kind, notice.comment, notice.who) == ("skipped", "the park told 119", "person:Watcher")
    see = do.SeeProcedureNotices(incident_id=incident_id, until_ns=notice.at_ns)
    assert isinstance(desk.do(see), do.Refused)
    done(supervisor, see)
    desk.until(lambda: not run_of(desk, incident_id).unseen(), "what was seen")

    # The hub dies in the middle and the run goes on where it was.
    before = run_of(desk, incident_id)
    os.kill(hub.pid, signal.SIGKILL)
    hub.wait()
    hub = players.hub()
    run = desk.board.state.run
    desk.until(lambda: desk.board.link == "live" and desk.board.state.run != run, "the new hub")
    assert run_of(desk, incident_id) == before
    done(desk, do.AnswerStep(incident_id=incident_id, step="danger", round=1, answer="yes"))
    assert open_steps(desk, incident_id) == ["police"]

    # It is something else: what was done stays, what achieves the same is done already.
    done(desk, do.ReclassifyIncident(incident_id=incident_id, type="violence", reason="two are fighting"))
    desk.until(lambda: run_of(desk, incident_id).procedure.startswith("violence@"), "the other procedure")
    now = run_of(desk, incident_id)
    closed = [one for one in before.steps if one.state != "open"]
    assert [one for one in now.steps if one in closed] == closed, "what was done stays as it was written"
    carried = now.steps[now.begun]
    assert (carried.step, carried.because, carried.state) == ("look", "earlier", "done")

    # It ends as real with steps open, which the supervisor hears of too.
    done(desk, do.ResolveIncident(incident_id=incident_id, outcome="real"))
    done(desk, do.CloseIncident(incident_id=incident_id))
    supervisor.until(
        lambda: [one.kind for one in run_of(supervisor, incident_id).unseen()] == ["stopped"], "the end"
    )
    desk.until(lambda: run_of(desk, incident_id).ended_ns, "the end at the desk")
    assert players.end(hub) == 0

    ledger = Ledger.open(players.home / "ledger" / "ledger.db", SystemClock())
    try:
        entries = list(ledger.entries())
    finally:
        ledger.close()
    state = CityState()
    for entry in entries:
        apply(state, entry)
    assert state.procedures == desk.board.state.procedures
    moves = [one.event for one in entries if isinstance(one.event, ev.ProcedureMoved)]
    assert all(one.text is not None for one in moves), "a reader of nothing but the log has all words"
    started = next(one.seq for one in entries if isinstance(one.event, ev.ProcedureMoved))
    opened = next(one.seq for one in entries if isinstance(one.event, ev.OPENED))
    assert started == opened + 1, "on disk together"
