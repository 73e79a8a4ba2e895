"""The tables of Review: rows of the kit's height, elided in the middle, Enter opens, the end brings more."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens
from widgets.review.rows import INCIDENT_ROLE, RIGHT, RecordRows

PAD_PX = 6
MARK_PX = 14
QUIET = ("seq", "gap", "kind", "district")

WEIGHTS = {
    "seq": 6, "time": 12, "kind": 13, "what": 55, "who": 12, "gap": 9,
    "priority": 4, "type": 15, "place": 30, "district": 12, "opened": 13, "stage": 10, "owner": 10,
    "agencies": 8,
}  # fmt: skip


class CellPainter(QStyledItemDelegate):
    """Flat cells with the header's padding; a priority as its shape and number."""

    def __init__(self, tokens: Tokens, columns: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tokens, self._columns = tokens, columns
        self._metrics = QFontMetrics(tokens.font())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        tokens, name = self._tokens, self._columns[index.column()]
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, tokens.ground("select"))
        area = option.rect.adjusted(PAD_PX, 0, -PAD_PX, 0)
        text = str(index.data() or "")
        painter.setFont(tokens.font())
        painter.setPen(tokens.ink("dim" if name in QUIET else "text"))
        if name == "priority" and text[1:].isdigit():
            box = QRectF(area.left(), area.center().y() - MARK_PX / 2 + 0.5, MARK_PX, MARK_PX)
            paint_priority(painter, box, int(text[1:]), tokens)
            area.setLeft(area.left() + MARK_PX + PAD_PX)
            text = text[1:]
        side = Qt.AlignmentFlag.AlignRight if name in RIGHT else Qt.AlignmentFlag.AlignLeft
        shown = elided(text, self._metrics, area.width())
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), shown)

    def cuts(self, text: str, width_px: int) -> bool:
        """Whether a column of this width does not show the whole text."""
        return self._metrics.horizontalAdvance(text) > width_px - 2 * PAD_PX


class RecordTable(QTableView):
    """One table of the record.

    Signals:
        opened(str): Enter or a double click on a row that belongs to this incident.
    """

    opened = Signal(str)

    def __init__(self, model: RecordRows, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._cells = CellPainter(tokens, model.columns, self)
        self.setItemDelegate(self._cells)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(tokens.size("row"))
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)
        columns.setMinimumSectionSize(24)
        columns.setFont(tokens.font("small"))
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.activated.connect(self._open)

    def take_keyboard(self) -> None:
        """Give the table the keyboard, on its first row where none is chosen."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if self.model().rowCount() and not self.selectionModel().hasSelection():
            self.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Home and End go to the first and last row, not to the first and last column.
        last = self.model().rowCount() - 1
        row = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}.get(Qt.Key(event.key()))
        if row is None or last < 0:
            super().keyPressEvent(event)
        else:
            self.selectRow(row)
            self.scrollTo(self.model().index(row, 0))

    def viewportEvent(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            text = str(index.data() or "") if index.isValid() else ""
            cut = index.isValid() and self._cells.cuts(text, self.columnWidth(index.column()))
            QToolTip.showText(event.globalPos(), text if cut else "", self)
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        total = sum(WEIGHTS[one] for one in self._rows.columns)
        for place, name in enumerate(self._rows.columns):
            self.setColumnWidth(place, self.viewport().width() * WEIGHTS[name] // total)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        incident_id = str(index.data(INCIDENT_ROLE) or "")
        if incident_id:
            self.opened.emit(incident_id)
