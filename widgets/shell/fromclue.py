"""From what an incident is made of to where it came from: picture, alarm, report, request, place."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from console.model.alarm import alarm_of
from console.model.base import Position
from console.model.casework import Clue


class FromClue(QObject):
    """Shows a page of the lower area, or a camera on the wall. Held by the seat."""

    def __init__(
        self, show_page: Callable[[str], QWidget], bring: Callable[[tuple[str, ...]], object],
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._show_page, self._bring = weakref.WeakMethod(show_page), bring

    @Slot(object)
    def open(self, clue: Clue) -> None:
        """Where this came from; what has no page of its own is a place on the map."""
        if clue.camera_id:
            self._bring((clue.camera_id,))
        elif clue.source == "report":
            self._page("reports").show_report(clue.uid)
        elif clue.source == "alarm" and self._page("alarms").choose(alarm_of(clue.uid)):
            return
        elif clue.source in ("warning", "request"):
            self._page({"warning": "warnings", "request": "shares"}[clue.source])
        else:
            self._page("map").go_to(clue.device_id or Position(lat=clue.lat, lon=clue.lon))

    def _page(self, name: str) -> Any:
        show_page = self._show_page()
        assert show_page is not None, "the window outlives its acts"
        return show_page(name)
