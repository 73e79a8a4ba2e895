"""Up to nine cameras in step: one clock, one surface."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.video.load import Importance
from widgets.kit.dragging import camera_ids_of
from widgets.kit.playback import Playback
from widgets.kit.tokens import Tokens
from widgets.wall.layout import Place, column, grid
from widgets.wall.pane import Engine
from widgets.wall.selecting import SelectingSurface

MOST = 9
SHAPE = 16 / 9
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class ReplaySurface(SelectingSurface):
    """Recorded panes, all on the clock of one playback; as large as the room allows. Arrow keys and digits
    select, Enter or a double click lets one pane fill the room and brings the others back. UI thread only.

    Signals (besides those of `PaneSurface`):
        cameras_dropped(tuple): these were dragged here.
    """

    _title = "replay.panes"
    _least_importance = Importance.SELECTED
    cameras_dropped = Signal(object)

    def __init__(
        self, engine: Engine, catalogue: Catalogue, board: Board, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._alone = False
        self._playback: Playback | None = None
        super().__init__("replay.panes", engine, catalogue, board, tokens, parent)
        self.setAcceptDrops(True)

    def sizeHint(self) -> QSize:
        return QSize(480, 260)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 90)

    def use(self, playback: Playback) -> None:
        """Show everything by this clock from now on."""
        self._playback = playback
        for camera_id in self.camera_ids:
            self.show_recorded(camera_id, playback)

    def set_layout(self, camera_ids: tuple[str, ...]) -> None:
        """Show the first nine of these cameras."""
        super().set_layout(tuple(dict.fromkeys(camera_ids))[:MOST])
        if self._playback is not None:
            self.use(self._playback)

    def places(self) -> list[Place | None]:
        strip, count = self._tokens.size("strip"), len(self._panes)
        if self._alone and count > 1:
            whole = grid(self.width(), self.height(), 1, 1, strip)[0]
            return [whole if number == self._selected else None for number in range(count)]
        return [*column(self.width(), self.height(), count, strip, SHAPE)]

    def toggle_alone(self) -> None:
        """Let the selected pane fill the room, or bring the others back."""
        self._alone = not self._alone
        self.arrange()

    def _select(self, number: int) -> None:
        before = self._selected
        super()._select(number)
        if self._alone and before != self._selected:
            self.arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.took_key(event):
            return
        if key in STEPS and self._panes:
            self._select(min(len(self._panes) - 1, max(0, self._selected + STEPS[key])))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle_alone()
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9 and event.modifiers() in PLAIN:
            self._select(key - Qt.Key.Key_1)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self.pane_at(event.position().toPoint())
        if number >= 0:
            self._select(number)
            self.toggle_alone()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if camera_ids_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        found = camera_ids_of(event.mimeData())
        if found:
            event.acceptProposedAction()
            self.cameras_dropped.emit(found)
