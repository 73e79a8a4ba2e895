"""`bongsu keys`: every key and every command of the bar, read from the program itself, to be printed.

The desk is built without a screen, a hub or a camera, each page is opened once, and the book of acts is read.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from console import __version__
from console.bar.sheet import Command, Key, Sheet, as_html, as_text
from console.bar.verbs import VERBS
from console.cityname import city_named
from console.clock import SystemClock
from console.desk.board import Board
from console.language import LANGUAGES, Catalogue
from console.model.commands import Command as Order
from console.model.query import Query
from console.profile import Profile, ProfileError, load_profile

if TYPE_CHECKING:
    from console.desk.link import HubLink
    from widgets.shell.seat import Seat


class Silent:
    """A port that nobody listens to: what the pages ask while they are built is asked of nobody."""

    def request(self, command: Order) -> str:
        return ""

    def ask(self, query: Query) -> str:
        return ""


def run(argv: list[str]) -> int:
    """Print the sheet, or write it as a page for A4. 1 with the reason when it cannot."""
    parser = argparse.ArgumentParser(
        prog="bongsu keys", description="All keys and commands, made from the program, to be printed."
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--html", type=Path, metavar="FILE", help="write a page that prints on A4")
    shape.add_argument("--text", action="store_true", help="print plain text (the default)")
    parser.add_argument("--language", choices=(*LANGUAGES, "both"), default="both")
    parser.add_argument("--city", default="suwon", help="profile of seeds/cities, or a file")
    told = parser.parse_args(argv)
    try:
        profile = load_profile(city_named(told.city))
    except ProfileError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    languages = LANGUAGES if told.language == "both" else (told.language,)
    sheets = read_sheets(profile, languages)
    if told.html is None:
        sys.stdout.write(as_text(sheets))
        return 0
    try:
        told.html.write_text(as_html(sheets), encoding="utf-8")
    except OSError as problem:
        sys.stderr.write(f"{told.html} could not be written: {problem.strerror}\n")
        return 1
    print(f"{told.html}: written; print it on A4.")
    return 0


def read_sheets(profile: Profile, languages: tuple[str, ...]) -> list[Sheet]:
    """The sheet in each language, from a desk that is built for it and ended again."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")
    from PySide6.QtCore import QCoreApplication
    from PySide6.QtWidgets import QApplication

    from console.desk.desk import Ground, furnish
    from console.video.book import SourceBook
    from console.video.engine import VideoEngine

    app = QApplication.instance() or QApplication(["bongsu"])
    assert isinstance(app, QApplication)
    clock, desk = SystemClock(), next(iter(profile.desks))
    with tempfile.TemporaryDirectory(prefix="bongsu-keys-") as folder:
        board = Board(profile, clock, desk, profile.desks[desk].person)
        engine = VideoEngine(SourceBook({}))
        seat = furnish(
            Ground(Path(folder), profile, board, cast("HubLink", Silent()), engine, clock), languages[0]
        )
        try:
            _open_all(seat)
            return [_sheet(seat, profile, language) for language in languages]
        finally:
            seat.window.close()
            seat.close()
            engine.stop()
            QCoreApplication.sendPostedEvents()


def _open_all(seat: Seat) -> None:
    """Pages add their acts when they are first shown."""
    operate = seat.window.operate
    assert operate is not None
    for act, *_ in seat.actions.listed():
        if act.act_id.startswith("shell.lower_") and act.act_id != "shell.lower_large":
            operate.lower_area.show_page(act.act_id.removeprefix("shell.lower_"))
    seat.window.show_review()


def _sheet(seat: Seat, profile: Profile, language: str) -> Sheet:
    catalogue: Catalogue = seat.catalogue
    catalogue.switch(language)
    groups: dict[str, list[Key]] = {}
    for one in seat.actions.help():
        groups.setdefault(one.group, []).append(Key(key=one.key, text=one.text))
    say = catalogue.say
    commands = tuple(
        Command(
            word=say(f"bar.verb.{verb}.word"), does=say(f"bar.verb.{verb}.does"),
            example=say(f"bar.verb.{verb}.example"),
        )
        for verb in VERBS
    )  # fmt: skip
    return Sheet(
        language=language, title=f"{catalogue.words(profile.name)} · {say('bar.sheet.title')}",
        made=say("bar.sheet.made", version=__version__), commands_title=say("bar.sheet.commands"),
        commands=commands, note=say("bar.sheet.note"),
        groups=tuple((group, tuple(dict.fromkeys(keys))) for group, keys in groups.items()),
    )  # fmt: skip
