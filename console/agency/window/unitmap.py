"""A small map of the agency's ground: stations, units on their way, scenes. North is up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.agency.facts import OPEN, CaseFacts
from console.agency.fleet import Duty, Fleet, Ground
from console.agency.window.look import Look
from console.clock import Clock
from console.language import Catalogue
from console.model.base import Position

_KM_PER_DEGREE = 111.195
_MARGIN = 26
_CLOSE_KM = 0.8
"""Half of what is shown around the chosen case at least."""


class UnitMap(QWidget):
    """`pointed` says where somebody pressed, as a Position; the request for pictures takes it."""

    pointed = Signal(object)

    def __init__(self, fleet: Fleet, ground: Ground, catalogue: Catalogue, look: Look, clock: Clock) -> None:
        super().__init__()
        self._fleet = fleet
        self._ground = ground
        self._catalogue = catalogue
        self._look = look
        self._clock = clock
        self._cases: tuple[CaseFacts, ...] = ()
        self._duties: tuple[Duty, ...] = ()
        self._chosen = ""
        self._circle: tuple[Position, float] | None = None
        self._whole = False
        self._placed: list[QRectF] = []
        """Where names stand in the picture that is being painted."""
        self.setMinimumSize(QSize(260, 200))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def retranslate(self) -> None:
        self.setAccessibleName(self._catalogue.say("agency.map.name"))
        self.update()

    def show_state(self, cases: tuple[CaseFacts, ...], duties: tuple[Duty, ...], chosen: str) -> None:
        self._cases, self._duties, self._chosen = cases, duties, chosen
        self.update()

    @Slot(object)
    def show_circle(self, circle: tuple[Position, float] | None) -> None:
        """Where pictures are asked for: a point and metres around it; None for nowhere."""
        self._circle = circle
        self.update()

    @Slot(bool)
    def show_whole(self, whole: bool) -> None:
        """The whole ground, or what concerns the chosen case."""
        self._whole = whole
        self.update()

    @property
    def moving(self) -> bool:
        """Whether a unit is on its way, so that the picture changes by itself."""
        now_ns = self._clock.now_ns()
        return any(one.state(now_ns) in ("turnout", "driving", "returning") for one in self._duties)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        self.pointed.emit(self._frame().position(event.position()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._look.ground["bg0"]))
        frame = self._frame()
        self._placed = []
        self._paint_ground(painter, frame)
        self._paint_stations(painter, frame)
        self._paint_scenes(painter, frame)
        self._paint_units(painter, frame)
        self._paint_scale(painter, frame)
        painter.end()

    def _frame(self) -> Frame:
        """What is shown: the chosen case with its units, or the whole ground."""
        points = [one.position for one in self._fleet.stations]
        chosen = next((one for one in self._cases if one.number == self._chosen), None)
        if chosen is not None and not self._whole:
            scene = chosen.letter.position
            now_ns = self._clock.now_ns()
            around = [one.at(now_ns) for one in self._duties if one.number == self._chosen]
            starts = [one.start for one in self._duties if one.number == self._chosen]
            nearest = sorted(points, key=lambda one: _km(one, scene))[:2]
            points = [scene, *(around + starts or nearest)]
        elif not points:
            points = [one.letter.position for one in self._cases[:20]]
        if self._circle is not None:
            points = [*points, self._circle[0]]
        return Frame(points or [Position(lat=0, lon=0)], self.width(), self.height())

    def _paint_ground(self, painter: QPainter, frame: Frame) -> None:
        ground, look = self._ground, self._look
        painter.setPen(QPen(QColor(look.mark["line"]), 1))
        painter.setBrush(QColor(look.ground["bg1"]))
        for outline in ground.outlines:
            painter.drawPolygon(frame.line(outline))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for paths, colour, width in (
            (ground.rivers, look.ground["select"], 4.0), (ground.streets, look.mark["grid"], 2.0),
        ):  # fmt: skip
            painter.setPen(QPen(QColor(colour), width))
            for path in paths:
                painter.drawPolyline(frame.line(path))

    def _paint_stations(self, painter: QPainter, frame: Frame) -> None:
        painter.setPen(QPen(QColor(self._look.ink["dim"]), 1))
        painter.setBrush(QColor(self._look.ground["bg2"]))
        away = {one.unit for one in self._duties}
        for station in self._fleet.stations:
            at = frame.point(station.position)
            painter.drawRect(QRectF(at.x() - 5, at.y() - 5, 10, 10))
            home = sum(1 for one in self._fleet.units if one.station == station.id and one.id not in away)
            text = f"{self._catalogue.words(station.name)} ({home})"
            wide = painter.fontMetrics().horizontalAdvance(text)
            right = at.x() + 9 + wide < self.width()
            spot = at + QPointF(9 if right else -9 - wide, 4)
            painter.drawText(spot, text)
            high = painter.fontMetrics().height()
            self._placed.append(QRectF(spot.x(), spot.y() - high + 4, wide, high))

    def _paint_scenes(self, painter: QPainter, frame: Frame) -> None:
        for case in self._cases:
            chosen = case.number == self._chosen
            if case.stage not in OPEN and not chosen:
                continue
            at = frame.point(case.letter.position)
            colour = QColor(self._look.mark[f"p{case.letter.priority}"])
            painter.setPen(QPen(colour, 2.5 if chosen else 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            size = 8.0 if chosen else 5.0
            painter.drawEllipse(at, size, size)
            for dx, dy in ((size + 4, 0), (0, size + 4)):
                painter.drawLine(at - QPointF(dx, dy), at + QPointF(dx, dy))
            if chosen:
                painter.drawText(at + QPointF(size + 4, -size - 4), case.number)
        if self._circle is not None:
            point, metres = self._circle
            painter.setPen(QPen(QColor(self._look.mark["focus"]), 1.5, Qt.PenStyle.DashLine))
            radius = metres / 1000 * frame.per_km
            painter.drawEllipse(frame.point(point), radius, radius)

    def _paint_units(self, painter: QPainter, frame: Frame) -> None:
        """A filled arrow drives, a ring makes ready, a disc is there, a hollow arrow drives home."""
        now_ns = self._clock.now_ns()
        for one in self._duties:
            state, at = one.state(now_ns), frame.point(one.at(now_ns))
            colour = QColor(self._look.ink["focus" if one.number else "dim"])
            if state in ("driving", "turnout"):
                painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DotLine))
                painter.drawLine(at, frame.point(one.end))
            painter.setPen(QPen(colour, 1.6))
            painter.setBrush(colour if state in ("driving", "there") else QColor(self._look.ground["bg0"]))
            if state in ("driving", "returning"):
                painter.drawPolygon(_arrow(at, frame.point(one.end)))
            else:
                painter.drawEllipse(at, 5, 5)
            self._label(painter, at, one.unit)

    def _label(self, painter: QPainter, at: QPointF, text: str) -> None:
        """A name beside its mark, lower where another name is."""
        metrics = painter.fontMetrics()
        box = QRectF(at.x() + 9, at.y() + 6, metrics.horizontalAdvance(text), metrics.height())
        while any(box.intersects(other) for other in self._placed):
            box.translate(0, metrics.height() / 2)
        self._placed.append(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft, text)

    def _paint_scale(self, painter: QPainter, frame: Frame) -> None:
        length_km = next((one for one in (0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if one * frame.per_km >= 50), 10.0)
        text = f"{length_km:g} km" if length_km >= 1 else f"{length_km * 1000:g} m"
        y = self.height() - 10.0
        painter.setPen(QPen(QColor(self._look.ink["dim"]), 1.5))
        painter.drawLine(QPointF(10, y), QPointF(10 + length_km * frame.per_km, y))
        painter.drawText(QPointF(10, y - 5), text)


class Frame:
    """Degrees to pixels: equal scales both ways at the middle, all `points` inside."""

    def __init__(self, points: Sequence[Position], width: int, height: int) -> None:
        lats, lons = [one.lat for one in points], [one.lon for one in points]
        self._lat, self._lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        self._shrink = math.cos(math.radians(self._lat))
        half_high = max((max(lats) - min(lats)) * _KM_PER_DEGREE / 2, _CLOSE_KM)
        half_wide = max((max(lons) - min(lons)) * _KM_PER_DEGREE * self._shrink / 2, _CLOSE_KM)
        self._width, self._height = width, height
        self.per_km = min(
            max(20, width / 2 - 2 * _MARGIN) / half_wide, max(20, height / 2 - _MARGIN) / half_high
        )

    def point(self, at: Position) -> QPointF:
        return self._xy(at.lat, at.lon)

    def line(self, path: Iterable[tuple[float, float]]) -> QPolygonF:
        return QPolygonF([self._xy(lat, lon) for lat, lon in path])

    def position(self, at: QPointF) -> Position:
        """The place under a pixel."""
        lat = self._lat - (at.y() - self._height / 2) / self.per_km / _KM_PER_DEGREE
        east_km = (at.x() - self._width / 2) / self.per_km
        lon = self._lon + east_km / _KM_PER_DEGREE / self._shrink
        return Position(lat=max(-90.0, min(90.0, lat)), lon=max(-180.0, min(180.0, lon)))

    def _xy(self, lat: float, lon: float) -> QPointF:
        east_km = (lon - self._lon) * _KM_PER_DEGREE * self._shrink
        north_km = (lat - self._lat) * _KM_PER_DEGREE
        return QPointF(self._width / 2 + east_km * self.per_km, self._height / 2 - north_km * self.per_km)


def _km(one: Position, other: Position) -> float:
    return math.hypot(one.lat - other.lat, (one.lon - other.lon) * math.cos(math.radians(one.lat)))


def _arrow(at: QPointF, to: QPointF) -> QPolygonF:
    """Pointing where it drives."""
    angle = math.atan2(to.y() - at.y(), to.x() - at.x())
    return QPolygonF(
        [
            QPointF(at.x() + size * math.cos(angle + turn), at.y() + size * math.sin(angle + turn))
            for turn, size in ((0.0, 9.0), (2.5, 7.0), (-2.5, 7.0))
        ]
    )
