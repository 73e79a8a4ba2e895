"""How long a new alarm takes from the reading that raised it until its row has been painted."""

from __future__ import annotations

from collections import deque
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from console.clock import Clock
from console.model.alarm import Alarm

KEPT = 4096


class ShownMeter(QObject):
    """Counts alarms that the list took while it was seen, when its next picture is done. UI thread.

    An alarm's `raised_at_ns` is the reading's own time, so clocks that differ are part of the figure.
    """

    def __init__(self, picture: QWidget, clock: Clock, parent: QObject | None = None) -> None:
        """`picture`: what the rows are painted on."""
        super().__init__(parent)
        self._clock = clock
        self._raised: dict[str, int] = {}
        self._waiting: dict[str, int] = {}
        self._due = False
        self.shown_ms: deque[float] = deque(maxlen=KEPT)
        picture.installEventFilter(self)

    def taken(self, changed: dict[str, Alarm | None]) -> None:
        """The list's rows are up to date with these."""
        for alarm_id, alarm in changed.items():
            if alarm is None:
                self._raised.pop(alarm_id, None)
                self._waiting.pop(alarm_id, None)
            elif alarm.state == "B" and self._raised.get(alarm_id) != alarm.raised_at_ns:
                self._raised[alarm_id] = self._waiting[alarm_id] = alarm.raised_at_ns

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A picture is about to be made: it is done at the loop's next turn."""
        if self._waiting and not self._due and event.type() == QEvent.Type.Paint:
            self._due = True
            QTimer.singleShot(0, self, self._painted)
        return False

    @Slot()
    def _painted(self) -> None:
        self._due = False
        now_ns = self._clock.now_ns()
        self.shown_ms.extend((now_ns - raised_ns) / 1e6 for raised_ns in self._waiting.values())
        self._waiting.clear()

    def forget(self) -> None:
        """A measurement begins."""
        self.shown_ms.clear()

    def figures(self, first_priority: int, listed: int) -> dict[str, Any]:
        """For the desk's figures: how many, median, p99 (ms), what stands first, how many the list holds."""
        ordered = sorted(self.shown_ms)
        last = len(ordered) - 1
        return {
            "alarms_shown": len(ordered),
            "alarm_shown_p50_ms": round(ordered[len(ordered) // 2], 1) if ordered else 0.0,
            "alarm_shown_p99_ms": round(ordered[min(last, int(0.99 * len(ordered)))], 1) if ordered else 0.0,
            "alarm_first_priority": first_priority, "alarms_listed": listed,
        }  # fmt: skip
