"""The marks: a shape for each priority and for each condition, painted, so that no font decides about them.

P1 diamond, P2 triangle, P3 disc, P4 ring. A shape always stands beside its word; the colour only repeats it.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from widgets.kit.tokens import Tokens

CONDITIONS = ("up", "degraded", "down", "out_of_service", "unknown")


def paint_priority(painter: QPainter, rect: QRectF, priority: int, tokens: Tokens, lit: bool = True) -> None:
    """Paint the shape of priority 1..4 into the middle of `rect`; unlit (a blink's other half) as outline."""
    colour = tokens.priority_mark(priority)
    box = _square(rect)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    filled = lit and priority != 4
    pen = QPen(colour, 1.0 if filled else max(1.5, box.width() / 8))
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)  # pointed corners: a rounded diamond is taken for a disc
    painter.setPen(pen)
    painter.setBrush(QBrush(colour) if filled else Qt.BrushStyle.NoBrush)
    if priority <= 1:
        painter.drawPolygon(_polygon(box, ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))))
    elif priority == 2:
        painter.drawPolygon(_polygon(box, ((0.5, 0.05), (1.0, 0.95), (0.0, 0.95))))
    else:
        inset = box.width() / 6
        painter.drawEllipse(box.adjusted(inset, inset, -inset, -inset))
    painter.restore()


def paint_condition(painter: QPainter, rect: QRectF, condition: str, tokens: Tokens) -> None:
    """Paint the shape of a device's condition: up a small disc, degraded a half disc, down a cross, out of
    service a hatched square, unknown a dashed ring.
    """
    box = _square(rect)
    colour = condition_mark(condition, tokens)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, max(1.5, box.width() / 7))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if condition == "up":
        painter.setBrush(colour)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(box.center(), box.width() / 3.2, box.width() / 3.2)
    elif condition == "degraded":
        ring = box.adjusted(1, 1, -1, -1)
        painter.drawEllipse(ring)
        painter.setBrush(colour)
        painter.drawPie(ring, 90 * 16, 180 * 16)
    elif condition == "down":
        inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif condition == "out_of_service":
        paint_hatch(painter, box.adjusted(1, 1, -1, -1), colour)
        painter.drawRect(box.adjusted(1, 1, -1, -1))
    else:
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawEllipse(box.adjusted(1, 1, -1, -1))
    painter.restore()


def condition_mark(condition: str, tokens: Tokens) -> QColor:
    """The colour of a condition's shape: normal and out of service stay grey."""
    return {"down": tokens.mark("p1"), "degraded": tokens.mark("p2")}.get(condition, tokens.ink("dim"))


def paint_hatch(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Hatch `rect`: shelved, out of service, or otherwise not to be looked at."""
    painter.fillRect(rect, QBrush(colour, Qt.BrushStyle.BDiagPattern))


def paint_disconnected(painter: QPainter, rect: QRectF, tokens: Tokens, word: str) -> None:
    """The drawn state of what has no live source: a dashed frame and its word in the middle."""
    painter.save()
    painter.setPen(QPen(tokens.ink("dim"), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(1, 1, -2, -2))
    painter.setPen(tokens.ink("dim"))
    painter.setFont(tokens.font("body"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()


class PriorityMark(QWidget):
    """The shape of a priority as a small widget beside its word."""

    def __init__(
        self, tokens: Tokens, priority: int = 4, side: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._tokens, self._priority, self._side, self._lit = tokens, priority, side, True
        self.setFixedSize(side, side)
        tokens.changed.connect(self.update)

    def show_priority(self, priority: int, lit: bool = True) -> None:
        """Show another priority, or the other half of a blink."""
        if (priority, lit) != (self._priority, self._lit):
            self._priority, self._lit = priority, lit
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: object) -> None:
        with QPainter(self) as painter:
            box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            paint_priority(painter, box, self._priority, self._tokens, self._lit)


def _square(rect: QRectF) -> QRectF:
    side = min(rect.width(), rect.height())
    return QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)


def _polygon(box: QRectF, corners: tuple[tuple[float, float], ...]) -> QPolygonF:
    return QPolygonF([QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in corners])
