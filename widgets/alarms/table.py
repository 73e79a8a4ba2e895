"""The table of alarms: one view on the model, its place kept while rows come above."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QToolTip, QWidget

from widgets.alarms.model import ROW_ROLE, AlarmModel
from widgets.alarms.paint import RowPainter, flashes
from widgets.alarms.rows import Row
from widgets.alarms.words import Column
from widgets.kit.tokens import Tokens

FIXED_PX = {Column.PRIORITY: 100, Column.STATE: 124, Column.AGE: 54}
WEIGHTS = {Column.WHAT: 27, Column.WHERE: 20, Column.VALUE: 18, Column.INCIDENT: 13, Column.NOTE: 20}
HIDING = {Column.WHAT: 24, Column.WHERE: 20, Column.NOTE: 42}
"""In views of what is hidden the reason matters, and the value does not."""
NARROW_PX = {Column.INCIDENT: 900, Column.VALUE: 620}
"""Below these widths a column gives its room to the others; the panel beside says what it would have said."""


class AlarmTable(QTableView):
    """Rows of alarms; several can be chosen.

    Signals:
        chosen: another selection, by the operator's hand.
        opened(str): Enter or a double click on a row.
        touched: a key, the wheel or the mouse.
    """

    chosen = Signal()
    opened = Signal(str)
    touched = Signal()

    def __init__(self, model: AlarmModel, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_painter = RowPainter(model, tokens, self)
        self.setItemDelegate(self.rows_painter)
        self.setModel(model)
        self._model = model
        self.setObjectName("alarms-table")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(tokens.size("row") - 4)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(tokens.size("row") - 4)
        columns = self.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)
        columns.setMinimumSectionSize(24)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.viewport().setMouseTracking(True)
        self.viewport().installEventFilter(self)
        tokens.changed.connect(self.viewport().update)

    # what is chosen

    def chosen_rows(self) -> list[Row]:
        """The chosen rows from the top."""
        places = sorted(one.row() for one in self.selectionModel().selectedRows())
        return [row for row in map(self._model.row, places) if row is not None]

    def current_row(self) -> Row | None:
        """The row that acts are about: the current one, where it is chosen."""
        index = self.currentIndex()
        if index.isValid() and self.selectionModel().isRowSelected(index.row()):
            return self._model.row(index.row())
        return None

    def choose(self, key: str) -> bool:
        """Choose the row of this key alone; False where it is not shown."""
        place = self._model.place(key)
        if place < 0:
            return False
        index = self._model.index(place, Column.PRIORITY)
        flags = self.selectionModel().SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)
        return True

    def show_group(self, line: str) -> None:
        """Scroll so that a group's members are on the screen, or as many as fit below its own row."""
        place = self._model.place(line)
        last = place
        while (row := self._model.row(last + 1)) is not None and row.inside and row.line == line:
            last += 1
        for each in (last, place):
            self.scrollTo(self._model.index(each, Column.PRIORITY))

    def seen_rows(self) -> list[Row]:
        """The rows that are wholly on the screen."""
        height = self.viewport().height()
        first, last = self.rowAt(0), self.rowAt(height - 1)
        last = last if last >= 0 else self._model.rowCount() - 1
        high = self.verticalHeader().defaultSectionSize()
        return [
            row for place in range(max(0, first), last + 1)
            if 0 <= self.rowViewportPosition(place) <= height - high and (row := self._model.row(place))
        ]  # fmt: skip

    # places kept

    def anchor(self) -> tuple[str, int, tuple[str, ...]]:
        """What to hold on to while rows change: the chosen row, where it is seen, else the top one; its
        height in pixels; and the keys that are chosen."""
        current = self.current_row()
        keys = tuple(row.key for row in self.chosen_rows())
        top = self._model.row(self.rowAt(0))
        row = current if current is not None and self._is_seen(current.key) else top
        if row is None:
            return "", 0, keys
        if row is top and self.verticalScrollBar().value() == 0:
            return "", 0, keys  # who looks at the beginning wants to see what comes there
        return row.key, self.rowViewportPosition(self._model.place(row.key)), keys

    def restore(self, anchor: tuple[str, int, tuple[str, ...]]) -> None:
        """Choose the same rows again, and let the one held on to stand where it stood."""
        key, height_px, keys = anchor
        now = tuple(row.key for row in self.chosen_rows())
        if now != keys:
            self._choose_again(keys)
        place = self._model.place(key) if key else -1
        if place >= 0:
            self.updateGeometries()  # the bar must know the new length before it is set
            moved_px = self.rowViewportPosition(place) - height_px
            if moved_px:
                self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved_px)

    def _choose_again(self, keys: tuple[str, ...]) -> None:
        selection = self.selectionModel()
        flags = selection.SelectionFlag
        selection.clear()
        for number, key in enumerate(keys):
            place = self._model.place(key)
            if place < 0:
                continue
            index = self._model.index(place, Column.PRIORITY)
            if number == 0 or not self.currentIndex().isValid():
                selection.setCurrentIndex(index, flags.NoUpdate)
            selection.select(index, flags.Select | flags.Rows)

    def _is_seen(self, key: str) -> bool:
        place = self._model.place(key)
        return place >= 0 and 0 <= self.rowViewportPosition(place) < self.viewport().height()

    def rowsAboutToBeRemoved(self, parent: object, start: int, end: int) -> None:
        """When the current row goes nothing is current: Qt would choose a neighbour, and the operator's next
        key would act on an alarm nobody chose."""
        current = self.currentIndex()
        if current.isValid() and start <= current.row() <= end:
            self.selectionModel().clear()
        super().rowsAboutToBeRemoved(parent, start, end)  # type: ignore[arg-type]

    # keys


    @Slot(bool)
    def blink(self, lit: bool) -> None:
        """Repaint the flashing markers and nothing else."""
        self.rows_painter.lit = lit
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        for place in range(max(0, first), (last if last >= 0 else self._model.rowCount() - 1) + 1):
            row = self._model.row(place)
            if row is not None and flashes(row):
                self.viewport().update(self.visualRect(self._model.index(place, Column.PRIORITY)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.touched.emit()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.current_row()
            if row is not None:
                self.opened.emit(row.key)
            return
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.current_row() is None:
            first = self._model.row(max(0, self.rowAt(0)))
            if first is not None:
                self.choose(first.key)
        else:
            super().keyPressEvent(event)
        self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.chosen.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._model.row(self.rowAt(event.position().toPoint().y()))
        if row is not None:
            self.opened.emit(row.key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self.touched.emit()
        return super().eventFilter(watched, event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            row: Row | None = index.data(ROW_ROLE) if index.isValid() else None
            text = str(index.data()) if row is not None else ""
            if row is not None and self.rows_painter.cuts(
                row, index.column(), text, self.columnWidth(index.column())
            ):
                QToolTip.showText(event.globalPos(), text, self)
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_width()

    def share_width(self) -> None:
        """Divide the width among the columns that the view needs."""
        width_px = self.viewport().width()
        weights = WEIGHTS if self._model.lines.view in ("active", "latched") else HIDING
        weights = {one: weight for one, weight in weights.items() if width_px >= NARROW_PX.get(one, 0)}
        self._model.put_incidents_into_notes(Column.INCIDENT not in weights)
        left, total = width_px - sum(FIXED_PX.values()), sum(weights.values())
        for column in Column:
            self.setColumnHidden(column, column not in FIXED_PX and column not in weights)
            if column in FIXED_PX:
                self.setColumnWidth(column, FIXED_PX[column])
            elif column in weights:
                self.setColumnWidth(column, max(24, left * weights[column] // total))
