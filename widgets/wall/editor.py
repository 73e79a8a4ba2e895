"""Editing a wall's places over the running pictures: split, merge, move edges and cameras; by mouse and by
key."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from console.language import Catalogue
from console.profile.shapes import FREE
from widgets.kit.labels import ElidedLabel, style
from widgets.kit.tokens import Tokens
from widgets.wall import cutting
from widgets.wall import shown as do
from widgets.wall.arrangement import beside
from widgets.wall.cutting import SNAP, UNITS, Cuts
from widgets.wall.shown import Shown
from widgets.wall.wall import STEPS, WallWidget

EDGE_PX = 6
MOST_STEPS_BACK = 100


class LayoutEditor(QWidget):
    """Lies over a wall while its places are edited. Every step shows at once; Esc takes all of them back,
    Enter keeps them. Nothing is saved by this. UI thread only.

    Signals:
        finished(bool): editing has ended; whether the changes were kept.
    """

    finished = Signal(bool)

    def __init__(self, wall: WallWidget, catalogue: Catalogue, tokens: Tokens) -> None:
        super().__init__(wall)
        self._wall, self._catalogue, self._tokens = wall, catalogue, tokens
        self._before: list[Shown] = []
        self._edge: tuple[int, bool] | None = None
        self._moving = -1
        self.setObjectName("layout-editor")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.tools = QWidget(self)
        self.tools.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        style(self.tools, role="header")
        both = QVBoxLayout(self.tools)
        both.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(2), tokens.space(1))
        both.setSpacing(tokens.space(1))
        row = QHBoxLayout()
        row.setSpacing(tokens.space(1))
        self.hint = ElidedLabel(self.tools, size="small")
        self.buttons: dict[str, QPushButton] = {}
        for name, call in (
            ("columns", self.split_columns), ("rows", self.split_rows), ("merge", self.merge_any),
            ("back", self.step_back), ("done", self.keep), ("give_up", self.give_up),
        ):  # fmt: skip
            button = self.buttons[name] = QPushButton(self.tools)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(call)
            row.addWidget(button)
        row.addStretch(1)
        both.addWidget(self.hint)
        both.addLayout(row)
        self.hide()

    def begin(self) -> None:
        """Edit what the wall shows now."""
        self._wall.show_full(False)
        self._before = [self._wall.shown]
        self.reword()
        self.setGeometry(self._wall.rect())
        self._place_tools()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def reword(self) -> None:
        """The words in the present language."""
        say = self._catalogue.say
        for name, button in self.buttons.items():
            button.setText(say(f"wall.edit.{name}"))
            button.setAccessibleName(say(f"wall.edit.{name}"))
        self.hint.setText(say("wall.edit.hint"))
        self.setAccessibleName(say("wall.edit.title"))
        self.setAccessibleDescription(say("wall.edit.hint"))

    def resize_to_wall(self) -> None:
        """The wall has another size."""
        self.setGeometry(self._wall.rect())
        self._place_tools()

    def _place_tools(self) -> None:
        high = self.tools.sizeHint().height()
        self.tools.setGeometry(0, self.height() - high, self.width(), high)

    # steps

    def _cuts(self) -> Cuts:
        return cutting.cuts_of(self._wall.shown.arrangement().places)

    def _take(self, cuts: Cuts | None, gone: tuple[int, ...] = ()) -> bool:
        """Show these cuts; cameras of places that went wait for room."""
        shown = self._wall.shown
        if cuts is None or cuts == self._cuts():
            if cuts is None:
                self._wall.tell("", self._catalogue.say("wall.edit.cannot"), wrong=True)
            return False
        count = len(shown.arrangement().places)
        here = [one for number, one in enumerate(shown.slots[:count]) if number not in gone]
        spare = [one for number, one in enumerate(shown.slots) if one and (number in gone or number >= count)]
        while len(here) < len(cuts):
            here.append(spare.pop(0) if spare else "")
        index = {old: new for new, old in enumerate(n for n in range(count) if n not in gone)}
        pinned = tuple(index[one] for one in shown.pinned if one in index)
        self._before = [*self._before[-MOST_STEPS_BACK:], shown] if self._before else [shown]
        self._wall.show_shown(
            msgspec.structs.replace(
                shown, shape=FREE, places=cutting.places_of(cuts), slots=(*here, *spare), pinned=pinned
            )
        )
        self.update()
        return True

    @Slot()
    def split_columns(self) -> None:
        """The selected place becomes two, side by side."""
        self._take(cutting.split(self._cuts(), self._wall.selected_place, True))

    @Slot()
    def split_rows(self) -> None:
        """The selected place becomes two, one over the other."""
        self._take(cutting.split(self._cuts(), self._wall.selected_place, False))

    def merge(self, step_x: int, step_y: int) -> None:
        """The selected place takes in what lies on that side."""
        found = cutting.merge(self._cuts(), self._wall.selected_place, step_x, step_y)
        self._merged(found)

    @Slot()
    def merge_any(self) -> None:
        """The selected place takes in what lies beside it, where that makes a rectangle: right, below,
        left, above."""
        tried = (cutting.merge(self._cuts(), self._wall.selected_place, *step) for step in
                 ((1, 0), (0, 1), (-1, 0), (0, -1)))  # fmt: skip
        self._merged(next((one for one in tried if one is not None), None))

    def _merged(self, found: tuple[Cuts, tuple[int, ...]] | None) -> None:
        at = self._wall.selected_place
        if found is None:
            self._take(None)
        elif self._take(*found):
            self._wall.select_place(at - sum(1 for one in found[1] if one < at))

    def move_edge(self, upright: bool, by: int) -> None:
        """Move the right or bottom edge of the selected place by steps; at the wall's edge, the other one."""
        cuts, at = self._cuts(), self._wall.selected_place
        here = cuts[at]
        line = here.right if upright else here.bottom
        if line >= UNITS:
            start = here.x if upright else here.y
            other = next((n for n, one in enumerate(cuts) if (one.right if upright else one.bottom) == start
                          and _overlaps(one, here, upright)), -1)  # fmt: skip
            if other < 0:
                return
            at, line = other, start
        self._take(cutting.move_edge(cuts, at, upright, line + by * SNAP))

    @Slot()
    def step_back(self) -> None:
        """Take the last step back."""
        if len(self._before) > 1:
            self._wall.show_shown(self._before.pop())
            self.update()

    @Slot()
    def keep(self) -> None:
        """End, with the changes."""
        self._end(True)

    @Slot()
    def give_up(self) -> None:
        """End, without the changes."""
        self._wall.show_shown(self._before[0])
        self._end(False)

    def _end(self, kept: bool) -> None:
        self._before = []
        self.hide()
        self._wall.take_focus()
        self.finished.emit(kept)

    # by key

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # C is "split" here, not an act of another part
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key in STEPS:
            step = STEPS[key]
            if modifiers & Qt.KeyboardModifier.ControlModifier:
                self.merge(*step)
            elif modifiers & Qt.KeyboardModifier.ShiftModifier:
                self.move_edge(step[0] != 0, step[0] or step[1])
            else:
                places = self._wall.shown.arrangement().places
                self._wall.select_place(beside(places, self._wall.selected_place, *step))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        elif key == Qt.Key.Key_Escape:
            self.give_up()
        elif key == Qt.Key.Key_C:
            self.split_columns()
        elif key == Qt.Key.Key_R:
            self.split_rows()
        elif key == Qt.Key.Key_X:
            self._wall.carry()
        elif key == Qt.Key.Key_Z and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.step_back()
        self.update()

    # by mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        self._edge = self._edge_at(at)
        if self._edge is None:
            self._moving = self._wall.place_at(at)
            self._wall.select_place(self._moving)
        else:
            self._before = [*self._before, self._wall.shown]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._edge is not None:
            number, upright = self._edge
            to = self._unit(at)[0 if upright else 1]
            cuts = cutting.move_edge(self._cuts(), number, upright, to)
            if cuts != self._cuts():
                shown = self._wall.shown
                self._wall.show_shown(
                    msgspec.structs.replace(shown, shape=FREE, places=cutting.places_of(cuts))
                )
                self.update()
            return
        edge = self._edge_at(at)
        shapes = Qt.CursorShape
        self.setCursor(
            shapes.ArrowCursor if edge is None else shapes.SplitHCursor if edge[1] else shapes.SplitVCursor
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        edge, self._edge = self._edge, None
        if edge is not None:
            if self._before and self._before[-1] == self._wall.shown and len(self._before) > 1:
                self._before.pop()
            return
        moving, self._moving = self._moving, -1
        target = self._wall.place_at(event.position().toPoint())
        if moving >= 0 and target >= 0 and target != moving:
            self._before = [*self._before, self._wall.shown]
            self._wall.show_shown(do.swapped(self._wall.shown, moving, target))
            self._wall.select_place(target)
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self._wall.selected_place
        rect = self._wall.place_rects()[at]
        (self.split_columns if rect.width >= rect.height else self.split_rows)()

    def _unit(self, at: QPoint) -> tuple[int, int]:
        return at.x() * UNITS // max(1, self.width()), at.y() * UNITS // max(1, self.height())

    def _edge_at(self, at: QPoint) -> tuple[int, bool] | None:
        within = EDGE_PX * UNITS // max(1, self.width()), EDGE_PX * UNITS // max(1, self.height())
        return cutting.edge_at(self._cuts(), *self._unit(at), *within)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens
        with QPainter(self) as painter:
            for number, place in enumerate(self._wall.place_rects()):
                rect = QRect(place.x, place.y, place.width, place.height)
                selected = number == self._wall.selected_place
                painter.setPen(tokens.mark("focus"))
                for inset in range(3 if selected else 1):
                    painter.drawRect(rect.adjusted(inset, inset, -inset - 1, -inset - 1))
                painter.setFont(tokens.font("huge", bold=True))
                box = painter.fontMetrics().boundingRect(str(number + 1)).adjusted(-8, -4, 8, 4)
                box.moveCenter(rect.center())
                painter.fillRect(box, tokens.ground("bg2"))
                painter.setPen(tokens.ink("text"))
                painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(number + 1))


def _overlaps(one: cutting.Cut, other: cutting.Cut, upright: bool) -> bool:
    if upright:
        return one.y < other.bottom and one.bottom > other.y
    return one.x < other.right and one.right > other.x
