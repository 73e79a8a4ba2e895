"""What may come in at the measurement door."""

from __future__ import annotations

import numpy as np

from console.clock import SECOND_NS
from console.rules.door import MAX_AGE_NS, MAX_FUTURE_NS, Door, good
from console.telemetry.table import BAD, GOOD, Columns

NOW = 1_774_000_000 * SECOND_NS


def door() -> Door:
    return Door(np.array([0.0, -1.0]), np.array([500.0, 20.0]))


def row(point: int, value: float, at_ns: int = NOW) -> Columns:
    return good(np.array([point]), np.array([value]), np.array([at_ns]))


def test_a_good_reading_passes_untouched():
    batch = row(0, 3.0)
    result = door().check(batch, NOW)
    assert result.columns is batch
    assert result.refused == {}


def test_a_point_the_profile_does_not_have_is_refused_and_named():
    result = door().check(row(7, 3.0), NOW)
    assert len(result.columns) == 0
    assert result.refused == {"unknown_point": 1}
    assert result.example == {"unknown_point": 7}


def test_a_reading_from_1970_or_from_the_future_is_refused():
    assert door().check(row(0, 3.0, 0), NOW).refused == {"too_old": 1}
    assert door().check(row(0, 3.0, NOW - MAX_AGE_NS - 1), NOW).refused == {"too_old": 1}
    assert door().check(row(0, 3.0, NOW + MAX_FUTURE_NS + 1), NOW).refused == {"future": 1}
    assert door().check(row(0, 3.0, NOW + MAX_FUTURE_NS), NOW).refused == {}


def test_what_cannot_be_true_is_kept_as_unusable_and_counted():
    batch = good(np.array([0, 0, 1, 1]), np.array([np.nan, np.inf, 21.0, 3.0]), np.full(4, NOW))
    result = door().check(batch, NOW)
    assert list(result.columns.quality) == [BAD, BAD, BAD, GOOD]
    assert result.refused == {"not_a_number": 2, "out_of_range": 1}
