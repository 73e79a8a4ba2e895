"""A procedure is started, worked on by persons, by facts and by time, replaced and ended."""

from __future__ import annotations

import msgspec
import pytest

from console.model.procedure import END
from console.model.procedurerun import ProcedureRun, seen
from console.rules.procedure import engine
from tests.rules.procedure.steps import S, procedure, run_of, step

LOOK = step("look", "real", done_by=("cameras_opened",), work="looked", due_s=10.0, escalate_s=30.0)
REAL = step("real", "", "decision", answers=[("yes", "tell", {}), ("no", "why", {"comment": True})])
TELL = step("tell", "write", done_by=("handoff_received/KR-119",), may_skip=False)
WHY = step("why", "write")
WRITE = step("write", END, "remark", comment="must")
FALL = procedure(LOOK, REAL, TELL, WHY, WRITE)


def heard(run: ProcedureRun, fact: str, at_s: float) -> ProcedureRun:
    return msgspec.structs.replace(run, heard={**run.heard, fact: round(at_s * S)})


def begun(at_s: float = 100.0) -> ProcedureRun:
    return run_of(engine.start(FALL, ProcedureRun(incident_id="I-1"), round(at_s * S)))


def code(act, *told, **said) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(engine.ProcedureError) as refused:
        act(*told, **said)
    return refused.value.code


def test_a_started_procedure_opens_its_first_step() -> None:
    run = begun()
    assert run.procedure == FALL.key and run.going
    assert [one.step for one in run.open_steps] == ["look"]


def test_what_the_log_already_says_is_not_asked_for() -> None:
    run = heard(ProcedureRun(incident_id="I-1"), "cameras_opened", 90)
    moves = engine.start(FALL, run, 100 * S)
    assert [(one.step, one.move, one.because) for one in moves[1:]] == [
        ("look", "opened", ""), ("look", "done", "cameras_opened"), ("real", "opened", ""),
    ]  # fmt: skip


def test_a_fact_does_an_open_step() -> None:
    run = heard(begun(), "cameras_opened", 104)
    moves = engine.look(FALL, run, 104 * S)
    assert [(one.step, one.move) for one in moves] == [("look", "done"), ("real", "opened")]
    assert moves[0].who == "rule:procedure"


def test_starting_the_same_procedure_again_does_nothing() -> None:
    assert engine.start(FALL, begun(), 200 * S) == ()


def test_answers_lead_to_different_steps() -> None:
    run = run_of(engine.answer(FALL, begun(), "look", 101 * S, "kim"), begun())
    for given, comment, opened in (("yes", "", "tell"), ("no", "a shadow", "why")):
        after = run_of(engine.answer(FALL, run, "real", 102 * S, "kim", given, comment), run)
        assert [one.step for one in after.open_steps] == [opened]


def test_a_person_gets_through_to_the_end() -> None:
    run = begun()
    for at, (step_id, given, comment) in enumerate(
        [("look", "", ""), ("real", "yes", ""), ("tell", "", ""), ("write", "", "an old man")], 101
    ):
        run = run_of(engine.answer(FALL, run, step_id, at * S, "kim", given, comment), run)
    assert not run.going and run.ended_ns == 104 * S and not run.open_steps
    assert [one.who for one in run.steps] == ["person:kim"] * 4


def test_orders_that_cannot_be_followed_are_refused_with_a_code() -> None:
    run = begun()
    look = run_of(engine.answer(FALL, run, "look", 101 * S, "kim"), run)
    tell = run_of(engine.answer(FALL, look, "real", 101 * S, "kim", "yes"), look)
    write = run_of(engine.answer(FALL, tell, "tell", 101 * S, "kim"), tell)
    say = engine.answer
    assert code(say, FALL, run, "tell", 1, "kim") == "not_open"
    assert code(say, FALL, run, "nowhere", 1, "kim") == "not_open"
    assert code(say, FALL, run, "look", 1, "kim", "yes") == "no_answers"
    assert code(say, FALL, run, "look", 1, "kim", comment="x" * 4001) == "long_comment"
    assert code(say, FALL, look, "real", 1, "kim") == "needs_answer"
    assert code(say, FALL, look, "real", 1, "kim", "maybe") == "no_such_answer"
    assert code(say, FALL, look, "real", 1, "kim", "no", "  ") == "needs_comment"
    assert code(say, FALL, write, "write", 1, "kim") == "needs_comment"
    newer = procedure(LOOK, REAL, TELL, WHY, WRITE, version=2)
    assert code(say, newer, run, "look", 1, "kim") == "no_procedure"
    assert code(engine.skip, FALL, run, "look", 1, "kim", " ") == "needs_reason"
    assert code(engine.skip, FALL, look, "real", 1, "kim", "because") == "no_skip"
    assert code(engine.skip, FALL, tell, "tell", 1, "kim", "because") == "no_skip"


def test_a_skip_goes_on_and_is_told_to_the_supervisor_with_its_reason() -> None:
    run = begun()
    after = run_of(engine.skip(FALL, run, "look", 101 * S, "kim", "no camera here"), run)
    assert [one.step for one in after.open_steps] == ["real"]
    (notice,) = after.unseen()
    assert (notice.kind, notice.who, notice.step, notice.comment) == (
        "skipped", "person:kim", "look", "no camera here",
    )  # fmt: skip
    assert seen(after, "lee", 103 * S, 100 * S).unseen() == (notice,)
    assert seen(after, "lee", 103 * S, 101 * S).unseen() == ()


def wakes_at_s(run: ProcedureRun, now_s: int) -> int | None:
    left_ns = engine.wakes_in_ns(FALL, run, lambda one: now_s * S - one.opened_ns)
    return None if left_ns is None else now_s + left_ns // S


def test_waiting_is_counted_by_the_clock_that_is_given() -> None:
    run = begun(100)
    an_hour_later = 3_700 * S
    assert engine.look(FALL, run, an_hour_later, waited=lambda one: 9 * S) == ()
    assert [one.move for one in engine.look(FALL, run, 90 * S, waited=lambda one: 10 * S)] == ["overdue"]


def test_a_step_is_overdue_once_then_told_to_the_supervisor_once() -> None:
    run = begun(100)
    assert wakes_at_s(run, 100) == 110
    assert engine.look(FALL, run, 110 * S - 1) == ()
    late = run_of(engine.look(FALL, run, 110 * S), run)
    assert late.open_steps[0].overdue_ns == 110 * S and not late.notices
    assert wakes_at_s(late, 110) == 130
    told = run_of(engine.look(FALL, late, 131 * S), late)
    assert [one.kind for one in told.unseen()] == ["escalated"]
    assert engine.look(FALL, told, 1000 * S) == () and wakes_at_s(told, 131) is None


BARRIER = procedure(
    step("closed", "", "check", answers=[
        ("down", END, {"by": ("control_effective/barrier/close",)}),
        ("up", "field", {"by": ("control_failed/barrier/close",), "after_s": 45.0}),
    ]),
    step("field", END),
)  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "at_s", "given", "because"),
    [
        ("control_effective/barrier/close", 12, "down", "control_effective/barrier/close"),
        ("control_failed/barrier/close", 12, "up", "control_failed/barrier/close"),
        ("", 45, "up", "time"),
    ],
)  # fmt: skip
def test_a_check_is_answered_by_the_log_or_by_time(fact: str, at_s: int, given: str, because: str) -> None:
    run = run_of(engine.start(BARRIER, ProcedureRun(incident_id="I-1"), 0))
    assert engine.look(BARRIER, run, 11 * S) == ()
    run = heard(run, fact, at_s) if fact else run
    moves = engine.look(BARRIER, run, at_s * S)
    assert (moves[0].answer, moves[0].because) == (given, because)


def test_a_check_answered_by_hand_needs_words_and_is_told() -> None:
    run = run_of(engine.start(BARRIER, ProcedureRun(incident_id="I-1"), 0))
    assert code(engine.answer, BARRIER, run, "closed", S, "kim", "down") == "needs_comment"
    after = run_of(engine.answer(BARRIER, run, "closed", S, "kim", "down", "seen on camera"), run)
    assert not after.going and [one.kind for one in after.notices] == ["by_hand"]


def test_an_answer_that_only_a_person_can_give_is_no_news_for_the_supervisor() -> None:
    told = procedure(step("out", "", "check", answers=[
        ("over", END, {"by": ("handoff_closed/KR-119",)}), ("seen", END, {}),
    ]))  # fmt: skip
    run = run_of(engine.start(told, ProcedureRun(incident_id="I-1"), 0))
    assert run_of(engine.answer(told, run, "out", S, "kim", "seen"), run).notices == ()


def test_all_facts_means_each_of_them() -> None:
    both = procedure(step("both", done_by=("handoff_sent/KR-112", "handoff_sent/KR-119"), all_facts=True))
    run = heard(run_of(engine.start(both, ProcedureRun(incident_id="I-1"), 0)), "handoff_sent/KR-112", 1)
    assert engine.look(both, run, S) == ()
    assert engine.look(both, heard(run, "handoff_sent/KR-119", 2), 2 * S)[-1].move == "finished"


def test_a_step_beside_does_not_hold_the_next_and_the_end_waits_for_it() -> None:
    told = procedure(step("signs", "pump", beside=True), step("pump", "look", beside=True), step("look"))
    run = run_of(engine.start(told, ProcedureRun(incident_id="I-1"), 0))
    assert [one.step for one in run.open_steps] == ["signs", "pump", "look"]
    run = run_of(engine.answer(told, run, "look", S, "kim"), run)
    run = run_of(engine.answer(told, run, "signs", S, "kim"), run)
    assert run.going
    assert not run_of(engine.answer(told, run, "pump", S, "kim"), run).going


def test_in_a_second_round_only_what_is_new_counts() -> None:
    told = procedure(
        step("open", "well", done_by=("cameras_opened",)),
        step("well", "", "decision", answers=[("yes", END, {}), ("again", "open", {})]),
    )
    run = heard(run_of(engine.start(told, ProcedureRun(incident_id="I-1"), 0)), "cameras_opened", 1)
    run = run_of(engine.look(told, run, S), run)
    run = run_of(engine.answer(told, run, "well", 2 * S, "kim", "again"), run)
    assert [(one.step, one.round) for one in run.open_steps] == [("open", 2)]
    assert engine.look(told, run, 3 * S) == ()
    assert engine.look(told, heard(run, "cameras_opened", 3), 3 * S)[0].move == "done"


def test_what_was_done_stays_when_the_incident_turns_out_to_be_something_else() -> None:
    fight = procedure(
        step("see", "police", work="looked"), step("police", END, done_by=("handoff_received/KR-112",)),
        procedure_id="fight",
    )  # fmt: skip
    run = run_of(engine.answer(FALL, begun(), "look", 101 * S, "kim", comment="two men"), begun())
    run = run_of(engine.start(fight, run, 102 * S, "person:kim"), run)
    assert run.procedure == fight.key
    assert [(one.procedure, one.step, one.state) for one in run.steps] == [
        (FALL.key, "look", "done"), (FALL.key, "real", "left"), (fight.key, "see", "done"),
        (fight.key, "police", "open"),
    ]  # fmt: skip
    carried = run.steps[2]
    assert (carried.who, carried.comment, carried.because) == ("person:kim", "two men", "earlier")
    back = run_of(engine.start(FALL, run, 103 * S, "person:kim"), run)
    assert [one.step for one in back.open_steps] == ["real"], "looked at already"


def test_a_run_goes_over_to_new_words_of_its_procedure_and_keeps_what_was_done() -> None:
    newer = procedure(LOOK, REAL, TELL, WHY, WRITE, version=2)
    run = run_of(engine.answer(FALL, begun(), "look", 101 * S, "kim"), begun())
    run = run_of(engine.answer(FALL, run, "real", 102 * S, "kim", "yes"), run)
    after = run_of(engine.look(newer, run, 103 * S), run)
    assert after.procedure == newer.key
    assert [one.step for one in after.open_steps] == ["tell"]


def test_an_incident_that_ends_with_steps_open_leaves_them_and_tells_the_supervisor() -> None:
    run = begun()
    after = run_of(engine.stop(FALL, run, 105 * S, "person:kim"), run)
    assert not after.going and [one.state for one in after.steps] == ["left"]
    assert [one.kind for one in after.unseen()] == ["stopped"]
    assert run_of(engine.stop(FALL, run, 105 * S, "person:kim", "false"), run).unseen() == ()
    assert engine.stop(FALL, after, 106 * S, "person:kim") == () == engine.look(FALL, after, 999 * S)
