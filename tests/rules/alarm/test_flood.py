"""A flood as a list a person can take in; nothing is lost in it and nothing urgent is behind anything."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.flood import FirstOut, Standing, lines
from tests.rules.alarm.town import at

FIGURES = load_alarm_figures().flood


def standing(
    name: str, second: float = 0, priority: int = 3, place: str = "LC-1", kind: str = "lamp",
    seen: bool = False,
) -> Standing:
    return Standing(name, priority, at(second), place, kind, seen)


ALARMS = st.lists(
    st.builds(
        standing, st.uuids().map(str), st.integers(0, 400), st.integers(1, 4),
        st.sampled_from(["", "LC-1", "LC-2"]), kind=st.sampled_from(["lamp", "node"]), seen=st.booleans(),
    ),
    max_size=60,
)  # fmt: skip


def test_lamps_of_one_circuit_that_fail_together_are_one_line_with_the_first_marked():
    (line,) = lines([standing(f"lamp-{one}", one) for one in range(20)], True, FIGURES)
    assert len(line.more) == 19
    assert line.first_out == "lamp-0"


def test_two_alike_stay_two_lines():
    assert len(lines([standing("a"), standing("b")], True, FIGURES)) == 2


def test_a_pause_of_more_than_a_minute_begins_another_line():
    alarms = [standing(str(one), one) for one in (0, 30, 60, 121, 122, 123)]
    assert sorted(len(one.alarm_ids) for one in lines(alarms, True, FIGURES)) == [3, 3]


def test_without_a_flood_nothing_is_grouped():
    assert all(not one.more for one in lines([standing(str(one)) for one in range(9)], False, FIGURES))


def test_the_most_urgent_is_never_behind_another_line_even_among_alike():
    alarms = [standing(str(one), priority=1) for one in range(5)]
    alarms += [standing(f"low-{one}") for one in range(300)]
    shown = lines(alarms, True, FIGURES)
    assert [one.head.priority for one in shown] == [1] * 5 + [3]


def test_a_line_is_as_urgent_as_the_most_urgent_alarm_in_it():
    alarms = [standing("old", 0, 4), standing("urgent", 5, 2), standing("new", 9, 4)]
    (line,) = lines(alarms, True, FIGURES)
    assert (line.head.alarm_id, line.first_out) == ("urgent", "old")


@given(ALARMS, st.booleans())
def test_every_alarm_is_in_the_list_exactly_once(alarms, flooded):
    shown = lines(alarms, flooded, FIGURES)
    assert Counter(name for line in shown for name in line.alarm_ids) == Counter(
        one.alarm_id for one in alarms
    )


@given(ALARMS, st.booleans())
def test_the_highest_priority_is_at_the_top_and_nothing_urgent_is_hidden(alarms, flooded):
    shown = lines(alarms, flooded, FIGURES)
    heads = [one.head.priority for one in shown]
    assert heads == sorted(heads)
    if alarms:
        assert heads[0] == min(one.priority for one in alarms)
    for line in shown:
        assert all(one.priority >= line.head.priority for one in line.more)
        assert all(one.priority not in FIGURES.alone for one in line.more)


@given(ALARMS)
def test_what_nobody_has_seen_is_not_behind_what_was_seen(alarms):
    for line in lines(alarms, True, FIGURES):
        if line.head.seen:
            assert all(one.seen or one.priority > line.head.priority for one in line.more)


def test_the_first_of_a_group_stays_marked_until_all_are_gone():
    first = FirstOut()
    first.shown("gateway", "a", 3, at(1))
    first.shown("gateway", "b", 1, at(2))
    first.gone("gateway", "a")
    assert first.of("gateway") == "a"
    first.gone("gateway", "b")
    assert first.of("gateway") == ""
    first.shown("gateway", "b", 1, at(9))
    assert first.of("gateway") == "b"


@given(st.permutations([("a", 3, 5), ("b", 1, 5), ("c", 2, 4), ("d", 4, 9)]))
def test_who_came_first_does_not_depend_on_whose_news_came_first(order):
    first = FirstOut()
    for name, priority, second in order:
        first.shown("gateway", name, priority, at(second))
    assert first.of("gateway") == "c"
