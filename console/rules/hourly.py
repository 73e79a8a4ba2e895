"""Limits judged on whole clock hours instead of on samples: fine-dust and ozone alerts.

The hour takes samples after its beginning up to and with its end, by their own time. Its value is the mean of
its samples; where the samples are hourly means already, the last one, taken near the hour's end. A limit
becomes active after so many hours in a row beyond `set_at`, and normal by one hour beyond `clear_at`. An hour
of which too little is known breaks the run and ends nothing: no data is not clean air.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from console.clock import SECOND_NS
from console.model.device import Limit
from console.rules.air.hours import HOUR_NS, end_of_hour_ns, least_periods
from console.rules.crossing import Crossing
from console.telemetry.table import BAD, F64, I64, Columns, Mask

NEAR_PERIODS = 3
"""A sample older than this at the hour's end is stale (see Point.period_s) and not the hour's value."""


def judged(
    value: F64, active: Mask, run: I64, above: Any, set_at: F64, clear_at: F64, hours: Any
) -> tuple[I64, Mask]:
    """(run, active) after one more hour. Arrays of one shape, or ones that fit it."""
    run = lengthened(run, value, above, set_at)
    return run, decided(value, active, run, above, clear_at, hours)


def lengthened(run: I64, value: F64, above: Any, set_at: F64) -> I64:
    """The hours in a row beyond, after one more of that value. Missing is not beyond."""
    beyond = np.isfinite(value) & np.where(above, value >= set_at, value <= set_at)
    longer: I64 = np.where(beyond, run + 1, 0)
    return longer


def decided(value: F64, active: Mask, run: I64, above: Any, clear_at: F64, hours: Any) -> Mask:
    """Whether each limit stands, given the last hour's value and the run of hours beyond."""
    normal = np.isfinite(value) & np.where(above, value < clear_at, value > clear_at)
    stands: Mask = np.where(active, ~normal, run >= hours)
    return stands


class HourlyBank:
    """Holds the open hour of each point and which limits are active.

    One thread; deterministic in the batches. Limits without `hours` are not its own and are left out.
    """

    def __init__(self, limits: Sequence[Limit], point_count: int) -> None:
        own = [(number, one) for number, one in enumerate(limits) if one.hours]
        points = sorted({one.point_index for _, one in own})
        slot_of = {point: slot for slot, point in enumerate(points)}
        self._slot = np.full(point_count, -1, dtype=np.int64)
        self._slot[points] = np.arange(len(points))
        of_slot: dict[int, Limit] = {slot_of[one.point_index]: one for _, one in own}
        each = [of_slot[slot] for slot in range(len(points))]
        self._means = np.array([one.hour_means for one in each], dtype=bool)
        self._period_ns = np.array([int(one.period_s * SECOND_NS) for one in each], dtype=np.int64)
        self._least = np.array(
            [least_periods(one.period_s, one.least_share) for one in each], dtype=np.int64
        )
        self._end = np.zeros(len(points), dtype=np.int64)
        self._open = np.zeros(len(points), dtype=bool)
        self._total = np.zeros(len(points))
        self._count = np.zeros(len(points), dtype=np.int64)
        self._known = np.zeros(len(points), dtype=np.int64)
        self._known_to = np.zeros(len(points), dtype=np.int64)
        self._last = np.zeros(len(points))
        self._last_at = np.zeros(len(points), dtype=np.int64)
        self._judged_end = np.zeros(len(points), dtype=np.int64)
        self._judged = np.full(len(points), np.nan)
        self._again = np.zeros(len(points), dtype=bool)

        self._limit = np.array([number for number, _ in own], dtype=np.int64)
        self._row = {one.id: row for row, (_, one) in enumerate(own)}
        self._of = np.array([slot_of[one.point_index] for _, one in own], dtype=np.int64)
        self._above = np.array([one.above for _, one in own], dtype=bool)
        self._set = np.array([one.set_at for _, one in own])
        self._clear = np.array([one.clear_at for _, one in own])
        self._hours = np.array([one.hours for _, one in own], dtype=np.int64)
        self._active = np.zeros(len(own), dtype=bool)
        self._run = np.zeros(len(own), dtype=np.int64)

    def resync(self, active_limit_ids: Iterable[str]) -> None:
        """Take which limits are active from the committed state. What was measured is kept: the next sample
        of a point decides anew by its last whole hour."""
        self._active[:] = False
        for limit_id in active_limit_ids:
            row = self._row.get(limit_id)
            if row is not None:
                self._active[row] = True
        self._again[:] = self._judged_end > 0

    def evaluate(self, batch: Columns) -> list[Crossing]:
        """What the hours change that the batch's usable readings close. A point may occur several times."""
        if not len(self._limit):
            return []
        mine = (self._slot[batch.points] >= 0) & (batch.quality < BAD)
        if not mine.any():
            return []
        return [crossing for each in batch.where(mine).rounds() for crossing in self._round(each)]

    def _round(self, batch: Columns) -> list[Crossing]:
        slots = self._slot[batch.points]
        ends = end_of_hour_ns(batch.taken_at_ns)
        in_time = (ends > self._end[slots]) | ((ends == self._end[slots]) & self._open[slots])
        slots, ends, batch = slots[in_time], ends[in_time], batch.where(in_time)
        before = self._end[slots]
        later = ends > before
        crossings = self._close(slots[later & self._open[slots]])
        gap = slots[later & (before > 0) & (ends - before > HOUR_NS)]
        self._run[np.isin(self._of, gap)] = 0
        self._begin(slots[later], ends[later])
        self._add(slots, batch, ends)
        crossings += self._close(slots[batch.taken_at_ns == ends])
        again = slots[self._again[slots]]
        if len(again):
            self._again[again] = False
            crossings += self._changes(np.flatnonzero(np.isin(self._of, again)))
        return crossings

    def _begin(self, slots: I64, ends: I64) -> None:
        self._end[slots], self._open[slots] = ends, True
        self._total[slots], self._count[slots], self._known[slots] = 0.0, 0, 0
        self._known_to[slots] = -1

    def _add(self, slots: I64, batch: Columns, ends: I64) -> None:
        self._total[slots] += batch.values
        self._count[slots] += 1
        period = (batch.taken_at_ns - 1 - (ends - HOUR_NS)) // self._period_ns[slots]
        self._known[slots] += period > self._known_to[slots]
        self._known_to[slots] = np.maximum(period, self._known_to[slots])
        self._last[slots], self._last_at[slots] = batch.values, batch.taken_at_ns

    def _close(self, slots: I64) -> list[Crossing]:
        """The open hours of these points are over: what they were, and what that changes."""
        if not len(slots):
            return []
        mean = self._total[slots] / np.maximum(self._count[slots], 1)
        near = self._end[slots] - self._last_at[slots] <= NEAR_PERIODS * self._period_ns[slots]
        value = np.where(
            self._means[slots],
            np.where(near, self._last[slots], np.nan),
            np.where(self._known[slots] >= self._least[slots], mean, np.nan),
        )
        self._judged[slots], self._judged_end[slots] = value, self._end[slots]
        self._open[slots], self._again[slots] = False, False
        rows = np.flatnonzero(np.isin(self._of, slots))
        hour = self._judged[self._of[rows]]
        self._run[rows] = lengthened(self._run[rows], hour, self._above[rows], self._set[rows])
        return self._changes(rows)

    def _changes(self, rows: I64) -> list[Crossing]:
        slots, was = self._of[rows], self._active[rows]
        value = self._judged[slots]
        stands = decided(value, was, self._run[rows], self._above[rows], self._clear[rows], self._hours[rows])
        self._active[rows] = stands
        return [
            Crossing(int(self._limit[rows[one]]), bool(stands[one]), float(value[one]),
                     int(self._judged_end[slots[one]]))
            for one in np.flatnonzero(stands != was)
        ]
