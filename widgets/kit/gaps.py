"""How long the UI thread kept an operator's key or click waiting: the times between two turns of its loop."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Slot

from console.clock import Clock

PERIOD_MS = 5
STEP_MS = 0.1
LONGEST_MS = 2000.0
RECENT = 2000
"""Beats kept for the status bar: about the last ten seconds."""


class GapMeter(QObject):
    """A short precise timer on the UI thread; each gap is the time between two of its beats.

    The timer's own period (5 ms) is part of every gap, so the figures are never better than the truth.
    UI thread only, except `last_beat_ns`, which the watchdog reads.
    """

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._counts = np.zeros(int(LONGEST_MS / STEP_MS) + 1, dtype=np.int64)
        self._recent = np.zeros(RECENT)
        self._seen = 0
        self.max_ms = 0.0
        self.last_beat_ns = clock.mono_ns()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.beat)

    def start(self) -> None:
        """Measure from now on."""
        self.last_beat_ns = self._clock.mono_ns()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def beat(self) -> None:
        """One turn of the loop."""
        now_ns = self._clock.mono_ns()
        gap_ms = (now_ns - self.last_beat_ns) / 1e6
        self.last_beat_ns = now_ns
        self._counts[min(int(gap_ms / STEP_MS), len(self._counts) - 1)] += 1
        self._recent[self._seen % RECENT] = gap_ms
        self._seen += 1
        self.max_ms = max(self.max_ms, gap_ms)

    def forget(self) -> None:
        """Start the figures anew, for a bench that begins when everything runs."""
        self._counts[:] = 0
        self._seen, self.max_ms = 0, 0.0

    def p99_ms(self) -> float:
        """99 of 100 gaps since the start were at most so long; 0 before the first."""
        if not self._seen:
            return 0.0
        reached = np.searchsorted(np.cumsum(self._counts), 0.99 * self._counts.sum())
        return round((int(reached) + 1) * STEP_MS, 1)

    def recent(self) -> tuple[float, float]:
        """(p99, max) of about the last ten seconds, in ms."""
        gaps = self._recent[: min(self._seen, RECENT)]
        if not len(gaps):
            return 0.0, 0.0
        # Not np.percentile: its first call imports numpy.ma, which holds up the window for a third of a
        # second.
        place = int(0.99 * (len(gaps) - 1))
        return float(np.partition(gaps, place)[place]), float(gaps.max())
