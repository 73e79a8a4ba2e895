"""Our ends of the line where messages are signed, and in the second format: who is taken, who is refused."""

from __future__ import annotations

import msgspec
import pytest

from console.clock import SECOND_NS, SystemClock
from console.handoff import eido
from console.handoff.cap import build, parse
from console.handoff.courier import Courier, CourierError
from console.handoff.draft import draft_of
from console.handoff.eidothread import request_of
from console.handoff.kinds import partner_kinds
from console.handoff.partners import partner_link, write_partners
from console.handoff.receipts import NotOurs, letter_of
from console.handoff.signing import HEADER, Signer
from console.handoff.signingkeys import ensure_signers, ensure_signing_key, read_signers
from console.handoff.thread.figures import ladder
from console.model.fact import PartnerMessageBad, PartnerReport
from console.model.handoff import OutboxRow
from console.model.ladder import PartnerThread
from tests.handoff.conftest import AGENCIES
from tests.handoff.samples import NOW_NS, SUWON, Hub, answer, incident, row
from tests.handoff.test_door import KEY, TIMES, Knock

KIND = msgspec.structs.replace(partner_kinds()["EIDO-ROOM"], agencies=("KR-112",))
LINK = partner_link("KR-112", "https://127.0.0.1:1/handoff")


@pytest.fixture
def hub():
    return Hub()


@pytest.fixture
def signed(tmp_path, keys, hub):
    """A door that demands signatures of everybody in signers.toml; (its knock, the partner's signer)."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    for path in keys.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
        (folder / path.name).chmod(0o600)
    ensure_signers(folder, ("console", "KR-112"), SystemClock())
    write_partners(tmp_path / "partners.toml", dict.fromkeys(AGENCIES, "https://127.0.0.1:1/handoff"))
    courier = Courier(tmp_path / "partners.toml", folder, hub.report, times=TIMES, known=[("KR-112", KEY)],
                      seen=tmp_path / "run" / "seen" / "console")  # fmt: skip
    url = courier.start()
    figures = ladder()
    signer = Signer("KR-112", ensure_signing_key(folder, "KR-112"), figures.signature, figures.json)
    yield Knock(url, folder), signer
    courier.stop()


def header(signer: Signer, body: bytes, receiver: str = "console", late_s: float = 0.0) -> dict[str, str]:
    at_ns = SystemClock().now_ns() - int(late_s * SECOND_NS)
    return {HEADER: str(signer.sign(body, "bytes", receiver, at_ns))}


def test_a_signed_message_is_taken_and_its_copy_is_not(signed, hub):
    knock, signer = signed
    body = build(answer())
    proof = header(signer, body)
    assert knock.post(body, **proof)[0] == 200
    code, error = knock.post(body, **proof)
    assert (code, "replayed" in parse(error).note) == (401, True)
    assert knock.post(body, **header(signer, body))[0] == 200, "the same message signed anew is a retry"
    assert len(hub.of(PartnerReport)) == 1


@pytest.mark.parametrize(
    ("receiver", "late_s", "other", "said"),
    [("KR-119", 0, False, "wrong_receiver"), ("console", 1000, False, "stale"),
     ("console", -1000, False, "ahead"), ("console", 0, True, "wrong_message")],
)  # fmt: skip
def test_what_is_signed_for_somebody_or_something_else_is_refused(signed, hub, receiver, late_s, other, said):
    knock, signer = signed
    body = build(answer())
    proof = header(signer, build(answer(note="x")) if other else body, receiver, late_s)
    code, error = knock.post(body, **proof)
    assert (code, said in parse(error).note) == (401, True)
    assert not hub.of(PartnerReport)
    assert hub.of(PartnerMessageBad)


def test_who_must_sign_and_does_not_is_refused(signed, hub):
    knock, _ = signed
    assert knock.post(build(answer()))[0] == 401
    assert "is missing" in hub.of(PartnerMessageBad)[0].problem


def test_keys_are_made_once_and_a_sites_own_file_is_left_alone(tmp_path):
    ensure_signers(tmp_path, ("console", "KR-112"), SystemClock())
    before = (tmp_path / "signers.toml").read_bytes()
    assert {one.party for one in read_signers(tmp_path / "signers.toml").values()} == {"console", "KR-112"}
    ensure_signers(tmp_path, ("console", "KR-112", "KR-119"), SystemClock())
    assert (tmp_path / "signers.toml").read_bytes() == before
    assert not (tmp_path / "KR-119.signing.pem").exists()


def test_a_broken_file_of_signers_stops_the_courier_with_its_reason(tmp_path, keys, hub):
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    for path in keys.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
        (folder / path.name).chmod(0o600)
    (folder / "signers.toml").write_text("[signers.x]\nparty = 1\n")
    seen = tmp_path / "seen" / "console"
    courier = Courier(tmp_path / "p.toml", folder, hub.report, times=TIMES, seen=seen)
    with pytest.raises(CourierError, match=r"signers\.toml"):
        courier.start()


def said(**changes: object) -> bytes:
    """A partner's answer in the second format."""
    response = eido.ResponseToRequest(
        transaction_id=KEY, in_response_to=KEY, request_type="requestForService", status_code=200,
        case_number="7",
    )  # fmt: skip
    message = eido.EidoMessage(
        profile=eido.PROFILE, message_id="m-1", sender="KR-112", receiver="console",
        sent=eido.write_time(NOW_NS), status="Exercise",
        response_to_request=msgspec.structs.replace(response, **changes),
    )  # fmt: skip
    return eido.build(message)


@pytest.fixture
def json_door(tmp_path, keys, hub):
    write_partners(tmp_path / "partners.toml", dict.fromkeys(AGENCIES, "https://127.0.0.1:1/handoff"))
    courier = Courier(tmp_path / "partners.toml", keys, hub.report, times=TIMES, known=[("KR-112", KEY)],
                      kinds={"KR-112": KIND})  # fmt: skip
    yield Knock(courier.start(), keys)
    courier.stop()


def test_the_second_format_is_read_and_receipted_in_itself(json_door, hub):
    code, body = json_door.post(said())
    assert code == 200
    receipt = eido.parse(body).response_to_request
    assert receipt is not None
    assert (receipt.in_response_to, receipt.status_code, receipt.transaction_id) == ("m-1", 182, KEY)
    statement = hub.of(PartnerReport)[0].statement
    assert (statement.said, statement.case_ref) == ("accepted", "7")
    assert json_door.post(said())[0] == 200
    assert len(hub.of(PartnerReport)) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"{", 400), (b"<alert/>", 400), (said(transaction_id="SW-9:KR-112:1"), 404)],
)
def test_what_cannot_be_used_is_refused_in_the_second_format_too(json_door, hub, body, code):
    got, error = json_door.post(body)
    answer_ = eido.parse(error).response_to_request
    assert answer_ is not None
    assert (got, answer_.status_code, bool(answer_.status_text)) == (code, 400, True)
    assert not hub.of(PartnerReport)
    assert hub.of(PartnerMessageBad)


def test_an_agency_nobody_agreed_anything_with_is_refused(tmp_path, keys, hub):
    write_partners(tmp_path / "partners.toml", dict.fromkeys(AGENCIES, "https://127.0.0.1:1/handoff"))
    courier = Courier(tmp_path / "partners.toml", keys, hub.report, times=TIMES, kinds={})
    try:
        assert Knock(courier.start(), keys).post(build(answer()))[0] == 403
    finally:
        courier.stop()


def json_row() -> OutboxRow:
    draft = draft_of(incident(), "KR-112", SUWON, KIND, "kim", "1", NOW_NS)
    thread = PartnerThread(
        id=KEY, key=KEY, incident_id="SW-000001", agency="KR-112", revision=1, person="kim",
        essence=draft.essence, drafted_ns=NOW_NS, message_id=KEY, queued_ns=NOW_NS,
    )  # fmt: skip
    message = eido.build(request_of(draft, thread, KIND, KEY, "console", NOW_NS))
    return msgspec.structs.replace(row(), media_type="application/json", message=message)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, said(status_code=182), "received"), (200, said(), "garbage"), (503, b"", "busy"),
        (200, b"<html>", "garbage"), (400, said(status_code=400, status_text="no"), "refused"),
        (200, said(status_code=182, in_response_to="other"), "garbage"),
    ],
)  # fmt: skip
def test_a_receipt_in_the_second_format_is_of_this_very_message(status, body, kind):
    tried = letter_of(json_row()).judge(status, body, LINK)
    assert tried.kind == kind
    assert tried.agency_ref == ("7" if kind == "received" else "")


def test_a_row_that_is_no_message_of_ours_is_said_so():
    for media_type in ("application/json", "application/cap+xml"):
        with pytest.raises(NotOurs):
            letter_of(msgspec.structs.replace(row(), media_type=media_type, message=b"x"))
