"""Writing footage: what is kept, what is left out, and what a full disk costs."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from console.clock import SECOND_NS
from console.footage.layout import LONGEST_SEGMENT_NS, packets_path
from console.footage.record import LARGEST_PACKET_BYTES
from console.footage.segment import Segment
from console.footage.store import FootageStore
from console.footage.writer import CameraWriter, seal, write_clip
from tests.footage.packets import (
    BEGIN_NS,
    CAMERA,
    INFO,
    add,
    all_of,
    keys_of,
    open_segment,
    pictures,
    told,
    write,
)
from tests.video.clips import make_clip


def test_pictures_before_the_first_key_picture_are_left_out(tmp_path: Path) -> None:
    writer = CameraWriter(tmp_path, CAMERA)
    run = pictures(BEGIN_NS, 50)
    add(writer, run[20:])
    writer.close()
    assert writer.left_out == 5
    assert told(list(FootageStore(tmp_path).packets(CAMERA, BEGIN_NS))) == run[25:]


def test_a_packet_larger_than_any_picture_is_left_out(tmp_path: Path) -> None:
    writer = CameraWriter(tmp_path, CAMERA)
    assert not writer.add(BEGIN_NS, 0, 0, True, b"", LARGEST_PACKET_BYTES + 1, INFO)
    assert writer.left_out == 1
    assert writer.close() == []
    assert FootageStore(tmp_path).cameras() == (), "no file and no folder of nothing"


def test_a_segment_without_key_pictures_ends_after_an_hour(tmp_path: Path) -> None:
    writer = CameraWriter(tmp_path, CAMERA)
    slow = pictures(BEGIN_NS, 3700, group=1 << 30, interval_ns=SECOND_NS)
    add(writer, slow)
    assert writer.begin_ns is None and writer.left_out == 99
    (done,) = writer.close()
    assert done.end_ns - done.begin_ns == LONGEST_SEGMENT_NS


def test_only_the_owner_can_read_what_was_recorded(tmp_path: Path) -> None:
    write(tmp_path / "footage", pictures(BEGIN_NS, 25))
    path = packets_path(tmp_path / "footage", CAMERA, BEGIN_NS)
    assert [one.stat().st_mode & 0o077 for one in (path, keys_of(path), path.parent)] == [0, 0, 0]


def test_a_disk_that_takes_a_part_of_a_write_gets_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.writev

    def partly(handle: int, pieces: list[Any]) -> int:
        whole = b"".join(bytes(piece) for piece in pieces)
        return real(handle, [whole[: max(1, len(whole) // 3)]])

    monkeypatch.setattr("console.footage.writer.os.writev", partly)
    written = write(tmp_path, pictures(BEGIN_NS, 50))
    assert all_of(packets_path(tmp_path, CAMERA, BEGIN_NS)) == written


def test_after_a_full_disk_the_whole_part_is_read_and_the_next_key_picture_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = CameraWriter(tmp_path, CAMERA)
    run = pictures(BEGIN_NS, 100)
    add(writer, run[:30])
    writer.flush()
    real, room = os.writev, 500

    def full(handle: int, pieces: list[Any]) -> int:
        nonlocal room
        if not room:
            raise OSError(errno.ENOSPC, "No space left on device")
        whole = b"".join(bytes(piece) for piece in pieces)[:room]
        room = 0
        return real(handle, [whole])

    def refused(handle: int, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("console.footage.writer.os.writev", full)
        patched.setattr("console.footage.writer.os.write", refused)
        add(writer, run[30:45])
        with pytest.raises(OSError, match="No space left"):
            writer.flush()
    assert writer.begin_ns is None
    add(writer, run[45:])
    writer.close()
    found = told(list(FootageStore(tmp_path).packets(CAMERA, BEGIN_NS)))
    assert found[:30] == run[:30]
    assert found[-50:] == run[50:], "from the next key picture on"
    assert set(found) <= set(run)


def test_what_a_killed_writer_left_is_closed_and_reading_goes_on_meanwhile(tmp_path: Path) -> None:
    run = pictures(BEGIN_NS, 60)
    path = open_segment(tmp_path, run)
    with path.open("ab") as file:
        file.write(b"\xf5BF\x1a" + bytes(30))  # torn: a head and no more
    reading = FootageStore(tmp_path).packets(CAMERA, BEGIN_NS)
    first = [next(reading) for _ in range(10)]
    sealed = seal(path)
    assert sealed is not None and sealed.end_ns == run[-1].wall_ns
    assert told([*first, *reading]) == run
    segment = Segment(path, BEGIN_NS)
    segment.look()
    assert segment.is_closed and not segment.goes_on


def test_sealing_leaves_alone_what_is_of_no_use(tmp_path: Path) -> None:
    path = packets_path(tmp_path, CAMERA, BEGIN_NS)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"")
    assert seal(path) is None
    path.write_bytes(b"something else")
    assert seal(path) is None
    assert path.read_bytes() == b"something else"


def test_a_segment_whose_index_outlived_its_packets_is_closed_where_they_end(tmp_path: Path) -> None:
    """After a power cut: the index speaks of a key picture of which nothing is on disk. Sealing must not make
    the segment longer than it is."""
    run = pictures(BEGIN_NS, 60)
    path = open_segment(tmp_path, run)
    size = path.stat().st_size
    os.truncate(path, size - sum(40 + len(one.data) for one in run[45:]))
    sealed = seal(path)
    assert sealed is not None
    assert path.stat().st_size == sealed.bytes <= size
    assert sealed.end_ns == all_of(path)[-1].wall_ns
    assert all_of(path) == run[: len(all_of(path))]
    store = FootageStore(tmp_path)
    assert [tuple(span) for span in store.spans(CAMERA, 0, 1 << 62)] == [(BEGIN_NS, sealed.end_ns)]


def test_a_clip_is_recorded_as_if_it_had_been_shown_then(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", seconds=2.0)
    newest_ns = write_clip(tmp_path / "footage", CAMERA, clip, BEGIN_NS)
    store = FootageStore(tmp_path / "footage")
    assert newest_ns == BEGIN_NS + 49 * SECOND_NS // 25
    assert store.edges(CAMERA) == (BEGIN_NS, newest_ns)
    packets = list(store.packets(CAMERA, BEGIN_NS))
    assert len(packets) == 50
    assert packets[0].stream.codec == "h264" and packets[0].stream.extradata
    assert write_clip(tmp_path / "short", CAMERA, clip, BEGIN_NS, seconds=1.0) < BEGIN_NS + SECOND_NS
