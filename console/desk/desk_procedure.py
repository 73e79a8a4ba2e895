"""Procedures at a desk: the panel in the incident's detail, the supervisor's line, what their steps offer.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from console.desk.board import Board
from console.desk.port import DeskPort

if TYPE_CHECKING:
    from widgets.alarms.sound import AlarmSound
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.ladder.panel import LadderPanel
    from widgets.procedure.panel import ProcedurePanel
    from widgets.shell.joins import BringCameras
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat

def offer_procedure(
    city: str | Path, board: Board, port: DeskPort, seat: Seat, operate: Operate, detail: DetailPanel,
    queue_panel: QueuePanel, bring: BringCameras, ladder: LadderPanel, sound: AlarmSound,
) -> ProcedurePanel:  # fmt: skip
    """Make the parts and join them to the others. UI thread; needs a QApplication. `sound.news(priority)` is
    heard at a supervisor's desk."""
    from widgets.procedure.notices import NoticeLine
    from widgets.procedure.panel import ProcedurePanel
    from widgets.procedure.shelf import ProcedureShelf
    from widgets.shell.stepacts import StepActs

    shelf = ProcedureShelf(city, board.profile)
    shelf.start()
    seat.at_close(shelf.stop)
    kit = (seat.actions, seat.catalogue, seat.tokens, seat.moments)
    panel = ProcedurePanel(board, seat.pulse, port, *kit, shelf)
    detail.place_section("procedure", panel)
    detail.incident_changed.connect(panel.show_incident)
    body = detail.body()
    panel.in_sight_wanted.connect(body.bring)
    acts = StepActs(
        board, seat.actions, operate.lower_area.show_page, bring.bring, ladder.draft_for, seat
    )
    panel.act_wanted.connect(acts.do)
    line = NoticeLine(board, seat.pulse, port, *kit)
    queue_panel.place_head(line)
    line.incident_wanted.connect(detail.show_incident)
    line.incident_wanted.connect(queue_panel.select)
    if line.is_supervisor:
        line.news.connect(sound.news)
    return panel
