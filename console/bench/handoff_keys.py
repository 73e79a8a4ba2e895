"""How many keys send a selected incident to a partner: the window's own parts, offscreen, on a real hub."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from console.clock import SystemClock
from console.profile import Profile
from console.wire.keys import ensure_peer_key

WITHIN_S = 20.0


def keys_to_send(home: Path, profile: Profile, incident_id: str) -> int:
    """Press the hand-off's key, wait for the draft, press Enter; how many keys it took until it was queued.

    0 where it was not queued. Needs no display.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

    from console.desk.board import Board
    from console.desk.link import HubLink
    from console.handoff.kinds import partner_kinds
    from console.handoff.thread.figures import ladder
    from console.language import load_catalogue
    from widgets.kit.actions import Actions
    from widgets.kit.moments import Moments
    from widgets.kit.pulse import Pulse
    from widgets.kit.tokens import Tokens, load_fonts
    from widgets.ladder.asking import Asking
    from widgets.ladder.askline import AskLine
    from widgets.ladder.choosing import ChoosePanel
    from widgets.ladder.dock import LadderDock
    from widgets.ladder.drafting import Drafting
    from widgets.ladder.draftview import DraftView
    from widgets.ladder.lines import ThreadWords
    from widgets.ladder.offers import agency_digits
    from widgets.ladder.pages import DraftPages
    from widgets.ladder.panel import LadderPanel
    from widgets.ladder.phonecard import PhonePanel
    from widgets.ladder.stills import StillDecoder
    from widgets.ladder.watching import LadderWatch

    app = QApplication.instance() or QApplication(["bongsu-bench"])
    assert app is not None
    clock, catalogue, tokens = SystemClock(), load_catalogue("en"), Tokens()
    load_fonts()
    board = Board(profile, clock, "desk-2", "lee")
    link = HubLink(home, ensure_peer_key(home, "desk-2", "desk"), "lee", board.inbox, clock, (), board.asked)
    link.start()
    pulse, actions = Pulse(board, clock), Actions(catalogue)
    moments = Moments(catalogue, profile.time_zone)
    window = QWidget()
    watch = LadderWatch(board, pulse, ladder())
    words, asking = ThreadWords(profile, catalogue, watch.figures), Asking(board, link)
    pages, decoder = DraftPages(board, link, pulse, partner_kinds()), StillDecoder()
    drafting = Drafting(board, watch, asking, pages)
    panel = LadderPanel(board, watch, drafting, asking, words, moments, pulse, actions, tokens, owner=window)
    digits = agency_digits((one.id, one.number) for one in profile.agencies.values())
    dock = LadderDock(
        panel, ChoosePanel(words, profile, digits, actions, tokens), AskLine(words, actions, tokens),
        DraftView(drafting, pages, decoder, words, profile, actions, tokens),
        PhonePanel(board, watch, asking, pages, words, moments, actions, tokens), drafting, watch,
        window.setFocus, tokens,
    )  # fmt: skip
    column = QVBoxLayout(window)
    column.addWidget(dock)
    column.addWidget(panel)
    actions.attach(window)
    window.resize(700, 900)
    window.show()
    window.activateWindow()
    pressed = 0

    def until(true: Callable[[], object]) -> bool:
        end = time.monotonic() + WITHIN_S
        while not true():
            if time.monotonic() > end:
                return False
            pulse.tick()
            QTest.qWait(5)
        return True

    def press(key: Qt.Key) -> None:
        nonlocal pressed
        pressed += 1
        focus: QWidget | None = window.focusWidget()
        QTest.keyClick(focus if focus is not None else window, key)

    def threads() -> list[str]:
        return [one.id for one in board.state.threads.values() if one.incident_id == incident_id]

    try:
        if not until(lambda: board.link == "live" and incident_id in board.state.incidents):
            return 0
        panel.show_incident(incident_id)
        window.setFocus()
        QTest.qWait(5)
        press(Qt.Key.Key_H)
        if not until(lambda: threads() and pages.page(threads()[0]) is not None):
            return 0
        press(Qt.Key.Key_Return)
        sent = until(lambda: any(board.state.threads[one].queued_ns for one in threads()))
        return pressed if sent else 0
    finally:
        decoder.close()
        link.close()
        window.close()
