"""Choosing a pane: mouse, focus, tooltip, and what a screen reader is told."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from widgets.wall.surface import PaneSurface


class SelectingSurface(PaneSurface):
    """A surface with one selected pane. UI thread only."""

    _title = "wall.title"

    def select(self, camera_id: str) -> None:
        """Select a camera of this surface; nothing happens for another."""
        pane = self._of_camera.get(camera_id)
        if pane is not None:
            self._select(self._panes.index(pane))

    def _select(self, number: int) -> None:
        if number == self._selected or not 0 <= number < len(self._panes):
            return
        for each in (self._selected, number):
            self._update_pane(self._panes[each])
        self._selected = number
        self._tell_selected()

    def _tell_selected(self) -> None:
        self._tell_selected_words()
        self.selected_camera_changed.emit(self.selected_camera)

    def _tell_selected_words(self) -> None:
        """What a screen reader says of this surface: the selected pane. Setting it tells it at once."""
        pane = self._selected_pane()
        title = self._catalogue.say(self._title)
        text = title if pane is None else f"{title}: {self._captions.short(pane)}"
        if text != self.accessibleName():
            self.setAccessibleName(text)
            self.setAccessibleDescription(self._captions.whole(pane) if pane is not None else "")

    def pane_at(self, point: QPoint) -> int:
        """The number of the pane under a point; -1 for none."""
        for number, pane in enumerate(self._panes):
            place = pane.place
            if place is not None and QRect(place.x, place.y, place.width, place.height).contains(point):
                return number
        return -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self.pane_at(event.position().toPoint())
        if number >= 0:
            self._select(number)

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)
        self._frame_changed()

    def focusOutEvent(self, event: QEvent) -> None:
        super().focusOutEvent(event)
        self._frame_changed()

    def _frame_changed(self) -> None:
        pane = self._selected_pane()
        if pane is not None:
            self._update_pane(pane)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self.pane_at(event.pos())
            if number >= 0:
                QToolTip.showText(event.globalPos(), self._captions.whole(self._panes[number]), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
