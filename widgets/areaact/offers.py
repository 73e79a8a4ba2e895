"""What stands in an area, sort by sort, each with its box and its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QPlainTextEdit,
    QWidget,
)

from console.language import Catalogue
from console.model.areaact import AreaOrder
from console.model.base import Position
from console.model.control import AUTOMATIC, Control
from console.profile.areaacts import AreaFigures, Offer, standing_in
from widgets.kit.labels import ElidedLabel
from widgets.kit.moments import unit
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

LINE_PX, VALUE_PX = 18, 250


class OfferRow(QObject):
    """One control of an area: a box that says how many devices there are, and the value. UI thread only."""

    changed = Signal()

    def __init__(
        self, offer: Offer, control: Control, country: str, catalogue: Catalogue, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.offer, self.control = offer, control
        self._catalogue = catalogue
        self.device_ids: tuple[str, ...] = ()
        self.box = QCheckBox(parent)
        self.box.setObjectName(f"areas-offer-{control.id}")
        self.danger = ElidedLabel(parent, size="small", ink="p2")
        self._choices: QComboBox | None = None
        self._number: QDoubleSpinBox | None = None
        self._text: QPlainTextEdit | None = None
        first = offer.first(country)
        if control.range is not None:
            self._number = QDoubleSpinBox(parent)
            self._number.setDecimals(0 if float(control.range.step).is_integer() else 2)
            self._number.setRange(control.range.low, control.range.high)
            self._number.setSingleStep(control.range.step)
            self._number.setValue(float(first) if first else control.range.high)
            self._number.valueChanged.connect(self.changed)
        elif control.text is not None:
            self._text = QPlainTextEdit(first, parent)
            self._text.setTabChangesFocus(True)
            self._text.setFixedHeight(LINE_PX * control.text.lines + 16)
            self._text.textChanged.connect(self.changed)
        else:
            self._choices = QComboBox(parent)
            self._choices.addItem("")
            for choice in control.choices:
                self._choices.addItem("", choice.id)
            row = self._choices.findData(first)
            self._choices.setCurrentIndex(max(0, row))
            self._choices.currentIndexChanged.connect(self.changed)
        self.box.toggled.connect(self.changed)
        self.reword()

    @property
    def field(self) -> QWidget:
        """What the value is chosen in."""
        field = self._number or self._text or self._choices
        assert field is not None
        return field

    @property
    def value(self) -> str:
        """In the form of a control's value; empty where nothing is chosen."""
        if self._number is not None:
            return f"{self._number.value():g}"
        if self._text is not None:
            return self._text.toPlainText().strip()
        assert self._choices is not None
        return str(self._choices.currentData() or "")

    @property
    def wanted(self) -> bool:
        """Whether it is ticked and there is something to order."""
        return self.box.isChecked() and bool(self.device_ids)

    def show_devices(self, device_ids: tuple[str, ...], keep: bool) -> None:
        """These stand in the area. `keep`: the box stays as a person left it."""
        had = bool(self.device_ids)
        self.device_ids = device_ids
        if not keep or (device_ids and not had):
            self.box.blockSignals(True)
            self.box.setChecked(bool(device_ids) and self.offer.chosen)
            self.box.blockSignals(False)
        for part in (self.box, self.field):
            part.setEnabled(bool(device_ids))
        self.reword()

    def reword(self) -> None:
        """Say everything in the present language."""
        words = self._catalogue.words
        name = words(self.control.name)
        self.box.setText(self._catalogue.say("areas.offer", name=name, n=len(self.device_ids)))
        self.field.setAccessibleName(name)
        self.danger.setText(f"▲ {words(self.control.warning)}" if self.control.dangerous else "")
        self.danger.setVisible(self.control.dangerous)
        if self._number is not None and self.control.range is not None:
            self._number.setSuffix(f" {unit(self.control.range.unit, self._catalogue)}")
        if self._choices is not None:
            self._choices.setItemText(0, self._catalogue.say("areas.choose"))
            for row, choice in enumerate(self.control.choices, 1):
                self._choices.setItemText(row, words(choice.name))


class Offers(QWidget):
    """All controls that are offered in this city. UI thread only.

    Signals:
        changed: something else is ticked, or another value chosen.
    """

    changed = Signal()

    def __init__(
        self, board: Board, figures: AreaFigures, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board = board
        self.rows: list[OfferRow] = []
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, tokens.space(1), 0)
        grid.setHorizontalSpacing(tokens.space(2))
        grid.setVerticalSpacing(tokens.space(1))
        grid.setColumnStretch(0, 1)
        at = 0
        for offer in figures.offers:
            control = board.profile.controls.get(offer.control)
            if control is None:
                continue
            row = OfferRow(offer, control, board.profile.country, catalogue, self)
            row.changed.connect(self.changed)
            row.field.setFixedWidth(VALUE_PX)
            grid.addWidget(row.box, at, 0)
            grid.addWidget(row.field, at, 1, 2, 1)
            grid.addWidget(row.danger, at + 1, 0)
            self.rows.append(row)
            at += 2
        grid.setRowStretch(at, 1)

    def show_area(self, polygon: tuple[Position, ...], keep: bool) -> None:
        """Look what stands there."""
        kinds = {kind for row in self.rows for kind in row.control.kinds}
        found = standing_in(polygon, self._board.profile.columns, kinds)
        for row in self.rows:
            ids = tuple(one for kind in row.control.kinds for one in found.get(kind, ()))
            row.show_devices(ids, keep)
        self.changed.emit()

    @property
    def orders(self) -> tuple[AreaOrder, ...]:
        """What is ticked."""
        return tuple(
            AreaOrder(control=row.control.id, value=row.value, device_ids=row.device_ids)
            for row in self.rows if row.wanted
        )  # fmt: skip

    @property
    def ready(self) -> bool:
        """Whether something is ticked, and each ticked one has a value."""
        orders = self.orders
        return bool(orders) and all(one.value and one.value != AUTOMATIC for one in orders)

    @property
    def found(self) -> int:
        """How many devices that can be ordered stand there."""
        return sum(len(row.device_ids) for row in self.rows)

    def reword(self) -> None:
        for row in self.rows:
            row.reword()

    @Slot()
    def clear(self) -> None:
        """No area."""
        self.show_area((), keep=False)
