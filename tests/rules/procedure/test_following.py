"""Procedures begin, move, change and end with what is on the log, in the same breath."""

from __future__ import annotations

import pytest

from console.model import commands as do
from console.model import events as ev
from console.model.casework import Clue
from console.profile.procedures import ProcedureBook
from tests.fakes.procedureroom import PLACE, Room


@pytest.fixture
def room(books: dict[str, ProcedureBook]) -> Room:
    return Room(books["suwon"])


def verified(verdict: str, before: str = "", over: bool = False) -> ev.IncidentVerified:
    return ev.IncidentVerified(incident_id="I-1", person="kim", verdict=verdict, before=before, over=over)  # type: ignore[arg-type]


def test_each_incident_begins_with_the_procedure_of_its_type(
    books: dict[str, ProcedureBook],
) -> None:
    for book in books.values():
        room = Room(book)
        for number, kind in enumerate(book.by_type):
            run = room.begin(kind, f"I-{number}")
            assert run.procedure == book.by_type[kind].key
            assert run.open_steps or run.ended_ns
        causes = {one.cause.actor for one in room.log if isinstance(one.event, ev.ProcedureMoved)}
        assert causes == {"rule:procedure"}


def test_a_fact_moves_the_step_that_waits_for_it_at_once(room: Room) -> None:
    room.begin("person_down", camera_ids=("CAM-1",))
    assert room.open() == ["look"]
    room.tell(ev.ViewingStarted(desk="d", person="kim", camera_ids=("CAM-1",), purpose="p"))
    assert room.open() == ["state"]
    done = room.run().steps[0]
    assert (done.state, done.because, done.who) == ("done", "cameras_opened", "rule:procedure")
    parents = [one.cause.parent for one in room.log if isinstance(one.event, ev.ProcedureMoved)][-2:]
    viewing = next(one.seq for one in room.log if isinstance(one.event, ev.ViewingStarted))
    assert parents == [viewing, viewing]


def test_what_was_done_before_the_step_is_found_done(room: Room) -> None:
    room.begin("person_down")
    queued = ev.HandoffQueued(
        handoff_id="H", key="k", incident_id="I-1", agency="KR-119", revision=1, person="kim",
        message_sha256="0",
    )  # fmt: skip
    room.tell(queued)
    room.tell(ev.HandoffReceived(handoff_id="H", agency_ref="1"))
    assert room.ask(do.SkipStep(incident_id="I-1", step="look", round=1, reason="seen before")) is None
    assert room.ask(do.AnswerStep(incident_id="I-1", step="state", round=1, answer="still")) is None
    assert room.open() == ["danger"]
    told = room.run().standing("tell")
    assert told is not None and told.because == "handoff_received/KR-119"


def test_another_type_keeps_what_was_done_and_leaves_what_is_open(room: Room) -> None:
    room.begin("person_down", camera_ids=("CAM-1",))
    room.tell(ev.ViewingStarted(desk="d", person="kim", camera_ids=("CAM-1",), purpose="p"))
    room.tell(ev.IncidentReclassified(
        incident_id="I-1", person="kim", before="person_down", type="violence", priority=1, grade="0",
        reason="a fight",
    ))  # fmt: skip
    run = room.run()
    assert run.procedure == room.book.by_type["violence"].key
    assert next(one.state for one in run.steps if one.step == "state") == "left"
    carried = [one for one in run.steps[run.begun :] if one.because == "earlier"]
    assert [(one.step, one.who) for one in carried] == [("look", "rule:procedure")]


@pytest.mark.parametrize("end", ["resolved", "verified"])
def test_what_was_nothing_ends_without_a_notice_and_lives_again_when_that_was_wrong(
    room: Room, end: str
) -> None:
    room.begin("person_down")
    ends = {
        "resolved": ev.IncidentResolved(incident_id="I-1", person="kim", outcome="false"),
        "verified": verified("false", over=True),
    }
    room.tell(ends[end], actor="person:kim")
    run = room.run()
    assert run.ended_ns and not run.unseen()
    assert room.log[-1].cause.actor == "person:kim"
    room.tell(verified("real", before="false"), actor="person:kim")
    assert room.run().going and room.open() == ["look"]


def test_a_real_one_that_is_closed_with_open_steps_is_told_to_the_supervisor(room: Room) -> None:
    room.begin("person_down")
    room.tell(verified("real"), actor="person:kim")
    assert room.open() == ["look"]
    room.tell(ev.IncidentResolved(incident_id="I-1", person="kim", outcome="real"), actor="person:kim")
    assert room.run().going
    room.tell(ev.IncidentClosed(incident_id="I-1", person="kim"), actor="person:kim")
    (notice,) = room.run().unseen()
    assert (notice.kind, notice.who, notice.comment) == ("stopped", "person:kim", "look")


def test_of_two_that_are_one_the_kept_one_goes_on_and_the_other_stays_readable(room: Room) -> None:
    room.begin("person_down", "I-1")
    room.begin("violence", "I-2")
    room.tell(ev.IncidentsMerged(kept_id="I-1", other_id="I-2", person="kim", reason="same"), "person:kim")
    assert room.run("I-1").going and not room.run("I-2").going
    assert not room.run("I-2").unseen() and room.run("I-2").steps


def test_the_kept_one_knows_what_both_knew_and_hears_of_the_others_hand_off(room: Room) -> None:
    room.begin("person_down", "I-1", camera_ids=("CAM-1",))
    room.begin("person_down", "I-2", camera_ids=("CAM-2",))
    room.tell(ev.HandoffQueued(
        handoff_id="H", key="k", incident_id="I-2", agency="KR-119", revision=1, person="kim",
        message_sha256="0",
    ))  # fmt: skip
    room.tell(ev.ViewingStarted(desk="d", person="kim", camera_ids=("CAM-2",), purpose="p"))
    assert room.open("I-1") == ["look"] and room.open("I-2") == ["state"]
    room.tell(ev.IncidentsMerged(kept_id="I-1", other_id="I-2", person="kim", reason="same"), "person:kim")
    assert room.open("I-1") == ["state"]
    room.tell(ev.HandoffReceived(handoff_id="H", agency_ref="1"))
    assert "handoff_received/KR-119" in room.run("I-1").heard
    assert room.ask(do.AnswerStep(incident_id="I-1", step="state", round=1, answer="still")) is None
    assert room.open("I-1") == ["danger"]


def test_what_is_split_off_begins_a_procedure_of_its_own(room: Room) -> None:
    room.begin("person_down", "I-1", device_id="CAM-1")
    call = Clue(uid="c2", source="call", type="market_fire", at_ns=1, lat=37.28, lon=127.01)
    room.tell(ev.ClueGathered(incident_id="I-1", clue=call))
    room.tell(ev.IncidentSplit(
        incident_id="I-1", new_id="I-9", uids=("c2",), person="kim", reason="a fire", type="market_fire",
        place=PLACE,
    ))  # fmt: skip
    assert room.run("I-9").procedure == room.book.by_type["market_fire"].key


def test_an_incident_of_an_old_log_hears_and_begins_too(room: Room) -> None:
    room.tell(ev.IncidentOpened(
        incident_id="I-1", type="person_down", priority=1, place=PLACE, reason=PLACE.name
    ))  # fmt: skip
    assert room.open() == ["look"]


def test_a_city_without_procedures_has_incidents_all_the_same() -> None:
    room = Room(ProcedureBook())
    assert room.begin("person_down").procedure == ""
    room.tell(ev.IncidentNoted(incident_id="I-1", person="kim", text="x"))
    room.tell(ev.IncidentClosed(incident_id="I-1", person="kim"))
    assert room.moves() == []
