"""The list of cameras: found by number, name, place and purpose in both languages; brought to the wall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.model import events as ev
from console.model.base import same_words
from tests.kit.sitting import Sitting, suwon
from widgets.cameras.page import CameraPage
from widgets.cameras.rows import matching, rows_of
from widgets.kit.cameranumber import camera_number

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Room(Sitting):
    def __init__(self) -> None:
        super().__init__()
        self.connect()
        self.page = CameraPage(self.board, self.pulse, self.actions, self.catalogue, self.tokens)
        self.page.resize(1100, 300)
        self.page.show()
        self.wanted: list[tuple[str, ...]] = []
        self.turns: list[tuple[tuple[str, ...], float]] = []
        self.page.cameras_wanted.connect(self.wanted.append)
        self.page.carousel_wanted.connect(self.take_turns)

    def take_turns(self, ids: tuple[str, ...], dwell_s: float) -> None:
        self.turns.append((ids, dwell_s))

    def shown(self) -> list[str]:
        return [self.page.model.camera_id(row) for row in range(self.page.model.rowCount())]

    def close(self) -> None:
        self.page.release()
        self.page.close()
        self.page.deleteLater()
        del self.page
        self.leave()


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


@pytest.mark.parametrize(
    ("camera_id", "number"),
    [
        ("CCTV-0123", 123),
        ("CAM-PARK-0001", 1),
        ("12-A-07", 7),
        ("GATE", 0),
        ("X-0", 0),
        ("A-123456789", 456789),
    ],
)
def test_a_cameras_number_is_the_last_in_its_id(camera_id: str, number: int) -> None:
    assert camera_number(camera_id) == number


def test_words_of_both_languages_and_numbers_find_cameras(room: Room) -> None:
    for text in ("paldalmun market", "팔달문시장", "MARKET paldalmun"):
        room.page.field.setText(text)
        assert room.shown() and all(one.startswith("CAM-MKT") for one in room.shown())
    room.page.field.setText("123")
    assert {camera_number(one) for one in room.shown()[:8]} == {123}
    room.page.field.setText("park 12")
    assert room.shown()[0] == "CAM-PARK-0012"
    room.page.field.setText("no such place at all")
    assert room.shown() == [] and room.page.count.text() == "No camera has all these words."
    room.page.field.clear()
    assert len(room.shown()) == len(room.profile.cameras)


def test_every_row_can_be_found_by_its_own_id() -> None:
    from console.language import load_catalogue

    rows = rows_of(suwon(), load_catalogue("ko"))
    for row in rows[::97]:
        assert row in matching(rows, row.id)


def test_enter_brings_the_first_that_was_found_and_the_arrows_choose_others(room: Room) -> None:
    QTest.keyClicks(room.page.field, "market")
    first = room.shown()[0]
    QTest.keyClick(room.page.field, Qt.Key.Key_Return)
    assert room.wanted == [(first,)]
    QTest.keyClick(room.page.field, Qt.Key.Key_Down)
    QTest.keyClick(room.page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(room.page.table, Qt.Key.Key_Return)
    assert room.wanted[-1] == tuple(room.shown()[:2])


def test_what_is_chosen_takes_turns_for_the_time_that_is_set(room: Room) -> None:
    room.page.field.setText("market")
    room.page.table.selectAll()
    room.page.dwell.setValue(15)
    room.actions.trigger("cameras.carousel")
    assert room.turns == [(tuple(room.shown()), 15.0)]


def test_a_cameras_trouble_is_said_in_its_row(room: Room) -> None:
    camera = room.shown()[0]
    room.tell(ev.DeviceConditionChanged(device_id=camera, condition="down", why=same_words("x")))
    index = room.page.model.index(0, 3)
    assert index.data() == "down"
    room.catalogue.switch("ko")
    assert room.page.model.index(0, 3).data() == "장애"


def test_the_list_keeps_qts_rules(room: Room, qtmodeltester: object) -> None:
    room.page.field.setText("market")
    qtmodeltester.check(room.page.model)  # type: ignore[attr-defined]
