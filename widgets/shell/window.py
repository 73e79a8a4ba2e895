"""The desk's window. It is given its parts and never looks inside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from console.language import LANGUAGES
from widgets.kit.actions import Actions
from widgets.kit.excepthook import Mishaps
from widgets.kit.gaps import GapMeter
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import THEMES, Tokens
from widgets.shell.banner import Banner
from widgets.shell.health import Bounds, Health
from widgets.shell.keys import KeyHelp
from widgets.shell.lastact import LastAct
from widgets.shell.operate import Operate
from widgets.shell.rail import Rail
from widgets.shell.remembered import Remembered
from widgets.shell.status import StatusBar, seat_text

if TYPE_CHECKING:
    from console.desk.board import Board

SIZE = QSize(1920, 1080)


class MainWindow(QMainWindow):
    """Rail, status, banner, workspaces, last act.

    Signals:
        closed: the operator closed the window; what was started for it can be ended.
    """

    closed = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, tokens: Tokens, moments: Moments, actions: Actions, gaps: GapMeter,
        mishaps: Mishaps, bounds: Bounds, remembered: Remembered,
    ) -> None:  # fmt: skip
        super().__init__()
        self._board, self._pulse, self._tokens, self._moments = board, pulse, tokens, moments
        self._actions, self._remembered = actions, remembered
        self._catalogue = moments.catalogue
        self._workspaces: dict[str, QWidget | Callable[[], QWidget]] = {}
        self.operate: Operate | None = None
        self._add_acts()
        actions.attach(self)
        health = Health(board, self._catalogue, moments, bounds)
        self.rail = Rail(tokens)
        self.status = StatusBar(board, health, pulse, tokens, moments, actions, gaps, mishaps)
        self.banner = Banner(health, pulse, self._catalogue, tokens)
        self.stack = QStackedWidget()
        self.last_act = LastAct(board, pulse, self._catalogue, tokens, moments)
        self._build()
        self.keys = KeyHelp(actions, self._catalogue, tokens, self.centralWidget())
        actions.handle("shell.keys", self.keys.toggle)
        self.rail.add(actions.act("shell.keys"), "keys", at_bottom=True)
        self.rail.add(actions.act("shell.theme"), "theme", at_bottom=True)
        follow(self._catalogue, self._retext)

    def place_operate(self, wall: QWidget, charts: QWidget, queue: QWidget, detail: QWidget) -> Operate:
        """Put the parts of the Operate workspace into the window and show it."""
        self.operate = Operate(wall, charts, queue, detail, self._tokens, self._actions)
        self.operate.restore(self._remembered)
        self._add_workspace("operate", "Alt+1", self.show_operate, self.operate)
        self.show_operate()
        return self.operate

    def place_strip(self, strip: QWidget) -> None:
        """Put a strip that shows itself when it has something to say under the banner."""
        self._column.insertWidget(self._column.indexOf(self.stack), strip)

    def place_review(self, make: Callable[[], QWidget]) -> None:
        """Offer the Review workspace; `make` is called when it is first asked for."""
        self._add_workspace("review", "Alt+2", self.show_review, make)

    @Slot()
    def show_operate(self) -> None:
        self.show_workspace("operate")

    @Slot()
    def show_review(self) -> QWidget:
        return self.show_workspace("review")

    def show_workspace(self, name: str) -> QWidget:
        """Show a workspace, making it where it was not needed before. Raises KeyError for an unknown one."""
        widget = self._workspaces[name]
        if not isinstance(widget, QWidget):
            widget = self._workspaces[name] = widget()
        if self.stack.indexOf(widget) < 0:
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)
        for each in self._workspaces:
            self._actions.act(f"shell.{each}").setChecked(each == name)
        return widget

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep()
        event.accept()
        self.closed.emit()

    @Slot()
    def leave(self) -> None:
        """Close the window."""
        self.close()

    def keep(self) -> None:
        """Remember sizes, language and theme for this desk."""
        if self.operate is not None:
            self.operate.keep(self._remembered)
        self._remembered.keep("geometry", self.saveGeometry())
        self._remembered.keep("language", self._catalogue.language)
        self._remembered.keep("theme", self._tokens.theme)
        self._remembered.write()

    def show_where_it_was(self) -> None:
        """Show the window as it was left; the first time as large as LOOK asks for, or as the screen is."""
        # Without a screen (offscreen) nothing limits the size; the platform's made-up screen would.
        real = QGuiApplication.platformName() != "offscreen"
        self.resize(SIZE.boundedTo(self.screen().availableSize()) if real else SIZE)
        geometry = self._remembered.state("geometry")
        if real and geometry is not None:
            self.restoreGeometry(geometry)
        self.show()
        if self.operate is not None:
            self.operate.focus_queue()

    def _add_acts(self) -> None:
        add, group = self._actions.add, "shell.group"
        add("shell.keys", "shell.act.keys", "F1", group=group)
        add("shell.language", "shell.act.language", "Ctrl+L", self._switch_language, group=group)
        add("shell.theme", "shell.act.theme", "Ctrl+T", self._switch_theme, group=group)
        add("shell.full_screen", "shell.act.full_screen", "F11", self._switch_full_screen, group=group)
        add("shell.quit", "shell.act.quit", "Ctrl+Q", self.leave, group=group)

    def _add_workspace(
        self, name: str, key: str, handler: Callable[[], object], widget: QWidget | Callable[[], QWidget]
    ) -> None:
        self._workspaces[name] = widget
        act = self._actions.add(
            f"shell.{name}", f"shell.act.{name}", key, handler, group="shell.group", checkable=True
        )
        self.rail.add(act, name)

    def _build(self) -> None:
        centre = QWidget()
        right = self._column = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.status)
        right.addWidget(self.banner)
        right.addWidget(self.stack, 1)
        right.addWidget(self.last_act)
        row = QHBoxLayout(centre)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.rail)
        row.addLayout(right, 1)
        self.setCentralWidget(centre)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    @Slot()
    def _switch_language(self) -> None:
        offered = [one for one in LANGUAGES if one in self._board.profile.languages] or list(LANGUAGES)
        at = offered.index(self._catalogue.language) if self._catalogue.language in offered else -1
        self._catalogue.switch(offered[(at + 1) % len(offered)])

    @Slot()
    def _switch_theme(self) -> None:
        self._tokens.switch(THEMES[(THEMES.index(self._tokens.theme) + 1) % len(THEMES)])

    @Slot()
    def _switch_full_screen(self) -> None:
        active = QApplication.activeWindow()
        window = active if active is not None and active.isWindow() else self
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    @Slot()
    def _retext(self) -> None:
        city = self._catalogue.words(self._board.profile.name)
        seat = seat_text(self._board, self._catalogue)
        self.setWindowTitle(self._catalogue.say("shell.window", city=city, seat=seat))
        self.setAccessibleName(self.windowTitle())
