"""Shares at a desk: the page with requests, shares and the ledger, and the part in the incident's detail.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from console.desk.board import Board
from console.desk.port import DeskPort
from console.report.printed import Printed

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.shell.joins import BringCameras
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat

KEY = "Shift+F3"
MOST_PDF_BYTES = 256 << 20


class PrintedBeside:
    """A document that a process draws into a folder of its own; gone with it. UI thread."""

    def __init__(self, document: Printed, parent: QObject) -> None:
        from widgets.review.printing import Printing

        self._folder = tempfile.TemporaryDirectory(prefix="bongsu-print-")
        self._path = Path(self._folder.name) / "ledger.pdf"
        self._printing = Printing(document, self._path, parent)
        self._printing.start()

    def is_gone(self) -> bool:
        """Whether it has ended, well or not."""
        return self._printing.is_gone()

    def data(self) -> bytes | None:
        """The file, None where there is none; the folder is removed."""
        try:
            found = self._path.read_bytes() if self._path.stat().st_size <= MOST_PDF_BYTES else None
        except OSError:
            found = None
        self._folder.cleanup()
        self._printing.deleteLater()
        return found


def offer_shares(
    board: Board, port: DeskPort, seat: Seat, operate: Operate, detail: DetailPanel,
    queue_panel: QueuePanel, bring: BringCameras,
) -> None:  # fmt: skip
    """Offer the page and put the part into the detail. UI thread; needs a QApplication."""
    from widgets.shares.section import SharesSection

    area = operate.lower_area

    def show_place(position: object) -> None:
        from widgets.map.map import MapWidget

        page = area.show_page("map")
        assert isinstance(page, MapWidget)
        page.go_to(position)  # type: ignore[arg-type]

    def shares() -> QWidget:
        from widgets.shares.page import SharesPage

        made = SharesPage(
            board, seat.pulse, port, seat.actions, seat.catalogue, seat.tokens, seat.moments, Path.home(),
            PrintedBeside,
        )  # fmt: skip
        made.cameras_wanted.connect(bring.bring)
        made.incident_wanted.connect(queue_panel.select)
        made.place_wanted.connect(show_place)
        return made

    area.add_page("shares", KEY, shares, operate)
    section = SharesSection(
        board, seat.pulse, port, seat.actions, seat.catalogue, seat.tokens, seat.moments, detail
    )

    def show_request(request_id: str) -> None:
        from widgets.shares.page import SharesPage

        page = area.show_page("shares")
        assert isinstance(page, SharesPage)
        if request_id:
            page.show_request(request_id)
        page.setFocus()

    section.request_wanted.connect(show_request)
    detail.place_section("shares", section)
    detail.incident_changed.connect(section.show_incident)
    section.show_incident(detail.incident_id)
