"""The page of official warnings: all that concern the city, and the whole text of the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import commands as do
from console.model.warning import StandingWarning
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.warnings.telling import Telling, all_of, priority_of

if TYPE_CHECKING:
    from console.desk.board import Board

Index = QModelIndex | QPersistentModelIndex
COLUMNS = ("severity", "headline", "where", "time", "read_by")
WIDTHS_PX = (104, 210, 116, 172, 130)
_TEXT_ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole,
)  # fmt: skip
SHAPES = {1: "◆", 2: "▲", 3: "●", 4: "○"}
"""As the marks: a level is never told by colour alone."""


class WarningModel(QAbstractTableModel):
    """All warnings the state holds, in order. UI thread only."""

    def __init__(
        self, board: Board, telling: Telling, catalogue: Catalogue, tokens: Tokens, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._telling, self._catalogue, self._tokens = board, telling, catalogue, tokens
        self.rows: list[StandingWarning] = []

    def look(self) -> None:
        """The state may have changed."""
        rows = all_of(self._board.state)
        if [one.id for one in rows] != [one.id for one in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        self.rows = rows
        self.repaint()

    def repaint(self) -> None:
        """Times and words may read differently."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        standing, column = self.rows[index.row()], COLUMNS[index.column()]
        if role in _TEXT_ROLES:
            return self.text(standing, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            if not standing.in_force:
                return self._tokens.ink("dim")
            return self._tokens.priority_ink(priority_of(standing)) if column == "severity" else None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"warnings.column.{COLUMNS[section]}")
        return None

    def text(self, standing: StandingWarning, column: str) -> str:
        """What a cell says."""
        if column == "severity":
            shape = SHAPES[priority_of(standing)] if standing.in_force else "–"
            return f"{shape} {self._telling.severity(standing)}"
        if column == "time":
            return self._telling.time(standing, self._board.clock.now_ns())
        return str(getattr(self._telling, column)(standing))


class WarningsPage(QWidget):
    """UI thread only."""

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("warnings")
        self._board, self._port, self._actions, self._catalogue = board, port, actions, catalogue
        self._telling = Telling(board.profile, catalogue, moments)
        self.model = WarningModel(board, self._telling, catalogue, tokens, self)
        self.table = QTableView(self)
        self.empty = label(self, ink="dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.aside = ElidedLabel(self, size="small", ink="dim")
        self.title = ElidedLabel(self, weight="bold", size="strong")
        self.text = QPlainTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        actions.add("warnings.read_one", "warnings.act.read_one", "Ctrl+Return", self.read, owner=self,
                    group="warnings.title")  # fmt: skip
        self._lay_out(actions, tokens)
        self.setFocusProxy(self.table)
        self.table.selectionModel().selectionChanged.connect(self._chosen_changed)
        pulse.incidents_changed.connect(self._look)
        pulse.second_passed.connect(self._second)
        tokens.changed.connect(self.table.viewport().update)
        self._forget_words = follow(catalogue, self._retext)
        self._look()

    @property
    def chosen(self) -> StandingWarning | None:
        """The warning under the hand."""
        rows = self.table.selectionModel().selectedRows()
        number = rows[0].row() if rows else -1
        return self.model.rows[number] if 0 <= number < len(self.model.rows) else None

    @Slot()
    def read(self) -> None:
        """Say that the chosen warning was read by this person."""
        if self.chosen is not None:
            self._port.request(do.AcknowledgeWarning(warning_id=self.chosen.id))

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    @Slot()
    def _look(self) -> None:
        kept = self.chosen
        self.model.look()
        if self.model.rows and self.chosen is None:
            names = [one.id for one in self.model.rows]
            self.table.selectRow(names.index(kept.id) if kept is not None and kept.id in names else 0)
        self._tell()

    @Slot()
    def _second(self) -> None:
        if self.isVisible():
            self.model.repaint()
            self._tell()

    @Slot(QItemSelection, QItemSelection)
    def _chosen_changed(self, *_: object) -> None:
        self._tell()

    def _tell(self) -> None:
        say, chosen, state = self._catalogue.say, self.chosen, self._board.state
        some = bool(self.model.rows)
        self.table.setVisible(some)
        self.empty.setVisible(not some)
        aside = sum(state.warnings_aside.values())
        by_reason = sorted(state.warnings_aside.items())
        parts = [f"{say(f'report.warning.aside.{why}')} {n}" for why, n in by_reason]
        self.aside.setText(say("warnings.aside", n=aside, reasons=", ".join(parts)) if aside else "")
        self.title.setText(self._telling.headline(chosen) if chosen is not None else "")
        told = self._telling.whole(chosen, self._board.clock.now_ns()) if chosen is not None else ""
        if told != self.text.toPlainText():
            at = self.text.verticalScrollBar().value()
            self.text.setPlainText(told)
            self.text.verticalScrollBar().setValue(at)
        asked = chosen is not None and (
            do.AcknowledgeWarning(warning_id=chosen.id) in self._board.pending.values()
        )
        read = chosen is not None and any(one.person == self._board.person for one in chosen.acknowledged)
        self._actions.enable("warnings.read_one", chosen is not None and not read and not asked)

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("warnings.title"))
        self.table.setAccessibleName(say("warnings.title"))
        self.text.setAccessibleName(say("warnings.text"))
        self.empty.setText(say("warnings.empty"))
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self.model.repaint()
        self._tell()

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        table = self.table
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, width in enumerate(WIDTHS_PX):
            table.setColumnWidth(number, width)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        left, right = QWidget(self), QWidget(self)
        listed = QVBoxLayout(left)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(tokens.space(1))
        listed.addWidget(table, 1)
        listed.addWidget(self.empty, 1)
        listed.addWidget(self.aside)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(actions.button("warnings.read_one", right))
        told = QVBoxLayout(right)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(tokens.space(1))
        told.addLayout(head)
        told.addWidget(self.text, 1)
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setChildrenCollapsible(False)
        halves.addWidget(left)
        halves.addWidget(right)
        halves.setSizes([740, 420])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(tokens.space(2),) * 4)
        layout.addWidget(halves)
