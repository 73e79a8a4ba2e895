"""The table of disaster messages: what waits first, then the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.language import Catalogue
from console.model.message import DisasterMessage
from console.profile.messages import MessageBook
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens
from widgets.messages.words import INKS, area_words, standing_of, standing_words

if TYPE_CHECKING:
    from console.desk.board import Board

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("level", "text", "area", "standing")
_URGENT = ("lost", "waiting_long", "waiting", "draft")
_TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole,
)  # fmt: skip


class MessageModel(QAbstractTableModel):
    """All messages the state holds. UI thread only."""

    def __init__(
        self, board: Board, book: MessageBook, catalogue: Catalogue, tokens: Tokens, moments: Moments,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._book, self._catalogue = board, book, catalogue
        self._tokens, self._moments = tokens, moments
        self.rows: list[DisasterMessage] = []

    def look(self) -> None:
        """The state may have changed."""
        rows = sorted(self._board.state.messages.values(), key=self._place)
        if [one.id for one in rows] != [one.id for one in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        self.repaint()

    def _place(self, message: DisasterMessage) -> tuple[int, int]:
        standing = standing_of(message, self._book, self._board)
        return (
            _URGENT.index(standing) if standing in _URGENT else len(_URGENT),
            -(message.approved_at_ns or message.drafted_at_ns),
        )

    def repaint(self) -> None:
        """Times and words may read differently."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        message, column = self.rows[index.row()], COLUMNS[index.column()]
        if role in _TEXT_ROLES:
            return self.text(message, column)
        if role == Qt.ItemDataRole.ForegroundRole and column in ("standing", "level"):
            ink = INKS.get(standing_of(message, self._book, self._board), "")
            return self._tokens.ink(ink) if ink and column == "standing" else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"messages.column.{COLUMNS[section]}")
        return None

    def text(self, message: DisasterMessage, column: str) -> str:
        """What a cell says."""
        say, content = self._catalogue, message.content
        if column == "level":
            level = self._book.levels.get(content.level)
            name = say.words(level.name) if level is not None else content.level
            kind = say.say(f"report.message.kind.{content.kind}")
            return name if content.kind == "alert" else f"{name} · {kind}"
        if column == "text":
            return say.words(content.text)
        if column == "area":
            return area_words(content.area, self._board, say)
        return standing_words(message, self._book, self._board, say, self._moments)
