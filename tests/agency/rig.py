"""A window of the partner's room without its office: what a test shows, and what the window asks."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from console.agency.case import Case
from console.agency.facts import FactsBook
from console.agency.fleet import load_fleet, load_ground
from console.agency.linked import load_linked
from console.agency.view import View
from console.agency.window.frame import AgencyWindow
from console.agency.window.look import Look
from console.clock import SECOND_NS, SteppedClock
from console.handoff.kinds import partner_kinds
from console.language import load_catalogue
from tests.handoff.samples import NOW_NS, message

KIND = partner_kinds()["KR-112"]
FLEET, GROUND = load_fleet("KR-112"), load_ground("suwon")
SERVICES = load_linked("suwon", "KR-112")
CLOCK = SteppedClock(NOW_NS + 90 * SECOND_NS)


def facts(number: int, stage="received", talk=(), cancel="", **changes):
    """Case `number` as the window gets it."""
    key = f"SW-{number:06d}:KR-112:1"
    case = Case(
        key=key, number=f"KR-112-{number:06d}", came_ns=NOW_NS + number, stage=stage, changed_ns=NOW_NS,
        reason="not-ours" if stage == "rejected" else "", unit="순찰 21" if stage == "dispatched" else "",
        body=message(key, **changes), cancel=cancel,
    )  # fmt: skip
    return FactsBook(KIND).of(case, talk)


class Office:
    """An office that shows what a test says and remembers what it was asked."""

    def __init__(self, *cases, **changes) -> None:
        self.asked: list = []
        self.view = View(
            version=0, cases=tuple(cases), url="https://127.0.0.1:7/handoff", console="up", **changes
        )

    def ask(self, decision) -> None:
        self.asked.append(decision)

    def show_stills(self, number) -> None:
        self.read = number

    def ask_pictures(self, form) -> None:
        self.asked.append(form)

    def give_back(self, name, reason) -> None:
        self.asked.append((name, reason))

    def look(self, look) -> None:
        self.asked.append(look)

    def looked(self, number, why, pictures) -> None:
        self.asked.append((number, why, pictures))

    def player(self, looking, screen):
        return Player(looking, screen)

    def show(self, **changes) -> None:
        self.view = msgspec.structs.replace(self.view, version=self.view.version + 1, **changes)


class Player:
    """A player that shows what a test gives it."""

    def __init__(self, looking, screen) -> None:
        self.looking, self.screen = looking, screen
        Player.last = self

    def start(self) -> None:
        self.screen.picture(np.full((90, 160, 3), 200, np.uint8), 1)

    def stop(self) -> None:
        self.screen.ended("left", "", 1)

    def join(self, timeout_s=0.0) -> None:
        pass


def make_window(office, language="en", look=None):
    return AgencyWindow(
        office, "112", "KR-112", FLEET, GROUND, SERVICES, load_catalogue(language),
        look or Look(), CLOCK, office.player,
    )  # fmt: skip


@pytest.fixture
def room(qapp, qtbot):
    """Makes a shown window for an office; each test steps it with `tick`."""
    look, made = Look(), []
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    look.dress(qapp)

    def make(office: Office, language: str = "en") -> AgencyWindow:
        window = make_window(office, language, look)
        qtbot.addWidget(window)
        window._timer.stop()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


