"""The second format: asked and answered as JSON, round and round the same, hostile input by its path."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.handoff import eido
from console.handoff.eido import EidoError, build, parse, read_time, write_time
from console.handoff.eidothread import awareness_of, cancel_of, request_of, statement_of, update_of
from console.handoff.kinds import partner_kinds
from console.handoff.thread import inputs
from console.handoff.thread.standing import standing
from console.model.base import Words
from console.model.ladder import CancelRequest, Update
from tests.handoff.samples import NOW_NS
from tests.handoff.test_draft import draft
from tests.handoff.thread.town import T0, queued, take

KIND = partner_kinds()["EIDO-ROOM"]
THREAD = queued("EIDO-ROOM")


def request() -> eido.EidoMessage:
    return request_of(draft(), THREAD, KIND, "m1", "console", NOW_NS)


def response(code=200, request_type="requestForService", message_id="r1", **fields) -> eido.EidoMessage:
    said = eido.ResponseToRequest(
        transaction_id=THREAD.key, in_response_to="m1", request_type=request_type, status_code=code, **fields
    )
    return eido.EidoMessage(
        profile=eido.PROFILE, message_id=message_id, sender="EIDO-ROOM", receiver="console",
        sent=write_time(T0 + 5), status="Exercise", response_to_request=said,
    )  # fmt: skip


def notified(status, message_id="n1", **fields) -> eido.EidoMessage:
    said = eido.Notification(transaction_id=THREAD.key, incident_status=status, **fields)
    return eido.EidoMessage(
        profile=eido.PROFILE, message_id=message_id, sender="EIDO-ROOM", receiver="console",
        sent=write_time(T0 + 9), status="Exercise", notification=said,
    )  # fmt: skip


def test_a_request_carries_the_whole_draft_and_the_key_of_the_case():
    message = request()
    assert (message.verb, message.key, message.receiver) == (
        "requestForService", "SW-1:EIDO-ROOM:1", "EIDO-ROOM",
    )  # fmt: skip
    tree = json.loads(build(message))["requestForService"]["incident"]
    assert tree["location"]["latitude"] == 37.277512
    assert tree["priority"] == {"scale": "EIDO-PRIORITY", "value": "1"}
    assert tree["caller"][0]["callBack"] == "010-0000-0000"
    assert [one["kind"] for one in tree["attachment"]] == ["still", "clip"]
    assert tree["reading"][0]["values"] == [1, 2, None, 9, 30]
    assert [one["id"] for one in tree["card"]] == ["1", "2", "3", "class", "content", "callers"]
    assert awareness_of(draft(), THREAD, KIND, "m1", "console", NOW_NS).verb == "requestAwareness"


def test_cancel_and_update_go_with_their_own_verbs():
    cancel = cancel_of(
        CancelRequest(message_id="c", at_ns=T0, person="kim", reason="오인"), THREAD, "console"
    )
    assert (cancel.verb, cancel.message_id, cancel.key) == ("cancelRequest", "c", THREAD.key)
    update = update_of(Update(message_id="u", at_ns=T0, person="kim", text="두 명"), THREAD, "console")
    assert (update.verb, update.notification.text) == ("notification", "두 명")
    with pytest.raises(EidoError, match=r"\$\.cancelRequest\.reason"):
        cancel_of(CancelRequest(message_id="c", at_ns=T0, person="kim", reason=" "), THREAD, "console")


@pytest.mark.parametrize(
    ("message", "said", "reason"),
    [
        (response(180), "opened", ""), (response(182), "received", ""), (response(200), "accepted", ""),
        (response(302, redirect_to="KR-119"), "transferred", ""), (response(403), "refused", "not-ours"),
        (response(404), "refused", "bad-location"), (response(603), "refused", "other"),
        (response(200, "cancelRequest"), "cancel_accepted", ""),
        (response(603, "cancelRequest"), "cancel_refused", ""),
        (notified("assigned", unit="P-3"), "assigned", ""), (notified("onScene"), "on_scene", ""),
        (notified("closed", text="done"), "closed", ""), (notified("note", text="where?"), "note", ""),
    ],
)  # fmt: skip
def test_each_answer_means_what_the_partners_file_says(message, said, reason):
    statement = statement_of(parse(build(message)), KIND, T0 + 77)
    assert (statement.said, statement.reason, statement.heard_ns) == (said, reason, T0 + 77)
    assert statement.said_at_ns in (T0 + 5, T0 + 9)


def test_every_code_of_the_standard_has_a_meaning():
    for code in eido.RESPONSE_CODES:
        statement_of(response(code, redirect_to="KR-119"), KIND, T0)
    with pytest.raises(EidoError, match=r"\$\.responseToRequest\.statusCode"):
        statement_of(response(180, "cancelRequest"), KIND, T0)
    with pytest.raises(EidoError, match="says nothing"):
        statement_of(request(), KIND, T0)


def test_answers_move_a_thread_and_a_place_read_back_wrong_is_flagged():
    back = eido.ReadBack(type="market_fire", code="1", latitude=37.4, longitude=127.0169)
    answers = (response(180), response(200, message_id="r2", read_back=back, case_number="E-7"))
    thread = take(
        THREAD,
        *(inputs.PartnerSaid(statement=statement_of(each, KIND, T0 + 9)) for each in answers),
    )
    assert (standing(thread).rung, standing(thread).case_ref) == ("accepted", "E-7")
    assert [one.what for one in thread.flags] == ["read_back"]


TEXT = st.text(max_size=30)
WORDS = st.builds(Words, en=TEXT, ko=TEXT)
TIME = st.integers(min_value=0, max_value=4_000_000_000_000_000_000).map(write_time)
ID = st.from_regex(r"[A-Za-z0-9:_.-]{1,20}", fullmatch=True)
SHORT = TEXT
INCIDENT = st.builds(
    eido.Incident,
    tracking=ID, type=SHORT, type_text=WORDS, category=SHORT, opened=TIME, agency=SHORT, person=SHORT,
    contact=SHORT, note=TEXT, priority=st.builds(eido.Priority, scale=SHORT, value=SHORT),
    location=st.builds(
        eido.Location, latitude=st.floats(-90, 90), longitude=st.floats(-180, 180), name=WORDS,
        address=st.none() | WORDS, district=SHORT,
    ),
    caller=st.lists(
        st.builds(eido.CallerComponent, called_at=TIME, name=SHORT, call_back=SHORT, said=TEXT), max_size=2
    ).map(tuple),
    observation=st.lists(
        st.builds(eido.Observation, at=TIME, text=WORDS, source=st.none() | WORDS), max_size=2
    ).map(tuple),
    attachment=st.lists(
        st.builds(
            eido.Attachment, kind=st.sampled_from(["still", "clip"]), mime_type=SHORT, url=SHORT,
            size=st.integers(0, 2**53 - 1), sha256=st.just("ab" * 32), description=WORDS,
            seconds=st.floats(0, 86_400),
        ),
        max_size=2,
    ).map(tuple),
    reading=st.lists(
        st.builds(
            eido.Reading, name=WORDS, unit=SHORT, begin=TIME, end=TIME,
            limit=st.none() | st.floats(-1e9, 1e9),
            values=st.lists(st.none() | st.floats(-1e9, 1e9), max_size=4).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    card=st.lists(st.builds(eido.CardEntry, id=SHORT, label=WORDS, text=WORDS), max_size=2).map(tuple),
)  # fmt: skip
HEAD = {
    "profile": st.just(eido.PROFILE), "message_id": ID, "sender": st.just("console"),
    "receiver": st.just("KR-119"), "sent": TIME, "status": st.sampled_from(["Actual", "Exercise", "Test"]),
}  # fmt: skip
MESSAGES = st.one_of(
    st.builds(
        eido.EidoMessage, **HEAD,
        request_for_service=st.builds(eido.RequestForService, transaction_id=ID, incident=INCIDENT),
        request_awareness=st.none(), cancel_request=st.none(), response_to_request=st.none(),
        notification=st.none(),
    ),
    st.builds(
        eido.EidoMessage, **HEAD,
        notification=st.builds(
            eido.Notification, transaction_id=ID, text=TEXT, unit=SHORT, case_number=SHORT, person=SHORT,
            incident_status=st.sampled_from(["assigned", "onScene", "closed", "note"]),
        ),
        request_for_service=st.none(), request_awareness=st.none(), cancel_request=st.none(),
        response_to_request=st.none(),
    ),
)  # fmt: skip


@given(MESSAGES)
def test_a_message_is_read_as_it_was_written_and_written_as_it_was_read(message):
    data = build(message)
    assert parse(data) == message
    assert build(parse(data)) == data


@given(st.integers(min_value=0, max_value=4_000_000_000_000_000_000))
def test_times_keep_every_nanosecond(at_ns):
    assert read_time(write_time(at_ns)) == at_ns


@pytest.mark.parametrize(
    "text",
    ["2026-02-30T00:00:00Z", "2026-03-20 09:05:00Z", "2026-03-20T09:05:00", "2026-03-20T25:05:00Z",
     "2026-03-20T09:05:00+15:00", "２０26-03-20T09:05:00Z", "", "now"],
)  # fmt: skip
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"not a|does not|is not"):
        read_time(text)


def changed(path, value):
    """The good request with the member at `path` set; None takes it out."""
    tree = json.loads(build(request()))
    at = tree
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return json.dumps(tree).encode()


INSIDE = ("requestForService", "incident")


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("profile",), "bongsu-eido:2", "$.profile"),
        (("status",), "Drill", "$.status"),
        (("sender",), "a b", "$.sender"),
        (("receiver",), "console", "$.receiver"),
        (("sent",), "yesterday", "$.sent"),
        (("messageId",), "", "$.messageId"),
        (("messageId",), 7, "$.messageId"),
        (("requestForService",), None, "$"),
        (("cancelRequest",), {"transactionId": "k", "person": "p", "reason": "r"}, "$"),
        (("surprise",), 1, "$"),
        (("requestForService", "transactionId"), "a,b", "$.requestForService.transactionId"),
        ((*INSIDE, "location", "latitude"), 91, "$.requestForService.incident.location.latitude"),
        ((*INSIDE, "location", "latitude"), "37", "$.requestForService.incident.location.latitude"),
        ((*INSIDE, "location", "latitude"), True, "$.requestForService.incident.location.latitude"),
        ((*INSIDE, "location"), [], "$.requestForService.incident.location"),
        ((*INSIDE, "location", "name"), {"en": "x"}, "$.requestForService.incident.location.name"),
        ((*INSIDE, "caller", 0, "calledAt"), "noon", "$.requestForService.incident.caller[0].calledAt"),
        ((*INSIDE, "attachment", 0, "sha256"), "xyz", "$.requestForService.incident.attachment[0].sha256"),
        ((*INSIDE, "attachment", 0, "size"), -1, "$.requestForService.incident.attachment[0].size"),
        ((*INSIDE, "reading", 0, "values"), ["1"], "$.requestForService.incident.reading[0].values[0]"),
        ((*INSIDE, "note"), "x" * 20_001, "$.requestForService.incident.note"),
        ((*INSIDE, "type"), {"$ref": "x"}, "$.requestForService.incident.type"),
    ],
)
def test_a_message_that_is_not_as_it_must_be_is_refused_with_its_path(path, value, named):
    with pytest.raises(EidoError) as raised:
        parse(changed(path, value))
    assert raised.value.path == named


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"[" * 90_000, "$" + "[0]" * 12),
        (b'{"messageId":"a","messageId":"b"}', "$.messageId"),
        (b'{"requestForService":{"incident":{"location":{"latitude":NaN}}}}',
         "$.requestForService.incident.location.latitude"),
        (b'{"requestForService":{"incident":{"location":{"latitude":1e400}}}}',
         "$.requestForService.incident.location.latitude"),
        (b" " * 262_145, "$"), (b"", "$"), (b"null", "$"), (b"<alert/>", "$"),
    ],
)  # fmt: skip
def test_hostile_bytes_are_refused_with_their_path(data, named):
    with pytest.raises(EidoError) as raised:
        parse(data)
    assert raised.value.path == named


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_and_never_crash(data):
    with pytest.raises(EidoError):
        parse(data)


def test_an_answer_with_an_unknown_code_or_without_a_goal_is_refused():
    for message, named in (
        (response(299), "$.responseToRequest.statusCode"), (response(302), "$.responseToRequest.redirectTo")
    ):  # fmt: skip
        with pytest.raises(EidoError) as raised:
            build(message)
        assert raised.value.path == named
