"""Instant replay in a pane: on the record first, visibly not live, and live again by one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS, SteppedClock
from console.desk.board import Board
from console.desk.inbound import AnswerCame, LinkChanged
from console.language import Catalogue
from console.model.base import Words
from console.model.commands import Accepted, Refused, ViewFootage
from console.video.book import SourceBook
from console.video.condition import PaneState
from console.video.source import Source
from tests.kit.sitting import Port
from tests.wall.conftest import Shot
from tests.wall.recorded import RecordedEngine, Step
from widgets.kit.actions import Actions
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.wall import WallWidget
from widgets.wall.instant import InstantActs, InstantReplay

RED, GREEN = (200, 0, 0), (0, 200, 0)


@pytest.fixture
def engine(cameras: tuple[str, ...]) -> RecordedEngine:
    sources = {camera: Source(kind="rtsp", locator=f"rtsp://10.0.0.1/{camera}") for camera in cameras}
    return RecordedEngine(SourceBook(sources))


@pytest.fixture
def port(board: Board) -> Port:
    return Port(board)


@pytest.fixture
def instant(
    wall: WallWidget, engine: RecordedEngine, board: Board, port: Port, pulse: Pulse, catalogue: Catalogue,
    tokens: Tokens, cameras: tuple[str, ...],
) -> InstantReplay:  # fmt: skip
    board.inbox.append(LinkChanged("live"))
    pulse.tick()
    wall.set_layout(cameras[:4])
    wall.allow(cameras[:4])
    for camera in cameras[:4]:
        engine.paint(camera, GREEN)
    return InstantReplay(wall, engine, Path("footage"), board, port, pulse, catalogue, tokens)


@dataclass(frozen=True)
class OnTheWall:
    """The operator's hand."""

    surface: WallWidget


@pytest.fixture
def actions(instant: InstantReplay, catalogue: Catalogue, wall: WallWidget) -> Iterator[Actions]:
    made = Actions(catalogue)
    acts = InstantActs(made, wall, OnTheWall(wall), wall)
    acts.serve(instant)
    wall.setFocus()
    yield made
    made.deleteLater()


@pytest.fixture
def accept(board: Board, pulse: Pulse) -> Callable[[str], None]:
    def answer(request_id: str) -> None:
        board.inbox.append(AnswerCame(Accepted(id=request_id, seq=7)))
        pulse.tick()

    return answer


def test_back_ten_seconds_asks_first_and_shows_nothing_until_it_is_on_the_record(
    wall: WallWidget, engine: RecordedEngine, instant: InstantReplay, cameras: tuple[str, ...], port: Port,
    beat: Callable[..., None], stepped_clock: SteppedClock, shot: type[Shot],
) -> None:  # fmt: skip
    now_ns = stepped_clock.now_ns()
    instant.back(10.0)
    beat()
    (asked,) = port.commands.values()
    assert isinstance(asked, ViewFootage)
    assert asked.camera_ids == (cameras[0],)
    assert asked.from_ns <= now_ns - 10 * SECOND_NS <= asked.to_ns
    assert asked.purpose == "instant replay"
    assert engine.transports == {}
    place = wall.places()[0]
    assert shot(wall).middle(place) not in (RED, GREEN), "neither the live picture nor a recorded one"
    assert shot(wall).middle(wall.places()[1]) == GREEN, "the others stay live"
    assert "Waiting for the record" in wall.words_of(cameras[0])


def test_on_the_record_it_plays_with_its_own_clock_and_frame(
    wall: WallWidget, engine: RecordedEngine, instant: InstantReplay, cameras: tuple[str, ...],
    accept: Callable[[str], None], beat: Callable[..., None], stepped_clock: SteppedClock, shot: type[Shot],
    tokens: Tokens,
) -> None:  # fmt: skip
    now_ns = stepped_clock.now_ns()
    instant.back(10.0)
    accept("c1")
    beat()
    transport = engine.transports[f"wall:{cameras[0]}"]
    assert (transport.base_ns, transport.rate) == (now_ns - 10 * SECOND_NS, 1.0)
    source = engine.sources["wall", cameras[0]]
    assert isinstance(source, Source)
    assert (source.kind, source.group) == ("footage", f"wall:{cameras[0]}")
    engine.publish(cameras[0], now_ns - 12 * SECOND_NS, RED)
    beat()
    picture = shot(wall)
    place = wall.places()[0]
    assert picture.middle(place) == RED
    x, y, _, high = place.picture
    edge = {picture.colour(x + 2, y + down) for down in range(4, high - 4)}
    ink, ground = tokens.ink("text").getRgb()[:3], tokens.ground("bg0").getRgb()[:3]
    assert {ink, ground} <= edge, "the edge of a film"
    assert instant.replayed == (cameras[0],)
    beat()
    said = wall._panes[0].strip_said
    assert said.badges[0].endswith("–00:12")
    assert said.badges[-1] == "–00:12", "the last that gives way"
    assert said.state == "recorded"


def test_a_picture_outside_what_was_accepted_is_not_painted(
    wall: WallWidget, engine: RecordedEngine, instant: InstantReplay, cameras: tuple[str, ...],
    accept: Callable[[str], None], beat: Callable[..., None], stepped_clock: SteppedClock, shot: type[Shot],
) -> None:  # fmt: skip
    instant.back(10.0)
    accept("c1")
    beat()
    engine.publish(cameras[0], stepped_clock.now_ns() - 3600 * SECOND_NS, RED)
    beat()
    assert shot(wall).middle(wall.places()[0]) != RED


def test_a_refused_look_says_why_in_the_pane(
    wall: WallWidget, engine: RecordedEngine, instant: InstantReplay, cameras: tuple[str, ...], board: Board,
    pulse: Pulse, beat: Callable[..., None],
) -> None:  # fmt: skip
    instant.back(30.0)
    board.inbox.append(AnswerCame(Refused(id="c1", code="x", reason=Words(en="No right.", ko="권한 없음"))))
    pulse.tick()
    beat()
    assert "No right." in wall.words_of(cameras[0])
    assert engine.transports == {}


def test_without_the_hub_the_pane_says_what_it_waits_for(
    wall: WallWidget, instant: InstantReplay, cameras: tuple[str, ...], board: Board, pulse: Pulse,
    beat: Callable[..., None],
) -> None:  # fmt: skip
    board.inbox.append(LinkChanged("stale"))
    pulse.tick()
    instant.back(10.0)
    beat()
    assert "The hub does not answer" in wall.words_of(cameras[0])


def test_by_keys_back_again_is_further_back_space_stops_and_one_key_is_live_again(
    wall: WallWidget, engine: RecordedEngine, actions: Actions, instant: InstantReplay,
    cameras: tuple[str, ...], accept: Callable[[str], None], beat: Callable[..., None],
    stepped_clock: SteppedClock, shot: type[Shot],
) -> None:  # fmt: skip
    now_ns = stepped_clock.now_ns()
    group = f"wall:{cameras[0]}"
    actions.trigger("replay.back_10")
    accept("c1")
    actions.trigger("replay.back_30")
    accept("c2")
    assert engine.transports[group].base_ns == now_ns - 40 * SECOND_NS
    beat()
    shown_ns = now_ns - 40 * SECOND_NS
    engine.publish(cameras[0], shown_ns, RED)
    beat()
    shot(wall)
    actions.trigger("replay.pause")
    assert engine.transports[group].rate == 0
    actions.trigger("replay.step_forward")
    assert engine.steps == [(("wall", cameras[0]), shown_ns, 1)]
    engine.answer = Step(shown_ns, 1, shown_ns + 40_000_000)
    beat(1)
    assert engine.transports[group].base_ns == shown_ns + 40_000_000
    actions.trigger("replay.live")
    assert instant.replayed == ()
    source = engine.sources["wall", cameras[0]]
    assert isinstance(source, Source)
    assert source.kind == "rtsp"
    engine.paint(cameras[0], GREEN)
    beat()
    assert shot(wall).middle(wall.places()[0]) == GREEN


def test_a_time_is_typed_and_a_wrong_one_is_said(
    wall: WallWidget, actions: Actions, instant: InstantReplay, port: Port, stepped_clock: SteppedClock
) -> None:
    actions.trigger("replay.at")
    field = instant.field
    assert field.isVisibleTo(wall)
    QTest.keyClicks(field.field, "half past")
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert field.problem.text() == "Not a time: “half past”. As in 14:03:20 or 5m."
    assert not port.commands
    field.field.clear()
    QTest.keyClicks(field.field, "90s")
    QTest.keyClick(field.field, Qt.Key.Key_Return)
    assert not field.isVisibleTo(wall)
    (asked,) = port.commands.values()
    assert isinstance(asked, ViewFootage)
    assert asked.from_ns <= stepped_clock.now_ns() - 90 * SECOND_NS <= asked.to_ns


def test_a_camera_that_leaves_the_wall_ends_its_replay(
    wall: WallWidget, instant: InstantReplay, cameras: tuple[str, ...], accept: Callable[[str], None]
) -> None:
    instant.back(10.0)
    accept("c1")
    wall.set_layout(cameras[1:3])
    assert instant.replayed == ()


def test_a_recorded_pane_tells_the_city_nothing_about_its_camera(
    wall: WallWidget, engine: RecordedEngine, instant: InstantReplay, cameras: tuple[str, ...],
    accept: Callable[[str], None], beat: Callable[..., None],
) -> None:  # fmt: skip
    told: list[object] = []
    wall.camera_condition.connect(lambda *what: told.append(what))
    instant.back(10.0)
    accept("c1")
    beat()
    engine.states[cameras[0]] = engine.states[cameras[0]]._replace(state="frozen", reason="same_picture")
    beat(30)
    assert told == []


def test_a_pane_that_is_not_seen_stands_still(
    wall: WallWidget, instant: InstantReplay, engine: RecordedEngine, cameras: tuple[str, ...],
    accept: Callable[[str], None], stepped_clock: SteppedClock, beat: Callable[..., None],
) -> None:  # fmt: skip
    instant.back(10.0)
    accept("c1")
    wall.select(cameras[1])
    wall.show_full(True)
    stepped_clock.step(1.0)
    beat(1)
    assert engine.transports[f"wall:{cameras[0]}"].rate == 0


def test_a_pane_without_its_picture_shows_no_old_clock_and_says_why(
    wall: WallWidget, instant: InstantReplay, engine: RecordedEngine, cameras: tuple[str, ...],
    accept: Callable[[str], None], stepped_clock: SteppedClock, beat: Callable[..., None],
) -> None:  # fmt: skip
    instant.back(10.0)
    accept("c1")
    beat()
    engine.publish(cameras[0], stepped_clock.now_ns() - 10 * SECOND_NS, RED)
    beat()
    wall.grab()
    engine.gap(cameras[0], "no_footage")
    beat()
    said = wall._panes[0].strip_said
    assert said.badges == ("Not recorded",)
    assert said.clock == ""
    engine.states[cameras[0]] = PaneState("connecting", pictures=3)
    beat()
    assert "Looking for the picture" in wall.words_of(cameras[0])
