"""Looking closer into a pane: the arithmetic, the wheel, the drag, the keys, and what the engine is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.wall.conftest import MOVING, FakeEngine, Shot
from tests.wall.test_wall import RED, Beat, place, shown
from widgets.wall import PaneStrip, WallWidget
from widgets.wall.bounds import pane_bounds
from widgets.wall.zoom import WHOLE, Zoom, decoded_size

BOUNDS = pane_bounds().zoom
shares = st.floats(0, 1)
steps = st.one_of(
    st.tuples(st.just("by"), st.floats(0.3, 3), shares, shares),
    st.tuples(st.just("moved"), st.floats(-2, 2), st.floats(-2, 2), st.just(0.0)),
)


def walked(walk: list[tuple[str, float, float, float]]) -> Zoom:
    zoom = WHOLE
    for do, first, second, third in walk:
        zoom = zoom.by(first, BOUNDS.longest, second, third) if do == "by" else zoom.moved(first, second)
    return zoom


@given(walk=st.lists(steps, max_size=30))
def test_the_seen_part_never_leaves_the_picture(walk: list[tuple[str, float, float, float]]) -> None:
    zoom = walked(walk)
    assert 1 <= zoom.factor <= BOUNDS.longest
    assert zoom.left >= -1e-9
    assert zoom.top >= -1e-9
    assert zoom.left + zoom.share <= 1 + 1e-9
    assert zoom.top + zoom.share <= 1 + 1e-9


@given(walk=st.lists(steps, max_size=5), x=shares, y=shares, times=st.floats(1.0, 3.0))
def test_zooming_in_keeps_what_is_under_the_cursor(
    walk: list[tuple[str, float, float, float]], x: float, y: float, times: float
) -> None:
    zoom = walked(walk)
    closer = zoom.by(times, BOUNDS.longest, x, y)
    if closer.factor > 1:
        assert closer.at(x, y) == pytest.approx(zoom.at(x, y), abs=1e-6)


@given(walk=st.lists(steps, max_size=8), x=shares, y=shares)
def test_place_is_where_at_looks(walk: list[tuple[str, float, float, float]], x: float, y: float) -> None:
    zoom = walked(walk)
    assert zoom.place(*zoom.at(x, y)) == pytest.approx((x, y), abs=1e-6)


sizes = st.tuples(st.integers(1, 3000), st.integers(1, 3000))


@given(room=sizes, source=sizes, factor=st.floats(1.0, 8.0))
def test_no_more_is_decoded_than_the_camera_gives_and_never_less_than_the_room(
    room: tuple[int, int], source: tuple[int, int], factor: float
) -> None:
    asked = decoded_size(room, source, Zoom(factor), None, BOUNDS)
    assert asked[0] >= room[0]
    assert asked[1] >= room[1]
    assert asked[0] <= room[0] * factor + 1
    # The camera's own pixels are enough: the picture fitted into what is asked is no larger than the source.
    scale = min(asked[0] / source[0], asked[1] / source[1])
    assert scale <= max(1.0, min(room[0] / source[0], room[1] / source[1])) + 0.02 + 2 / min(source)
    assert max(asked) <= max(BOUNDS.largest_side_px, *room) + 1


@given(
    room=st.tuples(st.integers(100, 2000), st.integers(100, 2000)),
    factors=st.lists(st.floats(1.0, 8.0), min_size=1, max_size=20),
)
def test_what_is_decoded_is_always_enough_and_asked_anew_only_where_it_pays(
    room: tuple[int, int], factors: list[float]
) -> None:
    source, asked = (1920, 1080), None
    for factor in factors:
        before, asked = asked, decoded_size(room, source, Zoom(factor), asked, BOUNDS)
        best = decoded_size(room, source, Zoom(factor), None, BOUNDS)
        assert asked[0] >= best[0] - 2
        if before is not None and factor > 1.0 and before != asked:
            assert before[0] < best[0] or best[0] < before[0] * BOUNDS.too_large or before[0] < room[0]


def test_a_zoomed_pane_of_a_smaller_stream_asks_for_more_than_that_stream_has() -> None:
    asked = decoded_size((480, 270), (640, 360), Zoom(4.0), None, BOUNDS, larger_exists=True)
    assert asked == (1920, 1080)


def turn(wall: WallWidget | PaneStrip, at: QPoint, notches: int) -> None:
    none = Qt.MouseButton.NoButton
    event = QWheelEvent(
        QPointF(at), QPointF(wall.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches), none,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(wall, event)


def halves(engine: FakeEngine, camera: str) -> None:
    """A picture whose left half is red and whose right half is blue."""
    width, height = engine.size(camera)
    row = bytes([30, 30, 200, 255]) * (width // 2) + bytes([200, 30, 30, 255]) * (width - width // 2)
    engine.put(camera, (width, height, row * height))


def test_the_wheel_looks_closer_at_what_is_under_the_cursor(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras, beat)
    halves(engine, cameras[5])
    beat()
    x, y, wide, high = place(wall, 5).picture  # type: ignore[attr-defined]
    before = shot(wall)
    assert before.colour(x + wide // 4, y + high // 2) != before.colour(x + 3 * wide // 4, y + high // 2)
    turn(wall, QPoint(x + wide - 4, y + 4), 4)
    closer = shot(wall)
    assert closer.colour(x + wide // 4, y + high // 4) == closer.colour(x + 3 * wide // 4, y + high // 4)
    assert wall.zoom_of(cameras[5]).factor == pytest.approx(BOUNDS.step**4)
    assert wall.zoom_of(cameras[4]) == WHOLE
    assert "Zoom 2.4x" in wall.words_of(cameras[5])
    turn(wall, QPoint(x + 10, y + 10), -20)
    assert wall.zoom_of(cameras[5]) == WHOLE
    turn(wall, QPoint(x + 10, y + 10), 40)
    assert wall.zoom_of(cameras[5]).factor == BOUNDS.longest


def test_a_drag_moves_a_zoomed_picture_and_nothing_else(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras, beat)
    shot(wall)
    x, y, wide, high = place(wall, 0).picture  # type: ignore[attr-defined]
    middle = QPoint(x + wide // 2, y + high // 2)

    def drag(by: QPoint) -> None:
        QTest.mousePress(wall, Qt.MouseButton.LeftButton, pos=middle)
        QTest.mouseMove(wall, middle + by)
        QTest.mouseRelease(wall, Qt.MouseButton.LeftButton, pos=middle + by)

    drag(QPoint(40, 0))
    assert wall.zoom_of(cameras[0]) == WHOLE
    turn(wall, middle, 5)
    before = wall.zoom_of(cameras[0])
    drag(QPoint(40, 20))
    after = wall.zoom_of(cameras[0])
    assert after.factor == before.factor
    assert after.x < before.x
    assert after.y < before.y
    assert not wall.is_panning
    drag(QPoint(-4000, -4000))
    assert wall.zoom_of(cameras[0]).left == pytest.approx(1 - after.share)


def test_keys_look_closer_move_and_esc_brings_all_of_it_back_before_it_leaves_the_full_pane(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras, beat)
    wall.show_full(True)
    shot(wall)
    wall.zoom_in()
    wall.zoom_in()
    wall.pan_left()
    assert wall.zoom_of(cameras[0]).x < 0.5
    QTest.keyClick(wall, Qt.Key.Key_Escape)
    assert wall.zoom_of(cameras[0]) == WHOLE
    assert wall.full_camera == cameras[0]
    QTest.keyClick(wall, Qt.Key.Key_Escape)
    assert wall.full_camera == ""


def test_the_engine_is_asked_once_for_the_pixels_a_zoomed_pane_shows_and_gets_the_small_size_back(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shown(wall, engine, cameras, beat)
    shot(wall)
    now = [10**12]
    for module in ("surface", "zooming"):
        monkeypatch.setattr(f"widgets.wall.{module}.time.monotonic_ns", lambda: now[0])
    engine.asked.clear()
    room = engine.size(cameras[0])
    for _ in range(4):
        wall.zoom_in()
        beat(1)
    assert engine.asked == []
    now[0] += 200_000_000
    beat(1)
    # The camera gives 640x360: there is no use in more.
    assert [each[0] for each in engine.asked] == [cameras[0]]
    wide, high = engine.asked[0][1:]
    assert min(wide / 640, high / 360) == pytest.approx(1.0, abs=0.01)
    engine.paint(cameras[0], RED)
    beat()
    wall.zoom_in()
    now[0] += 200_000_000
    beat()
    assert len(engine.asked) == 1, "what is decoded is still enough"
    wall.zoom_reset()
    now[0] += 200_000_000
    beat(1)
    assert engine.asked[1:] == [(cameras[0], *room)]


def test_zoom_belongs_to_the_pane_and_ends_with_its_camera(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    shown(wall, engine, cameras[:4], beat)
    shot(wall)
    wall.zoom_in()
    wall.select(cameras[1])
    assert not wall.is_zoomed
    wall.select(cameras[0])
    assert wall.is_zoomed
    wall.set_layout(cameras[1:4])
    wall.set_layout(cameras[:4])
    assert wall.zoom_of(cameras[0]) == WHOLE


def test_where_there_is_no_picture_there_is_nothing_to_look_into(
    wall: WallWidget, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    wall.set_layout(cameras[:1])
    wall.allow(cameras[:1])
    beat()
    shot(wall)
    wall.zoom_in()
    x, y, _, _ = place(wall, 0).picture  # type: ignore[attr-defined]
    turn(wall, QPoint(x + 50, y + 50), 3)
    assert wall.zoom_of(cameras[0]) == WHOLE
    assert MOVING.pictures  # and with one there would be
