"""The plot of one band, drawn by pyqtgraph: a view for each unit, limits, lines, cursor; words on top.

Importing this module imports pyqtgraph, which takes a third of a second: only `widgets.charts.loading` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsScene

from console.model.device import Limit
from widgets.charts import painting
from widgets.charts.axes import ClockAxis, ValueAxis
from widgets.charts.curves import LineItems
from widgets.charts.frame import AXIS_W, Frame
from widgets.charts.strokes import pen

if TYPE_CHECKING:
    from widgets.charts.band import BandWidget, Prepared

LIMIT_DASHES = (4.0, 4.0)


def quiet_view(view: pg.GraphicsView) -> None:
    """Leave of pyqtgraph's widget what draws: no mouse, no keys, no scrolling, nothing cached twice."""
    view.setCentralItem(None)
    view.setCacheMode(pg.GraphicsView.CacheModeFlag.CacheNone)
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # Its menu ("Export...") has no words of ours and writes files from the UI thread.
    for action in view.scene().contextMenu:
        action.deleteLater()
    view.scene().contextMenu = []
    view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    # A change nearly always touches the whole plot; working out which part of it costs more than it saves.
    view.setViewportUpdateMode(pg.GraphicsView.ViewportUpdateMode.FullViewportUpdate)
    view.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
    for act in view.scene().contextMenu:  # "Export...", in English, for a menu that never opens
        act.deleteLater()
    view.scene().contextMenu = []
    view.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
    view.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)


class BandPlot(pg.GraphicsView):
    """Draws what its band has prepared. Not PlotItem: that builds a hidden control panel of sixty widgets for
    each plot, 40 ms and many windows nobody sees; its view and axes are all that is wanted here.

    Ranges, pens and data are set only where they changed. UI thread only.
    """

    def __init__(self, band: BandWidget) -> None:
        super().__init__(band, background=None)
        self._band = band
        quiet_view(self)
        tokens = band.tokens
        self._frame: Frame | None = None
        self._boxes: dict[str, pg.ViewBox] = {}
        self._axes: dict[str, ValueAxis] = {}
        self._ranges: dict[str, tuple[float, float, float, float]] = {}
        self._limits: dict[tuple[str, str], tuple[Limit, pg.InfiniteLine]] = {}
        self._words: object = None
        for unit in band.band.units:
            box = self._boxes[unit] = pg.ViewBox(
                enableMenu=False, enableMouse=False, defaultPadding=0.0, parent=None
            )
            box.disableAutoRange()
            self.scene().addItem(box)
            if len(self._axes) < 2:
                side = "right" if self._axes else "left"
                axis = self._axes[unit] = ValueAxis(side, box, AXIS_W - 4, tokens)
                axis.setZValue(-200)
                self.scene().addItem(axis)
            for limit in band.band.limits(unit):
                line = pg.InfiniteLine(angle=0, pen=pen(tokens.ink("dim"), dashes=LIMIT_DASHES))
                line.setVisible(False)
                box.addItem(line, ignoreBounds=True)
                self._limits[unit, limit.id] = (limit, line)
        first = next(iter(self._boxes.values()))
        self._clock = ClockAxis(band.view, band.moments, tokens, first)
        self._clock.setHeight(1)
        self._clock.setZValue(-201)
        self.scene().addItem(self._clock)
        self._cursor = pg.InfiniteLine(angle=90, pen=pen(tokens.mark("focus")))
        self._cursor.setVisible(False)
        self._cursor.setZValue(100)
        first.addItem(self._cursor, ignoreBounds=True)
        self._lines = [
            LineItems(self._boxes[line.point.unit], line, index, tokens)
            for index, line in enumerate(band.band.lines)
        ]

    def place(self, frame: Frame) -> None:
        """Cover axes and plot of the frame; the rest of the band is the band's own."""
        self._frame = frame
        left, right = frame.axis.left(), frame.readings.left()
        bottom = frame.plot.bottom() + frame.plot.top()
        self.setGeometry(QRect(left, 1, max(1, right - left), max(1, bottom - 1)))
        plot = QRectF(self.plot_rect())
        for box in self._boxes.values():
            box.setGeometry(plot)
        for axis, x in zip(self._axes.values(), (0.0, plot.right() + 4), strict=False):
            axis.setGeometry(QRectF(x, plot.top(), AXIS_W - 4, plot.height()))
        self._clock.setGeometry(QRectF(plot.left(), plot.bottom(), plot.width(), 1))
        self._ranges.clear()

    def plot_rect(self) -> QRect:
        """Where the lines are drawn, in pixels of this widget."""
        assert self._frame is not None
        return self._frame.plot.translated(-self._frame.axis.left(), -1)

    def dress(self) -> None:
        """Take colours and fonts from the theme in force."""
        band = self._band
        for axis in (*self._axes.values(), self._clock):
            axis.dress(band.tokens)
        for line in self._lines:
            line.dress()
        self._cursor.setPen(pen(band.tokens.mark("focus")))
        if band.prepared is not None:
            self._show_limits(band.prepared)
        self.viewport().update()

    def take(self, prepared: Prepared) -> None:
        """Show what the band has worked out."""
        band = self._band
        for unit, box in self._boxes.items():
            self._set_range(unit, box, prepared)
        for index, items in enumerate(self._lines):
            found, now = prepared.runs[index], prepared.readings[index]
            items.take(
                prepared.tracks[index], found, prepared.tops[index], prepared.bottoms[index], band.view
            )
            items.under(prepared.under[index], band.view)
            silent = bool(found) and not now.holds and now.value == now.value and band.view.live
            items.last_known(found[-1] if silent else None, band.view)
        self._show_limits(prepared)
        self.show_cursor()
        # The views would else take their new ranges while they are painted, and so ask for a second painting.
        self.scene().prepareForPaint()

    def show_cursor(self) -> None:
        """Put the cursor where the view has it."""
        band = self._band
        cursor_ns = band.view.cursor_ns
        if cursor_ns is not None:
            column = round(float(band.view.window.x(cursor_ns)))
            self._cursor.setValue(float(band.view.seconds_at(column + 0.5)))  # the middle of the column
        inside = cursor_ns is not None and band.view.holds(cursor_ns)
        if inside != self._cursor.isVisible():
            self._cursor.setVisible(inside)

    def look_at_words(self) -> None:
        """Repaint when a word over the plot would read differently."""
        band = self._band
        words = (band.catalogue.language, painting.state_words(band), band.under_words())
        if words != self._words:
            self._words = words
            self.viewport().update()

    def _set_range(self, unit: str, box: pg.ViewBox, prepared: Prepared) -> None:
        band = self._band
        window, scale = band.view.window, prepared.scales[unit]
        since, until = float(band.view.seconds(window.since_ns)), float(band.view.seconds(window.until_ns))
        # The highest value stands in the middle of the first row of pixels, the lowest in that of the last.
        half = (scale.high - scale.low) / self._last_row() / 2
        low, high = scale.low - half, scale.high + half
        if unit in self._axes:
            self._axes[unit].show_scale(scale)
        if self._ranges.get(unit) != (since, until, low, high):
            self._ranges[unit] = (since, until, low, high)
            box.setRange(xRange=(since, until), yRange=(low, high), padding=0, disableAutoRange=False)

    def _last_row(self) -> int:
        return max(1, self.plot_rect().height() - 1)

    def _show_limits(self, prepared: Prepared) -> None:
        """Grey while nothing is beyond it, in its priority's colour while something is."""
        band = self._band
        for (unit, _), (limit, line) in self._limits.items():
            scale = prepared.scales[unit]
            shown = scale.low <= limit.set_at <= scale.high
            if shown != line.isVisible():
                line.setVisible(shown)
            if not shown:
                continue
            # In the middle of its row: between two rows it would jump with the last digit of the range.
            row = round(scale.y(limit.set_at, self._last_row()))
            line.setValue(scale.high - row * (scale.high - scale.low) / self._last_row())
            active = limit.id in prepared.active
            colour = band.tokens.priority_mark(limit.priority) if active else band.tokens.ink("dim")
            if line.pen.color() != colour:
                line.setPen(pen(colour, dashes=LIMIT_DASHES))

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        band = self._band
        if self._frame is not None:
            painter.fillRect(rect, band.tokens.ground("bg1"))
            painter.fillRect(self.plot_rect(), band.tokens.ground("bg0"))

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        if self._frame is not None:
            painting.paint_words(painter, self._band, self.plot_rect())
