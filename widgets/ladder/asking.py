"""Orders about hand-offs on their way to the hub, and what is done when they are on record. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.base import Words
from console.model.commands import Accepted, Answer, Command, Refused
from widgets.kit.moments import Moments

LATE_NS = 5 * SECOND_NS
"""An order without an answer for so long is told to be late (as for the acts on an incident)."""
Then = Callable[[Words | None], object]


@dataclass(slots=True)
class _Asked:
    act: str
    asked_ns: int
    then: Then | None
    accepted_seq: int | None = None


class Asking:
    """An order is pending until its answer is here and, when accepted, its event is in the board's state."""

    def __init__(self, board: Board, port: DeskPort) -> None:
        self._board, self._port = board, port
        self._asked: dict[str, _Asked] = {}
        self._last: tuple[str, int, Words | None] | None = None

    def ask(self, command: Command, act: str, then: Then | None = None) -> None:
        """Order it. `act` is a key of its words; `then` is called once with None when it is on record and
        folded here, or with the reason it was refused for."""
        request_id = self._port.request(command)
        self._asked[request_id] = _Asked(act, self._board.clock.mono_ns(), then)

    @property
    def pending(self) -> frozenset[str]:
        """The acts on their way."""
        return frozenset(one.act for one in self._asked.values())

    def answered(self, pairs: Iterable[tuple[Command | None, Answer]]) -> None:
        """Take the answers of a pulse; those to others' requests are not ours."""
        for _, answer in pairs:
            one = self._asked.get(answer.id)
            if one is None:
                continue
            if isinstance(answer, Refused):
                self._finish(answer.id, answer.reason)
            elif isinstance(answer, Accepted):
                one.accepted_seq = answer.seq
        self.settle()

    def settle(self) -> None:
        """Finish what was accepted and has arrived."""
        for request_id, one in tuple(self._asked.items()):
            if one.accepted_seq is not None and one.accepted_seq <= self._board.state.seq:
                self._finish(request_id, None)

    def words(self, catalogue: Catalogue, moments: Moments) -> tuple[str, bool]:
        """(one line about the newest order, whether it is bad news); "" where there is nothing to say: what
        was done is seen on the ladder itself."""
        say = catalogue.say
        if self._asked:
            one = next(reversed(self._asked.values()))
            waited_ns = self._board.clock.mono_ns() - one.asked_ns
            if waited_ns > LATE_NS:
                age = moments.span(waited_ns / SECOND_NS)
                return say("ladder.told.late", act=say(one.act), age=age), True
            return say("ladder.told.waiting", act=say(one.act)), False
        if self._last is not None and self._last[2] is not None:
            act, _, reason = self._last
            return say("ladder.told.refused", act=say(act), reason=catalogue.words(reason)), True
        return "", False

    def forget(self) -> None:
        """What was refused has been read, or belongs to another incident."""
        self._last = None

    def _finish(self, request_id: str, refused: Words | None) -> None:
        one = self._asked.pop(request_id)
        self._last = (one.act, self._board.clock.now_ns(), refused)
        if one.then is not None:
            one.then(refused)
