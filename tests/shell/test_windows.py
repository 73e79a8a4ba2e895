"""Several windows: remembered, put back on their monitors, ended on the record when they are closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from console.model.commands import StartViewing, StopViewing
from tests.kit.sitting import Sitting
from tests.shell.desk import Desk
from widgets.shell.keptfile import DeskKept, KeptFile, WindowKept
from widgets.shell.screens import ScreenHome, fitting

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Monitor:
    """What is asked of a QScreen."""

    def __init__(self, name: str, rect: QRect) -> None:
        self._name, self._rect = name, rect

    def name(self) -> str:
        return self._name

    def geometry(self) -> QRect:
        return self._rect

    def availableGeometry(self) -> QRect:
        return self._rect.adjusted(0, 0, 0, -40)


class Screens:
    """Two monitors side by side, the second of which can be unplugged; and a window."""

    def __init__(self) -> None:
        self.left = Monitor("DP-1", QRect(0, 0, 1920, 1080))
        self.right = Monitor("DP-2", QRect(1920, 0, 1280, 1024))
        self.there = [self.left, self.right]
        self.window = QWidget()
        self.window.screen = self.of_window  # type: ignore[method-assign]
        self.home = ScreenHome(self.window, self.window, lambda: self.there)

    def of_window(self) -> Monitor:
        at = self.window.geometry().center()
        return next((one for one in self.there if one.geometry().contains(at)), self.there[0])

    def unplug(self) -> None:
        self.there.remove(self.right)
        self.home.screen_removed(self.right)

    def plug_in(self) -> None:
        self.there.append(self.right)
        self.home.screen_added(self.right)


@pytest.fixture
def screens(qapp: object) -> Iterator[Screens]:
    made = Screens()
    yield made
    made.window.close()
    made.window.deleteLater()


PLACE = QRect(2000, 100, 900, 700)


def test_a_window_of_a_lost_monitor_comes_onto_one_that_exists_and_goes_back(screens: Screens) -> None:
    screens.window.setGeometry(PLACE)
    screens.window.show()
    screens.home.look()
    screens.unplug()
    assert screens.left.availableGeometry().contains(screens.window.geometry())
    assert screens.home.is_away
    screens.home.look()
    screens.plug_in()
    assert screens.window.geometry() == PLACE and not screens.home.is_away


def test_moved_by_hand_while_its_monitor_is_gone_it_still_goes_back(screens: Screens) -> None:
    screens.window.setGeometry(PLACE)
    screens.window.show()
    screens.home.look()
    screens.unplug()
    screens.window.setGeometry(10, 10, 500, 400)
    screens.home.look()
    screens.plug_in()
    assert screens.window.geometry() == PLACE


def test_a_window_that_filled_its_monitor_fills_the_other_and_its_own_again(screens: Screens) -> None:
    screens.window.setGeometry(PLACE)
    screens.window.show()
    screens.home.look()
    screens.window.showFullScreen()
    screens.home.look()
    screens.unplug()
    assert screens.window.isFullScreen()
    screens.plug_in()
    assert screens.window.isFullScreen() and screens.home.is_full
    screens.window.showNormal()


def test_another_monitor_that_goes_or_comes_moves_nothing(screens: Screens) -> None:
    screens.window.setGeometry(100, 100, 900, 700)
    screens.window.show()
    screens.home.look()
    screens.unplug()
    screens.plug_in()
    assert screens.window.geometry() == QRect(100, 100, 900, 700)


def test_a_desk_that_starts_without_its_monitor_waits_for_it(screens: Screens) -> None:
    screens.there.remove(screens.right)
    screens.home.begin("DP-2", PLACE)
    screens.window.show()
    assert screens.left.availableGeometry().contains(screens.window.geometry())
    screens.plug_in()
    assert screens.window.geometry() == PLACE


def test_a_rectangle_is_moved_and_made_smaller_only_as_far_as_it_must() -> None:
    room = QRect(0, 0, 1000, 800)
    assert fitting(QRect(10, 20, 300, 200), room) == QRect(10, 20, 300, 200)
    assert fitting(QRect(900, 700, 300, 200), room) == QRect(700, 600, 300, 200)
    assert fitting(QRect(-50, -50, 3000, 2000), room) == room


def test_what_is_kept_is_read_again_and_what_is_not_ours_is_said_in_the_log(
    tmp_path: Path, expected_logs: Callable[..., None]
) -> None:
    file = KeptFile(tmp_path, "desk/1")
    assert file.read() == DeskKept()
    kept = DeskKept(main="x", windows=(WindowKept(part="y", screen="DP-2", rect=(1, 2, 3, 4)),))
    for number in range(20):
        file.put(DeskKept(main=str(number)))
    file.put(kept)
    file.close()
    assert KeptFile(tmp_path, "desk/1").read() == kept
    assert file.path.parent == tmp_path / "desks" and file.path.stat().st_mode & 0o077 == 0
    file.path.write_text("{")
    expected_logs("cannot be read")
    assert KeptFile(tmp_path, "desk/1").read() == DeskKept()


def walls(desk: Desk) -> tuple[object, ...]:
    assert desk.seat.side_windows is not None
    return desk.seat.side_windows.windows()


def test_a_further_window_has_a_wall_of_its_own_whose_views_are_on_the_record(desk: Desk) -> None:
    desk.connect()
    desk.actions.trigger("wall.window")
    (window,) = walls(desk)
    deck = window.part  # type: ignore[attr-defined]
    deck.show_number(2)
    asked = [one for one in desk.port.commands.values() if isinstance(one, StartViewing)]
    assert asked[-1] == StartViewing(camera_ids=desk.profile.layouts["traffic"].camera_ids, purpose="wall 2")
    main = set(desk.part("wall").camera_ids)
    only_there = tuple(one for one in deck.wall.camera_ids if one not in main)
    window.close()  # type: ignore[attr-defined]
    desk.settle()
    ended = [one for one in desk.port.commands.values() if isinstance(one, StopViewing)]
    assert ended[-1] == StopViewing(camera_ids=only_there), "what the main wall shows goes on"
    assert walls(desk) == ()


def test_acts_are_done_on_the_wall_whose_window_is_active(desk: Desk) -> None:
    desk.connect()
    desk.actions.trigger("wall.window")
    (window,) = walls(desk)
    window.activateWindow()  # type: ignore[attr-defined]
    desk.settle()
    before = desk.part("wall").shown
    desk.actions.trigger("wall.layout_2")
    assert window.part.layout_id == "traffic"  # type: ignore[attr-defined]
    assert desk.part("wall").shown == before


def test_walls_and_windows_are_as_they_were_left(qapp: object, tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = Desk(home)
    first.open()
    first.connect()
    first.part("wall-deck").show_number(3)
    first.actions.trigger("wall.window")
    (window,) = walls(first)
    window.part.show_number(5)  # type: ignore[attr-defined]
    first.later(1.1)
    first.window.close()
    window.close()  # type: ignore[attr-defined]  # Qt closes all windows of a program that quits
    first.leave()
    second = Desk(home)
    second.open()
    try:
        assert second.part("wall-deck").layout_id == "water"
        (window,) = walls(second)
        assert window.part.layout_id == "festival"  # type: ignore[attr-defined]
        asked = {one.purpose for one in second.port.commands.values() if isinstance(one, StartViewing)}
        assert {"wall", "wall 2"} <= asked, "what is shown again is on the record again"
    finally:
        second.leave()


def test_a_city_mode_is_chosen_by_key_and_shown_in_the_status_bar(desk: Desk) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from console.model import events as ev
    from console.model.commands import SetCityMode

    desk.connect()
    desk.actions.trigger("shell.mode")
    panel = desk.part("mode-chooser")
    QTest.keyClicks(panel.field, "flood")
    QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert list(desk.port.commands.values())[-1] == SetCityMode(mode="flood")
    desk.tell(ev.CityModeChanged(desk="desk-1", person="x", mode="flood"))
    desk.later(1.1)
    item = desk.window.status.items()["mode"].item
    assert item.value.startswith("Flood") and "Ctrl+M" in item.value
    assert desk.part("wall-deck").layout_id == "water"


def test_modes_are_offered_only_where_the_city_has_some(sitting: Sitting) -> None:
    from widgets.shell.health import Health, load_bounds

    sitting.connect()
    assert sitting.profile.modes
    items = Health(sitting.board, sitting.catalogue, sitting.moments, load_bounds()).items(
        (1.0, 2.0), (0, "")
    )
    assert items[0].id == "mode" and items[0].level == "up"


def test_the_guides_table_of_keys_is_what_the_console_does(desk: Desk) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "guide" / "wall.md"
    table = page.read_text("utf-8").split("## Keys\n")[1].split("\n\n")[0].splitlines()[2:]
    written = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table]
    title = desk.catalogue.say("wall.title")
    assert written == [(act.key, act.text) for act in desk.actions.help() if act.group == title]
