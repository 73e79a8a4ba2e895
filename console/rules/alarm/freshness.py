"""Which points have said nothing for too long, for all points at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS
from console.telemetry.table import F64, I64, U32, Mask

UNHEARD = 0
"""In `last_ns`: nothing usable has come yet."""
LONG_AGO = 1
"""In `last_ns`: known to be silent since before we listened."""


class Freshness:
    """Holds when each point last had a usable value. One thread. `stale` is as of the last `look`.

    Only what has spoken can fall silent: a point is missed from its first usable value on. Which of a city's
    devices are connected at all is known only by their speaking, and a console that starts has heard nobody.
    """

    def __init__(self, period_s: F64, periods: float) -> None:
        """A period of 0 never goes stale."""
        self.last_ns: I64 = np.full(len(period_s), UNHEARD, dtype=np.int64)
        # int32 milliseconds would do for a month; a point that speaks once a quarter needs more.
        after_s = np.where(period_s > 0, period_s * periods, np.inf)
        limit_s = (np.iinfo(np.int64).max // 4) // SECOND_NS
        self._after_ns: I64 = (np.minimum(after_s, limit_s) * SECOND_NS).astype(np.int64)
        self.stale: Mask = np.zeros(len(period_s), dtype=bool)

    def seen(self, points: U32, at_ns: I64 | int) -> None:
        """Usable values came then. Of a point that occurs several times the last row counts."""
        self.last_ns[points] = np.maximum(self.last_ns[points], at_ns)

    def known_silent(self, points: npt.NDArray[np.integer[Any]]) -> None:
        """These had been missed when the record was taken over; they are until they speak."""
        self.last_ns[points] = np.where(self.last_ns[points] == UNHEARD, LONG_AGO, self.last_ns[points])

    def begin_anew(self, points: Mask, now_ns: int) -> None:
        """Whoever brings these points' values was away; each has its time again from now on."""
        self.last_ns[points & (self.last_ns > LONG_AGO)] = now_ns

    @property
    def heard(self) -> Mask:
        """The points that can be missed."""
        return np.asarray(self.last_ns != UNHEARD)

    def look(self, now_ns: int, away: Mask | None = None) -> None:
        """Take `stale` anew: silent for longer than the point's time. Of those `away` nothing can be said;
        they stay as they were."""
        before = self.stale.copy() if away is not None else self.stale
        np.greater(now_ns - self.last_ns, self._after_ns, out=self.stale)
        self.stale &= self.last_ns != UNHEARD
        if away is not None:
            self.stale[away] = before[away]
