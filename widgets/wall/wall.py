"""The wall of an operator: a layout of panes under his hands, by mouse, by key, by drag and drop."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from console.desk.board import Board
from console.language import Catalogue
from widgets.kit.dragging import camera_ids_of
from widgets.kit.tokens import Tokens
from widgets.wall import shown as do
from widgets.wall.arrangement import beside
from widgets.wall.notice import Notice
from widgets.wall.numbers import CameraNumbers, Typed
from widgets.wall.pane import Engine
from widgets.wall.showing import ShowingSurface

STEPS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
OWN = (
    *STEPS, *ENTER, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Delete,
)  # fmt: skip
#: Cameras dropped so near the wall's edge are added to what is shown.
EDGE_PX = 14
#: The number that means the whole wall as the target of a drop.
EDGE = -2
NOWHERE = -1


class WallWidget(ShowingSurface):
    """A layout of panes, painted by one widget. UI thread only.

    Arrows, Home and End move the selection; digits select a place by its number, and with Enter they call the
    camera of that number into the place that was selected before. Enter alone makes the selected pane fill
    the wall and brings it back, as a double click does; Esc brings it back. Cameras that are dropped
    replace, a
    pane that is dropped on another exchanges with it, what is dropped on the wall's edge is added.

    Signals (besides those of `ShowingSurface`):
        cameras_offered(tuple, int): several cameras have the number that was typed; one is to be chosen for
        this
            place.
        resized: what lies over it must be laid anew.
    """

    cameras_offered = Signal(object, int)
    resized = Signal()

    def __init__(
        self, engine: Engine, catalogue: Catalogue, board: Board, tokens: Tokens,
        parent: QWidget | None = None, name: str = "wall",
    ) -> None:  # fmt: skip
        self._typed = Typed()
        self._numbers: CameraNumbers | None = None
        self._carried = NOWHERE
        self._drop_at = NOWHERE
        super().__init__(name, engine, catalogue, board, tokens, parent)
        self.notice = Notice(tokens, self)
        self.setAcceptDrops(True)

    def sizeHint(self) -> QSize:
        return QSize(1280, 760)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    # what can be done

    def larger(self) -> None:
        """Fewer, larger panes."""
        self.step_grid(-1)

    def smaller(self) -> None:
        """More, smaller panes."""
        self.step_grid(1)

    def bring(self, camera_ids: tuple[str, ...], place: int = NOWHERE) -> None:
        """Show these cameras: the first in this place (the selected one), the others around it."""
        place = self._at if place == NOWHERE else place
        known = tuple(one for one in camera_ids if one in self._board.profile.cameras)
        if len(known) == 1:
            self._put(place, known[0])
        elif known:
            if set(known) <= set(self._shown.slots):
                self.select_place(self._shown.slots.index(known[0]))
                return
            self.show_shown(do.brought(self._shown, place, known))

    def _put(self, place: int, camera_id: str) -> None:
        if place in self._shown.pinned:
            self._tell("", self._catalogue.say("wall.told.pinned", number=place + 1), wrong=True)
            return
        hot = self._shown.arrangement().hot
        if place in hot and camera_id in self._shown.slots:
            self.follow_camera(camera_id)  # it has a place of its own: the hot spot only looks at it
            return
        self._hot = tuple(one for one in self._hot if one != camera_id and place not in hot)
        self.show_shown(do.put(self._shown, place, camera_id))
        self.select_place(place)

    def remove_selected(self) -> None:
        """Take the camera out of the selected place."""
        if self._at in self._shown.pinned:
            self._tell("", self._catalogue.say("wall.told.pinned", number=self._at + 1), wrong=True)
        else:
            self._hot = tuple(one for one in self._hot if one != self.camera_of(self._at))
            self.show_shown(do.put(self._shown, self._at, ""))

    def pin_selected(self) -> None:
        """Pin the camera of the selected place, or let it go: no layout and no mode takes it away."""
        camera = self.camera_at(self._at)
        if not camera:
            self._tell("", self._catalogue.say("wall.told.nothing_here", number=self._at + 1), wrong=True)
            return
        shown = self._shown
        if self._at not in shown.pinned and shown.slots[self._at] != camera:
            shown = do.put(shown, self._at, camera)  # from a carousel or a hot spot: it stays from now on
        self.show_shown(do.toggled_pin(shown, self._at))
        self._reword()

    def carry(self) -> None:
        """Pick the selected pane up, or put it down: it exchanges places with what is there."""
        say = self._catalogue.say
        if self._carried == NOWHERE:
            camera = self.camera_at(self._at)
            if not camera or not self._shown.slots[self._at]:
                self._tell("", say("wall.told.nothing_here", number=self._at + 1), wrong=True)
                return
            self._carried = self._at
            self._tell(
                str(self._at + 1), say("wall.told.carried", name=self._captions.place(camera)), for_s=0
            )
            return
        carried, self._carried, target = self._carried, NOWHERE, self._at
        self.notice.clear()
        self.show_shown(do.swapped(self._shown, carried, target))
        self.select_place(target)

    def take_focus(self) -> None:
        """Give the wall the keyboard."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def tell(self, large: str, line: str, wrong: bool = False) -> None:
        """Say something over the wall for a moment."""
        self._tell(large, line, wrong=wrong)

    def _tell(self, large: str, line: str, for_s: float = 4.0, wrong: bool = False) -> None:
        self.notice.say(large, line, self.mono_ns(), for_s, wrong)

    # by key

    def event(self, event: QEvent) -> bool:
        # With the keyboard on the wall a digit is a pane or a camera, whatever act of another part has that
        # key: "2" must not hand an incident off.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            typed = bool(self._typed.number(self.mono_ns()))
            return typed or self._carried != NOWHERE or self._full or self.is_zoomed
        return event.modifiers() in PLAIN and (key in OWN or Qt.Key.Key_0 <= key <= Qt.Key.Key_9)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.touch()
        key = Qt.Key(event.key())
        plain = event.modifiers() in PLAIN
        shape = self._shown.arrangement()
        escape = key == Qt.Key.Key_Escape
        if (escape and self._gives_up()) or self.took_key(event) or (escape and self._comes_back()):
            return
        if key in STEPS and plain:
            self.select_place(beside(shape.places, self._at, *STEPS[key]))
        elif key in ENTER and plain:
            self._enter()
        elif key == Qt.Key.Key_Home:
            self.select_place(0)
        elif key == Qt.Key.Key_End:
            self.select_place(len(shape.places) - 1)
        elif key == Qt.Key.Key_Plus:
            self.larger()
        elif key == Qt.Key.Key_Minus:
            self.smaller()
        elif key == Qt.Key.Key_Delete:
            self.remove_selected()
        elif Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and plain:
            self._digit(chr(key))
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        number = self._typed.number(self.mono_ns())
        if number:
            self._call(number)
        elif self._carried != NOWHERE:
            self.carry()
        else:
            self.toggle_full()

    def _gives_up(self) -> bool:
        """Esc ends what is under way: a number that is typed, a pane that is carried. False for nothing."""
        if self._typed.number(self.mono_ns()):
            place = self._typed.started_at
            self._typed.forget()
            self.notice.clear()
            self.select_place(place)
        elif self._carried != NOWHERE:
            self._carried = NOWHERE
            self.notice.clear()
        else:
            return False
        return True

    def _comes_back(self) -> bool:
        """Esc brings all panes back. False when they are there."""
        was_full = self._full
        self.show_full(False)
        return was_full

    def _digit(self, digit: str) -> None:
        self._typed.digit(digit, self._at, self.mono_ns())
        place = self._typed.pane(len(self._cast))
        if place:
            self.select_place(place - 1)
        say = self._catalogue.say
        found = self._cameras_of(int(self._typed.text))
        if not found:
            line = say("wall.told.no_camera", number=self._typed.text)
        elif len(found) == 1:
            line = say(
                "wall.told.enter", name=self._captions.name(found[0]), number=self._typed.started_at + 1
            )
        else:
            line = say("wall.told.several", count=len(found), number=self._typed.started_at + 1)
        self._tell(self._typed.text, line)

    def _cameras_of(self, number: int) -> tuple[str, ...]:
        if self._numbers is None:
            self._numbers = CameraNumbers(self._board.profile.cameras)
        return self._numbers.find(number)

    def _call(self, number: int) -> None:
        """Bring the camera of this number into the place that was selected before it was typed."""
        found, place = self._cameras_of(number), self._typed.started_at
        self._typed.forget()
        self.select_place(place)
        if not found:
            line = self._catalogue.say("wall.told.no_camera", number=number)
            self._tell(str(number), line, wrong=True)
        elif len(found) == 1:
            self.notice.clear()
            self._put(place, found[0])
        else:
            self.notice.clear()
            self.cameras_offered.emit(found, place)

    @Slot()
    def tick(self) -> None:
        super().tick()
        self.notice.tick(self.mono_ns())

    def _marks(self, place: int) -> list[str]:
        if place == self._carried:
            return [self._catalogue.say("wall.place.carried")]
        return super()._marks(place)

    # by mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.touch()
        self.select_place(self.place_at(event.position().toPoint()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position().toPoint())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.select_place(place)
            self.toggle_full()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.notice.place()
        self.resized.emit()

    # by drag and drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if camera_ids_of(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._aim(self._target(event.position().toPoint()))
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._aim(NOWHERE)

    def dropEvent(self, event: QDropEvent) -> None:
        target = self._target(event.position().toPoint())
        self._aim(NOWHERE)
        known = tuple(one for one in camera_ids_of(event.mimeData()) if one in self._board.profile.cameras)
        if not known or target == NOWHERE:
            return
        event.acceptProposedAction()
        moved = known[0] in self._shown.slots and len(known) == 1
        if target == EDGE and not moved:
            self.show_shown(do.added(self._shown, known))
        elif moved and target >= 0:
            self.show_shown(do.swapped(self._shown, self._shown.slots.index(known[0]), target))
            self.select_place(target)
        elif target >= 0:
            self.bring(known, target)
        self.take_focus()

    def _target(self, point: QPoint) -> int:
        if not self.rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX).contains(point):
            return EDGE
        return self.place_at(point)

    def _aim(self, target: int) -> None:
        if target != self._drop_at:
            self._drop_at = target
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._drop_at == NOWHERE:
            return
        rect = self.rect()
        if self._drop_at >= 0 and not self._full:
            at = self.place_rects()[self._drop_at]
            rect = QRect(at.x, at.y, at.width, at.height)
        colour = self._tokens.mark("focus")
        with QPainter(self) as painter:
            for inset in range(4):
                painter.setPen(colour)
                painter.drawRect(rect.adjusted(inset, inset, -inset - 1, -inset - 1))
