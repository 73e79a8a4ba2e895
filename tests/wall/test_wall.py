"""What the wall shows, when, and of whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from console.desk.board import Board
from console.language import Catalogue
from console.model.base import Place as WherePlace
from console.model.base import Position, same_words
from console.model.incident import Incident
from console.video.book import SourceBook
from console.video.condition import PaneState
from console.video.source import Source
from tests.wall.conftest import MOVING, FakeEngine, Shot
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.wall import WallWidget

Beat = Callable[..., None]
RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)


def rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.getRgb()[:3]


def place(wall: WallWidget, number: int) -> object:
    found = wall.places()[number]
    assert found is not None
    return found


def shown(wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat) -> None:
    """Put these cameras on the wall, allow them, give each a red picture."""
    wall.set_layout(cameras)
    wall.allow(cameras)
    for camera in cameras:
        engine.paint(camera, RED)
    beat()


def incident(number: int, priority: int, cameras: tuple[str, ...], stage: str = "new") -> Incident:
    somewhere = WherePlace(name=same_words("x"), position=Position(lat=55.8, lon=-4.2))
    return Incident(id=str(number), type="fall", priority=priority, place=somewhere, opened_at_ns=1,
                    changed_at_ns=1, camera_ids=cameras, stage=stage)  # fmt: skip


def test_no_picture_is_shown_before_the_view_is_on_the_record(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    wanted: list[tuple[str, ...]] = []
    wall.viewing_wanted.connect(wanted.append)
    wall.set_layout(cameras)
    assert wanted == [cameras]
    for camera in cameras:
        engine.paint(camera, RED)
    beat()
    picture = shot(wall)
    assert all(picture.middle(place(wall, number)) != RED for number in range(16))
    assert "Waiting for the record" in wall.accessibleName()
    wall.allow(cameras[:1])
    beat()
    picture = shot(wall)
    assert picture.middle(place(wall, 0)) == RED
    assert all(picture.middle(place(wall, number)) != RED for number in range(1, 16))


def test_a_view_the_hub_refused_says_why_instead_of_a_picture(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    wall.set_layout(cameras[:1])
    engine.paint(cameras[0], RED)
    wall.deny(cameras[:1], "This camera belongs to another district.")
    beat()
    assert not shot(wall).has(place(wall, 0), RED, "whole")
    assert "Not permitted" in wall.accessibleName()
    assert "another district" in wall.words_of(cameras[0])


def test_after_the_hub_was_away_only_what_still_waits_is_asked_for_again(
    wall: WallWidget, cameras: tuple[str, ...]
) -> None:
    wanted: list[tuple[str, ...]] = []
    wall.set_layout(cameras[:3])
    wall.allow(cameras[1:2])
    wall.viewing_wanted.connect(wanted.append)
    wall.ask_again()
    assert wanted == [(cameras[0], cameras[2])]


def test_a_camera_that_leaves_the_wall_is_told_and_must_be_asked_for_again(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras[:3], beat)
    ended: list[tuple[str, ...]] = []
    wanted: list[tuple[str, ...]] = []
    wall.viewing_ended.connect(ended.append)
    wall.viewing_wanted.connect(wanted.append)
    wall.set_layout((cameras[0], cameras[5]))
    assert ended == [(cameras[1], cameras[2])]
    assert wanted == [(cameras[5],)]
    assert set(engine.hidden) == {cameras[1], cameras[2]}
    wall.set_layout((cameras[0], cameras[1]))
    assert wanted[-1] == (cameras[1],)
    engine.paint(cameras[1], RED)
    beat()
    assert not shot(wall).has(place(wall, 1), RED, "whole")


def test_a_camera_that_only_changes_its_place_keeps_its_picture(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras[:2], beat)
    engine.paint(cameras[1], GREEN)
    wall.set_layout((cameras[1], cameras[0]))
    picture = shot(wall)
    assert picture.middle(place(wall, 0)) == GREEN
    assert picture.middle(place(wall, 1)) == RED
    assert len(engine.asked) == 2


def test_a_new_picture_is_painted_at_the_next_beat_and_only_there(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot],
    qt_wait_until: Callable[..., None],
) -> None:  # fmt: skip
    shown(wall, engine, cameras, beat)
    shot(wall)
    painted: list[str] = []

    class Meter:
        def painted(self, camera_id: str, due_mono_ns: int) -> None:
            painted.append(camera_id)

    wall.meter = Meter()
    QApplication.processEvents()
    painted.clear()
    engine.paint(cameras[6], BLUE)
    beat(1)
    qt_wait_until(lambda: painted, "the new picture to be painted")
    assert painted == [cameras[6]]
    assert shot(wall).middle(place(wall, 6)) == BLUE


def test_a_picture_keeps_its_proportions(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    """A portrait picture stands in the middle of its pane, with the ground on both sides."""
    wall.set_layout(cameras)
    wall.allow(cameras)
    _, height = engine.size(cameras[0])
    engine.paint(cameras[0], RED, size=(height // 2, height))
    beat()
    x, y, wide, high = place(wall, 0).picture  # type: ignore[attr-defined]
    picture = shot(wall)
    row = [picture.colour(x + each, y + high // 2) == RED for each in range(wide)]
    assert sum(row) == height // 2
    assert row.index(True) == (wide - height // 2) // 2


def test_an_old_picture_is_greyed_and_says_its_age(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras[:1], beat)
    assert shot(wall).middle(place(wall, 0)) == RED
    engine.states[cameras[0]] = MOVING._replace(state="stalled", reason="timeout", age_ms=12_400)
    beat()
    greyed = shot(wall).middle(place(wall, 0))
    assert max(greyed) - min(greyed) < (max(RED) - min(RED)) / 2
    assert "Stalled" in wall.accessibleName()
    assert "Nothing comes from the camera" in wall.words_of(cameras[0])


@pytest.mark.parametrize(
    "state",
    [
        MOVING._replace(state="frozen", reason="same_picture", same_for_ms=7000),
        MOVING._replace(state="no_signal", reason="connection_closed", age_ms=800),
        MOVING._replace(age_ms=2000),
    ],
)
def test_no_state_in_which_the_picture_is_not_the_present_looks_like_the_present(
    wall: WallWidget,
    engine: FakeEngine,
    cameras: tuple[str, ...],
    beat: Beat,
    shot: type[Shot],
    state: PaneState,
) -> None:
    shown(wall, engine, cameras[:1], beat)
    engine.states[cameras[0]] = state
    beat()
    assert shot(wall).middle(place(wall, 0)) != RED


def test_a_dashed_outline_and_a_word_stand_where_nothing_comes(
    wall: WallWidget,
    engine: FakeEngine,
    cameras: tuple[str, ...],
    beat: Beat,
    shot: type[Shot],
    tokens: Tokens,
) -> None:
    wall.set_layout(cameras[:2])
    wall.allow(cameras[:2])
    engine.states[cameras[1]] = PaneState("no_signal", "host_not_found")
    beat()
    x, y, wide, _ = place(wall, 1).picture  # type: ignore[attr-defined]
    picture = shot(wall)
    line = [picture.colour(x + each, y + 1) == rgb(tokens.ink("dim")) for each in range(2, wide - 2)]
    assert any(line)
    assert not all(line)
    assert picture.has(place(wall, 1), rgb(tokens.ink("p1")), "whole"), "the word, in its colour"


def test_nothing_is_coloured_while_nothing_is_wrong(
    wall: WallWidget,
    engine: FakeEngine,
    cameras: tuple[str, ...],
    beat: Beat,
    shot: type[Shot],
    tokens: Tokens,
) -> None:
    shown(wall, engine, cameras[:2], beat)
    engine.states[cameras[1]] = MOVING._replace(state="damaged", reason="corrupt_pictures")
    beat()
    picture = shot(wall)
    assert not picture.has(place(wall, 0), rgb(tokens.mark("p1")))
    assert not picture.has(place(wall, 0), rgb(tokens.ink("p2")))
    assert picture.has(place(wall, 1), rgb(tokens.ink("p2")))


def test_a_camera_without_a_source_says_what_to_do(
    wall: WallWidget, catalogue: Catalogue, city: object, beat: Beat
) -> None:
    stranger = next(camera for camera in city.cameras if camera not in wall._engine.book.camera_ids)  # type: ignore[attr-defined]
    wall.set_layout((stranger,))
    wall.allow((stranger,))
    beat()
    assert "sources.json" in wall.words_of(stranger)


def test_a_source_that_changes_while_the_wall_runs_is_asked_for_anew(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras[:2], beat)
    engine.asked.clear()
    moved = Source(kind="rtsp", locator="rtsp://10.0.0.2/moved")
    engine.book = SourceBook({cameras[0]: moved})
    beat()
    assert [asked[0] for asked in engine.asked] == [cameras[0]]
    assert engine.hidden == [cameras[1]], "its source is gone"
    beat()
    assert "sources.json" in wall.words_of(cameras[1])


def test_cameras_of_open_incidents_carry_the_priority_shape_and_the_most_urgent_wins(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat,
    shot: type[Shot],
    tokens: Tokens,
) -> None:  # fmt: skip
    shown(wall, engine, cameras, beat)
    for number, (priority, ids, stage) in enumerate([
        (3, cameras[:2], "new"), (1, cameras[1:2], "acknowledged"), (2, cameras[2:3], "closed"),
    ]):  # fmt: skip
        board.state.incidents[str(number)] = incident(number, priority, ids, stage)
    wall.read_incidents()
    picture = shot(wall)
    marks = {priority: rgb(tokens.priority_mark(priority)) for priority in (1, 2, 3)}
    assert picture.has(place(wall, 0), marks[3])
    assert picture.has(place(wall, 1), marks[1])
    assert not any(picture.has(place(wall, 2), mark) for mark in marks.values())


def test_only_what_nobody_has_seen_blinks(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], board: Board, beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras, beat)
    board.state.incidents["0"] = incident(0, 1, cameras[:1])
    board.state.incidents["1"] = incident(1, 1, cameras[1:2], "acknowledged")
    wall.read_incidents()

    def strip_of(number: int) -> list[tuple[int, int, int]]:
        picture, at = shot(wall), place(wall, number)
        return [picture.colour(at.x + x, at.y + 9) for x in range(24)]  # type: ignore[attr-defined]

    lit = strip_of(0), strip_of(1)
    wall.blink(False)
    unlit = strip_of(0), strip_of(1)
    assert lit[0] != unlit[0]
    assert lit[1] == unlit[1]


def test_a_filling_pane_gets_a_picture_of_its_size_and_the_others_are_kept_for_a_while(
    wall: WallWidget,
    engine: FakeEngine,
    cameras: tuple[str, ...],
    beat: Beat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown(wall, engine, cameras, beat)
    now = [10**12]
    monkeypatch.setattr("widgets.wall.surface.time.monotonic_ns", lambda: now[0])
    wall.toggle_full()
    now[0] += 200_000_000
    beat(1)
    assert engine.asked[-1] == (cameras[0], 1282, 726 - 18)
    beat()
    assert engine.hidden == []
    now[0] += 11_000_000_000
    beat()
    assert set(engine.hidden) == set(cameras[1:])
    wall.toggle_full()
    assert {asked[0] for asked in engine.asked[-15:]} == set(cameras[1:])


def test_a_hidden_wall_stops_decoding_after_a_while_and_begins_again_when_shown(
    wall: WallWidget,
    engine: FakeEngine,
    cameras: tuple[str, ...],
    beat: Beat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown(wall, engine, cameras[:4], beat)
    now = [10**12]
    monkeypatch.setattr("widgets.wall.surface.time.monotonic_ns", lambda: now[0])
    wall.hide()
    beat()
    now[0] += 11_000_000_000
    beat()
    assert set(engine.hidden) == set(cameras[:4])
    wall.show()
    engine.asked.clear()
    beat()
    assert {asked[0] for asked in engine.asked} == set(cameras[:4])


def test_while_a_window_is_resized_the_engine_is_asked_once_at_the_end(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shown(wall, engine, cameras, beat)
    now = [10**12]
    monkeypatch.setattr("widgets.wall.surface.time.monotonic_ns", lambda: now[0])
    engine.asked.clear()
    for width in range(1000, 1200, 20):
        wall.resize(width, 700)
        beat(1)
    assert engine.asked == []
    assert shot(wall).middle(place(wall, 3)) == RED, "stretched meanwhile"
    now[0] += 200_000_000
    beat(1)
    assert len(engine.asked) == 16


def test_a_frozen_camera_is_reported_once_and_its_recovery_once(
    wall: WallWidget,
    engine: FakeEngine,
    cameras: tuple[str, ...],
    beat: Beat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown(wall, engine, cameras[:2], beat)
    told: list[tuple[str, str, str]] = []
    wall.camera_condition.connect(lambda camera, condition, why: told.append((camera, condition, why.ko)))
    now = [10**12]
    monkeypatch.setattr("widgets.wall.surface.time.monotonic_ns", lambda: now[0])
    engine.states[cameras[1]] = MOVING._replace(state="frozen", reason="same_picture", same_for_ms=5000)
    for _ in range(20):
        beat()
    assert [each[:2] for each in told] == [(cameras[1], "degraded")]
    assert "정지 영상" in told[0][2]
    engine.states[cameras[1]] = MOVING
    for _ in range(20):
        now[0] += 500_000_000
        beat()
    assert [each[:2] for each in told] == [(cameras[1], "degraded"), (cameras[1], "up")]


def test_the_wall_lives_and_dies_without_holding_anybody(
    engine: FakeEngine, catalogue: Catalogue, board: Board, tokens: Tokens, pulse: Pulse,
    cameras: tuple[str, ...], beat: Beat,
) -> None:  # fmt: skip
    import gc
    import weakref

    from PySide6.QtCore import QCoreApplication, QEvent

    wall = WallWidget(engine, catalogue, board, tokens)
    wall.resize(800, 600)
    wall.follow(pulse)
    wall.show()
    shown(wall, engine, cameras, beat)
    wall.grab()
    wall.release()
    wall.close()
    wall.deleteLater()
    gone = weakref.ref(wall)
    del wall
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None
    beat()
    tokens.switch("light")
    catalogue.switch("ko")
