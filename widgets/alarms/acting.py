"""Acts on their way to the hub: which alarms wait for one, what the newest came to. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.clock import SECOND_NS
from console.desk.board import Board
from console.language import Catalogue
from console.model.base import Words
from console.model.commands import (
    AcknowledgeAlarms,
    Answer,
    Command,
    RemoveAlarms,
    ResetAlarms,
    ReturnAlarms,
    ShelveAlarms,
    UnshelveAlarms,
)
from console.model.commands import Refused as RefusedAnswer
from widgets.kit.moments import Moments

LATE_NS = 5 * SECOND_NS


def command_of(act: str, alarm_ids: tuple[str, ...], seconds: int = 0, reason: str = "") -> Command:
    """The order for an act of `permitted.ACTS`. Raises KeyError for another."""
    if act in ("acknowledge", "group"):
        return AcknowledgeAlarms(alarm_ids=alarm_ids)
    if act == "shelve":
        return ShelveAlarms(alarm_ids=alarm_ids, for_s=seconds, reason=reason)
    if act == "unshelve":
        return UnshelveAlarms(alarm_ids=alarm_ids, reason=reason)
    if act == "remove":
        return RemoveAlarms(alarm_ids=alarm_ids, reason=reason)
    if act == "return":
        return ReturnAlarms(alarm_ids=alarm_ids, reason=reason)
    return {"reset": ResetAlarms}[act](alarm_ids=alarm_ids)


@dataclass(slots=True)
class _Asked:
    act: str
    alarm_ids: tuple[str, ...]
    asked_ns: int
    accepted_seq: int = -1


class Acting:
    """An act is pending until its answer is here and its events are in the board's state. UI thread."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._asked: dict[str, _Asked] = {}
        self._last: tuple[str, int, int, Words | None] | None = None

    def asked(self, request_id: str, act: str, alarm_ids: tuple[str, ...]) -> None:
        """This act is on its way."""
        self._asked[request_id] = _Asked(act, alarm_ids, self._board.clock.mono_ns())

    def pending(self) -> frozenset[str]:
        """The alarms that an act is on its way for."""
        return frozenset(alarm_id for one in self._asked.values() for alarm_id in one.alarm_ids)

    def answered(self, pairs: Iterable[tuple[Command | None, Answer]]) -> None:
        """Take the answers of a pulse; those to others' requests are not ours."""
        for _, answer in pairs:
            one = self._asked.get(answer.id)
            if one is None:
                continue
            if isinstance(answer, RefusedAnswer):
                del self._asked[answer.id]
                self._tell(one, answer.reason)
            else:
                one.accepted_seq = answer.seq
        self.settle()

    def settle(self) -> None:
        """Finish what was accepted and has arrived."""
        for request_id, one in tuple(self._asked.items()):
            if 0 <= one.accepted_seq <= self._board.state.seq:
                del self._asked[request_id]
                self._tell(one, None)

    def words(self, catalogue: Catalogue, moments: Moments) -> tuple[str, bool]:
        """(one line about the newest act, whether it is bad news); "" where nothing was asked."""
        say = catalogue.say
        if self._asked:
            one = next(reversed(self._asked.values()))
            act = say(f"alarms.did.{one.act}", count=len(one.alarm_ids))
            waited_ns = self._board.clock.mono_ns() - one.asked_ns
            if waited_ns > LATE_NS:
                return say("alarms.told.late", act=act, age=moments.span(waited_ns / SECOND_NS)), True
            return say("alarms.told.waiting", act=act), False
        if self._last is None:
            return "", False
        name, count, at_ns, refused = self._last
        act = say(f"alarms.did.{name}", count=count)
        if refused is not None:
            return say("alarms.told.refused", act=act, reason=catalogue.words(refused)), True
        return say("alarms.told.done", act=act, clock=moments.clock(at_ns)), False

    def _tell(self, one: _Asked, refused: Words | None) -> None:
        self._last = (one.act, len(one.alarm_ids), self._board.clock.now_ns(), refused)
