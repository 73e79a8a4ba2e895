"""The city's mode (night, flood, festival): shown in the status bar, chosen by key, put into force by the
hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from console.language import Catalogue
from console.model.commands import SetCityMode
from widgets.kit.actions import Actions
from widgets.kit.choosing import Choice, Chooser
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

NORMAL = "-"
"""The normal mode's id in the list; on the record it is empty."""


class ModeChooser(QObject):
    """The act and its list. What was chosen is in force once the hub has it on record, on all desks."""

    def __init__(
        self, board: Board, port: DeskPort, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        over: QWidget, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._catalogue = board, port, catalogue
        self.panel = Chooser(tokens, over, "mode-chooser")
        self.panel.chosen.connect(self._take)
        if board.profile.modes:
            actions.add("shell.mode", "shell.act.mode", "Ctrl+M", self.choose, group="shell.group")

    @Slot()
    def choose(self) -> None:
        """Offer the modes."""
        say, now = self._catalogue.say, self._board.state.mode
        choices = [Choice(NORMAL, 0, say("report.mode.normal"), say("shell.mode.normal"), not now)]
        for number, mode in enumerate(self._board.profile.modes.values(), 1):
            detail = say("shell.mode.walls", count=len(mode.walls))
            choices.append(Choice(mode.id, number, self._catalogue.words(mode.name), detail, mode.id == now))
        self.panel.offer(say("shell.mode.title"), say("shell.mode.find"), say("shell.mode.hint"), choices)

    @Slot(str)
    def _take(self, mode: str) -> None:
        wanted = "" if mode == NORMAL else mode
        if wanted != self._board.state.mode:
            self._port.request(SetCityMode(mode=wanted))
