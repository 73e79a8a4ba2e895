"""Whatever persons, facts and time do to a procedure, it keeps its promises; the log says how it stands."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import hypothesis.strategies as st
import msgspec
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console.model.events import ProcedureMoved
from console.model.procedure import END, Procedure, Step
from console.model.procedurerun import ProcedureRun, moved
from console.profile.problems import Problems
from console.profile.procedurechecks import check_ways
from console.rules.procedure import engine
from tests.rules.procedure.steps import S, procedure, step

FACTS = ("cameras_opened", "handoff_received/KR-119", "alarms_over", "control_failed/barrier")
facts = st.sampled_from(FACTS)


@st.composite
def procedures(draw: st.DrawFn, name: str = "drawn") -> Procedure:
    """One that the checks let through: forward ways, and ways back from decisions only."""
    count = draw(st.integers(1, 6))
    ids = [f"s{number}" for number in range(count)]
    steps: list[Step] = []
    for number, one in enumerate(ids):
        later = st.sampled_from([*ids[number + 1 :], END])
        following = ids[number + 1] if number + 1 < count else END
        kind = draw(st.sampled_from(["task", "information", "remark", "decision", "check"]))
        due, escalate = draw(st.sampled_from([(0.0, 0.0), (5.0, 20.0), (0.0, 20.0), (5.0, 0.0)]))
        timers = {"due_s": due, "escalate_s": escalate}
        if kind == "decision":
            back = draw(st.sampled_from([*ids[: number + 1], END]))
            other = ("other", draw(later), {"by": (draw(facts),)})
            answers = [("on", following, {}), other, ("back", back, {})]
            steps.append(step(one, draw(st.sampled_from(["", following])), kind, answers=answers, **timers))
        elif kind == "check":
            answers = [("on", following, {"by": (draw(facts),)}), ("late", draw(later), {"after_s": 30.0})]
            steps.append(step(one, "", kind, answers=answers, **timers))
        else:
            steps.append(step(
                one, following, kind, beside=kind == "task" and draw(st.booleans()),
                may_skip=draw(st.booleans()), work=draw(st.sampled_from(["looked", "looked", ""])),
                comment="must" if kind == "remark" else "may",
                done_by=(draw(facts),) if kind == "task" and draw(st.booleans()) else (), **timers,
            ))  # fmt: skip
    made = procedure(*steps, procedure_id=name, version=draw(st.integers(1, 3)))
    return msgspec.structs.replace(made, digest=f"{zlib.crc32(repr(made.steps).encode()):08x}")


def tried(act: Callable[..., engine.Moves], *told: object) -> tuple[str, engine.Moves]:
    """The code of a refusal, or the moves."""
    try:
        return "", act(*told)
    except engine.ProcedureError as refused:
        return refused.code, ()


class ProcedureMachine(RuleBasedStateMachine):
    """Drives one incident; `log` is all that was recorded."""

    @initialize(one=procedures(), other=procedures("other"))
    def begin(self, one: Procedure, other: Procedure) -> None:
        self.now = 1000 * S
        self.told, self.other = one, other
        self.log: list[ProcedureMoved] = []
        self.run = ProcedureRun(incident_id="I-1")
        self.closed: dict[int, object] = {}
        self.take(engine.start(self.told, self.run, self.now))

    def take(self, moves: tuple[ProcedureMoved, ...]) -> None:
        assert len(moves) < 200, "it turns for ever"
        for move in moves:
            self.log.append(move)
            self.run = moved(self.run, move)

    @rule(seconds=st.integers(1, 40))
    def wait(self, seconds: int) -> None:
        wakes = engine.wakes_in_ns(self.told, self.run, lambda one: self.now - one.opened_ns)
        self.now += seconds * S
        moves = engine.look(self.told, self.run, self.now)
        assert not moves or (wakes is not None and wakes <= seconds * S), "time moves it too early"
        self.take(moves)

    @rule(fact=facts)
    def hear(self, fact: str) -> None:
        self.now += S
        if not self.run.ended_ns:
            self.run = msgspec.structs.replace(self.run, heard={**self.run.heard, fact: self.now})
        self.take(engine.look(self.told, self.run, self.now))

    @precondition(lambda self: self.run.open_steps)
    @rule(data=st.data(), words=st.sampled_from(["", "seen"]))
    def work(self, data: st.DataObject, words: str) -> None:
        standing = data.draw(st.sampled_from(self.run.open_steps))
        step_ = self.told.steps[standing.step]
        given = data.draw(st.sampled_from([one.id for one in step_.answers] or [""]))
        self.now += S
        code, moves = tried(engine.answer, self.told, self.run, step_.id, self.now, "kim", given, words)
        if code:
            assert code == "needs_comment" and not words
            return
        assert moves and moves[0].who == "person:kim"
        self.take(moves)

    @precondition(lambda self: self.run.open_steps)
    @rule(data=st.data())
    def skip(self, data: st.DataObject) -> None:
        standing = data.draw(st.sampled_from(self.run.open_steps))
        step_ = self.told.steps[standing.step]
        before = len(self.run.notices)
        code, moves = tried(engine.skip, self.told, self.run, step_.id, self.now, "kim", "no time")
        if code:
            assert code == "no_skip"
            assert not step_.may_skip or (step_.answers and not step_.next)
            return
        self.take(moves)
        assert self.run.notices[before].kind == "skipped" and self.run.notices[before].comment == "no time"

    @rule()
    def becomes_something_else(self) -> None:
        done = [one for one in self.run.steps if one.state in ("done", "answered", "skipped")]
        self.now += S
        self.told, self.other = self.other, self.told
        self.take(engine.start(self.told, self.run, self.now, "person:kim"))
        kept = [one for one in self.run.steps if one in done]
        assert kept == done, "what was done stays as it was"
        achieved = {one.work for one in done if one.state == "done" and one.work}
        for one in self.run.open_steps:
            assert not (one.work in achieved and one.round == 1), "done already"

    @rule()
    def ends(self) -> None:
        self.take(engine.stop(self.told, self.run, self.now, "person:kim"))
        assert not self.run.going and not self.run.open_steps

    @invariant()
    def one_step_waits_for_its_turn_at_most(self) -> None:
        head = [one for one in self.run.open_steps if not self.told.steps[one.step].beside]
        assert len(head) <= 1
        assert self.run.going == bool(self.run.open_steps)

    @invariant()
    def the_log_alone_tells_how_it_stands(self) -> None:
        run = ProcedureRun(incident_id="I-1")
        for move in self.log:
            run = moved(run, move)
        assert msgspec.structs.replace(run, heard=self.run.heard) == self.run
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(self.log), type=list[ProcedureMoved]) == self.log

    @invariant()
    def what_is_closed_is_never_changed(self) -> None:
        for row, one in enumerate(self.run.steps):
            if one.state != "open":
                assert self.closed.setdefault(row, one) == one

    @invariant()
    def every_skip_and_escalation_is_a_notice(self) -> None:
        noticed = ("skipped", "escalated", "stopped")
        told = [move.step for move in self.log if move.move in noticed or move.by_hand]
        assert [one.step for one in self.run.notices] == told


TestProcedureMachine = ProcedureMachine.TestCase
TestProcedureMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


@settings(max_examples=60, deadline=None)
@given(procedures())
def test_the_drawn_procedures_turn_no_ring_that_a_file_could_not_say(told: Procedure) -> None:
    problems = Problems()
    check_ways(told, "x", problems)
    assert not [one for one in problems.found if "person in every ring" in one.expected]
