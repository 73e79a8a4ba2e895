"""Incidents, official warnings and citizens' reports on the map: where they are seen, and what is hit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from console.language import Catalogue
from console.model.base import Position
from console.model.citizenreport import CitizenReport
from console.model.incident import OPEN_STAGES, Incident
from console.model.warning import info_for
from widgets.kit.tokens import Tokens
from widgets.map.canvas import MapCanvas
from widgets.map.overlay import INCIDENT_PX, OverlayPainter, level_mark
from widgets.map.view import View

if TYPE_CHECKING:
    from console.desk.board import Board

PLATE_PX = INCIDENT_PX + 8
AWAY_PX = 34
FOOT_PX = 7
AROUND = ((0, 0), (0, -1), (1, 0), (0, 1), (-1, 0), (0.8, -0.8), (-0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))
"""Where a plate may stand besides on its place: it covers no number of a mark where there is room."""
MOST_NAMED = 3


class Warned(NamedTuple):
    """One area of a warning in force. `pairs` are its corners, or one centre with `radius_m`."""

    name: str
    level: int
    pairs: tuple[Position, ...]
    radius_m: float


class Things:
    """Read from the board when they are painted. UI thread only."""

    def __init__(self, canvas: MapCanvas, board: Board, catalogue: Catalogue, tokens: Tokens) -> None:
        self._canvas, self._board, self._catalogue, self._tokens = canvas, board, catalogue, tokens
        self._painter = OverlayPainter(tokens)
        self.lit = True
        self.warned: tuple[Warned, ...] = ()
        canvas.under.append(self.paint_warnings)
        canvas.over.append(self.paint)
        canvas.signs = self.signs
        self._open: tuple[str, ...] = ()
        self._said: tuple[object, ...] = ()
        self._plates: tuple[object, dict[str, QPointF]] | None = None

    def look(self) -> bool:
        """The state changed. Whether something is seen otherwise."""
        state = self._board.state
        said = (
            self._catalogue.language, tuple((one.id, one.stage, one.priority) for one in self.incidents()),
            tuple(one.id for one in self.reports()),
            tuple((one.id, one.at_ns) for one in state.sketches.values()),
            tuple((one.id, one.changed_ns, one.ended_ns) for one in state.warnings.values()),
        )  # fmt: skip
        if said == self._said:
            return False
        self._said = said
        self.warned = self._areas()
        self._plates = None
        now = tuple(one.id for one in (*self.incidents(), *self.reports()))
        if now != self._open:
            self._open = now
            self._canvas.labels.replace()
        return True

    def incidents(self) -> list[Incident]:
        """Those that are open, the most urgent last: it lies on top."""
        found = [one for one in self._board.state.incidents.values() if one.stage in OPEN_STAGES]
        return sorted(found, key=lambda one: (-one.priority, one.opened_at_ns))

    def reports(self) -> list[CitizenReport]:
        """Citizens' reports that are open."""
        return [one for one in self._board.state.reports.values() if one.is_open]

    def signs(self) -> list[QRectF]:
        """Where the plates stand and the places they are of, pixels."""
        side, foot = PLATE_PX + 2, 2 * FOOT_PX
        found = [QRectF(at.x() - side / 2, at.y() - side / 2, side, side) for at in self.plates().values()]
        for incident in self.incidents():
            at = self._canvas.pixel(incident.place.position)
            found.append(QRectF(at.x() - foot / 2, at.y() - foot / 2, foot, foot))
        return found

    def plates(self) -> dict[str, QPointF]:
        """Where the plate of each incident and report stands (pixels): on its place, or beside it where it
        would cover a mark or another plate."""
        canvas = self._canvas
        key = (canvas.now(), canvas.width(), canvas.height(), len(canvas.seen().x))
        if self._plates is not None and self._plates[0] == key:
            return self._plates[1]
        seen = canvas.seen()
        found: dict[str, QPointF] = {}
        frame = canvas.rect().adjusted(-60, -60, 60, 60)
        placed: list[QPointF] = []
        things = [(one.id, one.place.position) for one in reversed(self.incidents())]
        things += [(one.id, one.told.place.position) for one in self.reports()]
        for name, position in things:
            place = canvas.pixel(position)
            found[name] = place
            if not frame.contains(place.toPoint()):
                continue
            best = None
            for dx, dy in AROUND:
                at = place + QPointF(dx * AWAY_PX, dy * AWAY_PX)
                far_x, far_y = np.abs(seen.x - at.x()), np.abs(seen.y - at.y())
                covered = int(
                    np.sum((far_x < (seen.width + PLATE_PX) / 2) & (far_y < (seen.height + PLATE_PX) / 2))
                )
                covered += 2 * sum(
                    max(abs(at.x() - one.x()), abs(at.y() - one.y())) < PLATE_PX + 2 for one in placed
                )
                if best is None or covered < best[0]:
                    best = covered, at
                if not covered:
                    break
            assert best is not None
            found[name] = best[1]
            placed.append(best[1])
        self._plates = key, found
        return found

    def incident_at(self, at: QPointF) -> str:
        """The incident under a pixel, "" for none."""
        plates = self.plates()
        for incident in reversed(self.incidents()):
            mark = plates.get(incident.id)
            if mark is not None and max(abs(mark.x() - at.x()), abs(mark.y() - at.y())) <= PLATE_PX / 2:
                return incident.id
        for incident in reversed(self.incidents()):
            place = self._canvas.pixel(incident.place.position)
            if (place - at).manhattanLength() <= FOOT_PX:
                return incident.id
        return ""

    def report_at(self, at: QPointF) -> CitizenReport | None:
        """The citizen's report under a pixel, None for none."""
        plates = self.plates()
        for report in self.reports():
            mark = plates.get(report.id)
            if mark is not None and (mark - at).manhattanLength() <= 14:
                return report
        return None

    def paint_warnings(self, painter: QPainter, view: View) -> None:
        """Areas of official warnings, below the marks."""
        for one in self.warned:
            points = QPolygonF([self._canvas.pixel(each) for each in one.pairs])
            if not points.isEmpty():
                self._painter.warned(painter, one.level, points, one.radius_m / view.m_per_px)

    def paint(self, painter: QPainter, view: View) -> None:
        """Reports and incidents, above the marks."""
        canvas, plates = self._canvas, self.plates()
        for report in self.reports():
            place = canvas.pixel(report.told.place.position)
            self._painter.report(painter, place, plates.get(report.id, place))
        for incident in self.incidents():
            lit = self.lit or incident.stage != "new"
            place = canvas.pixel(incident.place.position)
            at = plates.get(incident.id, place)
            self._painter.incident(painter, place, at, incident.priority, lit)
        for number, one in enumerate(self.warned[-MOST_NAMED:]):
            at = QPointF(8, 16 + 22 * number)
            painter.fillRect(5, round(at.y() - 9), 5, 18, self._tokens.mark(level_mark(one.level)))
            self._painter.tag(painter, at, one.name)

    def _areas(self) -> tuple[Warned, ...]:
        """Every polygon and circle of the warnings in force, in the words of the present language."""
        found = []
        for standing in sorted(self._board.state.warnings.values(), key=lambda one: one.judged.level):
            if not standing.in_force:
                continue
            info = info_for(standing.message, standing.judged, self._catalogue.language)
            level = standing.judged.level
            for area in info.areas:
                name = f"{info.event}: {area.name}" if area.name else info.event
                for corners in area.polygons:
                    pairs = tuple(
                        Position(lat=lat, lon=lon)
                        for lat, lon in zip(corners[::2], corners[1::2], strict=False)
                    )
                    found.append(Warned(name, level, pairs, 0.0))
                for lat, lon, radius_km in area.circles:
                    found.append(Warned(name, level, (Position(lat=lat, lon=lon),), radius_km * 1000))
        return tuple(found)
