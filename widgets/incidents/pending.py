"""Acts on their way to the hub: asked, done, refused. Qt-free; pulls from the board's answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.clock import SECOND_NS
from console.desk.board import Board
from console.language import Catalogue
from console.model.base import Words
from console.model.commands import Accepted, Answer, Command, Refused
from widgets.kit.moments import Moments

LATE_NS = 5 * SECOND_NS


@dataclass(slots=True)
class _Asked:
    name: str
    act: str
    incident_id: str
    asked_ns: int
    accepted_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the last act came to: the catalogue's key of the act, which incident, when, and why not."""

    act: str
    incident_id: str
    at_ns: int
    refused: Words | None


class PendingActs:
    """An act is pending until its answer is here and, when accepted, its event is in the board's state."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._asked: dict[str, _Asked] = {}
        self.last: Told | None = None

    def asked(self, request_id: str, name: str, act: str, incident_id: str) -> None:
        """The act `name` ("hand_off.KR-112"), in words the catalogue's key `act`, is on its way."""
        self._asked[request_id] = _Asked(name, act, incident_id, self._board.clock.mono_ns())

    def of(self, incident_id: str) -> frozenset[str]:
        """The names of the acts on this incident that are on their way."""
        return frozenset(one.name for one in self._asked.values() if one.incident_id == incident_id)

    def answered(self, pairs: Iterable[tuple[Command | None, Answer]]) -> None:
        """Take the answers of a pulse; those to others' requests are not ours."""
        for _, answer in pairs:
            one = self._asked.get(answer.id)
            if one is None:
                continue
            if isinstance(answer, Refused):
                del self._asked[answer.id]
                self._tell(one, answer.reason)
            elif isinstance(answer, Accepted):
                one.accepted_seq = answer.seq
        self.settle()

    def settle(self) -> None:
        """Finish what was accepted and has arrived."""
        for request_id, one in tuple(self._asked.items()):
            if one.accepted_seq is not None and one.accepted_seq <= self._board.state.seq:
                del self._asked[request_id]
                self._tell(one, None)

    def words(self, catalogue: Catalogue, moments: Moments, shown: str = "") -> tuple[str, bool]:
        """(one line about the newest act, whether it is bad news); "" where nothing was asked. What was done
        is said only while the incident it was done to is `shown`; what failed is said anyway.
        """
        say = catalogue.say
        if self._asked:
            one = next(reversed(self._asked.values()))
            waited_ns = self._board.clock.mono_ns() - one.asked_ns
            if waited_ns > LATE_NS:
                age = moments.span(waited_ns / SECOND_NS)
                return say("incidents.pending.late", act=say(one.act), age=age), True
            return say("incidents.pending.waiting", act=say(one.act)), False
        if self.last is None:
            return "", False
        if self.last.refused is not None:
            return (
                say(
                    "incidents.pending.refused", act=say(self.last.act), incident=self.last.incident_id,
                    reason=catalogue.words(self.last.refused),
                ),
                True,
            )  # fmt: skip
        if shown != self.last.incident_id:
            return "", False
        clock = moments.clock(self.last.at_ns)
        return say("incidents.pending.done", act=say(self.last.act), clock=clock), False

    def _tell(self, one: _Asked, refused: Words | None) -> None:
        self.last = Told(one.act, one.incident_id, self._board.clock.now_ns(), refused)
