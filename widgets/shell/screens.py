"""A window and its monitor: one that is gone lends the window to another, and gets it back when it
returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QRect, Slot
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid


class Screen(Protocol):
    """What is needed of a QScreen."""

    def name(self) -> str: ...

    def geometry(self) -> QRect: ...

    def availableGeometry(self) -> QRect: ...


def fitting(rect: QRect, room: QRect) -> QRect:
    """`rect` moved, and made smaller where it must be, so that all of it lies in `room`."""
    width, height = min(rect.width(), room.width()), min(rect.height(), room.height())
    x = min(max(rect.x(), room.x()), room.right() - width + 1)
    y = min(max(rect.y(), room.y()), room.bottom() - height + 1)
    return QRect(x, y, width, height)


class ScreenHome(QObject):
    """Remembers on which monitor, and where on it, the operator put a window. UI thread only.

    `look` each second notes where the window is. While its monitor is gone nothing is noted: the place is
    kept, and the window goes back there when a monitor of the same name returns, whatever became of it
    meanwhile.
    """

    def __init__(
        self, window: QWidget, parent: QObject, screens: Callable[[], Sequence[Any]] = QGuiApplication.screens
    ) -> None:
        super().__init__(parent)
        self._window, self._screens = window, screens
        self.screen = ""
        """The monitor's name; empty before the first look."""
        self.rect = QRect()
        self._full = self._maximized = False
        self.is_away = False
        """Whether the window stands in for somewhere else: its monitor is gone."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.connect(self.screen_removed)
            app.screenAdded.connect(self.screen_added)

    @property
    def is_full(self) -> bool:
        """Whether it fills its monitor, or did when that went."""
        return self._full

    @property
    def is_maximized(self) -> bool:
        return self._maximized

    def begin(self, screen: str, rect: QRect, full: bool = False, maximized: bool = False) -> None:
        """Put the window where it was left; on another monitor while that one is not there."""
        self.screen, self.rect, self._full, self._maximized = screen, rect, full, maximized
        found = self._named(screen)
        self.is_away = found is None and bool(screen)
        self._go(found)

    @Slot()
    def look(self) -> None:
        """Note where the window is, unless it is away."""
        if self.is_away or not isValid(self._window) or not self._window.isVisible():
            return
        if self._window.isMinimized():
            return
        screen = self._window.screen()
        self.screen = screen.name() if screen is not None else ""
        self._full, self._maximized = self._window.isFullScreen(), self._window.isMaximized()
        if not (self._full or self._maximized):
            self.rect = self._window.geometry()
        elif screen is not None and not screen.geometry().intersects(self.rect):
            self.rect = fitting(self.rect, screen.availableGeometry())

    @Slot(QScreen)
    def screen_removed(self, screen: Screen) -> None:
        """A monitor went."""
        if isValid(self._window) and screen.name() == self.screen and not self.is_away:
            self.is_away = True
            self._go(None, gone=screen)

    @Slot(QScreen)
    def screen_added(self, screen: Screen) -> None:
        """A monitor came, perhaps ours."""
        if isValid(self._window) and self.is_away and screen.name() == self.screen:
            self.is_away = False
            self._go(screen)

    def _named(self, name: str) -> Any:
        return next((one for one in self._screens() if one.name() == name), None)

    def _go(self, screen: Any, gone: Any = None) -> None:
        """To this monitor, else to the first there is. A window that filled its monitor fills the other
        one."""
        others = [
            one for one in self._screens() if one is not gone and (gone is None or one.name() != gone.name())
        ]
        target = screen or (others[0] if others else None)
        if target is None:
            return  # there is none at all: Qt keeps the window until one comes
        rect = self.rect if self.rect.isValid() else target.availableGeometry()
        if self._window.isVisible() and (self._window.isFullScreen() or self._window.isMaximized()):
            self._window.showNormal()
        self._window.setGeometry(fitting(rect, target.availableGeometry()))
        if self._full:
            self._window.showFullScreen()
        elif self._maximized:
            self._window.showMaximized()
