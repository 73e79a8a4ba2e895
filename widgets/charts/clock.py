"""The labelled clock under the bands, drawn by pyqtgraph's axis. Imports pyqtgraph: see `plot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.charts.axes import ClockAxis
from widgets.charts.frame import Frame
from widgets.charts.plot import quiet_view
from widgets.charts.strokes import pen

if TYPE_CHECKING:
    from widgets.charts.timeaxis import TimeAxis

MARGIN_PX = 40
"""A label stands in the middle of its moment, so it needs room beyond the plot."""
CURSOR_W, DATED_W = 68, 136
DATED_S = 43_200
"""With a longer time shown, the cursor says the day too."""


class ClockStrip(pg.GraphicsView):
    """The axis of the shared time, as wide as the plots and a label more; the cursor's clock on it."""

    def __init__(self, owner: TimeAxis) -> None:
        super().__init__(owner, background=None)
        quiet_view(self)
        self._owner = owner
        self._axis = ClockAxis(owner.view, owner.moments, owner.tokens)
        self.scene().addItem(self._axis)
        self._cursor_ns: int | None = None
        self._language = owner.catalogue.language

    def place(self, frame: Frame, height: int) -> None:
        """Stand under the plot of the frame."""
        plot = frame.plot
        self.setGeometry(QRect(plot.left() - MARGIN_PX, 0, plot.width() + 2 * MARGIN_PX, height))
        self._axis.setHeight(height)
        self._axis.setGeometry(QRectF(MARGIN_PX, 0, plot.width(), height))

    def dress(self) -> None:
        """Take colours and fonts from the theme in force."""
        self._axis.dress(self._owner.tokens)
        self.viewport().update()

    def take(self) -> None:
        """Show the view's window and cursor as they are now."""
        view = self._owner.view
        window = view.window
        since, until = float(view.seconds(window.since_ns)), float(view.seconds(window.until_ns))
        language = self._owner.catalogue.language
        if self._axis.range != [since, until] or language != self._language:
            self._language = language
            self._axis.setRange(since, until)
        if view.cursor_ns != self._cursor_ns:
            self._cursor_ns = view.cursor_ns
            self.viewport().update()

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, self._owner.tokens.ground("bg1"))

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        owner = self._owner
        if owner.view.cursor_ns is None or not owner.view.holds(owner.view.cursor_ns):
            return
        x = MARGIN_PX + round(float(owner.view.window.x(owner.view.cursor_ns)))
        dated = owner.view.span_s > DATED_S
        width = DATED_W if dated else CURSOR_W
        left = min(max(x - width // 2, 0), self.width() - width)
        box = QRect(left, 0, width, self.height())
        painter.fillRect(box, owner.tokens.ground("bg2"))
        painter.setFont(owner.tokens.font("small"))
        painter.setPen(pen(owner.tokens.mark("focus")))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.setPen(owner.tokens.ink("text"))
        say = owner.moments.moment if dated else owner.moments.clock
        clock = say(owner.view.cursor_ns)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), clock)
