"""Axes of the plots: values with round numbers and their grid, time by the city's clock."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from widgets.charts.scale import Scale, tick_text
from widgets.charts.strokes import pen
from widgets.charts.view import View
from widgets.kit.moments import Moments
from widgets.kit.timeticks import time_ticks
from widgets.kit.tokens import Tokens

Specs = tuple[object, list[object], list[tuple[QRectF, object, str]]]
DAY_S, LONG_S = 86_400, 8 * 86_400
TICK_PX = 90
"""Moments on the clock stand at least about so far apart."""


def _quiet(axis: pg.AxisItem, tokens: Tokens) -> None:
    """No line along the axis, ticks as grid lines in their own colour, room as it was given."""
    axis.enableAutoSIPrefix(False)
    axis.setPen(QPen(Qt.PenStyle.NoPen))
    axis.setTickPen(pen(tokens.mark("grid")))
    axis.setTextPen(pen(tokens.ink("dim")))
    axis.setStyle(
        tickFont=tokens.font("small"), tickAlpha=255, tickLength=0, autoExpandTextSpace=False,
        autoReduceTextSpace=False,
    )  # fmt: skip


class ValueAxis(pg.AxisItem):
    """The axis of one unit. Its ticks are those of the scale it was given, as many as there is room for.

    Labels stay inside the plot's height: that of the highest value is not cut by the band's edge.
    """

    def __init__(self, side: str, box: pg.ViewBox, width_px: int, tokens: Tokens) -> None:
        super().__init__(side, linkView=box)
        self._shown: Scale | None = None
        self.setWidth(width_px)
        self.setGrid(255 if side == "left" else False)
        self.dress(tokens)

    def dress(self, tokens: Tokens) -> None:
        _quiet(self, tokens)
        self._label_h = QFontMetrics(tokens.font("small")).height()

    def show_scale(self, scale: Scale) -> None:
        """Take the ticks of this scale; the range comes from the view."""
        if scale != self._shown:
            self._shown = scale
            self.picture = None
            self.update()

    def boundingRect(self) -> QRectF:
        return super().boundingRect().adjusted(0, -15, 0, 15)  # half a label beyond either end

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if self._shown is None:
            return []
        ticks = self._shown.ticks
        while len(ticks) > 2 and size / (len(ticks) - 1) < 1.4 * self._label_h:
            ticks = ticks[::2] if len(ticks) % 2 else (ticks[0], ticks[-1])
        return [(self._shown.step, list(ticks))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str | None]:
        return [tick_text(value, spacing) for value in values]

    def generateDrawSpecs(self, painter: QPainter) -> Specs | None:
        specs = super().generateDrawSpecs(painter)
        if specs is not None:
            height = self.geometry().height()
            for rect, _, _ in specs[2]:
                rect.moveTop(min(max(rect.top(), -2.0), height - rect.height() + 2.0))
        return specs


class ClockAxis(pg.AxisItem):
    """Round moments of the city's clock on an axis of seconds (see View): as grid of a plot, or labelled."""

    def __init__(
        self, view: View, moments: Moments, tokens: Tokens, box: pg.ViewBox | None = None
    ) -> None:  # fmt: skip
        super().__init__("bottom", linkView=box, showValues=box is None)
        self._view, self._moments = view, moments
        self.setGrid(255 if box is not None else False)
        self.setStyle(tickTextOffset=2, hideOverlappingLabels=40)
        self.dress(tokens)

    def dress(self, tokens: Tokens) -> None:
        _quiet(self, tokens)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        window = self._view.window
        most = max(2, int(size) // TICK_PX)
        ticks = time_ticks(window.since_ns, window.until_ns, self._moments.zone, most)
        return [(float(self._view.span_s), [float(self._view.seconds(at_ns)) for at_ns in ticks])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str | None]:
        moments = self._moments
        say = moments.clock if self._view.span_s < 600 else moments.minute
        if self._view.span_s > LONG_S:
            say = moments.day
        elif self._view.span_s > DAY_S // 2:
            say = moments.day_or_minute
        return [say(self._view.origin_ns + round(value * 1e9)) for value in values]
