"""Incidents, official warnings and citizens' reports on the map: where they are seen, and what is hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from console.model.base import Position
from console.model.citizenreport import CitizenReport
from console.model.incident import Incident
from console.model.warning import WarnedArea, areas
from widgets.kit.tokens import Tokens
from widgets.map.canvas import MapCanvas
from widgets.map.overlay import INCIDENT_PX, LEVEL_MARK, OverlayPainter
from widgets.map.view import View

if TYPE_CHECKING:
    from console.desk.board import Board

OPEN = ("new", "acknowledged", "responding")


class Things:
    """Read from the board when they are painted. UI thread only."""

    def __init__(self, canvas: MapCanvas, board: Board, tokens: Tokens) -> None:
        self._canvas, self._board, self._tokens = canvas, board, tokens
        self._painter = OverlayPainter(tokens)
        self.lit = True
        self._warned: tuple[WarnedArea, ...] = ()
        canvas.under.append(self.paint_warnings)
        canvas.over.append(self.paint)
        canvas.signs = self.signs
        self._open: tuple[str, ...] = ()

    def look(self) -> None:
        """The state changed."""
        self._warned = areas(self._board.state.warnings)
        now = tuple(one.id for one in self.incidents())
        if now != self._open:
            self._open = now
            self._canvas.labels.replace()

    def signs(self) -> list[QRectF]:
        """The plates of incidents, pixels."""
        side = INCIDENT_PX + 10
        found = []
        for incident in self.incidents():
            at = self._canvas.pixel(incident.place.position)
            found.append(QRectF(at.x() - side / 2, at.y() - side / 2, side, side))
        return found

    def incidents(self) -> list[Incident]:
        """Those that are open, the most urgent last: it lies on top."""
        found = [one for one in self._board.state.incidents.values() if one.stage in OPEN]
        return sorted(found, key=lambda one: (-one.priority, one.opened_at_ns))

    def reports(self) -> list[CitizenReport]:
        """Citizens' reports that are open."""
        return [one for one in self._board.state.reports.values() if one.is_open]

    def incident_at(self, at: QPointF) -> str:
        """The incident under a pixel, "" for none."""
        for incident in reversed(self.incidents()):
            mark = self._canvas.pixel(incident.place.position)
            if max(abs(mark.x() - at.x()), abs(mark.y() - at.y())) <= INCIDENT_PX / 2 + 4:
                return incident.id
        return ""

    def report_at(self, at: QPointF) -> CitizenReport | None:
        """The citizen's report under a pixel, None for none."""
        for report in self.reports():
            if (self._canvas.pixel(_place(report)) - at).manhattanLength() <= 14:
                return report
        return None

    def paint_warnings(self, painter: QPainter, view: View) -> None:
        """Areas of official warnings, below the marks."""
        for one in self._warned:
            pairs = list(zip(one.polygon[::2], one.polygon[1::2], strict=False))
            points = QPolygonF([self._canvas.pixel(Position(lat=lat, lon=lon)) for lat, lon in pairs])
            if points.isEmpty():
                continue
            self._painter.warned(painter, one, points, one.radius_km * 1000 / view.m_per_px)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def paint(self, painter: QPainter, view: View) -> None:
        """Reports and incidents, above the marks."""
        for report in self.reports():
            self._painter.report(painter, self._canvas.pixel(_place(report)))
        for incident in self.incidents():
            lit = self.lit or incident.stage != "new"
            self._painter.incident(
                painter, self._canvas.pixel(incident.place.position), incident.priority, lit
            )
        self._name_warnings(painter)

    def _name_warnings(self, painter: QPainter) -> None:
        for number, one in enumerate(self._warned[-3:]):
            colour = LEVEL_MARK.get(one.level, "p4")
            at = QPointF(8, 14 + 22 * number)
            painter.fillRect(4, round(at.y() - 9), 4, 18, self._tokens.mark(colour))
            self._painter.tag(painter, at - QPointF(4, 0), one.name or one.warning_id)


def _place(report: CitizenReport) -> Position:
    """Where it is about."""
    return report.told.place.position
