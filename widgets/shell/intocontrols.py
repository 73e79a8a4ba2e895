"""From an incident, an alarm, the map or the list of upkeep to the page of controls."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from widgets.kit.actions import Actions

if TYPE_CHECKING:
    from console.desk.board import Board


class IntoControls(QObject):
    """Acts about the selected incident: controls.device (its device's controls), controls.lights (the lamps
    around it, ready to be switched on). Nothing is ordered here."""

    def __init__(
        self, show_page: Callable[[str], QWidget], detail: QWidget, board: Board, actions: Actions,
        owner: QWidget, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._show_page = weakref.WeakMethod(show_page)
        self._detail = weakref.ref(detail)
        self._board = board
        group = "controls.title"
        for name, key, handler in (
            ("device", "Ctrl+Shift+D", self.device), ("lights", "Ctrl+B", self.lights),
        ):  # fmt: skip
            actions.add(f"controls.{name}", f"controls.act.{name}", key, handler, owner=owner, group=group)

    @Slot(str)
    def show_device(self, device_id: str) -> None:
        """The controls of this device; for one that has none everything stays as it is."""
        profile = self._board.profile
        device = profile.devices.get(device_id)
        if device is None or not profile.controls_of_kind.get(device.kind):
            return
        page = self._page()
        if page is not None:
            page.show_device(device_id)

    @Slot()
    def device(self) -> None:
        """The controls of the selected incident's own device, and what stands around it."""
        page, incident_id = self._page(), self._incident_id()
        if page is not None and incident_id:
            page.show_incident(incident_id)

    @Slot()
    def lights(self) -> None:
        """The lamps around the selected incident."""
        incident = self._board.state.incidents.get(self._incident_id())
        page = self._page()
        if page is not None and incident is not None:
            page.show_lamps(incident.place.position, incident.place.name, incident.id)

    def _incident_id(self) -> str:
        detail = self._detail()
        return str(getattr(detail, "incident_id", "")) if detail is not None else ""

    def _page(self) -> Any:
        show = self._show_page()
        return show("controls") if show is not None else None
