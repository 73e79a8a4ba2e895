"""The page of area acts: what stands in an area, one question, each device's answer, taken back as one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.areaact import AreaPart, LeftOut
from console.model.base import Position, Words, same_words
from console.model.sketch import Sketch
from console.profile.areaacts import area_figures, area_km2, standing_in
from tests.kit.sitting import Sitting, suwon
from widgets.areaact.page import AreaActPage

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def around_a_speaker() -> tuple[Position, ...]:
    """Four hundred metres around the first loudspeaker of the city."""
    profile = suwon()
    row = profile.columns.of_kind("loudspeaker")[0]
    lat, lon, half = float(profile.columns.lat[row]), float(profile.columns.lon[row]), 0.002
    return (
        Position(lat=lat - half, lon=lon - half), Position(lat=lat - half, lon=lon + half),
        Position(lat=lat + half, lon=lon + half), Position(lat=lat + half, lon=lon - half),
    )  # fmt: skip


class Room(Sitting):
    def __init__(self, language: str = "en") -> None:
        super().__init__(language)
        self.connect()
        self.page = AreaActPage(
            self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens, self.moments,
            area_figures(),
        )
        self.page.resize(1140, 300)
        self.page.show()
        self.page.activateWindow()
        self.pulse.tick()

    def draw(self, sketch_id: str = "S1", points: tuple[Position, ...] = (), text: str = "market") -> None:
        sketch = Sketch(id=sketch_id, form="area", points=points or around_a_speaker(), text=text)
        self.tell(ev.SketchShared(desk="desk-1", person="kim", sketch=sketch))

    def asked(self) -> list[do.Command]:
        return list(self.port.commands.values())

    def able(self, name: str) -> bool:
        return self.actions.act(f"areas.{name}").isEnabled()

    def proposed(self, act_id: str = "A1", takes_back: str = "") -> AreaPart:
        ids = self.page.offers.rows[0].device_ids[:2]
        part = AreaPart(control="announcement", value="x", value_words=same_words("x"), device_ids=ids)
        self.tell(
            ev.AreaActProposed(
                act_id=act_id, desk=self.board.desk, person=self.board.person, name="market",
                polygon=around_a_speaker(), parts=(part,), token="t", takes_back=takes_back,
                summary=Words(en="In market: Announcement.", ko="시장: 안내 방송."),
                warning=Words(en="Everybody hears it.", ko="모두 듣습니다."),
                confirm_by_ns=self.clock.now_ns() + 45 * SECOND_NS,
            )
        )  # fmt: skip
        return part

    def confirmed(self, part: AreaPart, act_id: str = "A1") -> None:
        self.tell(
            ev.AreaActConfirmed(
                act_id=act_id, desk="desk-1", person="kim",
                parts=(AreaPart(control=part.control, value=part.value, value_words=part.value_words,
                                device_ids=part.device_ids, order_ids=(f"{act_id}.1",)),),
                left_out=(LeftOut(device_id="LAMP-0001", why=same_words("out of service")),),
            ),
            ev.ControlOrdered(
                order_id=f"{act_id}.1", desk="desk-1", person="kim", control=part.control,
                device_ids=part.device_ids, value="x", value_words=same_words("x"), summary=same_words("s"),
                answer_s=10.0,
            ),
            ev.ControlSent(
                order_id=f"{act_id}.1", gateway="field", device_ids=part.device_ids,
                answer_by_ns=self.clock.now_ns() + 10 * SECOND_NS,
            ),
        )  # fmt: skip

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


def test_what_stands_in_an_area_is_found_and_nothing_beside_it():
    profile, area = suwon(), around_a_speaker()
    found = standing_in(area, profile.columns, {"loudspeaker", "street_lamp"})
    assert found["loudspeaker"]
    for ids in found.values():
        for one in ids:
            at = profile.devices[one].place.position
            assert area[0].lat <= at.lat <= area[2].lat
            assert area[0].lon <= at.lon <= area[2].lon
    rows = np.flatnonzero(
        (profile.columns.lat > area[0].lat) & (profile.columns.lat < area[2].lat)
        & (profile.columns.lon > area[0].lon) & (profile.columns.lon < area[2].lon)
    )
    lamps = [row for row in rows if profile.columns.kinds[profile.columns.kind[row]] == "street_lamp"]
    assert len(found.get("street_lamp", [])) == len(lamps)
    assert 0.1 < area_km2(area) < 0.3


def test_without_an_area_the_page_says_what_to_do_first(room: Room):
    assert room.page.hint.isVisibleTo(room.page)
    assert not room.able("order")
    wanted = []
    room.page.draw_wanted.connect(lambda: wanted.append(1))
    room.page.draw()
    assert wanted


def test_a_drawn_area_offers_what_stands_in_it_and_asks_for_all_of_it_once(room: Room):
    room.draw()
    announcement = room.page.offers.rows[0]
    assert announcement.device_ids
    assert announcement.box.isChecked()
    assert "devices that can be ordered" in room.page.area_title.text()
    assert room.able("order")
    room.page.order()
    (asked,) = room.asked()
    assert isinstance(asked, do.OrderArea)
    assert asked.sketch_id == "S1"
    assert asked.orders[0].control == "announcement"
    assert "\n" in asked.orders[0].value
    assert {one.control for one in asked.orders} <= {"announcement", "sign_text", "lamp_dim"}


def test_a_ticked_sort_without_a_value_is_not_ordered(room: Room):
    room.draw()
    way = next(row for row in room.page.offers.rows if row.control.id == "evacuation_way")
    way.show_devices(("X",), keep=True)
    way.box.setChecked(True)
    assert "no value" in room.page.problem.text()
    assert not room.able("order")


def test_what_a_person_unticked_stays_so_while_the_map_changes(room: Room):
    room.draw()
    room.page.offers.rows[0].box.setChecked(False)
    room.draw("S2", text="park")
    assert room.page.sketch is not None
    assert room.page.sketch.id == "S1"
    assert not room.page.offers.rows[0].box.isChecked()


def test_an_area_that_is_too_large_is_said_before_it_is_asked_for(room: Room):
    bounds = suwon().bounds
    room.draw(
        points=(
            Position(lat=bounds.south, lon=bounds.west), Position(lat=bounds.south, lon=bounds.east),
            Position(lat=bounds.north, lon=bounds.east),
        )
    )  # fmt: skip
    assert "larger than" in room.page.problem.text()
    assert not room.able("order")


def test_the_second_question_says_what_will_happen_and_y_sends(room: Room):
    room.draw()
    room.proposed()
    assert room.page.question.isVisibleTo(room.page)
    assert "Everybody hears it." in room.page.summary.toPlainText()
    assert not room.able("order")
    room.settle()
    QTest.keyClick(room.page.question, Qt.Key.Key_Y)
    assert room.asked() == [do.ConfirmArea(act_id="A1", token="t")]
    assert not room.page.question.isVisibleTo(room.page), "not asked again while the hub works"


def test_esc_sends_nothing(room: Room):
    room.draw()
    room.proposed()
    room.settle()
    QTest.keyClick(room.page.question, Qt.Key.Key_Escape)
    assert room.asked() == [do.CancelArea(act_id="A1")]


def test_another_person_s_act_is_not_asked_about_here(room: Room):
    room.board.person = "someone"
    room.draw()
    part = room.proposed()
    room.board.person = "another"
    room.pulse.tick()
    room.page._look()
    assert not room.page.question.isVisibleTo(room.page)
    assert part.device_ids


def test_each_device_is_answered_for_what_went_wrong_first(room: Room):
    room.draw()
    part = room.proposed()
    room.confirmed(part)
    model = room.page.devices_model
    assert model.rowCount() == len(part.device_ids) + 1
    assert model.index(0, 1).data() == "▲ left out: out of service"
    assert not room.able("take_back"), "not while answers are waited for"
    done, silent, why = part.device_ids[:1], part.device_ids[1:], same_words("x")
    room.tell(
        ev.ControlAnswered(order_id="A1.1", device_ids=done, outcome="done", words=why),
        ev.ControlTimedOut(order_id="A1.1", device_ids=silent, sent=True, words=why),
    )
    text = room.page.acts_model.index(0, 2).data()
    assert "◆" in text and "unanswered" in text and "left out" in text
    assert room.able("take_back")
    room.page.take_back()
    assert room.asked() == [do.TakeBackArea(act_id="A1")]
    room.proposed("A2", takes_back="A1")
    assert "take all of this back" in room.page.sure.text()


def test_everything_is_said_in_korean_too(qapp: object):
    room = Room("ko")
    room.draw(text="시장")
    room.proposed()
    assert room.page.sure.text() == "모두 보낼까요?"
    assert "시장: 제어할 수 있는 장치" in room.page.area_title.text()
    room.catalogue.switch("en")
    assert room.page.sure.text() == "Really send all of this?"
    room.close()


def test_the_whole_page_fits_the_area_under_the_wall(room: Room):
    room.draw()
    room.proposed()
    assert room.page.minimumSizeHint().width() <= 1140
    assert room.page.minimumSizeHint().height() <= 300
