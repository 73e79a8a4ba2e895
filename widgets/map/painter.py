"""Paints what moves on the map: cameras, their fields of view, incidents, and what is chosen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from console.profile import Profile
from widgets.kit.marks import paint_condition, paint_priority
from widgets.kit.tokens import Tokens
from widgets.map.dots import CameraDots, Dot
from widgets.map.view import View

DOT_PX = 8
CLUSTER_PX = 11
INCIDENT_PX = 20
CONES_BELOW_M_PER_PX = 3.0
CONE_ALPHA = 56


class MapPainter:
    """UI thread only."""

    def __init__(self, profile: Profile, dots: CameraDots, tokens: Tokens) -> None:
        self._columns, self._dots, self._tokens = profile.camera_columns, dots, tokens

    def cone(self, painter: QPainter, dot: Dot, view: View) -> None:
        """Where one camera looks: direction, field of view, reach."""
        row = dot.cameras[0]
        reach = float(self._columns.reach_m[row]) / view.m_per_px
        wide = float(self._columns.fov_deg[row])
        # Qt counts sixteenths of a degree against the clock from three o'clock; the profile degrees with the
        # clock from north.
        start = 90.0 - float(self._columns.direction_deg[row]) - wide / 2
        colour = QColor(self._tokens.mark("focus"))
        colour.setAlpha(CONE_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        box = QRectF(dot.x_px - reach, dot.y_px - reach, 2 * reach, 2 * reach)
        painter.drawPie(box, round(start * 16), round(wide * 16))

    def dot(self, painter: QPainter, dot: Dot, chosen: bool) -> None:
        """One camera, or a number of them; trouble by shape and number, not by colour alone."""
        tokens = self._tokens
        if chosen:
            painter.setPen(QPen(tokens.mark("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = (CLUSTER_PX if dot.count > 1 else DOT_PX / 2) + 4
            painter.drawEllipse(QPointF(dot.x_px, dot.y_px), radius, radius)
        if dot.count > 1:
            self._cluster(painter, dot)
            return
        box = QRectF(dot.x_px - DOT_PX / 2, dot.y_px - DOT_PX / 2, DOT_PX, DOT_PX)
        if dot.troubled:
            box = box.adjusted(-3, -3, 3, 3)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.ground("bg0"))
            painter.drawEllipse(box)
            paint_condition(painter, box, "down", tokens)
            return
        painter.setPen(QPen(tokens.ground("bg0"), 1))
        painter.setBrush(tokens.ink("text"))
        painter.drawEllipse(box)

    def _cluster(self, painter: QPainter, dot: Dot) -> None:
        tokens = self._tokens
        text = str(dot.count)
        painter.setFont(tokens.font("small"))
        wide = max(2 * CLUSTER_PX, painter.fontMetrics().horizontalAdvance(text) + 10)
        box = QRectF(dot.x_px - wide / 2, dot.y_px - CLUSTER_PX, wide, 2 * CLUSTER_PX)
        painter.setPen(QPen(tokens.ink("dim"), 1))
        painter.setBrush(tokens.ground("bg2"))
        painter.drawRoundedRect(box, CLUSTER_PX, CLUSTER_PX)
        painter.setPen(tokens.ink("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        if dot.troubled:
            corner = QRectF(box.right() - 6, box.top() - 5, 11, 11)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens.ground("bg0"))
            painter.drawEllipse(corner)
            paint_condition(painter, corner.adjusted(1, 1, -1, -1), "down", tokens)

    def incident(self, painter: QPainter, at: QPointF, priority: int, lit: bool) -> None:
        """An incident's shape on a plate, so that it is seen on any ground."""
        tokens = self._tokens
        box = QRectF(at.x() - INCIDENT_PX / 2, at.y() - INCIDENT_PX / 2, INCIDENT_PX, INCIDENT_PX)
        plate = box.adjusted(-4, -4, 4, 4)
        painter.setPen(QPen(tokens.mark("line"), 1))
        painter.setBrush(tokens.ground("bg0"))
        painter.drawRoundedRect(plate, 3, 3)
        paint_priority(painter, box.adjusted(1, 1, -1, -1), priority, tokens, lit)

    def band(self, painter: QPainter, rect: QRectF) -> None:
        """The rectangle that is being drawn to choose cameras."""
        painter.setPen(QPen(self._tokens.mark("focus"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)

    def point(self, painter: QPainter, at: QPointF) -> None:
        """Where the keyboard (or the last click) points."""
        painter.setPen(QPen(self._tokens.ink("text"), 1))
        cross = QPolygonF([at + QPointF(-7, 0), at + QPointF(7, 0)])
        painter.drawPolyline(cross)
        painter.drawPolyline(QPolygonF([at + QPointF(0, -7), at + QPointF(0, 7)]))
