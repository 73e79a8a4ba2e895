"""Reads the names of the city in a thread of its own; taken on the pulse."""

from __future__ import annotations

import logging
import threading

from PySide6.QtCore import QObject, Signal, Slot

from console.geo.gazetteer import Gazetteer
from console.profile import Profile
from widgets.kit.pulse import Pulse

log = logging.getLogger("bongsu.bar")


class NamesReader(QObject):
    """Starts at the first `want`; nothing waits but `close`.

    Signals:
        came(Gazetteer): the names have been read.
    """

    came = Signal(object)

    def __init__(self, profile: Profile, pulse: Pulse, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._profile, self._pulse = profile, pulse
        self._read: Gazetteer | None = None
        self._thread = threading.Thread(target=self._work, name="bar-names", daemon=True)
        self._wanted = False

    @Slot()
    def want(self) -> None:
        """Begin, where it was not begun yet."""
        if not self._wanted:
            self._wanted = True
            self._pulse.ticked.connect(self._look)
            self._thread.start()

    def close(self) -> None:
        """Wait for the thread."""
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _work(self) -> None:
        try:
            self._read = Gazetteer(self._profile)
        except Exception:
            log.exception("the names of the city could not be read; the bar finds no place and no device")

    @Slot()
    def _look(self) -> None:
        if self._read is not None:
            self._pulse.ticked.disconnect(self._look)
            self.came.emit(self._read)
            self._read = None
