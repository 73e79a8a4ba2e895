"""What stands at the edges of the map: scale, north, what the signs mean, where the pointer is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from console.geo.clusters import DEGRADED, DOWN, OUT_OF_SERVICE
from console.language import Catalogue
from widgets.kit.marks import paint_condition, paint_priority
from widgets.kit.tokens import Tokens
from widgets.map.standings import CONDITIONS
from widgets.map.view import View, bar_m

BAR_PX = 140
EDGE_PX = 12
LINE_PX = 19


class Furniture:
    """UI thread only."""

    def __init__(self, catalogue: Catalogue, tokens: Tokens) -> None:
        self._catalogue, self._tokens = catalogue, tokens

    def paint(
        self, painter: QPainter, view: View, width: int, height: int, pointer: str, sources: list[str],
        legend: bool,
    ) -> None:  # fmt: skip
        """Everything, over what is there."""
        bottom = height - EDGE_PX
        self._bar(painter, view, bottom)
        self._north(painter, QPointF(EDGE_PX + BAR_PX + 26, bottom - 8))
        right = width - EDGE_PX
        for text in ([" · ".join(sources)] if sources else []) + ([pointer] if pointer else []):
            self._plate(painter, right, bottom, text)
            bottom -= LINE_PX + 2
        if legend:
            self._legend(painter, height)

    def message(self, painter: QPainter, width: int, top: float, text: str, strong: bool = False) -> float:
        """A line at the top of the map. Returns where the next one begins."""
        tokens = self._tokens
        font = tokens.font("body", strong)
        metrics = QFontMetricsF(font)
        wide = min(metrics.horizontalAdvance(text) + 20, width - 16)
        box = QRectF((width - wide) / 2, top, wide, metrics.height() + 8)
        plate = QColor(tokens.ground("bg2"))
        plate.setAlpha(240)
        painter.setPen(QPen(tokens.mark("focus") if strong else tokens.mark("line"), 1))
        painter.setBrush(plate)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        painter.setPen(tokens.ink("text"))
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, wide - 12)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return box.bottom() + 4

    def _bar(self, painter: QPainter, view: View, bottom: float) -> None:
        metres = bar_m(view.m_per_px, BAR_PX)
        length = metres / view.m_per_px
        left = float(EDGE_PX)
        text = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
        plate = QColor(self._tokens.ground("bg0"))
        plate.setAlpha(215)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate)
        painter.drawRoundedRect(QRectF(left - 6, bottom - 24, BAR_PX + 52, 30), 4, 4)
        painter.setPen(QPen(self._tokens.ink("text"), 1.4))
        painter.drawPolyline(QPolygonF([
            QPointF(left, bottom - 6), QPointF(left, bottom), QPointF(left + length, bottom),
            QPointF(left + length, bottom - 6),
        ]))  # fmt: skip
        painter.setFont(self._tokens.font("small"))
        painter.drawText(QPointF(left + 5, bottom - 5), text)

    def _north(self, painter: QPainter, at: QPointF) -> None:
        tokens = self._tokens
        painter.setPen(QPen(tokens.ink("text"), 1.2))
        painter.setBrush(tokens.ink("text"))
        painter.drawPolygon(QPolygonF([at + QPointF(0, -11), at + QPointF(4.5, 3), at + QPointF(0, 0)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([at + QPointF(0, -11), at + QPointF(-4.5, 3), at + QPointF(0, 0)]))
        painter.setFont(tokens.font("small", True))
        painter.drawText(QPointF(at.x() + 8, at.y() + 2), self._catalogue.say("map.north"))

    def _plate(self, painter: QPainter, right: float, bottom: float, text: str) -> None:
        tokens = self._tokens
        font = tokens.font("small")
        wide = QFontMetricsF(font).horizontalAdvance(text) + 10
        box = QRectF(right - wide, bottom - LINE_PX + 4, wide, LINE_PX)
        plate = QColor(tokens.ground("bg0"))
        plate.setAlpha(240)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate)
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(font)
        painter.setPen(tokens.ink("dim"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _legend(self, painter: QPainter, height: int) -> None:
        tokens, say = self._tokens, self._catalogue.say
        painter.setFont(tokens.font("small"))
        metrics = QFontMetricsF(tokens.font("small"))
        rows = [
            ("alarm", say("map.alarm")),
            *((CONDITIONS[code], say(f"map.condition.{CONDITIONS[code]}"))
              for code in (DOWN, DEGRADED, OUT_OF_SERVICE)),
            ("incident", say("map.legend.incident")), ("cone", say("map.legend.cone")),
            ("warning", say("map.legend.warning")), ("number", say("map.legend.number")),
        ]  # fmt: skip
        wide = max(metrics.horizontalAdvance(text) for _, text in rows) + 48
        high = LINE_PX * len(rows) + 10
        box = QRectF(EDGE_PX - 6, height - EDGE_PX - 34 - high, wide, high)
        plate = QColor(tokens.ground("bg0"))
        plate.setAlpha(232)
        painter.setPen(QPen(tokens.mark("line"), 1))
        painter.setBrush(plate)
        painter.drawRoundedRect(box, 4, 4)
        y = box.top() + 5
        for kind, text in rows:
            self._sign(painter, kind, QRectF(box.left() + 12, y + 3, 13, 13))
            painter.setFont(tokens.font("small"))
            painter.setPen(tokens.ink("text"))
            line = QRectF(box.left() + 40, y, wide, LINE_PX)
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, text)
            y += LINE_PX

    def _sign(self, painter: QPainter, kind: str, box: QRectF) -> None:
        tokens = self._tokens
        if kind == "alarm":
            paint_priority(painter, box, 1, tokens)
        elif kind == "incident":
            painter.setPen(QPen(tokens.priority_mark(2), 1.2))
            painter.setBrush(tokens.ground("bg0"))
            painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), 2, 2)
            paint_priority(painter, box.adjusted(1, 1, -1, -1), 2, tokens)
        elif kind == "cone":
            wash = QColor(tokens.mark("focus"))
            wash.setAlpha(110)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(wash)
            painter.drawPie(box.adjusted(-4, -2, 4, 6), 55 * 16, 70 * 16)
        elif kind == "warning":
            painter.setPen(QPen(tokens.mark("p2"), 1.5, Qt.PenStyle.DashDotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(-3, 1, 3, -1))
        elif kind == "number":
            painter.setPen(QPen(tokens.ink("dim"), 1))
            painter.setBrush(tokens.ground("bg2"))
            painter.drawRoundedRect(box.adjusted(-5, -1, 5, 1), 7, 7)
            painter.setPen(tokens.ink("text"))
            painter.drawText(box.adjusted(-5, -1, 5, 1), Qt.AlignmentFlag.AlignCenter, "12")
        else:
            paint_condition(painter, box, kind, tokens)
