"""The units: where each is, for which case, and when it arrives."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.agency.fleet import Duty, Fleet, Unit
from console.agency.window.look import Look
from console.clock import SECOND_NS, Clock
from console.language import Catalogue

_COLUMNS = ("unit", "state", "case", "in")
Index = QModelIndex | QPersistentModelIndex


class UnitList(QAbstractTableModel):
    """One row a unit, in the order of the file."""

    def __init__(
        self, fleet: Fleet, catalogue: Catalogue, look: Look, clock: Clock, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._fleet = fleet
        self._catalogue = catalogue
        self._look = look
        self._clock = clock
        self._duties: dict[str, Duty] = {}

    def take(self, duties: tuple[Duty, ...]) -> None:
        self._duties = {one.unit: one for one in duties}
        self.refresh()

    def refresh(self) -> None:
        """Times have gone on."""
        if self._fleet.units:
            self.dataChanged.emit(
                self.index(0, 0), self.index(len(self._fleet.units) - 1, len(_COLUMNS) - 1)
            )

    def retranslate(self) -> None:
        self.refresh()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(_COLUMNS) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self._fleet.units)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        if role == Qt.ItemDataRole.DisplayRole and way == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"agency.units.{_COLUMNS[section]}")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        unit = self._fleet.units[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._text(unit, _COLUMNS[index.column()])
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._look.ink["text" if unit.id in self._duties else "dim"])
        return None

    def _text(self, unit: Unit, column: str) -> str:
        duty, now_ns = self._duties.get(unit.id), self._clock.now_ns()
        if column == "unit":
            return unit.id
        state = duty.state(now_ns) if duty is not None else "home"
        if column == "state":
            return self._catalogue.say(f"agency.unit.{state}")
        if duty is None or state == "home":
            return ""
        if column == "case":
            return duty.number
        seconds = max(0, (duty.arrives_ns - now_ns) // SECOND_NS)
        return "" if state == "there" else f"{seconds // 60}:{seconds % 60:02d}"


def make_units(model: UnitList) -> QTableView:
    table = QTableView()
    table.setModel(model)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(22)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
    for column, width in ((0, 92), (1, 88), (3, 74)):
        table.setColumnWidth(column, width)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
