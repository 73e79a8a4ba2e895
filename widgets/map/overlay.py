"""Paints what lies over the marks: incidents, official warnings, sketches, what is drawn and measured now."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from console.model.sketch import Sketch
from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens
from widgets.map.glyphs import glyph_of

INCIDENT_PX = 20
HEAD_PX = 12
LEVEL_MARK = {1: "p3", 2: "p2", 3: "p1"}
"""Advisory, warning, severest: in the colours of priorities; the name beside says which."""


def level_mark(level: int) -> str:
    """The colour of a level of warning."""
    return LEVEL_MARK.get(level, "p4")


class OverlayPainter:
    """UI thread only. All points are pixels."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def incident(self, painter: QPainter, place: QPointF, at: QPointF, priority: int, lit: bool) -> None:
        """An incident's shape on a plate, so that it is seen on any ground; a stem to its place where the
        plate stands beside it."""
        tokens = self._tokens
        if place != at:
            self._stem(painter, place, at, tokens.priority_mark(priority))
        box = QRectF(at.x() - INCIDENT_PX / 2, at.y() - INCIDENT_PX / 2, INCIDENT_PX, INCIDENT_PX)
        painter.setPen(QPen(tokens.priority_mark(priority), 1.5))
        painter.setBrush(tokens.ground("bg0"))
        painter.drawRoundedRect(box.adjusted(-4, -4, 4, 4), 3, 3)
        paint_priority(painter, box.adjusted(1, 1, -1, -1), priority, tokens, lit)

    def _stem(self, painter: QPainter, place: QPointF, at: QPointF, colour: QColor) -> None:
        for ink, wide in ((self._tokens.ground("bg0"), 4.0), (colour, 1.6)):
            painter.setPen(QPen(ink, wide))
            painter.drawLine(place, at)
        painter.setPen(QPen(self._tokens.ground("bg0"), 1))
        painter.setBrush(colour)
        painter.drawEllipse(place, 3.5, 3.5)

    def warned(self, painter: QPainter, level: int, points: QPolygonF, radius_px: float) -> None:
        """The edge of an official warning's area; what lies in it keeps its colours."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for ink, wide in ((self._tokens.ground("bg0"), 5.0), (self._tokens.mark(level_mark(level)), 2.2)):
            pen = QPen(ink, wide, Qt.PenStyle.DashDotLine if wide < 4 else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            if radius_px:
                painter.drawEllipse(points[0], radius_px, radius_px)
            else:
                painter.drawPolygon(points)

    def report(self, painter: QPainter, place: QPointF, at: QPointF) -> None:
        """A citizen's report."""
        tokens = self._tokens
        if place != at:
            self._stem(painter, place, at, tokens.ink("dim"))
        box = QRectF(at.x() - 9, at.y() - 9, 18, 18)
        painter.setPen(QPen(tokens.ink("text"), 1))
        painter.setBrush(tokens.ground("bg2"))
        painter.drawEllipse(box)
        glyph_of("reports").paint(painter, box.adjusted(3.5, 3.5, -3.5, -3.5), tokens.ink("text"))

    def sketch(
        self, painter: QPainter, sketch: Sketch, points: Sequence[QPointF], said: str, chosen: bool
    ) -> None:
        """What somebody drew for all, with who and when."""
        self._drawn(painter, sketch.form, points, chosen)
        if points:
            anchor = points[0] if sketch.form == "text" else _middle(points, sketch.form)
            large = sketch.form == "text"
            text = sketch.text or ""
            if text:
                self.tag(painter, anchor, text, large)
                self.tag(painter, anchor + QPointF(0, 20 if large else 18), said, False, dim=True)
            else:
                self.tag(painter, anchor, said, False, dim=True)

    def draft(
        self, painter: QPainter, form: str, points: Sequence[QPointF], to: QPointF | None, closed: bool
    ) -> None:
        """What is being drawn, on to where the pointer is."""
        shown = [*points, *([to] if to is not None and not closed else [])]
        kind = "area" if closed or form == "area" else "line" if form == "measure" else form
        self._drawn(painter, kind, shown, True)
        painter.setPen(QPen(self._tokens.mark("focus"), 1.5))
        painter.setBrush(self._tokens.ground("bg0"))
        for point in points:
            painter.drawEllipse(point, 4, 4)

    def _drawn(self, painter: QPainter, form: str, points: Sequence[QPointF], strong: bool) -> None:
        tokens = self._tokens
        outline = QPen(tokens.ground("bg0"), 6.5 if strong else 5.5)
        ink = QPen(tokens.mark("focus"), 3.0 if strong else 2.2)
        for pen in (outline, ink):
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if form == "text" or len(points) < 2:
            if points:
                painter.setPen(ink)
                painter.setBrush(tokens.ground("bg0"))
                painter.drawEllipse(points[0], 4, 4)
            return
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        if form == "area":
            path.closeSubpath()
            wash = QColor(tokens.mark("focus"))
            wash.setAlpha(38)
            painter.fillPath(path, wash)
        painter.strokePath(path, outline)
        if form == "area":
            ink.setStyle(Qt.PenStyle.DashLine)
        painter.strokePath(path, ink)
        if form == "arrow":
            ink.setStyle(Qt.PenStyle.SolidLine)
            painter.strokePath(_head(points[-2], points[-1]), ink)

    def tag(
        self, painter: QPainter, at: QPointF, text: str, large: bool = False, dim: bool = False
    ) -> QRectF:
        """A few words on a plate beside a point. Returns where they stand."""
        tokens = self._tokens
        font = tokens.font("strong" if large else "small", large)
        metrics = QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(text) + 10, metrics.height() + 4
        box = QRectF(at.x() + 8, at.y() - high / 2, wide, high)
        plate = QColor(tokens.ground("bg0"))
        plate.setAlpha(225)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate)
        painter.drawRoundedRect(box, 3, 3)
        painter.setFont(font)
        painter.setPen(tokens.ink("dim" if dim else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return box

    def band(self, painter: QPainter, rect: QRectF) -> None:
        """The rectangle that is being drawn to choose cameras."""
        painter.setPen(QPen(self._tokens.mark("focus"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)

    def cross(self, painter: QPainter, at: QPointF) -> None:
        """Where the keyboard (or the last click) points."""
        for colour, wide in ((self._tokens.ground("bg0"), 4), (self._tokens.ink("text"), 1.5)):
            painter.setPen(QPen(colour, wide))
            painter.drawPolyline(QPolygonF([at + QPointF(-8, 0), at + QPointF(8, 0)]))
            painter.drawPolyline(QPolygonF([at + QPointF(0, -8), at + QPointF(0, 8)]))

    def seen_area(self, painter: QPainter, points: QPolygonF) -> None:
        """What one chosen camera could see."""
        wash = QColor(self._tokens.mark("focus"))
        wash.setAlpha(52)
        painter.setPen(QPen(self._tokens.mark("focus"), 1.2))
        painter.setBrush(wash)
        painter.drawPolygon(points)

    def sight_line(self, painter: QPainter, one: QPointF, other: QPointF, free: bool) -> None:
        """From a camera to the point that was asked about; broken where something stands between."""
        style = Qt.PenStyle.SolidLine if free else Qt.PenStyle.DotLine
        painter.setPen(QPen(self._tokens.mark("focus"), 1.2, style))
        painter.drawLine(one, other)


def _middle(points: Sequence[QPointF], form: str) -> QPointF:
    if form == "area":
        count = len(points)
        return QPointF(sum(one.x() for one in points) / count, sum(one.y() for one in points) / count)
    return points[-1]


def _head(before: QPointF, tip: QPointF) -> QPainterPath:
    turn = math.atan2(tip.y() - before.y(), tip.x() - before.x())
    path = QPainterPath()
    for side in (-1, 1):
        angle = turn + math.pi + side * math.radians(28)
        path.moveTo(tip)
        path.lineTo(tip + QPointF(math.cos(angle) * HEAD_PX, math.sin(angle) * HEAD_PX))
    return path
