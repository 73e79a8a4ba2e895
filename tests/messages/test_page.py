"""The page of disaster messages: written from an incident, let go by another person, followed to the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.model import commands as do
from console.model import events as ev
from console.model.base import Position, Words, same_words
from console.model.message import DisasterMessage, MessageArea, MessageContent
from console.model.sketch import Sketch
from console.profile.messages import message_book
from tests.kit.sitting import PLACE, Sitting, suwon
from widgets.messages.page import MessagesPage
from widgets.messages.strip import MessageStrip

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
BOOK = message_book("suwon", "KR", ("ko", "en"))
FIRE = Words(en="[Suwon City] Fire at the market.", ko="[수원시] 시장 화재 발생.")


class Room(Sitting):
    def __init__(self, language: str = "en", desk: str = "desk-1", person: str = "kim") -> None:
        super().__init__(language)
        self.board.desk, self.board.person = desk, person
        self.connect()
        self.tell(
            ev.IncidentOpened(
                incident_id="I1", type="market_fire", priority=1, place=PLACE, reason=same_words("smoke"),
                camera_ids=(),
            ),
            ev.OutletChanged(outlet="cbs", sort="https", up=True, why=same_words("")),
        )  # fmt: skip
        kit = (self.actions, self.catalogue, self.tokens, self.moments, BOOK)
        self.page = MessagesPage(self.board, self.pulse, self.port, *kit)
        self.strip = MessageStrip(self.board, self.pulse, *kit)
        self.page.resize(1140, 300)
        self.page.show()
        self.page.activateWindow()
        self.pulse.tick()

    def draft(
        self, message_id: str = "M1", person: str = "kim", desk: str = "desk-1", **changes: object
    ) -> None:
        told = {"level": "emergency", "text": FIRE, "area": MessageArea(), "valid_min": 60, **changes}
        self.tell(
            ev.MessageDrafted(
                message_id=message_id, revision=1, desk=desk, person=person, digest="d",
                content=MessageContent(**told),  # type: ignore[arg-type]
            )
        )  # fmt: skip

    def approve(self, message_id: str = "M1") -> None:
        self.tell(
            ev.MessageApproved(
                message_id=message_id, desk="super-1", person="lee", digest="d", by_code=False, sender="s",
                identifier="suwon-1", sent="t", expires_ns=self.clock.now_ns() + 3600 * 10**9,
                outlets=("cbs",), cap="<alert/>",
            )
        )  # fmt: skip

    @property
    def message(self) -> DisasterMessage:
        return self.board.state.messages["M1"]

    def asked(self) -> list[do.Command]:
        return list(self.port.commands.values())

    def able(self, name: str) -> bool:
        return self.actions.act(f"messages.{name}").isEnabled()

    def close(self) -> None:
        for part in (self.page, self.strip):
            part.release()
            part.close()
            part.deleteLater()
        del self.page, self.strip
        self.leave()


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def other(desk: str = "super-1", person: str = "lee") -> Room:
    return Room(desk=desk, person=person)


def test_an_incident_gives_the_first_text_its_place_and_its_district(room: Room):
    room.page.begin_for("I1")
    content = room.page.form.content
    assert content.template == "fire_near"
    assert content.level == "emergency"
    assert "Paldalmun gate, north side" in content.text.en
    assert content.text.ko.startswith("[수원시]")
    assert "팔달문 북측" in content.text.ko
    assert content.incident_id == "I1"
    assert room.page.form.counts["ko"].text().startswith("Korean:")
    assert room.able("send")
    QTest.keyClick(room.page.form.texts["ko"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (asked,) = room.asked()
    assert isinstance(asked, do.DraftMessage)
    assert asked.content == content


def test_what_was_written_stays_until_the_hub_took_it(room: Room):
    room.page.begin_for("I1")
    room.page.form.texts["ko"].setPlainText("[수원시] 손으로 쓴 글")
    room.page.send()
    assert not room.able("send"), "not twice"
    room.refuse("c1", "The text reads like advertising.")
    assert room.page.stack.currentIndex() == 1
    assert room.page.form.content.text.ko == "[수원시] 손으로 쓴 글"
    room.page.send()
    room.draft("c2")
    room.accept("c2")
    assert room.page.stack.currentIndex() == 0
    assert room.page.chosen is not None
    assert room.page.chosen.id == "c2"


def test_too_long_is_said_in_words_and_not_sent(room: Room):
    room.page.begin()
    room.page.form.texts["ko"].setPlainText("[수원시] " + "가" * 200)
    assert "fit" in room.page.form.counts["ko"].text()
    assert not room.able("send")


def test_the_level_is_chosen_by_hand_and_sets_how_long_it_holds(room: Room):
    room.page.begin_for("I1")
    room.page.form._levels["extreme"].click()
    assert room.page.form.content.level == "extreme"
    assert room.page.form.content.valid_min == BOOK.levels["extreme"].valid_min


def test_at_night_advice_asks_why_it_cannot_wait_and_nothing_else_does(room: Room):
    room.page.begin()
    form = room.page.form
    form._levels["advisory"].click()
    assert not form.urgent.isVisibleTo(form)
    room.clock.step(4 * 3600)
    form._levels["emergency"].click()
    assert not form.urgent.isVisibleTo(form)
    form._levels["advisory"].click()
    assert form.urgent.isVisibleTo(form)


def test_districts_and_one_drawn_area_are_chosen_in_the_list(room: Room):
    area = tuple(Position(lat=37.27 + n / 100, lon=127.0 + n * n / 100) for n in range(3))
    room.tell(
        ev.SketchShared(
            desk="desk-1", person="kim", sketch=Sketch(id="S1", form="area", points=area, text="market block")
        )
    )
    room.page.begin()
    areas = room.page.form.areas
    assert areas.item(0).text() == "Drawn: market block"
    areas.item(0).setCheckState(Qt.CheckState.Checked)
    areas.item(1).setCheckState(Qt.CheckState.Checked)
    chosen = room.page.form.content.area
    assert chosen.polygon == area
    assert chosen.name == same_words("market block")
    assert chosen.districts == (next(iter(suwon().districts)),)


def test_who_wrote_it_cannot_let_it_go_and_is_told_so(room: Room):
    room.board.desk = "super-1"
    room.draft(person="kim", desk="desk-2")
    assert not room.able("approve")
    assert "another person" in room.page.detail.why_not.text()


def test_another_person_reads_it_and_lets_it_go(qapp: object):
    room = other()
    room.draft()
    assert FIRE.en in room.page.detail.text.toPlainText()
    assert room.able("approve")
    assert not room.page.detail.person.isVisibleTo(room.page.detail)
    room.page.approve()
    assert room.asked() == [do.ApproveMessage(message_id="M1", digest="d")]
    room.close()


def test_at_the_desk_that_wrote_it_a_name_and_a_code_are_asked_for(room: Room):
    room.draft()
    assert not room.able("approve")
    room.page.detail.approver.setText("Kim")
    room.page.detail.code.setText("402711")
    assert not room.able("approve"), "who wrote it never"
    room.page.detail.approver.setText("Lee Yuna")
    assert room.able("approve")
    room.page.approve()
    (asked,) = room.asked()
    assert isinstance(asked, do.ApproveMessage)
    assert (asked.approver, asked.code) == ("Lee Yuna", "402711")
    assert room.page.detail.code.text() == "", "a code does not stay on the screen"


def test_it_is_followed_from_sent_to_the_receipt_and_a_late_one_turns_amber(room: Room):
    room.draft()
    room.approve()
    room.tell(ev.MessageSent(message_id="M1", outlet="cbs", attempt=1))
    assert "being sent: 0 of 1" in room.page.detail.standing.text()
    room.later(6.0)
    assert "no receipt for 6 s" in room.page.detail.standing.text()
    room.tell(ev.MessageReceived(message_id="M1", outlet="cbs", receipt="R-1"))
    assert "received by 1" in room.page.detail.standing.text()
    assert "R-1" in room.page.detail.text.toPlainText()
    assert not room.strip.isVisibleTo(None)


def test_what_nobody_takes_is_told_loudly_on_the_page_and_across_the_window(room: Room):
    room.draft()
    room.approve()
    why = Words(en="cbs refuses it (HTTP 422).", ko="cbs 창구가 거부했습니다.")
    heard: list[int] = []
    room.strip.lost_anew.connect(lambda: heard.append(1))
    room.tell(ev.MessageStalled(message_id="M1", outlet="cbs", refused=True, reason=why))
    assert room.strip.lost
    assert heard == [1], "heard once"
    assert not room.strip.isHidden()
    assert "cbs refuses it" in room.strip.why.text()
    assert "NOT RECEIVED" in room.page.detail.standing.text()
    room.later(2 * 3600)
    assert not room.strip.isHidden(), "still owed"
    room.tell(ev.MessageReceived(message_id="M1", outlet="cbs", receipt="R"))
    assert room.strip.isHidden()


def test_a_draft_waits_in_the_strip_of_those_who_did_not_write_it(room: Room):
    room.draft()
    assert room.strip.isHidden()
    room.draft("M2", person="park")
    assert not room.strip.isHidden()
    assert not room.strip.lost


def test_an_update_and_a_cancel_begin_from_what_was_sent(room: Room):
    room.draft(area=MessageArea(districts=("paldal",) if "paldal" in suwon().districts else ()))
    room.approve()
    assert room.able("update") and room.able("cancel")
    room.page.cancel_it()
    content = room.page.form.content
    assert (content.kind, content.replaces, content.template) == ("cancel", "M1", "all_clear")
    room.page.leave()
    room.page.update_it()
    assert room.page.form.content.kind == "update"
    assert room.page.form.content.area == room.message.content.area


def test_a_draft_is_put_away_with_a_reason_only(room: Room):
    room.draft()
    assert not room.able("discard")
    room.page.detail.reason.setText("false alarm")
    assert room.able("discard")
    room.page.discard()
    assert room.asked() == [do.DiscardMessage(message_id="M1", reason="false alarm")]
    room.tell(ev.MessageDiscarded(message_id="M1", desk="desk-1", person="kim", reason="false alarm"))
    assert "discarded by kim" in room.page.detail.standing.text()
    assert not room.able("update")


def test_editing_a_draft_brings_back_everything_it_says(room: Room):
    room.draft(person="park", urgent_reason="child in the cold", level="advisory", valid_min=45)
    room.page.edit()
    content = room.page.form.content
    assert content == room.message.content
    assert room.page.form.message_id == "M1"


def test_every_word_is_there_in_korean_too(qapp: object):
    room = Room("ko")
    room.draft(person="park")
    assert "승인 대기" in room.page.detail.standing.text()
    assert room.strip.what.text() == "재난문자 승인 대기"
    room.page.begin_for("I1")
    assert room.page.form.title.text().startswith("새 재난문자: ")
    room.catalogue.switch("en")
    assert room.page.form.title.text().startswith("New message: ")
    room.close()


def test_the_whole_page_fits_the_area_under_the_wall(room: Room):
    room.draft(text=Words(en="[Suwon City] " + "long words " * 30, ko="[수원시] " + "긴 글 " * 25))
    assert room.page.minimumSizeHint().width() <= 1140
    assert room.page.minimumSizeHint().height() <= 300
