"""The hub's casework: what waits is told once, holds end, requests find their incident, verdicts count."""

from __future__ import annotations

import msgspec
import pytest

from console.clock import SECOND_NS, SteppedClock
from console.hub.casework import HubCasework
from console.hub.sequencer import Sequencer
from console.ledger import Batch, Head
from console.ledger.problems import LedgerUnavailable
from console.model import commands as do
from console.model import events as ev
from console.model import query as q
from console.model import state as fold
from console.model.base import Position, same_words
from console.model.fact import SignalSeen
from console.model.picturerequest import PictureRequest, PictureWish
from console.rules.casework.figures import casework_figures
from console.rules.casework.precision import PrecisionBook
from console.rules.commands import CommandRules
from console.rules.draft import Decision, Draft, Refusal
from console.rules.happenings import decide_signal
from tests.fakes.messages import ToldMessages
from tests.fakes.town import place, triage

START_NS = 1_774_000_000 * SECOND_NS
FIGURES = casework_figures()


class Room:
    """The hub's own parts; the disk keeps every batch until it is told to be full."""

    def __init__(self) -> None:
        self.clock, self.triage = SteppedClock(START_NS), triage()
        self.full = False
        self.said: list[ev.AnyEvent] = []
        self.sequencer = Sequencer("r", fold.CityState(), self.clock, self._write, self._published)
        self.book = PrecisionBook(FIGURES.precision, "Asia/Seoul")
        self.casework = HubCasework(
            self.sequencer.state, self.triage, FIGURES, self.book, self.clock
        )
        self.sequencer.followers += [self.triage.placing, self.casework]
        self.rules = CommandRules(self.triage, ToldMessages())

    def _write(self, batch: Batch) -> None:
        answer = LedgerUnavailable("full", same_words("x")) if self.full else Head(seq=1, hash="", run="r")
        self.sequencer.committed(answer)

    def _published(self, entries: list[ev.Entry], outbox: object) -> None:
        self.said += [one.event for one in entries]

    def propose(self, decision: Decision | Refusal | str) -> None:
        assert isinstance(decision, Decision), decision
        self.sequencer.propose(decision)
        self.sequencer.flush()

    def fall(self, uid: str = "1", device: str = "CAM-1") -> str:
        now = self.clock.now_ns()
        fact = SignalSeen(uid=uid, type="fall", at_ns=now, device_id=device)
        self.propose(decide_signal(self.triage, self.sequencer.state, "eyes", fact, now))
        return next(reversed(self.sequencer.state.cases))

    def ask(self, command: do.Command, person: str = "Kim") -> Decision | Refusal:
        request = do.Request(
            id=f"q{len(self.said)}", desk="desk-1", person=person, sent_ns=1, command=command
        )
        decided = self.rules.decide(self.sequencer.state, request, self.clock.now_ns())
        if isinstance(decided, Decision):
            self.propose(decided)
        return decided

    def look(self, after_s: float) -> list[ev.AnyEvent]:
        self.clock.step(after_s)
        before = len(self.said)
        self.propose(self.casework.look())
        return self.said[before:]


@pytest.fixture
def town() -> Room:
    return Room()


def test_nobody_acts_and_each_level_is_told_once_on_the_record(town):
    id_ = town.fall()
    wait = FIGURES.wait("new", town.sequencer.state.cases[id_].priority)
    for level, after_s in enumerate(wait.after_s, 1):
        told = town.look(after_s - (wait.after_s[level - 2] if level > 1 else 0) + 1 / 8)
        assert [(type(one), one.level, one.tell) for one in told] == [
            (ev.IncidentEscalated, level, wait.tell[level - 1])
        ]
        assert town.look(1) == []
    assert town.sequencer.state.cases[id_].raised == len(wait.after_s)


def test_what_a_full_disk_did_not_take_is_told_again_and_the_incident_that_was_taken_back_is_not(town):
    id_ = town.fall()
    town.full = True
    assert town.look(91) == []
    gone = town.fall("2", "CAM-3")
    assert gone == id_, "what was not kept is not there"
    town.full = False
    assert [type(one) for one in town.look(1)] == [ev.IncidentEscalated]
    again = town.fall("2", "CAM-3")
    assert again != id_
    assert [clue.uid for clue in town.sequencer.state.cases[again].clues] == ["eyes/2"]


def test_a_hold_ends_by_itself_and_the_waiting_begins_anew(town):
    id_ = town.fall()
    town.ask(do.AcknowledgeIncident(incident_id=id_))
    town.ask(do.HoldIncident(incident_id=id_, reason="wait for light", for_s=60))
    assert town.look(59) == []
    assert [type(one) for one in town.look(2)] == [ev.IncidentHoldEnded]
    case = town.sequencer.state.cases[id_]
    assert case.hold is None and case.stage_since_ns == town.clock.now_ns()


def test_verdicts_are_counted_and_asked_for_by_rule_and_camera(town):
    first = town.fall()
    town.ask(do.VerifyIncident(incident_id=first, verdict="false"))
    page = town.casework.precision(q.AskPrecision())
    assert [(one.rule, one.camera_id, one.real, one.false, one.share) for one in page.rows] == [
        ("fall", "CAM-1", 0, 1, None)
    ]
    town.ask(do.VerifyIncident(incident_id=first, verdict="real"))
    (row,) = town.casework.precision(q.AskPrecision(rule="fall", camera_id="CAM-1")).rows
    assert (row.real, row.false) == (1, 0)
    assert town.casework.precision(q.AskPrecision(rule="smoke")).rows == ()


def test_what_a_person_opens_beside_another_is_offered_and_merging_takes_all_along(town):
    first = town.fall()
    town.ask(do.OpenCase(type="person_down", opened_from="map", place=place(), text="a man"))
    mine = next(reversed(town.sequencer.state.cases))
    case = town.sequencer.state.cases[mine]
    assert mine != first and case.owner == "Kim" and case.stage == "acknowledged"
    assert [one.incident_id for one in case.offers] == [first]
    assert case.offers[0].words.ko != case.offers[0].words.en
    town.ask(do.MergeIncidents(kept_id=mine, other_id=first, reason="the same man"))
    kept, other = town.sequencer.state.cases[mine], town.sequencer.state.incidents[first]
    assert {one.source for one in kept.clues} == {"person", "detection"}
    assert (other.stage, other.merged_into, kept.offers) == ("closed", mine, ())
    assert town.fall("9") == mine or town.sequencer.state.cases[mine].clues[-1].uid == "eyes/9"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (do.VerifyIncident(incident_id="SU-9", verdict="real"), "unknown_incident"),
        (do.VerifyIncident(incident_id="", verdict="real"), "unknown_incident"),
        (do.ReclassifyIncident(incident_id="{id}", type="dragon", reason="it flies"), "unknown_type"),
        (do.ReclassifyIncident(incident_id="{id}", type="flood", reason=" "), "reason_needed"),
        (do.ReclassifyIncident(incident_id="gone", type="flood", reason="it is water"), "unknown_incident"),
        (do.RegradeIncident(incident_id="{id}", grade="Immediate", reason="a child"), "unknown_grade"),
        (do.CloseIncident(incident_id="{id}"), "not_resolved"),
        (do.HoldIncident(incident_id="{id}", reason="wait for light", for_s=60), "may_not_rest"),
        (do.MergeIncidents(kept_id="{id}", other_id="{id}", reason=""), "unknown_incident"),
        (do.SplitIncident(incident_id="{id}", uids=("eyes/1",), reason=""), "bad_split"),
        (do.PutIncidentUnder(incident_id="{id}", parent="{id}"), "own_part"),
        (do.OpenCase(type="flood", opened_from="command"), "no_place"),
        (do.OpenCase(type="flood", opened_from="camera", device_id="CAM-99"), "unknown_device"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_both_languages_and_changes_nothing(town, command, code):
    id_ = town.fall()
    text = msgspec.json.encode(command).decode().replace("{id}", id_)
    command = msgspec.json.decode(text, type=type(command))
    before = fold.digest(town.sequencer.state)
    refused = town.ask(command)
    assert isinstance(refused, Refusal) and refused.code == code
    assert refused.reason.en != refused.reason.ko and "{" not in refused.reason.en + refused.reason.ko
    assert fold.digest(town.sequencer.state) == before


def test_a_stage_is_named_in_the_readers_language_when_it_does_not_fit(town):
    id_ = town.fall()
    town.ask(do.VerifyIncident(incident_id=id_, verdict="false"))
    refused = town.ask(do.RespondIncident(incident_id=id_, by="patrol"))
    assert isinstance(refused, Refusal) and refused.code == "not_real"
    refused = town.ask(do.HoldIncident(incident_id=id_, reason="wait for light", for_s=60))
    assert isinstance(refused, Refusal)
    assert "조치 완료" in refused.reason.ko and "Resolved" in refused.reason.en


def test_a_reclassified_incident_goes_on_as_the_other_type_with_all_it_had(town):
    id_ = town.fall()
    town.ask(do.ReclassifyIncident(incident_id=id_, type="flood", reason="it is water"))
    case, incident = town.sequencer.state.cases[id_], town.sequencer.state.incidents[id_]
    assert (case.type, case.priority, incident.type, incident.priority) == ("flood", 1, "flood", 1)
    assert (case.owner, len(case.clues)) == ("Kim", 1)
    assert town.triage.placing.correlator.gathered(id_)[0].uid == "eyes/1"


def test_a_partners_request_belongs_to_what_it_names_and_opens_nothing_alone(town):
    town.triage.city.incident_types = dict(town.triage.city.incident_types)
    town.triage.city.incident_types["seen_by_operator"] = town.triage.city.incident_types["person_down"]

    def asks(id_: str, names: str, stage: str = "waiting") -> list[ev.AnyEvent]:
        wish = PictureWish(
            message_id=id_, service="x", purpose="p", legal_basis="l", radius_m=100.0, person="Park",
            position=Position(lat=37.29, lon=127.03), incident_id=names, text="two men",
        )  # fmt: skip
        request = PictureRequest(
            id=id_, direction="inbound", agency="KR-112", wish=wish, place=place(), stage=stage,  # type: ignore[arg-type]
            at_ns=town.clock.now_ns(),
        )  # fmt: skip
        before = len(town.said)
        town.propose(Decision((Draft(ev.RequestReceived(request=request), ev.Cause(actor="agency:x")),)))
        return town.said[before:]

    town.triage.city.agencies["KR-112"].short = same_words("112")
    id_ = town.fall()
    assert [type(one) for one in asks("R1", "")] == [ev.RequestReceived]
    assert [type(one) for one in asks("R2", id_)] == [ev.RequestReceived, ev.ClueGathered]
    assert [type(one) for one in asks("R3", id_, "refused")] == [ev.RequestReceived]
    clue = town.sequencer.state.cases[id_].clues[-1]
    assert (clue.source, clue.uid) == ("request", "R2") and "two men" in clue.reasons[0].ko
