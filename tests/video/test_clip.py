"""Clips play in step with the wall clock, whatever is wrong with them."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.video.clip import ClipReader, open_clip, position, wall_of
from console.video.source import Source
from tests.video.clips import cut, make_clip, number_in

SECOND_NS = 1_000_000_000
EPOCH_NS = 1_774_000_000 * SECOND_NS


def source(path: Path | str = "x.mp4", **fields: object) -> Source:
    return Source(kind="file", locator=str(path), epoch_ns=EPOCH_NS, **fields)


def reader(path: Path, loop: bool = True) -> ClipReader:
    return ClipReader(open_clip(source(path), 5.0), quick=True, loop=loop)


def number_of(frame: av.VideoFrame) -> int:
    return number_in(frame.to_ndarray(format="bgra"))


@given(
    since_ns=st.integers(-(10**18), 10**18),
    offset_s=st.floats(-1e6, 1e6),
    length_s=st.floats(0.04, 1e5),
)
def test_a_position_is_always_inside_the_clip_and_its_wall_time_is_the_one_asked_for(
    since_ns: int, offset_s: float, length_s: float
) -> None:
    clip = source(offset_s=offset_s)
    at = position(clip, length_s, EPOCH_NS + since_ns)
    assert 0 <= at.at_s <= length_s
    assert wall_of(clip, at.played_ns) == EPOCH_NS + since_ns


def test_every_process_that_asks_at_the_same_time_gets_the_same_position() -> None:
    clip = source(offset_s=1.5)
    assert position(clip, 4.0, EPOCH_NS + 7 * SECOND_NS).at_s == pytest.approx(0.5)
    assert position(clip, 4.0, EPOCH_NS + 11 * SECOND_NS).at_s == pytest.approx(0.5)


def test_a_clip_that_does_not_loop_goes_past_its_end() -> None:
    assert position(source(loop=False), 4.0, EPOCH_NS + 9 * SECOND_NS).at_s == pytest.approx(9.0)


def test_a_held_clip_stands_still_and_then_jumps_to_the_present() -> None:
    clip = source(hold=(10.0, 20.0))
    at = [position(clip, 100.0, EPOCH_NS + seconds * SECOND_NS) for seconds in (9, 10, 15, 19, 20)]
    assert [round(each.at_s, 3) for each in at] == [9, 10, 10, 10, 20]
    assert [each.held for each in at] == [False, True, True, True, False]


def test_reading_goes_round_and_the_time_line_goes_on(clips: Path) -> None:
    moving = reader(clips / "moving.mp4")
    moving.seek(position(source(), 4.0, EPOCH_NS + int(3.8 * SECOND_NS)))
    shown = [moving.next() for _ in range(40)]
    numbers = [number_of(frame) for frame, _ in shown]
    played_s = [played_ns / SECOND_NS for _, played_ns in shown]
    start = numbers.index(99)
    assert numbers[start : start + 4] == [99, 0, 1, 2]
    assert played_s[start : start + 3] == pytest.approx([3.96, 4.0, 4.04])


@pytest.mark.parametrize(
    ("name", "codec"), [("b.avi", "mjpeg"), ("c.mkv", "libx264"), ("d.ts", "libx264"), ("e.avi", "mpeg4")]
)
def test_other_containers_and_codecs_are_measured_and_read(clips: Path, name: str, codec: str) -> None:
    path = make_clip(clips / name, 2.0, codec=codec)
    clip = reader(path)
    assert clip.clip.facts.length_s == pytest.approx(2.0, abs=0.09)
    assert not clip.clip.facts.cut_short
    clip.seek(position(source(), clip.clip.facts.length_s, EPOCH_NS + int(1.2 * SECOND_NS)))
    while True:  # from the key frame before, up to the position
        frame, played_ns = clip.next()
        if played_ns >= 1.2 * SECOND_NS - 1:
            break
    assert abs(number_of(frame) - 30) <= 1


@pytest.mark.parametrize("name", ["moving.mp4", "whole.avi", "whole.mkv"])
def test_a_truncated_clip_is_found_out_and_its_real_length_is_used(clips: Path, name: str) -> None:
    whole = clips / name
    if not whole.exists():
        make_clip(whole)
    clip = reader(cut(whole, 0.6))
    assert clip.clip.facts.cut_short
    assert 0.5 < clip.clip.facts.length_s < 3.5
    clip.seek(position(source(), clip.clip.facts.length_s, EPOCH_NS))
    played = [clip.next()[1] for _ in range(int(clip.clip.facts.length_s * 25) * 2)]
    assert played == sorted(played), "the second pass follows the first"


def test_a_clip_whose_index_was_cut_off_cannot_be_opened(clips: Path) -> None:
    whole = make_clip(clips / "late-index.mp4", 2.0, faststart=False)
    with pytest.raises(av.InvalidDataError):
        open_clip(source(cut(whole, 0.5)), 5.0)


def test_a_file_without_video_is_refused(clips: Path) -> None:
    path = clips / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.sample_rate = 16000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(IndexError):
        open_clip(source(path), 5.0)


def test_a_playlist_is_not_a_clip(clips: Path) -> None:
    """It could name other files, or other machines."""
    for name, text in (
        ("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nmoving.mp4\n#EXT-X-ENDLIST\n"),
        ("list.ffconcat", "ffconcat version 1.0\nfile moving.mp4\n"),
    ):
        path = clips / name
        path.write_text(text)
        with pytest.raises((av.FFmpegError, ValueError)):
            open_clip(source(path), 5.0)


def test_a_clip_that_does_not_loop_ends(clips: Path) -> None:
    once = reader(clips / "moving.mp4", loop=False)
    once.seek(position(source(loop=False), 4.0, EPOCH_NS))
    frames = []
    with pytest.raises(EOFError):
        while True:
            frames.append(once.next())
    assert len(frames) == 100


def test_a_late_clip_jumps_forward_to_a_key_frame_and_never_back_to_one(clips: Path) -> None:
    """Key frames are a second apart. Jumping to one that was decoded already would make a late pane later."""
    moving = reader(clips / "moving.mp4")
    moving.seek(position(source(), 4.0, EPOCH_NS + int(0.2 * SECOND_NS)))
    while moving.next()[1] < 0.5 * SECOND_NS:
        pass
    at_s = (0.9, 1.2, 5.3)
    ahead = [moving.key_ahead(position(source(), 4.0, EPOCH_NS + int(at * SECOND_NS))) for at in at_s]
    assert ahead == [False, True, True]
    moving.seek(position(source(), 4.0, EPOCH_NS + int(1.2 * SECOND_NS)))
    frame, played_ns = moving.next()
    assert number_of(frame) == 25
    assert played_ns == SECOND_NS
