"""The acts of walls: registered once, done by the wall whose window is active."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from console.model.base import same_words
from widgets.kit.actions import Actions
from widgets.wall.deck import WallDeck

GROUP = "wall.title"
#: Keys the wall hears itself, as they stand in the list of keys: text, keys.
OWN_KEYS = (
    ("wall.key.move", "wall.key.arrows"), ("wall.key.ends", "Home, End"), ("wall.key.pane",
    "wall.key.digits"), ("wall.key.camera", "wall.key.number_enter"), ("wall.key.fill", "Enter"),
    ("wall.key.back", "Esc"),
    ("wall.key.size", "+, -"), ("wall.key.remove", "Del"), ("wall.key.layout", "Ctrl+1 … Ctrl+9"),
)  # fmt: skip
#: Act, key, what the deck does.
ACTS: tuple[tuple[str, str, Callable[[WallDeck], None]], ...] = (
    ("full", "F", lambda deck: deck.wall.toggle_full()),
    ("focus", "F2", lambda deck: deck.wall.take_focus()),
    ("layouts", "W", lambda deck: deck.choose_layout()),
    ("save", "Ctrl+S", lambda deck: deck.save()),
    ("save_as", "Ctrl+Shift+S", lambda deck: deck.save_as()),
    ("undo", "Ctrl+Z", lambda deck: deck.undo_delete()),
    ("shape", "S", lambda deck: deck.choose_shape()),
    ("edit", "E", lambda deck: deck.edit()),
    ("larger", "Ctrl+=", lambda deck: deck.wall.larger()),
    ("smaller", "Ctrl+-", lambda deck: deck.wall.smaller()),
    ("pin", "P", lambda deck: deck.wall.pin_selected()),
    ("carry", "X", lambda deck: deck.wall.carry()),
    ("carousel", "O", lambda deck: deck.pause_carousel()),
)


class WallActs(QObject):
    """Knows all decks of this desk; the acts are done by the one in the active window, else by the first."""

    def __init__(self, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._actions = actions
        self._decks: list[WallDeck] = []

    def add(self, deck: WallDeck) -> None:
        """One more wall. The first one is the desk's main wall."""
        self._decks.append(deck)
        deck.reword()

    def remove(self, deck: WallDeck) -> None:
        self._decks.remove(deck)

    def decks(self) -> tuple[WallDeck, ...]:
        return tuple(one for one in self._decks if isValid(one))

    def current(self) -> WallDeck:
        """The deck of the active window; the main one where another window is active."""
        decks = self.decks()
        return next((one for one in decks if one.isActiveWindow() and one.isVisible()), decks[0])

    def bring(self, camera_ids: tuple[str, ...]) -> None:
        """Show these cameras on the wall that is worked at."""
        self.current().wall.bring(camera_ids)

    def take_turns(self, camera_ids: tuple[str, ...], dwell_s: float) -> None:
        """Let these cameras take turns on the wall that is worked at; none ends that."""
        self.current().set_carousel(camera_ids, dwell_s)

    def follow_camera(self, camera_id: str) -> None:
        """Let the hot spots of all walls show this camera."""
        for deck in self.decks():
            deck.wall.follow_camera(camera_id)

    def register(self, owner: QWidget) -> None:
        """Put what walls can do into the book of acts."""
        for act_id, key, call in ACTS:
            self._actions.add(
                f"wall.{act_id}", f"wall.act.{act_id}", key, partial(self._do, call), owner=owner, group=GROUP
            )
        for number in range(1, 10):
            self._actions.add(
                f"wall.layout_{number}", "wall.act.layout", f"Ctrl+{number}", partial(self._show_number,
                number), owner=owner, group=GROUP, fields={"number": same_words(str(number))}, listed=False,
            )  # fmt: skip
        for text, keys in OWN_KEYS:
            self._actions.tell_keys(GROUP, text, keys)

    def _do(self, call: Callable[[WallDeck], None]) -> None:
        call(self.current())

    def _show_number(self, number: int) -> None:
        self.current().show_number(number)
