"""Limits on whole hours: what samples make of an hour, runs, holes, and what is kept when a commit fails."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.rules.air.hours import HOUR_NS
from console.rules.hourly import HourlyBank
from console.telemetry.table import BAD, GOOD, Columns
from tests.fakes.town import limit

H0 = 493_000 * HOUR_NS
"""The end of an hour; minute 0 of the tests."""
ADVISORY = limit(
    id="A/pm10/advisory", set_at=150.0, clear_at=100.0, hours=2, hour_means=True, on_delay_s=0.0
)
WARNING = limit(id="A/pm10/warning", set_at=300.0, clear_at=150.0, hours=2, hour_means=True, on_delay_s=0.0)
RAW = limit(id="A/pm10/raw", set_at=150.0, clear_at=100.0, hours=2, hour_means=False, on_delay_s=0.0)


def samples(*pairs: tuple[float, float], point: int = 0, quality: int = GOOD) -> Columns:
    """(minutes after H0, value)."""
    return Columns(
        np.full(len(pairs), point, dtype=np.uint32),
        np.array([value for _, value in pairs], dtype=np.float64),
        np.array([H0 + int(minute * 60 * SECOND_NS) for minute, _ in pairs], dtype=np.int64),
        np.full(len(pairs), quality, dtype=np.uint8),
    )


def told(bank: HourlyBank, batch: Columns) -> list[tuple[int, bool, float, float]]:
    """(limit, raised, value, minutes after H0)."""
    return [
        (one.limit_index, one.raised, one.value, (one.taken_at_ns - H0) / 60 / SECOND_NS)
        for one in bank.evaluate(batch)
    ]


def each_minute(start: int, end: int, value: float) -> list[tuple[float, float]]:
    return [(float(minute), value) for minute in range(start, end)]


def test_the_value_on_the_hour_is_the_hours_and_two_in_a_row_raise_at_the_second_end():
    bank = HourlyBank((ADVISORY,), 2)
    assert told(bank, samples(*each_minute(1, 120, 160.0))) == []
    assert told(bank, samples((120, 155.0))) == [(0, True, 155.0, 120.0)]


def test_a_feed_of_one_value_an_hour_decides_with_the_value_and_not_an_hour_later():
    bank = HourlyBank((limit(set_at=150.0, clear_at=100.0, hours=2, hour_means=True, period_s=3600.0),), 2)
    assert told(bank, samples((60, 150.0))) == []
    assert told(bank, samples((120, 150.0))) == [(0, True, 150.0, 120.0)]
    assert told(bank, samples((180, 99.0))) == [(0, False, 99.0, 180.0)]


def test_high_minutes_inside_an_hour_mean_nothing_where_values_are_means_already():
    bank = HourlyBank((ADVISORY,), 2)
    pairs = [(float(m), 400.0 if m % 60 not in (0, 59, 58) else 90.0) for m in range(1, 600)]
    assert told(bank, samples(*pairs)) == []


def test_a_sample_a_little_before_the_hours_end_stands_for_it_and_a_stale_one_does_not():
    near, stale = HourlyBank((ADVISORY,), 2), HourlyBank((ADVISORY,), 2)
    hours = [(58.0, 160.0), (118.0, 160.0), (121.0, 10.0)]
    assert told(near, samples(*hours)) == [(0, True, 160.0, 120.0)]
    assert told(stale, samples((56.0, 160.0), (118.0, 160.0), (121.0, 10.0))) == []


def test_momentary_values_make_their_mean_and_need_three_quarters_of_the_hour():
    bank = HourlyBank((RAW,), 2)
    half = [(float(m), 100.0 if m % 2 else 210.0) for m in range(1, 121)]
    assert told(bank, samples(*half)) == [(0, True, 155.0, 120.0)]
    sparse = HourlyBank((RAW,), 2)
    few = [(float(m), 500.0) for m in range(1, 121) if m % 60 <= 44 and m % 60]
    assert told(sparse, samples(*few, (121, 1.0))) == []
    bursts = HourlyBank((RAW,), 2)
    burst = [(60 * hour + second / 60, 500.0) for hour in (0, 1, 2) for second in range(1, 200)]
    assert told(bursts, samples(*burst)) == []


def test_a_missing_hour_breaks_the_run_and_lifts_nothing():
    bank = HourlyBank((ADVISORY,), 2)
    assert told(bank, samples((60, 200.0), (180, 200.0))) == []
    assert told(bank, samples((240, 200.0))) == [(0, True, 200.0, 240.0)]
    assert told(bank, samples((600, 120.0))) == []
    assert told(bank, samples((660, 99.9))) == [(0, False, 99.9, 660.0)]


def test_a_warning_steps_down_to_its_advisory_and_that_is_lifted_later():
    bank = HourlyBank((ADVISORY, WARNING), 2)
    hours = [310.0, 310.0, 140.0, 110.0, 90.0]
    found = told(bank, samples(*((60.0 * (n + 1), value) for n, value in enumerate(hours))))
    assert found == [
        (0, True, 310.0, 120.0), (1, True, 310.0, 120.0), (1, False, 140.0, 180.0), (0, False, 90.0, 300.0),
    ]  # fmt: skip


def test_unusable_values_and_other_points_are_no_part_of_an_hour():
    bank = HourlyBank((ADVISORY,), 2)
    assert told(bank, samples((60, 200.0), (120, 200.0), quality=BAD)) == []
    assert told(bank, samples((60, 200.0), (120, 200.0), point=1)) == []
    assert told(bank, samples((60, 200.0), (120, 200.0))) == [(0, True, 200.0, 120.0)]


def test_a_late_sample_does_not_open_a_closed_hour_again():
    bank = HourlyBank((ADVISORY,), 2)
    assert told(bank, samples((60, 200.0), (59, 10.0), (60, 10.0), (120, 200.0))) == [(0, True, 200.0, 120.0)]


def test_after_a_failed_commit_the_next_sample_raises_it_again_by_the_same_hour():
    bank = HourlyBank((ADVISORY,), 2)
    assert told(bank, samples((60, 200.0), (120, 210.0))) == [(0, True, 210.0, 120.0)]
    bank.resync(())
    assert told(bank, samples((121, 3.0))) == [(0, True, 210.0, 120.0)]
    assert told(bank, samples((122, 3.0))) == []


def test_after_a_start_with_an_alarm_standing_it_is_neither_raised_again_nor_lost():
    bank = HourlyBank((ADVISORY,), 2)
    bank.resync([ADVISORY.id])
    assert told(bank, samples((60, 200.0), (120, 200.0))) == []
    assert told(bank, samples((180, 50.0))) == [(0, False, 50.0, 180.0)]


def test_a_low_limit_is_judged_on_the_other_side():
    bank = HourlyBank((limit(above=False, set_at=1.0, clear_at=2.0, hours=1, hour_means=True),), 2)
    assert told(bank, samples((60, 1.0))) == [(0, True, 1.0, 60.0)]
    assert told(bank, samples((120, 2.0))) == []
    assert told(bank, samples((180, 2.1))) == [(0, False, 2.1, 180.0)]


def plainly(pairs: list[tuple[int, float]]) -> list[tuple[bool, int]]:
    """Means of an hour each minute or so, one after the other: (raised, hour) of an advisory."""
    hours: dict[int, tuple[int, float]] = {}
    for minute, value in pairs:
        hours[-(-minute // 60)] = (minute, value)
    last = max(hours)
    if hours[last][0] != 60 * last:
        del hours[last]  # not over yet
    known = {hour: value for hour, (minute, value) in hours.items() if 60 * hour - minute <= 3}
    story, active = [], False
    for hour in sorted(known):
        if active and known[hour] < 100.0:
            active = False
            story.append((False, hour))
        elif not active and known[hour] >= 150.0 and known.get(hour - 1, 0.0) >= 150.0:
            active = True
            story.append((True, hour))
    return story


minute_values = st.dictionaries(
    st.integers(1, 720), st.sampled_from([90.0, 99.9, 100.0, 149.0, 150.0, 400.0]), min_size=1, max_size=60
)
on_the_hour = st.dictionaries(st.integers(1, 14).map(lambda h: 60 * h), st.sampled_from([90.0, 120.0, 150.0]))


@given(minute_values, on_the_hour, st.data())
def test_any_record_in_any_batches_is_decided_as_a_person_would(minutes, hours, data):
    record = sorted({**minutes, **hours}.items())
    bank = HourlyBank((ADVISORY,), 2)
    found, left = [], record
    while left:
        cut = data.draw(st.integers(1, len(left)))
        found += told(bank, samples(*((float(minute), value) for minute, value in left[:cut])))
        left = left[cut:]
    assert [(raised, int(minute // 60)) for _, raised, _, minute in found] == plainly(record)


@pytest.mark.parametrize("points", [1, 40])
def test_many_points_are_decided_each_for_itself(points):
    random = np.random.default_rng(points)
    limits = [limit(id=f"A-{p}/pm10/advisory", point_index=p, set_at=150.0, clear_at=100.0, hours=2,
                    hour_means=True) for p in range(points)]  # fmt: skip
    values = random.choice([50.0, 120.0, 160.0, 320.0], size=(points, 50))
    together = HourlyBank(limits, points)
    found = []
    for hour in range(50):
        at = np.full(points, H0 + (hour + 1) * HOUR_NS, dtype=np.int64)
        batch = Columns(np.arange(points, dtype=np.uint32), values[:, hour], at, np.zeros(points, np.uint8))
        found += [(one.limit_index, one.raised, one.taken_at_ns) for one in together.evaluate(batch)]
    alone = []
    for point in range(points):
        bank = HourlyBank((limit(set_at=150.0, clear_at=100.0, hours=2, hour_means=True),), 1)
        pairs = samples(*((60.0 * (hour + 1), value) for hour, value in enumerate(values[point])))
        alone += [(point, one.raised, one.taken_at_ns) for one in bank.evaluate(pairs)]
    assert sorted(found) == sorted(alone) != []
