"""What was typed or done, large over the wall for a moment. An opaque child, so that pictures behind it are
not painted twice."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from widgets.kit.labels import elided
from widgets.kit.tokens import Tokens

PAD_PX = 12
SECOND_NS = 1_000_000_000


class Notice(QWidget):
    """A large word and a line below it, in the middle of its parent's lower half. Takes no mouse and no key.
    UI thread only."""

    def __init__(self, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.large = self.line = ""
        self._until_ns = 0
        self._wrong = False
        self.setObjectName("wall-notice")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tokens.changed.connect(self.update)
        self.hide()

    def say(self, large: str, line: str, now_ns: int, for_s: float = 4.0, wrong: bool = False) -> None:
        """Show this for so many seconds (0: until something else is said)."""
        self.large, self.line, self._wrong = large, line, wrong
        self._until_ns = now_ns + int(for_s * SECOND_NS) if for_s else 0
        self.setAccessibleName(f"{large} {line}".strip())
        self.place()
        self.show()
        self.raise_()
        self.update()

    def clear(self) -> None:
        """Say nothing any more."""
        self.large = self.line = ""
        self.hide()

    def tick(self, now_ns: int) -> None:
        """Goes when its time is over."""
        if self._until_ns and now_ns >= self._until_ns and self.isVisible():
            self.clear()

    def place(self) -> None:
        """Its size by its words, its place by its parent."""
        parent = self.parentWidget()
        huge, body = (
            QFontMetrics(self._tokens.font("huge", bold=True)),
            QFontMetrics(self._tokens.font("strong")),
        )
        wide = max(huge.horizontalAdvance(self.large), body.horizontalAdvance(self.line)) + 2 * PAD_PX + 4
        high = huge.height() * bool(self.large) + body.height() * bool(self.line) + 2 * PAD_PX
        wide = min(wide, parent.width() - 2 * PAD_PX)
        top = parent.height() * 3 // 4 - high // 2
        self.setGeometry((parent.width() - wide) // 2, max(0, top), max(1, wide), high)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens
        middle = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), tokens.ground("bg2"))
            painter.setPen(tokens.mark("p2" if self._wrong else "focus"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            inner = self.rect().adjusted(PAD_PX, PAD_PX, -PAD_PX, -PAD_PX)
            top = inner.top()
            for text, font, ink in (
                (self.large, tokens.font("huge", bold=True), "p2" if self._wrong else "text"),
                (self.line, tokens.font("strong"), "text"),
            ):
                if text:
                    painter.setFont(font)
                    painter.setPen(tokens.ink(ink))
                    metrics = QFontMetrics(font)
                    box = QRect(inner.left(), top, inner.width(), metrics.height())
                    painter.drawText(box, middle, elided(text, metrics, inner.width()))
                    top += metrics.height()
