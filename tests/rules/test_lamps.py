"""Where the sun stands, and what a lamp's power then means."""

from __future__ import annotations

import math
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.geo import sun
from console.paths import shipped
from console.profile import ProfileError
from console.rules.lamps import (
    COMMS_LOST,
    CYCLING,
    DAY_BURNER,
    DIM,
    NIGHT_OUTAGE,
    OFF,
    ON,
    POWER_FACTOR_LOW,
    UNKNOWN,
    LampBank,
    lamp_figures,
)

FIGURES = lamp_figures()
SUWON = (37.2636, 127.0286)
GLASGOW = (55.8612, -4.2502)


def ns(*when: int) -> int:
    return int(datetime(*when, tzinfo=UTC).timestamp()) * SECOND_NS


NOON = ns(2026, 11, 25, 3, 30)  # 12:30 in Suwon
MIDNIGHT = ns(2026, 11, 25, 15, 30)  # 00:30 in Suwon
MINUTE = 60 * SECOND_NS


# Published times of sunrise and sunset, rounded to the minute there: Seoul and Glasgow, UTC.
@pytest.mark.parametrize(
    ("place", "day", "rise", "sets"),
    [
        ((37.5665, 126.9780), (2024, 6, 20), (2024, 6, 20, 20, 11), (2024, 6, 20, 10, 56)),
        ((37.5665, 126.9780), (2024, 12, 21), (2024, 12, 21, 22, 44), (2024, 12, 21, 8, 17)),
        (GLASGOW, (2024, 6, 20), (2024, 6, 20, 3, 31), (2024, 6, 20, 21, 6)),
        (GLASGOW, (2024, 12, 21), (2024, 12, 21, 8, 46), (2024, 12, 21, 15, 44)),
    ],
)
def test_sunrise_and_sunset_are_those_of_the_almanac_within_two_minutes(place, day, rise, sets):
    start = ns(*day)
    rises, downs = sun.crossings(*place, start, start + 86_400 * SECOND_NS, FIGURES.rise_deg)
    assert len(rises) == len(downs) == 1
    assert abs(rises[0] - ns(*rise)) <= 2 * MINUTE
    assert abs(downs[0] - ns(*sets)) <= 2 * MINUTE


def test_the_sun_of_the_midsummer_pole_never_sets_and_many_places_are_asked_at_once():
    start = ns(2024, 6, 20)
    assert sun.crossings(80.0, 20.0, start, start + 86_400 * SECOND_NS, FIGURES.rise_deg) == ([], [])
    together = sun.height_deg(np.array([SUWON[0], GLASGOW[0]]), np.array([SUWON[1], GLASGOW[1]]), start)
    assert together.tolist() == [float(sun.height_deg(*SUWON, start)), float(sun.height_deg(*GLASGOW, start))]


@given(st.floats(-66.0, 66.0), st.floats(-180.0, 180.0), st.integers(0, 3_000))
def test_outside_the_polar_circles_the_sun_rises_and_sets_every_day(lat, lon, day):
    start = ns(2020, 1, 1) + day * 86_400 * SECOND_NS
    noon_ns = start + int((12 - lon / 15) * 3600) * SECOND_NS
    rises, _ = sun.crossings(lat, lon, noon_ns - 43_200 * SECOND_NS, noon_ns, 0.0)
    _, downs = sun.crossings(lat, lon, noon_ns, noon_ns + 43_200 * SECOND_NS, 0.0)
    assert len(rises) == len(downs) == 1


def lamps(count: int = 1) -> LampBank:
    ones = np.ones(count)
    return LampBank(FIGURES, ones * SUWON[0], ones * SUWON[1], ones * 100.0, ones * 60.0)


def say(bank: LampBank, at_ns: int, *power_w: float, factor: float | None = None) -> None:
    rows = np.arange(len(power_w))
    factors = None if factor is None else np.full(len(power_w), factor)
    bank.update(rows, np.array(power_w), np.full(len(power_w), at_ns), factors)


def steady(bank: LampBank, from_ns: int, minutes: int, *power_w: float) -> int:
    for minute in range(minutes + 1):
        say(bank, from_ns + minute * MINUTE, *power_w)
    return from_ns + minutes * MINUTE


def test_a_lamp_that_burns_for_half_an_hour_of_daylight_is_a_day_burner_and_one_that_is_tried_is_not():
    bank = lamps()
    end = steady(bank, NOON, 29, 90.0)
    assert bank.states(end).tolist() == [ON]
    end = steady(bank, end, 1, 90.0)
    assert bank.states(end).tolist() == [DAY_BURNER]
    say(bank, end + MINUTE, 0.0)
    assert bank.states(end + MINUTE).tolist() == [OFF]


def test_a_dark_lamp_at_night_is_an_outage_after_ten_minutes_unless_it_was_told_to_be_off():
    bank = lamps(2)
    bank.tell(np.array([1]), np.array([False]))
    end = steady(bank, MIDNIGHT, 9, 0.0, 0.0)
    assert bank.states(end).tolist() == [OFF, OFF]
    end = steady(bank, end, 5, 0.0, 0.0)
    assert bank.states(end).tolist() == [NIGHT_OUTAGE, OFF]
    age_s = bank.outage_age_s(end)
    assert age_s[0] == 14 * 60.0
    assert math.isnan(age_s[1])


def test_neither_is_a_fault_between_day_and_night():
    dusk = ns(2026, 11, 25, 8, 35)  # 17:35 in Suwon, the sun between the two heights
    assert FIGURES.night_below_deg < float(sun.height_deg(*SUWON, dusk)) < FIGURES.day_above_deg
    bank = lamps(2)
    steady(bank, dusk - 60 * MINUTE, 60, 0.0, 90.0)
    assert bank.states(dusk).tolist() == [OFF, ON]


def test_a_lamp_that_goes_on_and_off_six_times_in_an_hour_cycles():
    bank = lamps()
    at = MIDNIGHT
    for switching in range(7):
        at = MIDNIGHT + switching * 5 * MINUTE
        say(bank, at, 90.0 if switching % 2 == 0 else 0.0)
        plain = ON if switching % 2 == 0 else OFF
        assert bank.states(at).tolist() == [CYCLING if switching >= 6 else plain]
    at = steady(bank, at + MINUTE, 60, 90.0)
    assert bank.states(at).tolist() == [ON]


def test_a_silent_lamp_has_lost_its_line_and_one_never_heard_is_unknown():
    bank = lamps(2)
    bank.update(np.array([0]), np.array([90.0]), np.array([MIDNIGHT]))
    assert bank.states(MIDNIGHT + 180 * SECOND_NS).tolist() == [ON, UNKNOWN]
    assert bank.states(MIDNIGHT + 181 * SECOND_NS).tolist() == [COMMS_LOST, UNKNOWN]


def test_dimmed_is_below_nine_tenths_and_off_is_a_tenth_or_less():
    bank = lamps(4)
    say(bank, MIDNIGHT, 90.0, 89.0, 10.1, 10.0)
    assert bank.states(MIDNIGHT).tolist() == [ON, DIM, DIM, OFF]


def test_a_low_power_factor_is_kept_until_it_is_well_above_and_only_while_lit():
    bank = lamps()
    seen = []
    for minute, factor in enumerate((0.95, 0.90, 0.89, 0.91, 0.92, 0.93)):
        say(bank, MIDNIGHT + minute * MINUTE, 95.0, factor=factor)
        seen.append(int(bank.states(MIDNIGHT + minute * MINUTE)[0]))
    assert seen == [ON, ON, POWER_FACTOR_LOW, POWER_FACTOR_LOW, POWER_FACTOR_LOW, ON]
    say(bank, MIDNIGHT + 6 * MINUTE, 0.0, factor=0.1)
    assert bank.states(MIDNIGHT + 6 * MINUTE).tolist() == [OFF]


def test_a_late_sample_and_one_without_a_value_change_nothing():
    bank = lamps()
    say(bank, MIDNIGHT, 90.0)
    say(bank, MIDNIGHT - MINUTE, 0.0)
    say(bank, MIDNIGHT + MINUTE, math.nan)
    assert bank.states(MIDNIGHT).tolist() == [ON]
    assert bank.states(MIDNIGHT + 4 * MINUTE).tolist() == [COMMS_LOST]


def test_availability_counts_lamp_hours_of_the_dark_only():
    bank = lamps(2)
    assert math.isnan(bank.availability_percent())
    for minute in range(61):
        say(bank, MIDNIGHT + minute * MINUTE, 90.0, 0.0)
        bank.account(MIDNIGHT + minute * MINUTE)
    assert bank.due_s.tolist() == [3600.0, 3600.0]
    assert bank.availability_percent() == pytest.approx(50.0)
    by_day = lamps()
    for minute in range(61):
        say(by_day, NOON + minute * MINUTE, 0.0)
        by_day.account(NOON + minute * MINUTE)
    assert by_day.due_s.tolist() == [0.0]


@given(st.lists(st.tuples(st.integers(0, 4), st.floats(0.0, 110.0)), min_size=1, max_size=60))
def test_many_lamps_at_once_are_each_lamp_alone(samples):
    together, alone = lamps(5), [lamps() for _ in range(5)]
    for minute, (row, power) in enumerate(samples):
        at = MIDNIGHT + minute * MINUTE
        together.update(np.array([row]), np.array([power]), np.array([at]))
        say(alone[row], at, power)
        assert together.states(at).tolist() == [int(one.states(at)[0]) for one in alone]


def test_figures_that_cannot_be_are_refused_with_their_key(tmp_path):
    text = (shipped("seeds") / "rules" / "lamps.toml").read_text("utf-8")
    file = tmp_path / "lamps.toml"
    file.write_text(text.replace("day_above_deg = 3.0", "day_above_deg = -7.0"), "utf-8")
    with pytest.raises(ProfileError, match=r"day_above_deg: expected more than -6\.0, found -7\.0"):
        lamp_figures(file)
    file.write_text(text.replace("cycling_switchings = 6", "cycling_switchings = 1"), "utf-8")
    with pytest.raises(ProfileError, match="cycling_switchings: expected a whole number >= 2"):
        lamp_figures(file)
    with pytest.raises(ProfileError, match="a file that can be read"):
        lamp_figures(tmp_path / "none.toml")
