"""Which cameras partners look at now, by shares of them."""

from __future__ import annotations

from console.desk.board import Board


class OutsideViews:
    """Reads the board."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._found: dict[str, str] = {}

    def read(self) -> set[str]:
        """Look at the board again; returns the cameras whose viewers changed."""
        viewers: dict[str, dict[str, None]] = {}
        for view in self._board.state.viewing.values():
            viewers.setdefault(view.camera_id, {})[view.recipient] = None
        found = {camera: ", ".join(who) for camera, who in viewers.items()}
        changed = {
            one for one in found.keys() | self._found.keys() if found.get(one) != self._found.get(one)
        }
        self._found = found
        return changed

    def of(self, camera_id: str) -> str:
        """Who looks at a camera, as the share names them; "" for nobody."""
        return self._found.get(camera_id, "")
