"""The last orders: when, who, what, and what came of it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.language import Catalogue
from console.model.control import ControlOrder
from widgets.controls.words import INKS, order_words, said, stage_of
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

Index = QModelIndex | QPersistentModelIndex
SHOWN = 100


class Column(IntEnum):
    WHEN = 0
    WHO = 1
    WHAT = 2
    RESULT = 3


class OrdersModel(QAbstractTableModel):
    """The newest orders of all desks, the newest first. UI thread only."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self._orders: list[ControlOrder] = []

    def look(self) -> None:
        """Orders may have come or moved on."""
        fresh = list(self._board.state.control_orders.values())[: -SHOWN - 1 : -1]
        if [one.id for one in fresh] != [one.id for one in self._orders]:
            self.beginResetModel()
            self._orders = fresh
            self.endResetModel()
        else:
            self._orders = fresh
            self.tell()

    def reword(self) -> None:
        """Say everything in the present language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        self.tell()

    def tell(self) -> None:
        """Times go on: paint again."""
        if self._orders:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._orders) - 1, len(Column) - 1))

    def order(self, row: int) -> ControlOrder | None:
        return self._orders[row] if 0 <= row < len(self._orders) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._orders)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        order, column = self._orders[index.row()], Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text_of(order, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(one for one in (self._what(order), said(order, self._catalogue)) if one)
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.RESULT:
            ink = INKS.get(stage_of(order), "")
            return self._tokens.ink(ink) if ink else None
        return None

    def _text_of(self, order: ControlOrder, column: Column) -> str:
        if column is Column.WHEN:
            return self._moments.clock(order.ordered_at_ns)
        if column is Column.WHO:
            return order.person
        if column is Column.WHAT:
            return self._what(order)
        return order_words(order, self._catalogue, self._moments, self._board.clock.now_ns())

    def _what(self, order: ControlOrder) -> str:
        profile, say = self._board.profile, self._catalogue
        control = profile.controls.get(order.control)
        name = say.words(control.name) if control is not None else order.control
        names = device_names(profile, tuple(order.parts), say, 1)
        return f"{name}: {say.words(order.value_words)} · {names}"

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"controls.column.{Column(section).name.lower()}")
        return None


def device_names(profile: Any, device_ids: tuple[str, ...], catalogue: Catalogue, shown: int) -> str:
    """The first few by name, and how many more."""
    names = ", ".join(
        catalogue.words(profile.devices[one].name) if one in profile.devices else one
        for one in device_ids[:shown]
    )
    more = len(device_ids) - shown
    return catalogue.say("controls.and_more", names=names, more=more) if more > 0 else names
