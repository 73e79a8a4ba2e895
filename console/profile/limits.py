"""Limits by index: a sequence that makes the record when it is asked for, and the columns rules work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from console.model.device import Limit
from console.profile.columns import DeviceColumns, Float64, Int16, Int32, KindPlan, freeze
from console.profile.points import Points

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class LimitColumns:
    """One row per limit, in the order of `Limits`."""

    point_index: Int32
    above: npt.NDArray[np.bool_]
    set_at: Float64
    clear_at: Float64
    on_delay_s: Float64
    off_delay_s: Float64
    hours: Int16
    priority: Int16
    latching: npt.NDArray[np.bool_]
    ring_back: npt.NDArray[np.bool_]
    count: Int16
    window_s: Float64


class Limits(Sequence[Limit]):
    """All limits of the city, ordered by point. Any thread.

    `levels` replaces (set_at, clear_at) of single limits where a station has its own: by limit number.
    """

    def __init__(
        self, device_columns: DeviceColumns, plans: tuple[KindPlan, ...], points: Points,
        levels: dict[tuple[int, int], tuple[float, float]],
    ) -> None:  # fmt: skip
        self._devices, self._plans, self._points = device_columns, plans, points
        counts = np.array([len(plan.limits) for plan in plans], np.int32)[device_columns.kind]
        self._first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        freeze(self._first)
        self._levels = {int(self._first[row]) + slot: pair for (row, slot), pair in levels.items()}

    def __len__(self) -> int:
        return int(self._first[-1])

    @overload
    def __getitem__(self, index: int) -> Limit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Limit, ...]: ...
    def __getitem__(self, index: int | slice) -> Limit | tuple[Limit, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(len(self))))
        number = index if index >= 0 else index + len(self)
        if not 0 <= number < len(self):
            raise IndexError(f"limit {index} of {len(self)}")
        row = int(np.searchsorted(self._first, number, side="right")) - 1
        plan = self._plans[self._devices.kind[row]]
        slot, table = plan.limits[number - int(self._first[row])]
        set_at, clear_at = self._levels.get(number, (table.set_at, table.clear_at))
        return Limit(
            id=f"{self._devices.ids[row]}/{plan.points[slot].quantity}/{table.id}",
            point_index=self._points.of_device(row)[slot], above=table.above, set_at=set_at,
            clear_at=clear_at, on_delay_s=table.on_delay_s, off_delay_s=table.off_delay_s,
            priority=table.priority, text=table.text, guidance=table.guidance,
            incident_type=table.incident_type, source=table.source, hours=table.hours,
            hour_means=plan.points[slot].mean_s == HOUR_S, period_s=plan.points[slot].period_s,
            least_share=plan.points[slot].least_share, latching=table.latching, ring_back=table.ring_back,
            count=table.count, window_s=table.window_s,
        )  # fmt: skip

    def of_device(self, row: int) -> range:
        """Indexes of the limits of a device row."""
        return range(int(self._first[row]), int(self._first[row + 1]))

    def columns(self) -> LimitColumns:
        """All limits as arrays, for rules over the whole city at once. New arrays at every call."""
        kinds = [self._plans[kind].limits for kind in range(len(self._plans))]
        start = np.concatenate([[0], np.cumsum([len(one) for one in kinds])]).astype(np.int64)
        rows = np.repeat(np.arange(len(self._devices.ids)), np.diff(self._first))
        which = start[self._devices.kind[rows]] + np.arange(len(self)) - self._first[rows]
        flat = [pair for one in kinds for pair in one]
        first_point = np.array(
            [self._points.of_device(int(row)).start for row in range(len(self._devices.ids))]
        )
        set_at = np.array([limit.set_at for _, limit in flat], np.float64)[which]
        clear_at = np.array([limit.clear_at for _, limit in flat], np.float64)[which]
        for number, (own_set, own_clear) in self._levels.items():
            set_at[number], clear_at[number] = own_set, own_clear
        return LimitColumns(
            point_index=(first_point[rows] + np.array([slot for slot, _ in flat])[which]).astype(np.int32),
            above=np.array([limit.above for _, limit in flat], np.bool_)[which],
            set_at=set_at, clear_at=clear_at,
            on_delay_s=np.array([limit.on_delay_s for _, limit in flat], np.float64)[which],
            off_delay_s=np.array([limit.off_delay_s for _, limit in flat], np.float64)[which],
            hours=np.array([limit.hours for _, limit in flat], np.int16)[which],
            priority=np.array([limit.priority for _, limit in flat], np.int16)[which],
            latching=np.array([limit.latching for _, limit in flat], np.bool_)[which],
            ring_back=np.array([limit.ring_back for _, limit in flat], np.bool_)[which],
            count=np.array([limit.count for _, limit in flat], np.int16)[which],
            window_s=np.array([limit.window_s for _, limit in flat], np.float64)[which],
        )  # fmt: skip
