"""From readings to pixels: gaps stay gaps, peaks stay peaks, and time is the source's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.charts.series import Run, Window, beyond, gap_ns, joined, runs
from widgets.charts.track import at_moment, of_readings

S = 1_000_000_000
NOW = 1_774_000_000 * S


def window(span_s: int = 600, width: int = 600) -> Window:
    return Window(NOW, span_s * S, width)


def readings(at_s: list[float], values: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Readings so many seconds before now, oldest first."""
    at = np.array([NOW - int(one * S) for one in at_s], np.int64)
    return at, np.array(values, np.float64)


def test_readings_without_a_gap_are_one_line() -> None:
    at, value = readings([9, 8, 7, 6], [1, 2, 3, 4])
    (only,) = runs(at, value, window(), gap_ns(1.0))
    assert only.y.tolist() == [1, 2, 3, 4]
    assert only.x.tolist() == pytest.approx([591, 592, 593, 594])


def test_three_periods_without_a_value_are_a_gap_and_less_is_none() -> None:
    at, value = readings([20, 17, 13.9, 13], [1, 2, 3, 4])
    assert [run.y.tolist() for run in runs(at, value, window(), gap_ns(1.0))] == [[1, 2], [3, 4]]
    assert len(runs(at, value, window(), gap_ns(2.0))) == 1


def test_a_bad_value_breaks_the_line_however_close_its_neighbours_are() -> None:
    at, value = readings([5, 4, 3, 2, 1], [1, 2, np.nan, 4, 5])
    assert [run.y.tolist() for run in runs(at, value, window(), gap_ns(1.0))] == [[1, 2], [4, 5]]


def test_infinity_is_no_value() -> None:
    at, value = readings([3, 2, 1], [np.inf, 2, -np.inf])
    assert [run.y.tolist() for run in runs(at, value, window(), gap_ns(1.0))] == [[2]]


def test_the_line_enters_from_the_left_edge_and_what_is_older_stays_out() -> None:
    at, value = readings([700, 601, 599, 10], [9, 1, 2, 3])
    found = runs(at, value, window(), gap_ns(1000.0))
    assert found[0].y.tolist() == [1, 2, 3]
    assert found[0].x[0] < 0


def test_what_a_source_says_of_the_future_is_not_drawn() -> None:
    at, value = readings([2, 1, -30], [1, 2, 99])
    assert runs(at, value, window(), gap_ns(60.0))[0].y.tolist() == [1, 2]


def test_no_readings_are_no_line() -> None:
    at, value = readings([], [])
    assert runs(at, value, window(), gap_ns(1.0)) == []
    at, value = readings([3, 2], [np.nan, np.nan])
    assert runs(at, value, window(), gap_ns(1.0)) == []


def test_many_readings_become_two_corners_a_column_and_keep_every_peak() -> None:
    count = 100_000
    at = NOW - np.arange(count, 0, -1, dtype=np.int64) * (600 * S // count)
    value = np.sin(np.arange(count) / 500)
    value[77_777] = 50.0
    value[33_333] = -50.0
    (only,) = runs(at, value, window(width=300), gap_ns(1.0))
    assert len(only.x) <= 2 * 301
    assert (only.y.max(), only.y.min()) == (50.0, -50.0)
    assert (np.diff(only.x) >= 0).all()


def test_a_gap_survives_the_thinning() -> None:
    count = 50_000
    at = NOW - np.arange(count, 0, -1, dtype=np.int64) * (600 * S // count)
    keep = (np.arange(count) < 20_000) | (np.arange(count) > 24_000)
    found = runs(at[keep], np.ones(keep.sum()), window(width=300), gap_ns(0.1))
    assert len(found) == 2
    assert found[0].x[-1] == pytest.approx(119.5, abs=2)
    assert found[1].x[0] == pytest.approx(144.5, abs=2)


def test_nanoseconds_are_not_lost_in_floats() -> None:
    narrow = Window(NOW, 1000, 1000)
    at = np.array([NOW - 500, NOW - 499], np.int64)
    (only,) = runs(at, np.array([1.0, 2.0]), narrow, 10_000)
    assert only.x.tolist() == [500.0, 501.0]


@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")))), max_size=400
    ),
    st.integers(1, 50),
)
def test_no_corner_lies_outside_what_was_measured_and_no_run_crosses_a_gap(
    pairs: list[tuple[int, float]], width: int
) -> None:
    pairs = sorted(dict(pairs).items(), reverse=True)
    at, value = readings([float(one) for one, _ in pairs], [value for _, value in pairs])
    silent = gap_ns(2.0)
    found = runs(at, value, window(width=width), silent)
    good = value[np.isfinite(value)]
    for run in found:
        assert len(run.x) == len(run.y) > 0
        assert (np.diff(run.x) >= 0).all()
        assert np.isin(run.y, good).all()
    inside = (at >= NOW - 600 * S) & np.isfinite(value)
    if inside.any():
        drawn = np.concatenate([run.y for run in found])
        assert drawn.max() >= value[inside].max()
        assert drawn.min() <= value[inside].min()


def test_the_value_at_a_moment_is_the_newest_before_it_and_nothing_inside_a_gap() -> None:
    at, value = readings([100, 99, 50], [1, 2, 3])
    track = of_readings(at, value, gap_ns(1.0))
    assert at_moment(track, NOW - 99 * S) == (2, 2, 2)
    assert at_moment(track, NOW - int(98.5 * S))[0] == 2
    assert np.isnan(at_moment(track, NOW - 80 * S)[0])
    assert np.isnan(at_moment(track, NOW - 101 * S)[0])
    assert at_moment(track, NOW - 49 * S)[0] == 3


def run(*corners: tuple[float, float]) -> Run:
    return Run(np.array([x for x, _ in corners]), np.array([y for _, y in corners]))


def pieces(part: Run) -> list[list[tuple[float, float]]]:
    """The corners of each unbroken piece."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in zip(part.x.tolist(), part.y.tolist(), strict=True):
        if np.isnan(y):
            found.append([])
        else:
            found[-1].append((x, y))
    return [piece for piece in found if piece]


def test_the_abnormal_part_begins_and_ends_where_the_line_crosses_the_level() -> None:
    part = beyond(run((0, 0.0), (10, 4.0), (20, 4.0), (30, 0.0)), 2.0, above=True)
    assert part is not None
    assert pieces(part) == [[(5, 2), (10, 4), (20, 4), (25, 2)]]


def test_two_abnormal_parts_do_not_touch_and_below_is_abnormal_where_the_limit_says_so() -> None:
    line = run((0, 4.0), (10, 0.0), (20, 4.0), (30, 0.0))
    above, below = beyond(line, 2.0, above=True), beyond(line, 2.0, above=False)
    assert above is not None
    assert below is not None
    assert pieces(above) == [[(0, 4), (5, 2)], [(15, 2), (20, 4), (25, 2)]]
    assert pieces(below) == [[(5, 2), (10, 0), (15, 2)], [(25, 2), (30, 0)]]


def test_a_line_that_never_gets_there_has_no_abnormal_part() -> None:
    assert beyond(run((0, 1.0), (10, 1.9)), 2.0, above=True) is None


@given(
    st.lists(st.floats(-100, 100), min_size=1, max_size=50), st.floats(-100, 100), st.booleans()
)  # fmt: skip
def test_nothing_normal_is_in_the_abnormal_part_and_nothing_abnormal_is_left_out(
    values: list[float], level: float, above: bool
) -> None:
    line = Run(np.arange(len(values), dtype=np.float64), np.array(values))
    part = beyond(line, level, above)
    beyond_it = {(x, y) for x, y in enumerate(values) if (y >= level if above else y <= level)}
    if part is None:
        assert not beyond_it
        return
    corners = {corner for piece in pieces(part) for corner in piece}
    assert beyond_it <= corners
    assert all(y >= level if above else y <= level for _, y in corners)
    assert (np.diff(part.x) >= 0).all()


def test_stretches_joined_keep_their_corners_and_the_gaps_between_them() -> None:
    one, other = run((0, 1.0), (1, 2.0)), run((5, 3.0), (6, 4.0))
    assert pieces(joined([one, other])) == [[(0, 1), (1, 2)], [(5, 3), (6, 4)]]
    assert pieces(joined([one])) == [[(0, 1), (1, 2)]]
    assert len(joined([]).x) == 0
