"""More windows of a desk, each with one part (a wall): opened by an act, remembered, put back on their
monitors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QRect, QSize, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.language import Catalogue
from widgets.kit.actions import Actions
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.shell.keptfile import DeskKept, KeptFile, WindowKept
from widgets.shell.screens import ScreenHome

MOST_WINDOWS = 8
SIZE = QSize(1280, 760)


class Part(Protocol):
    """What stands in a window: it keeps what it shows as a text and is ended by `release`."""

    def kept(self) -> str: ...

    def bring_back(self, text: str) -> bool: ...

    def release(self) -> None: ...


class SideWindow(QWidget):
    """One more window. It never looks inside its part.

    Signals:
        closing: the operator closes it.
    """

    closing = Signal()

    def __init__(self, number: int, part: QWidget, catalogue: Catalogue) -> None:
        super().__init__()
        self.number, self.part, self._catalogue = number, part, catalogue
        self.setObjectName(f"window-{number}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(part)
        self.home = ScreenHome(self, self)
        self._forget_words = follow(catalogue, self._retext)

    def sizeHint(self) -> QSize:
        return SIZE

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closing.emit()

    @Slot()
    def _retext(self) -> None:
        self.setWindowTitle(self._catalogue.say("shell.side_window", number=self.number))
        self.setAccessibleName(self.windowTitle())


class SideWindows(QObject):
    """All further windows of a desk, and the file that remembers them and the main part. UI thread only.

    `make(number)` gives a new part, `end(part)` is called when its window is closed. Nothing is written but
    through the file's own thread.
    """

    def __init__(
        self, make: Callable[[int], QWidget], end: Callable[[QWidget], None], file: KeptFile, pulse: Pulse,
        actions: Actions, catalogue: Catalogue, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._make, self._end, self._file = make, end, file
        self._actions, self._catalogue = actions, catalogue
        self._windows: list[SideWindow] = []
        self._main: Part | None = None
        self._main_home: ScreenHome | None = None
        self._put: DeskKept | None = None
        self._leaving = False
        self._begun = False
        pulse.second_passed.connect(self.look)

    def windows(self) -> tuple[SideWindow, ...]:
        return tuple(self._windows)

    def begin(self, main: Part, window: QWidget) -> bool:
        """Bring the main part and all windows back as they were kept. False where nothing was kept of the
        main part."""
        kept = self._file.read()
        self._main = main
        self._main_home = ScreenHome(window, self)
        found = bool(kept.main) and main.bring_back(kept.main)
        for one in kept.windows[:MOST_WINDOWS]:
            self._open(one)
        if kept.screen and QGuiApplication.platformName() != "offscreen":
            names = {screen.name() for screen in QGuiApplication.screens()}
            if kept.screen not in names:
                # Qt has put it on another monitor by itself; it goes back when this one returns.
                self._main_home.screen, self._main_home.rect = kept.screen, QRect(*kept.rect)
                self._main_home.is_away = True
        self._begun = True
        return found

    @Slot()
    def open(self) -> SideWindow | None:
        """One more window; None when there are as many as can be."""
        if len(self._windows) >= MOST_WINDOWS:
            return None
        window = self._open(WindowKept())
        self.keep()
        return window

    def _open(self, kept: WindowKept) -> SideWindow:
        number = next(n for n in range(2, MOST_WINDOWS + 3) if n not in {one.number for one in self._windows})
        part = self._make(number)
        window = SideWindow(number, part, self._catalogue)
        self._windows.append(window)
        if kept.part:
            part.bring_back(kept.part)  # type: ignore[attr-defined]
        window.closing.connect(self._closing)
        self._actions.also_in(window, "wall.")
        self._actions.also_in(window, "bar.")
        self._actions.also_in(window, "shell.full_screen")
        window.resize(SIZE)
        if kept.screen:
            window.home.begin(kept.screen, QRect(*kept.rect), kept.full, kept.maximized)
        else:
            self._to_free_screen(window)
        window.show()
        return window

    def _to_free_screen(self, window: SideWindow) -> None:
        """A new window goes to a monitor without one, if there is such a monitor."""
        used = {one.screen().name() for one in self._windows if one is not window and one.isVisible()}
        main = self._main_home
        if main is not None:
            main.look()
            used.add(main.screen)
        free = next((one for one in QGuiApplication.screens() if one.name() not in used), None)
        if free is not None:
            window.setGeometry(free.availableGeometry())

    @Slot()
    def _closing(self) -> None:
        window = self.sender()
        if not isinstance(window, SideWindow) or window not in self._windows or self._leaving:
            return
        self._windows.remove(window)
        self._end(window.part)
        window.deleteLater()
        self.keep()

    def leave(self) -> None:
        """The desk is being left: what is there now is what is remembered, though Qt closes every window of a
        program that quits."""
        self.keep()
        self._leaving = True

    def close_all(self) -> None:
        """The desk is left: the windows go, and are remembered."""
        self.leave()
        for window in self._windows:
            self._end(window.part)
            window.close()
            window.deleteLater()
        self._windows.clear()
        self._file.close()

    @Slot()
    def look(self) -> None:
        """Note where the windows are, and keep it if something changed."""
        if self._main_home is not None:
            self._main_home.look()
        for window in self._windows:
            window.home.look()
        self.keep()

    @Slot()
    def keep(self) -> None:
        """Give the file what is to be kept, if that is another than before."""
        if not self._begun or self._leaving or self._main is None or self._main_home is None:
            return
        kept = DeskKept(
            main=self._main.kept(), screen=self._main_home.screen, rect=_four(self._main_home.rect),
            windows=tuple(
                WindowKept(
                    part=one.part.kept(),  # type: ignore[attr-defined]
                    screen=one.home.screen, rect=_four(one.home.rect), full=one.home.is_full,
                    maximized=one.home.is_maximized,
                )
                for one in self._windows
            ),
        )  # fmt: skip
        if kept != self._put:
            self._put = kept
            self._file.put(kept)


def _four(rect: QRect) -> tuple[int, int, int, int]:
    return rect.x(), rect.y(), rect.width(), rect.height()
