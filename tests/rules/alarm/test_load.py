"""Nuisance alarms, and how many alarms one desk can bear."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.load import DeskLoad
from console.rules.alarm.nuisance import NuisanceWatch
from console.rules.alarm.states import Stimulus
from console.rules.alarm.transition import AlarmTransition
from tests.rules.alarm.town import T0, at, bank, row, samples

FIGURES = load_alarm_figures()


def move(second: float, before: str, after: str, stimulus: str, alarm: str = "one") -> AlarmTransition:
    return AlarmTransition(
        alarm_id=alarm, at_ns=at(second), before=before, after=after, stimulus=stimulus, active=False, who="t"
    )


def test_three_in_a_minute_chatter_and_a_minute_later_no_more():
    watch = NuisanceWatch(FIGURES.nuisance)
    for second in (0, 25, 50):
        assert watch.chattering(at(second)) == []
        watch.met([move(second, "A", "B", "began"), move(second + 5, "B", "D", "ended")])
    assert watch.chattering(at(59)) == ["one"]
    assert watch.chattering(at(61)) == []


def test_a_shelved_alarm_that_chatters_is_still_found():
    watch = NuisanceWatch(FIGURES.nuisance)
    watch.met([move(second, "G", "G", "began") for second in (0, 1, 2)])
    assert watch.chattering(at(3)) == ["one"]


def test_the_watch_forgets_what_is_over():
    watch = NuisanceWatch(FIGURES.nuisance)
    watch.met([move(0, "A", "B", "began", f"alarm-{one}") for one in range(100)])
    watch.look(at(61))
    watch.met([move(62, "B", "B", "began", "alarm-1"), move(63, "B", "B", "began", "alarm-1")])
    assert watch.chattering(at(64)) == []


def test_over_before_anybody_could_act_is_fleeting_and_seen_or_longer_is_not():
    watch = NuisanceWatch(FIGURES.nuisance)
    watch.met([move(0, "A", "B", "began"), move(29, "B", "D", "ended")])
    assert watch.fleeting == {"one": 1}
    watch.met([move(100, "D", "B", "began"), move(131, "B", "D", "ended")])
    watch.met([move(200, "A", "B", "began"), move(203, "B", "C", "acknowledge")])
    watch.met([move(204, "C", "A", "ended")])
    assert watch.fleeting == {"one": 1}
    watch.forget()
    assert watch.fleeting == {}


def test_what_stands_for_more_than_a_day_is_stale_and_what_is_shelved_is_not():
    alarms = bank(row(), row())
    alarms.evaluate(samples((0, 0, 20.0)))
    alarms.act(Stimulus.ACKNOWLEDGE, np.array([0]), at(5), "person:kim")
    day = FIGURES.nuisance.stale_s
    assert alarms.standing_longer(day, at(86_400)).tolist() == []
    assert alarms.standing_longer(day, at(86_401)).tolist() == [0, 1]
    alarms.act(Stimulus.SHELVE, np.array([1]), at(86_401), "person:kim", "x", at(10**6))
    assert alarms.standing_longer(day, at(86_402)).tolist() == [0]


def desk() -> DeskLoad:
    return DeskLoad(FIGURES.load, T0)


def test_the_eleventh_within_ten_minutes_begins_a_flood_and_fewer_than_five_end_it():
    load = desk()
    for one in range(10):
        load.sounded("x", 3, at(one * 50))
    assert (load.flooded, load.grade()) == (False, "too_many")
    load.sounded("x", 3, at(501))
    assert (load.flooded, load.grade()) == (True, "flood")
    load.look(at(899))
    assert (load.per_period, load.flooded) == (5, True)
    load.look(at(900))
    assert (load.per_period, load.flooded) == (4, False)


def test_one_in_ten_minutes_is_on_target_two_are_manageable_three_too_many():
    load = desk()
    grades = []
    for one in range(3):
        load.sounded("x", 3, at(one))
        grades.append(load.grade())
    assert grades == ["on_target", "manageable", "too_many"]
    load.look(at(603))
    assert (load.grade(), load.per_period) == ("on_target", 0)


def test_a_report_says_which_figures_were_not_kept():
    load = desk()
    for one in range(24):
        load.sounded("noisy" if one % 4 else "other", 1 if one == 0 else 4, at(1200 + one))
    load.look(at(6001))
    report = load.report(T0, at(6001))
    assert (report.alarms, report.peak, report.top[0]) == (24, 24, ("noisy", 18))
    assert report.mean_per_period == pytest.approx(24 / report.periods)
    assert set(report.missed) == {
        "target", "manageable", "peak", "peak_share", "flood_share", "top_share", "mix.1",
    }  # fmt: skip


def test_a_quiet_night_keeps_every_figure():
    load = desk()
    load.look(at(8 * 3600))
    report = load.report(T0, at(8 * 3600))
    assert (report.alarms, report.missed, report.mix) == (0, (), {})


def test_no_whole_period_is_no_report():
    with pytest.raises(ValueError, match="whole period"):
        desk().report(T0, at(60))


@given(st.lists(st.integers(0, 200), max_size=150))
def test_the_meter_counts_as_one_would_by_hand(pauses):
    load = desk()
    times = list(accumulate(pauses))
    flooded = False
    for number, second in enumerate(times):
        before = [one for one in times[:number] if one > second - 600]
        if flooded:
            # It may have been over in between: at the moment the count fell below five.
            falls = [one + 600 for one in times[:number] if one + 600 <= second]
            flooded = not any(
                sum(1 for one in times[:number] if one + 600 > fall) < 5
                for fall in falls if fall > (times[number - 1] if number else 0)
            )  # fmt: skip
        load.sounded("x", 3, at(second))
        flooded = flooded or len(before) + 1 > 10
        assert load.per_period == len(before) + 1
        assert load.flooded == flooded


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60))
def test_every_alarm_of_whole_periods_is_in_the_report_once(pauses):
    load = desk()
    for second in accumulate(pauses):
        load.sounded("x", 3, at(second))
    end = sum(pauses) + 1201
    load.look(at(end))
    first = -(-T0 // (600 * 10**9)) * 600 * 10**9
    expected = sum(1 for second in accumulate(pauses) if at(second) >= first)
    report = load.report(T0, at(end))
    assert report.alarms == expected
    assert 0 <= report.flood_share <= 1


def test_a_desk_keeps_a_month_and_no_more():
    load = desk()
    load.sounded("x", 3, at(0))
    load.look(at(40 * 86_400))
    assert load.report(T0, at(40 * 86_400)).alarms == 0
