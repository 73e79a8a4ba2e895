"""The table behind the list of cameras."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.language import Catalogue
from widgets.cameras.rows import Row, matching, rows_of
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

Index = QModelIndex | QPersistentModelIndex
GOOD = "up"


class Column(IntEnum):
    NUMBER = 0
    NAME = 1
    PURPOSE = 2
    STATE = 3
    ID = 4


class CameraModel(QAbstractTableModel):
    """Holds the rows that match; none before `reword` was called first. UI thread only; nothing is read but
    the profile and the board."""

    def __init__(self, board: Board, catalogue: Catalogue, tokens: Tokens, parent: QObject) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens = board, catalogue, tokens
        self._text = ""
        self._all: list[Row] = []
        self._rows: list[Row] = []
        self._row_of: dict[str, int] = {}
        self._troubled: dict[str, str] = {}

    def reword(self) -> None:
        """All rows again, in the present language."""
        self.beginResetModel()
        self._all = rows_of(self._board.profile, self._catalogue)
        self._take()
        self.endResetModel()

    def search(self, text: str) -> None:
        """Show the rows with these words only."""
        if text != self._text:
            self.beginResetModel()
            self._text = text
            self._take()
            self.endResetModel()

    def look(self) -> None:
        """Conditions may have changed: repaint the rows whose did."""
        devices, cameras = self._board.state.devices, self._board.profile.cameras
        troubled = {
            one: known.condition
            for one, known in devices.items()
            if known.condition != GOOD and one in cameras
        }
        changed = {
            one for one in {*troubled, *self._troubled} if troubled.get(one) != self._troubled.get(one)
        }
        self._troubled = troubled
        for one in changed:
            row = self._row_of.get(one)
            if row is not None:
                index = self.index(row, Column.STATE)
                self.dataChanged.emit(index, index)

    def _take(self) -> None:
        self._rows = matching(self._all, self._text)
        self._row_of = {row.id: number for number, row in enumerate(self._rows)}

    def camera_id(self, row: int) -> str:
        return self._rows[row].id if 0 <= row < len(self._rows) else ""

    @property
    def counts(self) -> tuple[int, int]:
        """(shown, all)."""
        return len(self._rows), len(self._all)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text_of(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}\n{row.place}\n{row.purpose}\n{row.id}"
        if role == Qt.ItemDataRole.TextAlignmentRole and column is Column.NUMBER:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.STATE and row.id in self._troubled:
            return self._tokens.ink("p1" if self._troubled[row.id] == "down" else "p2")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._text_of(row, column)
        return None

    def _text_of(self, row: Row, column: Column) -> str:
        if column is Column.NUMBER:
            return str(row.number or "")
        if column is Column.NAME:
            return row.name
        if column is Column.PURPOSE:
            return row.purpose
        if column is Column.ID:
            return row.id
        return self._catalogue.say(f"kit.condition.{self._troubled.get(row.id, GOOD)}")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"cameras.column.{Column(section).name.lower()}")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        known = super().flags(index)
        return known | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else known
