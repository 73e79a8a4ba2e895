"""The recorder: one tap for each camera, one thread that writes, one that listens to the hub."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from console.clock import SECOND_NS, Clock
from console.footage.layout import FOLDER
from console.model.base import Position
from console.model.recording import RecorderReport
from console.paths import write_private
from console.recorder.clip import ClipTap
from console.recorder.figures import Figures
from console.recorder.health import DISK, NO_SOURCE, REFUSED, CameraSeen, Judge
from console.recorder.live import LiveTap
from console.recorder.lockbook import LockBook
from console.recorder.tap import Around, Tap
from console.recorder.writing import Writing
from console.video.book import CREDENTIALS, SOURCES, SourceBook, SourceBookError
from console.video.book import FOLDER as BOOK_FOLDER
from console.video.redact import Redactor
from console.video.source import Source

LOOK_EVERY_S = 1.0
#: Opening does not wait longer for what lies on the disk to be known; then locks and times of it come later.
READY_WITHIN_S = 10.0
#: Cameras that come and go are told at most so often; trouble with the disk at once.
TELL_EVERY_NS = 5 * SECOND_NS
END_WITHIN_S = 10.0

_log = logging.getLogger("bongsu.recorder")

NearestCameras = Callable[[Position, int, float, Callable[[str], bool]], tuple[str, ...]]
"""(where, how many, within m, which may be taken): the best cameras."""


class Recorder:
    """`look` once a second from one thread, which also starts and stops it.

    `cameras` None: every camera of the book of sources. The book is read again when its files change.
    """

    def __init__(
        self, home: Path, figures: Figures, clock: Clock, cameras: Iterable[str] | None = None,
        nearest: NearestCameras | None = None,
    ) -> None:  # fmt: skip
        self._home, self._figures, self._clock = home, figures, clock
        self._wanted = None if cameras is None else tuple(dict.fromkeys(cameras))
        self._nearest = nearest
        folder = home / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.locks = LockBook(folder, figures.lock, self._near)
        self.writing = Writing(folder, figures, self.locks, clock)
        self._taps: dict[str, Tap] = {}
        self._leaving: list[Tap] = []
        self._redact = Redactor()
        gate = threading.BoundedSemaphore(max(1, figures.camera.openings))
        self._around = Around(figures, self._redacted, gate, _tell)
        self._stamp: tuple[object, ...] = ()
        self._book: SourceBook | None = None
        self._judge = Judge(figures.camera)
        self._report: RecorderReport | None = None
        self._told_ns = 0
        self._locks_problem = ""

    def start(self) -> None:
        """Find what is kept, then begin to record. Raises SourceBookError when the book cannot be read."""
        self.writing.start()
        self.writing.is_ready.wait(READY_WITHIN_S)
        self._read_book(SourceBook.load(self._home))
        self._stamp = _stamp(self._home)

    def stop(self) -> None:
        """Stop the taps, write what they have put, close all segments."""
        for tap in self._taps.values():
            tap.close()
        self.writing.stop(END_WITHIN_S)
        for tap in (*self._taps.values(), *self._leaving):
            tap.close(1.0)
        self._save_locks()

    @property
    def camera_ids(self) -> tuple[str, ...]:
        """The cameras that shall be recorded."""
        if self._wanted is not None:
            return self._wanted
        return (*self._book.camera_ids, *self._book.refused) if self._book is not None else ()

    def look(self) -> RecorderReport | None:
        """Take over changed sources, say how things are; the report where it must be told now."""
        self._look_at_book()
        self._save_locks()
        self._leaving = [tap for tap in self._leaving if tap.is_running]
        mono_ns = self._clock.mono_ns()
        report = self._judge.look(self._seen(), self.writing.seen, mono_ns)
        self._write_figures(report)
        before = self._report
        if before is None:
            if not self._judge.is_settled(mono_ns) and report.recorded and not self._all_wrote():
                return None  # they are just being opened
        elif before.says_what(report) or not self._may_tell(before, report, mono_ns):
            return None
        self._report, self._told_ns = report, mono_ns
        return report

    def _may_tell(self, before: RecorderReport, report: RecorderReport, mono_ns: int) -> bool:
        return report.disk != before.disk or mono_ns - self._told_ns >= TELL_EVERY_NS

    def _all_wrote(self) -> bool:
        return all(one in self.writing.wrote_mono_ns for one in self.camera_ids)

    def _seen(self) -> dict[str, CameraSeen]:
        return {camera_id: self._seen_of(camera_id) for camera_id in self.camera_ids}

    def _seen_of(self, camera_id: str) -> CameraSeen:
        tap = self._taps.get(camera_id)
        reason = tap.reason if tap is not None else self._without_source(camera_id)
        if tap is not None and self.writing.trouble_of(camera_id):
            reason = DISK
        return CameraSeen(
            self.writing.wrote_mono_ns.get(camera_id, 0), self.writing.newest_ns(camera_id), reason
        )

    def _without_source(self, camera_id: str) -> str:
        return REFUSED if self._book is not None and camera_id in self._book.refused else NO_SOURCE

    def _look_at_book(self) -> None:
        stamp = _stamp(self._home)
        if stamp == self._stamp:
            return
        try:
            book = SourceBook.load(self._home)
        except SourceBookError as error:
            _log.error("The sources stay as they were: %s", error)
        else:
            self._read_book(book)
        self._stamp = stamp

    def _read_book(self, book: SourceBook) -> None:
        """Begin, replace and end taps so that they are what the book says."""
        before, self._book = self._book, book
        self._redact = book.redactor()
        for camera_id, problem in book.refused.items():
            if before is None or before.refused.get(camera_id) != problem:
                _log.warning("%s is not recorded: %s", camera_id, problem)
        wanted = set(self.camera_ids)
        for camera_id in tuple(self._taps):
            if camera_id not in wanted or book.source(camera_id) is None:
                self._end(self._taps.pop(camera_id))
                self.writing.drop(camera_id)
        for camera_id in self.camera_ids:
            source = book.source(camera_id)
            tap = self._taps.get(camera_id)
            if source is None:
                continue
            if tap is not None and (tap.source, tap.credential) == (source, book.credential(source)):
                continue
            if tap is not None:
                self._end(tap)
            self._begin(camera_id, source, book)

    def _begin(self, camera_id: str, source: Source, book: SourceBook) -> None:
        make = ClipTap if source.kind == "file" else LiveTap
        newest_ns = self.writing.newest_ns(camera_id)
        tap = make(camera_id, source, book.credential(source), self._around, newest_ns)
        self._taps[camera_id] = tap
        self.writing.take(tap)
        tap.start()

    def _end(self, tap: Tap) -> None:
        tap.close()
        self._leaving.append(tap)

    def _near(self, position: Position, count: int, within_m: float) -> tuple[str, ...]:
        """The nearest cameras that are recorded here. Called in the link's thread."""
        if self._nearest is None:
            return ()
        recorded = self._taps.copy()
        return self._nearest(position, count, within_m, recorded.__contains__)

    def _redacted(self, text: str) -> str:
        return self._redact(text)

    def _save_locks(self) -> None:
        try:
            self.locks.save()
        except OSError as error:
            if self._locks_problem != str(error.strerror):
                _log.error("The locks could not be written: %s", error.strerror)
            self._locks_problem = str(error.strerror)
        else:
            self._locks_problem = ""

    def _write_figures(self, report: RecorderReport) -> None:
        """``HOME/run/recorder.json``, for the demo and the benches."""
        taps = tuple(self._taps.values())
        told = {
            "pid": os.getpid(), "cameras": report.cameras, "recorded": report.recorded,
            "packets": self.writing.packets, "bytes": self.writing.bytes,
            "received": sum(tap.packets for tap in taps), "lost": sum(tap.lost for tap in taps),
            "writing": sum(one in self.writing.wrote_mono_ns for one in self.camera_ids),
            "kept_bytes": report.kept_bytes, "locked_bytes": report.locked_bytes,
            "locks": len(self.locks.locks), "free_bytes": report.free_bytes, "disk": report.disk,
            "problem": report.problem, "oldest_ns": report.oldest_ns,
            "missing": {one.camera_id: one.reason for one in report.missing},
        }  # fmt: skip
        try:
            write_private(self._home / "run" / "recorder.json", msgspec.json.encode(told))
        except OSError:
            pass  # a full disk is told by the report


def _tell(camera_id: str, what: str) -> None:
    _log.info("%s: %s", camera_id, what)


def _stamp(home: Path) -> tuple[object, ...]:
    found: list[object] = []
    for name in (SOURCES, CREDENTIALS):
        try:
            about = (home / BOOK_FOLDER / name).stat()
            found.append((about.st_mtime_ns, about.st_size, about.st_ino))
        except OSError:
            found.append(None)
    return tuple(found)
