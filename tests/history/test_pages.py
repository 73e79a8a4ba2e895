"""What is put into a page comes out of it: bit by bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.history.pages import PageError, pack, unpack
from console.history.rollup import buckets_of
from console.history.rows import Readings, in_order, join_readings

VALUES = st.one_of(
    st.floats(allow_nan=False, width=64), st.integers(-(10**6), 10**6).map(lambda one: one / 100),
    st.just(-0.0),
)
ROWS = st.lists(
    st.tuples(st.integers(0, 300), st.integers(0, 10**12), VALUES, st.sampled_from((0, 1, 2, 255))),
    min_size=1, max_size=60,
)  # fmt: skip


def readings(rows) -> Readings:
    points, at, value, quality = zip(*rows, strict=True)
    made = Readings(
        np.array(points, np.uint32), np.array(at, np.int64), np.array(value, float),
        np.array(quality, np.uint8),
    )  # fmt: skip
    return made.where(in_order(made.points, made.at_ns))


@given(ROWS)
def test_every_bit_of_a_reading_comes_back(rows):
    made = readings(rows)
    back = join_readings([unpack(page.number, page.data, Readings) for page in pack(made)])
    for name in ("points", "at_ns", "quality"):
        np.testing.assert_array_equal(getattr(back, name), getattr(made, name))
    np.testing.assert_array_equal(back.value.view(np.int64), made.value.view(np.int64))


def test_values_with_few_decimals_take_little_room():
    rng = np.random.default_rng(1)
    rows = [(0, t * 10**9, round(20 + rng.normal(), 1), 0) for t in range(2000)]
    noisy = [(0, t * 10**9, 20 + rng.normal(), 0) for t in range(2000)]
    size = sum(len(page.data) for page in pack(readings(rows)))
    assert size < 2000 * 1.5 < sum(len(page.data) for page in pack(readings(noisy)))


@given(ROWS)
def test_buckets_come_back_with_their_mean_within_a_millionth_of_their_height(rows):
    made = readings([(point, at, max(-1e9, min(1e9, value)), q) for point, at, value, q in rows])
    told = buckets_of(made, 10**9)
    from console.history.rows import Buckets, join_buckets

    back = join_buckets([unpack(page.number, page.data, Buckets) for page in pack(told)])
    for name in ("points", "at_ns", "low", "high", "first", "last", "count", "bad", "silent_ms"):
        np.testing.assert_array_equal(getattr(back, name), getattr(told, name))
    height = told.high - told.low
    good = told.count > 0
    assert (np.abs(back.mean - told.mean)[good] <= height[good] * 1e-6 + 1e-5).all()


@given(st.binary(max_size=200))
def test_a_page_that_is_none_is_told(data):
    with pytest.raises(PageError):
        unpack(0, data, Readings)
