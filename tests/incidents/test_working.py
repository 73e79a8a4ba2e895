"""Working on an incident by keys: claims, verdicts, hold, grade, merge, split, and what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from console.model import events as ev
from console.model.base import Words
from console.model.casework import Clue, Offer, Reason, RulePrecision
from console.model.commands import (
    ClaimIncident,
    EndHold,
    HoldIncident,
    MergeIncidents,
    PutIncidentUnder,
    RegradeIncident,
    ReleaseIncident,
    ResolveIncident,
    SplitIncident,
    TakeOverIncident,
    VerifyIncident,
)
from console.model.query import AskPrecision, PrecisionPage
from tests.incidents.room import Room, acknowledged, opened, show_in_window
from tests.incidents.test_detail import press, texts, typed
from tests.report.city import MARKET
from widgets.incidents.detail import DetailPanel
from widgets.kit.worth import RuleWorth

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def detail(room: Room, qtbot) -> Iterator[DetailPanel]:
    panel = room.detail()
    window = show_in_window(panel, 704, 680, qtbot)
    yield panel
    window.close()


@pytest.fixture
def fire(room: Room, detail: DetailPanel) -> DetailPanel:
    room.tell(opened("I1"))
    detail.show_incident("I1")
    return detail


def shift(detail: DetailPanel, key: Qt.Key) -> None:
    QTest.keyClick(detail.window(), key, SHIFT)


def clue(uid: str, source: str = "detection", **more: object) -> Clue:
    told = {
        "uid": uid, "source": source, "type": "smoke", "at_ns": 1, "lat": 37.2, "lon": 127.0, "rule": "smoke",
        "camera_id": "CAM-0001", **more,
    }  # fmt: skip
    return Clue(**told)  # type: ignore[arg-type]


def gathered(name: str, one: Clue, why: str = "") -> ev.ClueGathered:
    return ev.ClueGathered(incident_id=name, clue=one, reasons=(Words(en=why, ko=why),) if why else ())


@pytest.mark.parametrize(
    ("key", "verdict"), [("V", "real"), ("Shift+F", "false"), ("Shift+X", "test")]
)
def test_one_key_says_what_it_is(room: Room, fire: DetailPanel, key: str, verdict: str) -> None:
    QTest.keySequence(fire.window(), QKeySequence(key))
    assert room.port.commands == [VerifyIncident(incident_id="I1", verdict=verdict)]  # type: ignore[arg-type]
    assert not room.actions.act(f"incident.{verdict}").isEnabled()  # on its way


def test_a_verdict_is_said_in_the_head_and_is_not_offered_again(room: Room, fire: DetailPanel) -> None:
    room.tell(ev.IncidentVerified(incident_id="I1", person="kim", verdict="real"))
    assert "verified: Real" in texts(fire.head)
    assert not room.actions.act("incident.real").isEnabled()
    assert room.actions.act("incident.false").isEnabled()


def test_what_has_a_verdict_is_resolved_without_a_question(room: Room, fire: DetailPanel) -> None:
    room.tell(ev.IncidentVerified(incident_id="I1", person="kim", verdict="real"))
    press(fire, Qt.Key.Key_R)
    assert room.port.commands == [ResolveIncident(incident_id="I1", outcome="real")]


def test_z_claims_what_nobody_has_and_gives_it_back(room: Room, fire: DetailPanel) -> None:
    press(fire, Qt.Key.Key_Z)
    room.tell(ev.IncidentClaimed(incident_id="I1", person="kim", desk="desk-3"))
    assert "owner kim (Just claimed)" in texts(fire.head)
    shift(fire, Qt.Key.Key_R)
    assert room.port.commands == [ClaimIncident(incident_id="I1"), ReleaseIncident(incident_id="I1")]


def test_a_stale_claim_is_amber_and_taken_over_without_a_word(room: Room, fire: DetailPanel) -> None:
    room.tell(ev.IncidentClaimed(incident_id="I1", person="lee", desk="desk-2"))
    room.later(30)
    assert "Claimed, nothing done" in texts(fire.head)
    assert fire.head.since.property("ink") == "p2"
    shift(fire, Qt.Key.Key_Z)
    assert room.port.commands == [TakeOverIncident(incident_id="I1")]


def test_begun_work_is_taken_over_with_a_reason_asked_in_place(room: Room, fire: DetailPanel) -> None:
    room.tell(acknowledged("I1", "lee"))
    shift(fire, Qt.Key.Key_Z)
    assert room.port.commands == []
    typed(fire, "ok")
    press(fire, Qt.Key.Key_Return)
    assert room.port.commands == []
    assert "Something is still missing" in texts(fire.inline)
    typed(fire, " lee went home")
    press(fire, Qt.Key.Key_Return)
    assert room.port.commands == [TakeOverIncident(incident_id="I1", reason="ok lee went home")]


def test_hold_asks_why_and_how_long_and_the_same_key_goes_on(room: Room, fire: DetailPanel) -> None:
    room.tell(acknowledged("I1"))
    shift(fire, Qt.Key.Key_W)
    typed(fire, "waiting for the owner")
    assert fire.inline.hold.minutes.maximum() == 5  # what is urgent does not rest for long
    press(fire, Qt.Key.Key_Return)
    told = HoldIncident(incident_id="I1", reason="waiting for the owner", for_s=300.0)
    assert room.port.commands == [told]
    until_ns = room.clock.now_ns() + 300 * 10**9
    room.tell(ev.IncidentHeld(incident_id="I1", person="kim", reason=told.reason, until_ns=until_ns))
    room.accept()
    assert "on hold until" in texts(fire.head)
    assert room.actions.act("incident.hold").text() == "Go on"
    shift(fire, Qt.Key.Key_W)
    assert room.port.commands[-1] == EndHold(incident_id="I1")


def test_a_grade_is_changed_with_a_reason(room: Room, fire: DetailPanel) -> None:
    shift(fire, Qt.Key.Key_G)
    fire.inline.grade.grade.setCurrentIndex(fire.inline.grade.grade.findData("3"))
    press(fire, Qt.Key.Key_Return)
    assert room.port.commands == []
    typed(fire, "only steam")
    press(fire, Qt.Key.Key_Return)
    assert room.port.commands == [RegradeIncident(incident_id="I1", grade="3", reason="only steam")]


def test_what_is_near_is_merged_by_its_digit(room: Room, fire: DetailPanel) -> None:
    room.tell(opened("I2"), opened("I3", "fall"))
    shift(fire, Qt.Key.Key_M)
    assert fire.inline.merge.list.count() == 2
    assert "I2" in fire.inline.merge.list.item(0).text()
    QTest.keyClick(fire.window().focusWidget(), Qt.Key.Key_1)
    assert room.port.commands == [MergeIncidents(kept_id="I1", other_id="I2", reason="")]


def test_any_other_is_merged_by_its_number(room: Room, fire: DetailPanel) -> None:
    shift(fire, Qt.Key.Key_M)
    typed(fire, "SU-7")
    press(fire, Qt.Key.Key_Return)
    assert room.port.commands == [MergeIncidents(kept_id="I1", other_id="SU-7", reason="")]


def test_it_is_put_under_a_larger_one_and_let_go_again(room: Room, fire: DetailPanel) -> None:
    room.tell(opened("I2", "flood"))
    shift(fire, Qt.Key.Key_U)
    QTest.keyClick(fire.window().focusWidget(), Qt.Key.Key_1)
    assert room.port.commands == [PutIncidentUnder(incident_id="I1", parent="I2")]
    room.tell(ev.IncidentPutUnder(incident_id="I1", parent="I2", person="kim"))
    room.accept()
    shift(fire, Qt.Key.Key_U)
    QTest.keyClick(fire.window().focusWidget(), Qt.Key.Key_1)
    assert room.port.commands[-1] == PutIncidentUnder(incident_id="I1", parent="")


def test_chosen_clues_are_split_off(room: Room, fire: DetailPanel) -> None:
    assert not room.actions.act("incident.split").isEnabled()
    room.tell(gathered("I1", clue("c1")), gathered("I1", clue("c2", camera_id="CAM-0002")))
    shift(fire, Qt.Key.Key_D)
    listed = fire.window().focusWidget()
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Space)
    press(fire, Qt.Key.Key_Return)
    assert [type(one) for one in room.port.commands] == [SplitIncident]
    assert room.port.commands[0].uids == ("c1",)  # type: ignore[attr-defined]


def test_clues_stand_by_source_with_their_reason_and_what_is_said_again_is_counted(
    room: Room, fire: DetailPanel
) -> None:
    for number in range(3):
        room.tell(gathered("I1", clue(f"c{number}"), "the same camera" if not number else ""))
    room.tell(gathered("I1", clue("r1", "report", rule="", camera_id="")))
    said = texts(fire.clues)
    assert "Detections (3)" in said
    assert "Citizens' reports (1)" in said
    assert any(one.endswith("×3") for one in fire.clues.lines())
    assert "the same camera" in said


def test_a_clue_is_opened_by_a_click_and_by_enter(room: Room, fire: DetailPanel, qtbot) -> None:
    room.tell(gathered("I1", clue("c1")))
    with qtbot.waitSignal(fire.clue_opened) as told:
        QTest.keyClick(fire.clues.line(0), Qt.Key.Key_Return)
    assert told.args[0].uid == "c1"
    with qtbot.waitSignal(fire.clue_opened):
        QTest.mouseClick(fire.clues.line(0), Qt.MouseButton.LeftButton)


def test_linked_incidents_are_one_click_away(room: Room, fire: DetailPanel, qtbot) -> None:
    first = clue("n", type="smoke")
    room.tell(
        ev.CaseOpened(incident_id="I2", type="smoke", priority=2, grade="1", place=MARKET, clue=first,
                      reopens="I1", parent="I1"),
        opened("I3"), ev.IncidentsMerged(kept_id="I1", other_id="I3", person="kim", reason=""),
    )  # fmt: skip
    said = fire.clues.lines()
    assert any("Its part I2" in one for one in said)
    assert any("Merged into this: I3" in one for one in said)
    with qtbot.waitSignal(fire.incident_wanted) as told:
        QTest.mouseClick(fire.clues.line(0), Qt.MouseButton.LeftButton)
    assert told.args == ["I2"]


def test_what_was_merged_says_into_which_and_offers_no_act(room: Room, fire: DetailPanel) -> None:
    room.tell(opened("I2"), ev.IncidentsMerged(kept_id="I2", other_id="I1", person="kim", reason=""))
    assert "merged into I2" in texts(fire.head)
    for name in ("acknowledge", "real", "note", "merge", "hold"):
        assert not room.actions.act(f"incident.{name}").isEnabled()


def test_very_many_clues_show_some_and_more_when_asked(room: Room, fire: DetailPanel) -> None:
    room.tell(*(gathered("I1", clue(f"c{n}", "report", camera_id="", rule="")) for n in range(30)))
    before = len(fire.clues.lines())
    assert fire.clues.more.isVisible()
    fire.clues.more.click()
    assert len(fire.clues.lines()) == 31 > before


def test_what_may_be_the_same_is_offered_with_its_reason_and_merged_by_a_digit(
    room: Room, fire: DetailPanel
) -> None:
    offer = Offer(incident_id="I1", weight=0.4, reason=Reason(code="near"), words=Words(en="40 m", ko="40 m"))
    room.tell(
        ev.CaseOpened(incident_id="I2", type="fall", priority=2, grade="1", place=MARKET,
                      clue=clue("x", camera_id="CAM-0002"), offers=(offer,))
    )  # fmt: skip
    fire.show_incident("I2")
    assert any("May be the same as I1" in one for one in fire.clues.lines())
    shift(fire, Qt.Key.Key_M)
    QTest.keyClick(fire.window().focusWidget(), Qt.Key.Key_1)
    assert room.port.commands == [MergeIncidents(kept_id="I2", other_id="I1", reason="")]


def test_a_detection_says_what_its_rule_on_its_camera_was_worth(room: Room, fire: DetailPanel) -> None:
    fire.show_worth(RuleWorth(room.board, room.port, room.pulse, room.catalogue, fire))
    room.tell(gathered("I1", clue("c1")))
    room.later(1)
    assert room.port.queries == [AskPrecision()]
    rows = (
        RulePrecision(rule="smoke", camera_id="CAM-0001", part="night", real=7, false=45, test=0, share=0.13),
    )
    room.bring(PrecisionPage(rows=rows, days=30, least=10, part="night"))  # type: ignore[arg-type]
    assert "Real 7 of 52 in 30 days, at night" in texts(fire.clues)
    room.tell(ev.IncidentVerified(incident_id="I1", person="kim", verdict="real"))
    room.later(1)
    assert len(room.port.queries) == 2


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_word_of_the_acts_is_cut(language: str, room: Room, fire: DetailPanel, qapp) -> None:
    room.catalogue.switch(language)
    room.tell(acknowledged("I1"))
    qapp.processEvents()
    for name, button in fire.acts._small.items():
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), name
