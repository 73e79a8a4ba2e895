"""A wall with its line of layouts: chooses, saves, renames and deletes layouts that all desks share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.layout import WallLayout
from console.profile.shapes import FREE, drawn_shapes, grid_shape
from widgets.kit.actions import Actions
from widgets.kit.choosing import Choice, Chooser
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.wall import shown as do
from widgets.wall.bar import LayoutBar
from widgets.wall.editor import LayoutEditor
from widgets.wall.layoutbook import LayoutBook
from widgets.wall.saving import LayoutSaving
from widgets.wall.shown import Shown
from widgets.wall.wall import WallWidget

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

GRIDS = ((1, 1), (2, 1), (2, 2), (3, 2), (3, 3), (4, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8))


class WallDeck(QWidget):
    """One wall and its bar. The layouts themselves are the hub's: what is saved here is shown everywhere
    once the hub has it. UI thread only.

    Signals:
        kept_changed: what is to be remembered of this wall is another (`kept`).
    """

    kept_changed = Signal()

    def __init__(
        self, wall: WallWidget, board: Board, pulse: Pulse, port: DeskPort, actions: Actions,
        catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName(f"{wall.objectName()}-deck")
        self.wall = wall
        self._board, self._catalogue = board, catalogue
        self.book = LayoutBook(board, catalogue)
        self._taken: WallLayout | None = None
        self._before_mode: str | None = None
        self._mode = ""
        self._offered_place = 0
        self.bar = LayoutBar(tokens, self)
        self.bar.serve(actions)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(wall, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(wall)
        self.layouts = Chooser(tokens, self, "layout-chooser")
        self.shapes = Chooser(tokens, self, "shape-chooser")
        self.cameras = Chooser(tokens, self, "camera-chooser")
        self.saving = LayoutSaving(wall, self.book, board, pulse, port, catalogue, tokens, self)
        self.naming = self.saving.naming
        self.editor = LayoutEditor(wall, catalogue, tokens)
        self.rename_button, self.delete_button = QPushButton(self.layouts), QPushButton(self.layouts)
        for button in (self.rename_button, self.delete_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.layouts.extra.addWidget(button)
        self.layouts.extra.addStretch(1)
        self.bar.name.clicked.connect(self.choose_layout)
        self.bar.save.clicked.connect(self.save)
        self.bar.shape.clicked.connect(self.choose_shape)
        self.bar.edit.clicked.connect(self.edit)
        self.bar.carousel.clicked.connect(self.pause_carousel)
        self.bar.undo.clicked.connect(self.undo_delete)
        self.layouts.chosen.connect(self.show_named)
        self.layouts.key_pressed.connect(self._list_key)
        self.rename_button.clicked.connect(self._rename_current)
        self.delete_button.clicked.connect(self._delete_current)
        self.shapes.chosen.connect(self._take_shape)
        self.cameras.chosen.connect(self._take_camera)
        self.saving.saved.connect(self._saved)
        self.saving.changed.connect(self.reword)
        wall.cameras_offered.connect(self.offer_cameras)
        wall.shown_changed.connect(self._wall_changed)
        wall.resized.connect(self._wall_resized)
        pulse.incidents_changed.connect(self.look)
        self._forget_words = follow(catalogue, self.reword)

    # which layout is shown

    @property
    def layout_id(self) -> str:
        """The layout the wall was taken from; empty for none."""
        return self.wall.shown.layout_id

    @property
    def is_changed(self) -> bool:
        """Whether the wall differs from the layout it was taken from."""
        kept = self.book.get(self.layout_id)
        return kept is not None and do.differs(self.wall.shown, kept.layout)

    @Slot(str)
    def show_named(self, layout_id: str) -> None:
        """Show a layout by its id; nothing happens for an unknown one."""
        kept = self.book.get(layout_id)
        if kept is not None:
            self._taken = kept.layout
            self.wall.show_layout(kept.layout)
            self.wall.take_focus()
            self.reword()

    def show_number(self, number: int) -> None:
        """Show the layout this number calls, or say that there is none."""
        layout = self.book.numbered(number)
        if layout is None:
            self.wall.tell(
                str(number), self._catalogue.say("wall.layouts.no_such", number=number), wrong=True
            )
            return
        self.show_named(layout.id)
        self.wall.tell(str(number), layout.name)

    @Slot()
    def choose_layout(self) -> None:
        """Offer all layouts by number and name."""
        say = self._catalogue.say
        choices = [
            Choice(kept.layout.id, kept.layout.number, kept.layout.name, self._detail(kept.layout),
                   kept.layout.id == self.layout_id)
            for kept in self.book.all()
        ]  # fmt: skip
        self.rename_button.setText(say("wall.layouts.rename_key"))
        self.delete_button.setText(say("wall.layouts.delete_key"))
        self.layouts.offer(
            say("wall.layouts.title"), say("wall.layouts.find"), say("wall.layouts.hint"), choices
        )

    def _detail(self, layout: WallLayout) -> str:
        shape = do.of_layout(layout).arrangement()
        say = self._catalogue.say
        name = say("wall.layouts.free") if layout.shape == FREE else self._catalogue.words(shape.name)
        if layout.carousel:
            name += " · " + say("wall.layouts.going", count=len(layout.carousel), s=f"{layout.dwell_s:g}")
        return name

    # by city mode

    def follow_mode(self, mode: str, layout_id: str) -> None:
        """The city went into a mode in which this wall shows this layout (empty: keeps its own). What it
        showed is kept, with all changes, and comes back when the mode ends. Nothing is asked: nothing is
        lost."""
        if mode == self._mode:
            return
        was, self._mode = self._before_mode, mode
        if not mode or not layout_id:
            self._before_mode = None
            if was is not None:
                self._restore(was)
        else:
            if was is None:
                self._before_mode = msgspec.json.encode(self.wall.shown).decode()
            self.show_named(layout_id)
        self.reword()
        self.kept_changed.emit()

    def _restore(self, text: str) -> None:
        before = msgspec.json.decode(text, type=Shown)
        self.wall.show_shown(do.carried(self.wall.shown, before))
        kept = self.book.get(before.layout_id)
        self._taken = kept.layout if kept is not None else None

    # saving

    @Slot()
    def save(self) -> None:
        """Save the wall as the layout it was taken from; one that came from none is asked for its name."""
        self.saving.save()

    @Slot()
    def save_as(self) -> None:
        """Ask for a name and a number, then save the wall as a new layout."""
        self.saving.save_as()

    def delete(self, layout_id: str) -> None:
        """Delete a layout for all desks; what a wall shows stays."""
        self.saving.delete(layout_id)

    @Slot()
    def undo_delete(self) -> None:
        """Bring back what was deleted last."""
        self.saving.undo_delete()

    @Slot(object)
    def _saved(self, layout: WallLayout) -> None:
        """The hub has it: the wall is this layout from now on, unless it was changed meanwhile."""
        if not do.differs(self.wall.shown, layout) and self.layout_id != layout.id:
            self._taken = layout
            self.wall.show_shown(msgspec.structs.replace(self.wall.shown, layout_id=layout.id))
        self.reword()

    @Slot()
    def look(self) -> None:
        """Look at the board again: a layout that another desk changed is shown here too, unless this wall was
        changed by hand."""
        kept = self.book.get(self.layout_id)
        if kept is not None and self._taken is not None and kept.layout != self._taken:
            if not do.differs(self.wall.shown, self._taken):
                self.wall.show_layout(kept.layout)
            self._taken = kept.layout
        mode = self._board.state.mode
        if mode != self._mode and self.follows_mode:
            told = self._board.profile.modes.get(mode)
            self.follow_mode(mode, told.walls.get(self._board.desk, "") if told is not None else "")
        self.reword()

    follows_mode = False
    """Whether the city's mode decides what this wall shows: the main wall of a desk."""

    # shapes, cameras, carousel

    @Slot()
    def choose_shape(self) -> None:
        """Offer the shapes."""
        say = self._catalogue.say
        shapes = [grid_shape(*side) for side in GRIDS] + list(drawn_shapes().values())
        choices = [
            Choice(one.id, number, self._catalogue.words(one.name), say("wall.layouts.panes",
            count=len(one.places)),
                   one.id == self.wall.shown.shape)
            for number, one in enumerate(shapes, 1)
        ]  # fmt: skip
        self.shapes.offer(
            say("wall.act.shape"), say("wall.layouts.find"), say("wall.layouts.choose"), choices
        )

    @Slot(str)
    def _take_shape(self, shape_id: str) -> None:
        self.wall.set_shape(shape_id)
        self.wall.take_focus()

    @Slot()
    def edit(self) -> None:
        """Edit the wall's places; where they are edited already, end that and keep the changes."""
        if self.editor.isVisible():
            self.editor.keep()
        else:
            self.editor.begin()

    @Slot(object, int)
    def offer_cameras(self, camera_ids: tuple[str, ...], place: int) -> None:
        """Several cameras have the number that was typed."""
        say, profile = self._catalogue.say, self._board.profile
        self._offered_place = place
        choices = [
            Choice(one, number, self._catalogue.words(profile.devices[one].name), self._where(one))
            for number, one in enumerate(camera_ids, 1)
        ]  # fmt: skip
        title = say("wall.layouts.which_camera", number=place + 1)
        self.cameras.offer(title, say("wall.layouts.find"), say("wall.layouts.choose"), choices)

    def _where(self, camera_id: str) -> str:
        place = self._board.profile.devices[camera_id].place.name
        return f"{self._catalogue.words(place)} · {camera_id}"

    @Slot(str)
    def _take_camera(self, camera_id: str) -> None:
        self.wall.bring((camera_id,), self._offered_place)
        self.wall.take_focus()

    @Slot()
    def pause_carousel(self) -> None:
        """Let the carousel wait, or go on."""
        self.wall.pause_carousel(not self.wall.carousel_paused)
        key = "wall.told.paused" if self.wall.carousel_paused else "wall.told.going"
        self.wall.tell("", self._catalogue.say(key))

    def set_carousel(self, camera_ids: tuple[str, ...], dwell_s: float) -> None:
        """Let these cameras go through the places without a camera. Where there is none, one is made; none
        ends it."""
        shown = self.wall.shown
        shown = msgspec.structs.replace(
            shown, carousel=tuple(dict.fromkeys(camera_ids)), dwell_s=dwell_s if camera_ids else 0.0
        )
        if camera_ids and not do.free_places(shown):
            room = next((n for n in reversed(range(self.wall.place_count)) if n not in shown.pinned), -1)
            shown = do.put(shown, room, "")
        self.wall.pause_carousel(False)
        self.wall.show_shown(shown)

    # what is remembered

    def kept(self) -> str:
        """What this wall shows, as text, to be given to `bring_back` after a restart."""
        return msgspec.json.encode(
            {"shown": self.wall.shown, "before_mode": self._before_mode, "mode": self._mode}
        ).decode()

    def bring_back(self, text: str) -> bool:
        """Show what was remembered; False, and nothing changes, where it cannot be read. Cameras the city
        no longer has leave their place empty."""
        try:
            tree = msgspec.json.decode(text, type=_Kept)
        except msgspec.DecodeError:
            return False
        known = self._board.profile.cameras
        slots = tuple(one if one in known else "" for one in tree.shown.slots)
        carousel = tuple(one for one in tree.shown.carousel if one in known)
        self._before_mode, self._mode = tree.before_mode, tree.mode
        self.wall.show_shown(msgspec.structs.replace(tree.shown, slots=slots, carousel=carousel))
        kept = self.book.get(self.layout_id)
        self._taken = kept.layout if kept is not None else None
        self.reword()
        return True

    @Slot()
    def _wall_resized(self) -> None:
        if self.editor.isVisible():
            self.editor.resize_to_wall()

    # words

    @Slot()
    def _wall_changed(self) -> None:
        self.reword()
        self.kept_changed.emit()

    @Slot()
    def reword(self) -> None:
        """Say again what is shown."""
        say, bar = self._catalogue.say, self.bar
        kept = self.book.get(self.layout_id)
        if kept is None:
            shape = self.wall.shown.arrangement()
            text = say("wall.layouts.unnamed", shape=self._shape_words(shape.id))
        else:
            number = f"{kept.layout.number} " if kept.layout.number else ""
            text = f"{number}{kept.layout.name}"
        bar.reword()
        self.setAccessibleName(say("wall.title"))
        bar.name.setText(f"{text}  [W]")
        bar.name.setToolTip(say("wall.act.layouts"))
        bar.name.setAccessibleName(say("wall.layouts.shown", name=text))
        changed = self.is_changed
        bar.changed.setText(say("wall.layouts.changed") if changed else "")
        bar.changed.setVisible(changed)
        bar.save.setEnabled(changed or kept is None)
        bar.carousel.setVisible(bool(self.wall.shown.carousel))
        bar.carousel.setCheckable(True)
        bar.carousel.setChecked(self.wall.carousel_paused)
        deleted = self.saving.deleted
        bar.undo.setVisible(deleted is not None)
        mode = self._board.profile.modes.get(self._mode)
        notes = []
        if deleted is not None:
            notes.append(say("wall.layouts.deleted", name=deleted.name))
        if mode is not None and self._before_mode is not None:
            notes.append(say("wall.layouts.by_mode", mode=self._catalogue.words(mode.name)))
        bar.note.setText(" · ".join(notes))

    def _shape_words(self, shape_id: str) -> str:
        if shape_id == FREE:
            return self._catalogue.say("wall.layouts.free")
        return self._catalogue.words(self.wall.shown.arrangement().name)

    @Slot(int, str)
    def _list_key(self, key: int, layout_id: str) -> None:
        if key == Qt.Key.Key_F2:
            self._rename_current()
        elif key == Qt.Key.Key_Delete:
            self._delete_current()

    @Slot()
    def _rename_current(self) -> None:
        layout_id = self.layouts.current_id
        self.layouts.close_panel()
        self.saving.rename(layout_id)

    @Slot()
    def _delete_current(self) -> None:
        layout_id = self.layouts.current_id
        self.layouts.close_panel()
        self.delete(layout_id)

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        self.wall.release()


class _Kept(msgspec.Struct):
    shown: Shown
    before_mode: str | None = None
    mode: str = ""
