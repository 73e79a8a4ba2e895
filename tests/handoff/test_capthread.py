"""Threads over CAP: the request holds the draft, answers mean what the partner's file says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from console.clock import SECOND_NS
from console.handoff import rules
from console.handoff.cap import CapArea, CapInfo, CapPair, build, parse, write_time
from console.handoff.capthread import StatementError, cancel_of, key_of, request_of, statement_of, update_of
from console.handoff.draft import PacketError
from console.handoff.kinds import partner_kinds
from console.handoff.signing import seal, unseal
from console.handoff.thread import inputs
from console.handoff.thread.standing import standing
from console.model.ladder import CancelRequest, Update
from tests.handoff.samples import NOW_NS, answer
from tests.handoff.test_draft import CITIES, STEPS, draft
from tests.handoff.test_signing import LIMITS, signer, verifier
from tests.handoff.thread.town import T0, drafted, take

KIND = partner_kinds()["KR-119"]
THREAD = take(
    drafted("KR-119", essence=draft().essence), inputs.Queued(at_ns=T0, message_id="SW-1:KR-119:1")
)


def request() -> bytes:
    return request_of(draft(steps=STEPS), THREAD, KIND, "console", NOW_NS)


def said(code, **changes):
    return statement_of(
        parse(build(answer(code=("handoff:v1", *code.split()), **changes))), KIND, NOW_NS + 99
    )


def test_a_request_is_of_the_profile_and_carries_the_card_and_the_key(valid):
    data = request()
    assert valid(data) == ""
    alert = parse(data)
    assert rules.check_handoff(alert) == []
    assert (alert.identifier, alert.addresses, alert.incidents) == ("SW-1:KR-119:1", "KR-119", "SW-1")
    korean = {one.value_name: one.value for one in alert.info[0].parameter}
    assert korean["field:2"] == "진압대·구조대·구급대"
    assert "031-000-0000" in korean["field:3"]
    assert korean["caller"] == "Park 010-0000-0000"
    assert korean["trend:연기 농도:%"] == "1 2 - 9 30"
    assert korean["step:done"].endswith("안에 사람이 있습니까? → 예")
    assert korean["step:open"].endswith("도로 통제")
    assert [one.uri for one in alert.info[0].resource] == ["https://c/s.jpg", "https://c/s.jpg"]
    assert request() == data


@pytest.mark.parametrize("city", CITIES)
def test_every_type_of_incident_can_be_said_to_every_partner(city):
    for agency in CITIES[city].agencies:
        for type_id in CITIES[city].incident_types:
            made = draft(city, type_id, agency)
            thread = drafted(agency, essence=made.essence)
            data = request_of(made, thread, partner_kinds()[agency], "console", NOW_NS)
            assert rules.check_handoff(parse(data)) == []


def test_a_cancel_and_an_update_name_what_they_are_about(valid):
    update = Update(message_id="U1", at_ns=T0 + SECOND_NS, person="kim", text="두 명 더 있음")
    data = update_of(update, THREAD, "console", "Asia/Seoul")
    assert valid(data) == ""
    alert = parse(data)
    assert (alert.msg_type, alert.note, key_of(alert, "console")) == ("Update", "두 명 더 있음", THREAD.key)
    thread = take(THREAD, inputs.UpdateQueued(update=update))
    cancel = CancelRequest(message_id="C1", at_ns=T0 + 2 * SECOND_NS, person="kim", reason="오인 신고")
    data = cancel_of(cancel, thread, "console", "Asia/Seoul")
    assert valid(data) == ""
    alert = parse(data)
    assert (alert.msg_type, len(alert.references.split())) == ("Cancel", 2)
    assert alert.references.split()[0] == f"console,{THREAD.key},{write_time(T0, 'Asia/Seoul')}"
    with pytest.raises(PacketError, match="note"):
        cancel_of(replace(cancel, reason=" "), thread, "console", "Asia/Seoul")


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("handoff:received", "received"), ("handoff:opened", "opened"), ("handoff:accepted", "accepted"),
        ("handoff:dispatched", "assigned"), ("handoff:onscene", "on_scene"), ("handoff:closed", "closed"),
        ("handoff:cancel-accepted", "cancel_accepted"), ("handoff:cancel-refused", "cancel_refused"),
        ("handoff:note", "note"), ("handoff:transferred handoff:to:KR-112", "transferred"),
    ],
)  # fmt: skip
def test_each_code_means_what_the_partners_file_says(code, meaning):
    assert said(code).said == meaning


def test_a_refusal_brings_its_reason_a_unit_its_name_and_a_case_its_number():
    refusal = said("handoff:rejected", note="not-ours: elsewhere")
    assert (refusal.reason, refusal.words.en) == ("not-ours", "elsewhere")
    unit = said("handoff:dispatched handoff:unit:P-12 handoff:case:KR-112-000004")
    assert (unit.unit, unit.case_ref) == ("P-12", "KR-112-000004")
    assert said("handoff:transferred handoff:to:KR-112").to_agency == "KR-112"


@pytest.mark.parametrize(
    ("code", "changes", "named"),
    [
        ("handoff:maybe", {}, "code"), ("handoff:accepted handoff:closed", {}, "code"),
        ("handoff:transferred", {}, "handoff:to"), ("handoff:accepted", {"msg_type": "Alert"}, "msgType"),
        ("handoff:accepted", {"references": ""}, "references"),
    ],
)  # fmt: skip
def test_a_message_that_says_nothing_of_use_is_refused_by_its_element(code, changes, named):
    with pytest.raises(StatementError, match=named):
        said(code, **changes)


def test_what_an_answer_reads_back_is_held_against_the_request():
    sent = parse(request()).info[0]
    thread = replace(THREAD, essence=draft().essence)

    def flags(circle, code="1"):
        info = CapInfo(
            language="ko-KR", category=("Fire",), event="연기·화재", urgency="Immediate", severity="Extreme",
            certainty="Observed", area=(CapArea(area_desc="x", circle=(circle,)),),
            event_code=(
                CapPair(value_name="BONGSU-TYPE", value="market_fire"),
                CapPair(value_name="KR-112-CODE", value=code),
            ),
        )  # fmt: skip
        statement = said("handoff:accepted", info=(info,))
        return [one.what for one in take(thread, inputs.PartnerSaid(statement=statement)).flags]

    assert flags(sent.area[0].circle[0]) == []
    assert flags("37.5,127.0 0.1") == ["read_back"]
    assert flags(sent.area[0].circle[0], code="3") == ["read_back"]


def test_statements_of_one_second_come_in_the_order_of_the_ladder():
    codes = ("handoff:onscene", "handoff:accepted", "handoff:dispatched")
    each = [inputs.PartnerSaid(statement=said(code, identifier=code[8:])) for code in codes]
    assert standing(take(THREAD, *each)).rung == "on_scene"


def test_a_request_is_signed_as_its_bytes_are():
    body = request()
    sealed = seal(body, "application/cap+xml", signer().sign(body, "bytes", "KR-119", NOW_NS))
    opened, _, envelope = unseal(sealed, LIMITS)
    verifier(receiver="KR-119").check(envelope, opened, "console", NOW_NS)
    assert parse(opened).identifier == THREAD.key
