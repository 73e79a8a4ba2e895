"""Choosing the value of an order: a choice by its digit, a number, or a text."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDoubleSpinBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.control import AUTOMATIC, Control
from widgets.controls.rows import value_words
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import label
from widgets.kit.moments import unit
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

TEXT_LINES_PX = 24
NUMBER_PX = 84
MOST_DIGITS = 9


class ValueForm(QWidget):
    """Buttons with digits for choices, a number with a field, a text with its lines. While the form itself
    has the keyboard, a digit chooses. UI thread only.

    Signals:
        changed: another value is chosen, or none.
    """

    changed = Signal()

    def __init__(self, catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("controls-value")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._catalogue = catalogue
        self._control: Control | None = None
        self._values: list[str] = []
        self._chosen = ""
        self._buttons: list[QPushButton] = []
        self._row = QWidget(self)
        self._flow = FlowLayout(tokens.space(1), self._row)
        self.number = QDoubleSpinBox(self._row)
        self.number.setMinimumWidth(NUMBER_PX)
        self.number.setKeyboardTracking(False)
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.hint = label(self, size="small", ink="dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        for part in (self._row, self.hint, self.text):
            column.addWidget(part)
        self._flow.addWidget(self.number)
        self.number.valueChanged.connect(self._number_changed)
        self.text.textChanged.connect(self._text_changed)
        self._forget_words = follow(catalogue, self._retext)

    @property
    def value(self) -> str:
        """What would be ordered; "" where nothing is chosen yet."""
        return self._chosen

    def show_control(self, control: Control | None, value: str = "") -> None:
        """Offer the values of this control; begin with `value`."""
        if control is None or control != self._control:
            self._control = control
            self._values = _values(control) if control is not None else []
            self._build()
        self._chosen = ""
        if control is not None and control.text is not None:
            self.text.setPlainText("" if value == AUTOMATIC else value)
        self.choose(value)

    def choose(self, value: str) -> None:
        """Choose a value; one the control has not chooses nothing."""
        control = self._control
        if control is None:
            return
        self._chosen = value
        if control.range is not None and value and value != AUTOMATIC:
            self.number.setValue(float(value))
        self._mark()
        self.changed.emit()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.text()
        if digit.isdecimal() and digit.isascii():
            place = int(digit) - 1
            if digit == "0" and self._control is not None and self._control.automatic:
                self.choose(AUTOMATIC)
                return
            if 0 <= place < len(self._values) and self._values[place] != AUTOMATIC:
                self.choose(self._values[place])
                return
        super().keyPressEvent(event)

    def _build(self) -> None:
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for place, value in enumerate(self._values):
            button = QPushButton(self._row)
            button.setCheckable(True)
            button.setObjectName(f"controls-value-{place}")
            button.clicked.connect(self._pressed)
            self._flow.addWidget(button)
            button.show()
            self._buttons.append(button)
            button.setProperty("orders", value)
        self._flow.removeWidget(self.number)  # after the buttons
        self._flow.addWidget(self.number)
        control = self._control
        self.number.setVisible(control is not None and control.range is not None)
        is_text = control is not None and control.text is not None
        self.text.setVisible(is_text)
        self.hint.setVisible(is_text)
        self._row.setVisible(bool(self._values))
        if control is not None and control.range is not None:
            self.number.blockSignals(True)
            self.number.setDecimals(0 if float(control.range.step).is_integer() else 2)
            self.number.setRange(control.range.low, control.range.high)
            self.number.setSingleStep(control.range.step)
            self.number.blockSignals(False)
        if is_text and control is not None and control.text is not None:
            self.text.setFixedHeight(TEXT_LINES_PX * control.text.lines + 12)
        self._retext()

    @Slot()
    def _pressed(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.choose(str(button.property("orders")))

    @Slot(float)
    def _number_changed(self, value: float) -> None:
        if self._chosen != f"{value:g}":
            self._chosen = f"{value:g}"
            self._mark()
            self.changed.emit()

    @Slot()
    def _text_changed(self) -> None:
        self._chosen = self.text.toPlainText().strip()
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        for button in self._buttons:
            button.setChecked(str(button.property("orders")) == self._chosen)

    @Slot()
    def _retext(self) -> None:
        say, control = self._catalogue.say, self._control
        self.setAccessibleName(say("controls.value"))
        self.number.setAccessibleName(say("controls.value"))
        if control is None:
            return
        for place, button in enumerate(self._buttons):
            value = str(button.property("orders"))
            words = value_words(control, value, self._catalogue)
            digit = "0" if value == AUTOMATIC else str(place + 1) if place < MOST_DIGITS else ""
            button.setText(f"{words}  [{digit}]" if digit else words)
            button.setAccessibleName(words)
        if control.range is not None:
            self.number.setSuffix(" " + unit(control.range.unit, self._catalogue))
        if control.text is not None:
            text = say("controls.text", lines=control.text.lines, columns=control.text.columns)
            self.hint.setText(text)
            self.text.setAccessibleName(text)


def _values(control: Control) -> list[str]:
    """The values offered as buttons: all choices, or the ends and the middle of a range; then automatic."""
    values = [one.id for one in control.choices]
    if control.range is not None:
        told = control.range
        half = told.low + round((told.high - told.low) / 2 / told.step) * told.step
        values = [f"{one:g}" for one in dict.fromkeys((told.low, half, told.high))]
    return [*values, AUTOMATIC] if control.automatic else values
