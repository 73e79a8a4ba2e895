"""The window as a program: the office in its own thread, the window in this one."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from console.agency.fleet import load_fleet, load_ground
from console.agency.linked import load_linked
from console.agency.office import Office
from console.agency.player import Player, Screen
from console.agency.view import Looking, Plan
from console.agency.window.frame import AgencyWindow
from console.agency.window.look import Look
from console.clock import Clock
from console.language import load_catalogue


def run_window(plan: Plan, clock: Clock, language: str) -> int:
    """Show the window until it is closed or a signal comes. 1 when the control room could not run."""
    fleet = load_fleet(plan.agency)
    ground = load_ground(fleet.city)
    app = QApplication(sys.argv[:1])
    look = Look()
    look.dress(app)
    for number in (signal.SIGTERM, signal.SIGINT):  # before the office answers anyone
        signal.signal(number, lambda *_: QTimer.singleShot(0, app.quit))
    office = Office(msgspec.structs.replace(plan, shown=True), clock)
    thread = threading.Thread(target=_run_office, args=(office,), name="agency")
    thread.start()

    def player(looking: Looking, screen: Screen) -> Player:
        form = looking.look.form
        return Player(
            looking.url, plan.keys, plan.agency, screen, clock, paced=form != "live", clip=form == "clip"
        )

    window = AgencyWindow(
        office, plan.number, plan.agency, fleet, ground, load_linked(fleet.city, plan.agency),
        load_catalogue(language), look, clock, player,
    )  # fmt: skip
    window.show()
    app.exec()
    window.room.screen_view.wait()
    office.stop()
    thread.join()
    failed = office.view.ended and bool(office.view.problem)
    if failed:
        sys.stderr.write(f"bongsu agency: {office.view.problem}\n")
    return 1 if failed else 0


def _run_office(office: Office) -> None:
    try:
        asyncio.run(office.run())
        office.ended("")
    except Exception as error:  # whatever it is, the window must say so and stay
        office.ended(str(error))
