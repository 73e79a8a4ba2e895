"""Permitted noise: the tables' own rows, the edges of the day, means as energy."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.paths import shipped
from console.profile import ProfileError
from console.rules.noise import above_by_db, mean_db, noise_figures

FIGURES = noise_figures()
KR, GB = FIGURES.of("KR"), FIGURES.of("GB")
SEOUL = ZoneInfo("Asia/Seoul")


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, second, tzinfo=SEOUL)


# zone, source, morning and evening, day, night: annex 8
ANNEX_8 = [
    ("residential", "outdoor_loudspeaker", 60, 65, 60), ("residential", "factory", 50, 55, 45),
    ("residential", "same_building", 45, 50, 40), ("residential", "construction", 60, 65, 50),
    ("other", "outdoor_loudspeaker", 65, 70, 60), ("other", "factory", 60, 65, 55),
    ("other", "construction", 65, 70, 50),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "source", "edge", "day", "night"), ANNEX_8)
def test_every_row_of_the_annex_holds_in_its_hours(zone, source, edge, day, night):
    for hour in range(24):
        expected = night if hour < 5 or hour >= 22 else day if 7 <= hour < 18 else edge
        assert KR.limit_db(zone, source, at(hour)) == expected


def test_the_parts_of_the_day_change_on_the_second():
    said = [KR.part_of_day(at(*one)) for one in ((4, 59, 59), (5, 0), (6, 59, 59), (7, 0), (17, 59, 59),
                                                  (18, 0), (21, 59, 59), (22, 0), (0, 0))]  # fmt: skip
    assert said == ["night", "edge", "edge", "day", "day", "edge", "edge", "night", "night"]


@pytest.mark.parametrize(
    ("machine_h", "expected"), [(None, 65), (0.5, 75), (3.0, 75), (3.1, 70), (6.0, 70), (6.1, 65)]
)
def test_a_building_site_may_be_louder_by_day_where_its_machines_run_briefly(machine_h, expected):
    assert KR.limit_db("residential", "construction", at(10), machine_h=machine_h) == expected
    assert KR.limit_db("residential", "construction", at(23), machine_h=machine_h) == 50
    assert KR.limit_db("residential", "factory", at(10), machine_h=machine_h) == 55


def test_a_source_without_a_row_has_no_known_limit():
    assert KR.limit_db("other", "same_building", at(10)) is None
    assert above_by_db(90.0, None) is None
    assert above_by_db(math.nan, 60.0) is None
    assert above_by_db(70.0, 70.0) == 0.0


def test_the_permitted_level_in_scotland_is_ten_above_a_loud_background():
    def limit(hour: int, background: float | None) -> float | None:
        return GB.limit_db("residential", "neighbour", at(hour), background_db=background)

    assert [limit(hour, None) for hour in (6, 7, 18, 19, 22, 23)] == [31, 41, 41, 37, 37, 31]
    assert [limit(hour, 20.0) for hour in (3, 12, 20)] == [31, 41, 37]
    assert [limit(hour, 45.0) for hour in (3, 12, 20)] == [55, 55, 55]


def test_the_local_hour_counts_on_the_day_the_clocks_change():
    glasgow = ZoneInfo("Europe/London")
    before = datetime(2026, 3, 29, 5, 59, tzinfo=ZoneInfo("UTC")).astimezone(glasgow)
    after = before + timedelta(minutes=1)
    assert (before.hour, GB.part_of_day(before)) == (6, "night")
    assert (after.hour, GB.part_of_day(after)) == (7, "day")


def test_two_equal_levels_and_ten_times_the_energy():
    assert mean_db(np.array([60.0, 60.0]), 1.0) == pytest.approx(60.0)
    assert mean_db(np.array([70.0, 0.0]), 1.0) == pytest.approx(66.9897, abs=1e-4)
    assert mean_db(np.array([70.0] + [-200.0] * 9), 1.0) == pytest.approx(60.0)


def test_a_mean_of_too_few_samples_is_no_mean():
    some = np.array([60.0, math.nan, 60.0, 60.0])
    assert mean_db(some, 0.75) == pytest.approx(60.0)
    assert math.isnan(mean_db(some, 0.76))
    assert math.isnan(mean_db(np.array([]), 0.0))


@given(st.lists(st.floats(20.0, 140.0), min_size=1, max_size=50))
def test_a_mean_lies_between_the_plain_mean_and_the_loudest(levels):
    mean = mean_db(np.array(levels), 1.0)
    assert sum(levels) / len(levels) - 1e-9 <= mean <= max(levels) + 1e-9


def test_hours_that_leave_a_minute_out_or_hold_one_twice_are_refused(tmp_path):
    text = (shipped("seeds") / "rules" / "noise.toml").read_text("utf-8")
    file = tmp_path / "noise.toml"
    for wrong, when in (("to_h = 21.5", "21:30"), ("to_h = 22.5", "22:00")):
        file.write_text(text.replace("to_h = 22.0", wrong), "utf-8")
        with pytest.raises(ProfileError, match=f"every minute of the day in one part, found '{when}'"):
            noise_figures(file)
