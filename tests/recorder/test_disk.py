"""Disks that fill up, fail or are slow, and recorders that are killed: what was whole stays whole."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.footage.layout import FOLDER, KEYS
from console.footage.locks import KeptLock, KeptLocks, write_locks
from console.footage.segment import Segment
from console.footage.writer import write_clip
from console.video.source import Source
from tests.recorder.conftest import Room, quick
from tests.video.clips import FPS, make_clip

MIB = 1 << 20
SMALL = quick(
    keep={"free_gib": 0.0}, write={"retry_s": 0.5}, camera={"missing_after_s": 2.0, "back_after_s": 1.0}
)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About a fifth of a MiB a second."""
    return make_clip(tmp_path_factory.mktemp("disk") / "noisy.mp4", 3.0, 320, 240, noise=10)


def playing(clip: Path, **fields: object) -> Source:
    return Source(kind="file", locator=str(clip), **{"epoch_ns": time.time_ns(), **fields})  # type: ignore[arg-type]


@pytest.fixture
def small_disk(room: Room) -> Iterator[Path]:
    """A real file system of 8 MiB at the place of the footage."""
    place = room.home / FOLDER
    place.mkdir(mode=0o700)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "tmpfs", str(place)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small file system")
    yield place
    room.stop()
    subprocess.run(["umount", str(place)], check=True)


def whole(room: Room, camera_id: str) -> int:
    """How many pictures can be read; every segment must be whole as far as it goes."""
    for path in room.segments(camera_id):
        segment = Segment(path, int(path.stem))
        segment.look()
        assert not segment.problem
    return len(room.packets(camera_id))


def test_a_disk_that_fills_up_loses_the_oldest_and_the_recording_goes_on(
    room: Room, clip: Path, small_disk: Path, expected_logs  # type: ignore[no-untyped-def]
) -> None:
    expected_logs("cannot be written: No space left")
    expected_logs("The disk takes pictures again")
    for age_s in (3000, 2000, 1000):
        write_clip(small_disk, "OLD", clip, time.time_ns() - age_s * SECOND_NS)
    write_clip(small_disk, "LOCKED", clip, time.time_ns() - 4000 * SECOND_NS)
    kept = whole(room, "LOCKED")
    lock = KeptLock(id="L", camera_ids=("LOCKED",), from_ns=0, to_ns=time.time_ns())
    write_locks(small_disk, KeptLocks(locks=(lock,)))
    old = room.segments("OLD")
    filler = small_disk / "somebody-else"
    room.sources({"A": playing(clip), "B": playing(clip, offset_s=1.0)})
    room.record(SMALL)
    room.pictures("A", FPS)
    with filler.open("wb") as file:
        try:
            while True:
                os.write(file.fileno(), b"x" * 4096)
        except OSError as error:
            refused = error.errno
    assert refused == errno.ENOSPC
    room.until(lambda: len(room.segments("OLD")) < len(old), "the oldest to be freed")
    count = {one: len(room.packets(one)) for one in "AB"}
    room.until(
        lambda: all(len(room.packets(one)) > count[one] + FPS for one in "AB"), "both to be recorded again"
    )
    room.stop()
    assert whole(room, "LOCKED") == kept, "what is locked stays"
    left = room.segments("OLD")
    assert left == old[len(old) - len(left) :], "the oldest went first"
    for camera in "AB":
        assert whole(room, camera) >= count[camera], "what was whole stays whole"


def test_a_full_disk_with_nothing_to_free_is_said_loudly_until_there_is_room(
    room: Room, clip: Path, small_disk: Path, expected_logs  # type: ignore[no-untyped-def]
) -> None:
    expected_logs("cannot be written: No space left")
    expected_logs("The disk takes pictures again")
    room.sources({"A": playing(clip)})
    room.record(SMALL)
    room.pictures("A", FPS)
    filler = small_disk / "somebody-else"
    free = os.statvfs(small_disk)
    filler.write_bytes(b"x" * (free.f_bavail * free.f_frsize))
    room.until(lambda: room.reports and room.reports[-1].disk == "full", "the full disk to be told")
    assert room.reports[-1].problem == "No space left on device"
    room.until(lambda: [one.reason for one in room.reports[-1].missing] == ["disk"], "A to be told missing")
    count = whole(room, "A")
    assert count >= FPS
    filler.unlink()
    room.pictures("A", count + 2 * FPS)
    room.until(lambda: room.reports[-1].disk == "ok" and not room.reports[-1].missing, "all to be well")
    room.stop()
    assert whole(room, "A") >= count + 2 * FPS
    assert all(path.with_suffix(KEYS).exists() for path in room.segments("A"))


def test_a_place_that_refuses_one_camera_takes_the_others(room: Room, clip: Path, expected_logs) -> None:  # type: ignore[no-untyped-def]
    """Something lies where the camera's folder should be: not a full disk, and only its own trouble."""
    expected_logs("A cannot be written")
    expected_logs("The disk takes pictures again")
    room.footage.mkdir(mode=0o700)
    in_the_way = room.footage / "A"
    in_the_way.write_bytes(b"")
    room.sources({"A": playing(clip), "B": playing(clip)})
    room.record(SMALL)
    room.until(lambda: room.reports and room.reports[-1].missing, "A to be told as missing")
    assert [(one.camera_id, one.reason) for one in room.reports[-1].missing] == [("A", "disk")]
    assert (room.reports[-1].disk, room.reports[-1].problem) == ("failing", "Not a directory")
    in_the_way.unlink()
    room.pictures("A", FPS)
    room.until(lambda: not room.reports[-1].missing and room.reports[-1].disk == "ok", "all to be well")
    assert len(room.spans("B")) == 1, "B was recorded all the time"


def test_no_more_is_kept_than_may_be_and_the_newest_stays(room: Room, clip: Path) -> None:
    for age_s in range(1000, 100, -100):
        write_clip(room.footage, f"C{age_s % 300}", clip, time.time_ns() - age_s * SECOND_NS)
    sizes = [path.stat().st_size for path in room.footage.rglob("*.packets")]
    most_gib = sum(sizes) / 2 / (1 << 30)
    room.sources({"A": playing(clip)})
    recorder = room.record(quick(keep={"gib": most_gib, "free_gib": 0.0}))
    room.until(lambda: recorder.writing.seen.kept_bytes, "the disk to be looked at")
    left = sorted(int(path.stem) for path in room.footage.glob("C*/*/*.packets"))
    assert 2 <= len(left) < 9
    newest = time.time_ns() - 1000 * SECOND_NS + (9 - len(left)) * 100 * SECOND_NS
    assert left[0] > newest - 60 * SECOND_NS, "the oldest went, whichever camera's they were"
    assert recorder.writing.seen.kept_bytes <= most_gib * (1 << 30)


def test_what_is_too_old_goes_and_what_is_locked_stays(room: Room, clip: Path) -> None:
    now_ns, day_ns = time.time_ns(), 86_400 * SECOND_NS
    for camera, age_days in (("OLD", 31), ("LOCKED", 31), ("YOUNG", 29)):
        write_clip(room.footage, camera, clip, now_ns - age_days * day_ns)
        for path in room.segments(camera):
            os.utime(path, ns=(now_ns - age_days * day_ns,) * 2)
    lock = KeptLock(id="L", camera_ids=("LOCKED",), from_ns=now_ns - 32 * day_ns, to_ns=now_ns)
    write_locks(room.footage, KeptLocks(locks=(lock,)))
    room.sources({"A": playing(clip)})
    room.record(quick(keep={"days": 30.0, "free_gib": 0.0}))
    room.until(lambda: not room.segments("OLD"), "the old footage to go")
    assert room.segments("LOCKED")
    assert room.segments("YOUNG")


def test_nothing_is_freed_while_it_is_not_known_what_is_locked(room: Room, clip: Path, expected_logs) -> None:  # type: ignore[no-untyped-def]
    expected_logs("Nothing is freed until")
    write_clip(room.footage, "OLD", clip, time.time_ns() - 60 * 86_400 * SECOND_NS)
    (room.footage / "locks.json").write_bytes(b"\x00")
    room.sources({"A": playing(clip)})
    room.record(quick(keep={"gib": 0.0, "free_gib": 0.0}))
    room.until(lambda: room.reports and room.reports[-1].disk == "low", "the damaged file to be told")
    assert "locks.json" in room.reports[-1].problem
    assert room.segments("OLD")


def test_a_killed_recorder_loses_less_than_a_second_and_the_next_one_mends_the_rest(
    room: Room, clip: Path, program  # type: ignore[no-untyped-def]
) -> None:
    room.sources({"A": playing(clip), "B": playing(clip, offset_s=0.6)})
    running = program()
    for camera in "AB":
        room.pictures(camera, 4 * FPS)
    died_ns = running.kill()
    for camera in "AB":
        assert died_ns - room.packets(camera)[-1].wall_ns < SECOND_NS
    count = {camera: len(room.packets(camera)) for camera in "AB"}
    again = program()
    for camera in "AB":
        room.pictures(camera, count[camera] + 2 * FPS)
    assert again.end() == 0
    for camera in "AB":
        for path in room.segments(camera):
            segment = Segment(path, int(path.stem))
            segment.look()
            assert segment.is_closed
            assert not segment.problem
        walls = [packet.wall_ns for packet in room.packets(camera)]
        assert walls == sorted(set(walls))


def test_a_file_that_may_not_grow_keeps_what_was_written_whole(
    room: Room, clip: Path, program  # type: ignore[no-untyped-def]
) -> None:
    """The system itself refuses: no file of this process may be larger than 300 KiB."""
    largest = 300 * 1024
    room.sources({"A": playing(clip)})
    running = program(preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest)))
    room.until(lambda: len(room.segments("A")) >= 3, "three segments, each as large as may be")
    assert running.process.poll() is None
    running.end()
    assert whole(room, "A") > FPS
    assert max(path.stat().st_size for path in room.segments("A")) <= largest
    told = running.output.read_text()
    assert "A cannot be written: File too large" in told
    assert "The disk takes pictures again" in told
    assert "Freed" not in (room.home / "log" / "recorder.txt").read_text(), "that makes no file smaller"
