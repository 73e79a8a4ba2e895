"""The rows of history as numpy columns: readings, and buckets of readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from console.telemetry.table import BAD, F64, I64, U8, U32, Columns, Mask


@dataclass(frozen=True, slots=True)
class Readings:
    """Readings of points of one roster: index in it, when taken (UTC ns), value, quality (see PointTable)."""

    points: U32
    at_ns: I64
    value: F64
    quality: U8

    def __len__(self) -> int:
        return len(self.points)

    def where(self, rows: Mask | I64) -> Readings:
        """The rows chosen by a mask or by their numbers, in that order."""
        return Readings(self.points[rows], self.at_ns[rows], self.value[rows], self.quality[rows])


@dataclass(frozen=True, slots=True)
class Buckets:
    """Buckets of readings. `at_ns` is where each begins. `low`, `high`, `mean`, `first`, `last` are of its
    usable
    readings (NaN where it has none), `count` says how many, `bad` how many were not usable; `silent_ms` is
    the
    longest stretch inside it without a usable reading."""

    points: U32
    at_ns: I64
    low: F64
    high: F64
    mean: F64
    first: F64
    last: F64
    count: U32
    bad: U32
    silent_ms: U32

    def __len__(self) -> int:
        return len(self.points)

    def where(self, rows: Mask | I64) -> Buckets:
        """The rows chosen by a mask or by their numbers, in that order."""
        return Buckets(*(getattr(self, one.name)[rows] for one in fields(self)))


NO_READINGS = Readings(
    np.zeros(0, np.uint32), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.uint8)
)  # fmt: skip
_NONE, _NO_COUNT = np.zeros(0), np.zeros(0, np.uint32)
NO_BUCKETS = Buckets(
    _NO_COUNT, np.zeros(0, np.int64), _NONE, _NONE, _NONE, _NONE, _NONE, _NO_COUNT, _NO_COUNT, _NO_COUNT
)  # fmt: skip


def readings_of(columns: Columns) -> Readings:
    """A batch of the telemetry lane as rows of history."""
    return Readings(columns.points, columns.taken_at_ns, columns.values, columns.quality)


def one_each(readings: Readings) -> Buckets:
    """Each reading as a bucket of its own, with no width."""
    good = (readings.quality < BAD) & np.isfinite(readings.value)
    value = np.where(good, readings.value, np.nan)
    count = good.astype(np.uint32)
    none = np.zeros(len(readings), np.uint32)
    return Buckets(
        readings.points, readings.at_ns, value, value, value, value, value, count, 1 - count, none
    )  # fmt: skip


def join_readings(parts: Sequence[Readings]) -> Readings:
    """All of them, in the order given."""
    if len(parts) == 1:
        return parts[0]
    return Readings(*(
        np.concatenate([getattr(part, one.name) for part in (*parts, NO_READINGS)])
        for one in fields(Readings)
    ))  # fmt: skip


def join_buckets(parts: Sequence[Buckets]) -> Buckets:
    """All of them, in the order given."""
    if len(parts) == 1:
        return parts[0]
    return Buckets(*(
        np.concatenate([getattr(part, one.name) for part in (*parts, NO_BUCKETS)])
        for one in fields(Buckets)
    ))  # fmt: skip


def in_order(points: U32, at_ns: I64) -> I64:
    """Row numbers by point and, within a point, by time; equal ones keep their order."""
    found: I64 = np.lexsort((at_ns, points)).astype(np.int64)
    return found
