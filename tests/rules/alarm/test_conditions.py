"""Levels, delays, counts, silence and what others say: when an alarm's condition is there."""

from __future__ import annotations

import numpy as np
import pytest

from console.profile import load_profile
from console.rules.alarm.columns import Sort, clear_level, of_limit_columns, of_limits
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.states import Stimulus
from console.telemetry.table import BAD
from tests.fakes.town import limit
from tests.rules.alarm.town import at, bank, columns, row, said, samples

FIGURES = load_alarm_figures()


def test_a_value_between_the_two_levels_changes_nothing_from_either_side():
    alarms = bank(row())
    assert alarms.evaluate(samples((0, 1, 14.9))) == []
    assert said(alarms.evaluate(samples((0, 2, 15.0)))) == [(0, "began A>B")]
    assert alarms.evaluate(samples((0, 3, 10.0), (0, 4, 14.0))) == []
    assert said(alarms.evaluate(samples((0, 5, 9.9)))) == [(0, "ended B>D")]


def test_a_delay_starts_again_after_a_break_and_counts_the_samples_own_time():
    alarms = bank(row(on_ms=60_000))
    assert alarms.evaluate(samples((0, 0, 20.0), (0, 59, 20.0), (0, 59.5, 1.0), (0, 60, 20.0))) == []
    moves = alarms.evaluate(samples((0, 119, 20.0), (0, 120, 21.0)))
    assert [(int(one.at_ns[0]), float(one.values[0])) for one in moves] == [(at(120), 21.0)]


def test_time_alone_ends_no_delay_of_a_measured_value():
    alarms = bank(row(on_ms=5_000))
    alarms.evaluate(samples((0, 0, 20.0)))
    assert alarms.look(at(8)) == []


def test_three_in_ten_seconds_raise_and_three_in_a_minute_do_not():
    alarms = bank(row(count=3, window_ms=10_000))
    assert alarms.evaluate(samples((0, 0, 20.0), (0, 20, 1.0), (0, 30, 20.0), (0, 39, 20.0))) == []
    assert said(alarms.evaluate(samples((0, 40, 20.0)))) == [(0, "began A>B")]


def test_after_it_ended_it_must_be_counted_anew():
    alarms = bank(row(count=2, window_ms=10_000))
    alarms.evaluate(samples((0, 0, 20.0), (0, 1, 20.0), (0, 2, 1.0)))
    assert alarms.evaluate(samples((0, 3, 20.0))) == []
    assert said(alarms.evaluate(samples((0, 4, 20.0)))) == [(0, "began D>B")]


def test_an_unusable_value_neither_raises_nor_clears_nor_counts_as_a_word():
    alarms = bank(row(), row(sort=Sort.STALE))
    assert alarms.evaluate(samples((0, 1, 99.0), quality=BAD)) == []
    alarms.evaluate(samples((0, 2, 20.0)))
    assert alarms.evaluate(samples((0, 20, 0.0), quality=BAD)) == []
    assert said(alarms.look(at(33))) == [(1, "began A>B")]


def test_several_levels_on_one_point_are_as_many_alarms():
    alarms = bank(row(set_at=5.0, clear_at=3.0), row(set_at=15.0), row(above=False, set_at=1.0, clear_at=2.0))
    assert sorted(said(alarms.evaluate(samples((0, 1, 18.0))))) == [(0, "began A>B"), (1, "began A>B")]
    assert sorted(said(alarms.evaluate(samples((0, 2, 0.5))))) == [
        (0, "ended B>D"), (1, "ended B>D"), (2, "began A>B"),
    ]  # fmt: skip


def test_a_silent_point_is_stale_after_three_periods_and_speaks_again():
    alarms = bank(row(sort=Sort.STALE))
    assert alarms.look(at(30)) == []
    assert said(alarms.look(at(31))) == [(0, "began A>B")]
    assert alarms.evaluate(samples((0, 32, 5.0))) == []
    assert said(alarms.look(at(33))) == [(0, "ended B>D")]


def test_silence_leaves_the_alarm_of_the_value_as_it_was():
    alarms = bank(row())
    alarms.evaluate(samples((0, 1, 20.0)))
    assert alarms.look(at(1000)) == []
    assert alarms.active.tolist() == [True]


def test_what_is_told_waits_out_its_delay_by_the_clock():
    alarms = bank(row(sort=Sort.TOLD, point=-1, on_ms=5_000), points=1)
    assert alarms.tell([0], True, at(0)) == []
    assert alarms.look(at(4)) == []
    assert said(alarms.look(at(5))) == [(0, "began A>B")]
    assert said(alarms.tell([0], False, at(6))) == [(0, "ended B>D")]
    assert alarms.look(at(60)) == []


def test_a_measured_alarm_cannot_be_told():
    with pytest.raises(ValueError, match="TOLD"):
        bank(row()).tell([0], True, at(0))


def test_only_a_row_that_rings_back_says_that_it_is_over():
    alarms = bank(row(ring_back=True), row())
    alarms.evaluate(samples((0, 1, 20.0)))
    rung = [one.ring_back(alarms.columns.ring_back).tolist() for one in alarms.evaluate(samples((0, 2, 1.0)))]
    assert rung == [[0]]


def test_a_shelved_alarm_neither_sounds_nor_rings_back():
    alarms = bank(row(ring_back=True))
    alarms.act(Stimulus.SHELVE, np.array([0]), at(0), "person:kim", "works", at(1000))
    for second, value in ((1, 20.0), (2, 1.0)):
        for one in alarms.evaluate(samples((0, second, value))):
            assert len(one.annunciated()) == 0
            assert len(one.ring_back(alarms.columns.ring_back)) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"clear_at": 16.0}, "clear_at"),
        ({"set_at": float("nan")}, "clear_at"),
        ({"point": -1}, "point"),
        ({"on_ms": -1}, "delay"),
        ({"count": 0}, "count"),
        ({"count": 2}, "window"),
        ({"sort": Sort.STALE, "count": 2, "window_ms": 5}, "samples"),
        ({"priority": 0}, "priority"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_number(changes, words):
    with pytest.raises(ValueError, match=f"alarm row 1: .*{words}"):
        columns(row(), row(**changes))


def test_a_deadband_is_a_share_of_the_range_on_the_normal_side():
    assert clear_level(FIGURES.delays, "level", True, 8.0, 0.0, 10.0) == 7.5
    assert clear_level(FIGURES.delays, "temperature", False, -10.0, -50.0, 50.0) == -9.0


def test_a_limit_of_the_profile_becomes_a_row():
    made = of_limits((limit(on_delay_s=1.5), limit(above=False, set_at=1.0, clear_at=2.0, priority=2)))
    assert made.on_ms.tolist() == [1500, 0]
    assert made.priority.tolist() == [1, 2]


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_every_limit_of_the_cities_is_a_row(city):
    profile = load_profile(city)
    made = of_limit_columns(profile.limits.columns())
    assert len(made) == len(profile.limits) > 0
    one = profile.limits[len(made) // 2]
    assert made.set_at[len(made) // 2] == one.set_at
