"""`bongsu export`: take recorded pictures out without a window, by the same rules and onto the same record.

The hub must run and accept it; nothing is written before that. Ctrl-C cancels and leaves nothing behind.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from console.cityname import city_named
from console.clock import Clock, SystemClock
from console.desk.board import Board
from console.desk.link import HubLink
from console.evidence.job import Done, Failed
from console.evidence.keys import spaced
from console.evidence.running import ExportRun
from console.evidence.wish import ExportWish, command_of, finished, given_up, job_of, new_export_id
from console.language import Catalogue, load_catalogue
from console.model.commands import Answer, Command, FinishExport, Refused
from console.model.footage import ExportCopy
from console.model.query import AskHead, LedgerHead
from console.paths import home as default_home
from console.profile import ProfileError, load_profile
from console.report.period import PeriodError, read_time
from console.report.times import CityClock
from console.stopping import Stopping
from console.wire.keys import KeyFileError, ensure_peer_key

HUB_WITHIN_S = 20.0
LOOK_EVERY_S = 0.05
COPIES: dict[str, tuple[ExportCopy, ...]] = {
    "masked": ("masked",), "original": ("original",), "both": ("original", "masked"),
}  # fmt: skip


class _GivenUp(Exception):
    """It does not go on; the text says why."""


def run(argv: list[str]) -> int:
    """0 when the package is there, 1 when not, 2 for wrong words."""
    told = _parser().parse_args(argv)
    clock = SystemClock()
    try:
        profile = load_profile(city_named(told.city))
        desk = told.desk or next((id_ for id_, one in profile.desks.items() if one.role == "supervisor"), "")
        if desk not in profile.desks:
            raise _GivenUp(f"desk {desk!r} is not one of: {', '.join(profile.desks)}")
        zone, now_ns = CityClock(profile.time_zone), clock.now_ns()
        from_ns = read_time("since", told.since, zone, now_ns)
        to_ns = from_ns if told.snapshot else read_time("until", told.until or "", zone, now_ns)
        key = ensure_peer_key(told.home, desk, "desk")
    except (_GivenUp, ProfileError, KeyFileError, PeriodError) as problem:
        print(f"bongsu export: {problem}", file=sys.stderr)
        return 2
    wish = ExportWish(
        export_id=new_export_id(), camera_ids=tuple(told.camera), from_ns=from_ns, to_ns=to_ns,
        form="snapshot" if told.snapshot else "clip", copies=COPIES[told.copies],
        blur_movers=not told.zones_only, wrapping="zip" if told.zip else "folder",
        reason=told.reason, legal_basis=told.legal_basis, recipient=told.recipient,
        place=str(told.to.resolve()) if told.to is not None else "",
    )  # fmt: skip
    person = told.person or profile.desks[desk].person
    board = Board(profile, clock, desk, person)
    link = HubLink(told.home, key, person, board.inbox, clock, on_asked=board.asked)
    stop = Stopping()
    stop.on_signals()
    link.start()
    try:
        return _Export(told.home, board, link, clock, stop, load_catalogue(told.language)).run(wish)
    except _GivenUp as problem:
        print(f"bongsu export: {problem}", file=sys.stderr)
        return 1
    finally:
        link.close()
        stop.close()


class _Export:
    def __init__(
        self, home: Path, board: Board, link: HubLink, clock: Clock, stop: Stopping, catalogue: Catalogue
    ) -> None:
        self._home, self._board, self._link, self._clock = home, board, link, clock
        self._stop, self._catalogue = stop, catalogue

    def run(self, wish: ExportWish) -> int:
        self._until(lambda: self._board.link == "live", "no hub answers: start one with this --home")
        accepted = self._done(command_of(wish))
        if isinstance(accepted, Refused):
            raise _GivenUp(self._catalogue.words(accepted.reason))
        try:
            job = job_of(
                wish, self._home, self._board.profile, self._board.state.masks, self._board.desk,
                self._board.person, accepted, self._head(),
            )  # fmt: skip
            result = self._written(ExportRun(job))
        except _GivenUp:
            self._tell(given_up(wish.export_id, False))
            raise
        if isinstance(result, Failed):
            self._tell(given_up(wish.export_id, result.code == "cancelled"))
            words = self._catalogue.say(f"evidence.problem.{result.code}", detail=result.detail)
            print(words, file=sys.stderr)
            return 1
        self._tell(finished(wish.export_id, result.manifest_sha256, result.files, result.bytes))
        self._say(result)
        return 0

    def _written(self, run: ExportRun) -> Done | Failed:
        run.start()
        asked = False
        shown = -1
        while run.result is None:
            self._board.drain(20.0)
            if self._stop.wait(LOOK_EVERY_S) and not asked:
                asked = True
                run.cancel()
            elif asked:
                time.sleep(LOOK_EVERY_S)
            part = int(run.progress.done * 100)
            if part != shown and sys.stderr.isatty():
                shown = part
                print(f"\r{part:3d} %", end="", file=sys.stderr, flush=True)
        if shown >= 0:
            print("\r      \r", end="", file=sys.stderr, flush=True)
        run.wait()
        return run.result

    def _say(self, done: Done) -> None:
        say = self._catalogue.say
        size = f"{done.bytes:,} B"
        print(say("evidence.state.done", clips=done.clips, files=done.files, size=size))
        print(say("evidence.state.where", path=done.path))
        print(say("evidence.state.key", fingerprint=spaced(done.fingerprint)))
        if done.without_pictures:
            print(say("evidence.state.without", cameras=", ".join(done.without_pictures)))
        if done.gaps:
            print(say("evidence.state.gaps", count=done.gaps))
        if done.damaged:
            print(say("evidence.state.damaged", cameras=", ".join(done.damaged)))

    def _head(self) -> LedgerHead:
        asked = self._link.ask(AskHead())
        self._until(lambda: asked in self._board.pages, "the hub does not say where the record stands")
        page = self._board.pages[asked].page
        if not isinstance(page, LedgerHead):
            raise _GivenUp(self._catalogue.words(self._board.pages[asked].problem))
        return page

    def _done(self, command: Command) -> Answer:
        asked = self._link.request(command)
        found: list[Answer] = []

        def came() -> bool:
            found.extend(answer for _, answer in self._board.answers if answer.id == asked)
            return bool(found)

        self._until(came, "the hub does not answer; nothing was written")
        return found[0]

    def _tell(self, command: FinishExport) -> None:
        """How it ended, onto the record; a hub that is away is told of on the screen."""
        try:
            answer = self._done(command)
        except _GivenUp as problem:
            print(f"bongsu export: its end is not on the record: {problem}", file=sys.stderr)
            return
        if isinstance(answer, Refused):
            words = self._catalogue.words(answer.reason)
            print(f"bongsu export: its end is not on the record: {words}", file=sys.stderr)

    def _until(self, true: Callable[[], bool], otherwise: str) -> None:
        until_ns = self._clock.mono_ns() + int(HUB_WITHIN_S * 1e9)
        while not true():
            if self._clock.mono_ns() > until_ns or (self._stop.asked and not self._board.pending):
                raise _GivenUp(otherwise)
            self._board.drain(20.0)
            time.sleep(0.01)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bongsu export", description="Export recorded pictures as a signed package.",
        epilog="Times: 14:03:20, 2026-03-24 14:03, or 5m (ago), in the city's zone.",
    )  # fmt: skip
    parser.add_argument("camera", nargs="+", help="camera ids")
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder of hub and recorder")
    parser.add_argument("--city", default="suwon", help="profile of seeds/cities, or a file")
    parser.add_argument("--desk", default="", help="the desk it is done as (default: the supervisor's)")
    parser.add_argument("--person", default="", help="who does it (default: whom the profile names)")
    parser.add_argument("--from", dest="since", required=True, metavar="T")
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--until", metavar="T")
    kind.add_argument("--snapshot", action="store_true", help="the picture at --from")
    parser.add_argument("--copies", choices=("masked", "original", "both"), default="masked")
    parser.add_argument("--zones-only", action="store_true", help="mask privacy zones, not what moves")
    parser.add_argument("--reason", required=True)
    parser.add_argument("--legal-basis", default="", help="needed for the original")
    parser.add_argument("--recipient", default="", help="who gets it")
    parser.add_argument("--to", type=Path, metavar="DIR", help="default: exports/ of the data folder")
    parser.add_argument("--zip", action="store_true", help="one zip file in place of a folder")
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    return parser


