"""Tells the parts of this desk which alarms changed: found out once, told to each."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.alarmbook import AlarmBook
from widgets.kit.pulse import Pulse


class AlarmNews(QObject):
    """Looks at the book when entries came. UI thread only.

    Signals:
        changed(dict): alarms by id, None for one that is gone; empty where only something else changed.
    """

    changed = Signal(object)

    def __init__(self, book: AlarmBook, pulse: Pulse, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = book
        pulse.incidents_changed.connect(self.look)

    @Slot()
    def look(self) -> None:
        self.changed.emit(self._book.look())
