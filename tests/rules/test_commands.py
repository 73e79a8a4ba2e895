"""What a person asks for: done, already done, or refused in words."""

from __future__ import annotations

import msgspec
import pytest

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.base import same_words
from console.model.casework import Case, Clue
from console.model.incident import Incident
from console.model.state import CityState, apply
from console.rules.commands import CommandRules
from console.rules.draft import NOTHING, Decision, Refusal
from tests.fakes.messages import ToldMessages
from tests.fakes.town import place, triage

NOW = 1_774_000_000 * SECOND_NS

class Desk:
    def __init__(self, rules: CommandRules | None = None, **incident: object) -> None:
        self.rules = rules or CommandRules(triage(), ToldMessages())
        self.state = CityState(run="r")
        first = Incident(
            id="I", type="person_down", priority=2, place=place(), opened_at_ns=NOW, changed_at_ns=NOW,
            reasons=(same_words("x"),),
        )
        self.state.incidents["I"] = msgspec.structs.replace(first, **incident)
        clue = Clue(uid="1", source="detection", type="person_down", at_ns=NOW, lat=37.27, lon=127.0)
        self.state.cases["I"] = Case(
            id="I", type="person_down", priority=2, grade="2", opened_at_ns=NOW, changed_at_ns=NOW,
            stage_since_ns=NOW, clues=(clue,),
        )  # fmt: skip

    def ask(self, command: do.Command, person: str = "Kim") -> Decision | Refusal:
        request = do.Request(id="q", desk="desk-1", person=person, sent_ns=1, command=command)
        decided = self.rules.decide(self.state, request, NOW)
        if isinstance(decided, Decision):
            for draft in decided.drafts:
                entry = ev.Entry(
                    run="r", seq=self.state.seq + 1, at_ns=NOW, cause=draft.cause, event=draft.event
                )
                apply(self.state, entry)
        return decided

    @property
    def incident(self) -> Incident:
        return self.state.incidents["I"]


def test_acknowledging_makes_it_mine_and_doing_it_again_changes_nothing():
    desk = Desk()
    desk.ask(do.AcknowledgeIncident(incident_id="I"))
    assert (desk.incident.stage, desk.incident.owner) == ("acknowledged", "Kim")
    assert desk.ask(do.AcknowledgeIncident(incident_id="I")) is NOTHING
    refused = desk.ask(do.AcknowledgeIncident(incident_id="I"), person="Lee")
    assert isinstance(refused, Refusal) and refused.code == "owned_incident"
    desk.ask(do.TakeOverIncident(incident_id="I", reason="end of shift"), person="Lee")
    assert desk.incident.owner == "Lee"


def test_an_incident_is_resolved_before_it_is_closed_and_then_stays_so():
    desk = Desk()
    refused = desk.ask(do.CloseIncident(incident_id="I"))
    assert isinstance(refused, Refusal) and refused.code == "not_resolved"
    desk.ask(do.ResolveIncident(incident_id="I", outcome="real"))
    assert desk.ask(do.ResolveIncident(incident_id="I", outcome="real")) is NOTHING
    desk.ask(do.CloseIncident(incident_id="I"))
    assert desk.incident.stage == "closed"
    assert desk.ask(do.CloseIncident(incident_id="I")) is NOTHING
    for command in (
        do.AcknowledgeIncident(incident_id="I"), do.AddNote(incident_id="I", text="x"),
        do.HandOffIncident(incident_id="I", agency="KR-112"),
    ):
        late = desk.ask(command)
        assert isinstance(late, Refusal) and late.code == "closed_incident"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (do.AcknowledgeIncident(incident_id="X"), "unknown_incident"),
        (do.CloseIncident(incident_id="X"), "unknown_incident"),
        (do.AddNote(incident_id="I", text="  "), "bad_text"),
        (do.AddNote(incident_id="I", text="x" * 10_001), "bad_text"),
        (do.ResolveIncident(incident_id="I", outcome="maybe"), "bad_outcome"),
        (do.HandOffIncident(incident_id="I", agency="FBI"), "unknown_agency"),
        (do.AcknowledgeAlarm(alarm_id="X"), "unknown_alarm"),
        (do.StartViewing(camera_ids=("GAUGE-1",), purpose="patrol"), "unknown_device"),
        (do.StartViewing(camera_ids=(), purpose="patrol"), "no_purpose"),
        (do.StartViewing(camera_ids=("CAM-1",), purpose=" "), "no_purpose"),
        (do.ReportCamera(camera_id="LAMP-1", condition="down", why=same_words("x")), "unknown_device"),
        (do.LogExport(what="x", format="csv", reason=""), "no_reason"),
        (do.OpenIncident(type="nonsense", camera_id="CAM-1", text="x"), "unknown_type"),
        (do.OpenIncident(type="flood", camera_id="CAM-9", text="x"), "unknown_device"),
    ],
    ids=lambda value: value if isinstance(value, str) else do.name_of(value),
)
def test_a_refusal_has_a_code_and_says_what_happened_in_both_languages(command: do.Command, code: str):
    desk = Desk()
    refused = desk.ask(command)
    assert isinstance(refused, Refusal)
    assert refused.code == code
    assert refused.reason.en != refused.reason.ko
    assert "{" not in refused.reason.en + refused.reason.ko


def test_a_person_can_open_an_incident_where_a_camera_looks():
    desk = Desk()
    desk.ask(do.OpenIncident(type="flood", camera_id="CAM-3", text="water on the road"))
    opened = list(desk.state.incidents.values())[-1]
    assert (opened.type, opened.camera_ids[0]) == ("flood", "CAM-3")
    assert "water on the road" in opened.reasons[0].ko


def test_a_hub_that_follows_a_recording_takes_no_orders_but_logs_who_looks():
    desk = Desk(CommandRules(triage(), ToldMessages(), following=True))
    refused = desk.ask(do.AcknowledgeIncident(incident_id="I"))
    assert isinstance(refused, Refusal) and refused.code == "replaying"
    assert isinstance(desk.ask(do.StartViewing(camera_ids=("CAM-1",), purpose="review")), Decision)
