"""The cameras beside an incident."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.wall.conftest import FakeEngine, Shot
from widgets.wall import PaneStrip, WallWidget

RED, GREEN = (200, 30, 30), (30, 200, 30)


def test_it_shows_five_cameras_at_most_and_asks_for_them(strip: PaneStrip, cameras: tuple[str, ...]) -> None:
    wanted: list[tuple[str, ...]] = []
    strip.viewing_wanted.connect(wanted.append)
    strip.set_layout(cameras[:8])
    assert wanted == [cameras[:5]]
    assert strip.camera_ids == cameras[:5]


def test_an_incident_without_cameras_leaves_it_empty(strip: PaneStrip, shot: type[Shot]) -> None:
    strip.set_layout(())
    assert strip.selected_camera == ""
    shot(strip)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert strip.accessibleName() == "Cameras of the incident"


def test_the_same_camera_on_wall_and_strip_has_a_pane_of_its_own_on_each(
    wall: WallWidget, strip: PaneStrip, engine: FakeEngine, cameras: tuple[str, ...],
    beat: Callable[..., None], shot: type[Shot],
) -> None:  # fmt: skip
    for surface, name, colour in ((wall, "wall", RED), (strip, "wall.strip", GREEN)):
        surface.set_layout(cameras[:1])
        surface.allow(cameras[:1])
        engine.paint(cameras[0], colour, surface=name)
    beat()
    for surface, colour in ((wall, RED), (strip, GREEN)):
        place = surface.places()[0]
        assert shot(surface).middle(place) == colour
    strip.set_layout(())
    assert engine.counter(("wall", cameras[0]))[1] == 1


def test_arrows_choose_and_tell(strip: PaneStrip, cameras: tuple[str, ...]) -> None:
    chosen: list[str] = []
    strip.set_layout(cameras[:3])
    strip.selected_camera_changed.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        QTest.keyClick(strip, key)
    assert chosen == [cameras[1], cameras[2], cameras[1]]
