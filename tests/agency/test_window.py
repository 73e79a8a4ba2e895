"""The agency's window: what it shows, what can be done when, in both languages, by mouse and by key."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import weakref

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTableView,
    QTextEdit,
)

from console.agency.case import ACTS
from console.agency.fleet import Duty
from console.agency.store import Talk
from console.agency.view import Decision
from console.agency.window.answers import KEYS
from console.agency.window.frame import AgencyWindow
from console.clock import SECOND_NS
from console.handoff import tls
from console.handoff.courier import Courier
from console.model.base import Position
from console.model.fact import DeliveryReport
from tests.agency.control_room import REPO, ControlRoom
from tests.agency.rig import CLOCK, Office, facts, make_window
from tests.guards.waiting import until
from tests.handoff.samples import NOW_NS, Hub, row

# The offscreen platform says this of every window with a size limit; it is about the platform, not the
# window.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

STAGES = tuple(ACTS)
ALWAYS = {"note", "read_back"}


def texts(window: AgencyWindow, row: int) -> list[str]:
    return [str(window.model.index(row, column).data()) for column in range(window.model.columnCount())]


def enabled(window: AgencyWindow) -> set[str]:
    return {act for act, button in window.acts.items() if button.isEnabled()}


def test_cases_are_listed_newest_first_with_what_they_are_and_where(room):
    window = room(Office(facts(2, priority=2, type="smoke"), facts(1)))
    assert texts(window, 0) == [
        "P2 0", "18:46:40", "1:29", "Smoke",
        "Hwaseong, Paldalmun gate, north side (780 Jeongjo-ro, Paldal-gu)", "new", "KR-112-000002",
    ]  # fmt: skip
    assert texts(window, 1)[0::5] == ["P1 1", "new"]


def test_the_newest_is_read_without_a_click(room):
    window = room(Office(facts(2, text="파란 옷"), facts(1)))
    assert window.detail.title.text() == "Person collapsed: Hwaseong, Paldalmun gate, north side"
    assert "파란 옷" in window.detail.text.toPlainText()
    said = window.detail.facts.text()
    for part in ("KR-112-000002", "Priority 1, code 1", "37.277512, 127.016933 · 100 m", "Suwon, kim"):
        assert part in said
    assert "18:46:40 A person fell and lies" in window.detail.text.toPlainText()


def test_no_case_yet_is_a_designed_state(room):
    window = room(Office())
    assert window.empty.isVisible()
    assert "No hand-off has come" in window.empty.text()
    assert window.detail.title.text() == "Choose a case to read it."
    assert enabled(window) == set()


def test_only_what_follows_can_be_done(room):
    office = Office(facts(1))
    window = room(office)
    for stage in STAGES:
        office.show(cases=(facts(1, stage),))
        window.tick()
        assert enabled(window) == {*ACTS[stage], *ALWAYS}, stage


FOLLOWS = (
    ("received", "open", {}),
    ("opened", "accept", {}),
    ("received", "refuse", {"reason": "bad-location"}),
    ("received", "transfer", {"to_agency": "EIDO-ROOM"}),
    ("accepted", "dispatch", {"unit": "순찰 34"}),
    ("dispatched", "arrive", {}),
    ("on_scene", "close", {}),
)


@pytest.mark.parametrize("by", ["key", "mouse"])
def test_each_act_works_by_key_and_by_mouse(room, qtbot, by):
    office = Office(facts(1))
    window = room(office)
    for stage, act, fields in FOLLOWS:
        office.show(cases=(facts(1, stage),))
        window.tick()
        if by == "key":
            qtbot.keyClick(window, getattr(Qt.Key, f"Key_{KEYS[act]}"))
        else:
            qtbot.mouseClick(window.acts[act], Qt.MouseButton.LeftButton)
        asked = office.asked.pop()
        assert msgspec.structs.replace(asked, read_back=None) == Decision(
            number="KR-112-000001", act=act, **fields
        )
        assert (asked.read_back is not None) == (act == "accept")


def test_enter_on_a_case_opens_it(room, qtbot):
    office = Office(facts(1))
    window = room(office)
    qtbot.keyClick(window.table, Qt.Key.Key_Return)
    assert [one.act for one in office.asked] == ["open"]


def test_what_is_read_back_can_be_put_right_before_it_is_said(room, qtbot):
    office = Office(facts(1, "opened"))
    window = room(office)
    assert window.answers.back.text() == (
        "fall; 1; 37.277512, 127.016933; Hwaseong, Paldalmun gate, north side (780 Jeongjo-ro, Paldal-gu)"
    )
    window.answers.back.setText("fall; 3; 37.3, 127.0; Janganmun")
    qtbot.mouseClick(window.acts["read_back"], Qt.MouseButton.LeftButton)
    back = office.asked[0].read_back
    assert (back.code, back.position, back.place) == ("3", Position(lat=37.3, lon=127.0), "Janganmun")
    window.answers.back.setText("nonsense")
    qtbot.mouseClick(window.acts["accept"], Qt.MouseButton.LeftButton)
    assert office.asked[1].read_back is None, "then what was received is repeated"


def test_a_wish_to_cancel_stands_over_the_case_with_its_reason_and_two_answers(room, qtbot):
    talk = (Talk(at_ns=NOW_NS, ours=False, what="cancel", words="오인 신고", heard="taken"),)
    office = Office(facts(1, "accepted", talk, "asked"))
    window = room(office)
    assert window.detail.banner.isVisible()
    assert window.detail.wish.text() == "The city asks to drop this case: 오인 신고"
    assert texts(window, 0)[5] == "accepted, cancel?"
    qtbot.keyClick(window, Qt.Key.Key_X)
    qtbot.mouseClick(window.acts["cancel_refuse"], Qt.MouseButton.LeftButton)
    assert [one.act for one in office.asked] == ["cancel_accept", "cancel_refuse"]
    office.show(cases=(facts(1, "cancelled", talk, "accepted"),))
    window.tick()
    assert not window.detail.banner.isVisible()


def test_what_was_said_since_stands_first_with_what_is_not_confirmed(room):
    talk = (
        Talk(at_ns=NOW_NS, ours=True, what="accepted", words="", heard="taken"),
        Talk(at_ns=NOW_NS, ours=False, what="update", words="<b>불길</b>", heard="taken"),
        Talk(at_ns=NOW_NS, ours=True, what="note", words="확인", heard="waits"),
    )
    text = room(Office(facts(1, "accepted", talk))).detail.text.toPlainText()
    assert "18:46:40\nWe: note: 확인 · not confirmed yet" in text, "in the city's time"
    assert "City: news: <b>불길</b>" in text, "a stranger's words are words"
    assert text.index("note: 확인") < text.index("news:") < text.index("We: accepted")


def test_units_are_offered_by_how_soon_they_are_there(room):
    office = Office(facts(1, "accepted"))
    window = room(office)
    offered = [window.answers.unit.itemText(row) for row in range(window.answers.unit.count())]
    minutes = [float(one.rpartition("· ")[2].split(" ")[0]) for one in offered]
    assert len(offered) == 6
    assert minutes == sorted(minutes)
    scene = Position(lat=37.277512, lon=127.016933)
    now = CLOCK.now_ns()
    duty = Duty(unit="순찰 21", number="KR-112-000001", start=Position(lat=37.3005, lon=126.998), end=scene,
                left_ns=now - 10 * SECOND_NS, arrives_ns=now + 83 * SECOND_NS)  # fmt: skip
    office.show(cases=(facts(1, "dispatched"),), duties=(duty,))
    window.tick()
    assert "순찰 21" not in [window.answers.unit.itemData(row) for row in range(5)]
    row = [str(window.units.index(0, column).data()) for column in range(4)]
    assert row == ["순찰 21", "on its way", "KR-112-000001", "1:23"]
    assert window.map.moving


def test_the_map_is_drawn_and_says_where_somebody_pressed(room, qtbot):
    window = room(Office(facts(1, "accepted")))
    pressed = []
    window.map.pointed.connect(pressed.append)
    qtbot.mouseClick(window.map, Qt.MouseButton.LeftButton, pos=window.map.rect().center())
    assert abs(pressed[0].lat - 37.28) < 0.05 and abs(pressed[0].lon - 127.01) < 0.05
    near = window.map.grab().toImage()
    qtbot.keyClick(window, Qt.Key.Key_M)
    assert window.map.grab().toImage() != near, "the whole ground is another picture"


def test_a_key_whose_act_does_not_follow_does_nothing(room, qtbot):
    office = Office(facts(1, "received"))
    window = room(office)
    for key in ("D", "N", "C", "X"):
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"))
    assert office.asked == []


def test_letters_typed_into_a_field_are_words_and_no_acts(room, qtbot):
    office = Office(facts(1))
    window = room(office)
    words = window.answers.words
    words.setFocus()
    qtbot.keyClicks(words, "car dna")
    assert office.asked == []
    assert words.text() == "car dna"
    qtbot.mouseClick(window.acts["open"], Qt.MouseButton.LeftButton)
    assert office.asked == [Decision(number="KR-112-000001", act="open", words="car dna")]
    assert words.text() == "", "said once"


def test_the_chosen_reason_is_the_one_that_is_sent(room, qtbot):
    office = Office(facts(1))
    window = room(office)
    window.answers.reason.setCurrentText("not theirs to handle")
    qtbot.keyClick(window.table, Qt.Key.Key_R)
    assert office.asked[0].reason == "not-ours"


def test_a_new_case_does_not_take_the_reader_away_from_his(room):
    office = Office(facts(1, text="first"))
    window = room(office)
    window.detail.text.verticalScrollBar().setValue(0)
    office.show(cases=(facts(2), facts(1, text="first")))
    window.tick()
    assert window.detail.title.text()
    assert "first" in window.detail.text.toPlainText()
    assert window.table.selectionModel().selectedRows()[0].row() == 1


def test_a_case_that_moves_on_is_shown_where_it_stands(room):
    office = Office(facts(2), facts(1))
    window = room(office)
    changed = []
    window.model.dataChanged.connect(lambda first, last, roles=None: changed.append(first.row()))
    office.show(cases=(facts(2), facts(1, "dispatched")))
    window.tick()
    assert changed == [1]
    assert texts(window, 1)[5] == "unit on its way"


def test_the_oldest_fall_off_and_the_selection_stays(room):
    office = Office(*(facts(number) for number in (3, 2, 1)))
    window = room(office)
    window.table.selectRow(1)
    office.show(cases=tuple(facts(number) for number in (4, 3, 2)))
    window.tick()
    assert window.table.selectionModel().selectedRows()[0].row() == 2
    assert [texts(window, number)[6][-1] for number in range(3)] == ["4", "3", "2"]


def test_the_list_keeps_qts_rules(room, qtmodeltester):
    office = Office(facts(2), facts(1))
    window = room(office)
    qtmodeltester.check(window.model)
    office.show(cases=(facts(3), facts(2), facts(1, "closed")))
    window.tick()
    qtmodeltester.check(window.model)


def test_the_language_is_switched_while_running_and_every_text_follows(room, qtbot):
    window = room(Office(facts(1, "rejected")), "en")
    before = {one.text() for one in window.findChildren(QPushButton)} | set(texts(window, 0))
    qtbot.keyClick(window, Qt.Key.Key_F2)
    assert window.windowTitle() == "112 치안종합상황실"
    assert texts(window, 0)[3:6] == ["쓰러진 사람", "화성 팔달문 북측 (팔달구 정조로 780)", "거부"]
    assert window.acts["accept"].text() == "접수 (A)"
    assert window.detail.title.text() == "쓰러진 사람: 화성 팔달문 북측"
    assert "거부 사유: 소관이 아님" in window.detail.facts.text()
    assert window.model.headerData(4, Qt.Orientation.Horizontal) == "위치"
    assert window.answers.reason.currentText() == "위치가 잘못되었거나 없음"
    after = {one.text() for one in window.findChildren(QPushButton)} | set(texts(window, 0))
    assert before & after == {"P1 1", "18:46:40", "KR-112-000001", texts(window, 0)[2]}


def test_the_line_to_the_console_is_a_word_and_not_only_a_colour(room):
    office = Office(facts(1))
    window = room(office)
    assert window.line.text() == "Console: hears us"
    office.show(console="down")
    window.tick()
    assert window.line.text() == "Console: cannot be reached, kept until it can"


def test_what_could_not_be_done_is_said(room):
    office = Office(facts(1))
    window = room(office)
    assert not window.problem.isVisible()
    office.show(problem="KR-112-000001 is closed; accept does not follow")
    window.tick()
    assert window.problem.isVisible()
    assert "Not done: KR-112-000001 is closed" in window.problem.text()


def test_a_control_room_that_stopped_says_so_and_offers_nothing(room):
    office = Office(facts(1))
    window = room(office)
    office.show(ended=True, problem="KR-112.crt missing in handoff", console="down")
    window.tick()
    assert "does not run. KR-112.crt missing" in window.problem.text()
    assert enabled(window) == set()


def test_an_exercise_is_called_one(room):
    assert room(Office(facts(1))).exercise.isVisible()
    one = facts(1)
    real = msgspec.structs.replace(one, letter=msgspec.structs.replace(one.letter, exercise=False))
    assert not room(Office(real)).exercise.isVisible()


def test_every_control_has_a_name_a_key_and_is_reached_by_tab(room):
    window = room(Office(facts(1)))
    controls = [
        one
        for kind in (QPushButton, QComboBox, QLineEdit, QTextEdit, QTableView, QListWidget, QDoubleSpinBox)
        for one in window.findChildren(kind)
        if not isinstance(one.parent(), QComboBox | QDoubleSpinBox)
    ]
    assert len(controls) == (15 + 3 + 2 + 1 + 2) + (5 + 3 + 3 + 2), "of the cases, of the pictures"
    for one in controls:
        assert one.accessibleName(), one
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, one.accessibleName()
    keys = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert keys == {
        *KEYS.values(), "F2", "M", "V", "P", "Return", "Enter", "Ctrl+Return", "L", "E", "S", "Del", "Esc",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_button_cuts_its_text(room, language):
    window = room(Office(facts(1)), language)
    for button in window.findChildren(QPushButton):
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 8, button.text()


def test_a_closed_window_is_gone(room, qapp):
    office = Office(facts(1))
    window = make_window(office)
    watched = weakref.ref(window)
    window.close()
    window._timer.stop()
    window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    del window
    gc.collect()
    assert watched() is None


@pytest.mark.journey
def test_a_real_window_takes_a_hand_off_and_ends_by_a_signal(tmp_path):
    """The whole program with its window, on no screen, answering by itself."""
    home, hub = tmp_path / "home", Hub()
    keys = home / "keys" / "handoff"
    tls.ensure_authority(keys, ["KR-112"])
    room = ControlRoom(home)
    process = subprocess.Popen(
        [
            sys.executable, "-m", "console.agency.command", "--as", "112", "--home", str(home),
            "--register", str(home / "partners.toml"), "--ready-file", str(room.ready_file),
            "--language", "ko",
        ],
        cwd=REPO, stderr=subprocess.PIPE, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    room.process = process
    courier = Courier(home / "partners.toml", keys, hub.report)
    try:
        until(room.is_ready, room.told, 60)
        courier.start()
        courier.enqueue(row())
        until(lambda: hub.of(DeliveryReport, outcome="received"), hub.told, 30)
        assert room.cases() == [("SW-000001:KR-112:1", "KR-112-000001", "received")], (
            "people answer, not a script"
        )
        code, said = room.end(signal.SIGTERM)
    finally:
        courier.stop()
        room.kill()
    assert code == 0, said
    assert "Traceback" not in said


def test_qt_is_used_in_one_place_of_the_agency_only():
    assert QApplication.instance() is not None
    for path in (REPO / "console" / "agency").rglob("*.py"):
        assert "PySide6" not in path.read_text() or path.parent.name == "window", path.name
