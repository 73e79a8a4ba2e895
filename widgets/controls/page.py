"""The page of controls: find a device, choose a value, send it, see what came of it; the last orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.base import Position, Words
from console.model.control import AUTOMATIC
from widgets.controls.model import Column, DeviceModel
from widgets.controls.orders import Column as OrderColumn
from widgets.controls.orders import OrdersModel
from widgets.controls.panel import DevicePanel
from widgets.controls.rows import MOST_DEVICES
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import quieten
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

LAMPS = "lamp_dim"
"""The control of "all lamps around"; a city without it has not that act."""
ALL_ON = "100"
LIST_PX, PANEL_PX, ORDERS_PX = 350, 410, 380
WIDTHS_PX = {Column.VALUE: 60, Column.STATE: 66, Column.LAST: 92}
ORDER_WIDTHS_PX = {OrderColumn.WHEN: 62, OrderColumn.WHO: 76, OrderColumn.RESULT: 134}


class ControlsPage(QWidget):
    """UI thread only.

    Signals:
        place_wanted(str): this device is to be shown on the map.
    """

    place_wanted = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("controls")
        self._board, self._catalogue, self._actions = board, catalogue, actions
        self.model = DeviceModel(board, catalogue, tokens, moments, self)
        self.orders = OrdersModel(board, catalogue, tokens, moments, self)
        self.panel = DevicePanel(board, pulse, port, actions, catalogue, tokens, moments)
        self.field = QLineEdit(self)
        self.field.setObjectName("controls-field")
        self.field.setClearButtonEnabled(True)
        self.count = ElidedLabel(self, size="small", ink="dim")
        self.table, self.log = QTableView(self), QTableView(self)
        self.table.setObjectName("controls-table")
        self.log.setObjectName("controls-orders")
        self.log_title = label(self, size="small", ink="dim")
        group = "controls.title"
        actions.add("controls.find", "controls.act.find", "Ctrl+F", self.find, owner=self, group=group,
                    only_focused=True)  # fmt: skip
        for name, handler in (("all_on", self.lamps_on), ("all_auto", self.lamps_auto)):
            actions.add(f"controls.{name}", f"controls.act.{name}", "", handler, owner=self, group=group)
        self._build(tokens)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._search)
        for part in (self.field, self.table):
            part.installEventFilter(self)
        self.table.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.log.clicked.connect(self._order_clicked)
        self.panel.group_wanted.connect(self._choose_group)
        pulse.incidents_changed.connect(self._look)
        pulse.second_passed.connect(self._look)
        tokens.changed.connect(self._repaint)
        self._forget_words = follow(catalogue, self._retext)
        self._look_anyway()

    def _build(self, tokens: Tokens) -> None:
        for table, model, stretched in (
            (self.table, self.model, Column.DEVICE), (self.log, self.orders, OrderColumn.WHAT),
        ):  # fmt: skip
            table.setModel(model)
            quieten(table, tokens, stretched, several=True)
        for column, wide in WIDTHS_PX.items():
            self.table.setColumnWidth(column, wide)
        for order_column, wide in ORDER_WIDTHS_PX.items():
            self.log.setColumnWidth(order_column, wide)
        left = _column(tokens)
        row = QHBoxLayout()
        row.addWidget(self.field, 2)
        row.addWidget(self.count, 1)
        left.layout().addLayout(row)  # type: ignore[union-attr, attr-defined]
        left.layout().addWidget(self.table)  # type: ignore[union-attr]
        middle = QScrollArea(self)
        middle.setWidgetResizable(True)
        middle.setFrameShape(QFrame.Shape.NoFrame)
        middle.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle.setWidget(self.panel)
        right = _column(tokens)
        right.layout().addWidget(self.log_title)  # type: ignore[union-attr]
        right.layout().addWidget(self.log)  # type: ignore[union-attr]
        lamps = QHBoxLayout()
        lamps.addWidget(self._actions.button("controls.all_on", self))
        lamps.addWidget(self._actions.button("controls.all_auto", self))
        lamps.addStretch(1)
        self.panel.near.layout().addLayout(lamps)  # type: ignore[union-attr, attr-defined]
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setChildrenCollapsible(False)
        for part in (left, middle, right):
            halves.addWidget(part)
        halves.setSizes([LIST_PX, PANEL_PX, ORDERS_PX])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(halves)

    # what can be done

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen devices, from the top."""
        rows = sorted(one.row() for one in self.table.selectionModel().selectedRows())
        return tuple(self.model.device_id(row) for row in rows[:MOST_DEVICES])

    def show_device(self, device_id: str) -> bool:
        """Offer the controls of this device; False for one that has none (and the list stays)."""
        device = self._board.profile.devices.get(device_id)
        if device is None or not self._board.profile.controls_of_kind.get(device.kind):
            return False
        self.field.setText(device_id)
        self.choose((device_id,))
        self.panel.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def show_incident(self, incident_id: str) -> None:
        """What stands around this incident is what "around" means, and orders are given for it."""
        incident = self._board.state.incidents.get(incident_id)
        if incident is None:
            return
        self.panel.show_place(incident.place.position, incident.place.name, incident_id)
        self._tell()
        able = next((one for one in incident.device_ids if self._has_controls(one)), "")
        if able:
            self.show_device(able)
            self.panel.show_place(incident.place.position, incident.place.name, incident_id)

    def show_lamps(self, position: Position, name: Words, incident_id: str = "") -> None:
        """Choose the lamps around a place, ready to be switched to full brightness."""
        self.panel.show_place(position, name, incident_id)
        self._lamps(ALL_ON, send=False)

    @Slot()
    def lamps_on(self) -> None:
        """All lamps around the place to full brightness, in one order."""
        self._lamps(ALL_ON)

    @Slot()
    def lamps_auto(self) -> None:
        """All lamps around the place back to their own programme."""
        self._lamps(AUTOMATIC)

    def _lamps(self, value: str, send: bool = True) -> None:
        control = self._board.profile.controls.get(LAMPS)
        if control is None:
            return
        found = self.panel.found_around(control) if send else self.panel.widen(control)
        if not found:
            self.choose(())
            self.panel.tell_none()
            return
        self.choose(found, LAMPS, value)
        if send:
            self.panel.send()
        else:
            self.panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose(self, device_ids: tuple[str, ...], control_id: str = "", value: str = "") -> None:
        """Choose these devices; with several, the list shows only them."""
        self.model.search(self.field.text(), device_ids if len(device_ids) > 1 else ())
        self._select(device_ids)
        self.panel.show_devices(self.chosen, control_id, value)
        self._tell()

    def _select(self, device_ids: tuple[str, ...]) -> None:
        selection = QItemSelection()
        for device_id in device_ids:
            row = self.model.row_of(device_id)
            if row >= 0:
                selection.select(self.model.index(row, 0), self.model.index(row, len(Column) - 1))
        flags = QItemSelectionModel.SelectionFlag
        self.table.selectionModel().select(selection, flags.ClearAndSelect | flags.Rows)

    @Slot()
    def find(self) -> None:
        """Go to the field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        self.panel.release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        key = Qt.Key(event.key())
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        down = watched is self.field and key == Qt.Key.Key_Down
        clear = watched is self.field and key == Qt.Key.Key_Escape and bool(self.field.text())
        if event.type() == QEvent.Type.ShortcutOverride and (enter or clear):
            event.accept()
        if event.type() != QEvent.Type.KeyPress or not (enter or down or clear):
            return False
        if clear:
            self.field.clear()
        elif self.model.rowCount():
            if not self.chosen:
                self.table.selectRow(0)
            (self.panel if enter else self.table).setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    # how it follows

    def _has_controls(self, device_id: str) -> bool:
        device = self._board.profile.devices.get(device_id)
        return device is not None and bool(self._board.profile.controls_of_kind.get(device.kind))

    @Slot(str)
    def _search(self, text: str) -> None:
        self.model.search(text)
        self._tell()

    @Slot(QItemSelection, QItemSelection)
    def _chosen_changed(self, *changed: object) -> None:
        if self.chosen != self.panel.devices:
            self.panel.show_devices(self.chosen)
        self._tell()

    @Slot(object)
    def _choose_group(self, device_ids: tuple[str, ...]) -> None:
        self.choose(device_ids)

    @Slot(QModelIndex)
    def _order_clicked(self, index: QModelIndex) -> None:
        order = self.orders.order(index.row())
        if order is not None:
            devices = tuple(one for one in order.parts if self._has_controls(one))
            self.field.setText(devices[0] if len(devices) == 1 else "")
            self.choose(devices, order.control)

    @Slot()
    def _look(self) -> None:
        if self.isVisible():
            self._look_anyway()

    def _look_anyway(self) -> None:
        self.model.look()
        self.orders.look()
        self._tell()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._look_anyway()

    @Slot()
    def _repaint(self) -> None:
        self.table.viewport().update()
        self.log.viewport().update()

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("controls.title"))
        self.field.setPlaceholderText(say("controls.find"))
        self.field.setAccessibleName(say("controls.find"))
        self.table.setAccessibleName(say("controls.title"))
        self.log.setAccessibleName(say("controls.orders"))
        kept = self.panel.devices
        self.model.reword()
        self._select(kept)
        self.orders.reword()
        self._tell()

    @Slot()
    def _tell(self) -> None:
        say = self._catalogue.say
        shown, known = self.model.counts
        text = say("controls.shown", shown=f"{shown:,}", all=f"{known:,}") if shown else say("controls.none")
        if self.chosen:
            text = say("controls.chosen", count=len(self.chosen))
        self.count.setText(text)
        empty = not self.orders.rowCount()
        self.log_title.setText(say("controls.no_orders") if empty else say("controls.orders"))
        control = self._board.profile.controls.get(LAMPS)
        found = bool(control is not None and self.panel.found_around(control))
        for name in ("all_on", "all_auto"):
            self._actions.enable(f"controls.{name}", found)


def _column(tokens: Tokens) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(1), 0)
    column.setSpacing(tokens.space(1))
    return made
