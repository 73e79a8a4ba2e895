"""The bar over a whole desk: opened by key, worked by key, and done by those who can."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from console.desk.inbound import HealthCame, LinkChanged
from console.model import events as ev
from console.model.alarm import AlarmHealth
from console.model.casework import Clue
from console.model.commands import AcknowledgeIncident, AddNote, DraftHandoff, OpenCase, SetCityMode
from console.model.events import CaseOpened
from tests.bar.city import names
from tests.kit.sitting import health, opened
from tests.shell.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
ENTER, TAB, ESC, DOWN = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_Down


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "home")
    made.open()
    made.connect()
    made.board.inbox.append(HealthCame(health(alarms=AlarmHealth(desks={}, shown=0, hidden=0))))
    made.tell(opened("SU-1", "market_fire", 1), opened("SU-2", "violence", 2))
    made.window.activateWindow()
    made.settle()
    yield made
    made.leave()


def opened_bar(desk: Desk) -> Any:
    """The bar, with the names of the city, which other tests have read already."""
    bar = desk.part("bar")
    if not bar.names._wanted:
        bar.names._wanted = True
        bar.names.came.emit(names())
    desk.actions.trigger("bar.open")
    assert bar.isVisible()
    return bar


def enter(desk: Desk, text: str) -> Any:
    bar = opened_bar(desk)
    bar.field.put(text)
    QTest.keyClick(bar.field, ENTER)
    desk.settle()
    return bar


def commands(desk: Desk) -> list[Any]:
    wanted = (AcknowledgeIncident, AddNote, DraftHandoff, OpenCase, SetCityMode)
    return [one for one in desk.port.commands.values() if isinstance(one, wanted)]


def test_slash_opens_it_where_no_text_is_typed_and_is_a_letter_where_one_is(desk: Desk):
    bar = desk.part("bar")
    desk.actions.trigger("queue.focus")
    QTest.keyClick(desk.window.focusWidget(), Qt.Key.Key_Slash)
    assert bar.isVisible() and bar.field.hasFocus()
    QTest.keyClick(bar.field, ESC)
    desk.actions.trigger("queue.filter")
    field = desk.window.focusWidget()
    QTest.keyClick(field, Qt.Key.Key_Slash)
    assert not bar.isVisible() and field.text() == "/"
    QTest.keyClick(field, Qt.Key.Key_Slash, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()


def test_escape_gives_the_keyboard_back_where_it_was(desk: Desk):
    desk.actions.trigger("queue.focus")
    before = desk.window.focusWidget()
    bar = opened_bar(desk)
    bar.field.put("cam 12")
    QTest.keyClick(bar.field, ESC)
    assert not bar.isVisible() and desk.window.focusWidget() is before
    desk.actions.trigger("bar.open")
    assert bar.field.text() == ""


def test_letters_are_letters_and_not_the_acts_that_have_them_as_keys(desk: Desk):
    bar = opened_bar(desk)
    QTest.keyClicks(bar.field, "ack")
    assert bar.field.text() == "ack" and not commands(desk)
    assert bar.list.lines()[0].startswith("acknowledge")


def test_it_says_what_enter_will_do_and_a_screen_reader_hears_it(desk: Desk):
    bar = opened_bar(desk)
    bar.field.put("ack SU-1")
    assert bar.does.text() == "Enter: acknowledges SU-1 in your name"
    assert bar.does.text() in bar.field.accessibleDescription()
    assert bar.field.accessibleName() and bar.list.accessibleName()


def test_enter_acknowledges_once_and_the_order_goes_the_usual_way(desk: Desk):
    bar = enter(desk, "ack SU-2")
    assert commands(desk) == [AcknowledgeIncident(incident_id="SU-2")]
    assert not bar.isVisible()


def test_what_cannot_be_done_stays_open_and_says_why(desk: Desk):
    desk.lose_hub()
    bar = enter(desk, "ack SU-2")
    assert bar.isVisible() and not commands(desk)
    assert bar.does.text() == "Not now: no connection to the hub" and "not now" in bar.list.lines()[0]


def test_it_follows_what_becomes_possible_while_it_is_open(desk: Desk):
    desk.lose_hub()
    bar = enter(desk, "ack SU-2")
    desk.board.inbox.append(LinkChanged("live"))
    desk.pulse.tick()
    desk.pulse.second_passed.emit()
    assert bar.does.text().startswith("Enter:")


def test_tab_completes_arrows_choose_and_enter_on_a_command_begins_it(desk: Desk):
    bar = opened_bar(desk)
    QTest.keyClick(bar.field, DOWN)
    QTest.keyClick(bar.field, ENTER)
    assert bar.field.text() == "go " and bar.isVisible()
    bar.field.put("inc market")
    bar.field.put("inc SU-2")
    QTest.keyClick(bar.field, TAB)
    assert bar.field.text() == "inc SU-2" and bar.field.hasFocus()


def test_an_incident_is_opened_in_the_detail(desk: Desk):
    enter(desk, "inc SU-2")
    assert desk.part("detail").incident_id == "SU-2"


def test_cameras_come_to_the_wall_and_the_keyboard_with_them(desk: Desk):
    enter(desk, "cam CAM-PARK-0123")
    wall = desk.part("wall")
    assert "CAM-PARK-0123" in wall.camera_ids and wall.hasFocus()


def test_a_hand_off_is_opened_to_be_read_and_nothing_is_sent(desk: Desk):
    enter(desk, "hand 119 SU-2")
    detail = desk.part("detail")
    assert detail.incident_id == "SU-2" and desk.part("ladder-draft").isVisible()
    assert commands(desk) == [DraftHandoff(incident_id="SU-2", agencies=("KR-119",))]


def test_a_new_incident_is_ordered_and_shown_when_it_is_on_record(desk: Desk):
    enter(desk, "new fight at city hall")
    (order,) = commands(desk)
    assert isinstance(order, OpenCase) and (order.type, order.opened_from) == ("violence", "command")
    assert order.place is not None and order.place.name.en == "Suwon City Hall"
    assert "City Hall" in order.text
    request = next(key for key, one in desk.port.commands.items() if one is order)
    clue = Clue(uid=request, source="person", type="violence", at_ns=1, lat=37.26, lon=127.03)
    desk.tell(
        CaseOpened(incident_id="SU-9", type="violence", priority=2, grade="1", place=order.place, clue=clue,
                   person="kim", desk="desk-1", opened_from="command")
    )  # fmt: skip
    desk.accept(request)
    assert desk.part("detail").incident_id == "SU-9"


def test_a_note_is_written_into_the_open_incident(desk: Desk):
    enter(desk, "inc SU-1")
    enter(desk, "note two people, one coughing")
    assert commands(desk) == [AddNote(incident_id="SU-1", text="two people, one coughing")]


def test_mode_place_page_alarm_chart_and_act(desk: Desk):
    enter(desk, "mode night")
    assert commands(desk) == [SetCityMode(mode="night")]
    area = desk.window.operate.lower_area
    enter(desk, "go city hall")
    assert area.current == "map"
    enter(desk, "page upkeep")
    assert area.current == "upkeep"
    enter(desk, "chart UND-0001 depth")
    assert area.current == "charts"
    enter(desk, "device UND-0001")
    assert area.current == "upkeep"
    enter(desk, "do full screen")
    assert desk.window.windowState() & Qt.WindowState.WindowFullScreen


def test_from_review_it_leads_back_to_the_wall(desk: Desk):
    desk.window.show_review()
    enter(desk, "go city hall")
    assert desk.window.stack.currentWidget() is desk.window.operate


def test_the_last_lines_are_there_again_but_never_on_disk(desk: Desk):
    enter(desk, "inc SU-1")
    enter(desk, "note a name nobody else may read")
    bar = opened_bar(desk)
    assert "note a name nobody else may read" in bar.list.lines()[0]
    QTest.keyClick(bar.field, ENTER)
    assert bar.field.text() == "note a name nobody else may read" and len(commands(desk)) == 1
    kept = [one for one in desk.home.rglob("*") if one.is_file()]
    assert not any(b"nobody else may read" in one.read_bytes() for one in kept)


def test_a_syllable_that_is_still_being_put_together_is_looked_for_already(desk: Desk):
    bar = opened_bar(desk)
    bar.field.put("이동 팔달")
    QApplication.sendEvent(bar.field, QInputMethodEvent("무", []))
    assert bar.field.words() == "이동 팔달무" and "Paldalmun Gate" in bar.list.lines()[0]
    done = QInputMethodEvent("", [])
    done.setCommitString("문")
    QApplication.sendEvent(bar.field, done)
    assert bar.field.text() == "이동 팔달문" == bar.field.words()


def test_the_language_is_switched_while_it_is_open(desk: Desk):
    bar = opened_bar(desk)
    bar.field.put("ack SU-1")
    desk.catalogue.switch("ko")
    assert bar.does.text().endswith("확인합니다") and bar.list.lines()[0].startswith("확인")


def test_every_act_of_the_desk_can_be_found_by_its_own_words(desk: Desk):
    bar = opened_bar(desk)
    for act, words, _ in desk.actions.listed()[:60]:
        if act.act_id.startswith(("bar.", "shell.quit")):
            continue
        bar.field.put(f"do {words.en}")
        assert any(words.en in line for line in bar.list.lines()), act.act_id


def test_the_find_of_the_page_with_the_keyboard_is_meant_else_the_queue_s(desk: Desk):
    control = Qt.KeyboardModifier.ControlModifier
    desk.actions.trigger("shell.lower_cameras")
    desk.settle()
    page = desk.window.operate.lower_area.page("cameras")
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F, control)
    assert page.field.hasFocus()
    desk.part("wall").setFocus()
    QTest.keyClick(desk.part("wall"), Qt.Key.Key_F, control)
    assert desk.part("queue").isAncestorOf(desk.window.focusWidget())


def test_the_key_overlay_tells_of_the_bar(desk: Desk):
    told = {one.key: one.text for one in desk.actions.help()}
    assert told["/"] == "Command bar" and "Ctrl+/" in told


def test_the_names_are_read_by_a_thread_at_the_first_opening_and_not_before(desk: Desk):
    bar = desk.part("bar")
    desk.pulse.tick()
    assert not bar.names._thread.is_alive() and not bar.names._wanted
    desk.actions.trigger("bar.open")
    bar.field.put("go city hall")
    assert bar.does.text().startswith("Enter: begins /go")
    bar.names.close()
    desk.pulse.tick()
    assert "Suwon City Hall" in bar.list.lines()[0]


def test_an_act_that_takes_the_keyboard_elsewhere_closes_it(desk: Desk):
    bar = opened_bar(desk)
    QTest.keyClick(bar.field, Qt.Key.Key_F5)
    desk.settle()
    assert desk.window.operate.lower_area.current == "cameras" and not bar.isVisible()


def test_a_widget_that_went_meanwhile_does_not_hinder_escape(desk: Desk):
    field = QLineEdit(desk.window.centralWidget())
    field.show()
    field.setFocus()
    bar = opened_bar(desk)
    field.deleteLater()
    desk.settle()
    QTest.keyClick(bar.field, ESC)
    assert not bar.isVisible()


def test_the_choice_never_slips_to_another_line_while_the_city_goes_on(desk: Desk):
    enter(desk, "inc SU-1")
    bar = opened_bar(desk)
    bar.field.put("hand")
    at_119 = next(row for row, line in enumerate(bar.list.lines()) if "119" in line)
    bar.list.choose(at_119)
    desk.pulse.second_passed.emit()
    assert bar.list.current.ids == ("KR-119",)
    bar.field.put("ack SU-2")
    desk.tell(ev.IncidentResolved(incident_id="SU-2", person="kim", outcome="real"))
    desk.tell(ev.IncidentClosed(incident_id="SU-2", person="kim"))
    desk.pulse.second_passed.emit()
    QTest.keyClick(bar.field, ENTER)
    assert bar.isVisible() and not commands(desk)
