"""A dead gateway is one fault and not sixty."""

from __future__ import annotations

import numpy as np
import pytest

from console.rules.alarm.columns import Sort
from console.rules.alarm.states import State, Stimulus
from console.rules.alarm.transition import records
from tests.rules.alarm.town import at, bank, row, said, samples

SIXTY = 60
ROWS = [row(sort=Sort.TOLD, point=-1, priority=2), *(row(sort=Sort.STALE, point=one) for one in range(SIXTY))]
PLAN = {0: range(1, SIXTY + 1)}


def test_a_dead_gateway_sounds_once_and_its_silent_sensors_do_not():
    alarms = bank(*ROWS, plan=PLAN)
    moves = alarms.tell([0], True, at(20)) + alarms.look(at(40))
    assert sum(len(one.annunciated()) for one in moves) == 1
    assert set(alarms.state[1:].tolist()) == {State.SUPPRESSED}
    assert alarms.active[1:].all()  # what is underneath is kept


def test_found_in_the_same_look_the_cause_comes_first():
    rows = [row(sort=Sort.STALE, point=0), row(sort=Sort.STALE, point=1)]
    alarms = bank(*rows, plan={1: [0]})
    assert said(alarms.look(at(40))) == [(1, "began A>B"), (0, "suppress A>H"), (0, "began H>H")]


def test_found_in_the_same_batch_the_cause_comes_first():
    alarms = bank(row(point=0), row(point=1), plan={1: [0]})
    moves = alarms.evaluate(samples((0, 1, 20.0), (1, 2, 20.0)))
    assert said(moves) == [(1, "began A>B"), (0, "suppress A>H"), (0, "began H>H")]


def test_sensors_get_the_time_to_speak_again_before_they_count_as_silent():
    alarms = bank(*ROWS, plan=PLAN, release_after_s=60.0)
    alarms.tell([0], True, at(20))
    alarms.look(at(100))
    alarms.tell([0], False, at(200))
    alarms.evaluate(samples(*((one, 225, 1.0) for one in range(SIXTY - 1))))
    alarms.look(at(230))
    assert (alarms.state[1:] == State.SUPPRESSED).all()
    alarms.evaluate(samples(*((one, 255, 1.0) for one in range(SIXTY - 1))))
    moves = alarms.look(at(260))
    assert [int(one) for part in moves for one in part.annunciated()] == [SIXTY]
    assert (alarms.state[1:SIXTY] == State.NORMAL).all()


def test_a_gateway_that_comes_and_goes_keeps_its_sensors_suppressed():
    alarms = bank(*ROWS, plan=PLAN, release_after_s=60.0)
    alarms.tell([0], True, at(20))
    alarms.tell([0], False, at(50))
    alarms.tell([0], True, at(60))
    alarms.look(at(200))
    assert (alarms.state[1:] == State.SUPPRESSED).all()
    alarms.tell([0], False, at(210))
    alarms.look(at(270))
    assert (alarms.state[1:] != State.SUPPRESSED).all()


def test_behind_two_causes_it_is_suppressed_until_both_are_over():
    rows = [row(sort=Sort.TOLD, point=-1), row(sort=Sort.TOLD, point=-1), row()]
    alarms = bank(*rows, plan={0: [1, 2], 1: [2]})
    alarms.tell([0, 1], True, at(0))
    assert alarms.state.tolist() == [State.UNACKNOWLEDGED, State.SUPPRESSED, State.SUPPRESSED]
    alarms.tell([0], False, at(10))
    alarms.look(at(10))
    assert alarms.state.tolist() == [State.RETURNED, State.UNACKNOWLEDGED, State.SUPPRESSED]
    alarms.tell([1], False, at(20))
    alarms.look(at(20))
    assert alarms.state[2] == State.NORMAL


def test_a_cause_that_is_shelved_itself_goes_on_suppressing():
    alarms = bank(*ROWS, plan=PLAN)
    alarms.act(Stimulus.SHELVE, np.array([0]), at(0), "person:kim", "works", at(10_000))
    moves = alarms.tell([0], True, at(20)) + alarms.look(at(100))
    assert sum(len(one.annunciated()) for one in moves) == 0


def test_the_record_of_a_suppression_names_its_cause():
    alarms = bank(*ROWS, plan=PLAN)
    names = ["gateway-7/line", *(f"node-{one}/silent" for one in range(SIXTY))]
    found = records(alarms.tell([0], True, at(20)), names.__getitem__)
    assert {(one.who, one.why) for one in found[1:]} == {("rule:suppression", "gateway-7/line")}
    assert (found[1].before, found[1].after, found[1].value) == ("A", "H", None)


def test_after_a_restart_what_was_suppressed_is_released_in_its_time():
    before = bank(*ROWS, plan=PLAN, release_after_s=60.0)
    before.tell([0], True, at(20))
    before.tell([0], False, at(25))
    names = [str(one) for one in range(SIXTY + 1)]
    after = bank(*ROWS, plan=PLAN, release_after_s=60.0)
    after.restore(((int(one.alarm_id), one) for one in before.standing(names)), at(30))
    after.evaluate(samples(*((one, 80, 1.0) for one in range(SIXTY))))
    assert after.look(at(89)) == []
    after.look(at(90))
    assert (after.state[1:] == State.NORMAL).all()


@pytest.mark.parametrize(
    ("plan", "words"), [({0: [0]}, "hide itself"), ({0: [99]}, "not among"), ({9: [0]}, "not among")]
)
def test_a_plan_that_cannot_be_is_refused(plan, words):
    with pytest.raises(ValueError, match=words):
        bank(row(), row(), plan=plan)
