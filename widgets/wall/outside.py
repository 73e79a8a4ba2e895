"""Which cameras partners look at now, by shares of them."""

from __future__ import annotations

from console.desk.board import Board


class OutsideViews:
    """Reads the board."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._found: dict[str, tuple[str, ...]] = {}

    def read(self) -> set[str]:
        """Look at the board again; returns the cameras whose viewers changed."""
        viewers: dict[str, dict[str, None]] = {}
        state = self._board.state
        for view in state.viewing.values():
            share = state.shares.get(view.share_id)
            who = share.agency if share is not None else view.recipient
            viewers.setdefault(view.camera_id, {})[who] = None
        found = {camera: tuple(who) for camera, who in viewers.items()}
        changed = {
            one for one in found.keys() | self._found.keys() if found.get(one) != self._found.get(one)
        }
        self._found = found
        return changed

    def of(self, camera_id: str) -> tuple[str, ...]:
        """The agencies that look at a camera, as the city or the share names them."""
        return self._found.get(camera_id, ())
