"""Disaster messages and area acts of a desk, joined to the open incident and the map.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from console.profile.areaacts import area_figures
from console.profile.messages import message_book

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from console.desk.board import Board
    from console.desk.port import DeskPort
    from widgets.alarms.sound import AlarmSound
    from widgets.incidents.detail import DetailPanel
    from widgets.shell.lower import LowerArea
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat

MESSAGES_KEY, AREAS_KEY = "Shift+F7", "Shift+F8"
FOR_INCIDENT_KEY, AREA_KEY = "Shift+T", "Shift+E"


class FromIncident(QObject):
    """Acts about the open incident: messages.for_incident, areas.for_incident. Nothing is sent here."""

    def __init__(
        self, board: Board, area: LowerArea, detail: DetailPanel, seat: Seat, operate: Operate
    ) -> None:
        super().__init__(seat)
        self._board = board
        self._area, self._detail = weakref.ref(area), weakref.ref(detail)
        for name, key, handler in (
            ("messages", FOR_INCIDENT_KEY, self.message), ("areas", AREA_KEY, self.area),
        ):  # fmt: skip
            seat.actions.add(
                f"{name}.for_incident", f"{name}.act.for_incident", key, handler, owner=operate,
                group=f"{name}.title",
            )

    @Slot()
    def message(self) -> None:
        """The form of a disaster message about the open incident."""
        page = self._page("messages")
        if page is not None:
            page.begin_for(self._incident_id())

    @Slot()
    def area(self) -> None:
        """The areas that are drawn for the open incident, with what stands in them."""
        page = self._page("areas")
        if page is not None:
            page.show_incident(self._incident_id())

    @Slot()
    def draw(self) -> None:
        """The map with the tool for areas in hand; nobody shares what is not finished."""
        city_map = self._page("map")
        incident = self._board.state.incidents.get(self._incident_id())
        if city_map is not None:
            if incident is not None:
                city_map.go_to(incident.place.position)
            city_map.drawing.begin("area")
            city_map.setFocus()

    def _page(self, name: str) -> Any:
        area = self._area()
        return area.show_page(name) if area is not None else None

    def _incident_id(self) -> str:
        detail = self._detail()
        return detail.incident_id if detail is not None else ""


class _Heard(QObject):
    """A message that is not received sounds as an alarm of the first priority does, once."""

    def __init__(self, sound: AlarmSound, parent: QObject) -> None:
        super().__init__(parent)
        self._sound = sound

    @Slot()
    def hear(self) -> None:
        self._sound.rules.news(1)
        self._sound.look()


def offer_messages(
    board: Board, port: DeskPort, seat: Seat, operate: Operate, detail: DetailPanel, sound: AlarmSound
) -> FromIncident:
    """Offer both pages and the strip; a message that is not received is heard. UI thread; needs a
    QApplication."""
    from widgets.messages.strip import MessageStrip

    profile = board.profile
    book = message_book(profile.city, profile.country, profile.languages)
    figures = area_figures()
    kit = (seat.actions, seat.catalogue, seat.tokens, seat.moments)

    def messages() -> QWidget:
        from widgets.messages.page import MessagesPage

        return MessagesPage(board, seat.pulse, port, *kit, book)

    def areas() -> QWidget:
        from widgets.areaact.page import AreaActPage

        made = AreaActPage(board, seat.pulse, port, *kit, figures)
        made.draw_wanted.connect(joined.draw)
        return made

    operate.lower_area.add_page("messages", MESSAGES_KEY, messages, operate)
    operate.lower_area.add_page("areas", AREAS_KEY, areas, operate)
    strip = MessageStrip(board, seat.pulse, *kit, book)
    seat.window.place_strip(strip)
    strip.lost_anew.connect(_Heard(sound, seat).hear)
    joined = FromIncident(board, operate.lower_area, detail, seat, operate)
    return joined
