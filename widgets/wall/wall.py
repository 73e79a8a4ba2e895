"""The wall of an operator's desk: a grid of panes, one of which can fill it."""

from __future__ import annotations

import time

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from console.desk.board import Board
from console.language import Catalogue
from widgets.kit.actions import Actions
from widgets.kit.tokens import Tokens
from widgets.wall.layout import MOST_SIDE, Place, grid, neighbour, side_for
from widgets.wall.pane import Engine
from widgets.wall.selecting import SelectingSurface

#: Digits typed within this time are one number: 1, 2 is pane 12.
DIGITS_WITHIN_NS = 1_200_000_000
STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class WallWidget(SelectingSurface):
    """A grid of 1x1 to 8x8 panes (4x4 unless told otherwise), painted by one widget.

    Arrow keys move the selection, Enter makes the selected pane fill the wall and brings it back, Esc
    brings it back, digits select a pane by its number. A click selects, a double click fills.

    Signals (besides those of `PaneSurface`):
        full_changed(str): the camera that fills the wall, or empty.
    """

    full_changed = Signal(str)

    def __init__(
        self, engine: Engine, catalogue: Catalogue, board: Board, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._side = (4, 4)
        self._full = False
        self._digits = ""
        self._digit_ns = 0
        super().__init__("wall", engine, catalogue, board, tokens, parent)

    def sizeHint(self) -> QSize:
        return QSize(1280, 760)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    @property
    def grid_side(self) -> tuple[int, int]:
        """Columns and rows."""
        return self._side

    @property
    def full_camera(self) -> str:
        """The camera that fills the wall; empty when all panes are shown."""
        return self.selected_camera if self._full else ""

    def set_grid(self, columns: int, rows: int | None = None) -> None:
        """Show columns x rows panes (1 to 8 each). Raises ValueError outside."""
        rows = columns if rows is None else rows
        if not (1 <= columns <= MOST_SIDE and 1 <= rows <= MOST_SIDE):
            raise ValueError(f"a wall has 1 to {MOST_SIDE} panes each way, not {columns}x{rows}")
        self._side = columns, rows
        self.arrange()

    def set_layout(self, camera_ids: tuple[str, ...]) -> None:
        """Show these cameras, in a grid at least as large as they need. At most 64; the first ones are
        taken.
        """
        ids = tuple(dict.fromkeys(camera_ids))[: MOST_SIDE * MOST_SIDE]
        if len(ids) > self._side[0] * self._side[1]:
            self._side = (side_for(len(ids)),) * 2
        if self._full and self.selected_camera not in ids:
            self._full = False
            self.full_changed.emit("")
        super().set_layout(ids)

    def places(self) -> list[Place | None]:
        strip = self._tokens.size("strip")
        if self._full and self._panes:
            whole = grid(self.width(), self.height(), 1, 1, strip)[0]
            return [whole if number == self._selected else None for number in range(len(self._panes))]
        places: list[Place | None] = [*grid(self.width(), self.height(), *self._side, strip)]
        return (places + [None] * len(self._panes))[: len(self._panes)]

    def toggle_full(self) -> None:
        """Let the selected pane fill the wall, or bring all panes back."""
        self.show_full(not self._full)

    def show_full(self, full: bool) -> None:
        """Let the selected pane fill the wall, or not."""
        if self._panes and full != self._full:
            self._full = full
            self.arrange()
            self.full_changed.emit(self.full_camera)

    def larger(self) -> None:
        """Fewer, larger panes."""
        side = max(self._side) - 1
        if side >= 1:
            self.set_grid(side)

    def smaller(self) -> None:
        """More, smaller panes."""
        side = max(self._side) + 1
        if side <= MOST_SIDE:
            self.set_grid(side)

    def register(self, actions: Actions) -> None:
        """Put what the wall can do into the book of acts."""
        group = "wall.title"
        actions.add("wall.full", "wall.act.full", "F", self.toggle_full, owner=self, group=group)
        actions.add("wall.larger", "wall.act.larger", "Ctrl+=", self.larger, owner=self, group=group)
        actions.add("wall.smaller", "wall.act.smaller", "Ctrl+-", self.smaller, owner=self, group=group)
        actions.add("wall.focus", "wall.act.focus", "F2", self.take_focus, owner=self, group=group)

    def take_focus(self) -> None:
        """Give the wall the keyboard."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _select(self, number: int) -> None:
        before = self._selected
        super()._select(number)
        if self._full and self._selected != before:
            self.arrange()
            self.full_changed.emit(self.full_camera)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.took_key(event):
            return
        if key in STEPS:
            shown = min(len(self._panes), self._side[0] * self._side[1])
            self._select(neighbour(self._selected, self._side[0], shown, *STEPS[key]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle_full()
        elif key == Qt.Key.Key_Escape and self._full:
            self.show_full(False)
        elif key == Qt.Key.Key_Home:
            self._select(0)
        elif key == Qt.Key.Key_End:
            self._select(min(len(self._panes), self._side[0] * self._side[1]) - 1)
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and event.modifiers() in PLAIN:
            self._digit(chr(key))
        else:
            super().keyPressEvent(event)

    def _digit(self, digit: str) -> None:
        now_ns = time.monotonic_ns()
        typed = self._digits + digit if now_ns - self._digit_ns < DIGITS_WITHIN_NS else digit
        if not 1 <= int(typed) <= len(self._panes):
            typed = digit  # 1, 7 on a wall of 16: a new number begins
        self._digits, self._digit_ns = typed, now_ns
        self._select(int(typed) - 1)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self.pane_at(event.position().toPoint())
        if number >= 0:
            self._select(number)
            self.toggle_full()
