"""The ladder in the detail: rows, what must be looked at, acts by key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.model import events as ev
from console.model.base import Words
from console.model.commands import (
    CancelHandoff,
    GiveUpHandoff,
    RerouteHandoff,
    SeeFlags,
    TransferHandoff,
    UpdateHandoff,
)
from console.model.ladder import PhoneCall
from tests.kit.sitting import opened
from tests.ladder.room import FIREMEN, POLICE, Room, elsewhere

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
ALT = Qt.KeyboardModifier.AltModifier


def press(room: Room, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(room.window.focusWidget() or room.window, key, modifier)


def rungs(room: Room, row: int = 0) -> list[tuple[str, str]]:
    return room.panel.rows[row].strip.texts()


def test_each_partner_has_a_row_and_both_have_their_rungs_in_the_same_columns(room: Room) -> None:
    room.received(shape="joint", group="g")
    room.sent(POLICE, shape="joint", group="g")
    titles = [row.title.text() for row in room.panel.rows]
    assert titles[0].startswith("112") and "joint response with 119" in titles[0]
    assert "their case 119-0417" in titles[1]
    boxes = [[row.strip._box(one).left() for one in range(9)] for row in room.panel.rows]
    assert boxes[0] == boxes[1] and boxes[0] == sorted(boxes[0])


def test_each_rung_shows_its_time_as_the_partner_says_it(room: Room) -> None:
    name = room.received()
    room.later(5)
    room.says(name, "accepted")
    room.later(9)
    room.says(name, "assigned", unit="Pump 1", words=Words(en="Two engines", ko="소방차 2대"))
    shown = dict(rungs(room))
    assert (shown["Received"], shown["Accepted"], shown["Unit assigned"], shown["Closed"]) == (
        "18:46:40", "18:46:45", "18:46:54", ""
    )  # fmt: skip
    assert "Unit: Pump 1" in room.panel.texts() and "Two engines" in room.panel.texts()
    assert "With 119" in room.panel.summary.text()
    assert "Accepted 18:46:45" in room.panel.rows[0].accessibleName()


def test_amber_at_five_seconds_red_at_thirty_with_sound_the_card_at_sixty(room: Room) -> None:
    room.sent()
    room.later(4)
    assert room.panel.rows[0].level.isHidden() and not room.heard
    room.later(1)
    assert "▲ 5 s: Nobody has accepted yet." in labels(room) and not room.heard
    room.later(25)
    assert "◆ 30 s: Nobody has accepted yet. Phone card in 30 s." in labels(room)
    assert room.heard == ["handoff"] and not room.card.is_open
    assert ("Received", "for 30 s") in rungs(room)
    room.later(30)
    assert room.card.is_open and room.card.number.text() == "119"
    assert "phone now" in room.panel.rows[0].level.text()


def labels(room: Room) -> list[str]:
    return [one.text() for one in room.panel.rows[0]._labels if not one.isHidden()]


def test_red_is_never_folded_away_however_much_was_said(room: Room) -> None:
    name = room.received()
    room.says(name, "accepted")
    for place in range(6):
        room.says(name, "note", words=Words(en=f"note {place}", ko=f"메모 {place}"), verdict="noted")
    room.says(name, "cancel_refused", flags=("reversed",))
    text = room.panel.texts()
    assert "The partner took back" in text and "and 5 more [Alt+M]" in text and "note 0" not in text
    room.actions.trigger("ladder.whole")
    assert "note 0" in room.panel.texts() and "more [Alt+M]" not in room.panel.texts()


def test_a_refusal_says_why_and_one_key_drafts_it_for_another(room: Room, qtbot) -> None:
    room.show(qtbot)
    name = room.received(POLICE)
    room.says(name, "refused", reason="not-ours", words=Words(en="a fire", ko="화재"))
    text = room.panel.texts()
    assert "Refused: not theirs to handle: a fire" in text and "Give it to 119?" in text
    assert room.heard == ["handoff"]
    press(room, Qt.Key.Key_R, ALT)
    assert room.said_last() == RerouteHandoff(thread_id=name, agency=FIREMEN)
    second = room.drafted(shape="reroute", follows=name)
    room.tell(ev.HandoffRerouted(handoff_id=name, to_thread=second))
    room.grant()
    assert room.draft.isVisible() and room.drafting.is_complete()
    assert "after 112 refused" in room.panel.rows[0].title.text(), "what is over stands behind"
    assert "refused, given to 119" in room.panel.texts()
    assert not room.actions.act("ladder.reroute").isEnabled()


def test_a_read_back_that_differs_says_what_they_understood(room: Room) -> None:
    name = room.received()
    room.says(name, "accepted", read_back=elsewhere(340), flags=("read_back",))
    text = room.panel.texts()
    assert "340 m away" in text and "장안문" in text
    room.actions.trigger("ladder.seen")
    assert room.said_last() == SeeFlags(thread_id=name)
    room.tell(ev.HandoffFlagsSeen(handoff_id=name, person="kim"))
    assert "340 m" not in room.panel.texts()
    assert not room.actions.act("ladder.seen").isEnabled()


def test_an_update_is_typed_sent_and_shown_with_its_confirmation(room: Room, qtbot) -> None:
    room.show(qtbot)
    name = room.received()
    press(room, Qt.Key.Key_U, ALT)
    QTest.keyClicks(room.window.focusWidget(), "two people on the roof")
    press(room, Qt.Key.Key_Return)
    assert room.said_last() == UpdateHandoff(thread_id=name, text="two people on the roof")
    assert room.window.focusWidget() is room.body, "the keyboard is where it was"
    room.tell(ev.HandoffUpdateQueued(handoff_id=name, message_id="u", person="kim",
                                     text="two people on the roof", message_sha256="0"))  # fmt: skip
    assert "two people on the roof – not confirmed yet" in room.panel.texts()
    room.later(5)
    assert "An update is not confirmed." in room.panel.texts()
    room.tell(ev.HandoffConfirmed(handoff_id=name, message_id="u"))
    assert "two people on the roof – confirmed 18:46:45" in room.panel.texts()


def test_a_cancel_is_a_request_with_a_reason_and_its_answer(room: Room, qtbot) -> None:
    room.show(qtbot)
    name = room.received()
    room.says(name, "accepted")
    press(room, Qt.Key.Key_W, ALT)
    press(room, Qt.Key.Key_Return)
    assert not room.line.isHidden(), "nothing is sent without a reason"
    QTest.keyClicks(room.window.focusWidget(), "test")
    press(room, Qt.Key.Key_Return)
    assert room.said_last() == CancelHandoff(thread_id=name, reason="test")
    room.tell(ev.HandoffCancelAsked(handoff_id=name, message_id="c", person="kim", reason="test",
                                    message_sha256="0"))  # fmt: skip
    assert "cancel requested (kim): test – not answered yet" in room.panel.texts()
    room.says(name, "cancel_refused", words=Words(en="on our way", ko="출동 중"))
    assert "refused, they go on" in room.panel.texts() and "on our way" in room.panel.texts()
    assert not room.actions.act("ladder.cancel").isEnabled()


def test_what_was_typed_is_kept_for_this_partner_when_it_is_left(room: Room, qtbot) -> None:
    room.show(qtbot)
    room.received()
    press(room, Qt.Key.Key_U, ALT)
    QTest.keyClicks(room.window.focusWidget(), "half a sen")
    press(room, Qt.Key.Key_Escape)
    assert room.line.isHidden() and not room.dock.isVisible()
    press(room, Qt.Key.Key_U, ALT)
    assert room.line.field.text() == "half a sen"


def test_giving_up_is_offered_until_there_is_a_receipt(room: Room) -> None:
    name = room.sent()
    assert room.actions.act("ladder.give_up").isEnabled()
    room.panel.say("give_up", name, "told by radio")
    assert room.said_last() == GiveUpHandoff(thread_id=name, reason="told by radio")
    room.grant()
    room.tell(ev.HandoffReceived(handoff_id=name, agency_ref="7"))
    assert not room.actions.act("ladder.give_up").isEnabled()


def test_a_transfer_says_who_has_it_until_the_other_accepts(room: Room, qtbot) -> None:
    room.show(qtbot)
    name = room.received(POLICE)
    room.says(name, "accepted")
    press(room, Qt.Key.Key_H, Qt.KeyboardModifier.ShiftModifier)
    press(room, Qt.Key.Key_X)
    assert room.said_last() == TransferHandoff(thread_id=name, agency=FIREMEN)
    second = room.queued(room.drafted(shape="transfer", follows=name))
    assert "119 shall go instead; 112 has it until 119 accepts." in room.panel.texts()
    room.says(second, "accepted")
    assert "112 is asked to cancel" in room.panel.texts()


def test_both_going_where_one_was_meant_to_is_said_on_both_rows(room: Room) -> None:
    first = room.received(POLICE)
    room.says(first, "refused")
    second = room.received(shape="reroute", follows=first)
    room.says(second, "accepted")
    room.later(1)
    room.says(first, "accepted", said_s=0.0, flags=("reversed",))
    assert room.panel.texts().count("112 and 119 both go. Settle it with both.") == 2


def test_keys_act_on_the_thread_that_is_picked_and_first_on_the_worst(room: Room, qtbot) -> None:
    room.show(qtbot)
    late = room.sent(POLICE)
    room.later(6)
    good = room.received()
    assert room.panel.current_id == late
    press(room, Qt.Key.Key_Down, ALT)
    assert room.panel.current_id == good
    QTest.mouseClick(room.panel.rows[0], Qt.MouseButton.LeftButton)
    assert room.panel.current_id == late
    assert [row.current for row in room.panel.rows[:2]] == [True, False]


def test_a_call_stands_on_the_ladder(room: Room) -> None:
    name = room.sent()
    call = PhoneCall(at_ns=room.clock.now_ns(), called_at_ns=room.clock.now_ns(), person="kim", name="Park",
                     channel="hotline", outcome="accepted", case_ref="119-9", words="coming")  # fmt: skip
    room.tell(ev.HandoffCalled(handoff_id=name, call=call))
    assert "by hotline (kim) with Park: taken: their case 119-9: coming" in room.panel.texts()


def test_a_refused_order_says_why_in_the_readers_language(room: Room) -> None:
    name = room.received()
    room.panel.say("update", name, "x")
    assert "Update: asked, waiting for the hub" in room.panel.told.text()
    room.refuse("c1", "The ledger cannot be written.", "원장에 쓸 수 없습니다.")
    assert room.panel.told.text() == "Update refused: The ledger cannot be written."
    room.catalogue.switch("ko")
    assert room.panel.told.text() == "추가 통보 거부됨: 원장에 쓸 수 없습니다."
    room.open("INC-2")
    assert room.panel.told.isHidden()


def test_another_incident_shows_its_own_threads_and_none_shows_nothing(room: Room) -> None:
    room.received()
    room.open("INC-2")
    assert room.panel.texts() == "" and room.panel.summary.text() == "Not handed over"
    room.panel.show_incident("")
    assert room.panel.isHidden() and not room.actions.act("ladder.draft").isEnabled()


def test_threads_of_other_incidents_are_not_in_it(room: Room) -> None:
    room.received()
    for place in range(40):
        room.tell(opened(f"X{place}"))
        room.drafted(incident_id=f"X{place}")
    assert len([row for row in room.panel.rows if not row.isHidden()]) == 1
