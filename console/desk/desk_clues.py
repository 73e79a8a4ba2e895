"""What an incident is made of, joined to where it came from, and to what the rules behind it were worth.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.desk.board import Board

if TYPE_CHECKING:
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.kit.worth import RuleWorth
    from widgets.shell.joins import BringCameras
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat


def offer_clues(
    board: Board, worth: RuleWorth, seat: Seat, operate: Operate, queue_panel: QueuePanel,
    detail: DetailPanel, bring: BringCameras,
) -> None:  # fmt: skip
    """Join the detail's clues and links. UI thread; needs a QApplication."""
    from widgets.shell.fromclue import FromClue
    from widgets.shell.joins import ShowIncident

    detail.show_worth(worth)
    detail.clue_opened.connect(FromClue(operate.lower_area.show_page, bring.bring, seat).open)
    detail.incident_wanted.connect(ShowIncident(seat.window.show_operate, queue_panel, detail, seat).show)
