"""Points and limits by index: sequences that make the record when it is asked for, and their columns.

Points are numbered by device, in the order of the devices, and within a device in the order of its kind;
limits by point in the same way. So one array of first numbers is all that has to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias, overload

import numpy as np

from console.model.base import Words
from console.model.device import Point
from console.profile.columns import DeviceColumns, Float64, Int32, KindPlan, freeze
from console.profile.tables import PointTable

_ValuesOf: TypeAlias = Callable[[KindPlan], list[float]]


class Points(Sequence[Point]):
    """All points of the city; the position of each is its `index`. Any thread."""

    def __init__(self, columns: DeviceColumns, plans: tuple[KindPlan, ...], trended: frozenset[int]) -> None:
        self._columns, self._plans, self._trended = columns, plans, trended
        counts = np.array([len(plan.points) for plan in plans], np.int32)[columns.kind]
        self._first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        freeze(self._first)

    def __len__(self) -> int:
        return int(self._first[-1])

    @overload
    def __getitem__(self, index: int) -> Point: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Point, ...]: ...
    def __getitem__(self, index: int | slice) -> Point | tuple[Point, ...]:
        if isinstance(index, slice):
            return tuple(self[one] for one in range(*index.indices(len(self))))
        row, slot = self.row_and_slot(index)
        number = index if index >= 0 else index + len(self)
        return self._made(number, self._columns.ids[row], self._plan(row).points[slot])

    def _made(self, number: int, device_id: str, table: PointTable) -> Point:
        return Point(
            index=number, id=f"{device_id}/{table.quantity}", device_id=device_id, quantity=table.quantity,
            unit=table.unit, low=table.low, high=table.high, period_s=table.period_s,
            trend=table.trend or number in self._trended,
        )  # fmt: skip

    def __iter__(self) -> Iterator[Point]:
        index = 0
        for device_id, kind in zip(self._columns.ids, self._columns.kind.tolist(), strict=True):
            for table in self._plans[kind].points:
                yield self._made(index, device_id, table)
                index += 1

    def _plan(self, row: int) -> KindPlan:
        return self._plans[int(self._columns.kind[row])]

    def row_and_slot(self, index: int) -> tuple[int, int]:
        """Device row and position within the device's kind. Raises IndexError outside the points."""
        number = index if index >= 0 else index + len(self)
        if not 0 <= number < len(self):
            raise IndexError(f"point {index} of {len(self)}")
        row = int(np.searchsorted(self._first, number, side="right")) - 1
        return row, number - int(self._first[row])

    def name(self, index: int) -> Words:
        """What the point measures, in words ("water depth")."""
        row, slot = self.row_and_slot(index)
        return self._plan(row).points[slot].name

    def of_device(self, row: int) -> range:
        """Indexes of the points of a device row."""
        return range(int(self._first[row]), int(self._first[row + 1]))

    def index_of(self, point_id: str) -> int | None:
        """Index of "DEVICE/quantity", None where there is no such point."""
        device_id, _, quantity = point_id.rpartition("/")
        row = self._columns.row_of.get(device_id)
        if row is None:
            return None
        slot = self._plan(row).slot_of.get(quantity)
        return None if slot is None else int(self._first[row]) + slot

    def trended(self) -> tuple[int, ...]:
        """Indexes of the points whose history is kept: those of their kind's data and those on a chart."""
        kinds = [np.array([point.trend for point in plan.points], np.bool_) for plan in self._plans]
        wanted = {kind for kind, flags in enumerate(kinds) if flags.any()}
        rows = np.flatnonzero(np.isin(self._columns.kind, sorted(wanted)))
        found = {
            int(self._first[row]) + int(slot)
            for row in rows for slot in np.flatnonzero(kinds[self._columns.kind[row]])
        }  # fmt: skip
        return tuple(sorted(found | self._trended))

    def device_rows(self) -> Int32:
        """int32 by point: the device's row."""
        return np.repeat(np.arange(len(self._columns.ids), dtype=np.int32), np.diff(self._first))

    def lows(self) -> Float64:
        """float64 by point: the least value that can be true."""
        return self._each(lambda plan: [point.low for point in plan.points])

    def highs(self) -> Float64:
        """float64 by point: the greatest value that can be true."""
        return self._each(lambda plan: [point.high for point in plan.points])

    def periods_s(self) -> Float64:
        """float64 by point: how often a value is expected."""
        return self._each(lambda plan: [point.period_s for point in plan.points])

    def _each(self, values_of: _ValuesOf) -> Float64:
        """One float64 per point from one list per kind. A new array at every call."""
        lists = [np.array(values_of(plan), np.float64) for plan in self._plans]
        start = np.concatenate([[0], np.cumsum([len(one) for one in lists])])
        rows = self.device_rows()
        slot = np.arange(len(self)) - self._first[rows]
        every: Float64 = np.concatenate([*lists, np.zeros(0)])
        found: Float64 = every[start[self._columns.kind[rows]] + slot]
        return found


class PointById(Mapping[str, Point]):
    """Points by "DEVICE/quantity". Any thread."""

    def __init__(self, points: Points) -> None:
        self._points = points

    def __len__(self) -> int:
        return len(self._points)

    def __iter__(self) -> Iterator[str]:
        return (point.id for point in self._points)

    def __contains__(self, point_id: object) -> bool:
        return isinstance(point_id, str) and self._points.index_of(point_id) is not None

    def __getitem__(self, point_id: str) -> Point:
        index = self._points.index_of(point_id)
        if index is None:
            raise KeyError(point_id)
        return self._points[index]
