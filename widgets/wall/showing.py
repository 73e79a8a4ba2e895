"""A surface in the shape of a layout: places with and without cameras, hot spots, a carousel, one pane
full."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Signal, Slot
from PySide6.QtGui import QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.layout import PanePlace, WallLayout
from console.profile.shapes import GRID, grid_shape
from widgets.kit.tokens import Tokens
from widgets.wall import shown as do
from widgets.wall.arrangement import laid, next_grid
from widgets.wall.carousel import Carousel
from widgets.wall.emptyplace import paint_empty
from widgets.wall.layout import MOST_SIDE, Place, grid, side_for
from widgets.wall.pane import Engine, Kept, Pane
from widgets.wall.selecting import SelectingSurface
from widgets.wall.shown import Shown
from widgets.wall.surface import STATE_EVERY_TICKS

#: A carousel waits at a pane so long after a hand was on it.
HAND_NS = 10_000_000_000
MOST_HOT = 4


class ShowingSurface(SelectingSurface):
    """Shows a `Shown`. One place is selected, with a camera or without. UI thread only.

    Signals (besides those of `PaneSurface`):
        shown_changed: another shape, another camera in a place, a pin, a carousel.
        full_changed(str): the camera that fills the wall, or empty.
    """

    shown_changed = Signal()
    full_changed = Signal(str)

    def __init__(
        self, name: str, engine: Engine, catalogue: Catalogue, board: Board, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self.mono_ns: Callable[[], int] = time.monotonic_ns
        self._shown = do.filled(Shown())
        self._cast: tuple[str, ...] = self._shown.slots
        self._at = 0
        self._full = False
        self._hot: tuple[str, ...] = ()
        self._carousel = Carousel()
        self._hand_ns = 0
        self._cursor_at: tuple[QPoint, int] = (QPoint(), 0)
        self._empty_images: dict[int, Kept] = {}
        super().__init__(name, engine, catalogue, board, tokens, parent)

    # what is shown

    @property
    def shown(self) -> Shown:
        """What is meant for each place."""
        return self._shown

    @property
    def place_count(self) -> int:
        return len(self._cast)

    @property
    def selected_place(self) -> int:
        """The number of the selected place, from 0."""
        return self._at

    @property
    def full_camera(self) -> str:
        """The camera that fills the wall; empty when all panes are shown."""
        return self.selected_camera if self._full else ""

    @property
    def grid_side(self) -> tuple[int, int]:
        """Columns and rows of a plain grid; of another shape those of the grid that has room for as many."""
        found = GRID.fullmatch(self._shown.shape)
        side = side_for(len(self._cast))
        return (int(found[1]), int(found[2])) if found is not None else (side, side)

    def camera_at(self, place: int) -> str:
        """The camera that is seen in a place now; empty for none."""
        return self._cast[place] if 0 <= place < len(self._cast) else ""

    def camera_of(self, place: int) -> str:
        """The camera of a place, be it seen there or, for a while, in a hot spot; empty for none."""
        here = self.camera_at(place)
        meant = self._shown.slots[place] if 0 <= place < len(self._shown.slots) else ""
        return here or (meant if meant in self._cast else "")

    def show_shown(self, shown: Shown) -> None:
        """Show this from now on. The same camera is not opened again; new ones are asked for."""
        shown = do.filled(shown)
        if shown == self._shown:
            return
        before, self._shown = self._shown, shown
        meant = before.slots[self._at] if self._at < len(before.slots) else ""
        if meant and meant in shown.slots:
            self._at = shown.slots.index(meant)  # a camera that moved takes the selection along
        self._recast()
        self.shown_changed.emit()

    def show_layout(self, layout: WallLayout) -> None:
        """Show a saved layout. What the operator pinned stays."""
        self._hot = ()
        self.show_shown(do.carried(self._shown, do.of_layout(layout)))

    def set_layout(self, camera_ids: tuple[str, ...]) -> None:
        """Show these cameras, in a grid at least as large as they need. At most 64; the first ones are
        taken."""
        ids = tuple(dict.fromkeys(camera_ids))[: MOST_SIDE * MOST_SIDE]
        columns, rows = self.grid_side
        if len(ids) > columns * rows:
            columns = rows = side_for(len(ids))
        self.show_shown(Shown(shape=f"{columns}x{rows}", slots=ids))

    def set_grid(self, columns: int, rows: int | None = None) -> None:
        """Show columns x rows panes (1 to 8 each). Raises ValueError outside."""
        shape = grid_shape(columns, columns if rows is None else rows)
        self.set_shape(shape.id)

    def set_shape(self, shape_id: str, places: tuple[PanePlace, ...] = ()) -> None:
        """The same cameras in another shape."""
        if (shape_id, places) != (self._shown.shape, self._shown.places):
            self.show_shown(do.reshaped(self._shown, shape_id, places))

    def step_grid(self, step: int) -> None:
        """More (1) or fewer (-1) panes."""
        shape = next_grid(self._shown.arrangement(), step)
        if shape is not None:
            self.set_shape(shape.id)

    def follow_camera(self, camera_id: str) -> None:
        """Let the hot spot show this camera; nothing happens on a wall without one."""
        if camera_id and self._shown.arrangement().hot and self._hot[:1] != (camera_id,):
            self._hot = (camera_id, *(one for one in self._hot if one != camera_id))[:MOST_HOT]
            self._recast()

    def _recast(self) -> None:
        """Work out what is where now, and ask for what is new."""
        shape = self._shown.arrangement()
        self._at = min(self._at, len(shape.places) - 1)
        cast = do.cast(self._shown, self._hot, {})
        self._carousel.start(
            self._shown.carousel, self._shown.dwell_s, do.free_places(self._shown), cast, self.mono_ns()
        )
        self._cast = do.cast(self._shown, self._hot, self._carousel.now)
        seen = [one for one in self._cast if one]
        waiting = [one for one in self._shown.slots[len(shape.places) :] if one]
        ids = tuple(dict.fromkeys((*seen, *waiting, *self._carousel.ahead.values())))
        full = self._full
        if full and not self.camera_of(self._at):
            self._full = False
        super().set_layout(ids)
        if full != self._full:
            self.full_changed.emit("")

    def _keep_selected(self, camera_ids: tuple[str, ...], selected: str) -> int:
        # The place stays selected, whatever camera is in it now.
        camera = self.camera_of(self._at)
        return camera_ids.index(camera) if camera in camera_ids else -1

    # where

    def place_rects(self) -> list[Place]:
        """All places of the shape, whatever fills the wall."""
        strip = self._tokens.size("strip")
        return laid(self._shown.arrangement().places, self.width(), self.height(), strip)

    def places(self) -> list[Place | None]:
        if self._full and self.selected_camera:
            whole = grid(self.width(), self.height(), 1, 1, self._tokens.size("strip"))[0]
            return [whole if pane.camera_id == self.selected_camera else None for pane in self._panes]
        of_camera = {
            camera: rect for camera, rect in zip(self._cast, self.place_rects(), strict=True) if camera
        }
        return [of_camera.get(pane.camera_id) for pane in self._panes]

    def arrange(self) -> None:
        rects = self.place_rects()
        ahead = {camera: rects[place] for place, camera in self._carousel.ahead.items() if place < len(rects)}
        for pane in self._panes:
            pane.ahead = ahead.get(pane.camera_id)
        super().arrange()

    def place_at(self, point: QPoint) -> int:
        """The number of the place under a point; -1 for none."""
        if self._full:
            return self._at if self.rect().contains(point) else -1
        for number, place in enumerate(self.place_rects()):
            if QRect(place.x, place.y, place.width, place.height).contains(point):
                return number
        return -1

    # which is selected

    def select(self, camera_id: str) -> None:
        if camera_id in self._cast:
            self.select_place(self._cast.index(camera_id))

    def _select(self, number: int) -> None:
        if 0 <= number < len(self._panes):
            self.select(self._panes[number].camera_id)

    def select_place(self, place: int) -> None:
        """Select a place by its number, from 0. A hot spot shows its camera from now on."""
        if place == self._at or not 0 <= place < len(self._cast):
            return
        before = self._selected_pane()
        self._update_place(self._at)
        self._at = place
        self._selected = self._pane_number(self.camera_of(place))
        self._update_place(place)
        for pane in (before, self._selected_pane()):
            if pane is not None:
                self._tell_importance(pane)
        self._tell_selected()
        hot = self._shown.arrangement().hot
        if hot and place not in hot and self.camera_of(place):
            self.follow_camera(self.camera_of(place))
        if self._full:
            if not self.selected_camera:
                self._full = False
            self.arrange()
            self.full_changed.emit(self.full_camera)

    def _pane_number(self, camera_id: str) -> int:
        return next((n for n, pane in enumerate(self._panes) if pane.camera_id == camera_id), -1)

    def _update_place(self, place: int) -> None:
        rects = self.place_rects()
        if 0 <= place < len(rects):
            at = rects[place]
            self._repaint(QRect(at.x, at.y, at.width, at.height))

    def _frame_changed(self) -> None:
        self._update_place(self._at)
        super()._frame_changed()

    def show_full(self, full: bool) -> None:
        """Let the selected pane fill the wall, or not. An empty place does not."""
        full = full and bool(self.selected_camera)
        if full != self._full:
            self._full = full
            self.arrange()
            self.full_changed.emit(self.full_camera)

    def toggle_full(self) -> None:
        """Let the selected pane fill the wall, or bring all panes back."""
        self.show_full(not self._full)

    def _tell_selected_words(self) -> None:
        if self._selected_pane() is not None or not self._cast:
            super()._tell_selected_words()
            return
        say = self._catalogue.say
        text = say(
            "wall.place.said", title=say(self._title), number=self._at + 1, what=self._empty_words(self._at)
        )
        if text != self.accessibleName():
            self.setAccessibleName(text)
            self.setAccessibleDescription("")

    # the pulse

    @Slot()
    def tick(self) -> None:
        super().tick()
        if self._tick % STATE_EVERY_TICKS == 0 and self._shown.carousel and self.isVisible():
            self._go_round(self.mono_ns())

    def touch(self) -> None:
        """A hand is on the selected pane: a carousel waits there."""
        self._hand_ns = self.mono_ns()

    def pause_carousel(self, paused: bool) -> None:
        """Let the carousel wait, or go on."""
        self._carousel.paused = paused
        self._reword()
        self.shown_changed.emit()

    @property
    def carousel_paused(self) -> bool:
        return self._carousel.paused

    def _go_round(self, now_ns: int) -> None:
        cast = do.cast(self._shown, self._hot, {})
        under = self._place_under_hand(now_ns)
        touched = self._at if self.hasFocus() and self._hand_ns and now_ns - self._hand_ns < HAND_NS else -1
        def is_held(place: int) -> bool:
            replayed = self.playback_of(self.camera_at(place)) is not None
            return self._full or replayed or place in (under, touched)

        changed = self._carousel.step(
            now_ns,
            cast,
            is_held,
            self._is_ready,
            self._is_answered,
        )
        if changed:
            self._recast()

    def _place_under_hand(self, now_ns: int) -> int:
        """The place under the mouse, while the mouse moves now and then."""
        at, since_ns = self._cursor_at
        here = QCursor.pos()
        if here != at:
            since_ns = now_ns
            self._cursor_at = here, now_ns
        if not self.underMouse() or now_ns - since_ns >= HAND_NS:
            return -1
        return self.place_at(self.mapFromGlobal(here))

    def _is_ready(self, camera_id: str) -> bool:
        pane = self._of_camera.get(camera_id)
        return pane is not None and pane.permit == "allowed" and self._engine.counter(pane.key)[1] > 0

    def _is_answered(self, camera_id: str) -> bool:
        pane = self._of_camera.get(camera_id)
        return pane is not None and pane.permit != "waiting"

    # words and painting

    def _number(self, pane: Pane) -> str:
        if pane.camera_id not in self._cast:
            return ""
        place = self._cast.index(pane.camera_id)
        marks = [str(place + 1), *self._marks(place)]
        return " · ".join(marks)

    def _marks(self, place: int) -> list[str]:
        """What is to be known about a place besides its number."""
        say = self._catalogue.say
        if place in self._shown.pinned:
            return [say("wall.place.pinned")]
        if place in self._shown.arrangement().hot and self._hot:
            return [say("wall.place.hot")]
        turn = self._carousel.said(place)
        if turn is not None and not self._shown.slots[place]:
            at, of, waits = turn
            return [say("wall.carousel.waits" if waits else "wall.carousel.goes", at=at, of=of)]
        return []

    def _empty_words(self, place: int) -> str:
        """What an empty place says: nothing is meant for it, or its camera is shown elsewhere."""
        meant = self._shown.slots[place] if place < len(self._shown.slots) else ""
        if meant and meant in self._cast:
            return self._catalogue.say(
                "wall.place.elsewhere", name=self._captions.place(meant), number=self._cast.index(meant) + 1
            )
        hot = place in self._shown.arrangement().hot
        return self._catalogue.say("wall.place.hot_empty" if hot else "wall.place.empty")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._full:
            return
        empty = [number for number, camera in enumerate(self._cast) if not camera]
        if empty:
            rects = self.place_rects()
            with QPainter(self) as painter:
                for number in empty:
                    place = rects[number]
                    rect = QRect(place.x, place.y, place.width, place.height)
                    if rect.intersects(event.rect()):
                        self._paint_empty(painter, number, place, rect)

    def _paint_empty(self, painter: QPainter, number: int, place: Place, rect: QRect) -> None:
        words = self._empty_words(number)

        def paint(still: QPainter) -> None:
            paint_empty(still, place, str(number + 1), words, self._tokens)

        self._empty_images.setdefault(number, Kept()).show(
            painter, rect, (number, words, self._tokens.theme), paint
        )
        if number == self._at:
            self._painter.frame(painter, place, self.hasFocus())
