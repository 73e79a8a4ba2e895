"""From an alarm to where it can be seen: its place on the map, its curve. Held by the seat."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget


class FromAlarm(QObject):
    """Shows a page of the lower area and tells it what is wanted."""

    def __init__(self, show_page: Callable[[str], QWidget], parent: QObject) -> None:
        super().__init__(parent)
        self._show_page = weakref.WeakMethod(show_page)

    @Slot(str, object)
    def map(self, device_id: str, position: object) -> None:
        """The device on the map; the place where it is about more than one."""
        self._page("map").go_to(device_id or position)

    @Slot(str, object)
    def chart(self, point_id: str, at_ns: int) -> None:
        """The point's curve around the moment when the alarm came."""
        self._page("charts").show_points((point_id,), at_ns)

    def _page(self, name: str) -> Any:
        show_page = self._show_page()
        assert show_page is not None, "the window outlives its acts"
        return show_page(name)
