"""The last value of every point of the city, as numpy columns.

One row per point of the profile; row = the point's index. Written by one thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS

GOOD, UNCERTAIN, BAD, NEVER = 0, 1, 2, 255
"""Quality of a value: as measured; measured but doubtful; not usable; no value yet."""

MAX_FUTURE_NS = 5 * SECOND_NS
"""A source's clock may run this far ahead of ours; the profile's time servers keep a tenth of it."""
MAX_AGE_NS = 24 * 3600 * SECOND_NS
"""Older readings belong into a history import, not among what is true now."""

U32 = npt.NDArray[np.uint32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Columns:
    """One batch of readings: equal-length arrays of point index (uint32), value (float64, the point's unit),
    the source's own time (int64 ns since 1970, UTC) and quality (uint8)."""

    points: U32
    values: F64
    taken_at_ns: I64
    quality: U8

    def __len__(self) -> int:
        return len(self.points)

    def where(self, mask: Mask) -> Columns:
        """The rows where `mask` is true."""
        return Columns(self.points[mask], self.values[mask], self.taken_at_ns[mask], self.quality[mask])

    def rounds(self) -> Iterator[Columns]:
        """Batches that together are this one, each with a point at most once: what is worked out for all rows
        at once sees a point's readings one after the other. Their order for each point is kept."""
        left = self
        while len(left):
            now: Mask = np.zeros(len(left), dtype=bool)
            now[np.unique(left.points, return_index=True)[1]] = True
            yield left.where(now)
            left = left.where(~now)


class PointTable:
    """`values`, `taken_at_ns`, `quality`: one row per point; quality NEVER until the first value."""

    def __init__(self, size: int) -> None:
        self.values: F64 = np.full(size, np.nan)
        self.taken_at_ns: I64 = np.zeros(size, dtype=np.int64)
        self.quality: U8 = np.full(size, NEVER, dtype=np.uint8)
        self.late = 0

    def __len__(self) -> int:
        return len(self.values)

    def update(self, batch: Columns) -> Mask:
        """Keep the newest value of each point; returns which rows of the batch were news.

        A row taken before the one already held is late: counted, not kept. Point indexes must be in range.
        """
        news = batch.taken_at_ns > self.taken_at_ns[batch.points]
        count = int(np.count_nonzero(news))
        if count != len(batch):
            self.late += len(batch) - count
            batch = batch.where(news)
        self.values[batch.points] = batch.values
        self.taken_at_ns[batch.points] = batch.taken_at_ns
        self.quality[batch.points] = batch.quality
        return news

    def known(self) -> Columns:
        """Every point that has a value, for a late joiner."""
        rows = np.flatnonzero(self.quality != NEVER)
        return Columns(rows.astype(np.uint32), self.values[rows], self.taken_at_ns[rows], self.quality[rows])
