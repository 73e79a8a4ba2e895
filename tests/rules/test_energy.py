"""Energy from counters: resets, rollovers and gaps, never a negative and never a spike."""

from __future__ import annotations

import csv
import math
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.paths import shipped
from console.profile import ProfileError
from console.rules.energy import (
    MEASURED,
    NOT_BELIEVED,
    RESET,
    ROLLED_OVER,
    UNKNOWN,
    demand_edges_ns,
    demand_kw,
    energy_figures,
    intervals_kwh,
    steps_kwh,
)

FIGURES = energy_figures()
QUARTER = 900 * SECOND_NS
T0 = int(datetime(2026, 11, 25, tzinfo=UTC).timestamp()) * SECOND_NS


def step(before: float, after: float, elapsed_s: float = 900.0) -> tuple[float, int]:
    """One step of a meter of at most 40 kW whose counter rolls over at 100,000 kWh."""
    kwh, kind = steps_kwh(
        FIGURES, *(np.array([one]) for one in (before, after, elapsed_s, 100_000.0, 40.0))
    )
    return float(kwh[0]), int(kind[0])


def test_a_counter_that_grows_as_it_can_is_measured():
    assert step(1000.0, 1008.0) == (8.0, MEASURED)
    assert step(1000.0, 1000.0) == (0.0, MEASURED)
    assert step(1000.0, 1011.0) == (11.0, MEASURED)  # 40 kW for a quarter of an hour, and the headroom


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (1000.0, 1012.0, NOT_BELIEVED),  # 48 kW of a meter of 40
        (1000.0, 5.0, RESET),
        (99_995.0, 20.0, RESET),  # 25 kWh in a quarter of an hour: no rollover
        (math.nan, 5.0, UNKNOWN),
        (5.0, math.inf, UNKNOWN),
        (5.0, -1.0, UNKNOWN),
        (5.0, 100_000.0, UNKNOWN),  # a number this counter cannot show
    ],
)
def test_what_cannot_be_known_is_empty_and_not_zero(before, after, kind):
    kwh, found = step(before, after)
    assert math.isnan(kwh)
    assert found == kind


def test_a_rollover_goes_on_over_the_counters_end():
    kwh, kind = step(99_995.0, 3.0)
    assert (kwh, kind) == (pytest.approx(8.0), ROLLED_OVER)


def test_a_last_digit_that_trembles_is_no_reset_and_no_time_is_no_step():
    assert step(1000.0, 999.99) == (0.0, MEASURED)
    assert step(1000.0, 999.98)[1] == RESET
    assert step(1000.0, 1000.0, 0.0)[1] == UNKNOWN


def series(*readings: tuple[float, float], quarters: int = 4) -> list[float]:
    at = np.array([T0 + int(minute * 60 * SECOND_NS) for minute, _ in readings])
    edges = T0 + np.arange(quarters + 1) * QUARTER
    counter = np.array([value for _, value in readings])
    found = intervals_kwh(FIGURES, at, counter, edges, rollover_kwh=100_000.0, most_kw=40.0)
    return [None if math.isnan(one) else round(one, 6) for one in found.tolist()]


def test_energy_between_readings_is_spread_evenly_over_the_intervals():
    assert series((0, 100.0), (30, 108.0), (60, 110.0)) == [4.0, 4.0, 1.0, 1.0]
    assert series((60, 110.0), (30, 108.0), (0, 100.0)) == [4.0, 4.0, 1.0, 1.0]  # in any order


def test_an_interval_that_is_not_wholly_known_is_empty():
    assert series((5, 100.0), (60, 111.0)) == [None, 3.0, 3.0, 3.0]
    assert series((0, 100.0), (20, 104.0), (25, 1.0), (60, 8.0)) == [3.0, None, 3.0, 3.0]  # reset at 20..25
    assert series((0, 100.0), (121, 101.0), quarters=4) == [None] * 4  # a gap of more than two hours
    assert series((0, 100.0)) == [None] * 4
    assert series() == [None] * 4


def test_a_second_reading_of_one_time_replaces_the_first_and_a_bad_one_is_left_out():
    assert series((0, 100.0), (15, 900.0), (15, 102.0), (30, math.nan), (60, 108.0))[0] == 2.0


@given(st.lists(st.floats(0.0, 9.0), min_size=4, max_size=40), st.integers(0, 99_999))
def test_over_known_readings_nothing_is_lost_also_over_a_rollover(used, start):
    counter = (start + np.concatenate([[0.0], np.cumsum(used)])) % 100_000.0
    at = T0 + np.arange(len(counter)) * QUARTER + 123 * SECOND_NS
    edges = at[0] + np.linspace(0, int(at[-1] - at[0]), 7).astype(np.int64)
    edges[-1] = at[-1]
    found = intervals_kwh(FIGURES, at, counter, edges, rollover_kwh=100_000.0, most_kw=40.0)
    assert found.sum() == pytest.approx(sum(used), abs=1e-4)
    assert (found >= 0.0).all()


@given(st.lists(st.one_of(st.just(math.nan), st.floats(-1e6, 1e6)), min_size=2, max_size=40))
def test_whatever_a_meter_says_no_interval_is_negative_or_more_than_the_meter_can(counter):
    at = T0 + np.arange(len(counter)) * QUARTER
    found = intervals_kwh(FIGURES, at, np.array(counter), at, rollover_kwh=100_000.0, most_kw=40.0)
    known = found[~np.isnan(found)]
    assert (known >= 0.0).all()
    assert (known <= 40.0 * 0.25 * FIGURES.headroom + FIGURES.resolution_kwh + 1e-6).all()


def test_demand_is_the_mean_of_the_countrys_own_interval_on_its_own_edges():
    korean = demand_edges_ns(FIGURES, "KR", T0 + 1, T0 + 4 * QUARTER)
    british = demand_edges_ns(FIGURES, "GB", T0 + 1, T0 + 4 * QUARTER)
    assert ((korean - T0) // QUARTER).tolist() == [1, 2, 3, 4]
    assert ((british - T0) // QUARTER).tolist() == [2, 4]
    assert demand_kw(np.array([2.5, math.nan, 0.0]), korean).tolist()[::2] == [10.0, 0.0]
    assert demand_kw(np.array([2.5]), british).tolist() == [5.0]


def test_a_width_that_does_not_divide_the_day_is_refused(tmp_path):
    text = (shipped("seeds") / "rules" / "energy.toml").read_text("utf-8")
    file = tmp_path / "energy.toml"
    file.write_text(text.replace("KR = 900.0", "KR = 1000.0"), "utf-8")
    with pytest.raises(ProfileError, match=r"demand_s\.KR: expected a whole part of a day"):
        energy_figures(file)
    file.write_text(text.replace("headroom = 1.10", "headroom = 0.9"), "utf-8")
    with pytest.raises(ProfileError, match="headroom: expected 1 or more"):
        energy_figures(file)


@pytest.mark.needs_shared_data
def test_a_counter_over_real_irregular_times_keeps_its_sum_and_its_gaps(shared_data: Path):
    """Occupancy of a real detector, summed up as a counter: its times are irregular and have gaps."""
    with (shared_data / "sensors" / "occupancy_6005.csv").open(encoding="utf-8") as file:
        rows = [(datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC), float(row["value"]))
                for row in csv.DictReader(file)]  # fmt: skip
    at = np.array([int(when.timestamp()) for when, _ in rows], np.int64) * SECOND_NS
    used = np.array([value for _, value in rows]) / 100.0
    counter = np.cumsum(used) % 10.0  # rolls over many times
    edges = demand_edges_ns(FIGURES, "GB", int(at[0]), int(at[-1]))
    found = intervals_kwh(FIGURES, at, counter, edges, rollover_kwh=10.0, most_kw=12.0)
    steps = [(a, b, part) for (a, b), part in zip(pairwise(at.tolist()), used[1:].tolist(), strict=True)]
    assert max(b - a for a, b, _ in steps) > FIGURES.longest_gap_s * SECOND_NS
    for number, value in enumerate(found.tolist()):
        start, end = edges[number : number + 2].tolist()
        inside = [(a, b, part) for a, b, part in steps if a < end and b > start]
        if any(b - a > FIGURES.longest_gap_s * SECOND_NS for a, b, _ in inside):
            assert math.isnan(value)
        else:
            shares = [part * (min(b, end) - max(a, start)) / (b - a) for a, b, part in inside]
            assert value == pytest.approx(sum(shares), abs=1e-6)
    assert 0 < np.isnan(found).sum() < len(found)
