"""The map itself: one widget that paints the ground, all devices and what lies over them, and is moved by
hand alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from console.language import Catalogue
from console.model.base import Position
from console.profile.ground import Plane
from widgets.kit.tokens import Tokens
from widgets.map.basemap import Basemap
from widgets.map.furniture import Furniture
from widgets.map.labels import MapLabels
from widgets.map.markpaint import MarkPainter
from widgets.map.marks import DeviceMarks, Seen, mark_at
from widgets.map.standings import Standings
from widgets.map.view import LEVELS_PER_DOUBLING, Extent, View, level_of, whole

if TYPE_CHECKING:
    from console.desk.board import Board

STEP = 2.0 ** (1 / LEVELS_PER_DOUBLING)
PAN_PX = 80
FRAME_BUDGET_MS = 5.0
"""So long a frame paints pieces of ground that are missing; the rest waits for the next frame."""
AGAIN_MS = 12


class MapCanvas(QWidget):
    """Paints; knows where things are and what is under the pointer. UI thread only.

    Signals:
        touched: a hand moved the map, or clicked on it.
        hovered(int, QPoint): the pointer is over another mark of `seen()`; -1 over none.
        renumbered(int): the mark under the pointer is the same and has another number now.
        pointed(QPointF): the pointer moved, pixels.
        clicked(QPointF, bool): the left button, without a drag; True with Ctrl.
        double_clicked(QPointF): the left button twice.
        dragged_from(QPointF): a drag that began on something; the map does not move.
        band_drawn(object): a rectangle of the ground (`Extent`) was drawn with Shift.
        left: the pointer left the map. menu_wanted(QPointF): the right button was pressed there.
    """

    touched = Signal()
    hovered = Signal(int, QPoint)
    menu_wanted = Signal(QPointF)
    renumbered = Signal(int)
    pointed = Signal(QPointF)
    clicked = Signal(QPointF, bool)
    double_clicked = Signal(QPointF)
    dragged_from = Signal(QPointF)
    band_drawn = Signal(object)
    left = Signal()

    def __init__(
        self, board: Board, standings: Standings, plane: Plane, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("map-canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self._tokens, self.plane = tokens, plane
        profile = board.profile
        self.marks = DeviceMarks(profile, plane, standings)
        self.basemap = Basemap(profile, plane, tokens)
        self.labels = MapLabels(profile, plane, catalogue, tokens)
        self.painter = MarkPainter(self.marks, standings, tokens)
        self.furniture = Furniture(catalogue, tokens)
        self.extent = _city(profile.districts.values(), plane)
        self.view: View | None = None
        """None until a hand has moved the map: the whole city, at whatever size the widget has."""
        self.under: list[Callable[[QPainter, View], None]] = []
        """What is painted below the marks and above the ground."""
        self.over: list[Callable[[QPainter, View], None]] = []
        """What is painted above the marks."""
        self.grabs: Callable[[QPointF], bool] = lambda at: False
        """Whether something at this pixel can be dragged away."""
        self.signs: Callable[[], list[QRectF]] = list
        """Where other signs stand, pixels: names keep off them."""
        self.legend = False
        self.sources: list[str] = []
        self.pointer_words = ""
        self.band: QRectF | None = None
        self._seen: tuple[object, Seen] | None = None
        self._seen_number = 0
        self._pressed: QPointF | None = None
        self._moving = self._grabbed = False
        self._hover = -1
        self._wheel = 0.0
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.update)
        tokens.changed.connect(self._redress)

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    # where it looks

    def now(self) -> View:
        """The view as it is painted."""
        if self.view is not None:
            return self.view
        return whole(self.extent, self.width(), self.height())

    def show_all(self) -> None:
        """The whole city."""
        self.view = None
        self._moved()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Larger or smaller around a pixel, or around the middle; to the nearest level."""
        at = at or QPointF(self.width() / 2, self.height() / 2)
        before = self.now()
        wanted = before.zoomed(factor, at.x(), at.y(), self.width(), self.height(), self.extent)
        level = wanted.on_level().m_per_px
        self.view = before.zoomed(
            before.m_per_px / level, at.x(), at.y(), self.width(), self.height(), self.extent
        ).on_level()
        self._moved()

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Move the ground by so many pixels."""
        self.view = self.now().panned(round(dx_px), round(dy_px), self.extent)
        self._moved()

    def go_to(self, position: Position, m_per_px: float | None = None) -> None:
        """Bring a place into the middle, at this scale or as it is."""
        x, y = self.plane.to_xy(position.lat, position.lon)
        view = self.now()
        scale = m_per_px or view.m_per_px
        self.view = View(view.x, view.y, scale).on_level().centred(float(x), float(y), self.extent)
        self._moved()

    def pixel(self, position: Position) -> QPointF:
        """Where a place is seen."""
        x, y = self.plane.to_xy(position.lat, position.lon)
        return QPointF(*self.now().to_px(float(x), float(y), self.width(), self.height()))

    def position(self, at: QPointF) -> Position:
        """The place at a pixel."""
        lat, lon = self.plane.to_degrees(*self.now().to_m(at.x(), at.y(), self.width(), self.height()))
        return Position(lat=float(lat), lon=float(lon))

    @property
    def middle(self) -> QPointF:
        return QPointF(self.width() / 2, self.height() / 2)

    # what is seen

    def seen(self) -> Seen:
        """The marks of this view."""
        key = (self.now(), self.width(), self.height(), self._seen_number)
        if self._seen is None or self._seen[0] != key:
            self._seen = key, self.marks.seen(self.now(), self.width(), self.height())
        return self._seen[1]

    def mark_at(self, at: QPointF) -> int:
        """The mark of `seen()` under a pixel, -1 for none."""
        return mark_at(self.seen(), at.x(), at.y())

    def look(self) -> None:
        """Devices stand otherwise. Names stay where they are: they leave room for a mark's numbers."""
        before = self._mark_key(self._hover)
        self._seen_number += 1
        self.marks.look()
        if before is not None:
            # The same mark stays under the hand: news never takes a card or a picture away.
            self._hover = self.number_of(before)
            if self._hover < 0:
                self.hovered.emit(-1, QPoint())
            else:
                self.renumbered.emit(self._hover)
        self.update()

    def show_systems(self, systems: frozenset[str] | None) -> None:
        """Show the devices of these systems alone; None shows all."""
        self._unhover()
        self.marks.show_systems(systems)
        self._seen_number += 1
        self.labels.replace()
        self.update()

    def number_of(self, key: tuple[int, int]) -> int:
        """The mark of this group and row as a number of `seen()`; -1 where it is not seen."""
        seen = self.seen()
        found = np.flatnonzero((seen.group == key[0]) & (seen.row == key[1]))
        return int(found[0]) if len(found) else -1

    def _mark_key(self, number: int) -> tuple[int, int] | None:
        if self._seen is None or not 0 <= number < len(self._seen[1].row):
            return None
        seen = self._seen[1]
        return int(seen.group[number]), int(seen.row[number])

    def redraw(self) -> None:
        """The ground is another: a layer came or went."""
        self.basemap.forget()
        self.update()

    def reword(self) -> None:
        """Another language."""
        self.labels.forget()
        self.update()

    @Slot()
    def _redress(self) -> None:
        self.basemap.forget()
        self.labels.forget()
        self.painter.forget()
        self.update()

    def _moved(self) -> None:
        self._hover = -1
        self.hovered.emit(-1, QPoint())
        self.update()

    def _unhover(self) -> None:
        if self._hover != -1:
            self._hover = -1
            self.hovered.emit(-1, QPoint())

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.paint(painter)

    def paint(self, painter: QPainter, budget_ms: float = FRAME_BUDGET_MS) -> bool:
        """Everything. False: some ground is shown coarsely yet; another frame follows by itself."""
        view, width, height = self.now(), self.width(), self.height()
        complete = self.basemap.paint(painter, view, width, height, budget_ms)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self.under:
            one(painter, view)
        seen = self.seen()
        complete = self.labels.paint(painter, view, width, height, seen, self.signs()) and complete
        self.painter.paint(painter, seen, level_of(view.m_per_px))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for one in self.over:
            one(painter, view)
        self.furniture.paint(painter, view, width, height, self.pointer_words, self.sources, self.legend)
        if self.hasFocus():
            painter.setPen(self._tokens.mark("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(0, 0, width - 1, height - 1)
        if not complete and not self._again.isActive():
            self._again.start()
        return complete

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._moved()

    # by hand

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.touched.emit()
        self._wheel += event.angleDelta().y() / 120
        steps = int(self._wheel)  # a touch pad sends parts of a step
        self._wheel -= steps
        if steps:
            self.zoom(STEP**steps, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self.touched.emit()
        self._pressed = event.position()
        self._moving = False
        self._grabbed = self.grabs(event.position())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.band = QRectF(event.position(), event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None:
            self.pointed.emit(at)
            self._hover_at(at, event.globalPosition().toPoint())
            return
        far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self.band is not None:
            self.band.setBottomRight(at)
            self.update()
        elif self._moving or (far and not self._grabbed):
            delta = at - self._pressed
            self._moving = True
            self._pressed = at
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.touched.emit()
            self.pan(delta.x(), delta.y())
        elif far:
            pressed, self._pressed = self._pressed, None
            self.dragged_from.emit(pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            super().mouseReleaseEvent(event)
            return
        moved, self._moving = self._moving, False
        self._pressed = None
        self.unsetCursor()
        if self.band is not None:
            band, self.band = self.band.normalized(), None
            view = self.now()
            west, north = view.to_m(band.left(), band.top(), self.width(), self.height())
            east, south = view.to_m(band.right(), band.bottom(), self.width(), self.height())
            self.band_drawn.emit(Extent(west, south, east, north))
            self.update()
        elif not moved:
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.clicked.emit(event.position(), control)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos() if event.reason() == QContextMenuEvent.Reason.Mouse else self.middle.toPoint()
        self.menu_wanted.emit(QPointF(at))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._unhover()
        self.left.emit()

    def _hover_at(self, at: QPointF, at_global: QPoint) -> None:
        number = self.mark_at(at)
        if number != self._hover:
            self._hover = number
            self.hovered.emit(number, at.toPoint())


def _city(districts: object, plane: Plane) -> Extent:
    """The rectangle around all districts."""
    lat = [point.lat for one in districts for point in one.outline]  # type: ignore[attr-defined]
    lon = [point.lon for one in districts for point in one.outline]  # type: ignore[attr-defined]
    x, y = plane.to_xy(lat, lon)
    return Extent(float(x.min()), float(y.min()), float(x.max()), float(y.max()))

