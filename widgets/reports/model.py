"""The table behind the list of reports: texts are made for the rows that are painted."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.desk.board import Board
from console.language import Catalogue
from console.model.citizenreport import CitizenReport
from console.report.names import owner_name, service_name
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens
from widgets.reports.rows import Rows, Wanted, is_overdue, place_words

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    STATE = 0
    AGE = 1
    SERVICE = 2
    PLACE = 3
    TEXT = 4
    INCIDENT = 5
    OFFICE = 6
    ID = 7


class ReportModel(QAbstractTableModel):
    """Reads the board only. UI thread."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self.rows = Rows(board, catalogue)

    def want(self, wanted: Wanted) -> None:
        """Show these."""
        if wanted != self.rows.wanted:
            self.beginResetModel()
            self.rows.wanted = wanted
            self.rows.take()
            self.endResetModel()

    def look(self) -> bool:
        """Take what came; whether the rows are others than before."""
        before = self.rows.shown
        other, changed = self.rows.look()
        if other:
            now, self.rows.shown = self.rows.shown, before
            self.beginResetModel()
            self.rows.shown = now
            self.endResetModel()
        for row in changed:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))
        return other

    def repaint_ages(self) -> None:
        """Time went on."""
        if self.rows.shown:
            self.dataChanged.emit(
                self.index(0, Column.STATE), self.index(len(self.rows.shown) - 1, Column.AGE)
            )

    def reword(self) -> None:
        """The language has changed."""
        self.rows.forget_words()
        self.beginResetModel()
        self.rows.take()
        self.endResetModel()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        report = self.rows.report(index.row())
        if report is None:
            return None
        column = Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(report, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{place_words(report, self._catalogue)}\n{report.told.text[:1000]}\n{report.id}"
        if role == Qt.ItemDataRole.FontRole and report.waits:
            return self._tokens.font(bold=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(report, column)
        return None

    def _ink(self, report: CitizenReport, column: Column) -> Any:
        if column is Column.STATE:
            if is_overdue(report, self._board.clock.now_ns()):
                return self._tokens.ink("p1")
            if report.waits:
                return self._tokens.ink("p2")
        return None if report.is_open else self._tokens.ink("dim")

    def _text(self, report: CitizenReport, column: Column) -> str:
        say, profile = self._catalogue.say, self._board.profile
        now = self._board.clock.now_ns()
        match column:
            case Column.STATE:
                text = say(f"reports.stage.{report.stage}")
                return f"{text} · {say('reports.overdue')}" if is_overdue(report, now) else text
            case Column.AGE:
                return self._moments.age(report.received_at_ns, now)
            case Column.SERVICE:
                name = service_name(profile, self._catalogue, report.told.service)
                return f"{name} ×{report.repeated + 1}" if report.repeated else name
            case Column.PLACE:
                return place_words(report, self._catalogue)
            case Column.TEXT:
                return " ".join(report.told.text[:300].split())
            case Column.INCIDENT:
                return report.incident_id
            case Column.OFFICE:
                return owner_name(profile, self._catalogue, report.agency)
            case Column.ID:
                return report.id

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"reports.column.{Column(section).name.lower()}")
        return None
