"""Joins the page of citizens' reports to the desk: built when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from console.desk.board import Board
    from console.desk.port import DeskPort
    from console.model.base import Position
    from widgets.shell.joins import BringCameras
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat

KEY = "Shift+F4"
"""Beside the map; every plain function key has its page."""


def offer_reports(
    board: Board, seat: Seat, operate: Operate, port: DeskPort, bring: BringCameras,
    open_incident: Callable[[str], object],
) -> None:  # fmt: skip
    """Citizens' reports on a page of their own."""
    area = operate.lower_area

    def show_place(position: Position) -> None:
        from widgets.map.map import MapWidget

        page = area.show_page("map")
        assert isinstance(page, MapWidget)
        page.go_to(position)

    def reports() -> QWidget:
        from widgets.reports.page import ReportsPage

        made = ReportsPage(
            board, seat.pulse, port, seat.actions, seat.catalogue, seat.tokens, seat.moments,
            Path.home(),
        )  # fmt: skip
        made.cameras_wanted.connect(bring.bring)
        made.incident_wanted.connect(open_incident)
        made.place_wanted.connect(show_place)
        return made

    area.add_page("reports", KEY, reports, operate)
