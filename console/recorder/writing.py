"""The one thread that writes: takes packets from all taps, flushes them, frees what is oldest."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from console.clock import SECOND_NS, Clock
from console.footage.layout import packets_path
from console.footage.writer import CameraWriter, Written, seal
from console.model.recording import DiskState
from console.paths import private_folder
from console.recorder.figures import GIB, Figures
from console.recorder.lockbook import LockBook
from console.recorder.shelf import Freed, Shelf, Stored
from console.recorder.syncing import Syncing
from console.recorder.tap import Tap

FULL = (errno.ENOSPC, errno.EDQUOT)
SWEEP_EVERY_NS = 5 * SECOND_NS
PRUNE_EVERY_NS = 600 * SECOND_NS
#: So long after its last refusal the disk is told as failing, where nothing says that it works again.
TOLD_FOR_NS = 30 * SECOND_NS
#: What is freed at once when the disk refused: so much of what was written lately.
ROOM_S = 5
MOST_ROOM_BYTES = 256 << 20
#: So many of a camera may have been left open: one by a killed recorder, several after trouble with a disk.
SEALED_AT_START = 4
_DAY_NS = 24 * 3600 * SECOND_NS

_log = logging.getLogger("bongsu.recorder")


class DiskSeen(NamedTuple):
    """How the disk is. `problem` is the system's word for it."""

    state: DiskState
    problem: str
    free_bytes: int
    kept_bytes: int
    locked_bytes: int
    oldest_ns: int


class Writing:
    """`start`, `take`, `drop` and `stop` from one thread; the figures may be read from any.

    A disk that refuses one camera's file does not keep the others from being written.
    """

    def __init__(
        self, folder: Path, figures: Figures, locks: LockBook, clock: Clock,
        statvfs: Callable[[Path], os.statvfs_result] = os.statvfs,
    ) -> None:  # fmt: skip
        self._folder = private_folder(folder)
        self._figures, self._locks, self._clock, self._statvfs = figures, locks, clock, statvfs
        self.shelf = Shelf(folder)
        self._taps: dict[str, Tap] = {}
        self._leaving: deque[Tap] = deque()
        self._writers: dict[str, CameraWriter] = {}
        self._trouble: dict[str, str] = {}
        self._retry_ns: dict[str, int] = {}
        self._unsealed: list[tuple[str, Path]] = []
        self._refused: tuple[DiskState, str] | None = None
        self._other_refusal = ("", 0)
        self._nothing_freed_ns = -SWEEP_EVERY_NS
        self._swept_ns = -SWEEP_EVERY_NS
        self._pruned_ns = self._locked_bytes = 0
        self._began_ns = clock.mono_ns()
        self._being_written_bytes = 0
        self._low = ""
        self.packets = self.bytes = self.failures = 0
        self.seen = DiskSeen("ok", "", 0, 0, 0, 0)
        self.wrote_ns: dict[str, int] = {}
        """Per camera, the newest picture that was handed to the system."""
        self.wrote_mono_ns: dict[str, int] = {}
        """Per camera, when something was last handed to the system (monotonic)."""
        self._syncing = Syncing(figures.write.sync_s, self._sync_failed)
        self._sync_problems: list[OSError] = []
        self._ended = threading.Event()
        self.is_ready = threading.Event()
        """What lay on the disk is known and whole."""
        self._thread = threading.Thread(target=self._run, name="footage-writing", daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._syncing.start()

    def take(self, tap: Tap) -> None:
        """Write this tap's packets from now on, instead of another's of the same camera."""
        before = self._taps.get(tap.camera_id)
        if before is not None:
            self._leaving.append(before)
        self._taps[tap.camera_id] = tap

    def drop(self, camera_id: str) -> None:
        """The camera is recorded no more; what its tap has put is written."""
        tap = self._taps.pop(camera_id, None)
        if tap is not None:
            self._leaving.append(tap)

    def stop(self, wait_s: float) -> None:
        """Write what waits, close all segments, end."""
        self._ended.set()
        self._thread.join(wait_s)
        self._syncing.stop(wait_s)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def trouble_of(self, camera_id: str) -> bool:
        """Whether the disk refused this camera's last pictures."""
        return camera_id in self._trouble

    def _run(self) -> None:
        try:
            self._begin()
            self.is_ready.set()
            flush_s = self._figures.write.flush_ms / 1000
            while not self._ended.wait(flush_s):
                self._turn()
            self._turn()
            for camera_id in tuple(self._writers):
                self._end(camera_id)
        except Exception:
            _log.exception("The recorder stopped writing by an error of its own.")
            raise

    def _begin(self) -> None:
        """Find what is there and close what a killed recorder left open."""
        self.shelf.scan(self._ended.is_set)
        for camera_id in self.shelf.camera_ids:
            for stored in self.shelf.newest(camera_id, SEALED_AT_START):
                self._seal(camera_id, packets_path(self._folder, camera_id, stored.begin_ns))
        self._sweep(self._clock.mono_ns())

    def newest_ns(self, camera_id: str) -> int:
        """The newest picture on disk; 0 without any. Exact once `is_ready`."""
        written = self.wrote_ns.get(camera_id, 0)
        return written or max((one.end_ns for one in self.shelf.newest(camera_id, 1)), default=0)

    def _turn(self) -> None:
        now_ns = self._clock.mono_ns()
        while self._leaving:
            tap = self._leaving.popleft()
            self._write(tap, now_ns)
            self._end(tap.camera_id)
        for tap in tuple(self._taps.values()):
            self._write(tap, now_ns)
        for error in self._take_sync_problems():
            self._note_other(error)
        if now_ns - self._swept_ns >= SWEEP_EVERY_NS:
            self._sweep(now_ns)
        self._syncing.look(now_ns, self._open_files)
        self._look_at_disk()

    def _write(self, tap: Tap, now_ns: int) -> None:
        camera_id, queue = tap.camera_id, tap.queue
        writer = self._writers.get(camera_id)
        if writer is None:
            writer = self._writers[camera_id] = CameraWriter(self._folder, camera_id)
        waits = now_ns < self._retry_ns.get(camera_id, 0)
        count = size = 0
        for _ in range(len(queue)):
            taken = queue.popleft()
            size += taken.size
            if waits:
                tap.lost += 1
                continue
            count += writer.add(*taken)
        tap.taken_out += size
        if waits:
            return
        if not count and writer.begin_ns is not None:
            self._end_if_quiet(writer)
        try:
            done = writer.flush()
        except OSError as error:
            tap.lost += count
            self._failed(camera_id, writer, error, now_ns)
            return
        for written in done:
            self._complete(camera_id, written)
        if count:
            self.packets += count
            self.bytes += size
            self.wrote_ns[camera_id] = writer.last_ns
            self.wrote_mono_ns[camera_id] = now_ns
            self._recovered(camera_id)

    def _recovered(self, camera_id: str) -> None:
        if self._trouble.pop(camera_id, None) is not None and not self._trouble:
            _log.warning("The disk takes pictures again.")
            self._refused = None

    def _end_if_quiet(self, writer: CameraWriter) -> None:
        quiet_ns = self._clock.now_ns() - writer.last_ns
        if quiet_ns > self._figures.camera.end_after_s * SECOND_NS:
            writer.end()

    def _end(self, camera_id: str) -> None:
        self._retry_ns.pop(camera_id, None)
        self._recovered(camera_id)
        writer = self._writers.pop(camera_id, None)
        if writer is None:
            return
        try:
            for written in writer.close():
                self._complete(camera_id, written)
        except OSError as error:
            self._failed(camera_id, writer, error, self._clock.mono_ns())

    def _complete(self, camera_id: str, written: Written) -> None:
        self.shelf.put(camera_id, written)
        self._syncing.want(packets_path(self._folder, camera_id, written.begin_ns))

    def _failed(self, camera_id: str, writer: CameraWriter, error: OSError, now_ns: int) -> None:
        """One camera's pictures since its last flush are lost; it goes on with its next key picture."""
        self.failures += 1
        self._retry_ns[camera_id] = now_ns + int(self._figures.write.retry_s * SECOND_NS)
        for written in writer.given_up:
            self.shelf.put(camera_id, written)
            self._unsealed.append((camera_id, packets_path(self._folder, camera_id, written.begin_ns)))
        writer.given_up.clear()
        is_new = camera_id not in self._trouble
        self._trouble[camera_id] = _words(error)
        self._refused = ("full" if error.errno in FULL else "failing", _words(error))
        if is_new:
            _log.error("%s cannot be written: %s", camera_id, _words(error))
        if error.errno in FULL and now_ns - self._nothing_freed_ns >= SWEEP_EVERY_NS:
            room = self._room_bytes()
            freed = self._free(lambda one, so_far: so_far < room, "the disk is full")
            if not freed.bytes:
                self._nothing_freed_ns = now_ns

    def _note_other(self, error: OSError) -> None:
        if not self._other_refusal[0]:
            _log.error("The disk does not do what was asked: %s", _words(error))
        self._other_refusal = (_words(error), self._clock.mono_ns())

    def _sweep(self, now_ns: int) -> None:
        """Free what is too old and what is too much; close what trouble left open."""
        self._swept_ns = now_ns
        keep = self._figures.keep
        before_ns = self._clock.now_ns() - int(keep.days * _DAY_NS)
        self._free_old(before_ns)
        most = int(keep.gib * GIB)
        self._being_written_bytes = self._open_bytes()
        over = self.shelf.bytes + self._being_written_bytes - most
        short = int(keep.free_gib * GIB) - self._free_bytes()
        self._low = ""
        if over > 0:
            freed = self._free(lambda one, so_far: so_far < over, "as much is kept as may be")
            if freed.bytes < over:
                self._low = "what is kept is locked or of the last minute"
        if short > 0:
            freed = self._free(lambda one, so_far: so_far < short, "the disk has too little room")
            if freed.bytes < short:
                self._low = self._low or "less than the room to be left free"
        if self._locked_bytes > most * keep.locked_share:
            self._low = self._low or "locked footage takes most of what may be kept"
        if not self._refused:
            unsealed, self._unsealed = self._unsealed, []
            for camera_id, path in unsealed:
                self._seal(camera_id, path)
        if now_ns - self._pruned_ns >= PRUNE_EVERY_NS:
            self._pruned_ns = now_ns
            self._locks.prune(self.shelf.touches, self._clock.now_ns())
        self._locked_bytes = self.shelf.locked_bytes(self._locks.spans)

    def _free_old(self, before_ns: int) -> None:
        def is_old(one: Stored, freed: int) -> bool:
            # Segments that began an hour ago may have ended since; the order is that of their beginnings.
            return one.begin_ns < before_ns

        self.shelf.free(
            is_old, lambda camera, begin, end: end >= before_ns or self._locks.is_locked(camera, begin, end)
        )

    def _room_bytes(self) -> int:
        passed_s = max(1.0, (self._clock.mono_ns() - self._began_ns) / SECOND_NS)
        return max(1, min(MOST_ROOM_BYTES, int(self.bytes / passed_s * ROOM_S)))

    def _free(self, wanted: Callable[[Stored, int], bool], why: str) -> Freed:
        fresh_ns = self._clock.now_ns() - int(self._figures.keep.fresh_s * SECOND_NS)
        freed = self.shelf.free(
            lambda one, so_far: one.begin_ns < fresh_ns and wanted(one, so_far),
            lambda camera, begin, end: end > fresh_ns or self._locks.is_locked(camera, begin, end),
        )
        if freed.segments:
            _log.info("Freed %d segments, %d bytes: %s.", freed.segments, freed.bytes, why)
        if freed.refused:
            _log.error("Old footage could not be freed: %s", freed.refused)
        return freed

    def _seal(self, camera_id: str, path: Path) -> None:
        try:
            written = seal(path)
        except FileNotFoundError:
            return  # freed meanwhile
        except OSError as error:
            self._unsealed.append((camera_id, path))
            _log.warning("%s of %s could not be closed: %s", path.name, camera_id, _words(error))
            return
        if written is not None:
            self.shelf.put(camera_id, written)
            _log.info("%s of %s was left open and is closed now.", path.name, camera_id)

    def _open_files(self) -> list[Path]:
        return [
            packets_path(self._folder, writer.camera_id, writer.begin_ns)
            for writer in self._writers.values()
            if writer.begin_ns is not None
        ]

    def _open_bytes(self) -> int:
        total = 0
        for path in self._open_files():
            try:
                total += path.stat().st_size
            except OSError:
                continue
        return total

    def _free_bytes(self) -> int:
        try:
            about = self._statvfs(self._folder)
        except OSError as error:
            self._note_other(error)
            return 1 << 62
        return about.f_bavail * about.f_frsize

    def _look_at_disk(self) -> None:
        state: DiskState = "ok"
        problem = ""
        if self._refused is not None:
            state, problem = self._refused
        elif self._other_refusal[0]:
            state, problem = "failing", self._other_refusal[0]
            if self._clock.mono_ns() - self._other_refusal[1] > TOLD_FOR_NS:
                self._other_refusal = ("", 0)
        elif any(tap.is_full for tap in tuple(self._taps.values())):
            state = "slow"
        elif self._low or not self._locks.is_readable:
            state, problem = "low", self._locks.problem or self._low
        self.seen = DiskSeen(
            state, problem, self._free_bytes(), self.shelf.bytes + self._being_written_bytes,
            self._locked_bytes, self._oldest_ns(),
        )  # fmt: skip

    def _oldest_ns(self) -> int:
        """When the oldest picture was; 0 without any."""
        begins = [one.begin_ns for one in self._writers.values() if one.begin_ns is not None]
        begins += [self.shelf.oldest_ns] if self.shelf.oldest_ns else []
        return min(begins, default=0)

    def _sync_failed(self, error: OSError) -> None:
        self._sync_problems.append(error)

    def _take_sync_problems(self) -> list[OSError]:
        problems, self._sync_problems = self._sync_problems, []
        return problems


def _words(error: OSError) -> str:
    return error.strerror or str(error)
