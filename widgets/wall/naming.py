"""Name and number of a layout: two fields over the wall, Enter saves, Esc gives up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QPushButton, QSpinBox, QWidget

from console.language import Catalogue
from console.model.layout import LONGEST_NAME, MOST_NUMBER
from widgets.kit.labels import label
from widgets.kit.tokens import Tokens

WIDE_PX = 440


class NamingPanel(QFrame):
    """Asks for a name and a number. UI thread only.

    Signals:
        named(str, int): they were given; the name is not blank, the number 0 for none.
    """

    named = Signal(str, int)

    def __init__(self, catalogue: Catalogue, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._before: QWidget | None = None
        self.setObjectName("layout-naming")
        self.setProperty("role", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = label(self, size="strong", weight="bold")
        self.name = QLineEdit(self)
        self.name.setMaxLength(LONGEST_NAME)
        self.number = QSpinBox(self)
        self.number.setRange(0, MOST_NUMBER)
        self._name_label, self._number_label = label(self), label(self)
        self._name_label.setBuddy(self.name)
        self._number_label.setBuddy(self.number)
        self.hint = label(self, size="small", ink="dim")
        self.save = QPushButton(self)
        layout = QGridLayout(self)
        layout.setContentsMargins(*(tokens.space(3),) * 4)
        layout.setSpacing(tokens.space(2))
        layout.addWidget(self.title, 0, 0, 1, 2)
        for row, (words, field) in enumerate(
            ((self._name_label, self.name), (self._number_label, self.number)), 1
        ):
            layout.addWidget(words, row, 0)
            layout.addWidget(field, row, 1)
        layout.addWidget(self.hint, 3, 0, 1, 2)
        layout.addWidget(self.save, 4, 1, Qt.AlignmentFlag.AlignRight)
        self.save.clicked.connect(self._done)
        for field in (self.name, self.number, self.save):
            field.installEventFilter(self)
        self.hide()

    def ask(self, title: str, name: str, number: int) -> None:
        """Show it with these to begin with."""
        say = self._catalogue.say
        self.title.setText(title)
        self.setAccessibleName(title)
        for words, field, key in (
            (self._name_label, self.name, "name"), (self._number_label, self.number, "number")
        ):  # fmt: skip
            words.setText(say(f"wall.layouts.{key}"))
            field.setAccessibleName(say(f"wall.layouts.{key}"))
        self.number.setSpecialValueText(say("wall.layouts.no_number"))
        self.hint.setText(say("wall.layouts.naming_hint"))
        self.save.setText(say("wall.layouts.save_button"))
        self.name.setText(name)
        self.number.setValue(number)
        self._before = self.window().focusWidget()
        parent = self.parentWidget()
        high = self.sizeHint().height()
        wide = min(WIDE_PX, parent.width() - 32)
        self.setGeometry((parent.width() - wide) // 2, max(16, (parent.height() - high) // 3), wide, high)
        self.show()
        self.raise_()
        self.name.setFocus(Qt.FocusReason.PopupFocusReason)
        self.name.selectAll()

    def close_panel(self) -> None:
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return False
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._done()
        else:
            return False
        return True

    @Slot()
    def _done(self) -> None:
        self.number.interpretText()
        name = self.name.text().strip()
        if not name:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.close_panel()
        self.named.emit(name, self.number.value())
