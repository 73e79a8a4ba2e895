"""What can be done with a pane, by key and by menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from console.language import Catalogue
from tests.wall.conftest import FakeEngine, Shot
from tests.wall.test_wall import Beat, place, shown
from widgets.kit.actions import Actions
from widgets.wall import PaneStrip, WallWidget
from widgets.wall.paneacts import PaneActs

# The offscreen platform has no window manager to raise a menu.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def actions(catalogue: Catalogue) -> Actions:
    return Actions(catalogue)


@pytest.fixture
def acts(actions: Actions, wall: WallWidget, strip: PaneStrip) -> Iterator[PaneActs]:
    made = PaneActs(actions, wall)
    actions.add("wall.full", "wall.act.full", "F", wall.toggle_full, owner=wall)
    made.serve(wall)
    made.serve(strip)
    yield made
    for menu in wall.findChildren(QMenu):
        menu.close()
        menu.deleteLater()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def texts(menu: QMenu) -> list[str]:
    return [act.text() if not act.isSeparator() else "-" for act in menu.actions()]


def test_the_menu_is_about_the_pane_under_the_mouse_and_has_what_other_features_added(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], acts: PaneActs, actions: Actions,
    beat: Beat,
) -> None:  # fmt: skip
    done: list[str] = []
    actions.add("replay.back_10", "wall.act.menu", "", lambda: done.append(acts.camera_id))
    actions.add("other.thing", "wall.act.full", "", lambda: done.append("other"))
    acts.also(("other.thing", "never.there"))
    shown(wall, engine, cameras, beat)
    at = place(wall, 6)
    point = QPoint(at.x + 30, at.y + 40)  # type: ignore[attr-defined]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, wall.mapToGlobal(point))
    QApplication.sendEvent(wall, event)
    assert wall.selected_camera == cameras[6]
    menu = wall.findChild(QMenu, "wall.menu")
    assert menu is not None
    assert texts(menu) == [
        "One pane full, and back", "Figures of the pane, on and off", "Figures of all panes, on and off",
        "-", "Closer", "Farther", "Whole picture", "-", "What can be done with the pane", "-",
        "One pane full, and back",
    ]  # fmt: skip
    assert menu.accessibleName().startswith("7 ")
    actions.trigger("replay.back_10")
    assert done == [cameras[6]]


def test_an_act_of_one_surface_alone_is_not_in_the_menu_of_another(
    wall: WallWidget, strip: PaneStrip, engine: FakeEngine, cameras: tuple[str, ...], acts: PaneActs,
    actions: Actions, beat: Beat,
) -> None:  # fmt: skip
    """It would be done there, to another camera."""
    actions.add("replay.back_30", "wall.act.menu", "", owner=wall)
    actions.add("evidence.export", "wall.act.larger", "", owner=wall)
    acts.everywhere(("evidence.export",))
    shown(wall, engine, cameras, beat)
    strip.set_layout(cameras[:2])
    strip.select(cameras[1])
    menu = acts.open_menu(strip, QPoint(10, 10))
    ids = {act.objectName() for act in menu.actions()} - {""}
    menu.close()
    assert ids == {
        "wall.info", "wall.info_all", "wall.zoom_in", "wall.zoom_out", "wall.zoom_reset", "evidence.export"
    }  # fmt: skip
    assert acts.camera_id == cameras[1]


def test_keys_do_it_on_the_surface_that_has_the_keyboard(
    wall: WallWidget, strip: PaneStrip, engine: FakeEngine, cameras: tuple[str, ...], acts: PaneActs,
    actions: Actions, beat: Beat, shot: type[Shot], qt_wait_until: Callable[..., None],
) -> None:  # fmt: skip
    shown(wall, engine, cameras, beat)
    strip.set_layout(cameras[8:10])
    strip.allow(cameras[8:10])
    engine.paint(cameras[8], (200, 30, 30), surface="wall.strip")
    beat()
    shot(wall)
    shot(strip)
    for surface in (wall, strip):
        surface.activateWindow()
        surface.setFocus()
        qt_wait_until(surface.hasFocus, "the surface to have the keyboard")
        assert acts.surface is surface
        actions.trigger("wall.zoom_in")
        assert surface.is_zoomed
        actions.trigger("wall.zoom_reset")
        assert not surface.is_zoomed
    assert actions.act("wall.zoom_in") in strip.actions()


def test_figures_are_shown_and_hidden_for_one_pane_and_for_all(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], acts: PaneActs, actions: Actions,
    beat: Beat, shot: type[Shot],
) -> None:  # fmt: skip
    shown(wall, engine, cameras, beat)

    def covered(number: int) -> bool:
        at = place(wall, number)
        box = shot(wall).image.copy(at.x + 8, at.y + 24, 60, 40)  # type: ignore[attr-defined]
        return any(box.pixelColor(a, b).getRgb()[:3] != (200, 30, 30) for a in range(60) for b in range(40))

    assert not covered(0)
    actions.trigger("wall.info")
    assert covered(0)
    assert not covered(1)
    assert "640x360 h264" in "\n".join(wall._panes[0].over_said.info)
    actions.trigger("wall.info_all")
    assert covered(15)
    actions.trigger("wall.info_all")
    assert not covered(0)
    assert not covered(15)


def test_the_menu_opens_by_key_in_the_middle_of_the_pane(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], acts: PaneActs, actions: Actions,
    beat: Beat,
) -> None:  # fmt: skip
    shown(wall, engine, cameras, beat)
    asked: list[QPoint] = []
    wall.menu_wanted.connect(asked.append)
    wall.select(cameras[5])
    actions.trigger("wall.menu")
    assert asked
    assert wall.pane_at(wall.mapFromGlobal(asked[0])) == 5
    menu = wall.findChild(QMenu, "wall.menu")
    assert menu is not None
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    assert not menu.isVisible()
