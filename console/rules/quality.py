"""What is wrong with a sample beside its value: stale, stuck, out of range, late, out of order, clock skew.

Vectorised for all points of a city. A sample may have several flags; `quality_of` makes the telemetry's
quality of them. No sample is lost here: what to do with it is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS
from console.profile.tables import Table, Text
from console.rules.figures import NotNegative, Positive, Several, figures, refuse
from console.telemetry.table import BAD, GOOD, NEVER, UNCERTAIN, Columns

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

NOT_A_NUMBER, OUT_OF_RANGE, CLOCK_AHEAD, OUT_OF_ORDER, DUPLICATE, LATE, CLOCK_BEHIND, STUCK = (
    1 << bit for bit in range(8)
)
_UNUSABLE = NOT_A_NUMBER | OUT_OF_RANGE | CLOCK_AHEAD
_DOUBTFUL = OUT_OF_ORDER | DUPLICATE | LATE | CLOCK_BEHIND | STUCK


class QualityFigures(Table, frozen=True, kw_only=True):
    stale_periods: Positive
    stuck_samples: Several
    stuck_units: tuple[Text, ...]
    mark_after_s: NotNegative
    """A fault of a point is told when its samples have had it for so long."""
    late_after_s: Positive
    ahead_after_s: Positive
    skew_after_s: Positive
    skew_jitter_s: Positive
    skew_samples: Several


def quality_figures(path: Path | None = None) -> QualityFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(QualityFigures, "quality", path)
    if found.skew_jitter_s >= found.skew_after_s:
        refuse("quality", "", "skew_jitter_s", f"less than skew_after_s ({found.skew_after_s})",
               found.skew_jitter_s)  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class PointRules:
    """One row per point. `can_stick`: false for states, counts and set points, which may well stay equal."""

    low: F64
    high: F64
    period_s: F64
    can_stick: Mask


class QualityBank:
    """Judges samples by what came before of their point. One thread; deterministic in the sequence."""

    def __init__(self, figures: QualityFigures, points: PointRules) -> None:
        count = len(points.low)
        self._figures, self._points = figures, points
        self._stale_ns = (points.period_s * figures.stale_periods * SECOND_NS).astype(np.int64)
        self._newest_ns: I64 = np.full(count, np.iinfo(np.int64).min, np.int64)
        self._value: F64 = np.full(count, np.nan)
        self._same = np.zeros(count, np.int32)
        self._delay_s: F64 = np.full(count, np.nan)
        self._steady = np.zeros(count, np.int32)

    def judge(self, batch: Columns, received_at_ns: int) -> U8:
        """The flags of each row, 0 where nothing is wrong. A point may occur several times; order is kept.

        Point indexes must be in range.
        """
        flags: U8 = np.zeros(len(batch), np.uint8)
        left = np.arange(len(batch))
        while len(left):
            _, first = np.unique(batch.points[left], return_index=True)
            now = left[first]
            flags[now] = self._round(
                batch.points[now].astype(np.int64), batch.values[now], batch.taken_at_ns[now], received_at_ns
            )
            left = np.delete(left, first)
        return flags

    def stale(self, now_ns: int) -> Mask:
        """Which points said something once and nothing usable for longer than they may."""
        heard = self._newest_ns != np.iinfo(np.int64).min
        result: Mask = heard & (now_ns - np.where(heard, self._newest_ns, 0) > self._stale_ns)
        return result

    def never_heard(self) -> Mask:
        """Which points never said anything usable: no data, which is not 0 and not stale."""
        result: Mask = self._newest_ns == np.iinfo(np.int64).min
        return result

    def _round(self, rows: I64, values: F64, taken_ns: I64, received_ns: int) -> U8:
        told, points = self._figures, self._points
        finite = np.isfinite(values)
        out = finite & ((values < points.low[rows]) | (values > points.high[rows]))
        ahead = taken_ns - received_ns > int(told.ahead_after_s * SECOND_NS)
        usable = finite & ~out & ~ahead
        older = usable & (taken_ns < self._newest_ns[rows])
        again = usable & (taken_ns == self._newest_ns[rows])
        news = usable & ~older & ~again
        delay_s = (received_ns - taken_ns) / SECOND_NS
        behind = self._skewed(rows, delay_s, news)
        late = usable & ~behind & (delay_s > told.late_after_s)
        same = news & points.can_stick[rows] & (values == self._value[rows]) & (values > points.low[rows])
        self._same[rows] = np.where(news, np.where(same, self._same[rows] + 1, 1), self._same[rows])
        stuck = news & points.can_stick[rows] & (self._same[rows] >= told.stuck_samples)
        self._value[rows] = np.where(news, values, self._value[rows])
        self._newest_ns[rows] = np.where(news, taken_ns, self._newest_ns[rows])
        flags = np.zeros(len(rows), np.uint8)
        for mask, flag in (
            (~finite, NOT_A_NUMBER), (out, OUT_OF_RANGE), (ahead, CLOCK_AHEAD), (older, OUT_OF_ORDER),
            (again, DUPLICATE), (late, LATE), (behind, CLOCK_BEHIND), (stuck, STUCK),
        ):  # fmt: skip
            flags |= np.where(mask, flag, 0).astype(np.uint8)
        return flags

    def _skewed(self, rows: I64, delay_s: F64, news: Mask) -> Mask:
        """A clock that is behind is late by the same again and again; a queue that empties is not."""
        told = self._figures
        steady = np.abs(delay_s - self._delay_s[rows]) <= told.skew_jitter_s
        counted = np.where(steady, self._steady[rows] + 1, 1)
        self._steady[rows] = np.where(news, counted, self._steady[rows])
        self._delay_s[rows] = np.where(news & ~steady, delay_s, self._delay_s[rows])
        result: Mask = news & (delay_s > told.skew_after_s) & (self._steady[rows] >= told.skew_samples)
        return result


def quality_of(flags: U8) -> U8:
    """Telemetry quality of flags: not a number, out of range and from the future are not usable."""
    result: U8 = np.select(
        [(flags & _UNUSABLE) != 0, (flags & _DOUBTFUL) != 0], [BAD, UNCERTAIN], GOOD
    ).astype(np.uint8)
    return result


def check_unit(unit: str, expected: str) -> str | None:
    """What is wrong with a reading's unit, in words; None when it is the point's own.

    A reading without a unit is refused: a number alone may be any quantity.
    """
    if not unit.strip():
        return f"unit: expected {expected!r}, found nothing"
    return None if unit.strip() == expected else f"unit: expected {expected!r}, found {unit.strip()[:40]!r}"


def quality_of_missing(stale: Mask, never: Mask) -> U8:
    """Telemetry quality of points that say nothing now: NEVER without a value, UNCERTAIN when stale."""
    return np.select([never, stale], [NEVER, UNCERTAIN], GOOD).astype(np.uint8)
