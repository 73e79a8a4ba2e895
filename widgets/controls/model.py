"""The table behind the list of devices that can be ordered something."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.language import Catalogue
from widgets.controls.rows import Row, last_order, matching, measured_words, rows_of
from widgets.controls.words import INKS, part_words
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

Index = QModelIndex | QPersistentModelIndex
GOOD = "up"


class Column(IntEnum):
    DEVICE = 0
    VALUE = 1
    STATE = 2
    LAST = 3


class DeviceModel(QAbstractTableModel):
    """Holds the rows that match; cells are read from the board when they are painted. UI thread only."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self._text = ""
        self._only: tuple[str, ...] = ()
        self._all: list[Row] = []
        self._rows: list[Row] = []
        self._row_of: dict[str, int] = {}

    def reword(self) -> None:
        """All rows again, in the present language."""
        self.beginResetModel()
        self._all = rows_of(self._board.profile, self._catalogue)
        self._take()
        self.endResetModel()

    def search(self, text: str, only: tuple[str, ...] = ()) -> None:
        """Show the rows with these words only; with `only`, those devices in that order."""
        if (text, only) != (self._text, self._only):
            self.beginResetModel()
            self._text, self._only = text, only
            self._take()
            self.endResetModel()

    def look(self) -> None:
        """Values, conditions or orders may have changed."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    def _take(self) -> None:
        if self._only:
            by_id = {row.id: row for row in self._all}
            self._rows = [by_id[one] for one in self._only if one in by_id]
        else:
            self._rows = matching(self._all, self._text)
        self._row_of = {row.id: number for number, row in enumerate(self._rows)}

    def device_id(self, row: int) -> str:
        return self._rows[row].id if 0 <= row < len(self._rows) else ""

    def row_of(self, device_id: str) -> int:
        """-1 for one that is not shown."""
        return self._row_of.get(device_id, -1)

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
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text_of(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}\n{row.id}\n{self._text_of(row, column)}"
        if role == Qt.ItemDataRole.ForegroundRole:
            ink = self._ink_of(row, column)
            return self._tokens.ink(ink) if ink else None
        return None

    def _text_of(self, row: Row, column: Column) -> str:
        profile = self._board.profile
        if column is Column.DEVICE:
            return row.name
        if column is Column.STATE:
            return self._catalogue.say(f"kit.condition.{self._condition(row)}")
        controls = profile.controls_of_kind[row.kind]
        if column is Column.VALUE:
            return measured_words(self._board, profile.controls[controls[0]], row.id, self._catalogue)
        standing = self._last(row)
        if standing is None:
            return ""
        order = self._board.state.control_orders.get(standing.order_id)
        now_ns = self._board.clock.now_ns()
        return part_words(standing.part, order, self._catalogue, self._moments, now_ns)

    def _ink_of(self, row: Row, column: Column) -> str:
        if column is Column.STATE:
            condition = self._condition(row)
            return "" if condition == GOOD else "p1" if condition == "down" else "p2"
        if column is Column.LAST:
            standing = self._last(row)
            return INKS.get(standing.part.stage, "") if standing is not None else ""
        return ""

    def _last(self, row: Row) -> Any:
        profile = self._board.profile
        found = [
            one for control in profile.controls_of_kind[row.kind]
            if (one := last_order(self._board, profile.controls[control], row.id)) is not None
        ]  # fmt: skip
        return max(found, key=lambda one: one.part.since_ns, default=None)

    def _condition(self, row: Row) -> str:
        known = self._board.state.devices.get(row.id)
        return known.condition if known is not None else GOOD

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"controls.column.{Column(section).name.lower()}")
        return None
