"""Opening an incident by hand in a few keys: at a place, at a camera, from a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from console.model.base import Words
from console.model.commands import OpenCase
from tests.incidents.room import Room, show_in_window
from tests.report.city import MARKET, UNDERPASS
from widgets.incidents.byhand import ByHand, Caller, Spot

NOTHING = Words(en="", ko="")


def search(text: str) -> Sequence[Spot]:
    found = [Spot(MARKET, Words(en="market", ko="시장")), Spot(UNDERPASS, NOTHING, "UND-0000")]
    return [one for one in found if text.casefold() in one.place.name.en.casefold()]


@pytest.fixture
def form(room: Room, qtbot) -> Iterator[ByHand]:
    made = ByHand(room.board.profile, search, room.actions, room.catalogue, room.tokens)
    window = show_in_window(made, 700, 460, qtbot)
    made.hide()
    yield made
    window.close()


class Keys:
    """Real keys to whatever has the keyboard; counted."""

    def __init__(self, form: ByHand) -> None:
        self._form, self.count = form, 0
        self.asked: list[tuple[OpenCase, Caller | None]] = []
        form.asked.connect(lambda order, caller: self.asked.append((order, caller)))

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.count += 1
            QTest.keyClick(self._form.window().focusWidget() or self._form, key)

    def type(self, text: str) -> None:
        self.count += len(text)
        QTest.keyClicks(self._form.window().focusWidget(), text)


def said(form: ByHand) -> str:
    return "\n".join(one.text() for one in form.findChildren(QLabel) if one.isVisible())


def test_at_a_place_of_the_map_one_digit_opens_it(room: Room, form: ByHand) -> None:
    keys = Keys(form)
    form.open_at("map", Spot(MARKET, NOTHING))
    assert "Paldalmun market, east gate" in said(form)
    keys.press(Qt.Key.Key_1)
    assert keys.asked == [(OpenCase(type=form.types.item(0).data(Qt.ItemDataRole.UserRole), opened_from="map",
                                    place=MARKET), None)]  # fmt: skip
    assert keys.count == 1  # with the key on the map it is two
    assert form.isHidden()


def test_a_part_of_the_types_name_and_enter_do_too_in_both_languages(room: Room, form: ByHand) -> None:
    for text in ("smoke", "연기"):
        keys = Keys(form)
        form.open_at("camera", Spot(MARKET, NOTHING, "CAM-0001"))
        form.what.clear()
        if text.isascii():
            keys.type(text)
        else:
            form.what.insert(text)
            form.what.textEdited.emit(text)
        keys.press(Qt.Key.Key_Return)
        order = OpenCase(type="smoke", opened_from="camera", device_id="CAM-0001")
        assert keys.asked == [(order, None)]


def test_a_call_says_where_what_and_who_and_the_number_is_no_part_of_the_order(
    room: Room, form: ByHand
) -> None:
    keys = Keys(form)
    form.open_call()
    keys.type("market")
    keys.press(Qt.Key.Key_Return)
    assert form.window().focusWidget() is form.what
    keys.press(Qt.Key.Key_1)
    assert form.window().focusWidget() is form.said
    keys.type("smoke over the roof")
    form.caller.setText("Hong")
    form.number.setText("010-1234-5678")
    keys.press(Qt.Key.Key_Return)
    [(order, caller)] = keys.asked
    assert (order.opened_from, order.place, order.text) == ("phone", MARKET, "smoke over the roof")
    assert caller == Caller("Hong", "010-1234-5678")
    assert "010" not in repr(order)
    assert form.number.text() == ""


def test_a_call_without_a_place_or_a_type_says_what_is_missing(room: Room, form: ByHand) -> None:
    keys = Keys(form)
    form.open_call()
    keys.press(Qt.Key.Key_Return)
    assert "No place is chosen yet" in said(form)
    keys.type("under")
    keys.press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert "No type is chosen yet" in said(form)
    assert keys.asked == []


def test_a_device_that_was_found_is_named_by_its_id(room: Room, form: ByHand) -> None:
    keys = Keys(form)
    form.open_call()
    keys.type("underpass")
    keys.press(Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_Return)
    assert keys.asked[0][0].device_id == "UND-0000"
    assert keys.asked[0][0].place is None


def test_escape_leaves_and_opens_nothing(room: Room, form: ByHand, qtbot) -> None:
    keys = Keys(form)
    form.open_at("map", Spot(MARKET, NOTHING))
    with qtbot.waitSignal(form.left):
        keys.press(Qt.Key.Key_Escape)
    assert keys.asked == []
    assert form.isHidden()


def test_the_form_speaks_the_language_that_is_switched_to(room: Room, form: ByHand) -> None:
    form.open_at("map", Spot(MARKET, NOTHING))
    room.catalogue.switch("ko")
    assert "팔달문시장 동문" in said(form)
    assert "연기·화재" in form.types.item(0).text() or form.types.count() > 1
