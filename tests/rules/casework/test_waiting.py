"""Nobody acts: who is told, when, once; and a clock that jumps changes nothing."""

from __future__ import annotations

import pytest

from console.model.commands.casework import RegradeIncident, VerifyIncident
from console.model.commands.incident import AcknowledgeIncident
from console.model.events.casework import IncidentEscalated
from console.rules.casework.waiting import Waiting
from tests.rules.casework.room import FIGURES, Room


@pytest.fixture
def room() -> Room:
    return Room()


def levels(events: list) -> list[tuple[int, str]]:
    return [(one.level, one.tell) for one in events if isinstance(one, IncidentEscalated)]


def test_what_is_urgent_and_new_is_told_to_more_and_more_people(room):
    room.opens()
    assert room.passes(29) == []
    assert levels(room.passes(2)) == [(1, "desk")]
    assert levels(room.passes(30)) == [(2, "supervisor")]
    assert levels(room.passes(60)) == [(3, "everybody")]
    assert room.passes(3600) == [], "each level once"


def test_an_act_in_time_keeps_it_quiet_and_the_next_stage_has_its_own_time(room):
    case = room.opens()
    room.passes(25)
    room.asks(AcknowledgeIncident(incident_id=case))
    assert room.passes(59) == []
    assert levels(room.passes(2)) == [(1, "desk")]
    assert room.cases[case].raised == 1
    room.asks(VerifyIncident(incident_id=case, verdict="real"))
    assert room.cases[case].raised == 0


def test_what_is_over_waits_for_nobody(room):
    case = room.opens()
    room.asks(VerifyIncident(incident_id=case, verdict="false"))
    assert room.passes(10_000) == []


def test_a_grade_that_changed_has_its_own_times_from_then_on(room):
    case = room.opens(priority=3, grade="3")
    room.passes(600)
    room.asks(RegradeIncident(incident_id=case, grade="1", reason="he is bleeding"))
    room.asks(AcknowledgeIncident(incident_id=case))
    assert levels(room.passes(61)) == [(1, "desk")]


@pytest.mark.parametrize("jump_s", [3600, -3600, 86_400, -86_400])
def test_a_wall_clock_that_jumps_neither_tells_everybody_at_once_nor_keeps_anything_silent(room, jump_s):
    room.opens()
    room.passes(10)
    room.clock.jump(jump_s)
    assert room.passes(18) == []
    assert levels(room.passes(4)) == [(1, "desk")]


def test_after_a_restart_what_was_waited_before_counts(room):
    room.opens()
    room.passes(20)
    room.waiting = Waiting(FIGURES)
    room.waiting.restore(room.cases.values(), room.clock.now_ns(), room.clock.mono_ns())
    assert room.passes(8) == []
    assert levels(room.passes(4)) == [(1, "desk")]


def test_after_a_long_night_without_a_hub_levels_come_one_by_one_and_none_is_left_out(room):
    room.opens()
    room.waiting = Waiting(FIGURES)
    room.clock.step(10_000)
    room.waiting.restore(room.cases.values(), room.clock.now_ns(), room.clock.mono_ns())
    assert levels(room.passes(3)) == [(1, "desk"), (2, "supervisor"), (3, "everybody")]


def test_what_was_due_and_could_not_be_written_is_due_again(room):
    case = room.opens()
    room.clock.step(31)
    first = room.waiting.look(room.clock.mono_ns())
    room.clock.step(1)
    assert room.waiting.look(room.clock.mono_ns()) == first
    room.commit(*first)
    assert room.cases[case].raised == 1
    assert room.waiting.look(room.clock.mono_ns()) == ()


def test_an_escalation_that_comes_after_the_act_raises_nothing(room):
    case = room.opens()
    room.clock.step(31)
    late = room.waiting.look(room.clock.mono_ns())
    room.asks(AcknowledgeIncident(incident_id=case))
    room.commit(*late)
    assert room.cases[case].raised == 0


def test_a_level_that_is_told_late_lowers_nothing(room):
    case = room.opens()
    room.clock.step(31)
    first = room.waiting.look(room.clock.mono_ns())
    room.commit(*first)
    room.clock.step(30)
    room.commit(*room.waiting.look(room.clock.mono_ns()))
    assert room.cases[case].raised == 2
    room.commit(*first)
    assert room.cases[case].raised == 2
