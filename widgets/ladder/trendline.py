"""A sensor's last values as a small line with its limit; the words beside it say the same."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.model.handoffdraft import Trend
from widgets.kit.tokens import Tokens

HIGH_PX = 28


class TrendLine(QWidget):
    """Gaps stay gaps; the limit is a dashed line. Its name is said by whoever places it."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.trend: Trend | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        tokens.changed.connect(self.update)

    def show_trend(self, trend: Trend | None) -> None:
        """Show this one."""
        self.trend = trend
        self.setVisible(trend is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, HIGH_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        trend = self.trend
        if trend is None:
            return
        known = [one for one in trend.values if math.isfinite(one)]
        if not known:
            return
        every = [*known, trend.limit] if trend.limit is not None else known
        low, high = min(every), max(every)
        room = high - low or 1.0
        wide, tall = self.width() - 4, self.height() - 6
        step = wide / max(1, len(trend.values) - 1)

        def at(place: int, value: float) -> QPointF:
            return QPointF(2 + place * step, 3 + tall * (1 - (value - low) / room))

        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if trend.limit is not None:
                painter.setPen(QPen(self._tokens.mark("p2"), 1, Qt.PenStyle.DashLine))
                painter.drawLine(at(0, trend.limit), QPointF(self.width() - 2, at(0, trend.limit).y()))
            painter.setPen(QPen(self._tokens.ink("text"), 1.5))
            run: list[QPointF] = []
            for place, value in enumerate((*trend.values, math.nan)):
                if math.isfinite(value):
                    run.append(at(place, value))
                else:
                    if len(run) > 1:
                        painter.drawPolyline(QPolygonF(run))
                    elif run:
                        painter.drawPoint(run[0])
                    run = []
