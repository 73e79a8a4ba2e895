"""The wall by keyboard, by mouse, by ear, and in another language."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from console.language import Catalogue
from tests.wall.conftest import MOVING, FakeEngine
from tests.wall.test_wall import Beat, place, shown
from widgets.wall import WallWidget


def test_arrows_enter_and_escape_choose_fill_and_bring_back(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    chosen: list[str] = []
    full: list[str] = []
    wall.selected_camera_changed.connect(chosen.append)
    wall.full_changed.connect(full.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(wall, key)
    assert chosen == [cameras[1], cameras[5], cameras[4], cameras[0]]
    QTest.keyClick(wall, Qt.Key.Key_Return)
    assert [number for number, at in enumerate(wall.places()) if at is not None] == [0]
    QTest.keyClick(wall, Qt.Key.Key_Right)
    assert wall.full_camera == cameras[1]
    QTest.keyClick(wall, Qt.Key.Key_Escape)
    assert full == [cameras[0], cameras[1], ""]
    assert None not in wall.places()
    QTest.keyClick(wall, Qt.Key.Key_End)
    assert wall.selected_camera == cameras[15]
    QTest.keyClick(wall, Qt.Key.Key_Home)
    assert wall.selected_camera == cameras[0]


def test_digits_choose_a_pane_by_its_number(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    QTest.keyClicks(wall, "3")
    assert wall.selected_camera == cameras[2]
    QTest.keyClicks(wall, "9")  # there is no pane 39: a new number begins
    assert wall.selected_camera == cameras[8]
    wall._typed.forget()
    QTest.keyClicks(wall, "12")
    assert wall.selected_camera == cameras[11]
    QTest.keyClicks(wall, "0")  # neither 120 nor 0 is a pane
    assert wall.selected_camera == cameras[11]


def test_a_click_chooses_and_a_double_click_fills(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    at = place(wall, 7)
    point = QPoint(at.x + at.width // 2, at.y + at.height // 2)  # type: ignore[attr-defined]
    QTest.mouseClick(wall, Qt.MouseButton.LeftButton, pos=point)
    assert wall.selected_camera == cameras[7]
    QTest.mouseDClick(wall, Qt.MouseButton.LeftButton, pos=point)
    assert wall.full_camera == cameras[7]
    QTest.mouseDClick(wall, Qt.MouseButton.LeftButton, pos=point)
    assert wall.full_camera == ""


def test_the_grid_goes_from_one_pane_to_sixty_four(wall: WallWidget, cameras: tuple[str, ...]) -> None:
    for side in (1, 8):
        wall.set_grid(side)
        assert wall.grid_side == (side, side)
    for wrong in (0, 9):
        with pytest.raises(ValueError, match="1 to 8"):
            wall.set_grid(wrong)
    wall.set_grid(2)
    wall.set_layout(cameras)
    assert wall.grid_side == (4, 4), "a grid is at least as large as its cameras need"
    wall.larger()
    assert wall.grid_side == (3, 3)
    assert wall.places()[9:] == [None] * 7


def test_a_screen_reader_hears_the_selected_pane_and_what_changes_about_it(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], city: object, beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    names = [city.devices[camera].name.en for camera in cameras]  # type: ignore[attr-defined]
    assert names[0] in wall.accessibleName()
    QTest.keyClick(wall, Qt.Key.Key_Right)
    assert names[1] in wall.accessibleName()
    engine.states[cameras[1]] = MOVING._replace(state="frozen", reason="same_picture", same_for_ms=6000)
    beat()
    assert "Frozen picture" in wall.accessibleName()
    assert "Check the camera" in wall.accessibleName()
    assert "640x360 h264" in wall.accessibleDescription()


def test_texts_follow_the_language_while_the_wall_runs(
    wall: WallWidget,
    engine: FakeEngine,
    cameras: tuple[str, ...],
    catalogue: Catalogue,
    city: object,
    beat: Beat,
) -> None:
    shown(wall, engine, cameras, beat)
    catalogue.switch("ko")
    assert city.devices[cameras[0]].name.ko in wall.accessibleName()  # type: ignore[attr-defined]
    assert "실시간" in wall.accessibleName()


def test_the_whole_text_of_an_elided_strip_is_in_the_tooltip(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], city: object, beat: Beat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    wall.set_grid(8)
    shown(wall, engine, cameras, beat)
    said: list[str] = []
    # Offscreen, a real tooltip cannot be raised.
    monkeypatch.setattr(QToolTip, "showText", lambda point, text, widget: said.append(text))
    at = place(wall, 2)
    point = QPoint(at.x + 20, at.y + 30)  # type: ignore[attr-defined]
    QApplication.sendEvent(wall, QHelpEvent(QHelpEvent.Type.ToolTip, point, wall.mapToGlobal(point)))
    assert said == [wall.words_of(cameras[2])]
    assert city.devices[cameras[2]].name.en in said[0]  # type: ignore[attr-defined]
