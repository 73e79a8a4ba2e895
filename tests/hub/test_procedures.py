"""Procedures in the hub: time by the clock that never jumps, rest, restarts."""

from __future__ import annotations

import msgspec
import pytest

from console.hub.procedures import HubProcedures
from console.model import commands as do
from console.model import events as ev
from console.model.citystate import CityState
from console.profile import Profile
from console.profile.procedures import ProcedureBook, load_procedures
from tests.fakes.procedureroom import Room


@pytest.fixture(scope="module")
def book(suwon: Profile) -> ProcedureBook:
    return load_procedures("suwon", suwon)


@pytest.fixture
def room(book: ProcedureBook) -> Room:
    """An incident whose first step is due after 15 s and told to the supervisor after 60 s."""
    made = Room(book)
    made.begin("person_down")
    return made


def test_time_alone_says_overdue_then_tells_the_supervisor_each_once(room: Room) -> None:
    room.later(14)
    assert not room.run().open_steps[0].overdue_ns
    room.later(1)
    assert room.run().open_steps[0].overdue_ns and not room.run().unseen()
    room.later(45)
    assert [one.kind for one in room.run().unseen()] == ["escalated"]
    room.later(10_000)
    assert len(room.run().notices) == 1


def test_an_hours_step_of_the_wall_clock_tells_nobody_early_and_keeps_nothing_silent(room: Room) -> None:
    room.later(5)
    room.clock.jump(3_600)
    room.later(1)
    assert not room.run().open_steps[0].overdue_ns
    room.clock.jump(-7_200)
    room.later(10)
    assert room.run().open_steps[0].overdue_ns


def test_nothing_is_told_while_work_rests_and_at_once_when_it_goes_on(room: Room) -> None:
    room.tell(ev.IncidentHeld(incident_id="I-1", person="kim", reason="r", until_ns=room.clock.now_ns()))
    room.later(300)
    assert not room.run().open_steps[0].overdue_ns
    room.tell(ev.IncidentHoldEnded(incident_id="I-1"))
    assert [one.kind for one in room.run().unseen()] == ["escalated"]


def test_a_fact_counts_also_while_work_rests(book: ProcedureBook) -> None:
    room = Room(book)
    room.begin("person_down", camera_ids=("CAM-1",))
    room.tell(ev.IncidentHeld(incident_id="I-1", person="kim", reason="r", until_ns=1))
    room.tell(ev.ViewingStarted(desk="d", person="kim", camera_ids=("CAM-1",), purpose="p"))
    assert room.open() == ["state"]


def test_work_that_was_closed_or_resolved_while_it_rested_is_looked_at_again(room: Room) -> None:
    room.tell(ev.IncidentAcknowledged(incident_id="I-1", person="kim"))
    room.tell(ev.IncidentHeld(incident_id="I-1", person="kim", reason="r", until_ns=1))
    room.later(100)
    room.tell(ev.IncidentResolved(incident_id="I-1", person="kim", outcome="real"))
    room.later(1)
    assert [one.kind for one in room.run().unseen()] == ["escalated"]


def test_after_a_restart_what_had_waited_counts_once(room: Room, book: ProcedureBook) -> None:
    room.later(5)
    state = msgspec.msgpack.decode(msgspec.msgpack.encode(room.state), type=CityState)
    room.clock.step(8)
    room.state, room.procedures = state, HubProcedures(book, state, room.clock)
    room.later(1)
    assert not room.run().open_steps[0].overdue_ns
    room.later(1)
    assert room.run().open_steps[0].overdue_ns


def test_an_incident_of_before_there_were_procedures_gets_one_at_the_start(book: ProcedureBook) -> None:
    before = Room(ProcedureBook())
    before.begin("person_down")
    room = Room(book)
    room.state = before.state
    room.procedures = HubProcedures(book, room.state, room.clock)
    room.later(0)
    assert room.open() == ["look"]


def test_a_procedure_that_was_edited_meanwhile_is_gone_over_to_at_the_start(
    room: Room, book: ProcedureBook
) -> None:
    assert room.ask(do.AnswerStep(incident_id="I-1", step="look", round=1)) is None
    told = msgspec.structs.replace(book.procedures["person_down"], version=2, digest="f" * 64)
    edited = ProcedureBook({**book.procedures, told.id: told}, {**book.by_type, "person_down": told})
    room.procedures = HubProcedures(edited, room.state, room.clock)
    room.later(0)
    assert room.run().procedure == told.key and room.open() == ["state"]


def test_a_commit_that_failed_is_as_if_it_had_not_been(room: Room) -> None:
    kept = {name: dict(value) if isinstance(value := getattr(room.state, name), dict) else value
            for name in CityState.__struct_fields__}  # fmt: skip
    room.later(5)
    assert room.ask(do.AnswerStep(incident_id="I-1", step="look", round=1)) is None
    for name, value in kept.items():
        setattr(room.state, name, value)
    room.procedures.restore(room.state)
    room.later(9)
    assert room.open() == ["look"] and not room.run().open_steps[0].overdue_ns
    room.later(1)
    assert room.run().open_steps[0].overdue_ns
