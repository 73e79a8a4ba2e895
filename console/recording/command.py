"""`bongsu record`: a stretch of a hub's recordings as one file, and what is being recorded from now on.

The hub on this machine records all the time; this copies from its folder, so it needs no connection and
takes nothing from the hub. Works as well when the hub is stopped.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from console.clock import SECOND_NS, Clock, SystemClock
from console.paths import home as default_home
from console.recording.file import RecordingFile
from console.recording.folder import being_recorded, recordings
from console.recording.layout import (
    DECISIONS,
    TELEMETRY,
    Recorded,
    RecordingError,
    pack_batch,
    pack_entry,
)
from console.recording.reader import Follower
from console.stopping import Stopping

LOOK_EVERY_S = 0.2
"""How often a growing recording is looked at."""

FLUSH_NS = SECOND_NS
_AGO = re.compile(r"(\d+(?:\.\d+)?)(s|m|h)")
_UNIT_S = {"s": 1, "m": 60, "h": 3600}


def run_record(argv: list[str]) -> int:
    """`FILE [--home DIR] [--from T] [--for S]`: 0 when FILE holds something, 1 when not, 2 for bad words."""
    parser = argparse.ArgumentParser(
        prog="bongsu record", description="Copy what a hub on this machine records into one MCAP file.",
        epilog="Without --from it begins now. Without --for it goes on until Ctrl-C or until the hub stops.",
    )  # fmt: skip
    parser.add_argument("file", type=Path, help="the file to write; must not exist yet")
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    parser.add_argument("--from", dest="since", metavar="T", help="2026-11-22T14:03 (local), or 10m: ago")
    parser.add_argument("--for", dest="seconds", type=float, metavar="S", help="stop after S seconds")
    told = parser.parse_args(argv)
    clock = SystemClock()
    try:
        from_ns = clock.now_ns() if told.since is None else time_of(told.since, clock.now_ns())
    except ValueError as error:
        print(f"bongsu record: {error}", file=sys.stderr)
        return 2
    stop = Stopping()
    before = signal.signal(signal.SIGINT, stop.ask), signal.signal(signal.SIGTERM, stop.ask)
    try:
        copy = Copy(told.home / "recordings", told.file, clock, stop)
        copy.run(from_ns, told.seconds)
    except (RecordingError, OSError) as error:
        print(f"bongsu record: {_said(error)}", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
        stop.close()
    for problem in copy.problems:
        print(f"bongsu record: {problem}", file=sys.stderr)
    print(f"{told.file}: {copy.entries} entries, {copy.batches} batches, {copy.size} bytes. {copy.ended}")
    return 0 if copy.entries + copy.batches else 1


def time_of(text: str, now_ns: int) -> int:
    """ns since 1970 of "10m" ago (s, m, h) or of an ISO 8601 time, local without zone. Raises ValueError."""
    ago = _AGO.fullmatch(text)
    if ago:
        return now_ns - int(float(ago[1]) * _UNIT_S[ago[2]] * SECOND_NS)
    try:
        when = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        expected = "a time (2026-11-22T14:03) or a while ago (90s, 10m, 2h)"
        raise ValueError(f"--from {text!r}: expected {expected}") from None
    return int(when.timestamp() * 1_000_000) * 1000


class Copy:
    """Copies from a folder of recordings into one file, in order, following the one that still grows."""

    def __init__(self, folder: Path, to: Path, clock: Clock, stop: Stopping) -> None:
        self.entries = self.batches = self.size = 0
        self.problems: list[str] = []
        self.ended = ""
        self._folder, self._to, self._clock, self._stop = folder, to, clock, stop
        self._file: RecordingFile | None = None
        self._about: dict[str, str] = {}
        self._flushed_ns = self._log_ns = 0

    def run(self, from_ns: int, seconds: float | None) -> None:
        """Copy until `seconds` have passed, `stop` is set, or nothing more can come.

        With nothing to copy, no file is made. Raises RecordingError and OSError.
        """
        if not recordings(self._folder) and not being_recorded(self._folder):
            raise RecordingError(
                f"there is nothing in {self._folder} and no hub records there: start one with this --home"
            )
        if self._to.exists():
            raise RecordingError(f"{self._to} exists already: nothing was written; choose another name")
        end_ns = None if seconds is None else self._clock.mono_ns() + int(seconds * SECOND_NS)
        try:
            for recorded in self._follow(from_ns, lambda: self._over(end_ns)):
                self._write(recorded)
                if self._stop.asked:
                    self._over(end_ns)
                    break
        finally:
            self._finish()

    def _follow(self, from_ns: int, over: Callable[[], bool]) -> Iterator[Recorded]:
        follower: Follower | None = None
        done = ""
        try:
            while True:
                # Both asked before reading: what was written until then is read below.
                alive = being_recorded(self._folder)
                if follower is None:
                    follower = self._next(done, from_ns)
                if follower is not None:
                    later = recordings(self._folder)[-1:] != [follower.path]
                    if self._about != follower.about:
                        self._turn_to(follower.about)
                    yield from follower.read()
                    if follower.finished or later or not alive:
                        if not follower.finished:
                            self.problems.append(f"{follower.path.name} was cut off by a crash")
                        done = follower.path.name
                        follower.close()
                        follower = None
                        if later and not self._stop.asked:
                            continue
                if not alive and follower is None:
                    self.ended = "The hub does not record any more."
                    return
                if over():
                    return
                self._flush_when_due()
                self._stop.wait(LOOK_EVERY_S)
        finally:
            if follower is not None:
                follower.close()

    def _next(self, done: str, from_ns: int) -> Follower | None:
        """The first file not read yet; those that ended before `from_ns` are passed over."""
        waiting = [path for path in recordings(self._folder) if path.name > done]
        while waiting:
            path = waiting.pop(0)
            if waiting and path.stat().st_mtime_ns < from_ns:
                continue
            try:
                return Follower(path, from_ns, self.problems.append)
            except RecordingError as error:
                if not waiting:
                    return None  # just begun: its first record is not whole yet
                self.problems.append(str(error))
            except FileNotFoundError:
                continue  # removed by the recorder meanwhile, to make room
        return None

    def _over(self, end_ns: int | None) -> bool:
        if self._stop.asked:
            self.ended = "Stopped."
            return True
        if end_ns is not None and self._clock.mono_ns() >= end_ns:
            self.ended = "The time is over."
            return True
        return False

    def _turn_to(self, about: dict[str, str]) -> None:
        self._about = about
        if self._file is not None:
            self._file.note(about)

    def _write(self, recorded: Recorded) -> None:
        if self._file is None:
            self._file = RecordingFile(self._to, self._about)
        if recorded.entry is not None:
            self.entries += 1
            topic, data, number = DECISIONS, pack_entry(recorded.entry), recorded.entry.seq
        elif recorded.batch is not None:
            self.batches += 1
            topic, data, number = TELEMETRY, pack_batch(recorded.batch), self.batches
        self._log_ns = max(self._log_ns, recorded.log_ns)  # a hub started after its clock was set back
        self._file.add(topic, data, self._log_ns, recorded.published_ns, number)

    def _flush_when_due(self) -> None:
        now = self._clock.mono_ns()
        if self._file is not None and now - self._flushed_ns >= FLUSH_NS:
            self._flushed_ns = now
            self._file.flush()

    def _finish(self) -> None:
        if self._file is None:
            return
        try:
            self._file.finish()
        except OSError:
            self._file.abandon()
            raise
        finally:
            self.size = self._file.size


def _said(error: RecordingError | OSError) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'the file'}: {error.strerror}. What was copied until then is in the file."
    return str(error)
