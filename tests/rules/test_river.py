"""River stages: ascending, with a margin when the water falls, and unknown where a limit is missing."""

from __future__ import annotations

import math
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.paths import shipped
from console.profile import ProfileError
from console.rules.river import (
    StageBank,
    StationError,
    degrees_of,
    metres_of,
    overflow_feared,
    ranges,
    river_figures,
    station_from_record,
    taken_at_ns_of,
)

NAN = math.nan
KR = river_figures().of("KR")
RECORD = {
    "wlobscd": "1018683", "obsnm": "한강대교", "lat": "37-31-03", "lon": "126-57-18", "attwl": "5.5",
    "wrnwl": "8.5", "almwl": "10.5", "srswl": "11", "pfh": "13",
}  # fmt: skip
levels = st.one_of(st.just(NAN), st.floats(0.0, 10.0))


def stage(limits: list[float], water: float) -> tuple[int, int]:
    least, most = ranges(np.array([limits]), np.array([water]))
    return int(least[0]), int(most[0])


@pytest.mark.parametrize(
    ("water", "expected"),
    [(0.0, 0), (0.99, 0), (1.0, 1), (1.49, 1), (1.5, 2), (1.99, 2), (2.0, 3), (2.49, 3), (2.5, 4), (99.0, 4)],
)
def test_a_stage_begins_at_its_own_limit(water, expected):
    assert stage([1.0, 1.5, 2.0, 2.5], water) == (expected, expected)


@pytest.mark.parametrize(
    ("limits", "water", "expected"),
    [
        ([NAN, NAN, NAN, NAN], 0.1, (0, 4)),  # no limit at all: unknown, never normal
        ([NAN, 1.5, 2.0, 2.5], 0.1, (0, 1)),  # the lowest is missing: perhaps attention
        ([1.0, NAN, 2.0, 2.5], 0.1, (0, 0)),  # below the lowest known, which is the first: normal
        ([1.0, NAN, 2.0, 2.5], 1.7, (1, 2)),
        ([1.0, 1.5, 2.0, NAN], 2.2, (3, 4)),  # warning or more
        ([1.0, NAN, NAN, 2.5], 3.0, (4, 4)),
        ([1.0, 1.5, 2.0, 2.5], NAN, (0, 4)),  # no reading
    ],
)
def test_a_missing_limit_leaves_a_range_and_never_says_normal(limits, water, expected):
    assert stage(limits, water) == expected


@given(st.lists(levels, min_size=4, max_size=4), st.floats(0.0, 10.0), st.integers(0, 3))
def test_a_range_always_holds_what_the_whole_record_would_have_said(told, water, missing):
    limits = sorted(0.0 if math.isnan(one) else one for one in told)
    least, most = stage(limits, water)
    assert least == most == sum(one <= water for one in limits)
    some = [NAN if row == missing else one for row, one in enumerate(limits)]
    lower, upper = stage(some, water)
    assert lower <= least <= upper


def test_a_stage_is_left_only_a_margin_below_its_limit():
    bank = StageBank(np.array([[1.0, 1.5, 2.0, 2.5]]), 0.1)
    seen = []
    for water in (0.5, 1.5, 1.45, 1.41, 1.39, 0.95, 0.89):
        bank.update(np.array([water]))
        seen.append(int(bank.least[0]))
    assert seen == [0, 2, 2, 2, 1, 1, 0]


def test_a_wave_around_a_limit_is_one_change_and_silence_is_unknown():
    bank = StageBank(np.array([[1.0, 1.5, 2.0, 2.5]]), 0.1)
    assert not bank.known()[0]
    changes = [bool(bank.update(np.array([water]))[0]) for water in (1.5, 1.49, 1.51, 1.45, 1.55)]
    assert changes == [True, False, False, False, False]
    assert bank.update(np.array([NAN]))[0]
    assert not bank.known()[0]


@given(st.lists(st.floats(0.0, 4.0), min_size=1, max_size=40))
def test_the_stage_held_is_never_below_what_the_water_says_and_at_most_a_margin_above(waters):
    limits = np.array([[1.0, 1.5, 2.0, 2.5]])
    bank = StageBank(limits, 0.1)
    for water in waters:
        bank.update(np.array([water]))
        held = int(bank.least[0])
        assert stage(limits[0].tolist(), water)[0] <= held <= stage(limits[0].tolist(), water + 0.1)[0]


def test_an_overflow_is_feared_from_the_third_stage_and_unknown_where_the_stage_is():
    assert overflow_feared(3, 3, KR) is True
    assert overflow_feared(3, 4, KR) is True
    assert overflow_feared(2, 2, KR) is False
    assert overflow_feared(1, 3, KR) is None
    assert overflow_feared(0, 4, KR) is None


def test_positions_are_degrees_minutes_and_seconds():
    assert degrees_of("126-57-18") == pytest.approx(126.955)
    assert degrees_of(" 37-31-03 ") == pytest.approx(37.5175)
    assert degrees_of("-4-15-36") == pytest.approx(-4.26)
    for wrong in ("", "126.955", "126-60-00", "126-57", "126-57-60", "181-00-00", "126-57-18E", "١-2-3-4"):
        with pytest.raises(StationError, match="expected"):
            degrees_of(wrong)


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59))
def test_every_position_written_is_read_back(degrees, minutes, seconds):
    value = degrees_of(f"{degrees}-{minutes:02d}-{seconds:02d}")
    assert round(value * 3600) == degrees * 3600 + minutes * 60 + seconds


def test_a_blank_limit_of_a_record_stays_unknown():
    station = station_from_record(RECORD, KR)
    assert station.levels_m == (5.5, 8.5, 10.5, 11.0)
    assert station.flood_level_m == 13.0
    assert station.lon == pytest.approx(126.955)
    gone = {key: value for key, value in RECORD.items() if key != "pfh"} | {"attwl": "  "}
    blank = station_from_record(gone, KR)
    assert math.isnan(blank.levels_m[0])
    assert math.isnan(blank.flood_level_m)
    assert stage(list(blank.levels_m), 1.0) == (0, 1)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("wrnwl", "5.5", "above the one before"), ("wrnwl", "high", "wrnwl: expected metres"),
        ("srswl", "nan", "srswl: expected metres"), ("pfh", "10", "above the one before"),
        ("lat", "97-31-03", "lat: expected at most 90"), ("obsnm", " ", "obsnm: expected text"),
        ("attwl", "1e9", "attwl: expected metres"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_is_refused_with_its_field(key, value, said):
    with pytest.raises(StationError, match=said):
        station_from_record(RECORD | {key: value}, KR)


def test_times_are_korean_and_24_00_ends_the_day():
    seoul = ZoneInfo("Asia/Seoul")
    expected = int(datetime(2024, 7, 1, 0, 0, tzinfo=seoul).timestamp()) * SECOND_NS
    assert taken_at_ns_of("202406302400") == taken_at_ns_of("202407010000") == expected
    for wrong in ("", "20240630", "202413010000", "202406302401", "202406302360", "2024063012:0"):
        with pytest.raises(StationError, match="ymdhm"):
            taken_at_ns_of(wrong)


def test_metres_may_be_blank_but_not_words():
    assert math.isnan(metres_of("", "wl"))
    assert metres_of("-0.21", "wl") == -0.21
    with pytest.raises(StationError):
        metres_of("inf", "wl")


def test_figures_that_name_a_stage_that_is_not_there_are_refused(tmp_path):
    file = tmp_path / "river.toml"
    good = (shipped("seeds") / "rules" / "river.toml").read_text("utf-8")
    file.write_text(good.replace('feared_from = "warning"', 'feared_from = "flood"'), "utf-8")
    with pytest.raises(ProfileError, match=r"rules/river.toml: \[countries\[0\]\] overflow_feared_from"):
        river_figures(file)
