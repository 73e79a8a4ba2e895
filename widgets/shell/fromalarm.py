"""From an alarm to where it can be seen, and from an incident to its alarms. Held by the seat."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from console.model.alarm import alarm_of
from widgets.kit.actions import Actions

if TYPE_CHECKING:
    from console.desk.board import Board


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


class IntoAlarms(QObject):
    """Act: alarms.of_incident (Ctrl+Shift+A), from the open incident to the alarms that it holds."""

    def __init__(
        self, show_page: Callable[[str], QWidget], detail: QWidget, board: Board, actions: Actions,
        owner: QWidget, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._show_page = weakref.WeakMethod(show_page)
        self._detail = weakref.ref(detail)
        self._board = board
        actions.add(
            "alarms.of_incident", "alarms.act.of_incident", "Ctrl+Shift+A", self.show, owner=owner,
            group="alarms.title",
        )  # fmt: skip

    @Slot()
    def show(self) -> None:
        """The page of alarms, with the first of the incident's that still stands or is hidden chosen."""
        detail, show_page = self._detail(), self._show_page()
        incident_id = str(getattr(detail, "incident_id", ""))
        incident = self._board.state.incidents.get(incident_id)
        if incident is None or show_page is None:
            return
        page: Any = show_page("alarms")
        for occurrence in incident.alarm_ids:
            if page.choose(alarm_of(occurrence)):
                break
