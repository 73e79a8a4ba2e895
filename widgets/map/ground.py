"""What lies under the dots: districts, rivers, roads and named places, drawn from the profile alone."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from console.language import Catalogue
from console.model.base import Position
from console.profile import Profile
from console.profile.ground import Plane
from widgets.kit.tokens import Tokens
from widgets.map.view import View, bar_m

RIVER_M, ROAD_M = 30.0, 12.0
SITES_BELOW_M_PER_PX = 8.0
SITES_LARGE_M = 120.0
BAR_PX = 160


class MapGround:
    """The drawing of one city. UI thread only."""

    def __init__(self, profile: Profile, plane: Plane, catalogue: Catalogue, tokens: Tokens) -> None:
        self._profile, self._plane = profile, plane
        self._catalogue, self._tokens = catalogue, tokens
        self._districts = [
            (one, QPolygonF(self._points(one.outline)), self._point(one.centre))
            for one in profile.districts.values()
        ]
        self._streets = [(one.kind, self._line(one.path)) for one in profile.streets]
        self._sites = [(one, self._point(one.position)) for one in profile.sites]

    def paint(self, painter: QPainter, view: View, width: int, height: int) -> None:
        """Everything but dots and incidents, over the whole area."""
        tokens = self._tokens
        painter.fillRect(0, 0, width, height, tokens.ground("bg0"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = transform(view, width, height)
        painter.save()
        painter.setTransform(ground, True)
        border = QPen(tokens.mark("line"), 0)
        border.setCosmetic(True)
        border.setWidth(1)
        for _, outline, _ in self._districts:
            painter.setPen(border)
            painter.setBrush(tokens.ground("bg1"))
            painter.drawPolygon(outline)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for kind, line in self._streets:
            wide = max(RIVER_M if kind == "river" else ROAD_M, 1.2 * view.m_per_px)
            pen = QPen(tokens.mark("pressed" if kind == "river" else "grid"), wide)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPath(line)
        painter.restore()
        self._names(painter, view, width, height)
        self._bar(painter, view, width, height)

    def _names(self, painter: QPainter, view: View, width: int, height: int) -> None:
        taken: list[QRectF] = []
        painter.setFont(self._tokens.font("strong", True))
        painter.setPen(self._tokens.ink("dim"))
        for district, _, centre in self._districts:
            self._name(painter, self._catalogue.words(district.name), centre, view, width, height, taken)
        if view.m_per_px > SITES_BELOW_M_PER_PX:
            return
        painter.setFont(self._tokens.font("small"))
        for site, at in self._sites:
            if site.radius_m >= SITES_LARGE_M or view.m_per_px < SITES_BELOW_M_PER_PX / 4:
                self._name(painter, self._catalogue.words(site.name), at, view, width, height, taken)

    def _name(
        self, painter: QPainter, text: str, at: QPointF, view: View, width: int, height: int,
        taken: list[QRectF],
    ) -> None:  # fmt: skip
        """A name centred on its place, unless it would lie on another or leave the map."""
        x, y = view.to_px(at.x(), at.y(), width, height)
        metrics = QFontMetricsF(painter.font())
        wide, high = metrics.horizontalAdvance(text) + 8, metrics.height()
        box = QRectF(x - wide / 2, y - high / 2, wide, high)
        if not QRectF(0, 0, width, height).contains(box) or any(box.intersects(one) for one in taken):
            return
        taken.append(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _bar(self, painter: QPainter, view: View, width: int, height: int) -> None:
        metres = bar_m(view.m_per_px, BAR_PX)
        length = metres / view.m_per_px
        left, bottom = 12.0, height - 12.0
        painter.setPen(QPen(self._tokens.ink("dim"), 1))
        painter.drawPolyline([
            QPointF(left, bottom - 5), QPointF(left, bottom), QPointF(left + length, bottom),
            QPointF(left + length, bottom - 5),
        ])  # fmt: skip
        painter.setFont(self._tokens.font("small"))
        text = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
        painter.drawText(QPointF(left + 4, bottom - 6), text)

    def _point(self, position: Position) -> QPointF:
        x, y = self._plane.to_xy(position.lat, position.lon)
        return QPointF(float(x), float(y))

    def _points(self, path: Sequence[Position]) -> list[QPointF]:
        return [self._point(one) for one in path]

    def _line(self, path: Sequence[Position]) -> QPainterPath:
        line = QPainterPath()
        for number, point in enumerate(self._points(path)):
            if number:
                line.lineTo(point)
            else:
                line.moveTo(point)
        return line


def transform(view: View, width: int, height: int) -> QTransform:
    """Metres to pixels, as `View.to_px` says it."""
    scale = 1 / view.m_per_px
    return QTransform(scale, 0, 0, -scale, width / 2 - view.x * scale, height / 2 + view.y * scale)
