"""Korean dust and ozone alerts on hourly means, for many stations at once.

A step is issued when so many hours in a row are at its level or above, and lifted by one hour below its lower
level. An hour that is missing lifts nothing and breaks the run. The level is the highest step that stands: a
warning that is lifted leaves its advisory, until that is lifted too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from console.rules.air.tables import Alert
from console.rules.hourly import judged
from console.telemetry.table import F64

Levels = npt.NDArray[np.int8]
"""0: no alert; else the number of the step, 1 being the mildest."""


class AlertBoard:
    """Which step stands at each station. One thread; `hour` must be called for every hour, in order."""

    def __init__(self, alert: Alert, stations: int) -> None:
        self._set = np.array([[step.issue] for step in alert.steps])
        self._clear = np.array([[step.clear] for step in alert.steps])
        self._hours = alert.hours
        self._active = np.zeros((len(alert.steps), stations), dtype=bool)
        self._run = np.zeros((len(alert.steps), stations), dtype=np.int64)

    def hour(self, means: F64) -> Levels:
        """Take the means of the next hour (NaN where missing); the levels that stand after it."""
        self._run, self._active = judged(
            means[np.newaxis, :], self._active, self._run, np.True_, self._set, self._clear, self._hours
        )
        return self.levels()

    def levels(self) -> Levels:
        """The level of each station."""
        # A step never stands without the one below it: the tables are refused where that could be.
        levels: Levels = self._active.sum(axis=0).astype(np.int8)
        return levels


def levels_of(alert: Alert, means: F64) -> Levels:
    """Levels after each hour of a whole record: (stations, hours) in, the same out. Begins with no alert."""
    board = AlertBoard(alert, means.shape[0])
    levels: Levels = np.zeros(means.shape, dtype=np.int8)
    for hour in range(means.shape[1]):
        levels[:, hour] = board.hour(means[:, hour])
    return levels
