"""From a pane to the export page: a still of what it shows, or a clip around it."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from console.clock import SECOND_NS
from console.desk.board import Board
from widgets.kit.actions import Actions

BEFORE_NS, AFTER_NS = 30 * SECOND_NS, 30 * SECOND_NS
"""A clip from a pane: so much before what it shows, and so much after as there is already."""


class Picked(Protocol):
    """Where the operator's hand is on the panes."""

    @property
    def camera_id(self) -> str: ...


class PaneExport(QObject):
    """Adds evidence.snapshot and evidence.export; both fill the page, which asks for the reason."""

    def __init__(
        self, show_page: Callable[[str], QWidget], picked: Picked, shown_at: Callable[[str], int],
        board: Board, actions: Actions, owner: QWidget, parent: QObject,
    ) -> None:  # fmt: skip
        """`shown_at` is the wall time (ns) of the recorded picture a camera's pane shows, 0 for live."""
        super().__init__(parent)
        self._show_page, self._picked = weakref.WeakMethod(show_page), weakref.ref(picked)
        self._shown_at, self._board = shown_at, board
        for name, key, handler in (
            ("snapshot", "Ctrl+Shift+P", self.snapshot), ("export", "Ctrl+Shift+E", self.export),
        ):  # fmt: skip
            actions.add(
                f"evidence.{name}", f"evidence.act.{name}", key, handler, owner=owner, group="evidence.group"
            )

    @Slot()
    def snapshot(self) -> None:
        """The picture that is shown now."""
        camera_id = self._camera()
        if camera_id:
            at_ns = self._shown_at(camera_id) or self._board.clock.now_ns()
            self._page().prefill((camera_id,), at_ns, at_ns, "snapshot")

    @Slot()
    def export(self) -> None:
        """The half minute before and after it."""
        camera_id = self._camera()
        if camera_id:
            now_ns = self._board.clock.now_ns()
            at_ns = self._shown_at(camera_id) or now_ns
            self._page().prefill((camera_id,), at_ns - BEFORE_NS, min(now_ns, at_ns + AFTER_NS))

    @Slot(object, object, object)
    def stretch(self, camera_ids: tuple[str, ...], from_ns: int, to_ns: int) -> None:
        """The stretch that was chosen on the replay page."""
        self._page().prefill(camera_ids, from_ns, to_ns)

    def _camera(self) -> str:
        picked = self._picked()
        return picked.camera_id if picked is not None else ""

    def _page(self) -> Any:
        # Not by its type: the page is loaded when it is first shown.
        show_page = self._show_page()
        assert show_page is not None, "the window outlives its acts"
        return show_page("export")
