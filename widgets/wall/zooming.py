"""Looking closer into a pane: wheel, drag and keys; the camera's own pixels are asked for where they help."""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from widgets.wall.bounds import pane_bounds
from widgets.wall.pane import Pane
from widgets.wall.surface import PaneSurface
from widgets.wall.zoom import WHOLE, Zoom

#: What Qt counts for one notch of a wheel.
NOTCH = 120


class ZoomingSurface(PaneSurface):
    """A surface whose panes can be looked into. The zoom belongs to the pane and ends with its camera.

    The wheel zooms towards the cursor, a drag moves a zoomed picture, and ends where the button is let go.
    """

    _dragged: Pane | None = None
    _drag_from = QPointF()
    _drag_began = False

    # by key

    def zoom_in(self) -> None:
        """Closer into the selected pane."""
        self._zoom_selected(pane_bounds().zoom.step)

    def zoom_out(self) -> None:
        """Farther from the selected pane."""
        self._zoom_selected(1 / pane_bounds().zoom.step)

    def zoom_reset(self) -> None:
        """All of the selected pane's picture."""
        pane = self._selected_pane()
        if pane is not None:
            self._set_zoom(pane, WHOLE)

    def pan_left(self) -> None:
        self._pan_selected(-1, 0)

    def pan_right(self) -> None:
        self._pan_selected(1, 0)

    def pan_up(self) -> None:
        self._pan_selected(0, -1)

    def pan_down(self) -> None:
        self._pan_selected(0, 1)

    @property
    def is_zoomed(self) -> bool:
        """Whether the selected pane shows a part of its picture."""
        pane = self._selected_pane()
        return pane is not None and pane.zoom.factor > 1.0

    @property
    def is_panning(self) -> bool:
        """Whether the mouse is moving a zoomed picture now: then it drags nothing else."""
        return self._dragged is not None

    def zoom_of(self, camera_id: str) -> Zoom:
        """The part that is seen of a camera of this surface; all of it for another."""
        pane = self._of_camera.get(camera_id)
        return pane.zoom if pane is not None else WHOLE

    def _zoom_selected(self, times: float) -> None:
        pane = self._selected_pane()
        if pane is not None and self._has_picture(pane):
            self._set_zoom(pane, pane.zoom.by(times, pane_bounds().zoom.longest))

    def _pan_selected(self, right: int, down: int) -> None:
        pane = self._selected_pane()
        if pane is not None:
            step = pane_bounds().zoom.pan_share
            self._set_zoom(pane, pane.zoom.moved(right * step, down * step))

    def _has_picture(self, pane: Pane) -> bool:
        return pane.target.width() > 0 and pane.target.height() > 0

    def _set_zoom(self, pane: Pane, zoom: Zoom) -> None:
        if zoom == pane.zoom:
            return
        pane.zoom = zoom
        self._resized_ns = time.monotonic_ns()  # the engine is asked once it has come to rest
        self._look(pane)
        self._update_pane(pane)
        if pane is self._selected_pane():
            self._tell_selected_words()

    # by mouse

    def pane_at(self, point: QPoint) -> int:
        """The number of the pane under a point; -1 for none."""
        for number, pane in enumerate(self._panes):
            if pane.place is not None and pane.rect.contains(point):
                return number
        return -1

    def wheelEvent(self, event: QWheelEvent) -> None:
        number = self.pane_at(event.position().toPoint())
        notches = event.angleDelta().y() / NOTCH
        if number < 0 or not notches or not self._has_picture(self._panes[number]):
            event.ignore()
            return
        pane = self._panes[number]
        bounds = pane_bounds().zoom
        x, y = self._share_of(pane, event.position())
        self._set_zoom(pane, pane.zoom.by(bounds.step**notches, bounds.longest, x, y))
        event.accept()

    def _share_of(self, pane: Pane, at: QPointF) -> tuple[float, float]:
        """A point as shares of the shown picture."""
        target = pane.target
        x, y = (at.x() - target.x()) / target.width(), (at.y() - target.y()) / target.height()
        return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))

    def _grab(self, event: QMouseEvent, pane: Pane) -> None:
        """The left button went down on a pane: a zoomed picture may be moved from here."""
        zoomed = pane.zoom.factor > 1.0 and pane.target.contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and zoomed:
            self._dragged, self._drag_from, self._drag_began = pane, event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pane = self._dragged
        if pane is None or not self._has_picture(pane):
            super().mouseMoveEvent(event)
            return
        way = event.position() - self._drag_from
        if not self._drag_began and way.manhattanLength() < QApplication.startDragDistance():
            return
        self._drag_began = True
        self._drag_from = event.position()
        self._set_zoom(
            pane, pane.zoom.moved(-way.x() / pane.target.width(), -way.y() / pane.target.height())
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        super().mouseReleaseEvent(event)
