"""From readings to buckets: as they come (one accumulator a point), and of a whole column at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from console.history.rows import NO_BUCKETS, Buckets, Readings, in_order, join_buckets
from console.telemetry.table import BAD, I64, Columns, Mask

MS_NS = 1_000_000
_SUMS = ("low", "high", "total", "first", "last")
_NUMBERS = ("bucket", "heard_ns", "silent_ns")
_COUNTS = ("count", "bad")


class Accumulator:
    """The open bucket of every point of a roster, `bucket_ns` wide. One thread.

    A bucket is given out when a reading of a later one comes, or by `take` when its time is over.
    """

    def __init__(self, size: int, bucket_ns: int) -> None:
        self.bucket_ns = bucket_ns
        self.cells: dict[str, npt.NDArray[Any]] = {
            **{name: np.full(size, np.nan) for name in _SUMS},
            **{name: np.zeros(size, np.int64) for name in _NUMBERS},
            **{name: np.zeros(size, np.uint32) for name in _COUNTS},
        }
        self.cells["bucket"][:] = -1
        self._over: list[Buckets] = []

    def add(self, readings: Readings) -> None:
        """Take readings in; a point's come in the order of time."""
        columns = Columns(readings.points, readings.value, readings.at_ns, readings.quality)
        if len(columns) and len(np.unique(columns.points)) == len(columns):
            self._add(columns)
        else:
            for part in columns.rounds():
                self._add(part)

    def _add(self, rows: Columns) -> None:
        cells, points, at = self.cells, rows.points, rows.taken_at_ns
        bucket = at - at % self.bucket_ns
        moved = bucket != cells["bucket"][points]
        if moved.any():
            self._give_out(points[moved & (cells["bucket"][points] >= 0)])
            self._open(points[moved], bucket[moved])
        good = (rows.quality < BAD) & np.isfinite(rows.values)
        if not good.all():
            np.add.at(cells["bad"], points[~good], 1)
            points, at, value = points[good], at[good], rows.values[good]
        else:
            value = rows.values
        fresh = cells["count"][points] == 0
        cells["low"][points] = np.fmin(cells["low"][points], value)
        cells["high"][points] = np.fmax(cells["high"][points], value)
        cells["total"][points] += value
        cells["first"][points[fresh]] = value[fresh]
        cells["last"][points] = value
        cells["count"][points] += 1
        silent = at - cells["heard_ns"][points]
        cells["silent_ns"][points] = np.maximum(cells["silent_ns"][points], silent)
        cells["heard_ns"][points] = at

    def _open(self, points: Any, bucket: I64) -> None:
        cells = self.cells
        cells["bucket"][points] = cells["heard_ns"][points] = bucket
        for name in ("low", "high", "first", "last"):
            cells[name][points] = np.nan
        for name in ("total", "count", "bad", "silent_ns"):
            cells[name][points] = 0

    def _give_out(self, points: Any) -> None:
        if not len(points):
            return
        cells = self.cells
        count, bucket = cells["count"][points], cells["bucket"][points]
        tail = bucket + self.bucket_ns - cells["heard_ns"][points]
        silent = np.maximum(cells["silent_ns"][points], tail) // MS_NS
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = cells["total"][points] / count
        self._over.append(Buckets(
            points.astype(np.uint32), bucket, cells["low"][points], cells["high"][points], mean,
            cells["first"][points], cells["last"][points], count, cells["bad"][points],
            silent.astype(np.uint32),
        ))  # fmt: skip
        cells["bucket"][points] = -1

    def take(self, until_ns: int) -> Buckets:
        """What is over: all buckets that end by `until_ns`, sorted by point and time."""
        open_ = self.cells["bucket"]
        self._give_out(np.flatnonzero((open_ >= 0) & (open_ + self.bucket_ns <= until_ns)))
        found = join_buckets(self._over) if self._over else NO_BUCKETS
        self.forget_given_out()
        return found.where(in_order(found.points, found.at_ns))

    def forget_given_out(self) -> None:
        """What was given out and not taken is not wanted: it comes again."""
        self._over = []


def buckets_of(readings: Readings, bucket_ns: int) -> Buckets:
    """Buckets of readings sorted by point and time, worked out at once."""
    if not len(readings):
        return NO_BUCKETS
    good: Mask = (readings.quality < BAD) & np.isfinite(readings.value)
    start = readings.at_ns - readings.at_ns % bucket_ns
    new = np.concatenate([[True], (np.diff(readings.points) != 0) | (np.diff(start) != 0)])
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], len(readings))
    number = np.cumsum(new) - 1
    value = readings.value
    count = np.add.reduceat(good.astype(np.uint32), begins, dtype=np.uint32)
    low = np.fmin.reduceat(np.where(good, value, np.nan), begins)
    high = np.fmax.reduceat(np.where(good, value, np.nan), begins)
    total = np.add.reduceat(np.where(good, value, 0.0), begins)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(count > 0, total / count, np.nan)
    first, last = np.full(len(begins), np.nan), np.full(len(begins), np.nan)
    rows = np.flatnonzero(good)
    first[number[rows[::-1]]] = value[rows[::-1]]
    last[number[rows]] = value[rows]
    silent = _silences(readings.at_ns[rows], number[rows], start[begins], bucket_ns)
    bad = (ends - begins).astype(np.uint32) - count
    return Buckets(
        readings.points[begins], start[begins], low, high, mean, first, last, count, bad,
        (silent // MS_NS).astype(np.uint32),
    )  # fmt: skip


def _silences(at_ns: I64, number: I64, start: I64, bucket_ns: int) -> I64:
    """By bucket: the longest stretch without one of these moments, its beginning and its end counted too."""
    silent = np.full(len(start), bucket_ns, np.int64)
    if not len(at_ns):
        return silent
    begins = np.flatnonzero(np.diff(number, prepend=-1))
    ends = np.append(begins[1:], len(at_ns)) - 1
    own = number[begins]
    before = np.diff(at_ns, prepend=at_ns[0])
    before[begins] = at_ns[begins] - start[own]
    longest = np.maximum.reduceat(before, begins)
    silent[own] = np.maximum(longest, start[own] + bucket_ns - at_ns[ends])
    return silent
