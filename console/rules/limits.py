"""Limits on points, for all points at once: on- and off-delay, set and clear level apart (hysteresis).

Delays are measured on the samples' own time, so that a replay and a late delivery decide alike. A limit
becomes active when a sample finds it beyond `set_at` at least `on_delay_s` after the first such sample, and
normal when a sample finds it back beyond `clear_at` at least `off_delay_s` after the first such sample.
Limits on whole hours (`Limit.hours`) are judged beside them, see `hourly`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from console.clock import SECOND_NS
from console.model.device import Limit
from console.rules.crossing import Crossing
from console.rules.hourly import HourlyBank
from console.telemetry.table import BAD, Columns

__all__ = ["Crossing", "LimitBank"]


class LimitBank:
    """Holds which limits are active. One thread; deterministic in the sequence of batches."""

    def __init__(self, limits: Sequence[Limit], point_count: int) -> None:
        self._hourly = HourlyBank(limits, point_count)
        sampled = [one for one in range(len(limits)) if not limits[one].hours]
        order = sorted(sampled, key=lambda one: limits[one].point_index)
        self._limit = np.array(order, dtype=np.int64)
        self._row = {limits[limit].id: row for row, limit in enumerate(order)}
        points = np.array([limits[one].point_index for one in order], dtype=np.int64)
        self._count = np.bincount(points, minlength=point_count).astype(np.int64)
        self._first = np.concatenate(([0], np.cumsum(self._count)[:-1])) if point_count else self._count
        self._above = np.array([limits[one].above for one in order], dtype=bool)
        self._set = np.array([limits[one].set_at for one in order])
        self._clear = np.array([limits[one].clear_at for one in order])
        self._on_ns = np.array([int(limits[one].on_delay_s * SECOND_NS) for one in order], dtype=np.int64)
        self._off_ns = np.array([int(limits[one].off_delay_s * SECOND_NS) for one in order], dtype=np.int64)
        self._active = np.zeros(len(order), dtype=bool)
        self._since = np.zeros(len(order), dtype=np.int64)

    def resync(self, active_limit_ids: Iterable[str]) -> None:
        """Take which limits are active from the committed state (at start, or after a failed commit)."""
        active_limit_ids = tuple(active_limit_ids)
        self._hourly.resync(active_limit_ids)
        self._active[:] = False
        self._since[:] = 0
        for limit_id in active_limit_ids:
            row = self._row.get(limit_id)
            if row is not None:
                self._active[row] = True

    def evaluate(self, batch: Columns) -> list[Crossing]:
        """What the batch's usable readings change. A point may occur several times; order is kept."""
        crossings = self._hourly.evaluate(batch)
        limited = (self._count[batch.points] > 0) & (batch.quality < BAD)
        if not limited.any():
            return crossings
        for each in batch.where(limited).rounds():
            crossings += self._round(each)
        return crossings

    def _round(self, batch: Columns) -> list[Crossing]:
        count = self._count[batch.points]
        offset = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        rows = np.repeat(self._first[batch.points], count) + offset
        value = np.repeat(batch.values, count)
        at = np.repeat(batch.taken_at_ns, count)
        above, active = self._above[rows], self._active[rows]
        beyond = np.where(above, value >= self._set[rows], value <= self._set[rows])
        normal = np.where(above, value < self._clear[rows], value > self._clear[rows])
        turning = np.where(active, normal, beyond)
        since = np.where(turning, np.where(self._since[rows] == 0, at, self._since[rows]), 0)
        delay = np.where(active, self._off_ns[rows], self._on_ns[rows])
        done = turning & (at - since >= delay)
        self._since[rows] = np.where(done, 0, since)
        self._active[rows] = active ^ done
        return [
            Crossing(int(self._limit[rows[one]]), not bool(active[one]), float(value[one]), int(at[one]))
            for one in np.flatnonzero(done)
        ]
