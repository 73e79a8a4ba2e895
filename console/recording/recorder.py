"""Always on: writes every entry and every batch into files of limited size and age, in its own thread.

Recording never holds up the hub. Telemetry is dropped and counted when the disk does not keep up; entries
wait, because a replay without one of them would arrive at another state.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from console import __version__
from console.clock import SECOND_NS, Clock
from console.model.base import Record, Words
from console.model.events import Entry
from console.paths import private_folder
from console.recording.file import RecordingFile
from console.recording.folder import FolderLock, next_name, recordings
from console.recording.layout import DECISIONS, TELEMETRY, pack_batch, pack_entry

log = logging.getLogger("bongsu.recording")

MAX_BYTES = 256 << 20
MAX_AGE_S = 3600.0
KEEP_BYTES = 20 << 30
"""All recordings together; the oldest files go first. A whole city at 1 Hz writes some 10 GB a day."""

MIN_FREE_BYTES = 1 << 30
"""Below this, no telemetry is recorded: the rest of the disk belongs to the ledger."""

MAX_WAITING_BYTES = 64 << 20
"""Telemetry that may wait in memory for the disk."""

CHUNK_NS = SECOND_NS
"""The most that a crash can cost."""

ENTRY_NS = SECOND_NS // 10
"""An entry is in the file this soon, in a chunk of its own if need be."""

RETRY_NS = 5 * SECOND_NS
"""Between two tries of a disk that failed, and between two looks at the free space."""


_LOW_SPACE = Words(
    en="The disk is nearly full. Measurements are not recorded; decisions are. Free space on the disk.",
    ko="디스크가 거의 가득 찼습니다. 측정값은 녹화되지 않고 결정만 녹화됩니다. 디스크 공간을 확보하십시오.",
)


class RecorderState(Record, frozen=True, kw_only=True):
    """How the recording goes. `problem` is None while all is well."""

    path: str
    bytes_written: int
    entries: int
    batches: int
    dropped: int
    refused: int
    removed_files: int
    waiting_entries: int
    waiting_bytes: int
    problem: Words | None


class _Item(msgspec.Struct, frozen=True):
    topic: str
    data: bytes | Entry
    at_ns: int
    size: int


class Recorder:
    """Records into `folder` from the moment it is made. `entry`, `batch`, `close`, `state`: any thread.

    `about` goes into every file's metadata; the version and the run are added. Raises OSError or
    RecordingError when the folder cannot be used at all. Later problems of the disk are in `state`.
    """

    def __init__(
        self, folder: Path, clock: Clock, max_bytes: int = MAX_BYTES, max_age_s: float = MAX_AGE_S,
        about: Mapping[str, str] | None = None, keep_bytes: int = KEEP_BYTES,
        min_free_bytes: int = MIN_FREE_BYTES, max_waiting_bytes: int = MAX_WAITING_BYTES,
    ) -> None:  # fmt: skip
        self._folder = private_folder(folder)
        self._lock = FolderLock(folder)
        self._clock = clock
        self._max_bytes, self._max_age_ns = max_bytes, int(max_age_s * SECOND_NS)
        self._keep_bytes, self._min_free_bytes = keep_bytes, min_free_bytes
        self._max_waiting_bytes = max_waiting_bytes
        self._about = {"version": __version__, **(about or {})}
        self._queue: deque[_Item] = deque()
        self._waiting_bytes = self._waiting_entries = 0
        self._changed = threading.Condition()
        self._closing = False
        self._file: RecordingFile | None = None
        self._chunk: list[_Item] = []
        self._chunk_ns = self._entry_ns = self._file_ns = self._retry_ns = 0
        self._log_ns = 0
        self._finished_bytes = self._entries = self._batches = 0
        self._dropped = self._refused = self._removed = 0
        self._low_space = False
        self._space_ns = 0
        self._problem: Words | None = None
        self._thread = threading.Thread(target=self._run, name="recorder")
        self._thread.start()

    def entry(self, entry: Entry) -> None:
        """Record a committed entry. Never dropped, never waits."""
        self._put(_Item(DECISIONS, entry, entry.at_ns, 0))

    def batch(self, frames: Sequence[bytes | memoryview]) -> None:
        """Record a columnar batch: header, points, values, taken_at_ns, quality. Never waits.

        Dropped and counted when too much is waiting or the disk is nearly full; refused and counted when
        the columns do not fit together.
        """
        size = sum(len(frame) for frame in frames)
        if self._low_space or self._waiting_bytes + size > self._max_waiting_bytes:
            self._dropped += 1
            return
        try:
            data = pack_batch(frames)
        except ValueError:
            self._refused += 1
            return
        self._put(_Item(TELEMETRY, data, self._clock.now_ns(), size))

    @property
    def path(self) -> Path | None:
        """The file being written; None between files."""
        file = self._file
        return None if file is None else file.path

    @property
    def bytes_written(self) -> int:
        """Bytes on the disk since the recorder was made."""
        file = self._file
        return self._finished_bytes + (0 if file is None else file.size)

    @property
    def dropped(self) -> int:
        """Batches not recorded because the disk did not keep up."""
        return self._dropped

    def state(self) -> RecorderState:
        """The counters as they stand."""
        path = self.path
        return RecorderState(
            path="" if path is None else path.name, bytes_written=self.bytes_written,
            entries=self._entries, batches=self._batches, dropped=self._dropped, refused=self._refused,
            removed_files=self._removed, waiting_entries=self._waiting_entries,
            waiting_bytes=self._waiting_bytes,
            problem=self._problem or (_LOW_SPACE if self._low_space else None),
        )  # fmt: skip

    def close(self) -> None:
        """Write what waits, finish the file with its index, end the thread. A second call does nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()
        self._lock.release()

    def _put(self, item: _Item) -> None:
        with self._changed:
            if self._closing:
                return
            self._queue.append(item)
            self._waiting_bytes += item.size
            self._waiting_entries += item.topic == DECISIONS
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._closing and (self._retry_ns or not self._queue):
                    self._changed.wait(self._patience_s())
                closing = self._closing
                items = self._take()
            try:
                self._write(items, last=closing)
            except OSError as error:
                self._fail(error)
            if closing and (not self._queue or self._problem is not None):
                self._end()
                return

    def _patience_s(self) -> float | None:
        """How long to wait for news: a chunk has to end in time, a file soon, a disk can recover."""
        if self._chunk or self._retry_ns:
            return 0.05
        return 1.0 if self._file is not None else None

    def _take(self) -> list[_Item]:
        """What is to be written now: nothing while the disk is given time to recover."""
        if self._retry_ns and self._clock.mono_ns() < self._retry_ns and not self._closing:
            return []
        items = list(self._queue)
        self._queue.clear()
        self._waiting_bytes = self._waiting_entries = 0
        return items

    def _write(self, items: list[_Item], last: bool) -> None:
        self._see_free_space()
        for at, item in enumerate(items):
            try:
                self._add(item)
            except OSError:
                self._give_back(items[at + 1 :])
                raise
            except Exception:
                log.exception("A message could not be recorded; the others are.")
                self._chunk.pop()
                self._count(item, -1)
                self._refused += 1
        now = self._clock.mono_ns()
        file = self._file
        if file is None:
            return
        if self._chunk and (last or now - self._chunk_ns >= CHUNK_NS or 0 < self._entry_ns <= now - ENTRY_NS):
            file.flush()
            self._flushed()
        if last or file.size >= self._max_bytes or now - self._file_ns >= self._max_age_ns:
            file.finish()
            self._flushed()
            self._finished_bytes += file.size
            self._file = None

    def _add(self, item: _Item) -> None:
        now = self._clock.mono_ns()
        self._chunk.append(item)  # first, so that it is given back when the file cannot take it
        self._count(item, 1)
        if self._file is None:
            self._file = self._begin(item)
            self._file_ns, self._retry_ns = now, 0
        if len(self._chunk) == 1:
            self._chunk_ns, self._entry_ns = now, 0
        data, number = item.data, self._batches
        if isinstance(data, Entry):
            number, data = data.seq, pack_entry(data)
            self._entry_ns = self._entry_ns or max(1, now)
        self._log_ns = max(self._log_ns, item.at_ns)
        before = self._file.size
        self._file.add(item.topic, data, max(0, self._log_ns), max(0, item.at_ns), number)
        if self._file.size != before:  # the chunk was full and has been written
            self._flushed()

    def _count(self, item: _Item, by: int) -> None:
        if item.topic == DECISIONS:
            self._entries += by
        else:
            self._batches += by

    def _begin(self, item: _Item) -> RecordingFile:
        if isinstance(item.data, Entry):
            self._about["run"] = item.data.run
        self._remove_oldest()
        return RecordingFile(self._folder / next_name(self._folder, self._clock.now_ns()), self._about)

    def _flushed(self) -> None:
        self._chunk.clear()
        self._entry_ns = 0
        if self._problem is not None:
            log.info("The recording goes on.")
            self._problem = None

    def _remove_oldest(self) -> None:
        """Before a new file: remove the oldest beyond what may be kept, leaving room for one more."""
        present = recordings(self._folder)
        total = sum(path.stat().st_size for path in present)
        while present and total + self._max_bytes > self._keep_bytes:
            oldest = present.pop(0)
            total -= oldest.stat().st_size
            oldest.unlink()
            self._removed += 1
            log.info("Removed the recording %s to keep within the space for recordings.", oldest.name)

    def _see_free_space(self) -> None:
        """Telemetry gives way before the disk is full. Nothing older is removed for it: it may be wanted."""
        now = self._clock.mono_ns()
        if now < self._space_ns:
            return
        self._space_ns = now + RETRY_NS
        low = shutil.disk_usage(self._folder).free < self._min_free_bytes
        if low and not self._low_space:
            log.warning("The disk is nearly full: measurements are not recorded until there is room.")
        self._low_space = low

    def _fail(self, error: OSError) -> None:
        """Leave a readable file behind, keep what was not in it, and try again later."""
        if self._file is not None:
            self._finished_bytes += self._file.size
            self._file.abandon()
            self._file = None
        back, self._chunk = self._chunk, []
        for item in back:
            self._count(item, -1)
        self._give_back(back)
        self._retry_ns = self._clock.mono_ns() + RETRY_NS
        said = error.strerror or str(error)
        if self._problem is None:
            log.warning("The log cannot be recorded: %s. It is tried again every 5 s.", said)
        self._problem = Words(
            en=f"The log is not being recorded ({said}). The record itself is not affected."
            " Check the disk of the recordings folder.",
            ko=f"로그가 녹화되지 않고 있습니다({said}). 기록 자체에는 영향이 없습니다."
            " 녹화 폴더의 디스크를 점검하십시오.",
        )

    def _give_back(self, items: list[_Item]) -> None:
        with self._changed:
            self._queue.extendleft(reversed(items))
            self._waiting_bytes += sum(item.size for item in items)
            self._waiting_entries += sum(item.topic == DECISIONS for item in items)

    def _end(self) -> None:
        left = self._waiting_entries
        if left:
            log.warning("%d entries are not in the recording; the record has them.", left)
