"""The selected incident and the acts on it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget

from console.language import LANGUAGES
from console.model import events as ev
from console.model.base import Words
from console.model.commands import (
    AcknowledgeIncident,
    AddNote,
    CloseIncident,
    ResolveIncident,
)
from console.telemetry.table import Columns
from tests.incidents.room import Room, acknowledged, opened, queued, show_in_window
from tests.report.city import UNDERPASS
from widgets.incidents.detail import DetailPanel

LIMIT = "UND-0000/water_depth_cm/close"
ALARM = f"{LIMIT}@1774000000"


@pytest.fixture
def detail(room: Room, qtbot) -> Iterator[DetailPanel]:
    panel = room.detail()
    window = show_in_window(panel, 660, 640, qtbot)
    yield panel
    window.close()


@pytest.fixture
def fire(room: Room, detail: DetailPanel) -> DetailPanel:
    """A new fire, selected."""
    room.tell(opened("I1"))
    detail.show_incident("I1")
    return detail


def texts(widget: QWidget) -> str:
    """Every label that can be seen, as one text."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def press(detail: DetailPanel, key: Qt.Key) -> None:
    QTest.keyClick(detail.window(), key)


def typed(detail: DetailPanel, text: str) -> None:
    field = detail.window().focusWidget()
    assert isinstance(field, QLineEdit)
    if text.isascii():
        QTest.keyClicks(field, text)
    else:  # what an input method does; QTest has no keys for it
        field.insert(text)


def enabled(room: Room) -> set[str]:
    names = ["acknowledge", "note", "resolve", "close", "history"]
    return {name for name in names if room.actions.act(f"incident.{name}").isEnabled()}


def test_nothing_selected_says_how_to_select(room: Room, detail: DetailPanel) -> None:
    assert "Choose an incident in the queue" in texts(detail)
    assert enabled(room) == set()


def test_the_head_says_what_how_urgent_where_since_when_and_whose(room: Room, fire: DetailPanel) -> None:
    room.later(200)
    said = texts(fire)
    for wanted in ("Smoke or fire", "P1 critical", "Paldalmun market, east gate", "12 Paldalmun-ro",
                   "Opened 18:46:40 · 3 min ago · no owner", "I1", "What to do about smoke or fire.",
                   "Smoke seen."):  # fmt: skip
        assert wanted in said


def test_a_sends_the_acknowledgement(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_A)
    assert room.port.commands == [AcknowledgeIncident(incident_id="I1")]


def test_an_act_is_pending_until_its_event_has_come(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_A)
    assert "Acknowledge: asked, waiting for the hub" in texts(fire)
    assert "acknowledge" not in enabled(room)
    room.accept(seq=2)  # the answer is here, the event is not
    assert "waiting for the hub" in texts(fire)
    room.tell(acknowledged("I1"))
    assert "Acknowledge: done 18:46:40" in texts(fire)
    assert "owner kim" in texts(fire)


def test_a_refusal_is_said_with_its_reason_in_the_readers_language(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_A)
    room.refuse("The ledger cannot be written; nothing was done.", "원장에 쓸 수 없습니다.")
    assert "Acknowledge refused (I1): The ledger cannot be written; nothing was done." in texts(fire)
    room.catalogue.switch("ko")
    assert "확인 거부됨 (I1): 원장에 쓸 수 없습니다." in texts(fire)
    assert "acknowledge" in enabled(room)


def test_an_act_without_an_answer_says_so_and_what_to_do(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_A)
    room.later(6)
    assert "no answer for 6 s" in texts(fire)
    assert "use the phone" in texts(fire)


def test_an_answer_to_somebody_elses_request_is_not_taken_for_ours(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_A)
    room.accept(number=99)
    assert "waiting for the hub" in texts(fire)


def test_n_asks_for_a_note_and_enter_sends_it(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_N)
    typed(fire, "차단기 내림")
    press(fire, Qt.Key.Key_Return)
    assert room.port.commands == [AddNote(incident_id="I1", text="차단기 내림")]
    assert not fire.inline.is_open()
    room.tell(ev.IncidentNoted(incident_id="I1", person="kim", text="차단기 내림"))
    assert "kim: 차단기 내림" in texts(fire)


def test_the_keypads_enter_sends_too_and_only_once(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_N)
    typed(fire, "x")
    QTest.keyClick(fire.window().focusWidget(), Qt.Key.Key_Enter)
    assert len(room.port.commands) == 1


def test_letters_typed_into_a_note_are_not_acts(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_N)
    typed(fire, "A29RC")
    assert room.port.commands == []
    assert fire.inline.note.field.text() == "A29RC"


def test_an_empty_note_is_not_sent(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_N)
    typed(fire, "   ")
    press(fire, Qt.Key.Key_Return)
    assert room.port.commands == []


def test_escape_leaves_and_keeps_what_was_typed_for_this_incident(room: Room, fire: DetailPanel) -> None:
    room.tell(opened("I2"))
    press(fire, Qt.Key.Key_N)
    typed(fire, "half a sen")
    press(fire, Qt.Key.Key_Escape)
    assert not fire.inline.is_open()
    assert fire.acts.isVisible()
    fire.show_incident("I2")
    press(fire, Qt.Key.Key_N)
    assert fire.inline.note.field.text() == ""
    fire.show_incident("I1")
    press(fire, Qt.Key.Key_N)
    assert fire.inline.note.field.text() == "half a sen"


@pytest.mark.parametrize(
    ("key", "outcome"), [(Qt.Key.Key_1, "real"), (Qt.Key.Key_2, "false"), (Qt.Key.Key_3, "test")]
)
def test_r_asks_how_it_turned_out_and_one_key_resolves(
    room: Room, fire: DetailPanel, key: Qt.Key, outcome: str
) -> None:
    press(fire, Qt.Key.Key_R)
    press(fire, key)
    assert room.port.commands == [ResolveIncident(incident_id="I1", outcome=outcome)]


def test_c_closes_only_what_is_resolved(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_C)
    assert room.port.commands == []
    room.tell(ev.IncidentResolved(incident_id="I1", person="kim", outcome="real"))
    assert enabled(room) >= {"close", "note", "history"}
    assert "resolve" not in enabled(room)
    press(fire, Qt.Key.Key_C)
    assert room.port.commands == [CloseIncident(incident_id="I1")]


def test_y_asks_for_the_whole_history(room: Room, fire: DetailPanel, qtbot) -> None:
    with qtbot.waitSignal(fire.history_wanted) as wanted:
        press(fire, Qt.Key.Key_Y)
    assert wanted.args == ["I1"]


def test_the_next_act_is_the_large_button_and_shows_its_key(room: Room, fire: DetailPanel) -> None:
    assert fire.acts.large().text() == "Acknowledge  [A]"
    room.actions.add("ladder.draft", "ladder.act.draft", "H", owner=fire)
    room.tell(acknowledged("I1"))
    assert "[H]" in fire.acts.large().text()
    room.tell(queued("I1"), queued("I1", "KR-112"))
    assert fire.acts.large().text() == "Note  [N]"
    room.catalogue.switch("ko")
    assert fire.acts.large().text() == "메모  [N]"


def test_every_act_shows_its_key_on_its_button(room: Room, fire: DetailPanel) -> None:
    shown = " ".join(one.text() for one in fire.findChildren(QAbstractButton))
    for key in (*"ANRCYVZ", "Shift+F", "Shift+X"):
        assert f"[{key}]" in shown


def test_somebody_elses_incident_can_be_taken_over_and_ones_own_not_again(room: Room, fire) -> None:
    room.tell(acknowledged("I1", "lee"))
    assert room.actions.act("incident.take_over").isEnabled()
    assert "acknowledge" not in enabled(room)
    room.tell(ev.IncidentTakenOver(incident_id="I1", person="kim", desk="desk-3", from_person="lee"))
    assert not room.actions.act("incident.take_over").isEnabled()


def flood(room: Room, detail: DetailPanel) -> None:
    room.tell(
        ev.AlarmRaised(alarm_id=ALARM, limit_id=LIMIT, point_index=0, device_id="UND-0000", priority=2,
                       place=UNDERPASS, text=Words(en="Water high", ko="수위 높음"), value=16.0),
        opened("I1", "flood", 2, UNDERPASS, alarm_id=ALARM),
    )  # fmt: skip
    detail.show_incident("I1")


def measure(room: Room, value: float, age_s: float = 0.0, quality: int = 0) -> None:
    taken_at_ns = room.clock.now_ns() - int(age_s * 1e9)
    room.board.table.update(
        Columns(np.array([0], np.uint32), np.array([value]), np.array([taken_at_ns]),
                np.array([quality], np.uint8))
    )  # fmt: skip
    room.later(1)


def test_the_point_that_raised_it_is_shown_live_with_its_limit(room: Room, detail: DetailPanel) -> None:
    flood(room, detail)
    assert "no value yet" in texts(detail.facts)
    measure(room, 22.4)
    for wanted in ("Water high", "22.4 cm", "limit 15.0 cm", "beyond the limit"):
        assert wanted in texts(detail.facts)
    measure(room, 4)
    assert "within the limit" in texts(detail.facts)
    measure(room, 9, quality=1)
    assert "doubtful value" in texts(detail.facts)
    room.later(60)
    assert "no new value since 18:46:42" in texts(detail.facts)
    assert "Close the barrier." in texts(detail)


def test_the_point_is_still_shown_after_its_alarm_went(room: Room, detail: DetailPanel) -> None:
    flood(room, detail)
    room.tell(ev.AlarmAcknowledged(alarm_id=ALARM, person="kim"), ev.AlarmCleared(alarm_id=ALARM, value=3))
    assert ALARM not in room.board.state.alarms
    measure(room, 3)
    assert "within the limit" in texts(detail.facts)


def test_the_cameras_are_asked_for_once_for_each_incident(room: Room, detail: DetailPanel) -> None:
    wanted: list[tuple[str, ...]] = []
    detail.cameras_wanted.connect(wanted.append)
    room.tell(opened("I1", cameras=("CAM-0001", "CAM-0002")), opened("I2", cameras=()))
    detail.show_incident("I1")
    room.tell(acknowledged("I1"))
    detail.show_incident("I2")
    assert "No camera of the city sees this place." in texts(detail)
    assert wanted == [("CAM-0001", "CAM-0002"), ()]


def test_the_shells_camera_area_takes_the_placeholders_place(room: Room, fire: DetailPanel) -> None:
    area = QLabel("pictures")
    fire.set_camera_area(area)
    room.tell(acknowledged("I1"))
    assert "pictures" in texts(fire)
    assert "nearest cameras appear here" not in texts(fire)


def test_the_whole_panel_speaks_the_language_that_is_switched_to(room: Room, fire: DetailPanel) -> None:
    room.tell(queued("I1"))
    room.catalogue.switch("ko")
    said = texts(fire)
    for wanted in ("연기·화재", "P1 긴급", "팔달문시장 동문", "연기·화재 조치 요령.",
                   "kim, 119 인계 요청"):  # fmt: skip
        assert wanted in said
    for english in ("Smoke", "queued", "What to do", "Opened"):
        assert english not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_control_has_an_accessible_name(language: str, room: Room, fire: DetailPanel) -> None:
    room.catalogue.switch(language)
    controls = [*fire.findChildren(QAbstractButton), *fire.findChildren(QLineEdit)]
    assert len(controls) >= 10
    assert [one.objectName() for one in controls if not one.accessibleName()] == []
    assert fire.accessibleName()


def test_with_little_room_the_large_act_stands_above_the_others_and_no_button_is_cut(
    room: Room, fire: DetailPanel, qapp
) -> None:
    for width_px, beside in ((660, True), (470, False), (660, True)):
        fire.resize(width_px, 640)
        qapp.processEvents()
        large = fire.acts.large()
        small = [one for one in fire.acts.findChildren(QAbstractButton) if one.isVisible()]
        small.remove(large)
        top = large.mapTo(fire, large.rect().topLeft()).y()
        assert (top == min(one.mapTo(fire, one.rect().topLeft()).y() for one in small)) == beside
        assert all(one.width() >= one.minimumSizeHint().width() for one in (large, *small))
        assert fire.acts.minimumSizeHint().width() < 470


def test_an_incident_the_desk_forgot_points_to_review(room: Room, fire: DetailPanel) -> None:
    del room.board.state.incidents["I1"]
    fire.refresh()
    assert "Its whole history is in Review." in texts(fire)
    assert enabled(room) == set()


def test_the_panel_is_freed_when_its_window_closes(room: Room, qapp) -> None:
    panel = room.detail()
    gone = weakref.ref(panel)
    panel.deleteLater()
    del panel
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None
