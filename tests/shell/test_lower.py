"""The area under the wall: one page at a time, made when it is asked for, chosen by key or by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from tests.kit.sitting import Sitting
from widgets.shell.lower import LowerArea, TabButton

# Said by Qt's offscreen platform for every window with a minimum size; it has no size hints to pass on.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Room(Sitting):
    """A lower area with charts there at once and a map made later."""

    def __init__(self) -> None:
        super().__init__()
        self.area = LowerArea(self.actions, self.tokens)
        self.made: list[str] = []
        self.shown: list[str] = []
        self.area.page_changed.connect(self.shown.append)
        self.charts = QWidget()
        self.area.add_page("charts", "F3", self.charts, self.area)
        self.area.add_page("map", "F4", self.make_map, self.area)
        self.area.resize(900, 300)
        self.area.show()

    def make_map(self) -> QWidget:
        self.made.append("map")
        page = QWidget()
        QLineEdit(page)
        return page

    def close(self) -> None:
        self.area.close()
        self.area.deleteLater()
        del self.area, self.charts
        self.leave()


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def test_the_first_page_is_shown_and_the_others_are_not_made_before_they_are_wanted(room: Room):
    assert room.area.current == "charts"
    assert room.charts.isVisible()
    assert (room.made, room.area.page("map")) == ([], None)


def test_a_key_shows_a_page_gives_it_the_keyboard_and_makes_it_once(room: Room):
    room.actions.trigger("shell.lower_map")
    room.actions.trigger("shell.lower_charts")
    room.actions.trigger("shell.lower_map")
    assert room.made == ["map"]
    assert room.shown == ["charts", "map", "charts", "map"]
    page = room.area.page("map")
    assert page is not None and page.isVisible()
    assert isinstance(room.area.window().focusWidget(), QLineEdit)


def test_the_tabs_say_which_page_is_shown_with_words_and_key(room: Room):
    tabs = room.area.findChildren(TabButton)
    assert [tab.text() for tab in tabs] == ["Charts  F3", "Map  F4"]
    QTest.mouseClick(tabs[1], Qt.MouseButton.LeftButton)
    assert [tab.isChecked() for tab in tabs] == [False, True]
    room.catalogue.switch("ko")
    assert [tab.text() for tab in tabs] == ["그래프  F3", "지도  F4"]
    assert [tab.accessibleName() for tab in tabs] == ["그래프", "지도"]
