"""A wall on the display that is there, for a screen reader of another process; ends with its input.

    python -m tests.wall.spoken_wall
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from tests.wall.gallery import Gallery

NAMES = ("stalled", "masks", "cut rate", "delayed")


def main() -> None:
    app = QApplication([])
    gallery = Gallery(NAMES, 2, "en", "dark")
    beat = QTimer()
    beat.timeout.connect(gallery.wall.tick)
    beat.start(33)
    ended = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    ended.activated.connect(app.quit)
    app.exec()
    beat.stop()
    gallery.close()


if __name__ == "__main__":
    main()
