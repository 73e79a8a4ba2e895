"""Axes: round numbers that hold the values, round times of the city's clock."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.charts.scale import level_text, scale_for, tick_text
from widgets.charts.view import SPANS_S, View
from widgets.kit.timeticks import time_ticks

S = 1_000_000_000
NOW = 1_774_267_207 * S
SEOUL = ZoneInfo("Asia/Seoul")


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_a_scale_holds_both_ends_and_is_never_flat(one: float, other: float) -> None:
    least, greatest = min(one, other), max(one, other)
    scale = scale_for(least, greatest)
    slack = 1e-6 * max(1.0, abs(least), abs(greatest))
    assert scale.low <= least + slack
    assert scale.high >= greatest - slack
    assert scale.high > scale.low
    assert 2 <= len(scale.ticks) <= 12
    assert scale.y(scale.high, 100) == pytest.approx(0)
    assert scale.y(scale.low, 100) == pytest.approx(100)


@pytest.mark.parametrize("bad", [(float("nan"), 1.0), (float("-inf"), float("inf")), (float("nan"),) * 2])
def test_what_is_no_number_still_gives_an_axis(bad: tuple[float, float]) -> None:
    scale = scale_for(*bad)
    assert (scale.low, scale.high) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [(20, 20, "20"), (0.5, 0.5, "0.5"), (-0.0, 0.1, "0.0"), (1.25, 0.25, "1.25"), (2000, 500, "2,000"),
     (0.003, 0.001, "0.003")],
)  # fmt: skip
def test_ticks_have_the_decimals_of_their_step(value: float, step: float, text: str) -> None:
    assert tick_text(value, step) == text


def test_a_limit_is_written_as_it_was_set() -> None:
    assert [level_text(one) for one in (15.0, 2.5, 0.125, 10_000.0)] == ["15", "2.5", "0.125", "10,000"]


@pytest.mark.parametrize("span_s", SPANS_S)
def test_time_ticks_are_round_minutes_of_the_city_and_few(span_s: int) -> None:
    ticks = time_ticks(NOW - span_s * S, NOW, SEOUL, 8)
    assert 2 <= len(ticks) <= 9
    step = (ticks[1] - ticks[0]) // S
    assert step >= span_s / 9
    assert all(one // S % 60 == 0 or step < 60 for one in ticks)
    assert all((one // S + 9 * 3600) % step == 0 for one in ticks)


def test_time_ticks_are_found_across_midnight_and_a_change_of_clocks() -> None:
    london = ZoneInfo("Europe/London")
    change = 1_774_746_000 * S  # 2026-03-29 01:00 UTC
    ticks = time_ticks(change - 3600 * S, change + 3600 * S, london, 8)
    assert ticks == sorted(set(ticks))
    assert len(ticks) >= 2


def test_the_cursor_stays_inside_the_window_and_starts_at_now() -> None:
    view = View(until_ns=NOW, span_s=600, width_px=600)
    view.move_cursor(-60)
    assert view.cursor_ns == NOW - 60 * S
    view.move_cursor(-6000)
    assert view.cursor_ns == NOW - 600 * S
    view.move_cursor(999_999)
    assert view.cursor_ns == NOW


def test_the_stretch_of_time_goes_from_a_minute_to_five_years_and_no_further() -> None:
    view = View()
    while view.longer():
        pass
    assert view.span_s == 1826 * 86_400
    while view.shorter():
        pass
    assert view.span_s == 60


def test_the_window_follows_the_clock_by_whole_columns_and_is_never_behind_it() -> None:
    view = View(span_s=600, width_px=613)
    column_ns = 600 * S // 613
    seen = set()
    for step in range(100):
        now_ns = NOW + step * S // 30
        view.follow(now_ns)
        assert 0 <= view.until_ns - now_ns < column_ns
        seen.add(view.until_ns)
    assert len(seen) <= 5
    assert all((one - min(seen)) % column_ns == 0 for one in seen)


def test_seconds_of_the_plots_keep_nanoseconds() -> None:
    view = View(until_ns=NOW, span_s=600, width_px=600, origin_ns=NOW)
    assert view.seconds(NOW + 1) - view.seconds(NOW) == pytest.approx(1e-9)
    assert view.seconds_at(600.0) == pytest.approx(0.0)
    assert view.seconds_at(0.0) == pytest.approx(-600.0)
