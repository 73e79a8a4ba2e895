"""The phone card: it comes by itself, covers nothing, says what to say, and keeps what was said."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.commands import RecordCall
from console.model.ladder import PhoneCall
from tests.ladder.room import CALLER, FIREMEN, POLICE, Room

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


def press(
    room: Room, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(room.window.windowHandle(), key, modifier)


def texts(room: Room) -> str:
    return "\n".join(one.text() for one in room.card.findChildren(QLabel) if one.isVisible())


def due(room: Room, qtbot) -> str:
    """A hand-off nobody took for a minute."""
    room.show(qtbot)
    name = room.sent()
    room.later(61)
    return name


def test_it_comes_by_itself_without_taking_the_keyboard_or_covering_anything(room: Room, qtbot) -> None:
    due(room, qtbot)
    assert room.card.isVisible() and room.window.focusWidget() is room.body
    room.settle()
    assert not room.dock.geometry().intersects(room.body.geometry())


def test_the_script_is_in_their_language_with_the_operators_beside_it(room: Room, qtbot) -> None:
    name = due(room, qtbot)
    room.bring(name)
    said = texts(room)
    assert "수원시" in said and "This is Suwon" in said and CALLER in said
    assert f"Our number is {name}" in said and "61 s: Nobody has accepted yet." in said
    room.catalogue.switch("ko")
    assert "This is Suwon" not in texts(room) and "119 전화" in texts(room)


def test_without_the_hub_it_says_what_the_desk_knows(room: Room, qtbot) -> None:
    room.lose_hub()
    due(room, qtbot)
    said = texts(room)
    assert "Smoke or fire" in said and "Paldalmun gate" in said and "callers' numbers are missing" in said
    assert room.card.number.text() == "119"


def test_keys_alone_record_the_call_and_the_card_goes(room: Room, qtbot) -> None:
    name = due(room, qtbot)
    press(room, Qt.Key.Key_T, ALT)
    QTest.keyClicks(room.window.focusWidget(), "Sgt Park")
    press(room, Qt.Key.Key_L, ALT)
    press(room, Qt.Key.Key_A, ALT)
    press(room, Qt.Key.Key_Tab)
    press(room, Qt.Key.Key_Return, CTRL)
    assert room.said_last() == RecordCall(
        thread_id=name, called_at_ns=called_second(room), name="Sgt Park", channel="hotline",
        outcome="accepted", number="119",
    )  # fmt: skip
    now_ns = room.clock.now_ns()
    room.tell(ev.HandoffCalled(handoff_id=name, call=PhoneCall(
        at_ns=now_ns, called_at_ns=now_ns, person="kim", name="Sgt Park", channel="hotline",
        outcome="accepted",
    )))  # fmt: skip
    room.grant()
    assert not room.card.isVisible() and not room.dock.isVisible()
    assert room.window.focusWidget() is room.body
    room.later(30)
    assert not room.card.is_open and "Nobody has accepted" not in room.panel.texts()


def called_second(room: Room) -> int:
    """The end of the second that was written, or now."""
    second_ns = room.clock.now_ns() // SECOND_NS * SECOND_NS
    return min(room.clock.now_ns(), second_ns + SECOND_NS - 1)


def test_what_is_missing_is_said_and_nothing_is_sent(room: Room, qtbot) -> None:
    due(room, qtbot)
    press(room, Qt.Key.Key_T, ALT)
    press(room, Qt.Key.Key_E, ALT)
    press(room, Qt.Key.Key_Return, CTRL)
    said = texts(room)
    assert "Enter who spoke at the other end." in said and "a refusal needs its reason" in said
    assert not any(isinstance(one, RecordCall) for one in room.port.commands.values())
    assert room.window.focusWidget() is room.card.form.fields["name"]


@pytest.mark.parametrize(
    ("written", "seconds_ago"), [("18:47:00", 41), ("18:47", 41), ("184700", 41), ("", 0), ("18:47:41", 0)]
)
def test_the_time_is_read_as_people_write_it(room: Room, qtbot, written: str, seconds_ago: int) -> None:
    due(room, qtbot)
    room.card.form.fields["time"].setText(written)
    called_ns = room.card.form.call("kim", room.clock.now_ns()).called_at_ns
    assert (room.clock.now_ns() - called_ns) // SECOND_NS in (seconds_ago, seconds_ago - 1)


@pytest.mark.parametrize("written", ["25:00", "soon", "18:61", "18:00:00", "23:59"])
def test_a_time_that_cannot_be_is_refused(room: Room, qtbot, written: str) -> None:
    due(room, qtbot)
    form = room.card.form
    form.fields["time"].setText(written)
    form.fields["name"].setText("Park")
    form.choose("outcome", "accepted")
    room.card.record()
    assert "lies ahead, or before" in texts(room)
    assert not any(isinstance(one, RecordCall) for one in room.port.commands.values())


def test_it_stays_until_it_is_recorded_and_keeps_what_is_typed(room: Room, qtbot) -> None:
    name = due(room, qtbot)
    press(room, Qt.Key.Key_T, ALT)
    QTest.keyClicks(room.window.focusWidget(), "Park")
    press(room, Qt.Key.Key_Escape)
    assert room.card.isVisible() and room.window.focusWidget() is room.body
    assert room.card.form.isHidden(), "one line with the number"
    room.open("INC-2")
    room.sent(POLICE, incident_id="INC-2")
    room.later(61)
    assert room.card.thread_id == name and "Smoke or fire, Paldalmun gate" in texts(room)
    room.panel.show_incident("INC-1")
    press(room, Qt.Key.Key_T, ALT)
    assert room.card.form.fields["name"].text() == "Park"


def test_it_goes_by_itself_when_the_partner_accepts_and_nothing_was_written(room: Room, qtbot) -> None:
    name = due(room, qtbot)
    room.tell(ev.HandoffReceived(handoff_id=name, agency_ref="7"))
    room.says(name, "accepted")
    assert not room.card.isVisible()


def test_it_is_opened_by_hand_at_any_time_and_closes_with_esc(room: Room, qtbot) -> None:
    room.show(qtbot)
    room.received()
    press(room, Qt.Key.Key_T, ALT)
    assert room.card.isVisible() and "Nobody" not in room.card.why.text()
    press(room, Qt.Key.Key_Escape)
    assert not room.card.isVisible()


def test_while_a_draft_is_open_it_is_one_line_with_the_number(room: Room, qtbot) -> None:
    due(room, qtbot)
    press(room, Qt.Key.Key_H)
    room.drafted(POLICE)
    assert room.draft.isVisible() and room.card.isVisible() and room.card.form.isHidden()
    press(room, Qt.Key.Key_Escape)
    assert not room.card.form.isHidden()


def test_the_card_of_another_incident_is_one_line_until_it_is_asked_for(room: Room, qtbot) -> None:
    due(room, qtbot)
    room.open("INC-2")
    room.later(1)
    assert room.card.isVisible() and room.card.form.isHidden()
    assert "Smoke or fire, Paldalmun gate" in room.card.why.text()


def test_what_the_hub_refuses_is_said_and_the_card_stays(room: Room, qtbot) -> None:
    due(room, qtbot)
    form = room.card.form
    form.fields["name"].setText("Park")
    form.choose("outcome", "accepted")
    room.card.record()
    room.card.record()
    assert sum(isinstance(one, RecordCall) for one in room.port.commands.values()) == 1
    room.refuse(list(room.port.commands)[-1], "Too many calls.")
    assert "Too many calls." in texts(room) and room.card.isVisible()


def test_every_channel_and_outcome_has_a_key_and_a_name(room: Room, qtbot) -> None:
    room.show(qtbot)
    phone = room.watch.figures.phone
    for what, names in (("channel", phone.channels), ("outcome", phone.outcomes)):
        for name in names:
            act = room.actions.act(f"ladder.{what}.{name}")
            assert act.shortcut().toString() and act.text()
    assert FIREMEN in room.profile.agencies
