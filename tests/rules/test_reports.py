"""Citizens' reports are numbered, held against incidents and each other, and answered; all by pure rules."""

from __future__ import annotations

from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.base import Position, same_words
from console.model.casework import Clue
from console.model.citizenreport import ReportTold, report_marks
from console.model.fact import ReportSent
from console.model.state import CityState, apply
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.reports import ReportRules, decide_report
from tests.fakes.town import place, triage

NOW = 1_780_000_000 * SECOND_NS
TRIAGE = triage()
RULES = ReportRules(TRIAGE)
_numbers = count(1)


def told(service: str = "water", lat: float = 37.27, citizen: str = "", at_ns: int = NOW) -> ReportTold:
    return ReportTold(
        token=f"token-{next(_numbers):06d}", service=service, place=place(lat), text="Water everywhere",
        told_at_ns=at_ns, citizen=citizen,
    )  # fmt: skip


def fold(state: CityState, decision: Decision, at_ns: int = NOW) -> list[ev.AnyEvent]:
    for draft in decision.drafts:
        entry = ev.Entry(run="r", seq=state.seq + 1, at_ns=at_ns, cause=draft.cause, event=draft.event)
        apply(state, entry)
    return [draft.event for draft in decision.drafts]


def send(state: CityState, one: ReportTold, now: int = NOW) -> list[ev.AnyEvent]:
    decided = decide_report(TRIAGE, state, "intake", ReportSent(uid=one.token, told=one), now)
    assert isinstance(decided, Decision)
    return fold(state, decided, now)


def open_flood(state: CityState, lat: float = 37.27, at_ns: int = NOW) -> None:
    opened = ev.IncidentOpened(
        incident_id="F1", type="flood", priority=1, place=place(lat), reason=same_words("r")
    )
    cause = ev.Cause(actor="hub")
    apply(state, ev.Entry(run="r", seq=state.seq + 1, at_ns=at_ns, cause=cause, event=opened))


def ask(state: CityState, command: do.Command, now: int = NOW) -> Decision | Refusal:
    request = do.Request(id="q", desk="desk-1", person="Kim", sent_ns=now, command=command)
    cause = ev.Cause(actor="person:Kim", command_id="q", desk="desk-1")
    return RULES.decide[type(command)](state, request, command, Drafting(cause), now)


def test_a_report_has_a_number_an_office_and_a_promised_time():
    state = CityState()
    send(state, told())
    report = state.reports["R-SU-260528-00001"]
    assert (report.stage, report.agency, report.incident_id) == ("received", "roads", "")
    assert report.expected_at_ns == NOW + 4 * 3600 * SECOND_NS
    send(state, told("hole"))
    assert [one.expected_at_ns for one in state.reports.values()][1] == 0


def test_a_report_near_an_open_incident_of_its_types_belongs_to_it_and_the_incident_says_so():
    state = CityState()
    open_flood(state)
    made = send(state, told(lat=37.2715))
    assert state.reports[made[0].report_id].incident_id == "F1"
    assert "Water everywhere" in state.incidents["F1"].reasons[-1].en


def test_far_away_too_late_another_type_or_a_closed_incident_do_not_match():
    state = CityState()
    open_flood(state)
    send(state, told(lat=37.28))
    send(state, told(at_ns=NOW + 601 * SECOND_NS), now=NOW + 601 * SECOND_NS)
    send(state, told("hole"))
    apply(
        state,
        ev.Entry(
            run="r", seq=state.seq + 1, at_ns=NOW, cause=ev.Cause(actor="hub"),
            event=ev.IncidentClosed(incident_id="F1", person="Kim"),
        ),
    )  # fmt: skip
    send(state, told())
    assert {one.incident_id for one in state.reports.values()} == {""}


def test_the_same_citizen_again_is_told_linked_and_kept_and_the_incident_is_not_made_longer():
    state = CityState()
    open_flood(state)
    send(state, told(citizen="a"))
    reasons = len(state.incidents["F1"].reasons)
    send(state, told(citizen="a", at_ns=NOW + 60 * SECOND_NS), NOW + 60 * SECOND_NS)
    send(state, told(citizen="a", at_ns=NOW + 120 * SECOND_NS), NOW + 120 * SECOND_NS)
    first, second, third = state.reports.values()
    assert (second.duplicate_of, third.duplicate_of, first.repeated) == (first.id, first.id, 2)
    assert {one.incident_id for one in state.reports.values()} == {"F1"}
    assert len(state.incidents["F1"].reasons) == reasons


def test_another_citizen_another_place_or_an_unknown_citizen_repeats_nothing():
    state = CityState()
    send(state, told(citizen="a"))
    send(state, told(citizen="b"))
    send(state, told(citizen="a", lat=37.272))
    send(state, told())
    send(state, told())
    send(state, told(citizen="a", at_ns=NOW + 901 * SECOND_NS))
    assert {one.duplicate_of for one in state.reports.values()} == {""}


def test_a_service_the_city_does_not_have_is_refused_in_words():
    decided = decide_report(TRIAGE, CityState(), "i", ReportSent(uid="t", told=told("nonsense")), NOW)
    assert decided == "service 'nonsense' is not one of the city's"


def test_an_answer_reaches_the_report_and_the_same_answer_again_is_nothing():
    state = CityState()
    send(state, told())
    command = do.AnswerReport(report_id="R-SU-260528-00001", stage="in_progress", text=" On the way. ")
    fold(state, ask(state, command))
    report = state.reports["R-SU-260528-00001"]
    assert (report.stage, report.answer, report.person) == ("in_progress", "On the way.", "Kim")
    assert report.expected_at_ns and ask(state, command) is NOTHING
    later = do.AnswerReport(report_id=report.id, stage="closed", text="Done", expected_at_ns=-1)
    fold(state, ask(state, later))
    assert not state.reports[report.id].is_open and state.reports[report.id].expected_at_ns == 0
    assert report_marks(state.reports) == () and len(report_marks(state.reports, open_only=False)) == 1


def test_what_cannot_be_done_is_refused_with_words():
    state = CityState()
    send(state, told())
    known = "R-SU-260528-00001"
    for command, code in (
        (do.AnswerReport(report_id="R-9", stage="closed", text="x"), "unknown_report"),
        (do.AnswerReport(report_id=known, stage="received", text="x"), "report_stage"),
        (do.AnswerReport(report_id=known, stage="rejected", text="  "), "rejection_needs_words"),
        (do.AnswerReport(report_id=known, stage="closed", text="x" * 4001), "bad_answer"),
        (do.AnswerReport(report_id=known, stage="closed", text="", agency="moon"), "unknown_owner"),
        (do.LinkReport(report_id=known, incident_id="F9"), "unknown_incident"),
        (do.LinkReport(report_id="R-9", incident_id=""), "unknown_report"),
        (do.OpenReportIncident(report_id=known, type="moon"), "unknown_type"),
    ):
        refused = ask(state, command)
        assert isinstance(refused, Refusal) and refused.code == code
        assert refused.reason.en and refused.reason.ko


def test_an_operator_opens_an_incident_from_a_report_links_others_and_takes_a_link_away():
    state = CityState()
    send(state, told("hole"))
    send(state, told("hole"))
    one, two = state.reports
    fold(state, ask(state, do.OpenReportIncident(report_id=one, type="lamp_row")))
    incident = state.reports[one].incident_id
    assert state.incidents[incident].type == "lamp_row" and state.incidents[incident].camera_ids
    assert ask(state, do.OpenReportIncident(report_id=one, type="flood")).code == "report_has_incident"
    fold(state, ask(state, do.LinkReport(report_id=two, incident_id=incident)))
    assert state.reports[two].incident_id == incident
    assert ask(state, do.LinkReport(report_id=two, incident_id=incident)) is NOTHING
    fold(state, ask(state, do.LinkReport(report_id=two, incident_id="")))
    assert state.reports[two].incident_id == ""


def test_an_incident_that_opens_later_takes_the_reports_that_came_before_it():
    state = CityState()
    send(state, told())
    send(state, told("hole"))
    send(state, told(lat=37.28))
    send(state, told(at_ns=NOW - 700 * SECOND_NS), now=NOW - 700 * SECOND_NS)
    fold(state, ask(state, do.AnswerReport(report_id="R-SU-260528-00004", stage="closed", text="")))
    drafting = Drafting(ev.Cause(actor="rule:x"))
    clue = Clue(uid="A@1", source="alarm", type="flood", at_ns=NOW + SECOND_NS, lat=37.27, lon=127.0)
    made = TRIAGE.raise_incident(state, drafting, clue, place(), same_words("water"), NOW + SECOND_NS)
    fold(state, Decision(tuple(drafting.drafts)))
    assert [one.incident_id for one in state.reports.values()] == [made, "", "", ""]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ab "), st.floats(37.2690, 37.2720), st.integers(0, 3000)), max_size=12
    )
)
def test_whatever_comes_every_report_is_kept_once_and_repeats_only_an_earlier_first_one(sent):
    state = CityState()
    open_flood(state)
    for citizen, lat, after_s in sent:
        send(state, told(citizen=citizen.strip(), lat=lat, at_ns=NOW + after_s * SECOND_NS), NOW)
    reports = list(state.reports.values())
    assert len(reports) == len(sent) == state.report_count
    for number, report in enumerate(reports):
        if report.duplicate_of:
            first = state.reports[report.duplicate_of]
            assert first.duplicate_of == "" and reports.index(first) < number
            assert first.told.citizen == report.told.citizen != ""
    assert sum(one.repeated for one in reports) == sum(1 for one in reports if one.duplicate_of)


def test_the_nearest_of_two_incidents_is_taken():
    state = CityState()
    open_flood(state, 37.2720)
    near = ev.IncidentOpened(
        incident_id="F2", type="flood", priority=1, place=place(37.2702), reason=same_words("r")
    )
    apply(state, ev.Entry(run="r", seq=2, at_ns=NOW, cause=ev.Cause(actor="hub"), event=near))
    made = send(state, told())
    assert state.reports[made[0].report_id].incident_id == "F2"
    assert report_marks(state.reports)[0].position == Position(lat=37.27, lon=127.0)
