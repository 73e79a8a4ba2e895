"""What persons order about procedures, and what is refused."""

from __future__ import annotations

import pytest

from console.model import commands as do
from console.model import events as ev
from console.profile.procedures import ProcedureBook
from tests.fakes.procedureroom import Room


@pytest.fixture
def room(books: dict[str, ProcedureBook]) -> Room:
    made = Room(books["suwon"])
    made.begin("person_down")
    return made


def answer(step: str, answer_id: str = "", round_: int = 1, comment: str = "") -> do.AnswerStep:
    return do.AnswerStep(incident_id="I-1", step=step, round=round_, answer=answer_id, comment=comment)


def skip(step: str, reason: str = "no need", round_: int = 1) -> do.SkipStep:
    return do.SkipStep(incident_id="I-1", step=step, round=round_, reason=reason)


def test_a_person_goes_through_steps_and_the_record_names_who(room: Room) -> None:
    assert room.ask(answer("look")) is None
    assert room.ask(answer("state", "still"), person="lee") is None
    assert [(one.step, one.who) for one in room.run().steps if one.state in ("done", "answered")] == [
        ("look", "person:kim"), ("state", "person:lee"),
    ]  # fmt: skip
    assert {one.cause.actor for one in room.log if isinstance(one.event, ev.ProcedureMoved)} == {
        "rule:procedure", "person:kim", "person:lee",
    }  # fmt: skip


def test_two_desks_do_not_answer_one_step_twice(room: Room) -> None:
    assert room.ask(answer("look")) is None
    again = room.ask(answer("look"))
    assert again is not None and again.code == "step_not_open"
    later_round = room.ask(answer("state", "still", round_=2))
    assert later_round is not None and later_round.code == "step_not_open"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (answer("nothing"), "step_not_open"),
        (answer("look", "yes"), "step_no_answers"),
        (skip("look", "  "), "step_needs_reason"),
        (skip("look", "x" * 4_001), "step_long_comment"),
        (do.StartProcedure(incident_id="I-1", procedure="violence", reason=" "), "step_needs_reason"),
        (do.StartProcedure(incident_id="I-1", procedure="dragons", reason="r"), "unknown_procedure"),
        (do.AnswerStep(incident_id="I-7", step="look", round=1), "unknown_incident"),
        (do.SeeProcedureNotices(incident_id="I-1", until_ns=1), "supervisor_only"),
    ],
)
def test_what_cannot_be_followed_is_refused_in_words(
    room: Room, command: do.AnyCommand, code: str
) -> None:
    before = list(room.log)
    refused = room.ask(command)
    assert refused is not None and refused.code == code
    assert refused.reason.en and refused.reason.ko and "{" not in refused.reason.en
    assert room.log == before


def test_a_closed_incident_takes_no_answer(room: Room) -> None:
    room.tell(ev.IncidentResolved(incident_id="I-1", person="kim", outcome="real"))
    room.tell(ev.IncidentClosed(incident_id="I-1", person="kim"))
    refused = room.ask(answer("look"))
    assert refused is not None and refused.code == "closed_incident"


def test_a_skip_is_told_until_a_supervisor_has_seen_it(room: Room) -> None:
    assert room.ask(skip("look", "seen from the street")) is None
    (notice,) = room.run().unseen()
    assert (notice.kind, notice.comment, notice.step) == ("skipped", "seen from the street", "look")
    see = do.SeeProcedureNotices(incident_id="I-1", until_ns=notice.at_ns)
    refused = room.ask(see)
    assert refused is not None and refused.code == "supervisor_only"
    assert room.ask(see, desk="desk-9", person="oh") is None
    assert room.run().unseen() == () and room.run().notices[0].seen_by == "oh"
    length = len(room.log)
    assert room.ask(see, desk="desk-9", person="oh") is None
    assert len(room.log) == length  # nothing left to see


def test_a_notice_that_came_meanwhile_is_not_confirmed_with_the_others(room: Room) -> None:
    assert room.ask(skip("look")) is None
    first = room.run().unseen()[0].at_ns
    room.clock.step(5)
    assert room.ask(skip("state", "no time")) is not None  # a decision without a way on
    assert room.ask(answer("state", "still")) is None
    assert room.ask(skip("tell", "they are here already")) is None
    assert room.ask(do.SeeProcedureNotices(incident_id="I-1", until_ns=first), desk="desk-9") is None
    assert [one.step for one in room.run().unseen()] == ["tell"]


def test_another_procedure_is_taken_with_a_reason_and_that_of_the_type_again(room: Room) -> None:
    room.ask(answer("look"))
    taken = do.StartProcedure(incident_id="I-1", procedure="violence", reason="they fight now")
    assert room.ask(taken) is None
    run = room.run()
    assert run.procedure.startswith("violence@")
    started = [one.event for one in room.log if isinstance(one.event, ev.ProcedureMoved)]
    assert [one.comment for one in started if one.move == "started"] == ["", "they fight now"]
    length = len(room.log)
    assert room.ask(taken) is None and len(room.log) == length
    back = do.StartProcedure(incident_id="I-1", procedure="person_down", reason="they made up")
    assert room.ask(back) is None
    assert room.run().procedure.startswith("person_down@")
