"""The queue says why; nothing open is missing from it, and nothing urgent is hidden below."""

from __future__ import annotations

import msgspec
import pytest

from console.language import load_catalogue
from console.model.commands.casework import HoldIncident, VerifyIncident
from console.model.commands.incident import AcknowledgeIncident
from console.rules.casework.claims import standing
from console.rules.casework.queue import Line, Ranking
from tests.rules.casework.room import FIGURES, Room

RANKING = Ranking(FIGURES, "KR")


@pytest.fixture
def room() -> Room:
    return Room()


def lines(room: Room, waiting: tuple[str, ...] = ()) -> tuple[Line, ...]:
    now_ns = room.clock.now_ns()
    standings = {one.id: standing(one, now_ns, FIGURES.claim) for one in room.cases.values()}
    return RANKING.lines(room.cases.values(), standings, waiting)


def order(room: Room, waiting: tuple[str, ...] = ()) -> list[str]:
    return [one.case_id for one in lines(room, waiting)]


def test_the_more_urgent_comes_first_then_by_grade_then_the_older(room):
    late = room.opens(priority=2, grade="2")
    first = room.opens(priority=1, grade="1")
    moving = room.opens(priority=1, grade="0")
    room.clock.step(1)
    newer = room.opens(priority=1, grade="1")
    assert order(room) == [moving, first, newer, late]


def test_points_are_the_sum_of_what_is_said_and_every_reason_has_its_words(room):
    case = room.opens(priority=2, grade="2")
    room.opens(parent=case)
    room.passes(100)
    keys = load_catalogue().keys()
    for line in lines(room, (case,)):
        assert line.points == sum(one.points for one in line.why)
        for one in line.why:
            assert f"casework.why.{one.code}" in keys


def test_what_nobody_has_goes_before_what_somebody_works_on(room):
    mine, free = room.opens(), room.opens()
    room.asks(AcknowledgeIncident(incident_id=mine))
    assert order(room) == [free, mine]


def test_what_waited_too_long_rises_and_one_step_lower_can_pass(room):
    urgent = room.opens(priority=1)
    room.asks(AcknowledgeIncident(incident_id=urgent))
    lower = room.opens(priority=2, grade="2")
    assert order(room) == [urgent, lower]
    room.cases[lower] = msgspec.structs.replace(room.cases[lower], raised=3)
    assert order(room) == [lower, urgent]


def test_what_rests_goes_down_and_what_is_resolved_further(room):
    held, low, done = room.opens(), room.opens(priority=4, grade="4"), room.opens()
    room.asks(AcknowledgeIncident(incident_id=held))
    room.asks(HoldIncident(incident_id=held, reason="waiting", for_s=60))
    room.asks(VerifyIncident(incident_id=done, verdict="false"))
    assert order(room) == [low, held, done]


def test_a_partner_that_does_not_answer_lifts_its_incident(room):
    one, other = room.opens(), room.opens()
    assert order(room, (other,)) == [other, one]


def test_an_urgent_part_lifts_the_whole_and_says_so(room):
    whole = room.opens(priority=3, grade="3")
    other = room.opens(priority=2, grade="2")
    part = room.opens(priority=1, parent=whole)
    first, second = lines(room)
    assert (first.case_id, first.parts, second.case_id) == (whole, (part,), other)
    assert first.why[0].code == "part"


def test_a_part_whose_whole_is_closed_stands_by_itself(room):
    part = room.opens(parent="C-gone")
    assert order(room) == [part]


def test_a_circle_on_the_record_hides_nothing(room):
    one, other = room.opens(), room.opens()
    for child, parent in ((one, other), (other, one)):
        room.cases[child] = msgspec.structs.replace(room.cases[child], parent=parent)
    assert sorted(order(room)) == sorted([one, other])
