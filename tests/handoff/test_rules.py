"""The rules besides the schema: what CAP says in prose, and what our profile adds."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.handoff import rules
from console.handoff.cap import CapArea, CapPair
from tests.handoff.samples import answer, request

GOOD = [
    request(),
    *(answer(one) for one in ("received", "accepted", "rejected", "dispatched", "on_scene", "closed")),
]


def with_info(**changes):
    return request(info=(msgspec.structs.replace(request().info[0], **changes),))


@pytest.mark.parametrize("alert", GOOD, ids=lambda one: one.identifier)
def test_good_messages_break_no_rule(alert):
    assert rules.check_handoff(alert) == []


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        (answer(references=""), "references: missing; Ack"),
        (answer("closed", references=""), "references: missing; Update"),
        (answer(msg_type="Cancel", references=""), "references: missing; Cancel"),
        (answer(msg_type="Error", references="", note="x"), "references: missing; Error"),
        (answer(msg_type="Error"), "note: missing"),
        (answer(msg_type="Error", note="  "), "note: missing"),
        (request(addresses=""), "addresses: missing"),
        (request(scope="Restricted", addresses=""), "restriction: missing"),
        (
            answer(references="console,SW-000001"),
            "references: 'console,SW-000001' is not sender,identifier,sent",
        ),
        (answer(references="a,b,2026-03-20T18:46:40Z"), "is not a time"),
        (request(identifier=""), "identifier: is empty"),
        (request(identifier="a b"), "identifier: 'a b' holds a space"),
        (request(identifier="a,b"), "identifier: 'a,b' holds"),
        (request(identifier="a\u3000b"), "identifier:"),
        (request(sender="a<b"), "sender: 'a<b' holds"),
        (request(sender="a&b"), "sender: 'a&b' holds"),
        (request(sender="x" * 300), "sender: is longer than 256"),
        (with_info(area=(CapArea(area_desc="x", polygon=("1,1 2,2 3,3",)),)), "polygon:"),
        (with_info(area=(CapArea(area_desc="x", polygon=("1,1 2,2 3,3 4,4",)),)), "polygon: is not closed"),
    ],
)
def test_what_cap_says_in_prose_is_a_rule(alert, said):
    assert any(one.startswith(said) or said in one for one in rules.check(alert)), rules.check(alert)


@pytest.mark.parametrize(
    ("alert", "said"),
    [
        (request(code=()), "code: handoff:v1 is missing"),
        (request(scope="Public", addresses=""), "scope: Public; a hand-off is Private"),
        (request(addresses="KR-112 KR-119"), "addresses: a hand-off has exactly one receiver"),
        (request(code=("handoff:v1", "handoff:accepted")), "does not belong on an Alert"),
        (request(incidents=""), "incidents: a hand-off belongs to exactly one"),
        (request(incidents="a b"), "incidents: a hand-off belongs to exactly one"),
        (request(info=()), "info: missing"),
        (with_info(language="fr-FR"), "language: 'fr-FR'"),
        (with_info(event=" "), "event: is empty"),
        (with_info(area=()), "area: a hand-off has exactly one place"),
        (with_info(area=(CapArea(area_desc="x"),)), "area: a hand-off has exactly one place"),
        (with_info(event_code=(CapPair(value_name="KR-112-CODE", value="5"),)), "eventCode: KR-112-CODE"),
        (with_info(event_code=(CapPair(value_name="KR-112-CODE", value="1"),) * 2), "eventCode: KR-112-CODE"),
        (answer(code=("handoff:v1",)), "code: Ack carries exactly one of"),
        (
            answer(code=("handoff:v1", "handoff:accepted", "handoff:rejected")),
            "code: Ack carries exactly one of",
        ),
        (answer(code=("handoff:v1", "handoff:closed")), "code: Ack carries exactly one of"),
        (answer("closed", code=("handoff:v1", "handoff:accepted")), "code: Update carries exactly one of"),
        (answer(code=("handoff:v1", "handoff:perhaps")), "code: Ack carries exactly one of"),
        (
            answer(code=("handoff:v1", "handoff:accepted", "handoff:case:1", "handoff:case:2")),
            "more than one case",
        ),
        (answer("rejected", note=""), "note: a refusal starts with its reason"),
        (answer("rejected", note="because"), "note: a refusal starts with its reason"),
        (answer(msg_type="Cancel"), "msgType: Cancel is not part of handoff:v1"),
    ],
)
def test_what_the_profile_says_is_a_rule(alert, said):
    assert any(said in one for one in rules.check_handoff(alert)), rules.check_handoff(alert)


@pytest.mark.parametrize(
    "circle",
    ["37.27,127.01 0.1", "-90,180 0", "37,127 20000", "+37.277512,127.016933 0.05"],
)
def test_a_good_circle(circle):
    assert rules.circle_problem(circle) == ""


@pytest.mark.parametrize(
    "circle",
    [
        "", "37.27,127.01", "37.27 127.01 0.1", "37.27,127.01  0.1", "91,0 1", "0,181 1", "37.27,127.01 -1",
        "nan,0 1",
        "0,0 inf", "0,0 1e3", "0,0 99999", "３７,127 1", "37,127 1\n", "0x10,1 1", "1_0,1 1",
    ],
)  # fmt: skip
def test_a_circle_that_is_none_is_said_to_be_none(circle):
    assert rules.circle_problem(circle)


@given(st.text(max_size=40))
def test_any_text_can_be_asked_whether_it_is_a_circle_or_polygon(text):
    assert isinstance(rules.circle_problem(text), str)
    assert isinstance(rules.polygon_problem(text), str)


@pytest.mark.parametrize(
    ("note", "reason", "words"),
    [
        ("not-ours", "not-ours", ""),
        ("not-ours: 관할 아님", "not-ours", "관할 아님"),
        ("too-old : late: very", "too-old", "late: very"),
        ("we are busy", "", "we are busy"),
        ("", "", ""),
    ],
)
def test_a_refusal_note_is_a_reason_and_words(note, reason, words):
    assert rules.split_reason(note) == (reason, words)


def test_the_step_and_the_case_number_are_read_from_the_codes():
    alert = answer("on_scene", code=("handoff:v1", "handoff:onscene", "handoff:case:KR-112-000007"))
    assert rules.status_of(alert) == "on_scene"
    assert rules.case_of(alert) == "KR-112-000007"
    assert rules.status_of(request()) == ""
    assert rules.case_of(request()) == ""
