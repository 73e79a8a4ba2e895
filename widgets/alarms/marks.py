"""A shape for each state of an alarm, painted: told apart without colour and without a font."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.kit.marks import paint_hatch

STATES = "BCDEFGHI"


def paint_state(painter: QPainter, box: QRectF, state: str, colour: QColor) -> None:
    """Paint the shape of state B to I into a square.

    B a full square, C a tick, D an empty square that something left (an arrow out of it), E and F the square
    and the tick on a bar (latched), G a clock face, H a hatched square, I a barred ring.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, max(1.5, box.width() / 7))
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = box.adjusted(1, 1, -1, -1)
    if state in "EF":
        painter.drawLine(inner.bottomLeft(), inner.bottomRight())
        inner = inner.adjusted(1, 0, -1, -4)
    if state in "BE":
        painter.fillRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), colour)
    elif state in "CF":
        painter.drawPolyline([_at(inner, 0.0, 0.55), _at(inner, 0.35, 0.95), _at(inner, 1.0, 0.1)])
    elif state == "D":
        painter.drawPolyline([_at(inner, 0.45, 0.0), _at(inner, 0.0, 0.0), _at(inner, 0.0, 1.0),
                              _at(inner, 1.0, 1.0), _at(inner, 1.0, 0.55)])  # fmt: skip
        painter.drawLine(_at(inner, 0.45, 0.55), _at(inner, 1.0, 0.0))
        painter.drawPolyline([_at(inner, 0.65, 0.0), _at(inner, 1.0, 0.0), _at(inner, 1.0, 0.35)])
    elif state == "G":
        painter.drawEllipse(inner)
        painter.drawPolyline([_at(inner, 0.5, 0.2), _at(inner, 0.5, 0.55), _at(inner, 0.75, 0.7)])
    elif state == "H":
        paint_hatch(painter, inner, colour)
        painter.drawRect(inner)
    else:
        painter.drawEllipse(inner)
        painter.drawLine(_at(inner, 0.18, 0.82), _at(inner, 0.82, 0.18))
    painter.restore()


def _at(box: QRectF, x: float, y: float) -> QPointF:
    return QPointF(box.x() + x * box.width(), box.y() + y * box.height())
