"""A shape for each state of a picture, so that no state is told by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from widgets.kit.tokens import Tokens

#: States in which nothing is wrong: painted grey.
CALM = frozenset({"live", "connecting", "waiting", "no_source", "recorded", "gap", "seeking"})
GRAVE = frozenset({"stalled", "no_signal", "refused", "denied"})


def state_ink(state: str, tokens: Tokens) -> QColor:
    """Text colour of a state: grey while nothing is wrong."""
    return tokens.ink("dim" if state in CALM else "p1" if state in GRAVE else "p2")


def state_mark(state: str, tokens: Tokens) -> QColor:
    """Shape colour of a state."""
    return tokens.ink("dim") if state in CALM else tokens.mark("p1" if state in GRAVE else "p2")


def paint_state(painter: QPainter, box: QRectF, state: str, tokens: Tokens) -> None:
    """Paint the shape of a state into a square box: live a disc, connecting, seeking, waiting a dotted ring,
    delayed a half disc, stalled a bar, frozen two bars, damaged a hatched square, no signal a cross,
    refused a barred ring, recorded a triangle, a gap a broken line.
    """
    colour = state_mark(state, tokens)
    pen = QPen(colour, max(1.5, box.width() / 6))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
    middle = box.center()
    if state == "live":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawEllipse(middle, box.width() / 3.2, box.width() / 3.2)
    elif state in ("connecting", "waiting", "seeking"):
        pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.drawEllipse(inner)
    elif state == "delayed":
        painter.drawEllipse(inner)
        painter.setBrush(colour)
        painter.drawPie(inner, 90 * 16, 180 * 16)
    elif state == "stalled":
        painter.drawLine(QPointF(inner.left(), middle.y()), QPointF(inner.right(), middle.y()))
    elif state == "frozen":
        for x in (inner.left() + 1, inner.right() - 1):
            painter.drawLine(QPointF(x, inner.top()), QPointF(x, inner.bottom()))
    elif state == "covered":
        painter.setBrush(colour)
        painter.drawRect(inner)
    elif state == "damaged":
        painter.fillRect(inner, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(colour, 1))
        painter.drawRect(inner)
    elif state == "recorded":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon([inner.topLeft(), QPointF(inner.right(), middle.y()), inner.bottomLeft()])
    elif state == "gap":
        third = inner.width() / 3.5
        painter.drawLine(QPointF(inner.left(), middle.y()), QPointF(inner.left() + third, middle.y()))
        painter.drawLine(QPointF(inner.right() - third, middle.y()), QPointF(inner.right(), middle.y()))
    elif state in ("refused", "denied"):
        painter.drawEllipse(inner)
        painter.drawLine(QPointF(inner.left() + 1, middle.y()), QPointF(inner.right() - 1, middle.y()))
    else:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    painter.restore()
