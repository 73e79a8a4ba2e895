"""Locks of footage, asked of the hub: what was asked, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from console.language import Catalogue
from console.model.commands import Answer, Command, LockFootage, Refused, UnlockFootage
from widgets.kit.permits import Stretch
from widgets.kit.pulse import Pulse

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort


class Locking(QObject):
    """One lock, or one taken away, at a time. `said` is what to say of it now. UI thread only.

    Signals:
        changed: `said` is another.
    """

    changed = Signal()

    def __init__(
        self, board: Board, port: DeskPort, pulse: Pulse, catalogue: Catalogue, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._port, self._catalogue = board, port, catalogue
        self._about: tuple[tuple[str, ...], Stretch] | str | None = None
        self._request_id = ""
        self.said = ""
        self.refused = False
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._forget)
        self._said_at_ns = 0

    def begin_lock(self, camera_ids: tuple[str, ...], stretch: Stretch) -> None:
        """The next reason is for keeping this."""
        self._about = camera_ids, stretch

    def begin_unlock(self, lock_id: str) -> None:
        """The next reason is for taking this lock away."""
        self._about = lock_id

    def send(self, reason: str) -> None:
        """Ask the hub."""
        about, self._about = self._about, None
        if about is None:
            return
        if isinstance(about, str):
            command: Command = UnlockFootage(lock_id=about, reason=reason)
        else:
            camera_ids, stretch = about
            command = LockFootage(
                camera_ids=camera_ids, from_ns=stretch.from_ns, to_ns=stretch.to_ns, reason=reason
            )
        self._request_id = self._port.request(command)
        self._say(self._catalogue.say("replay.lock.asked"), False)

    @Slot(object)
    def _answered(self, pairs: tuple[tuple[Command | None, Answer], ...]) -> None:
        for command, answer in pairs:
            if not self._request_id or answer.id != self._request_id:
                continue
            self._request_id = ""
            if isinstance(answer, Refused):
                self._say(self._catalogue.words(answer.reason), True)
            else:
                away = isinstance(command, UnlockFootage)
                self._say(self._catalogue.say("replay.lock.gone" if away else "replay.lock.kept"), False)

    def _say(self, text: str, refused: bool) -> None:
        self.said, self.refused = text, refused
        self._said_at_ns = self._board.clock.mono_ns()
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        """What was said is read after ten seconds; while an answer is waited for it stays."""
        if self.said and not self._request_id and self._board.clock.mono_ns() - self._said_at_ns > 10**10:
            self._say("", False)
