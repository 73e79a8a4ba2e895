"""The supervisor's workspace: filters become queries, pages become rows, a history is told in order."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

from console.language import LANGUAGES
from console.model.base import Words
from console.model.query import AskHistory, AskIncidents, AskLog, IncidentPage, LogFilter, LogPage
from tests.incidents.room import Room
from tests.report.city import START_NS
from tests.review.record import history_page, incident_page, log_page, notes, shown
from widgets.review.filters import KIND_GROUPS, kinds_of
from widgets.review.rows import INCIDENT_ROLE
from widgets.review.workspace import Review


def cells(model, row: int) -> list[str]:
    return [model.index(row, column).data() for column in range(model.columnCount())]


def press(review: Review, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(review.window(), key, modifier)


def test_opening_the_workspace_looks_nothing_up(room: Room, review: Review) -> None:
    assert room.port.queries == []
    assert "press Enter" in shown(review)
    assert "Every look-up is on record." in shown(review)


def test_enter_in_a_field_looks_up_what_was_filled_in(room: Room, review: Review) -> None:
    filters = review.filters
    filters.since.setText("2h")
    filters.text.setText("팔달문  시장")
    filters.type.setCurrentIndex(filters.type.findData("smoke"))
    filters.district.setCurrentIndex(filters.district.findData("paldal"))
    filters.person.setCurrentIndex(filters.person.findData("kim"))
    QTest.keyClick(filters.text, Qt.Key.Key_Return)
    assert room.port.queries == [
        AskIncidents(
            filter=LogFilter(since_ns=START_NS - 7200 * 10**9, text="팔달문 시장", incident_type="smoke",
                             district="paldal", person="kim"),
        )
    ]  # fmt: skip


def test_the_ledger_is_asked_by_kind_too(room: Room, review: Review) -> None:
    QTest.keyClick(review.filters.text, Qt.Key.Key_Tab)  # leave the field: letters are acts again
    review.focus_list()
    press(review, Qt.Key.Key_L)
    assert room.port.queries == [AskLog(filter=LogFilter())]
    review.filters.kind.setCurrentIndex(review.filters.kind.findData("handoffs"))
    review.search()
    kinds = room.port.queries[-1].filter.kinds
    assert "handoff.accepted" in kinds
    assert "partner.link_changed" in kinds
    assert "incident.noted" not in kinds
    review.show_incidents()
    assert room.port.queries[-1] == AskIncidents(filter=LogFilter())  # incidents have no kinds


def test_every_event_kind_is_in_one_group_of_the_filter() -> None:
    from console.model.events import EVENT_KINDS

    found = [kind for group in KIND_GROUPS for kind in kinds_of(group)]
    assert sorted(found) == sorted(EVENT_KINDS)


def test_a_person_not_in_the_profile_can_be_typed(room: Room, review: Review) -> None:
    review.filters.person.setEditText("night shift")
    review.search()
    assert room.port.queries[-1].filter.person == "night shift"


@pytest.mark.parametrize(
    ("since", "until", "said"), [("soon", "", "From: “soon” is not a time"), ("15:00", "14:00", "before the")]
)
def test_a_time_that_cannot_be_read_is_said_and_nothing_is_asked(
    room: Room, review: Review, since: str, until: str, said: str
) -> None:
    review.filters.since.setText(since)
    review.filters.until.setText(until)
    review.search()
    assert room.port.queries == []
    assert said in shown(review)
    review.filters.since.setText("")
    review.filters.until.setText("")
    review.search()
    assert said not in shown(review)
    assert len(room.port.queries) == 1


def test_waiting_empty_and_error_are_drawn(room: Room, review: Review) -> None:
    review.search()
    assert "Looking it up" in shown(review)
    room.bring(IncidentPage(rows=()))
    assert "Nothing on record matches." in shown(review)
    review.search()
    room.bring(None, Words(en="Too many look-ups wait.", ko="조회가 너무 많습니다."))
    assert "Too many look-ups wait. F5 tries again." in shown(review)
    room.catalogue.switch("ko")
    assert "조회가 너무 많습니다." in shown(review)
    press(review, Qt.Key.Key_F5)
    assert len(room.port.queries) == 3


def test_a_lost_hub_is_said_while_a_lookup_waits(room: Room, review: Review) -> None:
    room.lose_hub()
    review.search()
    assert "sent when it is back" in shown(review)


def test_incidents_become_rows(room: Room, review: Review) -> None:
    review.search()
    room.bring(incident_page(3))
    assert review.incidents.rowCount() == 3
    assert cells(review.incidents, 0) == [
        "P1", "Smoke or fire", "Paldalmun market, east gate", "Paldal-gu", "2026-03-20 18:46:40", "closed",
        "kim", "119",
    ]  # fmt: skip
    assert "3 lines" in shown(review)


def test_the_keyboard_goes_to_what_was_found_and_stays_in_the_field_when_nothing_was(
    room: Room, review: Review
) -> None:
    table = review.tables["incidents"]
    review.filters.text.setFocus()
    QTest.keyClick(review.filters.text, Qt.Key.Key_Return)
    room.bring(IncidentPage(rows=()))
    assert review.filters.text.hasFocus()
    QTest.keyClick(review.filters.text, Qt.Key.Key_Return)
    room.bring(incident_page(3))
    assert table.hasFocus()
    assert table.selectionModel().hasSelection()


def test_older_pages_are_asked_for_only_when_the_end_is_scrolled_to(room: Room, review: Review) -> None:
    review.show_ledger()
    room.bring(log_page(301, 500, more=True))
    assert len(room.port.queries) == 1
    assert review.ledger.rowCount() == 200
    assert "more on record below" in shown(review)
    table = review.tables["ledger"]
    table.verticalScrollBar().setValue(table.verticalScrollBar().maximum())
    assert room.port.queries[-1] == AskLog(filter=LogFilter(), before_seq=301)
    assert "bringing more" in shown(review)
    room.bring(log_page(101, 300))
    assert review.ledger.rowCount() == 400
    assert not review.ledger.canFetchMore(review.ledger.index(-1, -1))
    assert len(room.port.queries) == 2


def test_the_next_page_of_incidents_goes_on_from_the_last_opening(room: Room, review: Review) -> None:
    review.search()
    room.bring(incident_page(200, more=True))
    review.incidents.fetchMore(review.incidents.index(-1, -1))
    assert room.port.queries[-1] == AskIncidents(filter=LogFilter(), before_ns=START_NS - 199 * 10**9)


def test_the_page_of_an_older_lookup_is_dropped(room: Room, review: Review) -> None:
    review.show_ledger()
    review.filters.text.setText("새로")
    review.search()
    room.bring(log_page(1, 9), number=1)
    assert review.ledger.rowCount() == 0
    room.bring(log_page(1, 2), number=2)
    assert review.ledger.rowCount() == 2


def test_a_row_named_by_its_id_is_cleared_up_when_the_page_with_its_beginning_comes(
    room: Room, review: Review
) -> None:
    page = history_page()
    newest = tuple(reversed(page.entries))
    review.show_ledger()
    room.bring(LogPage(entries=newest[:3], more=True))
    arrived = next(row for row in range(3) if cells(review.ledger, row)[2] == "Unit on scene")
    assert "H1" in cells(review.ledger, arrived)[3]
    review.ledger.fetchMore(review.ledger.index(-1, -1))
    room.bring(LogPage(entries=newest[3:]))
    assert cells(review.ledger, arrived)[3] == "119 is on scene."
    assert review.ledger.index(arrived, 0).data(INCIDENT_ROLE) == "I1"


def test_enter_on_a_row_opens_the_whole_history_in_order(room: Room, review: Review) -> None:
    review.search()
    room.bring(incident_page(3))
    review.focus_list()
    QTest.keyClick(review.tables["incidents"], Qt.Key.Key_Down)
    QTest.keyClick(review.tables["incidents"], Qt.Key.Key_Return)
    assert room.port.queries[-1] == AskHistory(incident_id="I1")
    room.bring(history_page())
    rows = review.history.rows
    assert [cells(rows, row)[1] for row in range(4)] == ["+0.0 s", "+0.0 s", "+8.0 s", "+12 s"]
    assert cells(rows, 5)[3] == "119 accepted it: two engines on the way."
    assert review.history.intervals() == [
        ("opened → acknowledged", "8.0 s"), ("119: acknowledged → handed off", "12 s"),
        ("119: handed off → received", "0.5 s"), ("119: received → accepted", "10 s"),
        ("119: accepted → dispatched", "14 s"), ("119: dispatched → on scene", "5 min 00 s"),
        ("119: opened → on scene", "5 min 45 s"), ("opened → resolved", "15 min 00 s"),
    ]  # fmt: skip
    assert "Smoke or fire · Paldalmun market, east gate · I1" in shown(review)
    press(review, Qt.Key.Key_B)
    assert review.tables["incidents"].isVisible()
    assert review.incidents.rowCount() == 3


def test_a_history_asked_for_from_operate_is_shown_at_once(room: Room, review: Review) -> None:
    review.show_history("I7")
    assert room.port.queries == [AskHistory(incident_id="I7")]
    assert "Looking it up" in shown(review)
    room.bring(history_page())
    assert review.history.table.isVisible()


def test_a_history_that_was_cut_says_so(room: Room, review: Review) -> None:
    review.show_history("I1")
    room.bring(history_page(more=True))
    assert "Only the newest 10 lines are shown" in shown(review)


def test_f5_looks_the_history_up_again(room: Room, review: Review) -> None:
    review.show_history("I1")
    room.bring(history_page())
    press(review, Qt.Key.Key_F5)
    assert room.port.queries == [AskHistory(incident_id="I1")] * 2


def test_ctrl_f_goes_to_the_words_from_anywhere(room: Room, review: Review) -> None:
    review.show_history("I1")
    room.bring(history_page())
    press(review, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert review.window().focusWidget() is review.filters.text
    assert review.filters.isVisible()


def test_the_whole_workspace_speaks_the_language_that_is_switched_to(room: Room, review: Review) -> None:
    review.filters.district.setCurrentIndex(review.filters.district.findData("paldal"))
    review.show_ledger()
    room.bring(LogPage(entries=history_page().entries[::-1]))
    room.catalogue.switch("ko")
    assert cells(review.ledger, 0)[2:4] == ["상황 해결", "kim, 상황 해결: 실제 상황."]
    assert review.ledger.headerData(3, Qt.Orientation.Horizontal) == "내용"
    assert review.filters.district.currentText() == "팔달구"
    assert "시작" in shown(review)
    assert "From" not in shown(review)
    review.show_history("I1")
    room.bring(history_page())
    assert review.history.intervals()[0] == ("발생 → 확인", "8.0초")
    room.catalogue.switch("en")
    assert review.history.intervals()[0] == ("opened → acknowledged", "8.0 s")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_an_accessible_name_and_every_act_a_key(
    language: str, room: Room, review: Review
) -> None:
    room.catalogue.switch(language)
    controls = [
        one for kind in (QAbstractButton, QLineEdit, QComboBox) for one in review.findChildren(kind)
        if not isinstance(one.parent(), QComboBox) and not one.objectName().startswith("qt_")
    ]  # fmt: skip
    assert len(controls) > 14
    assert [one.objectName() or one for one in controls if not one.accessibleName()] == []
    for table in review.tables.values():
        assert table.accessibleName()
    listed = {one.id for one in room.actions.help()}
    assert listed >= {
        f"review.{one}"
        for one in ("incidents", "ledger", "filter", "list", "search", "clear", "back", "csv", "pdf",
                    "export", "cancel")
    }  # fmt: skip


def test_a_row_is_read_out_whole(room: Room, review: Review) -> None:
    review.show_ledger()
    room.bring(LogPage(entries=notes(4, 4)))
    spoken = review.ledger.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "4, 2026-03-20 18:46:44, Note, kim noted: “메모 4”, kim"


def test_the_models_keep_qts_rules(room: Room, review: Review, qtmodeltester) -> None:
    review.show_ledger()
    room.bring(log_page(50, 90, more=True))
    qtmodeltester.check(review.ledger)
    room.bring(log_page(1, 49))
    review.search()
    room.bring(log_page(1, 3))
    qtmodeltester.check(review.ledger)


def test_the_workspace_is_freed_when_its_window_closes(room: Room, qapp, tmp_path) -> None:
    made = Review(room.board, room.pulse, room.port, room.actions, room.catalogue, room.tokens, tmp_path)
    gone = weakref.ref(made)
    made.deleteLater()
    del made
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None
