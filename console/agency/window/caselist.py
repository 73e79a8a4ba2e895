"""The list of cases, newest first: state, how long it is here, code, what, where."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from console.agency.facts import OPEN, CaseFacts
from console.agency.window.look import Look
from console.clock import SECOND_NS, Clock
from console.language import Catalogue

COLUMNS = ("priority", "clock", "age", "event", "place", "stage", "number")
_WIDTHS = (70, 70, 60, 118, 160, 158, 112)
Index = QModelIndex | QPersistentModelIndex


class CaseList(QAbstractTableModel):
    """New cases are inserted, so that selection and scrolling stay."""

    def __init__(self, catalogue: Catalogue, look: Look, clock: Clock, parent: QWidget) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._look = look
        self._clock = clock
        self._shapes = {priority: look.shape(priority) for priority in (1, 2, 3, 4)}
        self._new = look.new()
        self._bold = QApplication.font()
        self._bold.setBold(True)
        self.cases: tuple[CaseFacts, ...] = ()

    def take(self, cases: tuple[CaseFacts, ...]) -> None:
        """Show these. Cases only ever come at the top or change in place; anything else starts anew."""
        numbers, before = [one.number for one in cases], self.cases
        known = before and before[0].number in numbers
        new = numbers.index(before[0].number) if known else len(cases)
        stay = len(cases) - new
        if numbers[new:] != [one.number for one in before[:stay]]:
            self.beginResetModel()
            self.cases = cases
            self.endResetModel()
            return
        if stay < len(before):
            self.beginRemoveRows(QModelIndex(), stay, len(before) - 1)
            self.cases = before[:stay]
            self.endRemoveRows()
        if new:
            self.beginInsertRows(QModelIndex(), 0, new - 1)
            self.cases = cases[:new] + before[:stay]
            self.endInsertRows()
        self.cases = cases
        for row, old in enumerate(before[:stay], new):
            if old != cases[row]:
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))

    def grow_older(self) -> None:
        """The ages have changed."""
        if self.cases:
            column = COLUMNS.index("age")
            self.dataChanged.emit(self.index(0, column), self.index(len(self.cases) - 1, column))

    def retranslate(self) -> None:
        if self.cases:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.cases) - 1, len(COLUMNS) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self.cases)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"agency.list.{COLUMNS[section]}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        case, column = self.cases[index.row()], COLUMNS[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(case, column)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._mark(case, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            if column == "stage" and case.cancel == "asked":
                return QColor(self._look.ink["p2"])
            return QColor(self._look.ink["text" if case.stage in OPEN else "dim"])
        if role == Qt.ItemDataRole.FontRole and case.stage == "received":
            return self._bold
        return None

    def text(self, case: CaseFacts, column: str) -> str:
        """What a column says of a case."""
        told, letter = case.told(self._catalogue.language), case.letter
        if column == "stage":
            return state_of(case, self._catalogue)
        code = f"P{letter.priority} {letter.grade}".strip() if len(letter.grade) < 2 else letter.grade
        return {
            "priority": code, "clock": letter.clock, "age": self._age(case), "event": told.event,
            "place": told.place, "number": case.number,
        }[column]  # fmt: skip

    def _age(self, case: CaseFacts) -> str:
        """Since it came, while it is open; else how long it took."""
        until_ns = self._clock.now_ns() if case.stage in OPEN else case.changed_ns
        seconds = max(0, (until_ns - case.came_ns) // SECOND_NS)
        if seconds < 3600:
            return f"{seconds // 60}:{seconds % 60:02d}"
        return f"{seconds // 3600} h {seconds % 3600 // 60:02d}"

    def _mark(self, case: CaseFacts, column: str) -> QIcon | None:
        if column == "priority":
            return self._shapes[case.letter.priority]
        return self._new if column == "stage" and case.stage == "received" else None


def state_of(case: CaseFacts, catalogue: Catalogue) -> str:
    """The state in a word, with the wish to cancel where there is one."""
    stage = catalogue.say(f"agency.stage.{case.stage}")
    return catalogue.say("agency.stage.cancel_asked", stage=stage) if case.cancel == "asked" else stage


def make_table(model: CaseList) -> QTableView:
    """The view of the list: one row at a time, no grid, the place takes what is left."""
    table = QTableView()
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(28)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(COLUMNS.index("place"), QHeaderView.ResizeMode.Stretch)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in enumerate(_WIDTHS):
        table.setColumnWidth(column, width)
    return table
