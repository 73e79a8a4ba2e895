"""From the key to what is sent: read in seconds, at most three keys, nothing sent that was not asked for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from console.model import events as ev
from console.model.commands import DraftHandoff, EditDraft, GiveUpHandoff, SendDraft
from console.model.query import AskDraft
from tests.ladder.room import CALLER, FIREMEN, POLICE, Room

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier
GROUP = {"shape": "joint", "group": "g"}


def press(room: Room, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    """One key into the window, as the screen's server brings it; keys held with it are part of it."""
    QTest.keyClick(room.window.windowHandle(), key, modifier)
    room.pressed += 1


def both_drafted(room: Room) -> tuple[str, str]:
    """The hub took the order: both drafts are on record, with their content."""
    names = room.drafted(**GROUP), room.drafted(POLICE, **GROUP)
    room.grant()
    for name in names:
        room.bring(name)
    return names


def texts(room: Room) -> str:
    return "\n".join(one.text() for one in room.draft.findChildren(QLabel) if one.isVisible())


def test_two_keys_from_the_chosen_incident_to_both_partners(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    assert room.said_last() == DraftHandoff(incident_id="INC-1", agencies=(FIREMEN, POLICE))
    names = both_drafted(room)
    press(room, Qt.Key.Key_Return)
    assert room.said_last() == SendDraft(thread_ids=names)
    for name in names:
        room.queued(name)
    room.grant()
    assert room.draft.isHidden() and room.pressed == 2
    assert room.window.focusWidget() is room.body


@pytest.mark.parametrize(
    ("key", "agencies"),
    [(Qt.Key.Key_2, (POLICE,)), (Qt.Key.Key_9, (FIREMEN,)), (Qt.Key.Key_0, (FIREMEN, POLICE))],
)
def test_three_keys_to_one_partner_or_to_both_of_choice(
    room: Room, qtbot, key: Qt.Key, agencies: tuple[str, ...]
) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H, SHIFT)
    press(room, key)
    assert room.said_last() == DraftHandoff(incident_id="INC-1", agencies=agencies)
    names = tuple(room.drafted(one) for one in agencies)
    room.grant()
    press(room, Qt.Key.Key_Return)
    assert room.said_last() == SendDraft(thread_ids=names)
    assert room.pressed == 3


def test_the_draft_is_read_at_once_and_says_what_is_missing(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    said = texts(room)
    assert "Smoke or fire · code 1" in said and "Paldalmun gate, north side" in said, "at once"
    both_drafted(room)
    said = texts(room)
    for wanted in (
        "Joint draft: 119 + 112", CALLER, "stills: 2", "Smoke, market hall", "People and equipment needed ◇",
        "as above: 112 code, Kind of report, Place", "Missing: address, a clip.",
    ):  # fmt: skip
        assert wanted in said
    assert "Operator" not in said


def test_it_fits_the_dock_of_a_full_hd_window(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    room.settle()
    assert room.dock.sizeHint().height() <= 480


def test_stills_are_decoded_elsewhere_and_shown(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    qtbot.waitUntil(lambda: not room.draft._pictures[1].pixmap().isNull())
    assert room.draft._pictures[0].accessibleName().startswith("CAM-0000 18:46:40")


def test_words_typed_while_reading_go_to_each_partner_before_it_is_sent(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    names = both_drafted(room)
    QTest.keyClicks(room.window.focusWidget(), "H 2 on the roof")
    press(room, Qt.Key.Key_Return)
    assert room.said_last() == EditDraft(thread_id=names[0], text="H 2 on the roof")
    room.grant()
    assert room.said_last() == EditDraft(thread_id=names[1], text="H 2 on the roof")
    room.grant()
    assert room.said_last() == SendDraft(thread_ids=names)


def test_words_that_are_refused_stop_the_sending_and_say_why(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    QTest.keyClicks(room.window.focusWidget(), "x")
    press(room, Qt.Key.Key_Return)
    room.refuse(list(room.port.commands)[-1], "Too long.")
    assert "Not sent: Too long." in texts(room)
    assert not any(isinstance(one, SendDraft) for one in room.port.commands.values())
    assert room.draft.field.text() == "x" and not room.draft.field.isReadOnly()


def test_enter_before_the_draft_is_there_is_remembered_and_esc_takes_it_back(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    press(room, Qt.Key.Key_Return)
    assert "Will be sent as soon as the draft is on record." in texts(room)
    press(room, Qt.Key.Key_Escape)
    names = room.drafted(**GROUP), room.drafted(POLICE, **GROUP)
    room.grant()
    assert not any(isinstance(one, SendDraft) for one in room.port.commands.values())
    press(room, Qt.Key.Key_H)
    press(room, Qt.Key.Key_Return)
    assert room.said_last() == SendDraft(thread_ids=names), "the drafts lie there and are gone on with"


def test_remembered_enter_sends_once_the_drafts_are_on_record(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    press(room, Qt.Key.Key_Return)
    names = room.drafted(**GROUP), room.drafted(POLICE, **GROUP)
    room.grant()
    sent = [one for one in room.port.commands.values() if isinstance(one, SendDraft)]
    assert sent == [SendDraft(thread_ids=names)]


def test_esc_leaves_the_draft_which_turns_amber_and_a_key_brings_it_back(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    press(room, Qt.Key.Key_Escape)
    assert room.draft.isHidden() and room.window.focusWidget() is room.body
    room.later(20)
    assert "A draft has not been sent." in room.panel.texts()
    assert "119: draft not sent 20 s" in room.chip.text_shown or "112" in room.chip.text_shown
    count = len(room.port.commands)
    press(room, Qt.Key.Key_H)
    assert room.draft.isVisible() and len(room.port.commands) == count


def test_a_partner_taken_out_gets_nothing_and_its_draft_is_thrown_away(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    names = both_drafted(room)
    press(room, Qt.Key.Key_A, ALT)
    assert "112: taken out" in texts(room)
    assert room.actions.act(f"ladder.to.{POLICE}").text().startswith("○")
    press(room, Qt.Key.Key_Return)
    said = list(room.port.commands.values())
    assert said[-1] == SendDraft(thread_ids=(names[0],))
    assert isinstance(said[-2], GiveUpHandoff) and said[-2].thread_id == names[1]


def test_the_last_partner_cannot_be_taken_out(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    press(room, Qt.Key.Key_A, ALT)
    press(room, Qt.Key.Key_B, ALT)
    assert [one.agency for one in room.drafting.chosen()] == [FIREMEN]


def test_a_double_enter_sends_once(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    press(room, Qt.Key.Key_Return)
    press(room, Qt.Key.Key_Return)
    press(room, Qt.Key.Key_Enter)
    assert sum(isinstance(one, SendDraft) for one in room.port.commands.values()) == 1


def test_a_draft_the_hub_refuses_says_why(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    press(room, Qt.Key.Key_Return)
    room.refuse("c1", "The disk is full.")
    assert "Not sent: The disk is full." in texts(room) and not room.drafting.send_soon


def test_a_draft_sent_by_another_desk_is_not_sent_again(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    names = both_drafted(room)
    for name in names:
        room.queued(name)
    press(room, Qt.Key.Key_Return)
    assert not any(isinstance(one, SendDraft) for one in room.port.commands.values())


def test_callers_numbers_are_kept_only_while_the_draft_is_open(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    names = both_drafted(room)
    assert room.pages.page(names[0]) is not None
    press(room, Qt.Key.Key_Escape)
    assert room.pages.page(names[0]) is None


def test_a_page_that_does_not_come_is_asked_for_again(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    name = room.drafted(**GROUP)
    room.grant()
    before = room.port.queries.count(AskDraft(thread_id=name))
    room.later(1)
    room.later(2)
    assert room.port.queries.count(AskDraft(thread_id=name)) == before + 1
    assert "the hub's draft is on its way" in texts(room) or "writing the draft" in texts(room)


def test_pictures_that_are_ready_later_are_asked_for(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    name, _ = both_drafted(room)
    before = room.port.queries.count(AskDraft(thread_id=name))
    room.later(3)
    assert room.port.queries.count(AskDraft(thread_id=name)) == before
    room.tell(ev.HandoffEvidenceAdded(handoff_id=name, stills=2, clip_s=30.0))
    room.later(1)
    assert room.port.queries.count(AskDraft(thread_id=name)) == before + 1


def test_an_incident_without_partners_of_its_type_asks_which(room: Room, qtbot) -> None:
    room.show(qtbot)
    room.open("INC-2", "lamp_row")
    press(room, Qt.Key.Key_H)
    assert room.choice.isVisible() and not room.port.commands
    press(room, Qt.Key.Key_Escape)
    assert room.choice.isHidden()


def test_what_all_partners_have_cannot_be_handed_over_again(room: Room, qtbot) -> None:
    room.show(qtbot)
    for agency in (FIREMEN, POLICE):
        room.says(room.received(agency), "accepted")
    press(room, Qt.Key.Key_H)
    assert not room.port.commands and "Update [Alt+U]" in room.choice.title.text()


def test_another_incident_closes_the_draft_and_leaves_it(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    room.open("INC-2")
    assert room.draft.isHidden()
    assert not any(isinstance(one, GiveUpHandoff) for one in room.port.commands.values())


def test_throwing_away_ends_every_draft_on_the_record(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    names = both_drafted(room)
    press(room, Qt.Key.Key_X, ALT)
    gone = [one for one in room.port.commands.values() if isinstance(one, GiveUpHandoff)]
    assert [one.thread_id for one in gone] == list(names) and all(one.reason for one in gone)
    for name in names:
        room.tell(ev.HandoffGivenUp(handoff_id=name, person="kim", reason="x"))
    assert room.panel.texts() == ""


def test_everything_follows_the_language(room: Room, qtbot) -> None:
    room.show(qtbot)
    press(room, Qt.Key.Key_H)
    both_drafted(room)
    room.catalogue.switch("ko")
    said = texts(room)
    assert "119 + 112 공동대응 초안" in said and "연기·화재 · 코드 1" in said and "누락: 주소, 동영상" in said
