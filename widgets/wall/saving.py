"""Saving, renaming and deleting layouts: commands to the hub, and what becomes of them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.language import Catalogue
from console.model.commands import Accepted, Answer, Command, DeleteLayout, SaveLayout
from console.model.layout import WallLayout
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.wall import shown as do
from widgets.wall.layoutbook import LayoutBook
from widgets.wall.naming import NamingPanel
from widgets.wall.wall import WallWidget

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

UNDO_FOR_NS = 60_000_000_000


class LayoutSaving(QObject):
    """Of one wall. Nothing is in force before the hub has it. UI thread only.

    Signals:
        saved(WallLayout): the hub accepted it.
        changed: there is something, or no longer something, to undo.
    """

    saved = Signal(object)
    changed = Signal()

    def __init__(
        self, wall: WallWidget, book: LayoutBook, board: Board, pulse: Pulse, port: DeskPort,
        catalogue: Catalogue, tokens: Tokens, over: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(over)
        self._wall, self._book, self._board = wall, book, board
        self._port, self._catalogue = port, catalogue
        self._asked: dict[str, WallLayout] = {}
        self._renamed = ""
        self.deleted: WallLayout | None = None
        """What was deleted last, for a minute."""
        self._deleted_ns = 0
        self.naming = NamingPanel(catalogue, tokens, over)
        self.naming.named.connect(self._named)
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._each_second)

    def save(self) -> None:
        """Save the wall as the layout it was taken from; one that came from none is asked for its name."""
        shown = self._wall.shown
        kept = self._book.get(shown.layout_id)
        if kept is None:
            self.save_as()
        elif do.differs(shown, kept.layout):
            self._send(do.as_layout(shown, kept.layout.id, kept.layout.name, kept.layout.number))

    def save_as(self) -> None:
        """Ask for a name and a number, then save the wall as a new layout."""
        self._renamed = ""
        self.naming.ask(self._catalogue.say("wall.layouts.save_as"), "", self._book.free_number())

    def rename(self, layout_id: str) -> None:
        """Ask for another name and number of a layout."""
        kept = self._book.get(layout_id)
        if kept is not None:
            self._renamed = layout_id
            title = self._catalogue.say("wall.layouts.rename")
            self.naming.ask(title, kept.layout.name, kept.layout.number)

    def delete(self, layout_id: str) -> None:
        """Delete a layout for all desks; what a wall shows stays. A city's own comes back as it was
        shipped."""
        kept = self._book.get(layout_id)
        if kept is None:
            return
        if not kept.saved:
            line = self._catalogue.say("wall.layouts.of_city", name=kept.layout.name)
            self._wall.tell("", line, wrong=True)
            return
        self.deleted, self._deleted_ns = kept.layout, self._board.clock.mono_ns()
        self._port.request(DeleteLayout(layout_id=layout_id))
        self.changed.emit()

    def undo_delete(self) -> None:
        """Bring back what was deleted last, with its number if that is still free."""
        layout, self.deleted = self.deleted, None
        if layout is not None:
            taken = self._book.numbered(layout.number)
            if taken is not None and taken.id != layout.id:
                layout = msgspec.structs.replace(layout, number=0)
            self._send(layout)
        self.changed.emit()

    @Slot(str, int)
    def _named(self, name: str, number: int) -> None:
        taken = self._book.numbered(number)
        if taken is not None and taken.id != self._renamed:
            line = self._catalogue.say("wall.layouts.taken", number=number, name=taken.name)
            self._wall.tell(str(number), line, wrong=True)
            return
        kept = self._book.get(self._renamed)
        if kept is not None:
            self._send(msgspec.structs.replace(kept.layout, name=name, number=number))
        else:
            self._send(do.as_layout(self._wall.shown, f"layout-{uuid.uuid4().hex[:12]}", name, number))

    def _send(self, layout: WallLayout) -> None:
        self._asked[self._port.request(SaveLayout(layout=layout))] = layout

    @Slot(object)
    def _answered(self, pairs: tuple[tuple[Command | None, Answer], ...]) -> None:
        for _, answer in pairs:
            layout = self._asked.pop(answer.id, None)
            if layout is None:
                continue
            if isinstance(answer, Accepted):
                self.saved.emit(layout)
            else:
                self._wall.tell("", self._catalogue.words(answer.reason), wrong=True)

    @Slot()
    def _each_second(self) -> None:
        if self.deleted is not None and self._board.clock.mono_ns() - self._deleted_ns > UNDO_FOR_NS:
            self.deleted = None
            self.changed.emit()
