"""Garbage is collected on the UI thread only, when it is idle.

Python's cyclic collector runs in whichever thread allocates, and a QObject destroyed in another thread
than its own ends the process. So the automatic collector is off, and this timer does its work.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

YOUNG_MS = 1000
MIDDLE_EVERY = 10
OLD_EVERY = 120
FLOOD = 100_000
"""So many new objects in a second are a snapshot of the city that was read, and not garbage."""


class Collector(QObject):
    """Collects generation 0 each second, 1 each ten seconds, all each two minutes. UI thread only."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = 0
        self._was_on = gc.isenabled()
        self._timer = QTimer(self)
        self._timer.setInterval(YOUNG_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Take over from the automatic collector. Call when the window is built: what exists now is not
        looked at again (`gc.freeze`), which keeps the full collections short. Only the newest are looked at
        before: all of them took three quarters of a second beside the other processes that begin then.
        """
        gc.disable()
        gc.collect(0)
        gc.freeze()
        self._timer.start()

    def stop(self) -> None:
        """Give the work back to the automatic collector."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    @Slot()
    def collect(self) -> None:
        """Do this second's share. After a flood the new objects are set aside like those that existed at the
        start: looking at all of them would hold the window up for a third of a second, each time again.
        They are freed all the same when nothing names them; only cycles among them are not found.
        """
        self._turn += 1
        if gc.get_count()[0] > FLOOD:
            gc.freeze()
            return
        if self._turn % OLD_EVERY == 0:
            gc.collect(2)
        elif self._turn % MIDDLE_EVERY == 0:
            gc.collect(1)
        else:
            gc.collect(0)
