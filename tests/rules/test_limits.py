"""Limits on points: hysteresis, delays on the samples' own time, many points at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.rules.limits import LimitBank
from console.telemetry.table import BAD, GOOD, Columns
from tests.fakes.town import limit

T0 = 1_774_000_000 * SECOND_NS


def samples(*pairs: tuple[float, float], point: int = 0, quality: int = GOOD) -> Columns:
    return Columns(
        np.full(len(pairs), point, dtype=np.uint32),
        np.array([value for _, value in pairs], dtype=np.float64),
        np.array([T0 + int(at * SECOND_NS) for at, _ in pairs], dtype=np.int64),
        np.full(len(pairs), quality, dtype=np.uint8),
    )


def said(bank: LimitBank, *pairs: tuple[float, float]) -> list[tuple[bool, float]]:
    return [(one.raised, one.value) for one in bank.evaluate(samples(*pairs))]


def test_a_limit_is_reached_at_its_own_value_and_left_only_below_the_clear_level():
    bank = LimitBank((limit(),), 2)
    assert said(bank, (0, 14.9)) == []
    assert said(bank, (1, 15.0)) == [(True, 15.0)]
    assert said(bank, (2, 12.0)) == []
    assert said(bank, (3, 10.0)) == []
    assert said(bank, (4, 9.9)) == [(False, 9.9)]


def test_a_value_between_the_two_levels_changes_nothing_from_either_side():
    bank = LimitBank((limit(),), 2)
    assert said(bank, (0, 12.0)) == []
    assert said(bank, (1, 16.0)) == [(True, 16.0)]
    assert said(bank, (2, 12.0), (3, 14.0), (4, 11.0)) == []


def test_a_delay_counts_the_samples_own_time_and_starts_again_after_a_break():
    bank = LimitBank((limit(on_delay_s=60.0),), 2)
    assert said(bank, (0, 20.0), (59, 20.0)) == []
    assert said(bank, (59.5, 1.0)) == []
    assert said(bank, (60, 20.0), (119, 20.0)) == []
    assert said(bank, (120, 20.0)) == [(True, 20.0)]


def test_a_delay_of_two_hours_in_one_backfill_runs_out_at_the_second_hour():
    bank = LimitBank((limit(set_at=75.0, clear_at=35.0, on_delay_s=7200.0),), 2)
    found = bank.evaluate(samples(*((minute * 60.0, 80.0) for minute in range(180))))
    assert [(one.raised, one.taken_at_ns - T0) for one in found] == [(True, 7200 * SECOND_NS)]


def test_a_limit_from_above_works_the_other_way_round():
    bank = LimitBank((limit(above=False, set_at=0.1, clear_at=0.15),), 2)
    assert said(bank, (0, 0.2), (1, 0.1)) == [(True, 0.1)]
    assert said(bank, (2, 0.12), (3, 0.16)) == [(False, 0.16)]


def test_an_unusable_value_neither_raises_nor_clears():
    bank = LimitBank((limit(),), 2)
    assert bank.evaluate(samples((0, 99.0), quality=BAD)) == []
    assert said(bank, (1, 20.0)) == [(True, 20.0)]
    assert bank.evaluate(samples((2, 0.0), quality=BAD)) == []


def test_what_was_active_before_a_restart_is_not_raised_again_and_still_clears():
    bank = LimitBank((limit(),), 2)
    bank.resync([limit().id])
    assert said(bank, (0, 20.0)) == []
    assert said(bank, (1, 1.0)) == [(False, 1.0)]


def test_three_levels_on_one_point_are_three_alarms():
    levels = tuple(limit(id=f"l{n}", set_at=float(n), clear_at=float(n) - 2) for n in (5, 10, 15))
    bank = LimitBank(levels, 2)
    found = bank.evaluate(samples((0, 18.0)))
    assert sorted(one.limit_index for one in found) == [0, 1, 2]


@given(st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=60), st.integers(1, 6))
def test_how_samples_are_cut_into_batches_does_not_change_what_is_decided(values, size):
    pairs = [(float(at), value) for at, value in enumerate(values)]
    whole = LimitBank((limit(on_delay_s=3.0, off_delay_s=2.0),), 2).evaluate(samples(*pairs))
    bank = LimitBank((limit(on_delay_s=3.0, off_delay_s=2.0),), 2)
    cuts = [samples(*pairs[at : at + size]) for at in range(0, len(pairs), size)]
    parts = [one for cut in cuts for one in bank.evaluate(cut)]
    assert parts == whole


@given(st.lists(st.floats(0, 30, allow_nan=False), max_size=60))
def test_raised_and_cleared_always_alternate(values):
    bank = LimitBank((limit(),), 2)
    found = [raised for raised, _ in said(bank, *((float(at), value) for at, value in enumerate(values)))]
    assert all(one != after for one, after in pairwise(found))
    assert not found or found[0]
