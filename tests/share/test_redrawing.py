"""Zones and names in every picture that leaves, and no picture where they cannot be drawn."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.evidence.masking import ZONE_BGR
from console.evidence.pictures import decoded
from console.share.figures import load_figures
from console.share.lettering import LetteringError, letters
from console.share.redrawing import Redrawing
from tests.share.rig import HALF, Recording, Room, clip_packets

BURNT = load_figures().burnt


def test_every_picture_that_comes_out_has_its_zone_hidden_whatever_went_in(tmp_path: Path):
    packets = clip_packets(tmp_path)[:24]
    torn = list(packets)
    for packet in packets[1::3]:
        half = packet.data[: len(packet.data) // 2] + b"\x00" * 40
        torn[torn.index(packet)] = packet._replace(data=half)
    torn.insert(5, packets[5]._replace(data=b"\xff" * 300))
    drawing = Redrawing((HALF,), None, BURNT)
    made = [out for packet in torn for out in drawing.add(packet)]
    assert made and all(out.stream.codec == "h264" for out in made)
    sent = {packet.data for packet in torn}
    assert not any(out.data in sent for out in made), "nothing passes as it came"
    for picture in decoded(made):
        hidden = picture.pixels[:, picture.pixels.shape[1] // 2 + 8 :].astype(int)
        assert np.abs(hidden - np.array(ZONE_BGR)).max() < 16


def test_times_are_the_cameras_own_and_the_first_picture_can_be_decoded_alone(tmp_path: Path):
    packets = clip_packets(tmp_path)[:12]
    drawing = Redrawing((), np.zeros((20, 640, 4), np.uint8), BURNT)
    made = [out for packet in packets for out in drawing.add(packet)]
    assert [out.wall_ns for out in made] == [packet.wall_ns for packet in packets]
    assert made[0].is_key and all(out.pts == out.dts for out in made), "no picture waits for a later one"


def test_a_long_name_gets_smaller_letters_and_all_of_it_is_there():
    short = letters(("경위 김철수",), 640, 360, 0.035)
    long = letters(("수원남부경찰서 112치안종합상황실 " * 4 + "끝",), 320, 180, 0.035)
    assert short.shape[1:] == (640, 4) and long.shape[1] == 320
    assert (short[..., :3].max(), short[..., 3].min()) == (255, 150), "white on half of the dark"
    written = np.flatnonzero(long[..., :3].max(axis=(0, 2)) > 128)
    assert 0 < written[-1] < 318, "its last letter is inside"


def test_where_the_name_cannot_be_painted_nobody_sees_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_logs: Any
):
    expected_logs("cannot be shared: the letters could not be painted")
    monkeypatch.setattr("console.share.lettering.sys.executable", "/bin/false")
    with pytest.raises(LetteringError):
        letters(("x",), 640, 360, 0.035)
    recording = Recording(tmp_path / "home", tmp_path / "scratch")
    recording.show(40)

    async def story(room: Room) -> None:
        _, token = room.grant(mark="burnt")
        assert await asyncio.wait_for(room.why(room.link(token)), 10) == (415, "codec")

    Room(tmp_path / "home").play(story)
    recording.close()
