"""Hand-offs at a desk: the ladder in the incident's detail, draft and phone card in its dock, the worst
of all in the status bar, red ones with sound.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.desk.board import Board
from console.desk.port import DeskPort
from console.handoff.kinds import partner_kinds
from console.handoff.thread.figures import ladder

if TYPE_CHECKING:
    from widgets.alarms.sound import AlarmSound
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.ladder.dock import LadderDock
    from widgets.shell.seat import Seat


def offer_ladder(
    board: Board, port: DeskPort, seat: Seat, detail: DetailPanel, queue_panel: QueuePanel, sound: AlarmSound
) -> LadderDock:
    """Make the parts and join them; `sound` has the rules and the speaker that alarms and hand-offs share. UI
    thread; needs a QApplication."""
    from widgets.ladder.asking import Asking
    from widgets.ladder.askline import AskLine
    from widgets.ladder.chip import LadderChip
    from widgets.ladder.choosing import ChoosePanel
    from widgets.ladder.dock import LadderDock
    from widgets.ladder.drafting import Drafting
    from widgets.ladder.draftview import DraftView
    from widgets.ladder.lines import ThreadWords
    from widgets.ladder.offers import agency_digits
    from widgets.ladder.pages import DraftPages
    from widgets.ladder.panel import LadderPanel
    from widgets.ladder.phonecard import PhonePanel
    from widgets.ladder.sound import LadderSound
    from widgets.ladder.stills import StillDecoder
    from widgets.ladder.watching import LadderWatch
    from widgets.shell.joins import ShowIncident

    profile, actions, tokens, moments, pulse = (
        board.profile, seat.actions, seat.tokens, seat.moments, seat.pulse
    )  # fmt: skip
    watch = LadderWatch(board, pulse, ladder(), seat)
    words = ThreadWords(profile, moments.catalogue, watch.figures)
    asking = Asking(board, port)
    pages = DraftPages(board, port, pulse, partner_kinds(), seat)
    drafting = Drafting(board, watch, asking, pages, seat)
    decoder = StillDecoder(seat)
    seat.at_close(decoder.close)
    digits = agency_digits((one.id, one.number) for one in profile.agencies.values())
    panel = LadderPanel(
        board, watch, drafting, asking, words, moments, pulse, actions, tokens, owner=detail
    )
    dock = LadderDock(
        panel, ChoosePanel(words, profile, digits, actions, tokens), AskLine(words, actions, tokens),
        DraftView(drafting, pages, decoder, words, profile, actions, tokens),
        PhonePanel(board, watch, asking, pages, words, moments, actions, tokens),
        drafting, watch, detail.focus_acts, tokens,
    )  # fmt: skip
    detail.place_section("ladder", panel)
    detail.place_dock(dock)
    detail.incident_changed.connect(panel.show_incident)
    chip = LadderChip(watch, words, pulse, actions, tokens)
    seat.window.status.place(chip)
    chip.incident_wanted.connect(
        ShowIncident(seat.window.show_operate, queue_panel, detail, seat).show
    )
    LadderSound(watch, sound.rules, sound.look, seat)
    return dock
