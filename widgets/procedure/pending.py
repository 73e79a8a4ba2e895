"""Orders about procedures on their way to the hub, by the step or the question they are about. Qt-free."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from console.desk.board import Board
from console.model.base import Words
from console.model.commands import Accepted, Answer, Command, Refused


@dataclass(slots=True)
class _Asked:
    incident_id: str
    about: object
    seq: int = 0


class PendingOrders:
    """Pending until the answer is here and, when accepted, its entries are in the board's state."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._asked: dict[str, _Asked] = {}
        self.refused: dict[tuple[str, object], Words] = {}
        """Why the last order about this was not done."""

    def asked(self, request_id: str, incident_id: str, about: object) -> None:
        """An order is on its way."""
        self._asked[request_id] = _Asked(incident_id, about)
        self.refused.pop((incident_id, about), None)

    def busy(self, incident_id: str, about: object) -> bool:
        """Whether one about this is on its way."""
        return any(one.incident_id == incident_id and one.about == about for one in self._asked.values())

    def answered(self, pairs: Iterable[tuple[Command | None, Answer]]) -> tuple[tuple[str, object], ...]:
        """Take the answers of a pulse; returns (incident, what about) of those that were accepted."""
        accepted = []
        for _, answer in pairs:
            one = self._asked.get(answer.id)
            if one is None:
                continue
            if isinstance(answer, Refused):
                del self._asked[answer.id]
                self.refused[one.incident_id, one.about] = answer.reason
            elif isinstance(answer, Accepted):
                one.seq = answer.seq
                accepted.append((one.incident_id, one.about))
                if not answer.seq:  # it was so already
                    del self._asked[answer.id]
        self.settle()
        return tuple(accepted)

    def settle(self) -> None:
        """Finish what was accepted and has arrived."""
        for request_id, one in tuple(self._asked.items()):
            if one.seq and one.seq <= self._board.state.seq:
                del self._asked[request_id]
