"""The table of devices and their upkeep."""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.language import Catalogue
from console.model.upkeep import Ticket
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens
from widgets.upkeep.rows import FoldedWords, Wanted, rows_for, standing_of, tickets_by_device

if TYPE_CHECKING:
    from console.desk.board import Board

Index = QModelIndex | QPersistentModelIndex
MARK = {"down": "✕", "degraded": "△", "out": "⊘", "up": "●"}
"""The shape beside the word: how a device stands is never told by colour alone."""
_INK = {"down": "p1", "degraded": "p2", "out": "dim"}


class Column(IntEnum):
    STANDING = 0
    NAME = 1
    SINCE = 2
    WHY = 3
    TICKET = 4
    CONTRACTOR = 5
    SYSTEM = 6
    DISTRICT = 7
    ID = 8


class UpkeepModel(QAbstractTableModel):
    """Holds numbers of devices; texts are made for the rows in sight. UI thread only."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self.folded = FoldedWords(board.profile)
        self.wanted = Wanted()
        self._rows: list[int] = []
        self._tickets: dict[str, Ticket] = {}
        self._contractors = list(board.profile.contractors)

    def want(self, wanted: Wanted) -> None:
        """Show these."""
        self.wanted = wanted
        self._take()

    def look(self) -> None:
        """The state may have changed."""
        state = self._board.state
        self._tickets = tickets_by_device(state)
        rows = rows_for(self._board.profile, state, self.wanted, self.folded)
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        else:
            self.repaint()

    def repaint(self) -> None:
        """Ages, words and standings may read differently."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))

    def _take(self) -> None:
        self.beginResetModel()
        self._tickets = tickets_by_device(self._board.state)
        self._rows = rows_for(self._board.profile, self._board.state, self.wanted, self.folded)
        self.endResetModel()

    def device_id(self, row: int) -> str:
        """The id of the device in a row, "" for none."""
        return self._board.profile.columns.ids[self._rows[row]] if 0 <= row < len(self._rows) else ""

    def row_of(self, device_id: str) -> int:
        """Where a device stands in the list, -1 where it is not in it."""
        number = self._board.profile.columns.row_of.get(device_id, -1)
        return self._rows.index(number) if number in self._rows else -1

    def ticket_of(self, device_id: str) -> Ticket | None:
        """The repair under way for a device."""
        return self._tickets.get(device_id)

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The list as cells, for an export; ages as moments."""
        for number in range(len(self._rows)):
            yield tuple(
                self._moments.moment(since_ns)
                if column is Column.SINCE and (since_ns := self._since(number))
                else self.text(number, column).removeprefix(MARK.get(self._standing(number), "") + " ")
                for column in Column
            )

    def titles(self) -> tuple[str, ...]:
        return tuple(self._catalogue.say(f"upkeep.column.{column.name.lower()}") for column in Column)

    # what Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(row)
        if role == Qt.ItemDataRole.ForegroundRole and column is Column.STANDING:
            ink = _INK.get(self._standing(row))
            return self._tokens.ink(ink) if ink else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"upkeep.column.{Column(section).name.lower()}")
        return None

    def text(self, row: int, column: Column) -> str:
        """What a cell says."""
        profile, number = self._board.profile, self._rows[row]
        device_id = profile.columns.ids[number]
        words = self._catalogue.words
        if column is Column.ID:
            return device_id
        if column is Column.STANDING:
            standing = self._standing(row)
            return f"{MARK[standing]} {self._catalogue.say(f'upkeep.standing.{standing}')}"
        if column is Column.SINCE:
            since_ns = self._since(row)
            return self._moments.age(since_ns, self._board.clock.now_ns()) if since_ns else "–"
        if column is Column.WHY:
            return self._why(device_id)
        if column is Column.TICKET:
            ticket = self._tickets.get(device_id)
            if ticket is None:
                return ""
            return f"{ticket.id} · {self._catalogue.say(f'upkeep.stage.{ticket.stage}')}"
        if column is Column.CONTRACTOR:
            keeper = int(profile.keepers[number])
            return words(profile.contractors[self._contractors[keeper]].name) if keeper >= 0 else "–"
        if column is Column.SYSTEM:
            return words(profile.systems[profile.columns.kind_system[profile.columns.kind[number]]].name)
        if column is Column.DISTRICT:
            district = profile.districts.get(profile.columns.districts[profile.columns.district[number]])
            return words(district.name) if district is not None else ""
        return words(profile.devices.at(number).name)

    def _why(self, device_id: str) -> str:
        out = self._board.state.out_of_service.get(device_id)
        if out is not None:
            return out.reason
        known = self._board.state.devices.get(device_id)
        return self._catalogue.words(known.why) if known is not None else ""

    def _standing(self, row: int) -> str:
        return standing_of(self._board.state, self.device_id(row))[0]

    def _since(self, row: int) -> int:
        return standing_of(self._board.state, self.device_id(row))[1]

    def _tip(self, row: int) -> str:
        device = self._board.profile.devices.at(self._rows[row])
        owner = self._board.profile.owners.get(device.owner)
        told = [self._catalogue.words(device.name), self._catalogue.words(device.place.name)]
        told += [self._catalogue.words(owner)] if owner is not None else []
        return "\n".join((*told, self._why(device.id), device.id)).strip()
