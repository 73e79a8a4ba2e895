"""A stuck camera is found; an honest still scene is not accused."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.video.freeze import FROZEN_AFTER_NS, LOOK_EVERY_NS, FreezeDetector, luma_digest

SECOND_NS = 1_000_000_000


class Plane(np.ndarray):
    """Bytes with a line size, as PyAV's planes are."""

    line_size: int


def digest(luma: np.ndarray, padding: bytes = b"") -> int:
    plane = np.frombuffer(b"".join(row.tobytes() + padding for row in luma), np.uint8).view(Plane)
    plane.line_size = luma.shape[1] + len(padding)
    return luma_digest(plane, luma.shape[1], luma.shape[0])


def watch(digests: list[int], every_ns: int = LOOK_EVERY_NS) -> FreezeDetector:
    detector = FreezeDetector()
    for number, value in enumerate(digests):
        detector.see(value, number * every_ns)
    return detector


def test_the_same_picture_for_five_seconds_is_frozen() -> None:
    looks = FROZEN_AFTER_NS // LOOK_EVERY_NS + 1
    assert watch([1] * looks).frozen
    assert not watch([1] * (looks - 1)).frozen


def test_one_changed_picture_ends_it_at_once() -> None:
    assert not watch([1] * 30 + [2]).frozen


@given(st.lists(st.booleans(), min_size=11, max_size=60))
def test_it_is_frozen_exactly_when_nothing_changed_for_five_seconds(changes: list[bool]) -> None:
    digests, value = [], 0
    for change in changes:
        value += change
        digests.append(value)
    looks = FROZEN_AFTER_NS // LOOK_EVERY_NS + 1
    assert watch(digests).frozen == (len(set(digests[-looks:])) == 1)


def test_a_lost_connection_between_two_equal_pictures_is_no_proof() -> None:
    detector = FreezeDetector()
    detector.see(1, 0)
    for number in range(5):
        detector.see(1, 60 * SECOND_NS + number * LOOK_EVERY_NS)
    assert not detector.frozen


def test_a_camera_with_one_picture_in_two_seconds_is_not_accused_after_three_pictures() -> None:
    assert not watch([1, 1, 1], every_ns=2 * SECOND_NS).frozen


def test_an_opened_again_source_begins_anew() -> None:
    detector = watch([1] * 30)
    detector.forget()
    assert not detector.frozen
    assert detector.same_for_ns == 0


def test_one_grey_level_in_one_pixel_of_a_compared_row_is_a_change() -> None:
    luma = np.full((90, 160), 80, np.uint8)
    changed = luma.copy()
    changed[44, 159] += 1
    assert digest(luma) != digest(changed)


def test_what_stands_in_the_padding_between_rows_does_not_matter() -> None:
    luma = np.arange(90 * 160, dtype=np.uint32).astype(np.uint8).reshape(90, 160)
    assert digest(luma, b"\0" * 32) == digest(luma, b"\xff" * 32) == digest(luma)
