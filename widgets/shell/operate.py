"""The Operate workspace: wall over the lower area (charts and others) at the left, queue over the incident's
detail at the right.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from widgets.kit.actions import Actions
from widgets.kit.tokens import Tokens
from widgets.shell.lower import LowerArea
from widgets.shell.remembered import Remembered

HANDLE = 4
LEFT, RIGHT = 1140, 704
WALL, LOWER = 692, 304
QUEUE, DETAIL = 320, 676
"""First sizes at 1920x1080, in pixels; the splitters keep their proportion elsewhere."""


class Operate(QWidget):
    """Holds the parts it is given and remembers how much room each has. The parts know nothing of each
    other.
    """

    def __init__(
        self, wall: QWidget, charts: QWidget, queue: QWidget, detail: QWidget, tokens: Tokens,
        actions: Actions, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("operate")
        self.lower_area = LowerArea(actions, tokens, self)
        self.lower_area.add_page("charts", "F3", charts, self)
        self._parts = (wall, self.lower_area, queue, detail)
        self.pictures = _splitter(Qt.Orientation.Vertical, wall, self.lower_area, (WALL, LOWER), (1, 0))
        self.work = _splitter(Qt.Orientation.Vertical, queue, detail, (QUEUE, DETAIL), (0, 1))
        self.halves = _splitter(Qt.Orientation.Horizontal, self.pictures, self.work, (LEFT, RIGHT), (1, 0))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.halves)
        self._actions = actions
        actions.add(
            "shell.lower_large", "shell.act.lower_large", "F12", self.enlarge_lower, owner=self,
            group="shell.group", checkable=True,
        )  # fmt: skip
        for name, key, handler in (("next", "F6", self._next), ("previous", "Shift+F6", self._previous)):
            actions.add(
                f"shell.{name}_part", f"shell.act.{name}_part", key, handler, owner=self, group="shell.group"
            )

    @Slot()
    def enlarge_lower(self) -> None:
        """Let the lower area take the wall's room, or give it back."""
        wall = self._parts[0]
        wall.setVisible(wall.isHidden())
        self._actions.act("shell.lower_large").setChecked(wall.isHidden())

    def focus_queue(self) -> None:
        """Give the keyboard to the queue, where the work begins."""
        target = _first_focusable(self._parts[2])
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def restore(self, remembered: Remembered) -> None:
        """Take the sizes that were kept; one from another version is refused by Qt and changes nothing."""
        for name, splitter in self._splitters():
            state = remembered.state(name)
            if state is not None:
                splitter.restoreState(state)

    def keep(self, remembered: Remembered) -> None:
        """Keep the sizes."""
        for name, splitter in self._splitters():
            remembered.keep(name, splitter.saveState())

    def _splitters(self) -> tuple[tuple[str, QSplitter], ...]:
        return ("halves", self.halves), ("pictures", self.pictures), ("work", self.work)

    @Slot()
    def _next(self) -> None:
        self._step(1)

    @Slot()
    def _previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        focused = self.focusWidget() if self.isAncestorOf(self.window().focusWidget() or self) else None
        here = next((i for i, part in enumerate(self._parts) if focused and _within(focused, part)), -1)
        for offset in range(1, len(self._parts) + 1):
            part = self._parts[(here + by * offset) % len(self._parts)]
            target = _first_focusable(part)
            if target is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return


def _within(widget: QWidget, part: QWidget) -> bool:
    return widget is part or part.isAncestorOf(widget)


def _first_focusable(part: QWidget) -> QWidget | None:
    """The first widget of a part that takes the focus by key."""
    tab = Qt.FocusPolicy.TabFocus
    for one in (part, *part.findChildren(QWidget)):
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & tab:
            return one
    return None


def _splitter(
    orientation: Qt.Orientation, first: QWidget, second: QWidget, sizes: tuple[int, int],
    stretch: tuple[int, int],
) -> QSplitter:  # fmt: skip
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(HANDLE)
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(first)
    splitter.addWidget(second)
    for index in (0, 1):
        splitter.setStretchFactor(index, stretch[index])
    splitter.setSizes(list(sizes))
    return splitter
