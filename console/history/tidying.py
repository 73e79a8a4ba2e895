"""Makes files of buckets tidy once nothing is added to them: many blocks become one, so that a point's day
is read
in one go. A page at a time, so that the writer never waits long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from console.history.layout import HOUR, MINUTE, Tier, files_of
from console.history.pages import PageError
from console.history.rows import Buckets, in_order, join_buckets
from console.history.segment import Segment, SegmentError, append, block_bytes

AFTER_NS = 10 * 60 * 1_000_000_000
"""A file is tidied so long after its time: a restart may still cut back the one before it."""
LEFT_ALONE_BLOCKS = 2


class Tidying:
    """One file at a time. `begin` looks for one, `step` does a piece of the work. One thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._work: Iterator[None] | None = None
        self._done: set[Path] = set()

    @property
    def is_idle(self) -> bool:
        return self._work is None

    def begin(self, now_ns: int) -> None:
        """Look for a file that is finished and not tidy; nothing while one is being worked at."""
        if self._work is not None:
            return
        for tier in (MINUTE, HOUR):
            files = files_of(self._folder, tier)
            self._done &= {file.path for each in (MINUTE, HOUR) for file in files_of(self._folder, each)}
            for file in files:
                over = file.begin_ns + tier.file_ns + AFTER_NS <= now_ns
                if over and file.path not in self._done:
                    self._done.add(file.path)
                    self._work = self._tidy(file.path, tier)
                    return

    def step(self) -> None:
        """One page, or the end. Raises OSError; the file is then as it was."""
        if self._work is None:
            return
        try:
            next(self._work)
        except StopIteration:
            self._work = None
        except OSError:
            self._work = None
            raise

    def _tidy(self, path: Path, tier: Tier) -> Iterator[None]:
        segment = Segment(path)
        try:
            segment.look()
        except (SegmentError, FileNotFoundError):
            return
        try:
            if len(segment.blocks) <= LEFT_ALONE_BLOCKS:
                return
            parts: list[Buckets] = []
            for number in range(max(block.pages for block in segment.blocks)):
                parts.append(_page(segment, number))
                yield
            whole = join_buckets(parts)
            until_ns = max(block.until_ns for block in segment.blocks)
        finally:
            segment.close()
        fresh = path.with_name(f".{path.name}.tidy")
        fresh.unlink(missing_ok=True)
        try:
            append(fresh, [block_bytes(whole, until_ns)])
            if path.exists():  # not freed meanwhile
                os.replace(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)


def _page(segment: Segment, number: int) -> Buckets:
    found = []
    for block in segment.blocks:
        try:
            rows = segment.page(block, number, Buckets)
        except PageError:
            continue  # damaged: lost before, told by whoever reads it
        if isinstance(rows, Buckets):
            found.append(rows)
    joined = join_buckets(found)
    return joined.where(in_order(joined.points, joined.at_ns))
