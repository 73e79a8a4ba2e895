"""The bar's field: says what is typed also while a Korean syllable is still being put together."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class BarField(QLineEdit):
    """Signals:
    typed(str): what stands there now, with the letters that the input method has not given over yet.
    """

    typed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._open = ""
        self.textChanged.connect(self._changed)

    def words(self) -> str:
        """What stands there, with what is being put together at the cursor."""
        text, at = self.text(), self.cursorPosition()
        return text[:at] + self._open + text[at:]

    def put(self, text: str) -> None:
        """Put a text there, the cursor behind it."""
        self._open = ""
        self.setText(text)
        self.setCursorPosition(len(text))

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._open = ""
        super().inputMethodEvent(event)
        self._open = event.preeditString()
        self.typed.emit(self.words())

    @Slot(str)
    def _changed(self, text: str) -> None:
        self.typed.emit(self.words())
