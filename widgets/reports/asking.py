"""What was asked of the hub about a report, and what came of it: one line for the page. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable

from console.clock import SECOND_NS
from console.desk.board import Board
from console.language import Catalogue
from console.model.base import Words
from console.model.commands import Accepted, Answer, Command, Refused

LATE_NS = 5 * SECOND_NS


class Asked:
    """An act is pending until its answer is here and, when accepted, its entry is in the board's state."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._pending: dict[str, tuple[str, str, int]] = {}
        self._accepted: dict[str, int] = {}
        self._last: tuple[str, str, Words | None] | None = None

    def asked(self, request_id: str, act: str, report_id: str) -> None:
        """`act` is the catalogue's key of what was asked."""
        self._pending[request_id] = (act, report_id, self._board.clock.mono_ns())
        self._last = None

    def answered(self, pairs: Iterable[tuple[Command | None, Answer]]) -> bool:
        """Take a pulse's answers; whether one was refused."""
        refused = False
        for _, answer in pairs:
            if answer.id not in self._pending:
                continue
            if isinstance(answer, Accepted):
                self._accepted[answer.id] = answer.seq
            elif isinstance(answer, Refused):
                act, report_id, _ = self._pending.pop(answer.id)
                self._last = (act, report_id, answer.reason)
                refused = True
        self.settle()
        return refused

    def settle(self) -> None:
        """Finish what was accepted and has arrived."""
        for request_id, seq in tuple(self._accepted.items()):
            if seq <= self._board.state.seq and request_id in self._pending:
                act, report_id, _ = self._pending.pop(request_id)
                del self._accepted[request_id]
                self._last = (act, report_id, None)

    def is_pending(self, report_id: str) -> bool:
        """Whether something about this report is on its way."""
        return any(one == report_id for _, one, _ in self._pending.values())

    def words(self, catalogue: Catalogue) -> tuple[str, bool]:
        """(the line, whether it is bad news); "" where nothing was asked."""
        say = catalogue.say
        if self._pending:
            act, report_id, asked_ns = next(reversed(self._pending.values()))
            late = self._board.clock.mono_ns() - asked_ns > LATE_NS
            key = "reports.asked.late" if late else "reports.asked.pending"
            return say(key, act=say(act), report=report_id), late
        if self._last is None:
            return "", False
        act, report_id, reason = self._last
        if reason is not None:
            return catalogue.words(reason), True
        return say("reports.asked.done", act=say(act), report=report_id), False
