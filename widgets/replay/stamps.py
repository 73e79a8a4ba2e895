"""The shapes of events on a time line, each painted once: told apart without colour, named by a word."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPixmap, QPolygonF

from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens
from widgets.replay.events import GOOD_AGAIN

STAMP_PX = 12


class Stamps:
    """Incident: its priority's shape, filled. Alarm: the same, on a line (its limit). Detection:
    a square with a dot in it. Camera: a cross, and a dot when it works again. Act of a person: a flag.
    UI thread only.
    """

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._kept: dict[tuple[str, int, str, float], QPixmap] = {}

    def of(self, sort: str, rank: int, ratio: float) -> QPixmap:
        """The shape of this sort and urgency, `STAMP_PX` wide."""
        key = (sort, rank, self._tokens.theme, ratio)
        if key not in self._kept:
            pixmap = QPixmap(round(STAMP_PX * ratio), round(STAMP_PX * ratio))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint(painter, QRectF(0, 0, STAMP_PX, STAMP_PX), sort, rank)
            painter.end()
            self._kept[key] = pixmap
        return self._kept[key]

    def paint(self, painter: QPainter, box: QRectF, sort: str, rank: int) -> None:
        tokens, inner = self._tokens, box.adjusted(1.5, 1.5, -1.5, -1.5)
        ink = tokens.ink("text")
        painter.setPen(QPen(ink, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if sort == "incident":
            paint_priority(painter, box.adjusted(0.5, 0.5, -0.5, -0.5), rank, tokens)
        elif sort == "alarm":
            paint_priority(painter, box.adjusted(1.5, 0, -1.5, -3.5), rank, tokens)
            painter.setPen(QPen(tokens.priority_mark(rank), 1.6))
            low = box.bottom() - 1
            painter.drawLine(QPointF(box.left() + 0.5, low), QPointF(box.right() - 0.5, low))
        elif sort == "detection":
            painter.drawRect(inner)
            painter.setBrush(QBrush(ink))
            painter.drawEllipse(box.center(), 1.5, 1.5)
        elif sort == "camera" and rank == GOOD_AGAIN:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(tokens.ink("dim")))
            painter.drawEllipse(box.center(), 3.2, 3.2)
        elif sort == "camera":
            painter.setPen(QPen(tokens.mark("p2"), 1.8))
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
        else:
            left, top, right = inner.left() + 1, inner.top(), inner.right()
            painter.drawLine(QPointF(left, top), QPointF(left, inner.bottom() + 1))
            painter.setBrush(QBrush(ink))
            flag = [QPointF(left, top), QPointF(right, top + 2.5), QPointF(left, top + 5)]
            painter.drawPolygon(QPolygonF(flag))


def paint_lock(painter: QPainter, box: QRectF, tokens: Tokens) -> None:
    """A padlock."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ink = tokens.ink("text")
    body = QRectF(box.left() + 1, box.center().y() - 0.5, box.width() - 2, box.height() / 2)
    painter.setPen(QPen(ink, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    bow = QRectF(box.left() + 2.5, box.top() + 0.8, box.width() - 5, box.height() * 0.8)
    painter.drawArc(bow, 0, 180 * 16)
    painter.setBrush(QBrush(ink))
    painter.drawRect(body)
    painter.restore()
