"""Hiding parts of a picture and lifting what hides them: the acts, and what goes to the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from console.language import Catalogue
from console.model.commands import Accepted, Answer, Command, LiftMasks, SetMasks
from widgets.kit.actions import Actions
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.wall.bounds import pane_bounds
from widgets.wall.maskeditor import LiftBar, MaskEditor
from widgets.wall.masks import Masks
from widgets.wall.paneacts import PaneActs
from widgets.wall.selecting import SelectingSurface

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

#: A surface smaller than this has no room to draw in: the whole window has.
LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 700, 400


class MaskActs(QObject):
    """Opens the editor or the bar for the pane the operator's hand is on; one at a time. UI thread only.

    Everybody may add a zone; to change, delete or lift one, it takes a supervisor's desk. The hub decides;
    here it is only not offered.
    """

    def __init__(
        self, acts: PaneActs, actions: Actions, owner: QWidget, board: Board, port: DeskPort, pulse: Pulse,
        catalogue: Catalogue, tokens: Tokens, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._acts, self._board, self._port = acts, board, port
        self._catalogue, self._tokens = catalogue, tokens
        self._masks = Masks(board)
        self._surface: SelectingSurface | None = None
        self._camera_id = ""
        self._asked = ""
        self.editor: MaskEditor | None = None
        self.bar: LiftBar | None = None
        group = "wall.group.pane"
        actions.add("wall.masks", "wall.act.masks", "K", self.edit, owner=owner, group=group)
        actions.add("wall.lift", "wall.act.lift", "Shift+K", self.lift, owner=owner, group=group,
                    enabled=self._masks.may_lift)  # fmt: skip
        acts.everywhere(("wall.masks", "wall.lift"))
        pulse.answered.connect(self._answered)
        pulse.ticked.connect(self._tick)
        self._forget_words = follow(catalogue, self._retext)

    @Slot()
    def edit(self) -> None:
        """Draw what is to be hidden of the pane's camera."""
        surface = self._begin()
        if surface is None:
            return
        host = self._host(surface)
        self.editor = MaskEditor(
            host, surface.name_of(self._camera_id), self._masks.zones(self._camera_id), self._masks.may_lift,
            self._paint, self._catalogue, self._tokens,
        )  # fmt: skip
        self.editor.saved.connect(self._save)
        self.editor.left.connect(self.close)
        surface.show_in(self._camera_id, host.size().toTuple())
        self.editor.open()

    @Slot()
    def lift(self) -> None:
        """Ask how long and why, or hide again what is lifted."""
        surface = self._begin()
        if surface is None or not self._masks.may_lift:
            return
        hidden = self._masks.of(self._camera_id)
        if hidden.lifted_s:
            self._ask(LiftMasks(camera_id=self._camera_id, for_s=0, reason=""))
            return
        name, minutes = surface.name_of(self._camera_id), pane_bounds().lift.minutes
        self.bar = LiftBar(self._host(surface), name, minutes, self._catalogue, self._tokens)
        self.bar.wanted.connect(self._lift)
        self.bar.left.connect(self.close)
        self.bar.open()
        if not hidden.count:
            self.bar.say_problem(self._catalogue.say("wall.mask.nothing"))
            self.bar.lift.setEnabled(False)

    @Slot()
    def close(self) -> None:
        """Close what is open; the surface has the keyboard again."""
        for part in (self.editor, self.bar):
            if part is not None:
                part.hide()
                part.deleteLater()
        self.editor = self.bar = None
        surface, self._surface = self._surface, None
        if surface is not None:
            surface.show_in(self._camera_id, None)
            surface.take_keyboard()

    def _begin(self) -> SelectingSurface | None:
        self.close()
        surface = self._acts.surface
        if surface is None or not surface.selected_camera or not self._masks.known:
            return None
        self._surface, self._camera_id = surface, surface.selected_camera
        return surface

    def _host(self, surface: SelectingSurface) -> QWidget:
        roomy = surface.width() >= LEAST_WIDTH_PX and surface.height() >= LEAST_HEIGHT_PX
        return surface if roomy else surface.window()

    def _paint(self, painter: QPainter, room: QRect) -> QRect:
        if self._surface is None:
            return QRect()
        return self._surface.paint_camera(self._camera_id, painter, room)

    def _ask(self, command: Command) -> None:
        self._asked = self._port.request(command)

    @Slot(object, str)
    def _save(self, zones: object, reason: str) -> None:
        self._ask(SetMasks(camera_id=self._camera_id, zones=zones, reason=reason))  # type: ignore[arg-type]
        if self.editor is not None:
            self.editor.wait()

    @Slot(int, str)
    def _lift(self, for_s: int, reason: str) -> None:
        self._ask(LiftMasks(camera_id=self._camera_id, for_s=for_s, reason=reason))

    @Slot(object)
    def _answered(self, pairs: tuple[tuple[Command | None, Answer], ...]) -> None:
        for _, answer in pairs:
            if not self._asked or answer.id != self._asked:
                continue
            self._asked = ""
            if isinstance(answer, Accepted):
                self.close()
            elif self.editor is not None:
                self.editor.say_problem(self._catalogue.words(answer.reason))
            elif self.bar is not None:
                self.bar.say_problem(self._catalogue.words(answer.reason))

    @Slot()
    def _tick(self) -> None:
        if self._surface is None:
            return
        if self._camera_id not in self._surface.camera_ids:
            self.close()
        elif self.editor is not None:
            self.editor.canvas.update()

    def _retext(self) -> None:
        for part in (self.editor, self.bar):
            if part is not None:
                part.retext()
