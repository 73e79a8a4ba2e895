"""Choosing a pane: mouse, focus, tooltip, and what a screen reader is told."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QApplication, QToolTip

from widgets.kit.dragging import drag_cameras
from widgets.wall import accessible, words
from widgets.wall.pane import Pane
from widgets.wall.zooming import ZoomingSurface


class SelectingSurface(ZoomingSurface):
    """A surface with one selected pane. UI thread only.

    Signals (besides those of `PaneSurface`):
        menu_wanted(QPoint): the operator asks, at this place of the screen, what can be done with the
            selected pane.
        touched(): it was clicked or has the keyboard: what the operator does next is meant for it.
    """

    menu_wanted = Signal(QPoint)
    touched = Signal()

    _title = "wall.title"
    _pressed_at: QPoint | None = None

    @Slot(str)
    def select(self, camera_id: str) -> None:
        """Select a camera of this surface; nothing happens for another."""
        pane = self._of_camera.get(camera_id)
        if pane is not None:
            self._select(self._panes.index(pane))

    def _select(self, number: int) -> None:
        if number == self._selected or not 0 <= number < len(self._panes):
            return
        changed = (self._selected_pane(), self._panes[number])
        self._selected = number
        for pane in changed:
            if pane is not None:
                self._update_pane(pane)
                self._tell_importance(pane)
        self._tell_selected()

    def _tell_selected(self) -> None:
        self._tell_selected_words()
        if self.hasFocus():
            accessible.tell(self, self._selected, QAccessible.Event.Focus)
        self.selected_camera_changed.emit(self.selected_camera)

    def _tell_selected_words(self) -> None:
        """What a screen reader says of this surface: the selected pane. Setting it tells it at once."""
        pane = self._selected_pane()
        title = self._catalogue.say(self._title)
        text = title if pane is None else f"{title}: {self._captions.short(pane)}"
        if text != self.accessibleName():
            self.setAccessibleName(text)
            self.setAccessibleDescription(self._captions.whole(pane) if pane is not None else "")

    # what a screen reader finds

    def name_of_pane(self, number: int) -> str:
        """Number, name, state and reason of a pane, in one sentence."""
        pane = self._panes[number]
        short = self._captions.short(pane)
        return f"{pane.strip_said.number} {short}" if pane.strip_said.number else short

    def rect_of_pane(self, number: int) -> QRect:
        """Where a pane is on the surface; empty for one that is not seen."""
        pane = self._panes[number]
        return pane.rect if pane.place is not None else QRect()

    def _tell_state(self, pane: Pane) -> None:
        accessible.tell(self, self._panes.index(pane), QAccessible.Event.NameChanged)
        super()._tell_state(pane)

    def release(self) -> None:
        super().release()
        accessible.forget(self.accessible_parts)

    # a camera shown elsewhere, larger

    def name_of(self, camera_id: str) -> str:
        """A camera's name as people say it."""
        return self._captions.name(camera_id)

    def show_in(self, camera_id: str, room: tuple[int, int] | None) -> None:
        """Decode a camera for a room of so many pixels instead of its place; None: for its place again."""
        pane = self._of_camera.get(camera_id)
        if pane is not None and pane.room != room:
            pane.room = room
            self._ask(pane)

    def paint_camera(self, camera_id: str, painter: QPainter, room: QRect) -> QRect:
        """Paint all of a camera's picture into another room, what is hidden covered. Returns where it is;
        empty where there is nothing that may be seen."""
        pane = self._of_camera.get(camera_id)
        image = self._newest_image(pane) if pane is not None else None
        if pane is None or image is None:
            return QRect()
        return self._painter.picture(
            painter, room, image, old=words.is_old(pane.state), hidden=self._masks.of(camera_id)
        )

    def take_keyboard(self) -> None:
        """Give this surface the keyboard."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # figures over the picture

    def toggle_info(self) -> None:
        """Show the selected pane's figures over its picture, or no longer."""
        pane = self._selected_pane()
        if pane is not None:
            self._show_info((pane,), not pane.info)

    def toggle_info_all(self) -> None:
        """Show the figures of all panes, or of none."""
        self._show_info(tuple(self._panes), not all(pane.info for pane in self._panes))

    def _show_info(self, panes: tuple[Pane, ...], shown: bool) -> None:
        for pane in panes:
            pane.info = shown
            self._look(pane)

    # mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = event.position().toPoint() if left else None
        number = self.pane_at(event.position().toPoint())
        self.touched.emit()
        if number >= 0:
            self._select(number)
            self._grab(event, self._panes[number])

    def took_key(self, event: QKeyEvent) -> bool:
        """Esc shows all of a zoomed picture before it does anything else; and a key that a field over the
        surface (a time, a reason) leaves over is not for the panes. True when there is nothing left to do."""
        focused = QApplication.focusWidget()
        if focused is not None and focused is not self and self.isAncestorOf(focused):
            return True
        if Qt.Key(event.key()) == Qt.Key.Key_Escape and self.is_zoomed:
            self.zoom_reset()
            return True
        return False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            number = self.pane_at(event.pos())
            if number < 0:
                return
            self._select(number)
            self.menu_wanted.emit(event.globalPos())
        else:
            self.ask_menu()

    def ask_menu(self) -> None:
        """Ask for the selected pane's menu, beside its middle."""
        pane = self._selected_pane()
        if pane is not None and pane.place is not None:
            self.menu_wanted.emit(self.mapToGlobal(pane.rect.center()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A pane is dragged by its picture or its strip."""
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if self._pressed_at is None or not held or self.is_panning:
            super().mouseMoveEvent(event)
            return
        point = event.position().toPoint()
        if (point - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            number, self._pressed_at = self.pane_at(self._pressed_at), None
            if number >= 0:
                drag_cameras(self, (self._panes[number].camera_id,))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        super().focusInEvent(event)
        self.touched.emit()
        self._frame_changed()
        accessible.tell(self, self._selected if self._panes else -1, QAccessible.Event.Focus)

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
