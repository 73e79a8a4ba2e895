"""The queue's two views on one model: the first line, always visible, and the rest below it.

The rest hides the first row; both share one selection, and the rest alone has the keyboard.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QToolTip, QWidget

from widgets.incidents.lines import Column, Line
from widgets.incidents.model import CAMERAS_ROLE, INCIDENT_ROLE, LINE_ROLE, QueueModel
from widgets.incidents.paint import RowPainter
from widgets.kit.dragging import drag_cameras
from widgets.kit.tokens import Tokens

FIXED_PX = {Column.PRIORITY: 44, Column.AGE: 68}
WEIGHTS = {Column.TYPE: 22, Column.PLACE: 28, Column.STATE: 28, Column.OWNER: 14, Column.WHY: 18}
FAR = 5_000
"""A selected row is found again up to here when all rows are told anew; one below stays in the detail."""
NARROW_PX = {Column.WHY: 840, Column.OWNER: 460}
"""Below these widths a column gives its room to the others; the detail shows what it would have said."""


class QueueView(QTableView):
    """A table of queue rows.

    Signals:
        chosen(str): the operator moved the selection to this incident (never Qt by itself).
        opened(str): Enter or a double click on this incident.
        touched: the operator's hand is here: a key, the wheel, the mouse.
        selection_left(int): the selected incident left the queue from this row; now none is selected.
        turned(str, bool): fold (True) or unfold the parts of this whole.
    """

    chosen = Signal(str)
    opened = Signal(str)
    touched = Signal()
    selection_left = Signal(int)
    turned = Signal(str, bool)

    def __init__(self, model: QueueModel, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._resume_row = 0
        self._queue = model
        self.painter_of_rows = RowPainter(model, tokens, self)
        self.setItemDelegate(self.painter_of_rows)
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(tokens.size("row"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoScroll(False)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(tokens.size("row"))
        columns = self.horizontalHeader()
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setFont(tokens.font("small"))
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(24)
        columns.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        columns.setSectionsClickable(False)
        self.viewport().setMouseTracking(True)
        self.viewport().installEventFilter(self)
        self.activated.connect(self._open)
        tokens.changed.connect(self.viewport().update)

    def current_incident(self) -> str:
        """The selected incident's id, "" for none."""
        rows = self.selectionModel().selectedRows()
        return str(rows[0].data(INCIDENT_ROLE)) if rows else ""

    def blink(self, lit: bool) -> None:
        """Show the other half of the blink: repaints the flashing markers and nothing else."""
        self.painter_of_rows.lit = lit
        model = self.model()
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        for row in range(max(0, first), (last if last >= 0 else model.rowCount() - 1) + 1):
            index = model.index(row, Column.PRIORITY)
            line = index.data(LINE_ROLE)
            if isinstance(line, Line) and line.flashes and not self.isRowHidden(row):
                self.viewport().update(self.visualRect(index))

    def share_width(self, width_px: int) -> None:
        """Divide the width among the columns."""
        hidden = [column for column, least in NARROW_PX.items() if width_px < least]
        left = width_px - sum(FIXED_PX.values())
        total = sum(weight for column, weight in WEIGHTS.items() if column not in hidden)
        for column in Column:
            self.setColumnHidden(column, column in hidden)
            if column in FIXED_PX:
                self.setColumnWidth(column, FIXED_PX[column])
            elif column not in hidden:
                self.setColumnWidth(column, max(24, left * WEIGHTS[column] // total))

    def rowsAboutToBeRemoved(self, parent: QModelIndex, start: int, end: int) -> None:
        """When the selected row goes nothing is selected: Qt would choose a neighbour, and the operator's
        next key would act on an incident nobody chose.
        """
        current = self.currentIndex()
        if current.isValid() and start <= current.row() <= end:
            self.selectionModel().clear()
            self.selection_left.emit(start)
        super().rowsAboutToBeRemoved(parent, start, end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.touched.emit()
        fold = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}.get(Qt.Key(event.key()))
        if fold is not None:
            self.turned.emit(self.current_incident(), fold)
            return
        step = self._step(event)
        if step is None:
            super().keyPressEvent(event)
            return
        before = self.current_incident()
        self._go(step)
        self._tell_choice(before)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        before = self.current_incident()
        super().mousePressEvent(event)
        self._tell_choice(before)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """The cameras of the incident are dragged with it."""
        at = self.currentIndex()
        cameras = self.model().data(at, CAMERAS_ROLE) if at.isValid() else ()
        if cameras:
            drag_cameras(self, cameras)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel):
            self.touched.emit()
        return super().eventFilter(watched, event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._tell_whole_text(event)
        return super().viewportEvent(event)

    def _step(self, event: QKeyEvent) -> int | None:
        """How many rows a key goes, None for a key that goes nowhere."""
        keys, rows = Qt.Key, self.model().rowCount()
        if event.key() == keys.Key_End:
            self._queue.tell_of(len(self._queue.rows))
            rows = self._queue.rowCount()
        page = max(1, self.viewport().height() // max(1, self.verticalHeader().defaultSectionSize()) - 1)
        return {
            keys.Key_Up: -1, keys.Key_Down: 1, keys.Key_PageUp: -page, keys.Key_PageDown: page,
            keys.Key_Home: -rows, keys.Key_End: rows,
        }.get(Qt.Key(event.key()))  # fmt: skip

    def _go(self, step: int) -> None:
        """Select the row that many rows away. Qt's own way skips the hidden first row, which the other view
        shows; from no selection the first key lands where the last one was.
        """
        last = self.model().rowCount() - 1
        if last < 0:
            return
        chosen = self.selectionModel().selectedRows()
        row = chosen[0].row() + step if chosen else self._resume_row
        index = self.model().index(min(last, max(0, row)), Column.PRIORITY)
        flags = self.selectionModel().SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _tell_whole_text(self, event: QHelpEvent) -> bool:
        index = self.indexAt(event.pos())
        line = index.data(LINE_ROLE) if index.isValid() else None
        if line is None:
            QToolTip.hideText()
            return True
        width_px = self.columnWidth(index.column())
        cut = self.painter_of_rows.cuts(line, index.column(), width_px)
        QToolTip.showText(
            event.globalPos(), "\n".join((line.whole(index.column()), line.why) if cut else (line.why,)), self
        )  # fmt: skip
        return True

    def _tell_choice(self, before: str) -> None:
        now = self.current_incident()
        if now and now != before:
            self.chosen.emit(now)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(str(index.data(INCIDENT_ROLE)))


class FirstLine(QueueView):
    """The header and row 0, never scrolled away."""

    def __init__(self, model: QueueModel, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(model, tokens, parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setFixedHeight(tokens.space(6))
        self.setFixedHeight(tokens.space(6) + tokens.size("row"))

    def scrollTo(
        self,
        index: QModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Stays where it is: on row 0."""

    def wheelEvent(self, event: object) -> None:
        """Nothing to scroll here."""
        event.ignore()


class Rest(QueueView):
    """All rows but the first, scrolled; has the keyboard for both views."""

    def __init__(
        self, model: QueueModel, first: FirstLine, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, tokens, parent)
        self._first = first
        self._hidden = QPersistentModelIndex()
        self.horizontalHeader().setVisible(False)
        first.pressed.connect(self._take_keyboard)
        for view in (first, self):
            view.selection_left.connect(self._resume_at)
        first.setSelectionModel(self.selectionModel())
        for signal in (model.rowsInserted, model.rowsRemoved, model.rowsMoved, model.modelReset):
            signal.connect(self.hide_first)
        self._before: tuple[str, list[tuple[str, int]]] = ("", [])
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        self.hide_first()

    @Slot()
    def _remember(self) -> None:
        self._before = self.current_incident(), self.heights()

    @Slot()
    def _restore(self) -> None:
        """All rows were told anew: what was selected still is, where it still is in the queue."""
        chosen, heights = self._before
        row = self._queue.rows.row_of(chosen) if chosen else -1
        if 0 <= row < FAR:
            self._queue.tell_of(row + 1)
            flags = self.selectionModel().SelectionFlag
            self.selectionModel().setCurrentIndex(
                self.model().index(row, Column.PRIORITY), flags.ClearAndSelect | flags.Rows
            )
        self.keep_heights(heights)

    @Slot(int)
    def _resume_at(self, row: int) -> None:
        self._resume_row = row

    @Slot()
    def _take_keyboard(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    @Slot()
    def hide_first(self) -> None:
        """Row 0 is the other view's."""
        if self._hidden.isValid() and self._hidden.row() > 0:
            self.setRowHidden(self._hidden.row(), False)
        if self.model().rowCount() and not self.isRowHidden(0):
            self.setRowHidden(0, True)
            self._hidden = QPersistentModelIndex(self.model().index(0, 0))

    def top_incident(self) -> str:
        """The first row that shows here."""
        row = self.rowAt(0)
        return str(self.model().index(row, 0).data(INCIDENT_ROLE)) if row >= 0 else ""

    def heights(self) -> list[tuple[str, int]]:
        """(incident, where its row begins in pixels) of every row that shows here, from the top."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        rows = range(max(1, first), (last if last >= 0 else self.model().rowCount() - 1) + 1)
        return [
            (str(self.model().index(row, 0).data(INCIDENT_ROLE)), self.rowViewportPosition(row))
            for row in rows
        ]

    def keep_heights(self, heights: list[tuple[str, int]]) -> None:
        """Scroll so that the first of these that is still here begins where it did."""
        for incident_id, height_px in heights:
            row = self._queue.known_row(incident_id)
            if row >= 1:
                self.updateGeometries()  # the bar must know the new length before it is set
                moved_px = self.rowViewportPosition(row) - height_px
                if moved_px:
                    self.verticalScrollBar().setValue(self.verticalScrollBar().value() + moved_px)
                return

    def scrollTo(
        self,
        index: QModelIndex,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if index.row() > 0:
            super().scrollTo(index, hint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_width(self.viewport().width())
        self._first.share_width(self.viewport().width())
