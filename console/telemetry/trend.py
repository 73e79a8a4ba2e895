"""The recent past of the points that are charted: one ring per point, in shared arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from console.telemetry.table import BAD, F64, I64, Columns

ROOM = 1_000_000
"""Readings held in all, 16 bytes each."""


class TrendBook:
    """Rings of the last `capacity` readings of each trend point. One thread writes and reads."""

    def __init__(self, point_count: int, trend_points: Sequence[int], capacity: int = 0) -> None:
        """`capacity` 0: 4096 each, fewer where there are so many points that memory would grow past 16 MB."""
        capacity = capacity or max(512, min(4096, ROOM // max(1, len(trend_points))))
        self._slot = np.full(point_count, -1, dtype=np.int32)
        self._slot[list(trend_points)] = np.arange(len(trend_points), dtype=np.int32)
        self._capacity = capacity
        self._at: I64 = np.zeros((len(trend_points), capacity), dtype=np.int64)
        self._value: F64 = np.full((len(trend_points), capacity), np.nan)
        self._count = np.zeros(len(trend_points), dtype=np.int64)

    def add(self, batch: Columns) -> int:
        """Remember the batch's readings of trend points; returns how many there were.

        Unusable values are remembered as NaN, so that a chart shows the gap.
        """
        slots = self._slot[batch.points]
        mine = slots >= 0
        if not mine.any():
            return 0
        slots = slots[mine]
        values = np.where(batch.quality[mine] >= BAD, np.nan, batch.values[mine])
        at = batch.taken_at_ns[mine]
        if len(np.unique(slots)) == len(slots):
            self._put(slots, at, values)
        else:  # several readings of one point in one batch: one by one keeps their order
            for row in range(len(slots)):
                self._put(slots[row : row + 1], at[row : row + 1], values[row : row + 1])
        return len(slots)

    def _put(self, slots: np.ndarray, at: np.ndarray, values: np.ndarray) -> None:
        column = self._count[slots] % self._capacity
        self._at[slots, column] = at
        self._value[slots, column] = values
        self._count[slots] += 1

    def series(self, point_index: int, since_ns: int = 0) -> tuple[I64, F64]:
        """(taken_at_ns, value) of one point in the order of time; empty for a point that is not kept."""
        slot = int(self._slot[point_index])
        if slot < 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0)
        held = int(min(self._count[slot], self._capacity))
        start = int(self._count[slot]) - held
        columns = np.arange(start, start + held) % self._capacity
        at, value = self._at[slot, columns], self._value[slot, columns]
        order = np.argsort(at, kind="stable")
        at, value = at[order], value[order]
        first = int(np.searchsorted(at, since_ns))
        return at[first:], value[first:]

    def clear(self, point_index: int) -> None:
        """Forget one point's ring, before it is filled anew from the hub."""
        slot = int(self._slot[point_index])
        if slot >= 0:
            self._count[slot] = 0
