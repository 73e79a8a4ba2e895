"""Writes history: every reading into a journal at once, and each minute from there into blocks and buckets.

What a block holds is on disk before its journal goes, and the open buckets are kept with the sizes the
files had
then; so whatever moment the process is killed at, each reading is counted once, and what was in the journal
is not
lost. Nothing here raises for the disk: `problem` says what is wrong, and what was not kept is counted.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from console.clock import SECOND_NS, Clock
from console.history import saved as keeping
from console.history.figures import GIB, Figures
from console.history.journal import Journal, read_journal
from console.history.layout import (
    HOUR,
    MINUTE,
    MINUTE_NS,
    RAW,
    STATE,
    file_path,
    files_of,
    journal_path,
    journals_in,
)
from console.history.retention import free_old
from console.history.rollup import Accumulator
from console.history.roster import keep_roster
from console.history.rows import Buckets, Readings, in_order, join_readings
from console.history.segment import Segment, SegmentError, append, block_bytes
from console.history.tidying import Tidying
from console.paths import private_folder
from console.telemetry.table import Columns

_log = logging.getLogger("bongsu.history")

FULL, REFUSED, LOW, RAW_LOW = "full", "refused", "low", "raw_low"
"""Why history is not, or not all, being written: no room; another error; too little room kept free."""


class _Block:
    """A block on its way to the disk: what it holds, and how it ended."""

    def __init__(
        self, parts: list[Readings], end_ns: int, number: int, work: Callable[[], None]
    ) -> None:
        self.parts, self.end_ns, self.number, self._work = parts, end_ns, number, work
        self.error: OSError | None = None
        self._thread: threading.Thread | None = None

    def begin(self, in_thread: bool) -> None:
        if not in_thread:
            self._run()
            return
        self._thread = threading.Thread(target=self._run, name="history-block")
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except OSError as error:
            self.error = error

    def is_over(self) -> bool:
        return self._thread is None or not self._thread.is_alive()

    def wait(self) -> None:
        if self._thread is not None:
            self._thread.join()


class HistoryWriter:
    """Keeps what it is given. One thread. `begin` first; `turn` at least each second; `close` at the end.
    With
    `in_thread`, blocks are written by a thread of their own while what arrives goes into the journal.

    `problem` is empty, or one of FULL, REFUSED, LOW, RAW_LOW; `detail` the system's word for it.
    """

    def __init__(
        self, folder: Path, point_ids: Sequence[str], figures: Figures, clock: Clock,
        free_bytes: Callable[[Path], int] | None = None, in_thread: bool = False,
    ) -> None:  # fmt: skip
        self.folder = folder
        self._ids, self._figures, self._clock = tuple(point_ids), figures, clock
        self._free_bytes = free_bytes or (lambda path: shutil.disk_usage(path).free)
        self._open: dict[str, Accumulator] = {
            tier.name: Accumulator(len(point_ids), tier.bucket_ns) for tier in (MINUTE, HOUR)
        }
        self.problem = self.detail = ""
        self.rows = self.lost = self.blocks = self.freed = self.recovered = 0
        self.bytes_kept = 0
        self.until_ns = 0
        """All that was taken before has its minutes on disk."""
        self._fresh: list[Readings] = []
        """Arrived, not in the journal yet."""
        self._held: list[Readings] = []
        """In the journal, not in a block yet."""
        self._held_rows = self._fresh_rows = 0
        self._journal: Journal | None = None
        self._number = 0
        self._flushed_ns = self._synced_ns = self._looked_ns = self._retry_ns = 0
        self._keeps_raw = True
        self._tidying = Tidying(folder)
        self._roster = ""
        self._in_thread = in_thread
        self._block: _Block | None = None
        self._sizes_kept: dict[Path, int] = {}
        self._mended: set[Path] = set()

    def begin(self) -> None:
        """Take up the folder, and what a crash left in its journals. Raises OSError where it cannot be
        used."""
        private_folder(self.folder)
        self._roster = keep_roster(self.folder, self._ids)
        kept = keeping.load(self.folder / STATE)
        first = 0
        if kept is not None and kept.roster == self._roster:
            fits = all(keeping.put_back(kept, name, one) for name, one in self._open.items())
            if fits:
                first = kept.journal
                self._cut_back(kept)
        self.until_ns = self._minute_end(self._clock.now_ns())
        self._number = max([first, *(number for number, _ in journals_in(self.folder))])
        for number, path in journals_in(self.folder):
            if number >= first:
                self._take_up(path)
            else:
                path.unlink(missing_ok=True)
        self._look_at_disk()
        self._new_journal()
        if self._held:
            self._write_blocks(self._minute_end(self._clock.now_ns()))

    def _take_up(self, path: Path) -> None:
        roster, parts = read_journal(path)
        if roster != self._roster:
            _log.warning("%s: its points are not this city's any more; it is left out.", path.name)
            path.unlink(missing_ok=True)
            return
        for readings in parts:
            self.recovered += len(readings)
            self._hold(readings)

    def _cut_back(self, kept: keeping.Saved) -> None:
        """Files end where they ended when the open buckets were kept; what is behind comes again."""
        for tier in (RAW, MINUTE, HOUR):
            for file in files_of(self.folder, tier):
                name = f"{tier.name}/{file.path.name}"
                known = kept.files.get(name)
                if known is not None and file.path.stat().st_size > known:
                    os.truncate(file.path, known)
                elif known is None and file.begin_ns + tier.file_ns > kept.at_ns:
                    self._take_back(file.path)

    @staticmethod
    def _take_back(path: Path) -> None:
        """A file begun after the open buckets were kept holds one block, which comes again. One with more is
        from before the clock was set back: it stays."""
        segment = Segment(path)
        try:
            segment.look()
        except SegmentError:
            path.unlink()
            return
        segment.close()
        if len(segment.blocks) <= 1:
            path.unlink()

    def _cut_to_whole(self, path: Path) -> None:
        segment = Segment(path)
        try:
            segment.look()
        except SegmentError:
            path.unlink()
            return
        segment.close()
        if segment.problem:
            os.truncate(path, segment.whole_bytes)

    def add(self, columns: Columns) -> None:
        """Keep these readings; point indexes are those of the roster. Never waits for the disk."""
        if self._fresh_rows + self._held_rows > self._figures.write.waiting_rows:
            self.lost += len(columns)
            return
        self._fresh.append(
            Readings(columns.points, columns.taken_at_ns, columns.values, columns.quality)
        )
        self._fresh_rows += len(columns)

    def turn(self) -> None:
        """What is due now: the journal, the blocks, the disk."""
        now_ns, mono_ns = self._clock.now_ns(), self._clock.mono_ns()
        if self._fresh and mono_ns - self._flushed_ns >= self._figures.write.flush_ms * 1_000_000:
            self._flushed_ns = mono_ns
            self._flush()
        if self._journal is not None and mono_ns - self._synced_ns >= self._figures.disk.sync_s * SECOND_NS:
            self._synced_ns = mono_ns
            self._attempt(self._journal.sync)
        if self._block is not None:
            if self._block.is_over():
                self._block_over()
            return
        end_ns = self._minute_end(now_ns - int(self._figures.write.settle_s * SECOND_NS))
        if end_ns > self.until_ns and mono_ns >= self._retry_ns:
            self._flush()
            self._look_at_disk()
            self._write_blocks(end_ns)
        elif not self._tidying.is_idle and not self.problem:
            self._attempt(self._tidying.step)

    def close(self) -> None:
        """Write what is held and end; the open buckets are kept for the next start. Waits for the disk."""
        if self._block is not None:
            self._block.wait()
            self._block_over()
        self._in_thread = False
        self._flush()
        if self._held or self._fresh:
            self._write_blocks(self.until_ns)
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    @staticmethod
    def _minute_end(now_ns: int) -> int:
        return now_ns - now_ns % MINUTE_NS

    def _hold(self, readings: Readings) -> None:
        if len(readings):
            self._held.append(readings)
            self._held_rows += len(readings)

    def _flush(self) -> None:
        if not self._fresh:
            return
        fresh = join_readings(self._fresh)
        self._fresh, self._fresh_rows = [], 0
        self.rows += len(fresh)
        self._hold(fresh)
        journal = self._journal
        if journal is not None and self._keeps_raw and self.problem in ("", RAW_LOW):
            self._attempt(lambda: journal.add(fresh))

    def _write_blocks(self, end_ns: int) -> None:
        """Everything held becomes raw, minutes and hours on disk. What comes meanwhile goes into a new
        journal."""
        if self.problem == LOW:
            self._only_count(end_ns)
            return
        parts, self._held = self._held, []
        self._new_journal()
        number = self._number
        self._block = _Block(parts, end_ns, number, lambda: self._to_disk(parts, end_ns, number))
        self._block.begin(self._in_thread)
        if not self._in_thread:
            self._block_over()

    def _to_disk(self, parts: list[Readings], end_ns: int, number: int) -> None:
        """The work of a block, which may have a thread of its own: nothing else touches the files of the
        tiers or
        the open buckets meanwhile. Raises OSError; all is then as it was."""
        before = {name: {n: c.copy() for n, c in one.cells.items()} for name, one in self._open.items()}
        held = join_readings(parts)
        files = self._sizes()
        try:
            for one in self._open.values():
                for part in parts:  # as they came: most hold a point once, which is quick
                    one.add(part)
            if len(held) and self._keeps_raw:
                ordered = held.where(in_order(held.points, held.at_ns))
                self._append(RAW.name, ordered, end_ns, files)
            for tier in (MINUTE, HOUR):
                self._append(tier.name, self._open[tier.name].take(end_ns), end_ns, files)
            keeping.save(
                self.folder / STATE, self._roster, number, self._clock.now_ns(), files, self._open
            )
        except OSError:
            for name, one in self._open.items():
                one.cells.update(before[name])
                one.forget_given_out()
            self._cut_files_to(self._sizes_kept)
            raise

    def _block_over(self) -> None:
        block, self._block = self._block, None
        assert block is not None
        if block.error is not None:
            self._held = block.parts + self._held
            self._say(block.error)
            return
        self._held_rows = sum(len(part) for part in self._held)
        self.until_ns = block.end_ns
        for number, path in journals_in(self.folder):
            if number < block.number:
                path.unlink(missing_ok=True)
        self.blocks += 1
        if self.problem in (FULL, REFUSED):
            self.problem = self.detail = ""
            _log.warning("History is being written again.")
        self._tidying.begin(self._clock.now_ns())

    def _only_count(self, end_ns: int) -> None:
        """Too little room for anything: what is held is dropped and counted, the buckets stay as they are."""
        self.lost += self._held_rows
        self._held, self._held_rows = [], 0
        self.until_ns = end_ns

    def _sizes(self) -> dict[str, int]:
        """The sizes of the files that may be appended to now, by name; also kept to cut them back."""
        now_ns = self._clock.now_ns()
        sizes: dict[str, int] = {}
        kept: dict[Path, int] = {}
        for tier in (RAW, MINUTE, HOUR):
            path = file_path(self.folder, tier, now_ns, self._roster)
            size = path.stat().st_size if path.exists() else 0
            kept[path] = size
            if size:
                sizes[f"{tier.name}/{path.name}"] = size
        self._sizes_kept = kept
        return sizes

    def _append(self, tier: str, rows: Readings | Buckets, until_ns: int, files: dict[str, int]) -> None:
        if not len(rows):
            return
        path = next(one for one in self._sizes_kept if one.parent.name == tier)
        self._mend(path)
        files[f"{tier}/{path.name}"] = append(path, [block_bytes(rows, until_ns)])

    def _mend(self, path: Path) -> None:
        """A file begun by an earlier run may end in a block that is not whole; nothing is put behind that."""
        if path in self._mended or not path.exists():
            self._mended.add(path)
            return
        self._mended = {path, *(one for one in self._mended if one.exists())}
        self._cut_to_whole(path)

    def _cut_files_to(self, files_before: dict[Path, int]) -> None:
        for path, size in files_before.items():
            try:
                if path.exists() and path.stat().st_size > size:
                    os.truncate(path, size)
            except OSError:
                continue  # said already

    def _new_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        self._number += 1
        try:
            self._journal = Journal(journal_path(self.folder, self._number), self._roster)
        except OSError as error:
            self._say(error)

    def _attempt(self, call: Callable[[], object]) -> None:
        try:
            call()
        except OSError as error:
            self._say(error)

    def _say(self, error: OSError) -> None:
        problem = FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else REFUSED
        self._retry_ns = self._clock.mono_ns() + int(self._figures.disk.retry_s * SECOND_NS)
        if problem != self.problem:
            _log.error("History is not being written: %s. It is tried again.", error.strerror)
        self.problem, self.detail = problem, error.strerror or type(error).__name__

    def _look_at_disk(self) -> None:
        """Free what is too old or too much; see what room there is."""
        figures, now_ns = self._figures, self._clock.now_ns()
        try:
            freed, self.bytes_kept = free_old(self.folder, figures, now_ns)
            free = self._free_bytes(self.folder)
        except OSError as error:
            self._say(error)
            return
        self.freed += freed
        was = self.problem
        if free < figures.disk.free_gib * GIB:
            self.problem, self.detail = LOW, f"{free / GIB:.1f} GiB"
        elif free < figures.disk.raw_free_gib * GIB:
            self.problem, self.detail = RAW_LOW, f"{free / GIB:.1f} GiB"
        elif was in (LOW, RAW_LOW):
            self.problem = self.detail = ""
        self._keeps_raw = self.problem not in (LOW, RAW_LOW)
        if self.problem != was and self.problem in (LOW, RAW_LOW):
            what = "Nothing" if self.problem == LOW else "Only minutes and hours, no single readings,"
            _log.error("%s of the history is written: %s are free on the disk.", what, self.detail)
        elif self.problem != was and was in (LOW, RAW_LOW):
            _log.warning("There is room on the disk again: history is being written.")
