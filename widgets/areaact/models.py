"""Tables of area acts: the acts, and every device of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.language import Catalogue
from console.model.areaact import AreaAct
from widgets.areaact.words import INKS, SHAPES, DeviceResult, act_words, ink_of, results_of
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

Index = QModelIndex | QPersistentModelIndex
ACT_COLUMNS = ("when", "what", "result")
DEVICE_COLUMNS = ("device", "stage")
_TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole,
)  # fmt: skip


class ActsModel(QAbstractTableModel):
    """All acts, the newest first. UI thread only."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self.rows: list[AreaAct] = []

    def look(self) -> None:
        """The state may have changed."""
        rows = list(reversed(self._board.state.area_acts.values()))
        if [one.id for one in rows] != [one.id for one in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(ACT_COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(ACT_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        act, column = self.rows[index.row()], ACT_COLUMNS[index.column()]
        if role in _TEXT_ROLES:
            if column == "when":
                return self._moments.clock(act.at_ns)
            if column == "what":
                key = "areas.back_of" if act.takes_back else "areas.act_of"
                return self._catalogue.say(key, name=act.name, person=act.person)
            return act_words(act, self._board, self._catalogue)
        if role == Qt.ItemDataRole.ForegroundRole and column == "result":
            ink = ink_of(act, self._board)
            return self._tokens.ink(ink) if ink else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"areas.column.{ACT_COLUMNS[section]}")
        return None


class DevicesModel(QAbstractTableModel):
    """Every device of one act, what went wrong first. UI thread only."""

    def __init__(self, board: Board, catalogue: Catalogue, tokens: Tokens, parent: QObject) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens = board, catalogue, tokens
        self._rows: list[DeviceResult] = []

    def show_act(self, act: AreaAct | None) -> None:
        """Show this one's devices as they stand now."""
        rows = results_of(act, self._board, self._catalogue) if act is not None else []
        if rows == self._rows:
            return
        same = len(rows) == len(self._rows)
        if not same:
            self.beginResetModel()
        self._rows = rows
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(DEVICE_COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(DEVICE_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self._rows[index.row()], DEVICE_COLUMNS[index.column()]
        if role in _TEXT_ROLES:
            if column == "device":
                device = self._board.profile.devices.get(row.device_id)
                return self._catalogue.words(device.name) if device is not None else row.device_id
            stage = f"{SHAPES.get(row.stage, '')} {self._catalogue.say(f'areas.device.{row.stage}')}"
            return f"{stage}: {row.words}" if row.words else stage
        if role == Qt.ItemDataRole.ForegroundRole and column == "stage":
            ink = INKS.get(row.stage, "")
            return self._tokens.ink(ink) if ink else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"areas.column.{DEVICE_COLUMNS[section]}")
        return None
