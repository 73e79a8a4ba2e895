"""A program with one window that has a home on a monitor: says each second's tenth where the window is."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QRect, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from widgets.shell.screens import ScreenHome


def main() -> int:
    app = QApplication(["one-window"])
    window = QWidget()
    home = ScreenHome(window, window)
    screen, *rect = sys.argv[1:6]

    def say() -> None:
        home.look()
        print(json.dumps({
            "at": window.geometry().getRect(), "away": home.is_away, "home": home.screen,
            "screens": [one.name() for one in app.screens()],
        }), flush=True)  # fmt: skip

    def begin() -> None:
        if screen in [one.name() for one in app.screens()]:
            waiting.stop()
            home.begin(screen, QRect(*(int(one) for one in rect)))
            window.show()
            timer.start(100)

    waiting, timer = QTimer(), QTimer()
    waiting.timeout.connect(begin)
    timer.timeout.connect(say)
    waiting.start(50)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
