"""Reads history while it is being written: the fineness that fits, the newest minutes from finer files,
imported
sets laid over."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from console.history.envelope import Envelope, Wanted, envelope_of
from console.history.journal import read_journal
from console.history.layout import (
    DAY_NS,
    HOUR,
    MINUTE,
    RAW,
    HistoryFile,
    Tier,
    files_of,
    imported_files,
    journals_in,
)
from console.history.pages import PAGE_POINTS, PageError
from console.history.roster import RosterError, load_roster
from console.history.rows import (
    NO_BUCKETS,
    Buckets,
    Readings,
    in_order,
    join_buckets,
    join_readings,
    one_each,
)
from console.history.segment import Block, Segment, SegmentError
from console.telemetry.table import I64

COARSE_SHARE = 1.5
"""A fineness is coarse enough when its buckets are at most this many columns wide."""
KEPT_SEGMENTS = 200
LATE_NS = DAY_NS
"""What was taken this long before it arrived is still found."""

_log = logging.getLogger("bongsu.history")


class Cancelled(Exception):
    """Whoever asked does not want it any more."""


class _Part(NamedTuple):
    rows: Buckets
    width_ns: I64


def tier_for(span_ns: int, columns: int) -> Tier:
    """The coarsest tier whose buckets still fill the columns."""
    column_ns = COARSE_SHARE * span_ns / max(1, columns)
    return HOUR if column_ns >= HOUR.bucket_ns else MINUTE if column_ns >= MINUTE.bucket_ns else RAW


class HistoryReader:
    """Read-only; made and used in one thread. Raises nothing for what is on disk: `problems` says what
    could not
    be used since the reader was made, by file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rosters: dict[str, dict[str, int]] = {}
        self._segments: OrderedDict[Path, Segment] = OrderedDict()
        self.problems: dict[str, str] = {}

    def read(
        self, wanted: Sequence[Wanted], from_ns: int, to_ns: int, columns: int,
        go_on: Callable[[], bool] = lambda: True, tier: Tier | None = None,
    ) -> tuple[Envelope, ...]:
        """What is kept of some points between two times, each as at most about `columns` columns (0: all
        rows).

        The tier is the one that fits unless told. `go_on` is asked between two files; Cancelled when it
        says no.
        A point nothing is kept of has an empty envelope.
        """
        tier = tier or tier_for(to_ns - from_ns, columns or 1_000_000)
        parts: dict[str, list[_Part]] = {one.point_id: [] for one in wanted}
        since = 0
        if tier is not RAW:
            since = self._written(tier, wanted, from_ns, to_ns, parts, go_on)
        if tier is HOUR:
            since = self._written(MINUTE, wanted, max(from_ns, since), to_ns, parts, go_on)
        newest_ns = from_ns if tier is RAW else max(from_ns, since)
        # The journal first: what becomes a block meanwhile is then read twice, and not never.
        self._journal(wanted, newest_ns, to_ns, parts)
        self._written(RAW, wanted, newest_ns, to_ns, parts, go_on)
        self._imported(tier, wanted, from_ns, to_ns, parts, go_on)
        return tuple(
            self._shaped(one, parts[one.point_id], from_ns, to_ns, columns, tier) for one in wanted
        )

    def imported_readings(
        self, wanted: Sequence[Wanted], from_ns: int, to_ns: int
    ) -> tuple[Envelope, ...]:
        """The readings of imported sets alone, the newest set's where two have one of the same time."""
        parts: dict[str, list[_Part]] = {one.point_id: [] for one in wanted}
        self._imported(RAW, wanted, from_ns, to_ns, parts, lambda: True)
        return tuple(self._shaped(one, parts[one.point_id], from_ns, to_ns, 0, RAW) for one in wanted)

    def close(self) -> None:
        """Give the files back."""
        for segment in self._segments.values():
            segment.close()
        self._segments.clear()

    def _written(
        self, tier: Tier, wanted: Sequence[Wanted], from_ns: int, to_ns: int,
        parts: dict[str, list[_Part]], go_on: Callable[[], bool],
    ) -> int:  # fmt: skip
        """Add what a tier holds; from when on it holds nothing yet."""
        files = files_of(self._folder, tier)
        until_ns = self._until(files)
        kind = Readings if tier is RAW else Buckets
        limit_ns = to_ns if tier is RAW else min(to_ns, until_ns - 1)
        for file in files:
            if file.begin_ns + tier.file_ns < from_ns or file.begin_ns > to_ns + LATE_NS:
                continue
            if not go_on():
                raise Cancelled
            self._from_file(file, tier, kind, wanted, from_ns - max(0, tier.bucket_ns - 1), limit_ns, parts)
        return until_ns

    def _until(self, files: Sequence[HistoryFile]) -> int:
        for file in reversed(files):
            blocks = self._blocks(file.path)
            if blocks:
                return max(block.until_ns for block in blocks)
        return 0

    def _from_file(
        self, file: HistoryFile, tier: Tier, kind: type[Readings] | type[Buckets],
        wanted: Sequence[Wanted], from_ns: int, to_ns: int, parts: dict[str, list[_Part]],
    ) -> None:  # fmt: skip
        index_of = self._roster(file)
        pages: dict[int, list[tuple[str, int]]] = {}
        for one in wanted:
            index = index_of.get(one.point_id)
            if index is not None:
                pages.setdefault(index // PAGE_POINTS, []).append((one.point_id, index))
        if not pages:
            return
        for block in self._blocks(file.path):
            if block.last_ns < from_ns or block.first_ns > to_ns:
                continue
            segment = self._segments[file.path]
            for number, points in pages.items():
                try:
                    rows = segment.page(block, number, kind)
                except (PageError, OSError) as error:
                    self._note(file.path, str(error))
                    continue
                if rows is not None:
                    _pick(rows, points, from_ns, to_ns, tier, parts)

    def _journal(
        self, wanted: Sequence[Wanted], from_ns: int, to_ns: int, parts: dict[str, list[_Part]]
    ) -> None:
        for _, path in journals_in(self._folder):
            try:
                roster, found = read_journal(path)
            except OSError:
                continue  # it has just become a block
            if not found:
                continue
            readings = join_readings(found)
            index_of = self._roster(HistoryFile(path, 0, roster))
            points = [(one.point_id, index_of[one.point_id]) for one in wanted if one.point_id in index_of]
            own = np.isin(readings.points, np.array([index for _, index in points], np.uint32))
            readings = readings.where(own)
            ordered = readings.where(in_order(readings.points, readings.at_ns))
            _pick(ordered, points, from_ns, to_ns, RAW, parts)

    def _imported(
        self, tier: Tier, wanted: Sequence[Wanted], from_ns: int, to_ns: int,
        parts: dict[str, list[_Part]], go_on: Callable[[], bool],
    ) -> None:  # fmt: skip
        told = HOUR if tier is HOUR else RAW  # a set has its readings and their hours
        kind = Readings if told is RAW else Buckets
        found: dict[str, list[_Part]] = {one.point_id: [] for one in wanted}
        for file in imported_files(self._folder, told):
            if not go_on():
                raise Cancelled
            self._from_file(file, told, kind, wanted, from_ns - max(0, told.bucket_ns - 1), to_ns, found)
        for point_id, own in found.items():
            if own:
                parts[point_id].append(_newest_of_each_time(own))

    def _roster(self, file: HistoryFile) -> dict[str, int]:
        if file.roster not in self._rosters:
            try:
                ids = load_roster(self._folder, file.roster)
            except RosterError as error:
                self._note(file.path, str(error))
                return {}
            self._rosters[file.roster] = {one: index for index, one in enumerate(ids)}
        return self._rosters[file.roster]

    def _blocks(self, path: Path) -> list[Block]:
        segment = self._segments.pop(path, None) or Segment(path)
        try:
            segment.look()
        except FileNotFoundError:
            segment.close()
            return []
        except (SegmentError, OSError) as error:
            self._note(path, str(error))
            segment.close()
            return []
        self._segments[path] = segment
        if len(self._segments) > KEPT_SEGMENTS:
            self._segments.popitem(last=False)[1].close()
        return segment.blocks

    def _note(self, path: Path, what: str) -> None:
        if path.name not in self.problems:
            self.problems[path.name] = what
            _log.warning("%s", what)

    @staticmethod
    def _shaped(
        one: Wanted, parts: list[_Part], from_ns: int, to_ns: int, columns: int, tier: Tier
    ) -> Envelope:
        rows = join_buckets([part.rows for part in parts]) if parts else NO_BUCKETS
        width = np.concatenate([*(part.width_ns for part in parts), np.zeros(0, np.int64)])
        order = np.argsort(rows.at_ns, kind="stable")
        rows, width = rows.where(order), width[order]
        if len(rows) > 1:
            # The same reading twice (in a block and in its journal, in two imported sets): the later one
            # counts.
            again = (np.diff(rows.at_ns) == 0) & (width[1:] == 0) & (width[:-1] == 0)
            keep = np.append(~again, True)
            rows, width = rows.where(keep), width[keep]
        return envelope_of(one, rows, width, from_ns, to_ns, columns, tier.bucket_ns)


def _newest_of_each_time(parts: Sequence[_Part]) -> _Part:
    """What two imported sets both have counts once, as the newer one says it."""
    rows = join_buckets([part.rows for part in parts])
    width = np.concatenate([part.width_ns for part in parts])
    order = np.argsort(rows.at_ns, kind="stable")
    keep = order[np.append(np.diff(rows.at_ns[order]) != 0, True)]
    return _Part(rows.where(keep), width[keep])


def _pick(
    rows: Readings | Buckets, points: Sequence[tuple[str, int]], from_ns: int, to_ns: int, tier: Tier,
    parts: dict[str, list[_Part]],
) -> None:  # fmt: skip
    """Add the rows of these points between the two times (rows sorted by point and time)."""
    for point_id, index in points:
        begin = int(np.searchsorted(rows.points, index))
        end = int(np.searchsorted(rows.points, index, side="right"))
        at = rows.at_ns[begin:end]
        behind = begin + int(np.searchsorted(at, to_ns, side="right"))
        begin += int(np.searchsorted(at, from_ns))
        if begin < behind:
            own = rows.where(np.arange(begin, behind))
            found = own if isinstance(own, Buckets) else one_each(own)
            parts[point_id].append(_Part(found, np.full(len(found), tier.bucket_ns, np.int64)))
