"""Up to five cameras of an incident, beside its detail."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.video.load import Importance
from widgets.kit.tokens import Tokens
from widgets.wall.layout import Place, column
from widgets.wall.pane import Engine
from widgets.wall.selecting import SelectingSurface

MOST = 5
#: Room is shared out for pictures of this shape; each picture keeps its own.
SHAPE = 16 / 9


class PaneStrip(SelectingSurface):
    """The cameras nearest to an incident, as large as the room allows. Arrow keys move the selection."""

    _title = "wall.strip.title"
    _numbers = False
    # These are an incident's cameras.
    _least_importance = Importance.INCIDENT

    def __init__(
        self, engine: Engine, catalogue: Catalogue, board: Board, tokens: Tokens,
        parent: QWidget | None = None, name: str = "wall.strip",
    ) -> None:  # fmt: skip
        super().__init__(name, engine, catalogue, board, tokens, parent)

    def sizeHint(self) -> QSize:
        return QSize(480, 220)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 90)

    def set_layout(self, camera_ids: tuple[str, ...]) -> None:
        """Show the first five of these cameras."""
        super().set_layout(tuple(dict.fromkeys(camera_ids))[:MOST])

    def places(self) -> list[Place | None]:
        return [*column(self.width(), self.height(), len(self._panes), self._tokens.size("strip"), SHAPE)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}.get(
            Qt.Key(event.key())
        )
        if self.took_key(event):
            return
        if step is None:
            super().keyPressEvent(event)
        elif self._panes:
            self._select(min(len(self._panes) - 1, max(0, self._selected + step)))
