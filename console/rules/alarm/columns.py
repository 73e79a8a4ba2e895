"""What every alarm of a city is, as columns: one row per alarm, whatever state it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from console.model.device import Limit
from console.profile.limits import LimitColumns
from console.rules.alarm.figures import Delays
from console.telemetry.table import F64, U8, Mask

I32 = npt.NDArray[np.int32]
SECOND_MS = 1000


class Sort(IntEnum):
    """Where a row's condition comes from."""

    VALUE = 0
    """A reading of its point, against `set_at` and `clear_at`."""
    STALE = 1
    """Its point has said nothing for too long."""
    TOLD = 2
    """Whoever knows says so: who judges whole hours, a gateway's end of the line, a device's own fault."""


@dataclass(frozen=True, slots=True)
class AlarmColumns:
    """Equal-length arrays. TOLD rows need no `point` (-1) and no levels, STALE rows no levels.

    `count` samples beyond `set_at` within `window_ms` are needed to begin; 1 where each one counts.
    `priority` 1 is the most urgent. A row that latches stays until it is reset; one with `ring_back` says
    also that it is over.
    """

    sort: U8
    point: I32
    above: Mask
    set_at: F64
    clear_at: F64
    on_ms: I32
    off_ms: I32
    count: I32
    window_ms: I32
    priority: U8
    latching: Mask
    ring_back: Mask

    def __len__(self) -> int:
        return len(self.sort)

    def __post_init__(self) -> None:
        """Raises ValueError with the row and what is wrong."""
        sizes = {name: len(getattr(self, name)) for name in self.__slots__}
        if len(set(sizes.values())) > 1:
            raise ValueError(f"alarm columns of different lengths: {sizes}")
        value = self.sort == Sort.VALUE
        right_side = np.where(self.above, self.clear_at <= self.set_at, self.clear_at >= self.set_at)
        for what, wrong in (
            ("clear_at beyond set_at, or a level that is no number", value & ~right_side),
            ("a point is needed", (self.sort != Sort.TOLD) & (self.point < 0)),
            ("a delay below zero", (self.on_ms < 0) | (self.off_ms < 0)),
            ("a count below 1", self.count < 1),
            ("a count without a window", (self.count > 1) & (self.window_ms <= 0)),
            ("a count needs samples", (self.count > 1) & ~value),
            ("a priority below 1", self.priority < 1),
        ):
            if wrong.any():
                raise ValueError(f"alarm row {int(np.argmax(wrong))}: {what}")


def of_limit_columns(limits: LimitColumns) -> AlarmColumns:
    """The rows of a profile's limits, in their order. Those on whole hours are TOLD: who judges the hours
    says when they begin and end."""
    return AlarmColumns(
        sort=np.where(limits.hours > 0, Sort.TOLD, Sort.VALUE).astype(np.uint8),
        point=limits.point_index.astype(np.int32),
        above=limits.above, set_at=limits.set_at, clear_at=limits.clear_at,
        on_ms=_ms(limits.on_delay_s), off_ms=_ms(limits.off_delay_s),
        count=limits.count.astype(np.int32), window_ms=_ms(limits.window_s),
        priority=limits.priority.astype(np.uint8),
        latching=limits.latching, ring_back=limits.ring_back,
    )  # fmt: skip


def of_limits(limits: Sequence[Limit]) -> AlarmColumns:
    """The same of limits one by one."""
    return of_limit_columns(
        LimitColumns(
            point_index=np.array([one.point_index for one in limits], np.int32),
            above=np.array([one.above for one in limits], np.bool_),
            set_at=np.array([one.set_at for one in limits], np.float64),
            clear_at=np.array([one.clear_at for one in limits], np.float64),
            on_delay_s=np.array([one.on_delay_s for one in limits], np.float64),
            off_delay_s=np.array([one.off_delay_s for one in limits], np.float64),
            priority=np.array([one.priority for one in limits], np.int16),
            hours=np.array([one.hours for one in limits], np.int16),
            latching=np.array([one.latching for one in limits], np.bool_),
            ring_back=np.array([one.ring_back for one in limits], np.bool_),
            count=np.array([one.count for one in limits], np.int16),
            window_s=np.array([one.window_s for one in limits], np.float64),
        )
    )


def others(
    sort: Sort, points: Sequence[int], priority: int, on_s: float = 0.0, off_s: float = 0.0
) -> AlarmColumns:
    """Rows of one sort without levels: a STALE row for each of `points`, or as many TOLD ones."""
    size = len(points)
    return AlarmColumns(
        sort=np.full(size, sort, np.uint8), point=np.array(points, np.int32),
        above=np.ones(size, bool), set_at=np.full(size, np.nan), clear_at=np.full(size, np.nan),
        on_ms=np.full(size, round(on_s * SECOND_MS), np.int32),
        off_ms=np.full(size, round(off_s * SECOND_MS), np.int32),
        count=np.ones(size, np.int32), window_ms=np.zeros(size, np.int32),
        priority=np.full(size, priority, np.uint8),
        latching=np.zeros(size, bool), ring_back=np.zeros(size, bool),
    )  # fmt: skip


def joined(parts: Sequence[AlarmColumns]) -> AlarmColumns:
    """Rows behind each other."""
    return AlarmColumns(
        **{name: np.concatenate([getattr(one, name) for one in parts]) for name in AlarmColumns.__slots__}
    )


def clear_level(figures: Delays, sort: str, above: bool, set_at: float, low: float, high: float) -> float:
    """Where a limit without a clear level of its own is left: the deadband of its sort of quantity, a share
    of the point's range low..high, on the normal side. Raises KeyError for a sort without a figure.
    """
    deadband = figures.deadband_percent[sort] / 100 * (high - low)
    return set_at - deadband if above else set_at + deadband


def causes_by_row(plan: Mapping[int, Sequence[int]], size: int) -> dict[int, npt.NDArray[np.intp]]:
    """A checked plan of suppression: cause row to the rows that say nothing new while it is there.

    Raises ValueError for a row that is not there or suppresses itself.
    """
    checked = {}
    for cause, rows in plan.items():
        array = np.unique(np.array(rows, dtype=np.intp))
        if not 0 <= cause < size or (len(array) and not (array[0] >= 0 and array[-1] < size)):
            raise ValueError(f"suppression by row {cause}: names a row that is not among the {size}")
        if cause in array:
            raise ValueError(f"suppression by row {cause}: it would hide itself")
        checked[cause] = array
    return checked


def _ms(seconds: F64) -> I32:
    return np.round(seconds * SECOND_MS).astype(np.int32)
