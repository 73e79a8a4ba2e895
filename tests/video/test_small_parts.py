"""Sizes, pauses and verdicts."""

from __future__ import annotations

import os
import random
from fractions import Fraction

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.video import frames
from console.video.backoff import FIRST_S, JITTER, LONGEST_S, Backoff
from console.video.condition import MOVING, REASONS, STATES, codec_number, judged
from console.video.frames import PaneWriter, buffer_bytes, new_memory
from console.video.output import Output, fitted
from console.video.supervisor import OwnPauses

SIDES = st.integers(16, 4096)


@given(width=SIDES, height=SIDES, room_width=SIDES, room_height=SIDES,
       aspect=st.sampled_from([Fraction(1), Fraction(16, 15), Fraction(0)]))  # fmt: skip
def test_a_picture_fits_its_pane_and_keeps_its_proportions(
    width: int, height: int, room_width: int, room_height: int, aspect: Fraction
) -> None:
    wide, high = fitted(width, height, aspect, room_width, room_height)
    assert 1 <= wide <= room_width
    assert 1 <= high <= room_height
    shape = width / height * float(aspect or 1)
    assert high == pytest.approx(wide / shape, abs=1.01) or high in (1, room_height, room_height - 1)
    assert high % 2 == 0 or high == 1  # an odd height is converted with slow code
    assert wide % 8 == 0 or wide < 8  # of other widths FFmpeg may leave the end of each row unwritten
    # Up to eight pixels of width are given up for that; height goes with them.
    assert wide > room_width - 8 or high >= room_height - 8 / shape - 2


@pytest.mark.parametrize("kind", ["yuv420p", "yuvj420p", "yuv422p"])
@pytest.mark.parametrize("side", [(640, 360), (644, 362), (352, 288), (1366, 768), (90, 50)])
def test_every_element_of_a_picture_is_written(kind: str, side: tuple[int, int]) -> None:
    """Held against panes of many widths: what is left over from before would be seen as coloured columns."""
    grey = av.VideoFrame(*side, kind)
    for plane in grey.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    for width in (*range(440, 457), 90, 24):
        handle = new_memory(buffer_bytes(width, 252))
        pane = PaneWriter(handle, width, 252)
        os.close(handle)
        output = Output(pane)
        for value in (3, 250, 40):
            for buffer in pane.buffers:
                buffer[:] = bytes([value]) * len(buffer)
            junk = av.VideoFrame(width, 252, "bgra")  # memory that is given out again is not empty
            junk.planes[0].update(bytes([value]) * junk.planes[0].buffer_size)
            del junk
            output.put(grey, Fraction(1), 0, 0, 0)
            reader = pane.head
            slot = reader[frames.LATEST]
            wide, high = fitted(*side, Fraction(1), width, 252)
            seen = bytes(pane.buffers[slot][: wide * high * 4])
            colours = {seen[0::4], seen[1::4], seen[2::4]}
            assert all(120 <= one <= 140 for colour in colours for one in set(colour)), (kind, side, width)


def test_a_portrait_picture_stands_upright_in_a_wide_pane() -> None:
    assert fitted(360, 640, Fraction(1), 480, 270) == (144, 256)


def test_pauses_grow_from_half_a_second_to_five_with_jitter() -> None:
    backoff = Backoff(random.Random(1))
    pauses = [backoff.pause_s() for _ in range(8)]
    for pause, middle in zip(pauses, [0.5, 1, 2, 4, 5, 5, 5, 5], strict=True):
        assert middle * (1 - JITTER) <= pause <= middle * (1 + JITTER)
    assert max(pauses) <= LONGEST_S * (1 + JITTER)
    assert (
        len(
            {
                round(pause / middle, 6)
                for pause, middle in zip(pauses, [0.5, 1, 2, 4, 5, 5, 5, 5], strict=True)
            }
        )
        > 4
    )


def test_a_connection_that_held_starts_the_pauses_anew_and_one_that_did_not_does_not() -> None:
    backoff = Backoff(random.Random(1))
    for _ in range(5):
        backoff.pause_s()
    assert backoff.pause_s(held_s=2.0) > LONGEST_S * (1 - JITTER) - 0.01
    assert backoff.pause_s(held_s=60.0) <= FIRST_S * (1 + JITTER)


@pytest.mark.parametrize("state", sorted(MOVING))
def test_no_state_calls_a_picture_of_two_seconds_ago_present(state: str) -> None:
    assert judged(state, "", 1_999_000_000)[0] == state
    assert judged(state, "", 2_000_000_000)[0] == "stalled"


def test_a_state_without_pictures_stays_what_it_is() -> None:
    assert judged("no_signal", "wrong_password", 60_000_000_000) == ("no_signal", "wrong_password")
    assert judged("connecting", "", -1) == ("connecting", "")


def test_states_and_reasons_have_words_in_both_languages() -> None:
    from console.language import load_catalogue

    keys = load_catalogue().keys()
    for state in (*STATES, "waiting", "denied", "no_source"):
        assert f"wall.state.{state}" in keys
    for reason in filter(None, REASONS):
        assert f"wall.reason.{reason}" in keys


def test_a_codec_without_a_number_is_another_one() -> None:
    assert codec_number("h264") != codec_number("prores") == codec_number("theora")


def test_who_stood_still_does_not_call_others_hung() -> None:
    pauses = OwnPauses()
    second = 1_000_000_000
    assert pauses.may_judge(10 * second)
    assert pauses.may_judge(10 * second + second // 4)
    assert not pauses.may_judge(40 * second), "stopped for half a minute"
    assert not pauses.may_judge(40 * second + second // 2)
    assert not pauses.may_judge(41 * second)
    assert pauses.may_judge(41 * second + second // 2)
