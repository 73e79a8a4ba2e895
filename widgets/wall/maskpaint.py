"""Paints what hides a part of a picture: opaque, in a pattern nobody takes for a picture, with a word."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPen, QPixmap, QPolygonF

from console.model.footage import MaskZone
from widgets.kit.tokens import Tokens
from widgets.wall.zoom import WHOLE, Zoom

#: A line around each zone, in its colours: scaling draws neighbouring pixels together.
EDGE_PX = 3
STRIPES_PX = 8
WORD_PAD = 4


def polygon(zone: MaskZone, target: QRect, zoom: Zoom = WHOLE) -> QPolygonF:
    """A zone's corners on the screen. `target` is where the picture is shown."""
    corners = (zoom.place(x, y) for x, y in zone.points)
    return QPolygonF(
        [QPointF(target.x() + x * target.width(), target.y() + y * target.height()) for x, y in corners]
    )


class MaskPainter:
    """Paints zones over a picture. UI thread only."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._theme = ""
        self._brush = QBrush()

    def paint(
        self, painter: QPainter, zones: Iterable[MaskZone], target: QRect, zoom: Zoom, word: str
    ) -> None:
        """Cover these zones of the picture shown in `target`. No pixel below shines through."""
        brush = self._pattern()
        painter.save()
        painter.setClipRect(target, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setOpacity(1.0)
        metrics = QFontMetrics(self._tokens.font("small"))
        styles, caps, joins = Qt.PenStyle, Qt.PenCapStyle, Qt.PenJoinStyle
        edge = QPen(
            QBrush(self._tokens.ground("bg1")), EDGE_PX, styles.SolidLine, caps.RoundCap, joins.RoundJoin
        )
        for zone in zones:
            outline = polygon(zone, target, zoom)
            painter.setPen(edge)
            painter.setBrush(brush)
            # Where an outline crosses itself, what lies between is hidden too.
            painter.drawPolygon(outline, Qt.FillRule.WindingFill)
            self._word(painter, outline, target, metrics, word)
        painter.restore()

    def _word(
        self, painter: QPainter, outline: QPolygonF, target: QRect, metrics: QFontMetrics, word: str
    ) -> None:
        seen = outline.boundingRect().intersected(QRectF(target))
        width, height = metrics.horizontalAdvance(word) + 2 * WORD_PAD, metrics.height()
        if seen.width() < width or seen.height() < height:
            return
        middle = seen.center()
        plate = QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)
        if not all(outline.containsPoint(corner, Qt.FillRule.WindingFill) for corner in (
            plate.topLeft(), plate.topRight(), plate.bottomLeft(), plate.bottomRight()
        )):  # fmt: skip
            return  # a narrow or crooked zone: its pattern says it
        painter.fillRect(plate, self._tokens.ground("bg1"))
        painter.setFont(self._tokens.font("small"))
        painter.setPen(self._tokens.ink("dim"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, word)

    def _pattern(self) -> QBrush:
        """Diagonal stripes of two opaque greys."""
        if self._theme != self._tokens.theme:
            tile = QPixmap(STRIPES_PX, STRIPES_PX)
            tile.fill(self._tokens.ground("bg1"))
            with QPainter(tile) as painter:
                painter.setPen(QPen(self._tokens.mark("line"), 2))
                for shift in (-STRIPES_PX, 0, STRIPES_PX):
                    painter.drawLine(shift, STRIPES_PX, shift + STRIPES_PX, 0)
            self._brush = QBrush(tile)
            self._theme = self._tokens.theme
        return self._brush
