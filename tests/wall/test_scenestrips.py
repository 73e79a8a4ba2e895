"""The pictures of a scene: five cameras live, the same from before it began; nothing recorded unpermitted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS, SteppedClock
from console.desk.board import Board
from console.desk.inbound import AnswerCame, LinkChanged
from console.language import Catalogue
from console.model.commands import Accepted, ViewFootage
from console.video.book import SourceBook
from console.video.load import Importance
from console.video.source import Source
from tests.kit.sitting import Port
from tests.wall.recorded import RecordedEngine
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.wall.scenestrips import BeforeRow, LiveRow, ScenePictures

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def engine(cameras: tuple[str, ...]) -> RecordedEngine:
    sources = {camera: Source(kind="rtsp", locator=f"rtsp://10.0.0.1/{camera}") for camera in cameras}
    return RecordedEngine(SourceBook(sources))


@pytest.fixture
def port(board: Board) -> Port:
    return Port(board)


@pytest.fixture
def pictures(
    engine: RecordedEngine, board: Board, port: Port, pulse: Pulse, catalogue: Catalogue, tokens: Tokens
) -> Iterator[ScenePictures]:
    board.inbox.append(LinkChanged("live"))
    pulse.tick()
    live, before = (kind(engine, catalogue, board, tokens) for kind in (LiveRow, BeforeRow))
    live.follow(pulse)
    made = ScenePictures(
        live, before, engine, Path("footage"), board, port, pulse, catalogue, tokens, lambda: "incident I1",
        10.0, 20.0,
    )  # fmt: skip
    made.resize(700, made.height())
    made.show()
    yield made
    made.release()
    for part in (live, before):
        part.release()
    made.close()
    made.deleteLater()


@pytest.fixture
def accept(board: Board, pulse: Pulse) -> Callable[[str], None]:
    def answer(request_id: str) -> None:
        board.inbox.append(AnswerCame(Accepted(id=request_id, seq=7)))
        pulse.tick()

    return answer


def asked(port: Port) -> list[ViewFootage]:
    return [one for one in port.commands.values() if isinstance(one, ViewFootage)]


def test_opening_asks_once_for_all_five_from_ten_seconds_before_and_plays_nothing_unpermitted(
    pictures: ScenePictures, engine: RecordedEngine, cameras: tuple[str, ...], port: Port,
    beat: Callable[..., None], stepped_clock: SteppedClock, accept: Callable[[str], None],
) -> None:  # fmt: skip
    began = stepped_clock.now_ns() - 15 * SECOND_NS
    pictures.show_scene(cameras[:6], began)
    beat()
    (look,) = asked(port)
    assert look.camera_ids == cameras[:5]
    assert look.from_ns <= began - 10 * SECOND_NS <= look.to_ns
    assert look.purpose == "incident I1"
    assert engine.transports == {}, "not before it is on the record"
    accept("c1")
    beat()
    transport = engine.transports["scene.before"]
    assert transport.rate == 1.0
    shown = {pane for pane in engine.sources if pane[0] == "scene.before"}  # type: ignore[index]
    assert len(shown) == 5


def test_the_live_row_asks_for_its_own_permission_and_shows_the_same_cameras(
    pictures: ScenePictures, cameras: tuple[str, ...], stepped_clock: SteppedClock
) -> None:
    wanted: list[tuple[str, ...]] = []
    live = pictures.findChild(LiveRow)
    assert live is not None
    live.viewing_wanted.connect(wanted.append)
    pictures.show_scene(cameras[:5], stepped_clock.now_ns())
    assert wanted == [cameras[:5]]
    assert live.camera_ids == cameras[:5]


def test_choosing_in_one_row_chooses_in_the_other_and_enter_shows_it_large_beside_itself(
    pictures: ScenePictures, cameras: tuple[str, ...], stepped_clock: SteppedClock
) -> None:
    pictures.show_scene(cameras[:5], stepped_clock.now_ns())
    live, before = pictures.findChild(LiveRow), pictures.findChild(BeforeRow)
    assert live is not None and before is not None
    QTest.keyClick(live, Qt.Key.Key_Right)
    assert before.selected_camera == live.selected_camera == cameras[1]
    QTest.keyClick(live, Qt.Key.Key_Return)
    for row in (live, before):
        places = row.places()
        assert [number for number, place in enumerate(places) if place is not None] == [1]
    QTest.keyClick(before, Qt.Key.Key_Left)
    assert live.selected_camera == cameras[0]
    assert before.places()[0] is not None
    QTest.keyClick(before, Qt.Key.Key_Return)
    assert all(place is not None for place in live.places())


def test_the_same_incident_again_does_not_begin_anew_and_another_does(
    pictures: ScenePictures, cameras: tuple[str, ...], port: Port, beat: Callable[..., None],
    stepped_clock: SteppedClock, accept: Callable[[str], None],
) -> None:  # fmt: skip
    began = stepped_clock.now_ns() - 15 * SECOND_NS
    pictures.show_scene(cameras[:5], began)
    beat()
    accept("c1")
    stepped_clock.step(3.0)
    beat()
    at = pictures.playback.position_ns
    assert at > began - 10 * SECOND_NS
    pictures.show_scene(cameras[:5], began)
    assert pictures.playback.position_ns == at
    pictures.show_scene((), 0)
    beat()
    assert pictures.began_ns == 0
    assert pictures.playback.camera_ids == ()


def test_what_nobody_sees_stands_still_and_goes_on_when_it_is_seen_again(
    pictures: ScenePictures, cameras: tuple[str, ...], beat: Callable[..., None],
    stepped_clock: SteppedClock, accept: Callable[[str], None],
) -> None:  # fmt: skip
    pictures.show_scene(cameras[:5], stepped_clock.now_ns() - 15 * SECOND_NS)
    beat()
    accept("c1")
    pictures.hide()
    stepped_clock.step(1.1)
    beat()
    assert pictures.playback.rate == 0.0
    pictures.show()
    stepped_clock.step(1.1)
    beat()
    assert pictures.playback.rate == 1.0
    pictures.toggle_pause()
    stepped_clock.step(1.1)
    beat()
    assert pictures.playback.rate == 0.0, "a hand stopped it"
    pictures.again()
    assert pictures.playback.rate == 1.0


def test_it_is_shown_once_and_stands_then_until_it_is_asked_for_again(
    pictures: ScenePictures, cameras: tuple[str, ...], beat: Callable[..., None],
    stepped_clock: SteppedClock, board: Board, port: Port, accept: Callable[[str], None],
) -> None:  # fmt: skip
    began = stepped_clock.now_ns() - 60 * SECOND_NS
    pictures.show_scene(cameras[:5], began)
    beat()
    accept("c1")
    for _ in range(40):
        stepped_clock.step(1.1)
        beat()
        for name in tuple(board.pending):
            accept(name)
    assert pictures.playback.rate == 0.0
    assert began + 20 * SECOND_NS <= pictures.playback.position_ns <= began + 23 * SECOND_NS
    pictures.again()
    assert pictures.playback.rate == 1.0


def test_it_is_said_how_long_before_or_after_the_picture_was_taken(
    pictures: ScenePictures, cameras: tuple[str, ...], beat: Callable[..., None],
    stepped_clock: SteppedClock, accept: Callable[[str], None],
) -> None:  # fmt: skip
    pictures.show_scene(cameras[:5], stepped_clock.now_ns() - 15 * SECOND_NS)
    beat()
    accept("c1")
    stepped_clock.step(1.1)
    beat()
    assert "before the first sign" in pictures.said_before.text()


def test_the_live_row_is_cut_last(
    pictures: ScenePictures, engine: RecordedEngine, cameras: tuple[str, ...], stepped_clock: SteppedClock,
    beat: Callable[..., None],
) -> None:  # fmt: skip
    pictures.show_scene(cameras[:5], stepped_clock.now_ns())
    live = pictures.findChild(LiveRow)
    assert live is not None
    live.allow(cameras[:5])
    beat()
    told = {pane: one for pane, one in engine.importance.items() if pane[0] == "wall.strip"}  # type: ignore[index]
    assert told
    assert all(one >= Importance.INCIDENT for one in told.values())
