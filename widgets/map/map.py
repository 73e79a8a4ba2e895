"""The map: where cameras and incidents are; cameras are chosen on it and dragged, or sent, to the wall."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from console.language import Catalogue
from console.model.base import Position
from console.profile import nearest_cameras
from console.profile.ground import Plane
from console.report.names import device_name, type_name
from widgets.kit.actions import Actions
from widgets.kit.dragging import drag_cameras
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.map.dots import CameraDots, Dot
from widgets.map.ground import MapGround
from widgets.map.painter import CLUSTER_PX, CONES_BELOW_M_PER_PX, INCIDENT_PX, MapPainter
from widgets.map.view import View, fitted

if TYPE_CHECKING:
    from console.desk.board import Board

PAN_PX = 60
ZOOM_STEP = 1.5
NEAREST = 4
NAMED = 8
OPEN = ("new", "acknowledged", "responding")
STEPS = {
    Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class MapWidget(QWidget):
    """Never moves by itself. Wheel or + and - zoom, a drag on free ground or the arrows pan, Home shows all.
    A click chooses a camera (Ctrl adds), Shift and a drag all in a rectangle, C the cameras that see the
    middle or the last click best. Enter or a drag brings what is chosen to the wall. UI thread only.

    Signals:
        cameras_wanted(tuple): these are to be shown on the wall.
        incident_chosen(str): an incident was clicked.
    """

    cameras_wanted = Signal(object)
    incident_chosen = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("map")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._board, self._catalogue, self._tokens = board, catalogue, tokens
        profile = board.profile
        bounds = profile.bounds
        self._plane = Plane((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)
        self._dots = CameraDots(profile, self._plane)
        self._ground = MapGround(profile, self._plane, catalogue, tokens)
        self._painter = MapPainter(profile, self._dots, tokens)
        self._extent = self._dots.extent()
        self.view: View | None = None
        """None until the widget has a size and the operator has touched nothing: the whole city."""
        self.chosen: tuple[str, ...] = ()
        self._seen: list[Dot] | None = None
        self._backdrop: QPixmap | None = None
        self._lit = True
        self._pressed: QPoint | None = None
        self._pressed_dot: Dot | None = None
        self._pressed_incident = ""
        self._band: QRectF | None = None
        self._panning = False
        self._point: tuple[float, float] | None = None
        pulse.incidents_changed.connect(self._look)
        pulse.blinked.connect(self._blink)
        tokens.changed.connect(self._redraw)
        self._forget_words = follow(catalogue, self._retext)
        for name, key, handler in (
            ("wall", "", self.send), ("nearest", "C", self.choose_nearest), ("all", "Home", self.show_all),
        ):  # fmt: skip
            actions.add(f"map.{name}", f"map.act.{name}", key, handler, owner=self, group="map.title",
                        only_focused=True)  # fmt: skip
        self._look()

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    # what can be done

    @Slot()
    def send(self) -> None:
        """Bring what is chosen to the wall."""
        if self.chosen:
            self.cameras_wanted.emit(self.chosen)

    @Slot()
    def choose_nearest(self) -> None:
        """Choose the cameras that see the last click (else the middle) best."""
        x, y = self._point or (self._now().x, self._now().y)
        lat, lon = self._plane.to_degrees(x, y)
        point = Position(lat=float(lat), lon=float(lon))
        self.choose(nearest_cameras(self._board.profile, point, NEAREST, self._is_usable))

    @Slot()
    def show_all(self) -> None:
        """The whole city."""
        self.view = None
        self._redraw()

    def choose(self, camera_ids: tuple[str, ...]) -> None:
        """Mark these cameras; the map stays where it is."""
        self.chosen = tuple(one for one in dict.fromkeys(camera_ids) if one in self._dots.row_of)
        self._tell()
        self.update()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Larger or smaller around a pixel, or around the middle."""
        at = at or QPointF(self.width() / 2, self.height() / 2)
        self.view = self._now().zoomed(factor, at.x(), at.y(), self.width(), self.height(), self._extent)
        self._redraw()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def _is_usable(self, camera_id: str) -> bool:
        device = self._board.state.devices.get(camera_id)
        return device is None or device.condition in ("up", "degraded")

    # what is seen

    def _now(self) -> View:
        return self.view or fitted(self._extent, self.width(), self.height())

    def _dots_now(self) -> list[Dot]:
        if self._seen is None:
            self._seen = self._dots.seen(self._now(), self.width(), self.height())
        return self._seen

    @Slot()
    def _look(self) -> None:
        devices = self._board.state.devices
        if self._dots.take_trouble([one for one, known in devices.items() if known.condition != "up"]):
            self._seen = None
        self._tell()
        self.update()

    @Slot(bool)
    def _blink(self, lit: bool) -> None:
        self._lit = lit
        if self.isVisible() and any(one.stage == "new" for one in self._incidents()):
            self.update()

    @Slot()
    def _redraw(self) -> None:
        self._seen = self._backdrop = None
        self.update()

    @Slot()
    def _retext(self) -> None:
        self.setAccessibleName(self._catalogue.say("map.title"))
        self._tell()
        self._redraw()

    def _tell(self) -> None:
        """The same for a screen reader."""
        say = self._catalogue.say
        said = say("map.told", cameras=len(self._dots.ids), incidents=len(self._incidents()))
        if self.chosen:
            said += " " + say("map.chosen", cameras=self._named(self.chosen))
        if said != self.accessibleDescription():
            self.setAccessibleDescription(said)

    def _named(self, camera_ids: tuple[str, ...]) -> str:
        names = [device_name(self._board.profile, self._catalogue, one) for one in camera_ids[:NAMED]]
        more = len(camera_ids) - NAMED
        return ", ".join(names) + (" " + self._catalogue.say("report.more", count=more) if more > 0 else "")

    def _incidents(self) -> list[Any]:
        return [one for one in self._board.state.incidents.values() if one.stage in OPEN]

    def _incident_at(self, at: QPointF) -> str:
        for incident in self._incidents():
            mark = self._pixel(incident.place.position)
            if max(abs(mark.x() - at.x()), abs(mark.y() - at.y())) <= INCIDENT_PX / 2 + 4:
                return str(incident.id)
        return ""

    def _pixel(self, position: Position) -> QPointF:
        x, y = self._plane.to_xy(position.lat, position.lon)
        return QPointF(*self._now().to_px(float(x), float(y), self.width(), self.height()))

    def _dot_at(self, at: QPointF) -> Dot | None:
        near = [
            (max(abs(dot.x_px - at.x()), abs(dot.y_px - at.y())), dot)
            for dot in self._dots_now()
            if max(abs(dot.x_px - at.x()), abs(dot.y_px - at.y())) <= (CLUSTER_PX if dot.count > 1 else 8)
        ]
        return min(near, key=_distance)[1] if near else None

    def _ids(self, dot: Dot) -> tuple[str, ...]:
        return tuple(self._dots.ids[row] for row in dot.cameras)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter: QPainter) -> None:
        view, width, height = self._now(), self.width(), self.height()
        if self._backdrop is None:
            ratio = self.devicePixelRatioF()
            self._backdrop = QPixmap(round(width * ratio), round(height * ratio))
            self._backdrop.setDevicePixelRatio(ratio)
            ground = QPainter(self._backdrop)
            self._ground.paint(ground, view, width, height)
            ground.end()
        painter.drawPixmap(0, 0, self._backdrop)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = {self._dots.row_of[one] for one in self.chosen}
        dots = self._dots_now()
        if view.m_per_px <= CONES_BELOW_M_PER_PX:
            for dot in dots:
                if dot.count == 1:
                    self._painter.cone(painter, dot, view)
        for dot in dots:
            self._painter.dot(painter, dot, not chosen.isdisjoint(dot.cameras))
        for incident in self._incidents():
            lit = self._lit or incident.stage != "new"
            self._painter.incident(painter, self._pixel(incident.place.position), incident.priority, lit)
        if self._point is not None:
            self._painter.point(painter, QPointF(*view.to_px(*self._point, width, height)))
        if self._band is not None:
            self._painter.band(painter, self._band)
        if self.hasFocus():
            painter.setPen(self._tokens.mark("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(0, 0, width - 1, height - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._redraw()

    # by hand

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._pressed = event.position().toPoint()
        self._pressed_incident = self._incident_at(event.position())
        self._pressed_dot = None if self._pressed_incident else self._dot_at(event.position())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._band = QRectF(event.position(), event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            self._hover(event, at)
            return
        far = (at.toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._band is not None:
            self._band.setBottomRight(at)
            self.update()
        elif far and (self._pressed_dot is not None or self._pressed_incident):
            self._drag()
        elif self._panning or far:
            self._panning = True
            delta = at - QPointF(self._pressed)
            self._pressed = at.toPoint()
            self.view = self._now().panned(delta.x(), delta.y(), self._extent)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._redraw()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        panned, self._panning = self._panning, False
        self.unsetCursor()
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            return
        if self._band is not None:
            self._choose_band(self._band.normalized())
            self._band = None
        elif self._pressed_incident:
            self.incident_chosen.emit(self._pressed_incident)
        elif self._pressed_dot is not None:
            more = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.choose((*(self.chosen if more else ()), *self._ids(self._pressed_dot)))
        elif not panned:
            at = event.position()
            self._point = self._now().to_m(at.x(), at.y(), self.width(), self.height())
            self.choose(())
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        dot = self._dot_at(event.position())
        if dot is not None and dot.count > 1:
            self.zoom(ZOOM_STEP**3, event.position())
        elif dot is not None:
            self.choose(self._ids(dot))
            self.send()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in STEPS:
            dx, dy = STEPS[key]
            self.view = self._now().panned(dx * PAN_PX, dy * PAN_PX, self._extent)
            self._redraw()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / ZOOM_STEP)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.send()
        elif key == Qt.Key.Key_Escape and (self.chosen or self._point):
            self._point = None
            self.choose(())
        else:
            super().keyPressEvent(event)

    def _choose_band(self, band: QRectF) -> None:
        view, width, height = self._now(), self.width(), self.height()
        west, north = view.to_m(band.left(), band.top(), width, height)
        east, south = view.to_m(band.right(), band.bottom(), width, height)
        self.choose(self._dots.within(west, south, east, north))

    def _drag(self) -> None:
        """What was pressed leaves the map: an incident's cameras, all that is chosen, or the one dot."""
        incident = self._board.state.incidents.get(self._pressed_incident)
        if incident is not None:
            ids = incident.camera_ids
        else:
            assert self._pressed_dot is not None
            ids = self._ids(self._pressed_dot)
            if set(ids) <= set(self.chosen):
                ids = self.chosen
        self._pressed = self._pressed_dot = None
        if ids:
            drag_cameras(self, ids)

    def _hover(self, event: QMouseEvent, at: QPointF) -> None:
        incident = self._board.state.incidents.get(self._incident_at(at))
        dot = self._dot_at(at)
        if incident is not None:
            kind = type_name(self._board.profile, self._catalogue, incident.type)
            text = f"P{incident.priority} {kind}, {self._catalogue.words(incident.place.name)}"
        elif dot is not None:
            text = self._named(self._ids(dot))
            if dot.troubled:
                text += "\n" + self._catalogue.say("map.troubled", count=dot.troubled)
        else:
            QToolTip.hideText()
            return
        QToolTip.showText(event.globalPosition().toPoint(), text, self)


def _distance(found: tuple[float, Dot]) -> float:
    return found[0]
