"""`bongsu desk`: one operator's window. The one place that builds widgets and joins them to the board.

The order is for speed: the decoding processes and the link to the hub come first and work while Qt is loaded.
"""

from __future__ import annotations

import argparse
import faulthandler
import logging
import logging.handlers
import queue
import signal
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from console.cityname import city_named
from console.clock import Clock, SystemClock
from console.desk.offers import offer_charts, offer_controls, offer_export, offer_warnings, offer_windows
from console.footage.layout import FOLDER
from console.logs import log_to
from console.model.footage import SCENE
from console.paths import home as default_home
from console.paths import private_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from console.desk.board import Board
    from console.desk.link import HubLink
    from console.evidence.manifest import Badge
    from console.profile import Profile
    from console.video.condition import PaneState
    from console.video.engine import VideoEngine
    from widgets.evidence.acts import PaneExport
    from widgets.incidents.detail import DetailPanel
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat
    from widgets.wall.deck import WallDeck
    from widgets.wall.paneacts import PaneActs
    from widgets.wall.selecting import SelectingSurface

log = logging.getLogger("bongsu.desk")


class DeskError(Exception):
    """The desk cannot start; the text says what happened and what to do."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is running before the first widget exists."""

    home: Path
    profile: Profile
    board: Board
    link: HubLink
    engine: VideoEngine
    clock: Clock
    city: str | Path = ""
    """As it was named to the program; empty: the profile's own name."""


def run(argv: list[str]) -> int:
    """Show the desk until its window is closed or SIGTERM or SIGINT comes. 1 with the reason when it
    cannot start.
    """
    told = _arguments(argv)
    private_folder(told.home)
    with _logging(told.home, f"desk-{told.desk}"):
        try:
            ground = _lay(told)
        except DeskError as problem:
            sys.stderr.write(f"The desk did not start. {problem}\n")
            return 1
        try:
            return _sit(told, ground)
        finally:
            ground.link.close()
            ground.engine.stop()


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bongsu desk", description="One operator's window.")
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder")
    parser.add_argument("--city", default="suwon", help="profile of seeds/cities, or a file")
    parser.add_argument("--desk", default="desk-1", help="which desk of the profile you sit at")
    parser.add_argument("--person", default="", help="who sits there (default: whom the profile names)")
    parser.add_argument("--language", choices=("en", "ko"), help="default: as it was left, else the city's")
    parser.add_argument("--theme", choices=("dark", "light"), help="default: as it was left, else dark")
    parser.add_argument("--page", default="", help="show this page under the wall (map, alarms, upkeep, ...)")
    parser.add_argument("--no-video", action="store_true", help="decode nothing")
    parser.add_argument("--workers", type=int, default=2, help="decoding processes (default %(default)s)")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="save pictures of the window here")
    parser.add_argument("--at", type=_seconds, default=(10.0, 60.0), metavar="S,S", help="when, in seconds")
    return parser.parse_args(argv)


def _seconds(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(one) for one in text.split(",") if one.strip())
    except ValueError:
        raise argparse.ArgumentTypeError("expected seconds, as in 10,60,120") from None
    if any(not 0 <= one <= 1_000_000 for one in found):
        raise argparse.ArgumentTypeError("expected seconds from 0 on")
    return found


@contextmanager
def _logging(home: Path, name: str) -> Iterator[None]:
    """Let a thread write the log, so that a full disk or a slow one never holds up the window."""
    root = logging.getLogger()
    before = set(root.handlers)
    log_to(home, name)
    handlers = [one for one in root.handlers if one not in before]
    lines: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
    door = logging.handlers.QueueHandler(lines)
    for handler in handlers:
        root.removeHandler(handler)
    root.addHandler(door)
    listener = logging.handlers.QueueListener(lines, *handlers, respect_handler_level=True)
    listener.start()
    try:
        # A crash in C leaves its Python stacks beside the log.
        with open(home / "log" / f"{name}-crash.txt", "a", encoding="utf-8") as crash:
            faulthandler.enable(crash)
            yield
            faulthandler.disable()
    finally:
        listener.stop()
        root.removeHandler(door)
        for handler in handlers:
            handler.close()


def _lay(told: argparse.Namespace) -> Ground:
    """Start what needs no screen: the decoding processes, then the link."""
    engine = _engine(told.home, told.no_video, told.workers)
    try:
        from console.desk.board import Board, charted_points
        from console.desk.link import HubLink
        from console.profile import ProfileError, load_profile
        from console.wire.keys import KeyFileError, ensure_peer_key

        try:
            profile = load_profile(city_named(told.city))
            key = ensure_peer_key(told.home, told.desk, "desk")
        except (ProfileError, KeyFileError) as problem:
            raise DeskError(str(problem)) from None
        seat = profile.desks.get(told.desk)
        if seat is None:
            raise DeskError(f"Desk {told.desk!r} is not one of: {', '.join(profile.desks)}.")
        clock = SystemClock()
        person = told.person or seat.person
        board = Board(profile, clock, told.desk, person)
        link = HubLink(
            told.home, key, person, board.inbox, clock, trend_points=charted_points(profile, told.desk),
            on_asked=board.asked,
        )  # fmt: skip
        link.start()
    except BaseException:
        engine.stop()
        raise
    return Ground(told.home, profile, board, link, engine, clock, city_named(told.city))


def _engine(home: Path, no_video: bool, workers: int) -> VideoEngine:
    from console.video.book import SourceBook, SourceBookError
    from console.video.engine import VideoEngine
    from console.video.redact import RedactingFilter

    book = SourceBook({})
    if not no_video:
        try:
            book = SourceBook.load(home)
        except SourceBookError as problem:
            log.error("No picture can be shown: %s", problem)
    engine = VideoEngine(book, workers=max(1, workers), home=None if no_video else home)
    # The book changes while the desk runs, and with it what must never reach a log.
    hide = RedactingFilter(lambda text: engine.book.redactor()(text))
    for handler in logging.getLogger().handlers:
        handler.addFilter(hide)
    if not no_video:
        engine.start()
    return engine


def _sit(told: argparse.Namespace, ground: Ground) -> int:
    """Build the window, show it, serve it to its end."""
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance() or QApplication(["bongsu"])
    assert isinstance(app, QApplication)
    app.setApplicationName("bongsu")
    app.setDesktopFileName("bongsu")
    seat = furnish(ground, told.language or "", told.theme or "")
    if told.screenshots is not None:
        seat.photograph(told.screenshots, told.at)
    if told.page and seat.actions.has(f"shell.lower_{told.page}"):
        seat.actions.trigger(f"shell.lower_{told.page}")
    elif told.page:
        sys.stderr.write(f"There is no page {told.page!r}; the desk begins with the charts.\n")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: seat.leave_soon())
    seat.show()
    status = app.exec()
    seat.close()
    return status


def furnish(ground: Ground, language: str = "", theme: str = "") -> Seat:
    """Make the parts and join them. Features meet here and nowhere else. Needs a QApplication.

    An empty language or theme means: as this desk was left.
    """
    from console.desk.casequeue import CaseQueue
    from console.desk.desk_alarms import offer_alarms
    from console.desk.desk_bar import offer_bar
    from console.desk.desk_byhand import offer_byhand
    from console.desk.desk_clues import offer_clues
    from console.desk.desk_ladder import offer_ladder
    from console.desk.desk_map import offer_map
    from console.desk.desk_messages import offer_messages
    from console.desk.desk_procedure import offer_procedure
    from console.desk.desk_scene import make_pictures, offer_scene
    from console.desk.desk_shares import offer_shares
    from console.desk.reportspage import offer_reports
    from widgets.evidence.acts import PaneExport
    from widgets.incidents.detail import DetailPanel
    from widgets.incidents.queue import QueuePanel
    from widgets.kit.worth import RuleWorth
    from widgets.shell.joins import (
        BringCameras,
        FollowIncident,
        IntoReplay,
        LastTouch,
        OpenMostUrgent,
        ShowHistory,
    )
    from widgets.shell.seat import Seat
    from widgets.wall.acts import WallActs
    from widgets.wall.deck import WallDeck
    from widgets.wall.maskacts import MaskActs
    from widgets.wall.paneacts import PaneActs
    from widgets.wall.scenestrips import BeforeRow, LiveRow
    from widgets.wall.wall import WallWidget

    board, link, engine = ground.board, ground.link, ground.engine
    desk = ground.profile.desks[board.desk]
    seat = Seat(board, link, ground.clock, ground.home, language, theme)
    kit = (seat.catalogue, board, seat.tokens)
    wall, strip, before = WallWidget(engine, *kit), LiveRow(engine, *kit), BeforeRow(engine, *kit)
    around = (board, seat.pulse, link, seat.actions, seat.catalogue, seat.tokens)
    deck = WallDeck(wall, *around)
    deck.follows_mode = True
    charts = offer_charts(ground, seat)
    cases = CaseQueue(board)
    queue_panel = QueuePanel(board, cases, seat.pulse, seat.actions, seat.catalogue, seat.tokens)
    detail = DetailPanel(board, cases, seat.pulse, link, seat.actions, seat.catalogue, seat.tokens)
    unasked = _incident_of(detail, SCENE)
    pictures = make_pictures(board, link, seat, engine, ground.home, strip, before, unasked)
    detail.set_camera_area(pictures)
    operate = seat.window.place_operate(deck, charts, queue_panel, detail)
    walls = WallActs(seat.actions, seat)
    walls.register(operate)
    walls.add(deck)
    pane_acts = PaneActs(seat.actions, wall, seat)
    for surface in (wall, strip, before):
        pane_acts.serve(surface)
    MaskActs(pane_acts, seat.actions, wall, board, link, seat.pulse, seat.catalogue, seat.tokens, seat)
    charts.add_acts(seat.actions, operate)
    seat.serve_surface(wall, lambda: "wall")
    seat.serve_surface(strip, _incident_of(detail))
    queue_panel.chosen.connect(detail.show_incident)
    queue_panel.opened.connect(detail.focus_acts)
    touch = LastTouch(seat.window, seat)
    OpenMostUrgent(queue_panel, board, cases, seat.pulse.incidents_changed, touch, seat)

    bring = BringCameras(walls.bring, walls.take_turns, seat)
    FollowIncident(walls.follow_camera, detail.cameras_wanted, seat)

    city_map = offer_map(board, link, ground.home, engine, seat, operate, queue_panel, detail, bring)

    def camera_list() -> QWidget:
        from widgets.cameras.page import CameraPage

        made = CameraPage(board, seat.pulse, seat.actions, seat.catalogue, seat.tokens)
        made.cameras_wanted.connect(bring.bring)
        made.carousel_wanted.connect(bring.take_turns)
        return made

    operate.lower_area.add_page("cameras", "F5", camera_list, operate)

    into_controls = offer_controls(ground, seat, operate, detail)
    city_map.device_opened.connect(into_controls.show_device)
    worth = RuleWorth(board, link, seat.pulse, seat.catalogue, seat)
    sound = offer_alarms(
        ground.board, link, ground.clock, seat, operate, queue_panel, bring, into_controls, detail,
        worth,
    )
    ladder = offer_ladder(board, link, seat, detail, queue_panel, sound)
    offer_procedure(
        ground.city or ground.profile.city, board, link, seat, operate, detail, queue_panel, bring,
        ladder.panel, sound,
    )

    def upkeep() -> QWidget:
        from widgets.upkeep.page import UpkeepPage

        made = UpkeepPage(
            board, seat.pulse, link, seat.actions, seat.catalogue, seat.tokens, seat.moments, Path.home()
        )
        made.controls_wanted.connect(into_controls.show_device)
        made.place_wanted.connect(city_map.show_place)
        return made

    operate.lower_area.add_page("upkeep", "F10", upkeep, operate)
    offer_reports(board, seat, operate, link, bring, queue_panel.select)
    offer_shares(board, link, seat, operate, detail, queue_panel, bring)

    offer_warnings(ground, seat, operate)
    offer_messages(board, link, seat, operate, detail, sound)
    shown = _Shown(engine, pane_acts)
    exports = PaneExport(
        operate.lower_area.show_page, pane_acts, shown.at, board, seat.actions, operate, seat
    )
    replays = _offer_replay(ground, seat, operate, wall, (wall, strip), pane_acts, exports)
    offer_export(ground, seat, operate, pane_acts, shown.badge)
    IntoReplay(operate.lower_area.show_page, pane_acts, detail, board, seat.actions, operate, seat)

    def review() -> QWidget:
        # Not before it is asked for: nobody reads the record in the first seconds.
        from widgets.review.workspace import Review

        return Review(board, seat.pulse, link, seat.actions, seat.catalogue, seat.tokens)

    seat.window.place_review(review)
    history = ShowHistory(seat.window.show_review, seat)
    detail.history_wanted.connect(history.show)
    offer_scene(
        board, link, seat, operate, detail, pictures, bring, into_controls, city_map.show_place, history.show,
        ground.home,
    )
    wall.meter = seat.measure(desk.wall)

    def further_wall(number: int) -> WallDeck:
        further = WallDeck(WallWidget(engine, *kit, name=f"wall.{number}"), *around)
        seat.serve_surface(further.wall, lambda: f"wall {number}")
        pane_acts.serve(further.wall)
        replays(further.wall)
        walls.add(further)
        return further

    offer_windows(ground, seat, operate, deck, walls, further_wall)
    offer_clues(board, worth, seat, operate, queue_panel, detail, bring)
    byhand = offer_byhand(board, link, seat, operate, queue_panel, detail, pane_acts)
    city_map.incident_wanted.connect(byhand.at_position)
    bar = offer_bar(
        board, link, seat, operate, queue_panel, detail, walls, pane_acts, bring, into_controls, ladder,
        byhand,
    )  # fmt: skip
    bar.names.came.connect(byhand.take_names)
    byhand.names_wanted.connect(bar.names.want)
    return seat


def _offer_replay(
    ground: Ground, seat: Seat, operate: Operate, owner: QWidget, surfaces: Sequence[SelectingSurface],
    hand: PaneActs, exports: PaneExport,
) -> Callable[[SelectingSurface], None]:  # fmt: skip
    """Recorded pictures: in any pane of these surfaces, and cameras in step on a page of their own. Returns
    what offers them on one more surface."""
    from widgets.shell.joins import ShareMoment
    from widgets.wall.instant import InstantActs, InstantReplay

    board, link, engine, pulse = ground.board, ground.link, ground.engine, seat.pulse
    footage = ground.home / FOLDER
    instant = InstantActs(seat.actions, owner, hand, seat)

    def serve(surface: SelectingSurface) -> None:
        instant.serve(
            InstantReplay(surface, engine, footage, board, link, pulse, seat.catalogue, seat.tokens)
        )

    for surface in surfaces:
        serve(surface)

    def replay() -> QWidget:
        from console.footage.watch import FootageWatch
        from widgets.replay.page import ReplayPage
        from widgets.wall.replaysurface import ReplaySurface

        watch = FootageWatch(ground.home)
        watch.start()
        seat.at_close(watch.stop)
        panes = ReplaySurface(engine, seat.catalogue, board, seat.tokens)
        panes.follow(pulse)
        hand.serve(panes)
        made = ReplayPage(
            engine, footage, watch, panes, board, pulse, link, seat.actions, seat.tokens, seat.moments
        )
        ShareMoment(made, seat.shared_clock, made)
        made.export_wanted.connect(exports.stretch)
        return made

    hand.also(("replay.pause", "replay.step_back", "replay.step_forward", "replay.add"))
    operate.lower_area.add_page("replay", "F7", replay, operate)
    return serve


class _Shown:
    """What panes say of a camera: the one under the operator's hand first, then any other that shows it."""

    def __init__(self, engine: VideoEngine, hand: PaneActs) -> None:
        self._engine, self._hand = engine, hand

    def _state(self, camera_id: str) -> PaneState | None:
        for surface in self._hand.surfaces:
            state = self._engine.pane_state((surface.objectName(), camera_id))
            if state is not None:
                return state
        return None

    def at(self, camera_id: str) -> int:
        """When its recorded picture was taken, ns; 0 for a live one."""
        state = self._state(camera_id)
        return state.shown_wall_ns if state is not None else 0

    def badge(self, camera_id: str) -> Badge | None:
        from console.evidence.wish import badge_of

        state = self._state(camera_id)
        return badge_of(state) if state is not None else None


def _incident_of(detail: DetailPanel, by_itself: str = "") -> Callable[[], str]:
    """What the strip's cameras are looked at for; `by_itself` begins what the window shows unasked. Held
    weakly: the viewing log keeps no widget alive."""
    known = weakref.ref(detail)

    def purpose() -> str:
        panel = known()
        about = f"incident {panel.incident_id}" if panel is not None else "incident"
        return f"{by_itself} {about}".strip()

    return purpose
