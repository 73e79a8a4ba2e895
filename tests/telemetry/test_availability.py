"""Availability: the time down of the time that counts, by device and by group."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.telemetry.availability import BACK, DEGRADED, DOWN, OUT, UP, Spent, by_group, spent

HOUR = 3600


def of(*changes: tuple[int, int, int], devices: int = 3, hours: float = 24.0, from_h: float = 0.0) -> Spent:
    """Changes as (row, hour, code)."""
    rows, hour, codes = zip(*changes, strict=True) if changes else ((), (), ())
    at_ns = [int(one * HOUR) * SECOND_NS for one in hour]
    return spent(
        devices, rows, at_ns, codes, int(from_h * HOUR) * SECOND_NS, int((from_h + hours) * HOUR) * SECOND_NS
    )


def test_a_device_that_was_down_for_six_of_24_hours_was_there_for_three_quarters():
    (figures,) = by_group(of((0, 1, DOWN), (0, 7, UP), devices=1), np.zeros(1, int))
    assert figures.share == pytest.approx(0.75)
    assert (figures.failures, figures.repair_s, figures.troubled) == (1, 6 * HOUR, 1)


def test_what_was_down_before_the_period_and_still_is_counts_from_its_beginning_and_is_no_new_failure():
    found = of((0, 1, DOWN), from_h=10, hours=10)
    assert found.down_s[0] == 10 * HOUR
    assert found.failures[0] == 0


def test_out_of_service_does_not_count_neither_as_up_nor_as_down():
    found = of((0, 0, DOWN), (0, 6, OUT), (0, 18, BACK), (0, 20, UP), devices=1)
    assert (found.down_s[0], found.out_s[0]) == (8 * HOUR, 12 * HOUR)
    (figures,) = by_group(found, np.zeros(1, int))
    assert figures.share == pytest.approx(1 - 8 / 12)


def test_a_group_that_never_counted_has_no_share():
    (figures,) = by_group(of((0, 0, OUT), devices=1), np.zeros(1, int))
    assert figures.share is None


def test_degraded_is_not_down():
    found = of((1, 2, DEGRADED), (1, 4, DOWN), (1, 5, DEGRADED), (1, 6, UP))
    assert (found.degraded_s[1], found.down_s[1], found.failures[1]) == (3 * HOUR, HOUR, 1)


def test_devices_of_no_group_are_left_out_and_groups_keep_their_numbers():
    figures = by_group(of((2, 0, DOWN)), np.array([4, -1, 4]))
    assert [(one.group, one.devices, one.share) for one in figures] == [(4, 2, 0.5)]


def test_a_clock_that_was_set_back_makes_no_negative_time():
    found = of((0, 5, DOWN), (0, 3, UP), (0, 4, DOWN), (0, 6, UP), devices=1)
    assert found.down_s[0] >= 0
    assert found.down_s[0] <= 24 * HOUR


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.integers(-10, 40), st.sampled_from([UP, DEGRADED, DOWN, OUT, BACK])
        ),
        max_size=40,
    )
)  # fmt: skip
def test_no_device_spends_more_than_the_period(changes: list[tuple[int, int, int]]):
    found = of(*sorted(changes, key=lambda one: one[1]), devices=4)
    whole = found.down_s + found.degraded_s + found.out_s
    assert (whole <= 24 * HOUR + 1e-6).all()
    assert (found.down_s >= 0).all()


@given(st.lists(st.tuples(st.integers(0, 24), st.sampled_from([UP, DEGRADED, DOWN])), max_size=20),
       st.integers(1, 23))  # fmt: skip
def test_two_halves_of_a_day_are_the_whole_day(changes: list[tuple[int, int]], cut: int):
    told = [(0, hour, code) for hour, code in sorted(changes, key=lambda one: one[0])]
    first, second = of(*told, hours=cut), of(*told, from_h=cut, hours=24 - cut)
    assert first.down_s[0] + second.down_s[0] == pytest.approx(of(*told).down_s[0])
