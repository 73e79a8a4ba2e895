"""When pictures were: smooth where the camera's stamps are good, never wrong by much where they are not."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.recorder.times import FURTHEST_NS, LATEST_NS, LONGEST_REORDER_NS, WallTimes

BASE = Fraction(1, 90_000)
START_NS = 1_795_000_000 * SECOND_NS
FRAME = 3600  # 40 ms


def walls(stamps: list[int | None], arrivals: list[int], base: Fraction = BASE) -> list[int]:
    times = WallTimes(base)
    return [times.at(at_ns, stamp, stamp) for stamp, at_ns in zip(stamps, arrivals, strict=True)]


def regular(count: int, step_ns: int = 40_000_000) -> list[int]:
    return [START_NS + number * step_ns for number in range(count)]


@given(st.lists(st.integers(0, 90_000_000), min_size=60, max_size=60))
def test_jitter_of_the_network_is_mostly_taken_out(late_ns: list[int]) -> None:
    arrivals = [at + late for at, late in zip(regular(60), late_ns, strict=True)]
    arrivals = [max(arrivals[: number + 1]) for number in range(60)]
    found = walls([number * FRAME for number in range(60)], arrivals)
    steps = [after - before for before, after in pairwise(found[20:])]
    assert all(20_000_000 < step < 60_000_000 for step in steps)


@given(
    st.lists(st.one_of(st.none(), st.integers(-(1 << 62), 1 << 62)), min_size=1, max_size=80),
    st.integers(1, 2 * SECOND_NS),
)
def test_whatever_the_stamps_say_the_time_never_goes_back_and_stays_near_ours(
    stamps: list[int | None], step_ns: int
) -> None:
    arrivals = regular(len(stamps), step_ns)
    found = walls(stamps, arrivals)
    assert found == sorted(found)
    assert all(-LATEST_NS <= wall - at <= FURTHEST_NS for wall, at in zip(found, arrivals, strict=True))


def test_stamps_that_begin_again_at_zero_go_on_where_our_clock_is() -> None:
    stamps = [900_000 + number * FRAME for number in range(50)] + [number * FRAME for number in range(50)]
    arrivals = regular(100)
    found = walls(list(stamps), arrivals)
    assert all(abs(wall - at) < 50_000_000 for wall, at in zip(found, arrivals, strict=True))


def test_pictures_a_network_held_up_are_told_at_the_time_they_were_taken() -> None:
    """Three seconds of silence, then all that was owed at once, then as before."""
    times = WallTimes(BASE)
    found = []
    for number in range(300):
        taken_ns = START_NS + number * 40_000_000
        held = 100 <= number < 175
        at_ns = START_NS + 175 * 40_000_000 if held else taken_ns
        is_exact = not held or number == 100
        found.append(times.at(at_ns, number * FRAME, number * FRAME, is_exact) - taken_ns)
    assert max(map(abs, found)) < SECOND_NS // 2
    assert max(map(abs, found[250:])) < 10_000_000


def test_sixty_pictures_a_second_that_claim_twenty_five_keep_the_time() -> None:
    arrivals = regular(600, SECOND_NS // 60)
    found = walls([number * FRAME for number in range(600)], arrivals)
    assert abs((found[-1] - found[0]) - (arrivals[-1] - arrivals[0])) < 250_000_000
    steps = [after - before for before, after in pairwise(found[300:])]
    assert max(steps) < 25_000_000, "no saw-tooth"


def test_stamps_that_run_at_another_pace_are_not_trusted_and_one_jump_does_not_matter() -> None:
    for step, jump, trusted in ((FRAME, 0, True), (FRAME, 9_000_000, True), (2 * FRAME, 0, False)):
        times = WallTimes(BASE)
        for number in range(100):
            at_ns, stamp = START_NS + number * 40_000_000, number * step + (jump if number > 50 else 0)
            times.at(at_ns, stamp, stamp)
        assert times.is_trusted is trusted


def test_pictures_that_waited_in_the_socket_keep_the_distance_their_camera_gave_them() -> None:
    times = WallTimes(BASE)
    found = []
    for number in range(200):
        burst_end = START_NS + (number // 6 * 6 + 5) * 40_000_000
        found.append(times.at(burst_end, number * FRAME, number * FRAME, is_exact=number % 6 == 5))
    steps = [after - before for before, after in pairwise(found[100:])]
    assert all(35_000_000 <= step <= 45_000_000 for step in steps)


@given(st.integers(0, 1 << 40))
def test_a_picture_shown_later_than_it_is_decoded_is_told_at_the_time_it_is_shown(reorder: int) -> None:
    times = WallTimes(BASE)
    wall_ns = times.at(START_NS, FRAME + reorder, FRAME)
    shown_later_ns = reorder * SECOND_NS // 90_000
    assert wall_ns - START_NS == (shown_later_ns if shown_later_ns <= LONGEST_REORDER_NS else 0)
