"""The page of controls: found, chosen by key, sent, asked twice, answered in words; groups around a place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.base import Words, same_words
from console.model.control import ExpectedEffect
from tests.kit.sitting import PLACE, Sitting, suwon
from widgets.controls.page import ControlsPage
from widgets.controls.rows import matching, rows_of

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
EVERY_KIND = tuple(kind for kind, controls in suwon().controls_of_kind.items() if controls)


class Room(Sitting):
    def __init__(self, language: str = "en", desk: str = "desk-1") -> None:
        super().__init__(language)
        self.board.desk = desk
        self.connect()
        self.tell(ev.ControlWayChanged(gateway="field", up=True, kinds=EVERY_KIND, devices=("*",)))
        self.page = ControlsPage(
            self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens, self.moments
        )
        self.page.resize(1140, 300)
        self.page.show()
        self.page.activateWindow()
        self.pulse.tick()

    def asked(self) -> list[do.Command]:
        return list(self.port.commands.values())

    def ordered(self, order_id: str, dangerous: bool = False, **changes: object) -> None:
        """The hub took the newest order."""
        command = self.port.commands[order_id]
        assert isinstance(command, do.OrderControl)
        self.tell(
            ev.ControlOrdered(
                order_id=order_id, desk=self.board.desk, person=self.board.person, control=command.control,
                device_ids=command.device_ids, value=command.value, value_words=same_words(command.value),
                summary=Words(en="Barrier: close, at the north ramp.", ko="차단기 닫기"),
                warning=Words(en="Cars stop.", ko="차량 정지"),
                answer_s=20.0, token="t" if dangerous else "",
                confirm_by_ns=self.clock.now_ns() + 30 * SECOND_NS if dangerous else 0,
                effect=ExpectedEffect(quantity="closed", low=0.5, high=1.0, within_s=30.0),
            )
        )  # fmt: skip
        if not dangerous:
            self.sent(order_id)

    def sent(self, order_id: str) -> None:
        devices = tuple(self.board.state.control_orders[order_id].parts)
        due = self.clock.now_ns() + 20 * SECOND_NS
        self.tell(
            ev.ControlSent(order_id=order_id, gateway="field", device_ids=devices, answer_by_ns=due)
        )

    def result(self) -> str:
        return self.page.panel.result.text()

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


def test_every_device_with_a_control_is_found_by_its_words_in_both_languages():
    from console.language import load_catalogue

    rows = rows_of(suwon(), load_catalogue("en"))
    assert {row.kind for row in rows} == set(EVERY_KIND)
    for text in ("bar-0001", "화서지하차도 차단기", "hwaseo barrier"):
        assert "BAR-0001" in [row.id for row in matching(rows, text)], text


def test_a_lamp_is_dimmed_by_keys_alone(room: Room):
    room.page.find()
    QTest.keyClicks(room.page.field, "LAMP-0007")
    QTest.keyClick(room.page.field, Qt.Key.Key_Return)
    assert room.page.chosen == ("LAMP-0007",)
    QTest.keyClick(room.page.panel.form, Qt.Key.Key_3)
    assert room.page.panel.form.value == "100"
    room.page.panel.send()
    assert room.asked() == [do.OrderControl(control="lamp_dim", device_ids=("LAMP-0007",), value="100")]
    assert room.result() == "On its way to the hub …"


def test_a_dangerous_order_asks_in_words_and_only_y_does_it(room: Room):
    page = room.page
    assert page.show_device("BAR-0001")
    page.panel.form.choose("close")
    page.panel.send()
    room.accept("c1")
    room.ordered("c1", dangerous=True)
    question = page.panel.question
    assert question.isVisible() and question.summary.text() == "Barrier: close, at the north ramp. Cars stop."
    assert "30 s" in question.left.text()
    page.panel.send()
    assert len(room.asked()) == 2, "another order is the hub's to refuse; it is no second yes"
    question.confirm()
    assert room.asked()[-1] == do.ConfirmControl(order_id="c1", token="t")
    assert not question.isVisible()


def test_no_takes_a_dangerous_order_back(room: Room):
    room.page.show_device("BAR-0001")
    room.page.panel.form.choose("close")
    room.page.panel.send()
    room.ordered("c1", dangerous=True)
    room.page.panel.question.cancel()
    assert room.asked()[-1] == do.CancelControl(order_id="c1")
    assert not room.page.panel.question.isVisible()


def test_somebody_elses_question_is_not_asked_here(room: Room):
    room.page.show_device("BAR-0001")
    room.page.panel.form.choose("close")
    room.page.panel.send()
    room.board.person = "somebody else"
    room.ordered("c1", dangerous=True)
    room.board.person = "me"
    room.tell(ev.ControlConfirmed(order_id="none", desk="", person=""))
    room.page.panel.question.look()
    assert not room.page.panel.question.isVisible()


def test_what_came_of_an_order_is_said_in_words(room: Room):
    room.page.show_device("BAR-0001")
    room.page.panel.form.choose("close")
    room.page.panel.send()
    room.accept("c1")
    room.ordered("c1")
    room.clock.step(4)
    room.page.panel._look()
    assert "sent, no answer yet: 4 s of 20 s" in room.result()
    room.tell(
        ev.ControlAnswered(order_id="c1", device_ids=("BAR-0001",), outcome="done", words=same_words("ok"))
    )
    assert "not measured yet" in room.result()
    room.tell(
        ev.ControlHadNoEffect(order_id="c1", device_ids=("BAR-0001",), words=same_words("Look by camera."))
    )
    assert "DONE IS SAID, NOT MEASURED" in room.result() and "Look by camera." in room.result()
    assert room.page.panel.result.property("ink") == "p1"


def test_a_refused_order_is_told_loudly_and_stays_until_the_next(room: Room):
    room.page.show_device("BAR-0001")
    room.page.panel.form.choose("close")
    room.page.panel.send()
    room.refuse("c1", "No gateway reaches it.")
    assert room.result() == "Refused: No gateway reaches it."
    assert room.page.panel.result.property("ink") == "p1"


def test_lamps_around_an_incident_are_one_order_and_go_back_to_automatic(room: Room):
    page = room.page
    lamp = room.profile.devices["LAMP-0003"]
    page.show_lamps(lamp.place.position, PLACE.name)
    page.panel.radius.setValue(150)
    page.lamps_on()
    (order,) = room.asked()
    assert isinstance(order, do.OrderControl)
    assert (order.control, order.value) == ("lamp_dim", "100") and len(order.device_ids) == 13
    assert order.device_ids[0] == "LAMP-0003"
    room.accept("c1")
    page.lamps_auto()
    back = room.asked()[-1]
    assert isinstance(back, do.OrderControl)
    assert back.value == "auto" and set(back.device_ids) == set(order.device_ids)


def test_the_circle_is_widened_until_there_are_lamps_and_none_is_said_in_words(room: Room):
    park = room.profile.devices["CAM-PARK-0001"].place
    room.page.show_lamps(park.position, park.name)
    assert room.page.panel.radius.value() == 300 and len(room.page.chosen) == 17
    far = room.profile.devices["UND-0001"].place
    room.page.show_lamps(far.position, far.name)
    assert not room.page.chosen and "No lamp that can be asked within 500 m" in room.page.panel.now.text()
    assert not room.asked()


def test_a_lamp_that_is_down_is_left_out_of_the_group(room: Room):
    room.tell(ev.DeviceConditionChanged(device_id="LAMP-0004", condition="down", why=same_words("dark")))
    lamp = room.profile.devices["LAMP-0003"]
    room.page.show_lamps(lamp.place.position, PLACE.name)
    assert "LAMP-0004" not in room.page.chosen and "LAMP-0003" in room.page.chosen


def test_a_desk_without_the_right_is_told_and_cannot_send(room: Room):
    room.page.show_device("SIG-0001")
    room.page.panel.form.choose("night")
    assert "This desk has not that right" in room.page.panel.right.text()
    assert not room.actions.act("controls.send").isEnabled()


def test_no_gateway_is_told_before_anything_is_sent(room: Room):
    room.tell(ev.ControlWayChanged(gateway="field", up=False))
    room.page.show_device("BAR-0001")
    assert "No gateway that is connected reaches it" in room.page.panel.right.text()


def test_an_incident_leads_to_its_devices_controls(room: Room):
    underpass = room.profile.devices["UPU-0003"]
    room.tell(
        ev.IncidentOpened(
            incident_id="I1", type="underpass_flood", priority=1, place=underpass.place,
            reason=same_words("x"), device_ids=("UND-0001", "UPU-0003"),
        )
    )  # fmt: skip
    room.page.show_incident("I1")
    assert room.page.chosen == ("UPU-0003",)
    room.page.panel.form.choose("on")
    room.page.panel.send()
    (order,) = room.asked()
    assert isinstance(order, do.OrderControl) and order.incident_id == "I1"
    room.page.show_device("LAMP-0001")
    room.page.panel.form.choose("100")
    room.page.panel.send()
    assert room.asked()[-1].incident_id == "", "another device is not the incident's"  # type: ignore[union-attr]


def test_a_camera_has_no_controls_and_the_list_stays(room: Room):
    room.page.show_device("BAR-0001")
    assert not room.page.show_device("CAM-PARK-0001")
    assert room.page.chosen == ("BAR-0001",)


def test_a_switch_of_language_keeps_what_is_chosen(room: Room):
    room.page.show_device("BAR-0001")
    room.page.panel.form.choose("close")
    room.catalogue.switch("ko")
    assert room.page.chosen == ("BAR-0001",) and room.page.panel.form.value == "close"
    assert room.page.orders.headerData(0, Qt.Orientation.Horizontal) == "시각"
    assert "차단기" in room.page.panel.title.text()


def test_a_sign_is_written_with_its_lines(room: Room):
    room.page.show_device("VMS-0001")
    room.page.panel.form.text.setPlainText("지하차도 침수\n진입 금지")
    room.page.panel.send()
    (order,) = room.asked()
    assert isinstance(order, do.OrderControl) and order.value == "지하차도 침수\n진입 금지"


def test_the_last_orders_say_when_who_and_what(room: Room):
    room.page.show_device("BAR-0001")
    room.page.panel.form.choose("close")
    room.page.panel.send()
    room.ordered("c1")
    cells = [str(room.page.orders.data(room.page.orders.index(0, column))) for column in range(4)]
    assert cells[1] == room.board.person and cells[2].startswith("Barrier: close") and "sent" in cells[3]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_control_can_be_shown_in_both_languages(qapp: object, language: str):
    made = Room(language, "super-1")
    try:
        for kind in EVERY_KIND:
            device = made.profile.columns.ids[made.profile.columns.of_kind(kind)[0]]
            assert made.page.show_device(device)
            assert "{" not in made.page.panel.right.text() + made.page.panel.now.text()
            for index in range(made.page.panel.kinds.count()):
                made.page.panel.kinds.setCurrentIndex(index)
                assert made.page.panel.control is not None
    finally:
        made.close()
