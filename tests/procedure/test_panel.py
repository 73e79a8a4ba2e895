"""The panel leads through the procedure: by keys, in place, and says what the record says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.model import commands as do
from console.model import events as ev
from console.model.procedure import StepAct
from tests.procedure.guided import Guided
from widgets.procedure.panel import ProcedurePanel

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints|does not support raise")


@pytest.fixture
def panel(guided: Guided) -> ProcedurePanel:
    sitting = guided.sitting
    made = ProcedurePanel(
        sitting.board, sitting.pulse, sitting.port, sitting.actions, sitting.catalogue, sitting.tokens,
        sitting.moments, guided.shelf,
    )  # fmt: skip
    guided.show(made)
    return made


def begin(guided: Guided, panel: ProcedurePanel, kind: str = "person_down", **more: object) -> None:
    guided.begin(kind, **more)
    panel.show_incident("I-1")
    guided.sitting.settle()
    panel.take_keyboard()


def press(panel: ProcedurePanel, key: Qt.Key, *more: Qt.KeyboardModifier) -> None:
    target = panel.window().focusWidget() or panel
    QTest.keyClick(target, key, more[0] if more else Qt.KeyboardModifier.NoModifier)


def step_in_hand(panel: ProcedurePanel) -> str:
    assert panel._current is not None
    return panel._current.standing.step


def test_without_a_procedure_it_takes_no_room(guided: Guided, panel: ProcedurePanel) -> None:
    panel.show_incident("")
    assert panel.isHidden()


def test_enter_does_digits_answer_and_the_done_steps_fold_to_a_line(
    guided: Guided, panel: ProcedurePanel
) -> None:
    begin(guided, panel)
    assert step_in_hand(panel) == "look" and panel.done.isHidden()
    press(panel, Qt.Key.Key_Return)
    assert guided.asked() == [do.AnswerStep(incident_id="I-1", step="look", round=1)]
    assert not guided.sitting.actions.act("procedure.do").isEnabled()  # on its way
    press(panel, Qt.Key.Key_Return)
    assert len(guided.asked()) == 1
    guided.follow()
    assert step_in_hand(panel) == "state"
    assert [one.text()[:4] for one in panel.current.answer_buttons().values()][:2] == ["1  D", "2  M"]
    press(panel, Qt.Key.Key_2)
    assert guided.asked()[-1] == do.AnswerStep(incident_id="I-1", step="state", round=1, answer="hurt")
    guided.follow()
    assert step_in_hand(panel) == "tell"
    assert "2 done" in panel.done.line.text()
    press(panel, Qt.Key.Key_L)
    assert any("Moves, does not get up" in line and "kim" in line for line in panel.done.texts())


def test_what_is_typed_goes_with_the_step_and_stays_while_another_is_looked_at(
    guided: Guided, panel: ProcedurePanel
) -> None:
    begin(guided, panel)
    QTest.keyClicks(panel.current.field, "2 people, 1 dog")
    panel.show_incident("")
    panel.show_incident("I-1")
    assert panel.current.field.text() == "2 people, 1 dog"
    panel.current.field.setFocus()
    press(panel, Qt.Key.Key_Return)
    assert guided.asked()[-1] == do.AnswerStep(
        incident_id="I-1", step="look", round=1, comment="2 people, 1 dog"
    )
    guided.follow()
    assert panel.current.field.text() == ""


def test_a_skip_asks_for_its_reason_in_place(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel)
    press(panel, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert panel.asking.is_open and panel.current.isVisible()
    press(panel, Qt.Key.Key_Return)
    assert guided.asked() == [] and panel.asking.problem.text()
    QTest.keyClicks(panel.asking.field, "seen from the street")
    press(panel, Qt.Key.Key_Return)
    assert guided.asked() == [
        do.SkipStep(incident_id="I-1", step="look", round=1, reason="seen from the street")
    ]
    guided.follow()
    assert not panel.asking.is_open and step_in_hand(panel) == "state"
    assert "1 left out" in panel.done.line.text()


def test_escape_takes_a_question_back(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel)
    press(panel, Qt.Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    press(panel, Qt.Key.Key_Escape)
    assert not panel.asking.is_open and guided.asked() == []


def test_an_answer_by_hand_of_what_the_record_says_needs_words(
    guided: Guided, panel: ProcedurePanel
) -> None:
    begin(guided, panel)
    for command in (
        do.AnswerStep(incident_id="I-1", step="look", round=1),
        do.AnswerStep(incident_id="I-1", step="state", round=1, answer="still"),
        do.AnswerStep(incident_id="I-1", step="tell", round=1, comment="by phone"),
        do.AnswerStep(incident_id="I-1", step="danger", round=1, answer="no"),
        do.AnswerStep(incident_id="I-1", step="guide", round=1),
        do.AnswerStep(incident_id="I-1", step="second", round=1),
    ):
        assert guided.room.ask(command) is None
    guided.tell()
    assert step_in_hand(panel) == "arrived"
    assert "119 is on scene" in panel.current.line.waits.text()
    panel.take_keyboard()
    press(panel, Qt.Key.Key_1)
    assert guided.asked() == [] and panel.current.answer_buttons()["there"].isChecked()
    QTest.keyClicks(panel.current.field, "I see the ambulance")
    press(panel, Qt.Key.Key_Return)
    assert guided.asked() == [do.AnswerStep(
        incident_id="I-1", step="arrived", round=1, answer="there", comment="I see the ambulance"
    )]  # fmt: skip
    assert guided.follow() == []
    assert [one.kind for one in guided.room.run().unseen()] == ["by_hand"]


def test_what_was_refused_says_why(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel)
    assert guided.room.ask(do.AnswerStep(incident_id="I-1", step="look", round=1), person="lee") is None
    press(panel, Qt.Key.Key_Return)  # before the desk has heard
    codes = guided.follow()
    assert codes == ["step_not_open"]


def test_time_left_then_overdue_with_a_mark(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel)
    guided.later(4)
    assert panel.current.line.time.text() == "0:11 left"
    guided.later(14)
    assert panel.current.line.time.text() == "overdue 0:03"
    assert panel.current.line.mark.late
    assert panel.current.line.time.property("ink") == "p2"


def test_a_fact_moves_it_on_by_itself(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel, camera_ids=("CAM-1",))
    guided.room.tell(ev.ViewingStarted(desk="d", person="kim", camera_ids=("CAM-1",), purpose="p"))
    guided.tell()
    assert step_in_hand(panel) == "state"
    panel.turn_done()
    assert any("its cameras are looked at" in line for line in panel.done.texts())


def test_an_offered_act_is_asked_for_with_the_incident_and_waits_for_the_record(
    guided: Guided, panel: ProcedurePanel
) -> None:
    begin(guided, panel, camera_ids=("CAM-1",))
    wanted: list[tuple[str, StepAct]] = []
    panel.act_wanted.connect(lambda incident_id, act: wanted.append((incident_id, act)))
    button = panel.current.offer_buttons()[0]
    button.click()
    assert [(one, act.act) for one, act in wanted] == [("I-1", "open_cameras")]
    assert "waits for the record" in button.text()


def test_another_type_says_what_is_kept(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel)
    assert guided.room.ask(do.AnswerStep(incident_id="I-1", step="look", round=1)) is None
    guided.tell()
    panel.ask_type()
    panel.asking.choice.setCurrentIndex(panel.asking.choice.findData("violence"))
    assert "Done already, 1" in panel.asking.kept.text()
    panel.asking.choice.setCurrentIndex(panel.asking.choice.findData("camera_fault"))
    assert "from its beginning" in panel.asking.kept.text()
    panel.asking.choice.setCurrentIndex(panel.asking.choice.findData("violence"))
    panel.asking.field.setText("they fight")
    panel.send()
    assert guided.asked() == [
        do.ReclassifyIncident(incident_id="I-1", type="violence", reason="they fight")
    ]


def test_another_procedure_with_a_reason(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel)
    panel.ask_other()
    panel.asking.choice.setCurrentIndex(panel.asking.choice.findData("violence"))
    panel.asking.field.setText("they fight")
    panel.send()
    guided.follow()
    assert panel.title.text() == guided.room.book.procedures["violence"].name.en
    assert not panel.asking.is_open


def test_arrows_go_to_another_open_step(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel, "underpass_flood")
    for _ in range(12):
        if len(guided.room.open()) > 1:
            break
        standing = guided.room.run().open_steps[0]
        step = guided.room.book.procedures["underpass_flood"].steps[standing.step]
        answer = step.answers[0].id if step.answers else ""
        assert guided.room.ask(do.AnswerStep(
            incident_id="I-1", step=standing.step, round=standing.round, answer=answer, comment="x"
        )) is None  # fmt: skip
    guided.tell()
    open_steps = guided.room.open()
    assert len(open_steps) > 1 and len(panel.other_lines()) == len(open_steps) - 1
    seen = {step_in_hand(panel)}
    panel.take_keyboard()
    for _ in open_steps:
        press(panel, Qt.Key.Key_Down)
        seen.add(step_in_hand(panel))
    assert seen == set(open_steps)


def test_words_of_other_files_are_shown_and_said(guided: Guided, panel: ProcedurePanel) -> None:
    guided.shelf.book = type(guided.shelf.book)()
    begin(guided, panel)
    assert "Open the nearest camera" in panel.current.line.text.text()
    assert panel.current.unknown.isVisible()


def test_it_speaks_korean_when_the_desk_does(guided: Guided, panel: ProcedurePanel) -> None:
    begin(guided, panel)
    guided.sitting.catalogue.switch("ko")
    assert panel.title.text() == "사람 쓰러짐"
    assert panel.current.line.time.text() == "0:15 남음"


def test_an_incident_that_ended_says_when_and_what_was_left(
    guided: Guided, panel: ProcedurePanel
) -> None:
    begin(guided, panel)
    guided.room.tell(ev.IncidentResolved(incident_id="I-1", person="kim", outcome="real"))
    guided.room.tell(ev.IncidentClosed(incident_id="I-1", person="kim"), "person:kim")
    guided.tell()
    assert panel.current.isHidden() and "1 steps left open" in panel.state.text()
