"""Which points have said nothing for too long, for all points at once."""

from __future__ import annotations

import numpy as np

from console.clock import SECOND_NS
from console.telemetry.table import F64, I64, U32, Mask


class Freshness:
    """Holds when each point last had a usable value. One thread. `stale` is as of the last `look`."""

    def __init__(self, period_s: F64, periods: float, since_ns: int) -> None:
        """A point that has never spoken counts from `since_ns`. A period of 0 never goes stale."""
        self.last_ns: I64 = np.full(len(period_s), since_ns, dtype=np.int64)
        # int32 milliseconds would do for a month; a point that speaks once a quarter needs more.
        after_s = np.where(period_s > 0, period_s * periods, np.inf)
        limit_s = (np.iinfo(np.int64).max // 4) // SECOND_NS
        self._after_ns: I64 = (np.minimum(after_s, limit_s) * SECOND_NS).astype(np.int64)
        self.stale: Mask = np.zeros(len(period_s), dtype=bool)

    def seen(self, points: U32, taken_at_ns: I64) -> None:
        """Usable values came. Of a point that occurs several times the last row counts."""
        self.last_ns[points] = np.maximum(self.last_ns[points], taken_at_ns)

    def look(self, now_ns: int) -> None:
        """Take `stale` anew: silent for longer than the point's time."""
        np.greater(now_ns - self.last_ns, self._after_ns, out=self.stale)
