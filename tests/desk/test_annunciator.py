"""Which sound is due: the most urgent, again only for what must not wait, and silence that hides nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.desk.annunciator import Annunciator
from console.desk.speaker import load_sound_figures
from console.model.alarm import Alarm, AlarmState
from console.model.base import same_words
from tests.kit.sitting import PLACE

FIGURES = load_sound_figures()


def alarm(name: str, priority: int, state: AlarmState = "B", raised_ns: int = 1) -> dict[str, Alarm | None]:
    made = Alarm(
        id=name, priority=priority, place=PLACE, text=same_words(name), raised_at_ns=raised_ns,
        changed_at_ns=raised_ns, state=state,
    )  # fmt: skip
    return {name: made}


def heard(rules: Annunciator, seconds: float) -> str:
    return rules.due(int(seconds * SECOND_NS), int((1000 + seconds) * SECOND_NS))


def test_a_new_alarm_is_heard_once_and_priority_1_again_until_somebody_acknowledges() -> None:
    rules = Annunciator(FIGURES)
    rules.met(alarm("a", 1) | alarm("b", 3), news=True)
    sounds = [heard(rules, at) for at in (0, 1, 9.9, 10, 15, 20)]
    assert sounds == ["priority1", "", "", "priority1", "", "priority1"]
    rules.met(alarm("a", 1, "C"), news=True)
    assert [heard(rules, at) for at in (30, 40)] == ["", ""]


def test_the_most_urgent_of_several_is_heard_and_the_least_makes_no_sound() -> None:
    rules = Annunciator(FIGURES)
    rules.met(alarm("low", 4), news=True)
    assert heard(rules, 0) == ""
    rules.met(alarm("b", 3) | alarm("a", 2) | alarm("c", 2), news=True)
    assert [heard(rules, at) for at in (1, 2, 60)] == ["priority2", "", ""]


def test_what_stood_before_the_desk_came_is_heard_only_where_it_repeats() -> None:
    rules = Annunciator(FIGURES)
    rules.met(alarm("b", 2), news=False)
    assert heard(rules, 0) == ""
    rules.met(alarm("a", 1), news=False)
    assert heard(rules, 1) == "priority1"


def test_an_alarm_that_comes_again_is_new_and_one_that_only_changes_is_not() -> None:
    rules = Annunciator(FIGURES)
    rules.met(alarm("b", 2), news=True)
    assert heard(rules, 0) == "priority2"
    rules.met(alarm("b", 2), news=True)
    assert heard(rules, 1) == ""
    rules.met(alarm("b", 2, "D"), news=True)
    rules.met(alarm("b", 2, raised_ns=9), news=True)
    assert heard(rules, 2) == "priority2"


def test_silence_ends_by_itself_and_a_new_priority_1_is_heard_through_it() -> None:
    rules = Annunciator(FIGURES)
    rules.met(alarm("a", 1), news=True)
    assert heard(rules, 0) == "priority1"
    until_ns = rules.silence(1000 * SECOND_NS)
    assert until_ns == (1000 + int(FIGURES.silence.lasts_s)) * SECOND_NS
    rules.met(alarm("b", 2), news=True)
    assert [heard(rules, at) for at in (10, 60)] == ["", ""]
    rules.met(alarm("c", 1), news=True)
    assert [heard(rules, at) for at in (61, 90)] == ["priority1", ""]
    assert heard(rules, FIGURES.silence.lasts_s) == "priority1", "nobody acknowledged it meanwhile"


def test_a_wall_clock_that_is_set_back_does_not_make_silence_longer() -> None:
    rules = Annunciator(FIGURES)
    rules.silence(5000 * SECOND_NS)
    assert not rules.silenced(100 * SECOND_NS)


def test_ring_back_is_heard_after_everything_that_is_new() -> None:
    rules = Annunciator(FIGURES)
    rules.over()
    assert heard(rules, 0) == "back"
    rules.over()
    rules.met(alarm("b", 3), news=True)
    assert heard(rules, 1) == "priority3"
    rules.silence(1001 * SECOND_NS)
    rules.over()
    assert heard(rules, 2) == ""


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from("BCD"), st.integers(0, 3)), max_size=30))
def test_nothing_repeats_that_is_acknowledged_or_over(steps: list[tuple[int, AlarmState, int]]) -> None:
    rules = Annunciator(FIGURES)
    standing: dict[str, Alarm] = {}
    for number, (priority, state, name) in enumerate(steps):
        met = alarm(f"{priority}-{name}", priority, state, raised_ns=number)
        rules.met(met, news=True)
        standing |= {key: one for key, one in met.items() if one is not None}
    heard(rules, 0)
    again = heard(rules, 1000)
    waiting = any(one.state == "B" and one.priority == 1 for one in standing.values())
    assert (again == "priority1") == waiting


def test_what_waits_besides_alarms_is_heard_again_until_somebody_has_seen_it() -> None:
    rules = Annunciator(FIGURES)
    rules.stands("handoff", frozenset({"t1"}))
    assert [heard(rules, at) for at in (0, 1, 10)] == ["handoff", "", "handoff"]
    rules.stands("handoff", frozenset({"t1"}), seen=frozenset({"t1"}))
    assert heard(rules, 30) == ""
    rules.stands("handoff", frozenset({"t1", "t2"}), seen=frozenset({"t1"}))
    assert heard(rules, 31) == "handoff"
    rules.stands("handoff", frozenset())
    assert heard(rules, 60) == ""


def test_a_red_hand_off_comes_behind_priority_1_and_before_the_others_and_through_silence_once() -> None:
    rules = Annunciator(FIGURES)
    rules.met(alarm("a", 1) | alarm("b", 2), news=True)
    rules.stands("handoff", frozenset({"t1"}))
    assert [heard(rules, at) for at in (0, 0.5, 1)] == ["priority1", "handoff", ""]
    rules.silence(int(1002 * SECOND_NS))
    rules.stands("handoff", frozenset({"t1", "t2"}))
    assert [heard(rules, at) for at in (3, 20)] == ["handoff", ""]
