"""Rows of the record as a Qt model: fetched page by page as they are scrolled to, never all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from console.language import Catalogue
from console.model import events as ev
from console.model.query import IncidentPage, IncidentRow, LogPage
from console.report.describe import Teller
from console.report.printed import history_lines, incident_lines, log_lines
from console.report.times import CityClock
from widgets.kit.texts import follow

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

INCIDENT_ROLE = Qt.ItemDataRole.UserRole
"""The incident a row belongs to, "" for none."""

LOG = ("seq", "time", "kind", "what", "who")
INCIDENTS = ("priority", "type", "place", "district", "opened", "stage", "owner", "agencies")
HISTORY = ("time", "gap", "kind", "what", "who")
RIGHT = ("seq", "gap")


class RecordRows(QAbstractTableModel):
    """Base of the tables of Review: columns by their word in the catalogue, cells as text.

    Signals:
        more_wanted: the end was scrolled to and there is more on record.
    """

    more_wanted = Signal()

    def __init__(
        self, columns: tuple[str, ...], teller: Teller, clock: CityClock, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns, self._teller, self._clock = columns, teller, clock
        self._cells: list[tuple[str, ...]] = []
        self._incidents: list[str] = []
        self.more = False
        follow(teller.catalogue, self._retext)

    @property
    def catalogue(self) -> Catalogue:
        return self._teller.catalogue

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._cells[index.row()][index.column()]
        if role == INCIDENT_ROLE:
            return self._incidents[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cells = self._cells[index.row()]
            return ", ".join(one for one in cells if one) if index.column() == 0 else cells[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[index.column()] in RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.catalogue.say(f"report.column.{self.columns[section]}")
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section] in RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self.more

    def fetchMore(self, parent: Index) -> None:
        self.more = False
        self.more_wanted.emit()

    def clear(self) -> None:
        """Forget all rows: another look-up begins."""
        if self._cells:
            self.beginRemoveRows(_ROOT, 0, len(self._cells) - 1)
            self._forget()
            self.endRemoveRows()
        self.more = False

    def _append(self, cells: Sequence[tuple[str, ...]], incidents: Sequence[str]) -> None:
        if not cells:
            return
        first = len(self._cells)
        self.beginInsertRows(_ROOT, first, first + len(cells) - 1)
        self._cells += cells
        self._incidents += incidents
        self.endInsertRows()

    def _forget(self) -> None:
        self._cells.clear()
        self._incidents.clear()

    def _say_again(self) -> None:
        """Shape all cells anew, for another language or with more known."""

    def _retext(self) -> None:
        self._say_again()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)
        self._tell_all()

    def _tell_all(self) -> None:
        if self._cells:
            last = self.index(len(self._cells) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


class LogRows(RecordRows):
    """Entries of the ledger, newest first."""

    def __init__(self, teller: Teller, clock: CityClock, parent: QObject | None = None) -> None:
        self.entries: list[ev.Entry] = []
        super().__init__(LOG, teller, clock, parent)

    def add(self, page: LogPage) -> None:
        """Append a page. What it says about ids that earlier rows name makes those clearer too."""
        self._teller.learn(page.entries)
        known = len(self.entries)
        self.entries += page.entries
        self._append(
            log_lines(self._teller, self._clock, page.entries),
            [self._teller.incident(one) for one in page.entries],
        )
        self.more = page.more
        self._clear_up(known)

    def _clear_up(self, count: int) -> None:
        """Hand-off steps above were named by their id until the entry that began them came."""
        for row, entry in enumerate(self.entries[:count]):
            if not self._incidents[row] and self._teller.incident(entry):
                self._cells[row] = log_lines(self._teller, self._clock, (entry,))[0]
                self._incidents[row] = self._teller.incident(entry)
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(LOG) - 1))

    def _forget(self) -> None:
        super()._forget()
        self.entries.clear()

    def _say_again(self) -> None:
        self._cells[:] = log_lines(self._teller, self._clock, self.entries)


class IncidentRows(RecordRows):
    """Incidents as they stand, those opened last first."""

    def __init__(self, teller: Teller, clock: CityClock, parent: QObject | None = None) -> None:
        self.rows: list[IncidentRow] = []
        super().__init__(INCIDENTS, teller, clock, parent)

    def add(self, page: IncidentPage) -> None:
        """Append a page."""
        self.rows += page.rows
        self._append(
            incident_lines(self._teller, self._clock, page.rows), [one.incident_id for one in page.rows]
        )
        self.more = page.more

    def _forget(self) -> None:
        super()._forget()
        self.rows.clear()

    def _say_again(self) -> None:
        self._cells[:] = incident_lines(self._teller, self._clock, self.rows)


class HistoryRows(RecordRows):
    """Everything that belongs to one incident, oldest first, each with the time since the one before."""

    def __init__(self, teller: Teller, clock: CityClock, parent: QObject | None = None) -> None:
        self.entries: tuple[ev.Entry, ...] = ()
        super().__init__(HISTORY, teller, clock, parent)

    def show(self, entries: tuple[ev.Entry, ...]) -> None:
        """Show this history."""
        self.clear()
        self._teller.learn(entries)
        self.entries = entries
        self._append(
            history_lines(self._teller, self._clock, entries), [self._teller.incident(one) for one in entries]
        )

    def _forget(self) -> None:
        super()._forget()
        self.entries = ()

    def _say_again(self) -> None:
        self._cells[:] = history_lines(self._teller, self._clock, self.entries)
