"""Hours by their ends, means of what is known, and alerts that need hours in a row."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.rules.air.alerts import AlertBoard, levels_of
from console.rules.air.hours import HOUR_NS, every_hour, hour_end_ns, hour_means, running_means
from console.rules.air.tables import load_air

AIR = load_air()
SEOUL = ZoneInfo("Asia/Seoul")
NAN = np.nan
END = 493_000 * HOUR_NS


def instant(*fields: int) -> int:
    return int(datetime(*fields, tzinfo=SEOUL).timestamp()) * SECOND_NS


def test_twenty_four_hundred_ends_the_day_it_is_written_on():
    assert hour_end_ns("2020-02-28 24:00", SEOUL) == instant(2020, 2, 29)
    assert hour_end_ns("2020-12-31 24:00", SEOUL) == hour_end_ns("2021-01-01 00:00", SEOUL)
    assert hour_end_ns("2020-01-01 01:00", SEOUL) - hour_end_ns("2019-12-31 24:00", SEOUL) == HOUR_NS


@pytest.mark.parametrize(
    "wrong", ["2020-01-01 25:00", "2020-01-01 12:30", "2020-02-30 01:00", "2020-01-01", "", "x" * 1000]
)
def test_what_is_no_hour_is_refused_in_words(wrong):
    with pytest.raises(ValueError, match="hour: expected"):
        hour_end_ns(wrong, SEOUL)


def test_missing_hours_are_rows_without_a_value():
    ends, values = every_hour(END + np.array([3, 0, 1]) * HOUR_NS, np.array([4.0, 1.0, 2.0]))
    assert list((ends - END) // HOUR_NS) == [0, 1, 2, 3]
    np.testing.assert_array_equal(values, [1.0, 2.0, NAN, 4.0])


def test_an_hour_told_twice_is_one_hour_unless_the_two_differ():
    _, values = every_hour(np.array([END, END, END]), np.array([5.0, 5.0, 5.0]))
    assert list(values) == [5.0]
    with pytest.raises(ValueError, match="found two that differ"):
        every_hour(np.array([END, END]), np.array([5.0, 6.0]))
    with pytest.raises(ValueError, match="found a time between"):
        every_hour(np.array([END + 1]), np.array([5.0]))


def minutes(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    at = np.array([END - HOUR_NS + int(minute * 60 * SECOND_NS) for minute, _ in pairs], dtype=np.int64)
    return at, np.array([value for _, value in pairs])


def test_a_sample_on_the_hour_belongs_to_the_hour_it_ends():
    ends, means = hour_means(*minutes(*((m, 10.0) for m in range(1, 60)), (60, 70.0)), 60.0, 0.75)
    assert list(ends) == [END]
    assert means[0] == pytest.approx((59 * 10 + 70) / 60)


def test_an_hour_needs_three_quarters_of_its_periods_and_a_burst_is_not_an_hour():
    _, enough = hour_means(*minutes(*((m, 10.0) for m in range(1, 46))), 60.0, 0.75)
    _, few = hour_means(*minutes(*((m, 10.0) for m in range(1, 45))), 60.0, 0.75)
    _, burst = hour_means(*minutes(*((m / 60, 10.0) for m in range(1, 600))), 60.0, 0.75)
    assert (enough[0], np.isnan(few[0]), np.isnan(burst[0])) == (10.0, True, True)


def test_values_that_are_not_numbers_are_no_part_of_an_hour():
    pairs = [(m, NAN if m > 45 else 10.0) for m in range(1, 61)]
    _, means = hour_means(*minutes(*pairs), 60.0, 0.75)
    assert list(means) == [10.0]
    assert len(hour_means(*minutes((1, NAN)), 60.0, 0.75)[0]) == 0


def test_a_running_mean_needs_its_share_of_hours():
    hours = np.array([NAN, 8.0, 8.0, 8.0, NAN, NAN, 20.0])
    found = running_means(hours, 4, 0.75)
    np.testing.assert_array_equal(found, [NAN, NAN, NAN, 8.0, 8.0, NAN, NAN])


@given(st.lists(st.one_of(st.just(NAN), st.floats(0, 500)), max_size=40), st.integers(1, 24))
def test_a_running_mean_is_the_mean_of_the_hours_before(hours, length):
    found = running_means(np.array(hours), length, 0.75)
    for row in range(len(hours)):
        known = [one for one in hours[max(0, row + 1 - length) : row + 1] if not np.isnan(one)]
        if len(known) >= 0.75 * length:
            assert found[row] == pytest.approx(sum(known) / len(known), abs=1e-9)
        else:
            assert np.isnan(found[row])


def levels(alert: str, *means: float) -> list[int]:
    return [int(one) for one in levels_of(AIR.alert(alert), np.array([means]))[0]]


@pytest.mark.parametrize(
    ("alert", "means", "expected"),
    [
        ("pm10", (150, 150), [0, 1]), ("pm10", (149.9, 150, 149.9, 150), [0, 0, 0, 0]),
        ("pm10", (150, NAN, 150, 150), [0, 0, 0, 1]),
        ("pm10", (150, 150, NAN, NAN, 120), [0, 1, 1, 1, 1]),
        ("pm10", (150, 150, 100, 99.9), [0, 1, 1, 0]),
        ("pm10", (150, 150, 99, 150, 150), [0, 1, 0, 0, 1]),
        ("pm10", (300, 300), [0, 2]), ("pm10", (160, 300, 300), [0, 1, 2]),
        ("pm10", (300, 300, 150, 149, 100, 99), [0, 2, 2, 1, 1, 0]),
        ("pm10", (300, 300, 50), [0, 2, 0]),
        ("pm2_5", (75, 75, 35, 34), [0, 1, 1, 0]), ("pm2_5", (150, 150, 75, 74, 34), [0, 2, 2, 1, 0]),
        ("pm2_5", (74.9, 75), [0, 0]),
        ("o3", (0.119, 0.12, 0.1199), [0, 1, 0]), ("o3", (0.3, 0.29, 0.11), [2, 1, 0]),
        ("o3", (0.5, 0.49, 0.299, 0.12), [3, 2, 1, 1]), ("o3", (0.12, NAN, 0.12), [1, 1, 1]),
        ("yellow_dust", (800, 800, 799), [0, 1, 0]),
    ],
)  # fmt: skip
def test_alerts_are_issued_stepped_down_and_lifted(alert, means, expected):
    assert levels(alert, *means) == expected


mean = st.one_of(st.just(NAN), st.sampled_from([34.0, 35.0, 75.0, 99.0, 100.0, 149.0, 150.0, 299.0, 300.0]),
                 st.floats(0, 900))  # fmt: skip


@given(st.sampled_from(["pm10", "pm2_5"]), st.lists(mean, max_size=30))
def test_an_alert_rises_only_after_two_whole_hours_and_never_in_missing_ones(alert, means):
    steps = AIR.alert(alert).steps
    before = 0
    for hour, level in enumerate(levels(alert, *means)):
        if level > before:
            last = means[max(0, hour - 1) : hour + 1]
            assert len(last) == 2 and all(one >= steps[level - 1].issue for one in last)
        if level < before:
            assert means[hour] < steps[before - 1].clear
        if np.isnan(means[hour]):
            assert level == before
        before = level


@given(st.lists(st.lists(mean, min_size=8, max_size=8), min_size=1, max_size=5))
def test_stations_do_not_touch_each_other(rows):
    together = levels_of(AIR.alert("pm10"), np.array(rows))
    for row, means in enumerate(rows):
        assert list(together[row]) == levels("pm10", *means)


def test_a_board_says_what_stands_between_the_hours():
    board = AlertBoard(AIR.alert("o3"), 2)
    assert list(board.levels()) == [0, 0]
    board.hour(np.array([0.31, NAN]))
    assert list(board.levels()) == [2, 0]
