"""The page of cameras: a field to search, the list, what can be done with what is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.language import Catalogue
from widgets.cameras.model import CameraModel, Column
from widgets.kit.actions import Actions
from widgets.kit.dragging import MOST_CAMERAS, drag_cameras
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import quieten
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

WIDTHS_PX = {Column.NUMBER: 70, Column.PURPOSE: 220, Column.STATE: 110, Column.ID: 150}
DWELL_S = 10.0


class CameraTable(QTableView):
    """A table whose rows are dragged as cameras."""

    def startDrag(self, actions: Qt.DropAction) -> None:
        ids = self.camera_ids()
        if ids:
            drag_cameras(self, ids)

    def camera_ids(self) -> tuple[str, ...]:
        """The chosen cameras, from the top; at most as many as a wall can show."""
        model = self.model()
        assert isinstance(model, CameraModel)
        rows = sorted(one.row() for one in self.selectionModel().selectedRows())
        return tuple(model.camera_id(row) for row in rows[:MOST_CAMERAS])


class CameraPage(QWidget):
    """Search by number, name, place or purpose; Enter or a drag brings what is chosen to the wall. UI
    thread only.

    Signals:
        cameras_wanted(tuple): these are to be shown on the wall.
        carousel_wanted(tuple, float): these are to take turns on the wall, each for so many seconds.
    """

    cameras_wanted = Signal(object)
    carousel_wanted = Signal(object, float)

    def __init__(
        self, board: Board, pulse: Pulse, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._catalogue = catalogue
        self.setObjectName("cameras")
        self.model = CameraModel(board, catalogue, tokens, self)
        self.field = QLineEdit(self)
        self.field.setObjectName("cameras-field")
        self.field.setClearButtonEnabled(True)
        self.count = ElidedLabel(self, size="small", ink="dim")
        self.dwell_label = label(self, size="small", ink="dim")
        self.dwell = QDoubleSpinBox(self)
        self.dwell.setRange(1, 3600)
        self.dwell.setDecimals(0)
        self.dwell.setValue(DWELL_S)
        self.table = CameraTable(self)
        self.table.setObjectName("cameras-table")
        self._build_table(tokens)
        group = "cameras.title"
        for name, key, handler in (
            ("wall", "", self.send), ("carousel", "Ctrl+K", self.send_carousel),
            ("find", "Ctrl+F", self.find),
        ):  # fmt: skip
            actions.add(
                f"cameras.{name}",
                f"cameras.act.{name}",
                key,
                handler,
                owner=self,
                group=group,
                only_focused=True,
            )
        actions.tell_keys(group, "cameras.act.wall", "Enter")
        row = QHBoxLayout()
        row.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(2), tokens.space(1))
        row.setSpacing(tokens.space(2))
        row.addWidget(self.field, 2)
        row.addWidget(self.count, 1)
        row.addWidget(self.dwell_label)
        row.addWidget(self.dwell)
        row.addWidget(actions.button("cameras.carousel", self, role="quiet"))
        row.addWidget(actions.button("cameras.wall", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.table.installEventFilter(self)
        self.table.doubleClicked.connect(self.send)
        self.table.selectionModel().selectionChanged.connect(self._tell)
        pulse.incidents_changed.connect(self._look)
        tokens.changed.connect(self.table.viewport().update)
        self._forget_words = follow(catalogue, self._retext)
        self._look()

    def _build_table(self, tokens: Tokens) -> None:
        table = self.table
        table.setModel(self.model)
        quieten(table, tokens, Column.NAME, several=True)
        table.setDragEnabled(True)
        table.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        for column, wide in WIDTHS_PX.items():
            table.setColumnWidth(column, wide)

    # what can be done

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen cameras; the first line where none is."""
        ids = self.table.camera_ids()
        first = self.model.camera_id(0)
        return ids or ((first,) if first and self.field.text() else ())

    @Slot()
    def send(self) -> None:
        """Bring what is chosen to the wall; while searching, the first line."""
        if self.chosen:
            self.cameras_wanted.emit(self.chosen)

    @Slot()
    def send_carousel(self) -> None:
        """Let what is chosen take turns on the wall; nothing chosen ends the carousel."""
        self.dwell.interpretText()
        self.carousel_wanted.emit(self.table.camera_ids(), float(self.dwell.value()))

    @Slot()
    def find(self) -> None:
        """Go to the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    # by key

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        down = watched is self.field and key == Qt.Key.Key_Down
        clear = watched is self.field and key == Qt.Key.Key_Escape and bool(self.field.text())
        if event.type() == QEvent.Type.ShortcutOverride and (enter or clear):
            event.accept()
        if event.type() != QEvent.Type.KeyPress or not (enter or down or clear):
            return False
        if enter:
            self.send()
        elif clear:
            self.field.clear()
        elif self.model.rowCount():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.table.selectRow(0)
        return True

    @Slot(str)
    def _search(self, text: str) -> None:
        self.model.search(text)
        self._tell()

    @Slot()
    def _look(self) -> None:
        self.model.look()

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("cameras.title"))
        self.field.setPlaceholderText(say("cameras.find"))
        self.field.setAccessibleName(say("cameras.find"))
        self.table.setAccessibleName(say("cameras.title"))
        self.dwell_label.setText(say("cameras.dwell"))
        self.dwell.setAccessibleName(say("cameras.dwell"))
        self.dwell.setSuffix(" " + say("kit.unit.s"))
        self.model.reword()
        self._tell()

    @Slot(QItemSelection, QItemSelection)
    def _tell(self, *changed: object) -> None:
        shown, known = self.model.counts
        chosen = len(self.table.selectionModel().selectedRows())
        say = self._catalogue.say
        text = say("cameras.count", shown=f"{shown:,}", all=f"{known:,}")
        if chosen:
            text += " · " + say("cameras.chosen", count=chosen)
        elif not shown:
            text = say("cameras.none")
        self.count.setText(text)
