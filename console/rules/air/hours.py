"""Hours of the record: each named by its end, missing ones kept as missing.

An hour takes what was measured after its beginning up to and with its end: what is stamped 14:00 belongs to
the hour that ends at 14:00. Korean records write the last hour of a day as 24:00 of that day.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

import numpy as np

from console.clock import SECOND_NS
from console.telemetry.table import F64, I64

HOUR_NS = 3600 * SECOND_NS
_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})")


def hour_end_ns(written: str, zone: tzinfo) -> int:
    """An hour's end as ns since 1970: 2020-01-01 24:00 is the end of that day.

    Raises ValueError for what is no hour's end.
    """
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError(f"hour: expected YYYY-MM-DD HH:00, found {written[:40]!r}")
    day, hour, minute = found.groups()
    if int(hour) > 24 or minute != "00":
        raise ValueError(f"hour: expected 00:00 to 24:00 on the hour, found {written!r}")
    try:
        midnight = datetime.fromisoformat(day)
    except ValueError:
        raise ValueError(f"hour: expected a day of the calendar, found {written!r}") from None
    local = (midnight + timedelta(hours=int(hour))).replace(tzinfo=zone)
    return round(local.timestamp()) * SECOND_NS


def end_of_hour_ns(taken_at_ns: I64) -> I64:
    """The end of the hour a moment belongs to. Whole hours of UTC are whole hours of both countries."""
    ends: I64 = -(-taken_at_ns // HOUR_NS) * HOUR_NS
    return ends


def every_hour(ends_ns: I64, values: F64) -> tuple[I64, F64]:
    """The same with a row for each hour from the first to the last: NaN where none was told.

    Rows may come in any order. Raises ValueError for a time that is no hour's end, and for an hour told twice
    with different values.
    """
    if not len(ends_ns):
        return ends_ns[:0], values[:0]
    if (ends_ns % HOUR_NS).any():
        raise ValueError("hours: expected ends of whole hours, found a time between")
    order = np.argsort(ends_ns, kind="stable")
    ends, told = ends_ns[order], values[order]
    again = ends[1:] == ends[:-1]
    if (again & ~((told[1:] == told[:-1]) | (np.isnan(told[1:]) & np.isnan(told[:-1])))).any():
        raise ValueError("hours: expected one value for an hour, found two that differ")
    grid = _hours_between(int(ends[0]), int(ends[-1]))
    filled = np.full(len(grid), np.nan)
    filled[(ends - ends[0]) // HOUR_NS] = told
    return grid, filled


def _hours_between(first: int, last: int) -> I64:
    # Not arange with a step: it counts its rows in floats, and loses one so far from 1970.
    hours: I64 = first + np.arange((last - first) // HOUR_NS + 1, dtype=np.int64) * HOUR_NS
    return hours


def hour_means(taken_at_ns: I64, values: F64, period_s: float, least_share: float) -> tuple[I64, F64]:
    """(hour ends, means) of samples in any order; NaN for an hour of which too little is known.

    Known is counted in periods that hold a usable value, so that many samples in one minute do not stand for
    an hour. Not-a-number is not usable.
    """
    usable = np.isfinite(values)
    at, value = taken_at_ns[usable], values[usable]
    if not len(at):
        return at[:0], value[:0]
    period_ns = int(period_s * SECOND_NS)
    ends = end_of_hour_ns(at)
    grid = _hours_between(int(ends.min()), int(ends.max()))
    row = (ends - grid[0]) // HOUR_NS
    count = np.bincount(row, minlength=len(grid))
    total = np.bincount(row, weights=value, minlength=len(grid))
    slot = (at - 1 - (ends - HOUR_NS)) // period_ns
    seen = np.unique(np.stack([row, slot]), axis=1)[0]
    known = np.bincount(seen, minlength=len(grid))
    least = least_periods(period_s, least_share)
    means = np.full(len(grid), np.nan)
    enough = known >= least
    means[enough] = total[enough] / count[enough]
    return grid, means


def least_periods(period_s: float, least_share: float) -> int:
    """How many periods of an hour must hold a value."""
    return max(1, int(np.ceil(least_share * max(1.0, np.floor(3600.0 / period_s)) - 1e-9)))


def running_means(hours: F64, length: int, least_share: float) -> F64:
    """Means of each hour and those before it, `length` in all, along the last axis.

    NaN where too few of them are known; at the beginning the hours before it are not.
    """
    shape = hours.shape
    known = np.isfinite(hours)
    nothing = np.zeros((*shape[:-1], 1))
    total = np.concatenate([nothing, np.cumsum(np.where(known, hours, 0.0), axis=-1)], axis=-1)
    count = np.concatenate([nothing, np.cumsum(known, axis=-1)], axis=-1)
    last = np.arange(1, shape[-1] + 1)
    first = np.maximum(last - length, 0)
    total, count = total[..., last] - total[..., first], count[..., last] - count[..., first]
    enough = count >= np.ceil(least_share * length - 1e-9)
    means: F64 = np.where(enough, total / np.maximum(count, 1), np.nan)
    return means
