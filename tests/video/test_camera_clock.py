"""A camera's clock against ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.video.camera_clock import CameraClock

SECOND_NS = 1_000_000_000
WALL_NS = 1_790_000_000 * SECOND_NS


def watched(
    offset_s: float, delays_ms: list[float], every_s: float = 0.2, speed: float = 1.0, told: bool = True
) -> CameraClock:
    """A clock that was told of one packet after the other, each so long on its way."""
    clock = CameraClock()
    for number, delay_ms in enumerate(delays_ms):
        at_s = number * every_s
        arrived_ns = int((at_s + delay_ms / 1000) * SECOND_NS)
        told_us = int((WALL_NS / 1e9 + offset_s + at_s * speed) * 1e6) if told else None
        clock.saw(10**15 + arrived_ns, WALL_NS + arrived_ns, told_us, at_s * speed)
    return clock


@given(
    offset_s=st.floats(-86_400 * 365 * 5, 86_400 * 365),
    delays_ms=st.lists(st.floats(5, 400), min_size=10, max_size=80),
)
def test_the_offset_is_never_ahead_of_the_truth_and_behind_it_by_the_quickest_packet(
    offset_s: float, delays_ms: list[float]
) -> None:
    clock = watched(offset_s, delays_ms)
    assert clock.offset_ms is not None
    assert offset_s * 1000 - max(delays_ms) - 2 <= clock.offset_ms <= offset_s * 1000 + 2
    recent = delays_ms[-20:]
    assert clock.offset_ms >= offset_s * 1000 - min(recent) - 2, "not worse than the best of the last seconds"


def test_a_camera_that_tells_no_time_has_no_offset() -> None:
    assert watched(3.0, [20.0] * 100, told=False).offset_ms is None


@pytest.mark.parametrize("year_s", [-2_208_988_800, 0, 12_345, 946_684_700])
def test_a_clock_that_was_never_set_is_not_told_as_an_offset(year_s: int) -> None:
    assert watched(year_s - WALL_NS / 1e9, [20.0] * 50).offset_ms is None


def test_a_clock_that_is_set_right_shows_within_ten_seconds() -> None:
    clock = CameraClock()
    for number in range(150):
        at_ns = number * SECOND_NS // 5
        ahead_ns = 37 * SECOND_NS if number < 50 else 0
        clock.saw(at_ns, WALL_NS + at_ns + 20_000_000, (WALL_NS + at_ns + ahead_ns) // 1000, None)
        if number == 49:
            assert clock.offset_ms == pytest.approx(36_980, abs=2)
    assert clock.offset_ms == pytest.approx(-20, abs=2)


def test_a_server_that_stamps_all_pictures_alike_has_no_clock() -> None:
    clock = CameraClock()
    for number in range(100):
        at_ns = number * SECOND_NS // 5
        clock.saw(at_ns, WALL_NS + at_ns, WALL_NS // 1000, 0.0)
    assert clock.offset_ms is None
    assert clock.drift_ppm is None


@pytest.mark.parametrize("ppm", [-200, 0, 150])
def test_time_stamps_alone_tell_the_drift_after_a_minute(ppm: int) -> None:
    delays_ms = [20.0 + 7 * (number % 3) for number in range(500)]
    clock = watched(0.0, delays_ms, speed=1 + ppm / 1e6, told=False)
    assert clock.drift_ppm == pytest.approx(ppm, abs=20)
    assert clock.offset_ms is None
    assert watched(0.0, delays_ms[:250], speed=1 + ppm / 1e6).drift_ppm is None, "fifty seconds are too few"


def test_time_stamps_that_jump_begin_the_drift_anew() -> None:
    clock = CameraClock()
    for number in range(600):
        at_s = number / 5
        clock.saw(int(at_s * 1e9), 0, None, at_s if number < 400 else at_s - 70)
    assert clock.drift_ppm is None
