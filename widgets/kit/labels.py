"""Labels: what ink and size they have by role, and one that never cuts a text without saying so."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


def style(widget: QWidget, **roles: str) -> None:
    """Set `ink`, `size`, `weight` or `role` (see widgets.kit.sheet); restyles only when something changed."""
    fresh = False
    for role, value in roles.items():
        name = "textSize" if role == "size" else role  # QWidget has a property `size` of its own
        if widget.property(name) != value:
            widget.setProperty(name, value)
            fresh = True
    if fresh:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def label(parent: QWidget | None = None, **roles: str) -> QLabel:
    """A plain-text label in these roles."""
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    style(made, **roles)
    return made


def elided(text: str, metrics: QFontMetrics, width_px: int) -> str:
    """`text` cut in the middle where it is wider than `width_px`: its start and its end can be read."""
    if metrics.horizontalAdvance(text) <= width_px:
        return text  # elidedText counts fractions of pixels, and would cut a text in a room of just its width
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width_px)


class ElidedLabel(QLabel):
    """A one-line label that elides in the middle, the whole text in its tooltip and for screen readers."""

    def __init__(self, parent: QWidget | None = None, shortest_px: int = 48, **roles: str) -> None:
        super().__init__(parent)
        self._shortest_px = shortest_px
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        style(self, **roles)

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self._tell()

    def is_elided(self) -> bool:
        """Whether a part of the text is not on the screen now."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._shortest_px, super().sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: object) -> None:
        with QPainter(self) as painter:
            area = self.contentsRect()
            painter.setFont(self.font())
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(
                area, int(self.alignment()), elided(self.text(), self.fontMetrics(), area.width())
            )

    def _tell(self) -> None:
        self.setToolTip(self.text() if self.is_elided() else "")
