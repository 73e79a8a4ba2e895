"""An incident opened by hand at a whole desk: the keys are real ones, and counted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from console.desk.desk_byhand import ByHandJoin
from console.geo.gazetteer import Gazetteer
from console.model import events as ev
from console.model.base import Words
from console.model.casework import Clue
from console.model.commands import OpenCase
from console.model.query import KeepCaller
from tests.kit.sitting import suwon
from tests.shell.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "home")
    made.open()
    made.connect()
    yield made
    made.leave()


class Hands:
    """Presses real keys and counts them."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self.count = desk, 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.count += 1
        QTest.keyClick(self._desk.app.focusWidget() or self._desk.window, key, modifiers)
        self._desk.settle()

    def type(self, text: str) -> None:
        QTest.keyClicks(self._desk.app.focusWidget(), text)
        self._desk.settle()


def ordered(desk: Desk) -> tuple[str, OpenCase]:
    """The request and what it opens."""
    [found] = [(key, one) for key, one in desk.port.commands.items() if isinstance(one, OpenCase)]
    return found


def commit(desk: Desk, request: str, order: OpenCase) -> None:
    """The hub has it on record."""
    place = order.place or desk.profile.devices[order.device_id].place
    clue = Clue(uid=request, source="call" if order.opened_from == "phone" else "person", type=order.type,
                at_ns=1, lat=place.position.lat, lon=place.position.lon)  # fmt: skip
    desk.tell(
        ev.CaseOpened(incident_id="SU-9", type=order.type, priority=1, grade="1", place=place, clue=clue,
                      person="kim", desk="desk-1", opened_from=order.opened_from,
                      reasons=(Words(en="by hand", ko="직접"),))
    )  # fmt: skip


def test_on_the_map_two_keys_open_it_where_the_pointer_is(desk: Desk) -> None:
    shown = desk.part("lower").show_page("map")
    desk.settle()
    shown.canvas.setFocus()
    desk.settle()
    hands = Hands(desk)
    hands.press(Qt.Key.Key_I)
    hands.press(Qt.Key.Key_1)
    request, order = ordered(desk)
    assert hands.count == 2
    assert order.opened_from == "map"
    assert order.place is not None
    bounds = desk.profile.bounds
    assert bounds.south <= order.place.position.lat <= bounds.north
    desk.accept(request)
    commit(desk, request, order)  # the entry may come after the answer
    assert desk.part("detail").incident_id == "SU-9"
    assert desk.part("queue").current_incident() == "SU-9"


def test_a_right_click_on_the_map_asks_what_happened_there(desk: Desk) -> None:
    shown = desk.part("lower").show_page("map")
    desk.settle()
    at = QPoint(shown.canvas.width() // 3, shown.canvas.height() // 2)
    shown.canvas.menu_wanted.emit(at.toPointF())
    desk.settle()
    hands = Hands(desk)
    hands.press(Qt.Key.Key_2)
    _, order = ordered(desk)
    assert order.place is not None
    assert order.place.position == shown.canvas.position(at.toPointF())


def test_at_the_selected_camera_two_keys_open_it(desk: Desk) -> None:
    wall = desk.part("wall")
    wall.take_focus()
    desk.settle()
    camera_id = wall.selected_camera
    assert camera_id
    hands = Hands(desk)
    hands.press(Qt.Key.Key_I, CONTROL_SHIFT)
    hands.press(Qt.Key.Key_3)
    _, order = ordered(desk)
    assert (hands.count, order.opened_from, order.device_id) == (2, "camera", camera_id)


def test_from_a_call_the_place_is_searched_and_the_number_never_meets_the_order(desk: Desk) -> None:
    hands = Hands(desk)
    hands.press(Qt.Key.Key_T, CONTROL_SHIFT)
    hands.type("city hall")
    join = desk.seat.findChild(ByHandJoin)
    assert join is not None
    join.take_names(Gazetteer(suwon()))  # read by a thread in life
    desk.settle()
    hands.press(Qt.Key.Key_Return)
    hands.press(Qt.Key.Key_1)
    hands.type("smoke from a car")
    hands.press(Qt.Key.Key_Tab)
    hands.type("Hong")
    hands.press(Qt.Key.Key_Tab)
    hands.type("010-1234-5678")
    hands.press(Qt.Key.Key_Return)
    request, order = ordered(desk)
    assert hands.count == 6  # besides what is typed
    assert order.place is not None
    assert "City Hall" in order.place.name.en
    assert "010" not in repr(order)
    commit(desk, request, order)
    desk.accept(request)
    assert desk.part("detail").incident_id == "SU-9"
    kept = [one for one in desk.port.queries if isinstance(one, KeepCaller)]
    assert kept == [KeepCaller(call=request, name="Hong", number="010-1234-5678")]
