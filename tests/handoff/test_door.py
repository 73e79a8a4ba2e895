"""The console's own door, over real TLS: who may knock, what is taken, and when the receipt is given."""

from __future__ import annotations

import hashlib
import http.client
import socket
import ssl
import threading
from urllib.parse import urlsplit

import msgspec
import pytest

from console.clock import SystemClock
from console.handoff import rules, tls
from console.handoff.cap import build, parse, reference_to
from console.handoff.courier import Courier
from console.handoff.partners import write_partners
from console.handoff.profile import handoff_profile
from console.model.fact import PartnerMessageBad, PartnerReport
from tests.guards.waiting import until
from tests.handoff.conftest import AGENCIES
from tests.handoff.samples import Hub, answer, request

KEY = "SW-000001:KR-112:1"
TIMES = msgspec.structs.replace(handoff_profile().times, heartbeat_s=60.0, commit_s=0.5)


class Knock:
    """A partner's end of the door: speaks with the certificate of `party`."""

    def __init__(self, url: str, keys, party="KR-112") -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.context = tls.client_context(keys, party)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.context, timeout=10)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def post(self, alert_or_bytes, **headers: str) -> tuple[int, bytes]:
        body = alert_or_bytes if isinstance(alert_or_bytes, bytes) else build(alert_or_bytes)
        return self.ask("POST", "/handoff", body, **headers)


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def door(tmp_path, keys, hub):
    """A courier's door that knows one case of KR-112; answers its URL."""
    write_partners(tmp_path / "partners.toml", dict.fromkeys(AGENCIES, "https://127.0.0.1:1/handoff"))
    courier = Courier(tmp_path / "partners.toml", keys, hub.report, times=TIMES, known=[("KR-112", KEY)])
    yield courier.start()
    courier.stop()


@pytest.fixture
def knock(door, keys):
    return Knock(door, keys)


@pytest.mark.parametrize(
    ("status", "said"),
    [("received", "received"), ("accepted", "accepted"), ("rejected", "refused"), ("dispatched", "assigned"),
     ("on_scene", "on_scene"), ("closed", "closed"), ("opened", "opened"), ("note", "note"),
     ("cancel-accepted", "cancel_accepted"), ("cancel-refused", "cancel_refused")],
)  # fmt: skip
def test_what_a_partner_says_becomes_a_report_and_is_receipted(knock, hub, status, said):
    code, body = knock.post(answer(status))
    assert code == 200
    receipt = parse(body)
    assert rules.check_handoff(receipt) == []
    assert (receipt.msg_type, rules.status_of(receipt)) == ("Ack", "received")
    assert receipt.references == str(reference_to(answer(status)))
    assert (receipt.sender, receipt.addresses) == ("console", "KR-112")
    report = hub.of(PartnerReport)[0]
    assert (report.agency, report.key, report.statement.said) == ("KR-112", KEY, said)
    assert report.statement.message_id == f"KR-112-000001-{status}"


@pytest.mark.parametrize(
    ("note", "reason", "words"),
    [("not-ours: 관할 아님", "not-ours", "관할 아님"), ("busy", "other", "busy")],
)
def test_a_refusal_carries_its_reason_and_the_partners_own_words(knock, hub, note, reason, words):
    assert knock.post(answer("rejected", note=note))[0] == 200
    statement = hub.of(PartnerReport)[0].statement
    assert (statement.reason, statement.words.ko) == (reason, words)


def test_a_partners_note_is_kept_in_its_own_words_as_far_as_the_record_keeps_them(knock, hub):
    knock.post(answer("dispatched", note="순찰 21"))
    knock.post(answer("closed", note="끝" * 3000))
    first, second = hub.of(PartnerReport)
    assert first.statement.words.en == "순찰 21"
    assert (len(second.statement.words.ko), second.statement.words.ko[-1]) == (2000, "…")


@pytest.mark.needs_shared_data
def test_receipts_and_errors_are_valid_against_the_public_schema(knock, valid):
    for sent in (answer(), b"garbage", answer(references="")):
        _, body = knock.post(sent)
        assert valid(body) == ""


def test_a_second_delivery_gets_the_same_receipt_and_no_second_report(knock, hub):
    first, second = knock.post(answer()), knock.post(answer())
    assert first == second
    assert first[0] == 200
    assert len(hub.of(PartnerReport)) == 1


def test_no_receipt_before_the_fact_is_on_disk(knock, hub):
    hub.keep = None
    answers: list[tuple[int, bytes]] = []
    thread = threading.Thread(target=lambda: answers.append(knock.post(answer())))
    thread.start()
    until(lambda: hub.of(PartnerReport), hub.told)
    assert not answers
    next(done for report, done in hub.open if isinstance(report, PartnerReport))(True)
    thread.join()
    assert answers[0][0] == 200


def test_a_disk_that_fails_is_a_503_and_the_message_may_come_again(knock, hub):
    hub.keep = False
    assert knock.post(answer())[0] == 503
    hub.keep = True
    assert knock.post(answer())[0] == 200
    assert len(hub.of(PartnerReport)) == 2


def test_a_disk_that_takes_too_long_is_a_503_and_the_next_delivery_finds_the_fact_kept(knock, hub):
    hub.keep = None
    assert knock.post(answer())[0] == 503
    assert len(hub.of(PartnerReport)) == 1
    next(done for report, done in hub.open if isinstance(report, PartnerReport))(True)
    assert knock.post(answer())[0] == 200
    assert len(hub.of(PartnerReport)) == 1


def test_another_message_under_a_used_name_is_refused(knock, hub):
    knock.post(answer())
    code, body = knock.post(answer(note="changed"))
    assert code == 409
    assert parse(body).msg_type == "Error"
    assert "already used" in parse(body).note
    assert len(hub.of(PartnerReport)) == 1
    assert hub.of(PartnerMessageBad)


def bad(knock, hub, sent, **headers) -> tuple[int, str]:
    code, body = knock.post(sent, **headers)
    assert not hub.of(PartnerReport)
    problem = until(lambda: hub.of(PartnerMessageBad), hub.told)[-1].problem
    error = parse(body)
    assert error.msg_type == "Error"
    assert rules.check_handoff(error) == []
    assert error.note == problem
    return code, problem


@pytest.mark.parametrize(
    ("alert", "code", "said"),
    [
        (answer(sender="KR-119"), 403, "sender: 'KR-119' is not KR-112"),
        (answer(addresses="another"), 400, "addresses: 'another'"),
        (answer(references=""), 400, "references: missing"),
        (
            answer(references="console,SW-9:KR-112:1,2026-03-20T18:46:40+09:00"),
            404,
            "no case of ours with KR-112",
        ),
        (answer(references=f"other,{KEY},2026-03-20T18:46:40+09:00"), 404, "no case of ours"),
        (answer(code=("handoff:v1",)), 400, "exactly one that kr_112 gives a meaning"),
        (answer(code=("handoff:v1", "handoff:transferred")), 400, "handoff:to: is missing"),
        (answer(code=("handoff:accepted",)), 400, "handoff:v1 is missing"),
        (request(sender="KR-112", addresses="console"), 400, "Alert says nothing about a case"),
    ],
)
def test_a_message_that_breaks_a_rule_is_answered_told_and_changes_nothing(knock, hub, alert, code, said):
    got, problem = bad(knock, hub, alert)
    assert said in problem
    assert got == code


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "is empty"),
        (b"hello", "not well-formed"),
        (b"<alert/>", "not a CAP 1.2 alert"),
        (b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>", "DOCTYPE"),
        (build(answer())[:-30], "not well-formed"),
        (build(answer()).replace(b"+09:00", b"Z"), "sent"),
    ],
)
def test_bytes_that_are_no_message_are_answered_told_and_change_nothing(knock, hub, body, said):
    code, problem = bad(knock, hub, body)
    assert said in problem
    assert code == 400


def test_what_cannot_be_read_is_referenced_by_the_digest_of_its_bytes(knock):
    _, body = knock.post(b"garbage")
    assert hashlib.sha256(b"garbage").hexdigest() in parse(body).references


def test_a_message_of_another_agencys_case_is_refused(door, keys, hub):
    """KR-119 has a good certificate and its own name, but was never given this case."""
    code, problem = bad(Knock(door, keys, "KR-119"), hub, answer(sender="KR-119"))
    assert code == 404
    assert "KR-119" in problem


def test_one_agency_cannot_speak_as_another(door, keys, hub):
    code, problem = bad(Knock(door, keys, "KR-119"), hub, answer())
    assert code == 403
    assert "whom the certificate names" in problem


def test_a_certificate_that_is_no_partners_is_turned_away(door, keys, hub):
    """The console's own certificate is of the same authority, and still no partner's."""
    code, _ = Knock(door, keys, "console").post(answer())
    assert code == 403
    assert not hub.of(PartnerReport)
    assert until(lambda: hub.of(PartnerMessageBad), hub.told)[0].agency == "console.handoff.internal"


def test_a_certificate_of_another_authority_does_not_get_in(door, keys, hub, tmp_path):
    tls.ensure_authority(tmp_path / "other", ["KR-112"])
    stranger = Knock(door, tmp_path / "other")
    stranger.context.load_verify_locations(keys / "authority.crt")  # it trusts us; we do not trust it
    with pytest.raises(OSError, match=r"(?i)unknown ca|reset|broken pipe|EOF|closed"):
        stranger.post(answer())
    assert not hub.reports_of_messages()


def test_no_certificate_at_all_does_not_get_in(door, keys, hub):
    nobody = Knock(door, keys)
    nobody.context = ssl.create_default_context(cafile=keys / "authority.crt")
    with pytest.raises(OSError, match=r"(?i)certificate required|reset|broken pipe|EOF|closed"):
        nobody.post(answer())
    assert not hub.reports_of_messages()


def test_old_tls_does_not_get_in(door, keys):
    old = Knock(door, keys)
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.context.maximum_version = ssl.TLSVersion.TLSv1_1
    old.context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.raises(OSError, match=r"(?i)protocol|reset|EOF|alert|closed"):
        old.post(answer())


def test_garbage_and_plain_http_disturb_nothing(door, knock):
    parts = urlsplit(door)
    for rubbish in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01" + b"\xff" * 500, b"\0" * 5000, b""):
        with socket.create_connection((parts.hostname, parts.port)) as raw:
            raw.sendall(rubbish)
    assert knock.post(answer())[0] == 200


def test_a_message_larger_than_the_limit_is_refused_by_its_size(knock, hub):
    code, problem = bad(knock, hub, build(answer()) + b" " * 1_048_576)
    assert (code, "larger than 1048576" in problem) == (413, True)


def test_a_compressed_message_is_refused_unopened(knock, hub):
    code, problem = bad(knock, hub, b"\x1f\x8b" + b"\0" * 100, **{"Content-Encoding": "gzip"})
    assert (code, "uncompressed" in problem) == (415, True)


class NoTimePasses(SystemClock):
    def mono_ns(self) -> int:
        return 0


def test_a_partner_that_floods_is_slowed_down_and_the_other_is_not(tmp_path, keys, hub):
    write_partners(tmp_path / "partners.toml", dict.fromkeys(AGENCIES, "https://127.0.0.1:1/handoff"))
    courier = Courier(
        tmp_path / "partners.toml", keys, hub.report, NoTimePasses(), times=TIMES, known=[("KR-112", KEY)]
    )
    url = courier.start()
    try:
        knock, burst = Knock(url, keys), handoff_profile().door.burst
        codes = [knock.post(answer(identifier=f"m{number}"))[0] for number in range(burst + 5)]
        assert codes == [200] * burst + [429] * 5
        assert Knock(url, keys, "KR-119").post(answer(sender="KR-119"))[0] == 404
        assert courier.counts()["door_too_fast"] == 5
    finally:
        courier.stop()


def test_the_door_says_that_it_is_alive_to_partners_only(door, keys, knock):
    assert knock.ask("GET", "/alive") == (200, b"alive\n")
    assert knock.ask("HEAD", "/alive")[0] == 200
    assert Knock(door, keys, "console").ask("GET", "/alive")[0] == 403


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/handoff"), ("POST", "/alive"), ("GET", "/"), ("POST", "/../x")]
)
def test_there_is_nothing_else_to_ask_for(knock, method, path):
    assert knock.ask(method, path, b"x" if method == "POST" else None)[0] in (404, 405)


def test_a_partners_error_is_told_and_receipted(knock, hub):
    alert = answer(msg_type="Error", code=("handoff:v1",), note="cannot read your message")
    assert knock.post(alert)[0] == 200
    assert "cannot read your message" in until(lambda: hub.of(PartnerMessageBad), hub.told)[0].problem


def test_a_case_that_is_remembered_later_is_known(tmp_path, keys, hub):
    write_partners(tmp_path / "partners.toml", {"KR-112": "https://127.0.0.1:1/handoff"})
    courier = Courier(tmp_path / "partners.toml", keys, hub.report, times=TIMES)
    knock = Knock(courier.start(), keys)
    try:
        assert knock.post(answer())[0] == 404
        courier.remember("KR-112", KEY)
        assert knock.post(answer())[0] == 200
    finally:
        courier.stop()
