"""Sketches on the map: everybody sees who drew what and when, and nobody changes another desk's."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.sketch import FEWEST, MOST_CORNERS, SKETCH_FORMS, Sketch, sketch_problem
from console.model.state import CityState, apply
from console.rules.commands import CommandRules
from console.rules.draft import NOTHING, Decision, Refusal
from console.rules.sketches import MOST_SKETCHES
from tests.fakes.messages import ToldMessages
from tests.fakes.town import triage

NOW = 1_774_000_000 * SECOND_NS
CORNERS = tuple(Position(lat=37.2 + step / 100, lon=127.0) for step in range(3))
HUB = ev.Cause(actor="hub")
AREA = Sketch(id="s1", form="area", points=CORNERS, text=" search here ")


class Map:
    """The rules of one city and what its desks see."""

    def __init__(self) -> None:
        self.rules = CommandRules(triage(), ToldMessages())
        self.state = CityState(run="r")
        self.now = NOW

    def ask(self, command: do.Command, desk: str = "desk-1") -> Decision | Refusal:
        request = do.Request(id="q", desk=desk, person="Kim", sent_ns=1, command=command)
        decided = self.rules.decide(self.state, request, self.now)
        if isinstance(decided, Decision):
            for draft in decided.drafts:
                self.tell(draft.event, draft.cause)
        return decided

    def tell(self, event: ev.AnyEvent, cause: ev.Cause = HUB) -> None:
        seq = self.state.seq + 1
        apply(self.state, ev.Entry(run="r", seq=seq, at_ns=self.now, cause=cause, event=event))

    def open(self, name: str) -> None:
        place = Place(name=same_words("here"), position=CORNERS[0])
        self.tell(ev.IncidentOpened(incident_id=name, type="t", priority=1, place=place,
                                    reason=same_words("x")))  # fmt: skip


def test_a_shared_sketch_says_who_and_when_whatever_was_sent():
    room = Map()
    room.ask(do.ShareSketch(sketch=msgspec.structs.replace(AREA, person="somebody else", at_ns=5)))
    shown = room.state.sketches["s1"]
    assert (shown.person, shown.desk, shown.at_ns, shown.text) == ("Kim", "desk-1", NOW, "search here")


def test_the_same_sketch_again_changes_nothing_and_another_one_of_its_id_replaces_it():
    room = Map()
    room.ask(do.ShareSketch(sketch=AREA))
    room.now += SECOND_NS
    assert room.ask(do.ShareSketch(sketch=AREA)) is NOTHING
    room.ask(do.ShareSketch(sketch=msgspec.structs.replace(AREA, text="over there")))
    assert room.state.sketches["s1"].text == "over there"


def test_only_its_own_desk_or_a_supervisor_changes_or_removes_a_sketch():
    room = Map()
    room.ask(do.ShareSketch(sketch=AREA))
    for command in (do.RemoveSketch(sketch_id="s1"), do.ShareSketch(sketch=AREA)):
        refused = room.ask(command, desk="desk-2")
        assert isinstance(refused, Refusal) and refused.code == "sketch_of_other"
    room.ask(do.RemoveSketch(sketch_id="s1"), desk="desk-3")
    assert room.state.sketches == {}
    assert room.ask(do.RemoveSketch(sketch_id="s1")) is NOTHING


def test_a_sketch_belongs_to_an_open_incident_and_leaves_with_it():
    room = Map()
    of_incident = msgspec.structs.replace(AREA, incident_id="I-1")
    refused = room.ask(do.ShareSketch(sketch=of_incident))
    assert isinstance(refused, Refusal) and refused.code == "unknown_incident"
    room.open("I-1")
    room.ask(do.ShareSketch(sketch=of_incident))
    room.tell(ev.IncidentClosed(incident_id="I-1", person="Kim"))
    refused = room.ask(do.ShareSketch(sketch=msgspec.structs.replace(of_incident, id="s2")))
    assert isinstance(refused, Refusal) and refused.code == "closed_incident"
    room.ask(do.ShareSketch(sketch=msgspec.structs.replace(AREA, id="s3")))
    assert set(room.state.sketches) == {"s3"}


def test_the_map_is_never_buried_under_sketches():
    room = Map()
    for number in range(MOST_SKETCHES):
        room.ask(do.ShareSketch(sketch=msgspec.structs.replace(AREA, id=f"s{number}")))
    refused = room.ask(do.ShareSketch(sketch=msgspec.structs.replace(AREA, id="one more")))
    assert isinstance(refused, Refusal) and refused.code == "too_many_sketches"
    assert "300" in refused.reason.en and "300" in refused.reason.ko


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "id"), ({"points": CORNERS[:2]}, "points"),
        ({"points": CORNERS * MOST_CORNERS}, "points"),
        ({"points": (*CORNERS, Position(lat=float("nan"), lon=0.0))}, "points[3]"),
        ({"points": (*CORNERS, Position(lat=0.0, lon=181.0))}, "points[3]"),
        ({"text": "x" * 201}, "text"), ({"form": "text", "points": CORNERS[:1], "text": "  "}, "text"),
    ],
)  # fmt: skip
def test_what_is_no_sketch_is_refused_with_the_field(change: dict[str, object], field: str):
    refused = Map().ask(do.ShareSketch(sketch=msgspec.structs.replace(AREA, **change)))
    assert isinstance(refused, Refusal) and refused.code == "bad_sketch"
    assert field in refused.reason.en and field in refused.reason.ko


@given(st.sampled_from(SKETCH_FORMS), st.integers(0, 6), st.text(max_size=5))
def test_a_sketch_has_the_corners_its_form_needs(form, count, text):
    points = tuple(Position(lat=37.0, lon=127.0) for _ in range(count))
    wrong = count < FEWEST[form] or (form == "text" and (count != 1 or not text.strip()))
    assert bool(sketch_problem(Sketch(id="s", form=form, points=points, text=text))) == wrong
