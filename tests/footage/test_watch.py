"""What a window knows of the footage on disk, without waiting for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.footage.layout import FOLDER
from console.footage.locks import FILE, KeptLock, KeptLocks, LockSpan, write_locks
from console.footage.store import Span
from console.footage.watch import FootageWatch
from tests.footage.packets import BEGIN_NS, CAMERA, pictures, write

Wait = Callable[..., object]
END_NS = BEGIN_NS + 3600 * SECOND_NS


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[FootageWatch]:
    made = FootageWatch(tmp_path)
    made.start()
    yield made
    made.stop()


def test_before_anything_is_wanted_nothing_is_known(watch: FootageWatch) -> None:
    assert not watch.knows(CAMERA)
    assert (watch.spans_of(CAMERA), watch.edges_of(CAMERA), watch.locks_of(CAMERA)) == ((), None, ())
    assert (watch.version, watch.problems) == (0, ())


def test_what_is_wanted_becomes_known_and_stays_fresh(
    watch: FootageWatch, tmp_path: Path, wait_until: Wait
) -> None:
    run = write(tmp_path / FOLDER, pictures(BEGIN_NS, 50))
    watch.wanted((CAMERA, "none"), BEGIN_NS, END_NS)
    wait_until(lambda: watch.knows(CAMERA), "the first look")
    assert watch.spans_of(CAMERA) == (Span(BEGIN_NS, run[-1].wall_ns),)
    assert watch.edges_of(CAMERA) == (BEGIN_NS, run[-1].wall_ns)
    assert watch.knows("none") and watch.spans_of("none") == ()
    version, spans = watch.version, watch.spans_of(CAMERA)
    more = write(tmp_path / FOLDER, pictures(BEGIN_NS + 60 * SECOND_NS, 50))
    wait_until(lambda: watch.version > version, "the next look")
    assert watch.spans_of(CAMERA) == (*spans, Span(more[0].wall_ns, more[-1].wall_ns))
    assert spans == (Span(BEGIN_NS, run[-1].wall_ns),), "what was told never changes"


def test_locks_of_the_wanted_time_are_told(watch: FootageWatch, tmp_path: Path, wait_until: Wait) -> None:
    folder = tmp_path / FOLDER
    write(folder, pictures(BEGIN_NS, 25))
    mine = KeptLock(id="incident:1", camera_ids=(CAMERA, "other"), from_ns=BEGIN_NS, to_ns=BEGIN_NS + 5)
    past = KeptLock(id="old", camera_ids=(CAMERA,), from_ns=1, to_ns=BEGIN_NS - 1)
    write_locks(folder, KeptLocks(locks=(mine, past)))
    watch.wanted((CAMERA,), BEGIN_NS, END_NS)
    wait_until(lambda: watch.locks_of(CAMERA), "the lock")
    assert watch.locks_of(CAMERA) == (LockSpan("incident:1", BEGIN_NS, BEGIN_NS + 5),)
    assert watch.locks_of("other") == (), "nobody asked for it"


def test_locks_that_cannot_be_read_stay_as_they_were_and_it_is_logged_once(
    watch: FootageWatch, tmp_path: Path, wait_until: Wait, expected_logs: Callable[..., None]
) -> None:
    expected_logs("WARNING bongsu.footage: The locks of the footage are shown as they were: .*", count=1)
    folder = tmp_path / FOLDER
    write(folder, pictures(BEGIN_NS, 25))
    lock = KeptLock(id="L", camera_ids=(CAMERA,), from_ns=BEGIN_NS, to_ns=BEGIN_NS + 5)
    write_locks(folder, KeptLocks(locks=(lock,)))
    watch.wanted((CAMERA,), BEGIN_NS, END_NS)
    wait_until(lambda: watch.locks_of(CAMERA), "the lock")
    (folder / FILE).write_bytes(b"{")
    version = watch.version
    write(folder, pictures(BEGIN_NS + 60 * SECOND_NS, 25))
    wait_until(lambda: watch.version > version, "a look after the file was spoilt")
    version = watch.version
    write(folder, pictures(BEGIN_NS + 120 * SECOND_NS, 25))
    wait_until(lambda: watch.version > version, "one more look")
    assert watch.locks_of(CAMERA) == (LockSpan("L", BEGIN_NS, BEGIN_NS + 5),)


def test_damaged_segments_are_told(watch: FootageWatch, tmp_path: Path, wait_until: Wait) -> None:
    folder = tmp_path / FOLDER
    write(folder, pictures(BEGIN_NS, 25))
    next(folder.rglob("*.packets")).write_bytes(b"")
    watch.wanted((CAMERA,), BEGIN_NS, END_NS)
    wait_until(lambda: watch.problems, "the problem")
    assert [problem.what for problem in watch.problems] == ["empty: 0 bytes"]


def test_a_watch_that_was_never_started_can_be_stopped(tmp_path: Path) -> None:
    FootageWatch(tmp_path).stop()
