"""Which parts of a camera's picture are hidden on this desk now."""

from __future__ import annotations

from typing import NamedTuple

from console.clock import SECOND_NS
from console.desk.board import Board
from console.model.footage import MaskZone
from console.model.state import lift_key

SUPERVISOR = "supervisor"


class Hidden(NamedTuple):
    """`zones` are painted over; `lifted_s` counts down while they are not, although there are some."""

    zones: tuple[MaskZone, ...] = ()
    count: int = 0
    lifted_s: int = 0


class Masks:
    """Reads the board. Asked at each paint: what the record says now is what is hidden now."""

    def __init__(self, board: Board) -> None:
        self._board = board

    @property
    def known(self) -> bool:
        """Whether the city's state has come. Before that nobody knows what must be hidden: no picture may be
        shown."""
        return bool(self._board.state.run)

    @property
    def may_lift(self) -> bool:
        """Whether this is a supervisor's desk. The hub decides; this says what is worth offering."""
        desk = self._board.profile.desks.get(self._board.desk)
        return desk is not None and desk.role == SUPERVISOR

    def zones(self, camera_id: str) -> tuple[MaskZone, ...]:
        """All zones of a camera, hidden or not."""
        return self._board.state.masks.get(camera_id, ())

    def of(self, camera_id: str) -> Hidden:
        """What is hidden of a camera now."""
        state = self._board.state
        zones = state.masks.get(camera_id, ())
        if not zones:
            return NOTHING_HIDDEN
        until_ns = state.lifted_masks.get(lift_key(self._board.desk, camera_id), 0)
        left_ns = until_ns - self._board.clock.now_ns() if until_ns else 0
        if left_ns <= 0:
            return Hidden(zones, len(zones))
        return Hidden((), len(zones), -(-left_ns // SECOND_NS))


NOTHING_HIDDEN = Hidden()
