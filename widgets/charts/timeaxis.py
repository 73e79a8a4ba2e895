"""The line under the bands: the stretch of time shown at its left, the clock under the plots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.language import Catalogue
from widgets.charts.frame import frame_for
from widgets.charts.view import View
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from widgets.charts.clock import ClockStrip

AXIS_H = 18


class TimeAxis(QWidget):
    """The clock under the bands, in the city's time. Without its strip (not loaded yet) only the stretch's
    word.
    """

    def __init__(
        self, view: View, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QWidget
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.view, self.catalogue, self.tokens, self.moments = view, catalogue, tokens, moments
        self.strip: ClockStrip | None = None
        self.setFixedHeight(AXIS_H)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        tokens.changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        return QSize(600, AXIS_H)

    def take_strip(self, strip: ClockStrip) -> None:
        """Show this strip (a child of this widget) from now on."""
        self.strip = strip
        self.place()
        strip.take()
        strip.show()

    def take(self) -> None:
        """The window of time or the cursor moved."""
        if self.strip is not None:
            self.strip.take()

    def retext(self) -> None:
        """The language or the stretch of time changed."""
        self.update()
        self.take()

    @Slot()
    def _dress(self) -> None:
        if self.strip is not None:
            self.strip.dress()
        self.update()

    def place(self) -> None:
        """Put the strip under the plots."""
        if self.strip is not None:
            self.strip.place(frame_for(self.width(), AXIS_H, self.view.second_axis), AXIS_H)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.tokens.ground("bg1"))
        painter.setFont(self.tokens.font("small"))
        painter.setPen(self.tokens.ink("dim"))
        frame = frame_for(self.width(), AXIS_H, self.view.second_axis)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        span = self.moments.span(self.view.span_s)
        painter.drawText(
            QRect(8, 0, frame.plot.left() - 12, AXIS_H), left,
            self.catalogue.say("charts.span" if self.view.live else "charts.span_past", span=span),
        )
        painter.end()
