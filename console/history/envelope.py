"""What a chart is given of one point: columns of least, greatest and mean, and where the line is broken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.history.rows import Buckets
from console.telemetry.table import F64, I64, Mask

MS_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One point, and how long it may be silent before that is a gap."""

    point_id: str
    silent_ns: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """Columns in the order of time: where each begins, its width (0: a reading), its usable values, and
    whether
    the line is broken before it. Arrays of one length; `count` says how many readings a column stands for."""

    point_id: str
    at_ns: I64
    width_ns: I64
    low: F64
    high: F64
    mean: F64
    first: F64
    last: F64
    count: I64
    broken: Mask
    bucket_ns: int = 0
    """How fine what was read is: 0 for the readings themselves."""

    def __len__(self) -> int:
        return len(self.at_ns)


def envelope_of(
    wanted: Wanted, rows: Buckets, width_ns: I64, from_ns: int, to_ns: int, columns: int, bucket_ns: int
) -> Envelope:
    """Shape the rows of one point (sorted by time, `width_ns` each) into at most about `columns` columns.

    A stretch without a usable reading longer than `wanted.silent_ns` breaks the line; so does a reading
    that is
    not usable.
    """
    good = rows.count > 0
    unusable = np.concatenate([[0], np.cumsum(~good)[:-1]])[good] if not good.all() else None
    rows, width = rows.where(good), width_ns[good]
    at = rows.at_ns
    broken = np.zeros(len(at), dtype=bool)
    if len(at) > 1:
        quiet = at[1:] - (at + width)[:-1]
        broken[1:] = quiet > wanted.silent_ns
    if unusable is not None and len(at) > 1:
        broken[1:] |= np.diff(unusable) > 0
    inside = rows.silent_ms.astype(np.int64) * MS_NS > np.maximum(wanted.silent_ns, 0)
    broken |= inside & (width > 0) & (rows.silent_ms > 0)
    counts = rows.count.astype(np.int64)
    if len(at) > columns > 0:
        column = (at - from_ns) * columns // max(1, to_ns - from_ns)
        begins = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
        ends = np.append(begins[1:], len(at)) - 1
        weight = np.add.reduceat(counts, begins)
        step = max(1, (to_ns - from_ns) // columns)
        return Envelope(
            wanted.point_id, from_ns + column[begins] * step, np.full(len(begins), step, np.int64),
            np.minimum.reduceat(rows.low, begins), np.maximum.reduceat(rows.high, begins),
            np.add.reduceat(rows.mean * counts, begins) / weight, rows.first[begins], rows.last[ends],
            weight, np.logical_or.reduceat(broken, begins), bucket_ns,
        )  # fmt: skip
    return Envelope(
        wanted.point_id, at, width, rows.low, rows.high, rows.mean, rows.first, rows.last, counts, broken,
        bucket_ns,
    )  # fmt: skip
