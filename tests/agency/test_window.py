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
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QTableView

from console.agency.case import ACTS, Case
from console.agency.facts import FactsBook
from console.agency.office import View
from console.agency.window import KEYS, AgencyWindow, Look
from console.handoff import tls
from console.handoff.courier import Courier
from console.language import load_catalogue
from console.model.fact import DeliveryReport
from tests.agency.control_room import REPO, ControlRoom
from tests.guards.waiting import until
from tests.handoff.samples import NOW_NS, Hub, message, row

# The offscreen platform says this of every window with a size limit; it is about the platform, not the
# window.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

STAGES = tuple(ACTS)


def facts(number: int, stage="received", **changes):
    """Case `number` as the window gets it."""
    key = f"SW-{number:06d}:KR-112:1"
    case = Case(
        key=key, number=f"KR-112-{number:06d}", came_ns=NOW_NS + number, stage=stage, changed_ns=NOW_NS,
        reason="not-ours" if stage == "rejected" else "", unit="순찰 21" if stage == "dispatched" else "",
        body=message(key, **changes),
    )  # fmt: skip
    return FactsBook().of(case)


class Office:
    """An office that shows what a test says and remembers what it was asked."""

    def __init__(self, *cases) -> None:
        self.asked: list[tuple] = []
        self.view = View(version=0, cases=tuple(cases), url="https://127.0.0.1:7/handoff", console="up")

    def ask(self, key, act, *, reason="", unit="", words="") -> None:
        self.asked.append((key, act, reason, unit, words))

    def show(self, **changes) -> None:
        self.view = msgspec.structs.replace(self.view, version=self.view.version + 1, **changes)


@pytest.fixture
def room(qapp, qtbot):
    """Makes a shown window for an office; each test steps it with `tick`."""
    look, made = Look(), []
    sheet, palette, font = qapp.styleSheet(), qapp.palette(), qapp.font()
    look.dress(qapp)

    def make(office: Office, language: str = "en") -> AgencyWindow:
        window = AgencyWindow(office, "112", ("순찰 21", "순찰 22"), load_catalogue(language), look)
        qtbot.addWidget(window)
        window._timer.stop()
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


def texts(window: AgencyWindow, row: int) -> list[str]:
    return [str(window.model.index(row, column).data()) for column in range(window.model.columnCount())]


def enabled(window: AgencyWindow) -> set[str]:
    return {act for act, button in window.acts.items() if button.isEnabled()}


def test_cases_are_listed_newest_first_with_what_they_are_and_where(room):
    window = room(Office(facts(2, priority=2, type="smoke"), facts(1)))
    assert texts(window, 0) == [
        "P2", "18:46:40", "Smoke", "Hwaseong, Paldalmun gate, north side (780 Jeongjo-ro, Paldal-gu)", "new",
        "KR-112-000002",
    ]  # fmt: skip
    assert texts(window, 1)[0::4] == ["P1", "new"]


def test_the_newest_is_read_without_a_click(room):
    window = room(Office(facts(2, text="파란 옷"), facts(1)))
    assert window.title.text() == "Person collapsed: Hwaseong, Paldalmun gate, north side"
    assert "파란 옷" in window.text.toPlainText()
    said = window.facts.text()
    for part in ("KR-112-000002", "Priority 1, code 1", "37.277512, 127.016933, 100 m", "Suwon, kim",
                 "CAM-0007 Paldalmun north, CAM-0008"):  # fmt: skip
        assert part in said


def test_no_case_yet_is_a_designed_state(room):
    window = room(Office())
    assert window.empty.isVisible()
    assert "No hand-off has come" in window.empty.text()
    assert window.title.text() == "Choose a case to read it."
    assert enabled(window) == set()


@pytest.mark.parametrize("stage", STAGES)
def test_only_what_follows_can_be_done(room, stage):
    assert enabled(room(Office(facts(1, stage)))) == set(ACTS[stage])


@pytest.mark.parametrize(
    ("stage", "act", "asked"),
    [
        ("received", "accept", ("accept", "", "", "")),
        ("received", "refuse", ("refuse", "bad-location", "", "")),
        ("accepted", "dispatch", ("dispatch", "", "순찰 21", "")),
        ("dispatched", "arrive", ("arrive", "", "", "")),
        ("on_scene", "close", ("close", "", "", "")),
    ],
)
@pytest.mark.parametrize("by", ["key", "mouse"])
def test_each_act_works_by_key_and_by_mouse(room, qtbot, stage, act, asked, by):
    office = Office(facts(1, stage))
    window = room(office)
    if by == "key":
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{KEYS[act]}"))
    else:
        qtbot.mouseClick(window.acts[act], Qt.MouseButton.LeftButton)
    assert office.asked == [("SW-000001:KR-112:1", *asked)]


def test_a_key_whose_act_does_not_follow_does_nothing(room, qtbot):
    office = Office(facts(1, "received"))
    window = room(office)
    for key in ("D", "N", "C"):
        qtbot.keyClick(window, getattr(Qt.Key, f"Key_{key}"))
    assert office.asked == []


def test_letters_typed_into_a_field_are_words_and_no_acts(room, qtbot):
    office = Office(facts(1))
    window = room(office)
    window.words.setFocus()
    qtbot.keyClicks(window.words, "car dna")
    assert office.asked == []
    assert window.words.text() == "car dna"
    qtbot.mouseClick(window.acts["accept"], Qt.MouseButton.LeftButton)
    assert office.asked == [("SW-000001:KR-112:1", "accept", "", "", "car dna")]
    assert window.words.text() == "", "said once"


def test_the_chosen_reason_is_the_one_that_is_sent(room, qtbot):
    office = Office(facts(1))
    window = room(office)
    window.reason.setCurrentText("not theirs to handle")
    qtbot.keyClick(window.table, Qt.Key.Key_R)
    assert office.asked[0][2] == "not-ours"


def test_a_new_case_does_not_take_the_reader_away_from_his(room):
    office = Office(facts(1, text="first"))
    window = room(office)
    window.text.verticalScrollBar().setValue(0)
    office.show(cases=(facts(2), facts(1, text="first")))
    window.tick()
    assert window.title.text()
    assert "first" in window.text.toPlainText()
    assert window.table.selectionModel().selectedRows()[0].row() == 1


def test_a_case_that_moves_on_is_shown_where_it_stands(room):
    office = Office(facts(2), facts(1))
    window = room(office)
    changed = []
    window.model.dataChanged.connect(lambda first, last, roles=None: changed.append(first.row()))
    office.show(cases=(facts(2), facts(1, "dispatched")))
    window.tick()
    assert changed == [1]
    assert texts(window, 1)[4] == "unit on its way"


def test_the_oldest_fall_off_and_the_selection_stays(room):
    office = Office(*(facts(number) for number in (3, 2, 1)))
    window = room(office)
    window.table.selectRow(1)
    office.show(cases=tuple(facts(number) for number in (4, 3, 2)))
    window.tick()
    assert window.table.selectionModel().selectedRows()[0].row() == 2
    assert [texts(window, number)[5][-1] for number in range(3)] == ["4", "3", "2"]


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
    assert texts(window, 0)[2:5] == ["쓰러진 사람", "화성 팔달문 북측 (팔달구 정조로 780)", "거부"]
    assert window.acts["accept"].text() == "접수 (A)"
    assert window.title.text() == "쓰러진 사람: 화성 팔달문 북측"
    assert "거부 사유: 소관이 아님" in window.facts.text()
    assert window.model.headerData(3, Qt.Orientation.Horizontal) == "위치"
    assert window.reason.currentText() == "위치가 잘못되었거나 없음"
    after = {one.text() for one in window.findChildren(QPushButton)} | set(texts(window, 0))
    assert before & after == {"P1", "18:46:40", "KR-112-000001"}


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
    real = msgspec.structs.replace(facts(1), exercise=False)
    assert not room(Office(real)).exercise.isVisible()


def test_every_control_has_a_name_a_key_and_is_reached_by_tab(room):
    window = room(Office(facts(1)))
    controls = [
        one
        for kind in (QPushButton, QComboBox, QLineEdit, QPlainTextEdit, QTableView)
        for one in window.findChildren(kind)
        if not isinstance(one.parent(), QComboBox)
    ]
    assert len(controls) == 6 + 2 + 1 + 1 + 1
    for one in controls:
        assert one.accessibleName(), one
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus, one.accessibleName()
    keys = {shortcut.key().toString() for shortcut in window.findChildren(QShortcut)}
    assert keys == {*KEYS.values(), "F2"}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_button_cuts_its_text(room, language):
    window = room(Office(facts(1)), language)
    for button in window.findChildren(QPushButton):
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text()) + 8, button.text()


def test_a_closed_window_is_gone(room, qapp):
    office = Office(facts(1))
    window = AgencyWindow(office, "112", ("1",), load_catalogue("en"), Look())
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
    for path in (REPO / "console" / "agency").glob("*.py"):
        assert ("PySide6" in path.read_text()) == (path.name == "window.py"), path.name
