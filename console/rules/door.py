"""What may come in at the measurement door, and what is refused, by which cause.

`CAUSES` names every cause; the figures come from the profile's points and from seeds' plausibility data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.telemetry.table import BAD, F64, GOOD, MAX_AGE_NS, MAX_FUTURE_NS, Columns

CAUSES = ("unknown_point", "future", "too_old", "not_a_number", "out_of_range")


@dataclass(frozen=True, slots=True)
class DoorResult:
    """The readings let in (quality set to BAD where the value cannot be used) and counts by cause.

    `example` is the first refused point index by cause, to name it to a person.
    """

    columns: Columns
    refused: dict[str, int]
    example: dict[str, int]


class Door:
    """Checks batches against the points of the profile; vectorised, one thread."""

    def __init__(self, lows: F64, highs: F64) -> None:
        """`lows`, `highs`: by point index, the least and the greatest value that can be true."""
        self._size = len(lows)
        self._low, self._high = lows, highs

    def check(self, batch: Columns, now_ns: int) -> DoorResult:
        """Unknown points and impossible times are refused; values that cannot be are kept as BAD."""
        refused: dict[str, int] = {}
        example: dict[str, int] = {}

        def drop(cause: str, bad: np.ndarray, batch: Columns) -> Columns:
            count = int(np.count_nonzero(bad))
            if not count:
                return batch
            refused[cause] = count
            example[cause] = int(batch.points[int(np.argmax(bad))])
            return batch.where(~bad)

        batch = drop("unknown_point", batch.points >= self._size, batch)
        batch = drop("future", batch.taken_at_ns > now_ns + MAX_FUTURE_NS, batch)
        batch = drop("too_old", batch.taken_at_ns < now_ns - MAX_AGE_NS, batch)
        missing = ~np.isfinite(batch.values)
        outside = ~missing & (
            (batch.values < self._low[batch.points]) | (batch.values > self._high[batch.points])
        )
        for cause, bad in (("not_a_number", missing), ("out_of_range", outside)):
            count = int(np.count_nonzero(bad))
            if count:
                refused[cause] = count
                example[cause] = int(batch.points[int(np.argmax(bad))])
        unusable = missing | outside
        if unusable.any():
            quality = np.where(unusable, BAD, batch.quality).astype(np.uint8)
            batch = Columns(batch.points, batch.values, batch.taken_at_ns, quality)
        return DoorResult(batch, refused, example)


def good(points: np.ndarray, values: np.ndarray, taken_at_ns: np.ndarray) -> Columns:
    """Columns of good quality, in the dtypes of the bus."""
    return Columns(
        points.astype(np.uint32), values.astype(np.float64), taken_at_ns.astype(np.int64),
        np.full(len(points), GOOD, dtype=np.uint8),
    )
