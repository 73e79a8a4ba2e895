"""Clips that stand for cameras, recorded by the wall clock as the wall shows them."""

from __future__ import annotations

import time
from pathlib import Path

import av
import numpy as np
import pytest

from console.clock import SECOND_NS
from console.footage.record import StoredPacket
from console.video.source import Source
from tests.recorder.conftest import Room, quick
from tests.video.clips import FPS, make_clip, number_in

FRAME_NS = SECOND_NS // FPS


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds; each picture says its number."""
    return make_clip(tmp_path_factory.mktemp("clips") / "moving.mp4")


def playing(clip: Path, **fields: object) -> Source:
    return Source(kind="file", locator=str(clip), **{"epoch_ns": time.time_ns(), **fields})  # type: ignore[arg-type]


def numbers(packets: list[StoredPacket]) -> list[tuple[int, int]]:
    """Wall time and the number read in each picture."""
    decoder = av.CodecContext.create(packets[0].stream.codec, "r")
    decoder.extradata = packets[0].stream.extradata
    found = []
    walls = sorted(packet.wall_ns for packet in packets)
    frames = [frame for packet in packets for frame in decoder.decode(av.Packet(packet.data))]
    frames += decoder.decode(None)
    for wall_ns, frame in zip(walls, frames, strict=True):
        found.append((wall_ns, number_in(frame.to_ndarray(format="bgra"))))
    return found


def test_what_is_recorded_is_what_was_shown_at_that_time(room: Room, clip: Path) -> None:
    source = playing(clip, offset_s=1.4)
    room.sources({"A": source})
    room.record()
    room.pictures("A", 6 * FPS)
    room.stop()
    packets = room.packets("A")
    for wall_ns, number in numbers(packets):
        position_ns = (wall_ns - source.epoch_ns + int(1.4 * SECOND_NS)) % (4 * SECOND_NS)
        assert number == round(position_ns / FRAME_NS) % (4 * FPS)
    assert len(room.spans("A")) == 1, "it goes round without a gap"


def test_a_recorder_started_again_repeats_nothing_and_leaves_little_out(room: Room, clip: Path) -> None:
    room.sources({"A": playing(clip)})
    for count in (2 * FPS, 5 * FPS):
        room.record()
        room.pictures("A", count)
        room.stop()
    walls = [packet.wall_ns for packet in room.packets("A")]
    assert walls == sorted(set(walls))
    assert len(room.segments("A")) == 2


def test_sound_is_never_demuxed(room: Room, tmp_path: Path) -> None:
    """A clip with a sound track: nothing of it is on the disk, and its packets are never made."""
    path = with_sound(tmp_path / "loud.mkv")
    with av.open(str(path)) as container:
        sounds = [bytes(packet) for packet in container.demux(container.streams.audio[0]) if packet.size]
    assert len(sounds) > 20
    room.sources({"A": playing(path)})
    room.record()
    room.pictures("A", 2 * FPS)
    room.stop()
    on_disk = b"".join(file.read_bytes() for file in room.segments("A"))
    assert not any(sound in on_disk for sound in sounds if len(sound) > 40)
    assert {packet.stream.codec for packet in room.packets("A")} == {"h264"}


def with_sound(path: Path) -> Path:
    rate, chance = 48_000, np.random.default_rng(1)
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("libx264", rate=FPS)
        pictures.width, pictures.height, pictures.pix_fmt, pictures.gop_size = 160, 120, "yuv420p", FPS
        sound = container.add_stream("aac", rate=rate)
        for number in range(3 * FPS):
            picture = chance.integers(0, 255, (120, 160, 3)).astype(np.uint8)
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            noise = chance.uniform(-0.5, 0.5, (1, rate // FPS)).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(noise, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = rate, number * rate // FPS
            container.mux(sound.encode(frame))
        container.mux(pictures.encode(None))
        container.mux(sound.encode(None))
    return path


def test_a_camera_that_holds_its_picture_is_recorded_as_one_that_does(room: Room, clip: Path) -> None:
    source = playing(clip, hold=(2.0, 6.0))
    room.sources({"A": source})
    room.record()
    until_ns = source.epoch_ns + 8 * SECOND_NS
    room.until(lambda: any(one.wall_ns > until_ns for one in room.packets("A")), "pictures after the hold")
    room.stop()
    held = [
        packet for packet in room.packets("A")
        if 2.5 * SECOND_NS < packet.wall_ns - source.epoch_ns < 5.9 * SECOND_NS
    ]  # fmt: skip
    assert 2 <= len(held) <= 5
    assert len({packet.data for packet in held}) == 1
    assert all(packet.is_key for packet in held)


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("gone", lambda path: None, "not_found"),
        ("empty", lambda path: path.write_bytes(b""), "unreadable"),
        ("garbage", lambda path: path.write_bytes(b"no clip " * 5000), "unreadable"),
    ],
)
def test_a_clip_that_cannot_be_read_is_told_and_the_others_go_on(
    name: str, make, reason: str, room: Room, clip: Path, tmp_path: Path  # type: ignore[no-untyped-def]
) -> None:
    bad = tmp_path / f"{name}.mp4"
    make(bad)
    room.sources({"GOOD": playing(clip), "BAD": playing(bad)})
    room.record(quick(camera={"missing_after_s": 2.0}))
    room.until(lambda: room.reports and room.reports[-1].missing, "the bad clip to be told")
    (missing,) = room.reports[-1].missing
    assert (missing.camera_id, missing.reason, missing.since_ns) == ("BAD", reason, 0)
    assert (room.reports[-1].recorded, room.reports[-1].cameras) == (1, 2)
    room.pictures("GOOD", 2 * FPS)


def test_a_clip_cut_short_is_recorded_as_far_as_it_goes_round_and_round(
    room: Room, clip: Path, tmp_path: Path
) -> None:
    whole = make_clip(tmp_path / "long.mkv", 4.0)
    short = tmp_path / "short.mkv"
    short.write_bytes(whole.read_bytes()[: int(whole.stat().st_size * 0.6)])
    room.sources({"A": playing(short)})
    room.record()
    room.pictures("A", 5 * FPS)
    assert len(room.spans("A")) == 1


def test_changed_sources_are_taken_over_while_it_runs(room: Room, clip: Path, expected_logs) -> None:  # type: ignore[no-untyped-def]
    expected_logs("C is not recorded")
    room.sources({"A": playing(clip), "B": playing(clip)})
    recorder = room.record()
    room.pictures("A", FPS)
    room.pictures("B", FPS)
    other = make_clip(clip.with_name("other.mp4"), 2.0, 320, 180)
    room.sources({"A": playing(other)})
    book = room.home / "video" / "sources.json"
    refused = '"sources": {"C": {"kind": "file", "locator": "/etc/hostname"},'
    book.write_text(book.read_text().replace('"sources": {', refused))
    room.until(lambda: {p.stream.width for p in room.packets("A")} == {160, 320}, "A in another size")
    assert recorder.camera_ids == ("A", "C")
    room.until(lambda: room.reports and room.reports[-1].missing, "the refused source to be told")
    assert [(one.camera_id, one.reason) for one in room.reports[-1].missing] == [("C", "not_allowed")]
    assert len(room.segments("A")) == 2, "another stream begins another segment"
    count = len(room.packets("B"))
    room.pictures("A", 4 * FPS)
    assert len(room.packets("B")) == count, "B is recorded no more"
    assert all(path.with_suffix(".keys").stat().st_size % 24 == 0 for path in room.segments("B"))


def test_a_book_that_cannot_be_read_changes_nothing(room: Room, clip: Path, expected_logs) -> None:  # type: ignore[no-untyped-def]
    expected_logs("The sources stay as they were")
    room.sources({"A": playing(clip)})
    recorder = room.record()
    room.pictures("A", FPS)
    (room.home / "video" / "sources.json").write_text("{")
    count = len(room.packets("A"))
    room.pictures("A", count + 2 * FPS)
    assert recorder.camera_ids == ("A",)
