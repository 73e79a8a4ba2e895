"""Gauges against the weather service's levels: either sum, days in a row, and unknown is not none."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.paths import shipped
from console.profile import ProfileError
from console.rules.weather import (
    ADVISORY,
    NONE,
    SEVERE,
    WARNING,
    cold_level,
    heat_level,
    rain_message_due,
    rain_range,
    snow_range,
    sums_mm,
    tropical_nights,
    weather_figures,
    wind_range,
)

FIGURES = weather_figures()
NAN = math.nan
JANUARY = date(2026, 1, 20)
amounts = st.one_of(st.just(NAN), st.floats(0.0, 250.0))


def pair(found) -> tuple[int, int]:
    return int(found[0][0]), int(found[1][0])


def rain(mm_3h: float, mm_12h: float) -> tuple[int, int]:
    return pair(rain_range(FIGURES.rain, np.array([mm_3h]), np.array([mm_12h])))


@pytest.mark.parametrize(
    ("mm_3h", "mm_12h", "expected"),
    [
        (59.9, 109.9, (NONE, NONE)), (60.0, 60.0, (ADVISORY, ADVISORY)),
        (0.0, 110.0, (ADVISORY, ADVISORY)), (89.9, 179.9, (ADVISORY, ADVISORY)),
        (90.0, 90.0, (WARNING, WARNING)), (10.0, 180.0, (WARNING, WARNING)),
        (NAN, 50.0, (NONE, WARNING)), (70.0, NAN, (ADVISORY, WARNING)), (95.0, NAN, (WARNING, WARNING)),
        (NAN, NAN, (NONE, WARNING)),
    ],
)  # fmt: skip
def test_rain_reaches_a_level_by_either_sum(mm_3h, mm_12h, expected):
    assert rain(mm_3h, mm_12h) == expected


@pytest.mark.parametrize(
    ("mm_1h", "mm_3h", "sure", "possible"),
    [
        (50.0, 90.0, True, True), (49.9, 200.0, False, False), (71.9, 89.9, False, False),
        (72.0, 72.0, True, True), (50.0, NAN, False, True), (72.0, NAN, True, True), (NAN, 10.0, False, True),
        (30.0, NAN, False, False),
    ],
)  # fmt: skip
def test_the_direct_message_needs_both_sums_or_a_very_wet_hour(mm_1h, mm_3h, sure, possible):
    found = rain_message_due(FIGURES.rain, np.array([mm_1h]), np.array([mm_3h]))
    assert (bool(found[0][0]), bool(found[1][0])) == (sure, possible)


@given(amounts, amounts, st.floats(0.0, 250.0), st.floats(0.0, 250.0))
def test_a_range_holds_whatever_the_missing_sum_turns_out_to_be(mm_3h, mm_12h, real_3h, real_12h):
    least, most = rain(mm_3h, mm_12h)
    full_3h = real_3h if math.isnan(mm_3h) else mm_3h
    full_12h = real_12h if math.isnan(mm_12h) else mm_12h
    known, same = rain(full_3h, full_12h)
    assert known == same
    assert least <= known <= most


def test_a_sum_with_a_missing_hour_is_no_sum():
    hourly = np.array([10.0, 20.0, 30.0, NAN, 5.0, 5.0, 5.0])
    found = sums_mm(hourly, 3)
    assert found[2] == 60.0
    assert found[6] == 15.0
    assert np.isnan(found[[0, 1, 3, 4, 5]]).all()
    assert np.isnan(sums_mm(np.array([1.0]), 3)).all()


@pytest.mark.parametrize(
    ("mean", "gust", "plain", "mountain"),
    [
        (13.9, 19.9, NONE, NONE), (14.0, 0.0, ADVISORY, NONE), (0.0, 20.0, ADVISORY, NONE),
        (17.0, 0.0, ADVISORY, ADVISORY), (0.0, 25.0, ADVISORY, ADVISORY), (21.0, 0.0, WARNING, ADVISORY),
        (0.0, 26.0, WARNING, ADVISORY), (24.0, 0.0, WARNING, WARNING), (0.0, 30.0, WARNING, WARNING),
    ],
)  # fmt: skip
def test_wind_reaches_a_level_by_its_mean_or_its_gust(mean, gust, plain, mountain):
    for wind, expected in ((FIGURES.wind, plain), (FIGURES.mountain_wind, mountain)):
        assert pair(wind_range(wind, np.array([mean]), np.array([gust]))) == (expected, expected)


def test_snow_is_a_warning_later_in_the_mountains_and_unknown_where_nothing_is_measured():
    fresh = np.array([4.9, 5.0, 20.0, 20.0, 30.0, NAN])
    least, most = snow_range(FIGURES.snow, fresh, np.array([False, False, False, True, True, False]))
    assert least.tolist() == [NONE, ADVISORY, WARNING, ADVISORY, WARNING, NONE]
    assert most.tolist() == [NONE, ADVISORY, WARNING, ADVISORY, WARNING, WARNING]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([33.0], None), ([32.9], NONE), ([33.0, 33.0], ADVISORY), ([33.0, 32.9], NONE), ([32.9, 34.0], NONE),
        ([35.0, 35.0], WARNING), ([34.9, 36.0], ADVISORY), ([20.0, 38.0], SEVERE), ([NAN, 34.0], None),
        ([40.0, NAN], None), ([30.0, 34.0, 34.0], ADVISORY), ([], None),
    ],
)  # fmt: skip
def test_heat_counts_days_in_a_row(days, expected):
    assert heat_level(FIGURES.heat, days) == expected


def test_tropical_nights_count_in_a_row_and_later_in_a_big_city():
    assert tropical_nights(FIGURES.heat, [25.0, 25.5], mild=False) is True
    assert tropical_nights(FIGURES.heat, [25.0, 25.5], mild=True) is False
    assert tropical_nights(FIGURES.heat, [26.0], mild=True) is None


@pytest.mark.parametrize(
    ("mornings", "expected"),
    [
        ([5.0, -5.0], ADVISORY), ([5.0, -4.9], NONE), ([13.0, 3.0], NONE),  # not so far below normal (-4)
        ([5.0, -10.0], WARNING), ([-12.0, -12.0], ADVISORY), ([-11.9, -12.0], NONE),
        ([-15.0, -15.0], WARNING), ([2.0, -7.0], NONE), ([NAN, -3.0], NONE), ([NAN, -13.0], None),
        ([], None),
    ],
)  # fmt: skip
def test_cold_is_a_drop_below_normal_or_days_of_deep_cold(mornings, expected):
    normal = -4.0 if mornings != [5.0, -5.0] else -2.0
    assert cold_level(FIGURES.cold, mornings, normal, JANUARY) == expected


def test_a_cold_morning_in_september_is_no_cold_wave():
    for month, expected in ((9, NONE), (10, WARNING), (4, WARNING), (5, NONE)):
        assert cold_level(FIGURES.cold, [15.0, -1.0], 8.0, date(2026, month, 28)) == expected


def test_levels_that_do_not_rise_are_refused_by_their_key(tmp_path):
    text = (shipped("seeds") / "rules" / "weather.toml").read_text("utf-8")
    file = tmp_path / "weather.toml"
    for right, wrong, said in (
        ("warning_3h_mm = 90.0", "warning_3h_mm = 60.0", r"\[rain\] warning_3h_mm: expected more than 60"),
        ("\nwarning_c = -15.0", "\nwarning_c = -11.0", r"\[cold\] warning_c: expected less than -12"),
        ("nights = 2", "nights = 0", r"\[heat\] nights: expected a whole number >= 1"),
    ):
        assert right in text
        file.write_text(text.replace(right, wrong), "utf-8")
        with pytest.raises(ProfileError, match=said):
            weather_figures(file)
