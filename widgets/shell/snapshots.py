"""Pictures of the window at given seconds, taken by the window itself: works without a screen."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

log = logging.getLogger("bongsu.ui")


class Snapshots(QObject):
    """Saves `NNNs-LANGUAGE.png` for each of the seconds after `start`. Grabs on the UI thread, encodes
    elsewhere.
    """

    def __init__(self, window: QWidget, folder: Path, at_s: tuple[float, ...], name: str) -> None:
        super().__init__(window)
        self._window, self._folder, self._name = window, folder, name
        self._due = sorted(at_s)
        self._threads: list[threading.Thread] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take)
        self._waited_s = 0.0

    def start(self) -> None:
        """Count from now."""
        self._next()

    def close(self) -> None:
        """Take no more; waits for what is being written."""
        self._timer.stop()
        for thread in self._threads:
            thread.join(timeout=10)

    def take(self, path: Path) -> None:
        """One picture of the window as it is now."""
        image = self._window.grab().toImage()
        thread = threading.Thread(target=_save, args=(image, path), name="snapshot", daemon=True)
        thread.start()
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]

    def _next(self) -> None:
        if self._due:
            self._timer.start(max(0, round((self._due[0] - self._waited_s) * 1000)))

    @Slot()
    def _take(self) -> None:
        self._waited_s = self._due.pop(0)
        self.take(self._folder / f"{self._waited_s:03.0f}s-{self._name}.png")
        self._next()


def _save(image: QImage, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(path)):
        log.warning("The picture %s could not be written; nothing else is affected.", path.name)
