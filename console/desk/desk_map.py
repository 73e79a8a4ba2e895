"""The map of a desk: built when it is first asked for, and joined to wall, queue, replay and lists.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from console.video.engine import VideoEngine
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.shell.joins import BringCameras
    from widgets.shell.lower import LowerArea
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat

PURPOSE = "map"
"""What a camera's picture on the map is looked at for, on the record."""


class MapJoin(QObject):
    """What other parts tell the map; nothing is told to a map that was never asked for.

    Signals:
        device_opened(str): a device was opened on the map.
    """

    device_opened = Signal(str)
    incident_wanted = Signal(object)

    def __init__(self, area: LowerArea, board: Board, parent: QObject) -> None:
        super().__init__(parent)
        self._board = board
        self._area = weakref.ref(area)

    def _map(self) -> Any:
        area = self._area()
        return area.page("map") if area is not None else None

    @Slot(str)
    def show_place(self, device_id: str) -> None:
        """Asked for: the page of the map, with this device in the middle."""
        area = self._area()
        if area is not None:
            area.show_page("map").go_to(device_id)  # type: ignore[attr-defined]

    @Slot(str)
    def open_device(self, device_id: str) -> None:
        """A device was opened on the map. One with controls shows these (`device_opened`), any other its
        upkeep."""
        profile, area = self._board.profile, self._area()
        device = profile.devices.get(device_id)
        if area is None or device is None or profile.controls_of_kind.get(device.kind):
            return
        page: Any = area.show_page("upkeep")
        page.show_device(device_id)

    @Slot(str)
    def open_report(self, report_id: str) -> None:
        """A citizen's report was clicked on the map."""
        area = self._area()
        if area is not None:
            area.show_page("reports").show_report(report_id)  # type: ignore[attr-defined]

    @Slot(str)
    def opened(self, incident_id: str) -> None:
        """Another incident is open."""
        shown = self._map()
        if shown is not None:
            shown.follow_incident(incident_id)

    @Slot(object, str)
    def moment(self, at_ns: int | None, by: str) -> None:
        """The shared cursor stands at another time; None: at now."""
        shown = self._map()
        if shown is not None:
            shown.show_moment(at_ns)


def offer_map(
    board: Board, port: DeskPort, home: Path, engine: VideoEngine, seat: Seat, operate: Operate,
    queue_panel: QueuePanel, detail: DetailPanel, bring: BringCameras,
) -> MapJoin:  # fmt: skip
    """Offer the page and return what others join to. UI thread; needs a QApplication."""
    join = MapJoin(operate.lower_area, board, seat)
    open_incident = weakref.ref(detail)

    def incident() -> str:
        panel = open_incident()
        return panel.incident_id if panel is not None else ""

    def city_map() -> QWidget:
        from widgets.map.map import MapWidget
        from widgets.wall.strip import PaneStrip

        made = MapWidget(
            board, seat.pulse, seat.actions, seat.catalogue, seat.tokens, port, seat.moments, home
        )
        made.incident_chosen.connect(queue_panel.select)
        made.report_chosen.connect(join.open_report)
        made.cameras_wanted.connect(bring.bring)
        made.device_chosen.connect(join.open_device)
        made.device_chosen.connect(join.device_opened)
        made.incident_wanted.connect(join.incident_wanted)
        made.drawing.incident_id = incident
        picture = PaneStrip(engine, seat.catalogue, board, seat.tokens, name="map.picture")
        seat.serve_surface(picture, lambda: PURPOSE)
        made.set_picture(picture)
        made.show_moment(seat.shared_clock.at_ns)
        made.start()
        seat.at_close(made.close_threads)
        return made

    operate.lower_area.add_page("map", "F4", city_map, operate)
    queue_panel.chosen.connect(join.opened)
    seat.shared_clock.moved.connect(join.moment)
    return join
