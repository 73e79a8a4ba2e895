"""Empty places, hot spots, camera numbers, pins, moving panes and dropping cameras."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.model.layout import WallLayout
from tests.wall.conftest import FakeEngine, Shot
from tests.wall.test_wall import GREEN, RED, Beat, shown
from widgets.kit.dragging import cameras_mime
from widgets.wall import WallWidget


def drop(wall: WallWidget, mime: QMimeData, at: QPoint) -> None:
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, actions, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(wall, enter)
    event = QDropEvent(QPointF(at), actions, mime, button, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(wall, event)


def middle(wall: WallWidget, place: int) -> QPoint:
    at = wall.place_rects()[place]
    return QPoint(at.x + at.width // 2, at.y + at.height // 2)


def hot(cameras: tuple[str, ...]) -> WallLayout:
    return WallLayout(id="h", name="Hot", shape="1+5", camera_ids=("", *cameras[:5]))


def test_an_empty_place_is_drawn_calm_with_its_number_and_can_be_selected(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    wall.show_layout(WallLayout(id="l", name="n", shape="2x2", camera_ids=(cameras[0], "", cameras[1])))
    assert wall.camera_ids == cameras[:2]
    wall.select_place(1)
    assert wall.selected_camera == ""
    assert "place 2" in wall.accessibleName() and "Empty" in wall.accessibleName()
    painted = shot(wall)
    assert painted.has(wall.place_rects()[1], wall._tokens.ink("dim").getRgb()[:3], "whole")
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert wall.full_camera == "", "an empty place does not fill the wall"


def test_a_hot_spot_shows_what_is_selected_and_the_place_says_where_its_camera_is(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot]
) -> None:
    wall.show_layout(hot(cameras))
    wall.allow(cameras[:5])
    for camera in cameras[:5]:
        engine.paint(camera, GREEN if camera == cameras[2] else RED)
    wall.select_place(3)
    beat()
    assert (wall.camera_at(0), wall.camera_at(3), wall.camera_of(3)) == (cameras[2], "", cameras[2])
    assert wall.selected_camera == cameras[2]
    at = wall.place_rects()[0]
    assert shot(wall).middle(at) == GREEN
    QTest.keyClick(wall, Qt.Key.Key_Right)
    assert wall.camera_at(3) == cameras[2], "it is back in its place"
    asked = len(engine.asked)
    wall.follow_camera(cameras[9])
    assert wall.camera_at(0) == cameras[9] and len(engine.asked) == asked + 1


def test_a_camera_of_an_incident_that_comes_into_the_hot_spot_waits_for_the_record(
    wall: WallWidget, cameras: tuple[str, ...]
) -> None:
    wall.show_layout(hot(cameras))
    wall.allow(cameras[:5])
    wanted: list[tuple[str, ...]] = []
    wall.viewing_wanted.connect(wanted.append)
    wall.follow_camera(cameras[9])
    assert wanted == [(cameras[9],)]
    ended: list[tuple[str, ...]] = []
    wall.viewing_ended.connect(ended.append)
    wall.select_place(1)
    assert ended == [(cameras[9],)]


def test_a_camera_is_called_by_its_number_into_the_pane_that_was_selected(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    wall.select_place(4)
    QTest.keyClicks(wall, "445")  # Glasgow has one camera of this number: CAM-RES-0445
    assert wall.notice.large == "445" and wall.notice.isVisible()
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert wall.camera_at(4) == "CAM-RES-0445" and wall.selected_place == 4
    assert wall.full_camera == ""


def test_a_number_no_camera_has_is_said_and_nothing_changes(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    QTest.keyClicks(wall, "9999")
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert wall.shown.slots[:16] == cameras
    assert "no camera with number 9999" in wall.notice.line


def test_of_several_cameras_with_a_number_one_is_offered_for_choice(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    offered: list[tuple[tuple[str, ...], int]] = []
    wall.cameras_offered.connect(lambda ids, place: offered.append((ids, place)))
    wall.select_place(2)
    QTest.keyClicks(wall, "5")
    QTest.keyClick(wall, Qt.Key.Key_Return)
    ((ids, place),) = offered
    assert place == 2 and len(ids) > 1 and all(one.endswith("0005") for one in ids)


def test_escape_gives_a_typed_number_up_and_selects_what_was_selected(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    wall.select_place(6)
    QTest.keyClicks(wall, "3")
    assert wall.selected_place == 2
    QTest.keyClick(wall, Qt.Key.Key_Escape)
    assert wall.selected_place == 6 and not wall.notice.isVisible()


def test_some_seconds_after_the_digits_enter_is_about_the_pane_again(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    now = [1_000_000_000_000]
    wall.mono_ns = lambda: now[0]
    QTest.keyClicks(wall, "7")
    now[0] += 5_000_000_000
    beat()
    assert not wall.notice.isVisible()
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert wall.full_camera == cameras[6]


@pytest.mark.parametrize(
    "key", [Qt.Key.Key_2, Qt.Key.Key_9, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_Plus]
)
def test_with_the_keyboard_on_the_wall_its_keys_are_no_acts_of_other_parts(
    wall: WallWidget, key: Qt.Key
) -> None:
    override = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    override.ignore()
    QApplication.sendEvent(wall, override)
    assert override.isAccepted()
    other = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier)
    other.ignore()
    QApplication.sendEvent(wall, other)
    assert not other.isAccepted(), "what the wall does not hear itself is still an act"


def test_a_dropped_camera_replaces_and_a_pane_on_a_pane_exchanges(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    drop(wall, cameras_mime(("CAM-RES-0007",)), middle(wall, 5))
    assert wall.camera_at(5) == "CAM-RES-0007"
    drop(wall, cameras_mime((cameras[0],)), middle(wall, 10))
    assert (wall.camera_at(10), wall.camera_at(0)) == (cameras[0], cameras[10])
    drop(wall, cameras_mime(("CAM-NONE", "LAMP-1")), middle(wall, 3))
    assert wall.camera_at(3) == cameras[3], "what is no camera of this city changes nothing"


def test_what_is_dropped_on_the_edge_is_added(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    drop(wall, cameras_mime(("CAM-RES-0007",)), QPoint(3, 300))
    assert wall.grid_side == (5, 5)
    assert set(wall.shown.slots) >= {*cameras, "CAM-RES-0007"}


def test_several_cameras_of_an_incident_fill_empty_places_first(
    wall: WallWidget, cameras: tuple[str, ...]
) -> None:
    wall.show_layout(WallLayout(id="l", name="n", shape="2x2", camera_ids=(cameras[0], cameras[1])))
    drop(wall, cameras_mime(cameras[5:8]), middle(wall, 1))
    assert wall.shown.slots == (cameras[0], cameras[5], cameras[6], cameras[7])


def test_a_pane_is_moved_by_keyboard(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    wall.carry()
    QTest.keyClick(wall, Qt.Key.Key_Right)
    QTest.keyClick(wall, Qt.Key.Key_Down)
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert (wall.camera_at(5), wall.camera_at(0)) == (cameras[0], cameras[5])
    assert wall.selected_camera == cameras[0]
    wall.carry()
    QTest.keyClick(wall, Qt.Key.Key_Escape)
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert wall.full_camera == cameras[0], "given up: Enter is about the pane again"


def test_a_pinned_pane_is_replaced_by_nothing(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    wall.select_place(3)
    wall.pin_selected()
    drop(wall, cameras_mime(("CAM-RES-0007",)), middle(wall, 3))
    wall.remove_selected()
    wall.show_layout(hot(cameras[6:]))
    assert cameras[3] in wall.camera_ids
    wall.select(cameras[3])
    wall.pin_selected()
    wall.remove_selected()
    assert cameras[3] not in wall.camera_ids


def test_the_carousels_next_camera_is_asked_for_and_decoded_before_it_is_seen(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat, shot: type[Shot],
    qt_wait_until: Callable[..., None],
) -> None:  # fmt: skip
    now = [1_000_000_000_000]
    wall.mono_ns = lambda: now[0]

    def later(seconds: float) -> None:
        for _ in range(int(seconds * 5)):
            now[0] += 200_000_000
            beat()

    wall.show_layout(
        WallLayout(
            id="l", name="n", shape="2x1", camera_ids=(cameras[0],), carousel=cameras[1:4], dwell_s=10.0
        )
    )
    wall.allow(wall.camera_ids)
    engine.paint(cameras[1], RED)
    later(1)
    assert wall.camera_at(1) == cameras[1] and "1/3" in wall.name_of_pane(1)
    wanted: list[tuple[str, ...]] = []
    wall.viewing_wanted.connect(wanted.append)
    later(6.5)
    assert wanted == [(cameras[2],)]
    assert engine.asked[-1][0] == cameras[2] and engine.size(cameras[2]) == engine.size(cameras[1])
    later(4)
    assert wall.camera_at(1) == cameras[1], "no picture before the record has the view"
    wall.allow((cameras[2],))
    engine.paint(cameras[2], GREEN)
    ended: list[tuple[str, ...]] = []
    wall.viewing_ended.connect(ended.append)
    later(0.4)
    assert wall.camera_at(1) == cameras[2] and ended == [(cameras[1],)]
    assert shot(wall).middle(wall.place_rects()[1]) == GREEN, "no black gap"
