"""One line that asks for the reason of a lock, or of taking it away. Nothing pops up, nothing is covered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from widgets.kit.labels import ElidedLabel
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

LONGEST_TEXT = 10_000
"""What the hub takes (console.rules.footage)."""


class ReasonLine(QWidget):
    """Enter sends, Esc leaves. UI thread.

    Signals:
        given(str): the reason.
        left: closed without one.
    """

    given = Signal(str)
    left = Signal()

    def __init__(self, texts: Texts, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = ElidedLabel(self, ink="dim")
        self.field = QLineEdit(self)
        self.field.setMaxLength(LONGEST_TEXT)
        texts.put(self.field, accessibleName="replay.reason", placeholderText="replay.reason_hint")
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.space(2), 0, tokens.space(2), 0)
        row.setSpacing(tokens.space(2))
        row.addWidget(self.caption)
        row.addWidget(self.field, 1)
        self.setFocusProxy(self.field)
        self.field.returnPressed.connect(self.send)

    def open(self, caption: str) -> None:
        """Ask; `caption` says for what."""
        self.caption.setText(caption)
        self.field.setAccessibleDescription(caption)
        self.field.clear()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def send(self) -> None:
        """Give what was typed; an empty line gives nothing."""
        text = self.field.text().strip()
        if text:
            self.given.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
