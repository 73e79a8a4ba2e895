"""Whatever format a partner's file names, the same story leads to the same standing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.clock import SECOND_NS
from console.handoff import cap, eido
from console.handoff.formats import FormatError, Sending, format_of
from console.handoff.kinds import partner_kinds
from console.handoff.thread import inputs
from console.handoff.thread.standing import standing
from console.model.ladder import CancelRequest, Update
from tests.handoff.test_draft import draft
from tests.handoff.thread.town import T0, drafted, take

CAP_KIND, EIDO_KIND = partner_kinds()["KR-119"], partner_kinds()["EIDO-ROOM"]
BY = Sending(sender="console", zone="Asia/Seoul")


def thread_of(agency):
    thread = drafted(agency, essence=draft().essence)
    return take(thread, inputs.Queued(at_ns=T0, message_id=thread.key))


def cap_says(key, codes, number, at_s, note=""):
    return cap.build(
        cap.CapAlert(
            identifier=f"P-{number}", sender="KR-119", sent=cap.write_time(T0 + at_s * SECOND_NS),
            status="Exercise", msg_type="Ack", scope="Private", addresses="console", note=note,
            code=("handoff:v1", *codes), references=f"console,{key},{cap.write_time(T0)}",
        )
    )  # fmt: skip


def eido_says(key, number, at_s, code=0, status="", verb="requestForService", **fields):
    response = note = None
    if code:
        response = eido.ResponseToRequest(
            transaction_id=key, in_response_to=key, request_type=verb, status_code=code, **fields
        )
    else:
        note = eido.Notification(transaction_id=key, incident_status=status, **fields)
    return eido.build(
        eido.EidoMessage(
            profile=eido.PROFILE, message_id=f"P-{number}", sender="EIDO-ROOM", receiver="console",
            sent=eido.write_time(T0 + at_s * SECOND_NS), status="Exercise", response_to_request=response,
            notification=note,
        )
    )  # fmt: skip


#: What the partner says, in each format: the same story.
STORY = [
    (("handoff:opened",), {"code": 180}, ""),
    (("handoff:rejected",), {"code": 403}, "not-ours: elsewhere"),
    (("handoff:accepted", "handoff:case:C-1"), {"code": 200, "case_number": "C-1"}, ""),
    (("handoff:dispatched", "handoff:unit:P-3"), {"status": "assigned", "unit": "P-3"}, ""),
    (("handoff:onscene",), {"status": "onScene"}, ""),
    (("handoff:cancel-refused",), {"code": 603, "verb": "cancelRequest"}, ""),
    (("handoff:closed",), {"status": "closed"}, ""),
]


@given(st.permutations(range(len(STORY))), st.integers(min_value=1, max_value=len(STORY)))
def test_the_same_story_leads_to_the_same_standing_in_every_format(order, told):
    threads = {"KR-119": thread_of("KR-119"), "EIDO-ROOM": thread_of("EIDO-ROOM")}
    for agency, kind in (("KR-119", CAP_KIND), ("EIDO-ROOM", EIDO_KIND)):
        thread, wire = threads[agency], format_of(kind)
        for number in order[:told]:
            codes, fields, note = STORY[number]
            data = (
                cap_says(thread.key, codes, number, number, note)
                if agency == "KR-119"
                else eido_says(thread.key, number, number, **fields)
            )
            heard = wire.read(data, kind, "console", T0 + 99 * SECOND_NS)
            assert (heard.key, heard.sender, heard.status) == (thread.key, agency, "Exercise")
            thread = take(thread, inputs.PartnerSaid(statement=heard.statement))
        threads[agency] = thread
    one, other = (replace(standing(each), words=None) for each in threads.values())
    assert one == other


@pytest.mark.parametrize("kind", [CAP_KIND, EIDO_KIND], ids=lambda kind: kind.format)
def test_every_format_says_request_cancel_and_update(kind):
    agency, wire = kind.agencies[0], format_of(kind)
    thread = thread_of(agency)
    cancel = CancelRequest(message_id="C", at_ns=T0 + SECOND_NS, person="kim", reason="오인")
    update = Update(message_id="U", at_ns=T0 + SECOND_NS, person="kim", text="두 명")
    said = [wire.request(draft(), thread, kind, BY), wire.cancel(cancel, thread, BY)]
    said.append(wire.update(update, thread, BY))
    for data in said:
        assert thread.key.encode() in data and b"console" in data
    assert wire.request(draft(), thread, kind, BY) == said[0]
    with pytest.raises(FormatError):
        wire.cancel(replace(cancel, reason=" "), thread, BY)


@pytest.mark.parametrize("kind", [CAP_KIND, EIDO_KIND], ids=lambda kind: kind.format)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_with_their_place_and_never_crash(kind, data):
    with pytest.raises(FormatError) as raised:
        format_of(kind).read(data, kind, "console", T0)
    assert raised.value.where and raised.value.problem


def test_a_message_about_nothing_of_ours_is_refused():
    with pytest.raises(FormatError) as raised:
        format_of(CAP_KIND).read(cap_says("k", ("handoff:closed",), 1, 1), CAP_KIND, "another", T0)
    assert raised.value.where == "references"
    data = eido_says("k", 1, 1, status="closed")
    with pytest.raises(FormatError) as raised:
        format_of(EIDO_KIND).read(data, EIDO_KIND, "another", T0)
    assert raised.value.where == "$.receiver"
    with pytest.raises(FormatError, match="key of its thread"):
        format_of(CAP_KIND).request(draft(), replace(thread_of("KR-119"), message_id="x"), CAP_KIND, BY)
