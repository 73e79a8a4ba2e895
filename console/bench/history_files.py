"""History made at once for measurements: the files the historian would have written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from console.clock import SECOND_NS
from console.history.layout import HOUR, MINUTE, MINUTE_NS, RAW, Tier, file_path
from console.history.rollup import buckets_of
from console.history.roster import keep_roster
from console.history.rows import Readings, in_order
from console.history.segment import append, block_bytes


def readings_between(points: int, from_ns: int, to_ns: int, period_s: float, seed: int = 7) -> Readings:
    """A daily curve with noise for each point, to two decimals, sorted by point and time."""
    at = np.arange(from_ns, to_ns, int(period_s * SECOND_NS), dtype=np.int64)
    rng = np.random.default_rng(seed)
    day = np.sin(2 * np.pi * (at % (86_400 * SECOND_NS)) / (86_400 * SECOND_NS))
    value = 50 + 30 * day[None, :] + rng.normal(0, 1.0, (points, len(at)))
    return Readings(
        np.repeat(np.arange(points, dtype=np.uint32), len(at)), np.tile(at, points),
        np.round(value.ravel(), 2), np.zeros(points * len(at), np.uint8),
    )  # fmt: skip


def write_day(folder: Path, point_ids: Sequence[str], to_ns: int, seconds: int = 86_400) -> None:
    """A day at 1 Hz until `to_ns` (cut to a whole minute), at every fineness."""
    roster = keep_roster(folder, point_ids)
    end_ns = to_ns - to_ns % MINUTE_NS
    begin_ns = end_ns - seconds * SECOND_NS
    at_ns = begin_ns
    while at_ns < end_ns:
        upto_ns = min(end_ns, at_ns - at_ns % HOUR.bucket_ns + HOUR.bucket_ns)
        hour = readings_between(len(point_ids), at_ns, upto_ns, 1.0, at_ns % 1000)
        blocks = []
        for minute_ns in range(at_ns, upto_ns, MINUTE_NS):
            rows = hour.where((hour.at_ns >= minute_ns) & (hour.at_ns < minute_ns + MINUTE_NS))
            blocks.append(block_bytes(rows.where(in_order(rows.points, rows.at_ns)), minute_ns + MINUTE_NS))
        append(file_path(folder, RAW, at_ns, roster), blocks)
        _buckets(folder, MINUTE, hour, roster, upto_ns)
        if upto_ns % HOUR.bucket_ns == 0:
            _buckets(folder, HOUR, hour, roster, upto_ns)
        at_ns = upto_ns


def write_years(folder: Path, point_ids: Sequence[str], to_ns: int, days: int) -> None:
    """Hours of so many days until `to_ns`, a tidy file a day."""
    roster = keep_roster(folder, point_ids)
    day_ns = HOUR.file_ns
    end_ns = to_ns - to_ns % day_ns
    for begin_ns in range(end_ns - days * day_ns, end_ns, day_ns):
        rows = readings_between(len(point_ids), begin_ns, begin_ns + day_ns, 600.0, begin_ns % 1000)
        _buckets(folder, HOUR, rows, roster, begin_ns + day_ns)


def _buckets(folder: Path, tier: Tier, rows: Readings, roster: str, until_ns: int) -> None:
    path = file_path(folder, tier, int(rows.at_ns[0]), roster)
    append(path, [block_bytes(buckets_of(rows, tier.bucket_ns), until_ns)])
