"""Signatures: trusted only by the source's certificates, broken ones refused, the rest told as unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.gateways.cap.refusing import NotTaken
from console.gateways.cap.signature import judge
from tests.gateways.cap.messages import Signer, alert
from tests.gateways.cap.test_reading import REAL, Desk

SENT_NS = 1_773_997_500 * 10**9
KMA, OTHER = Signer(), Signer("Somebody else")


@pytest.mark.parametrize("prefix", ["", "ds"])
@pytest.mark.parametrize("with_certificate", [True, False])
def test_a_signature_of_a_trusted_certificate_is_trusted(prefix: str, with_certificate: bool) -> None:
    signed = KMA.sign(alert(), prefix, with_certificate)
    assert judge(signed, (OTHER.certificate, KMA.certificate), SENT_NS) == ("trusted", "KMA alerts")


def test_no_signature_is_none_and_one_of_a_stranger_is_unknown() -> None:
    assert judge(alert(), (KMA.certificate,), SENT_NS) == ("none", "")
    assert judge(OTHER.sign(alert()), (KMA.certificate,), SENT_NS) == ("unknown", "Somebody else")


def test_a_message_changed_after_it_was_signed_is_refused_whoever_signed() -> None:
    changed = KMA.sign(alert()).replace("호우경보".encode(), "맑음".encode())
    with pytest.raises(NotTaken, match="changed after it was signed") as caught:
        judge(changed, (KMA.certificate,), SENT_NS)
    assert caught.value.cause == "bad_signature"
    with pytest.raises(NotTaken):
        judge(changed, (), SENT_NS)


def test_a_value_that_is_not_of_its_own_certificate_is_refused() -> None:
    mine, theirs = KMA.sign(alert()), OTHER.sign(alert())
    begin, end = b"<SignatureValue>", b"</SignatureValue>"
    value = mine[mine.index(begin) : mine.index(end)]
    forged = theirs[: theirs.index(begin)] + value + theirs[theirs.index(end) :]
    with pytest.raises(NotTaken, match="does not hold"):
        judge(forged, (), SENT_NS)


def test_a_certificate_that_was_not_valid_then_is_not_trusted() -> None:
    assert judge(KMA.sign(alert()), (KMA.certificate,), SENT_NS + 400 * 86_400 * 10**9)[0] == "unknown"


def test_what_a_signature_asks_beyond_the_known_leaves_it_unknown() -> None:
    signed = KMA.sign(alert())
    for old, new in (
        (b'URI=""', b'URI="#a"'), (b"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-md5"),
        (b"xmlenc#sha256", b"xmlenc#ripemd160"), (b"xmldsig#enveloped-signature", b"REC-xslt-19991116"),
    ):  # fmt: skip
        assert judge(signed.replace(old, new), (KMA.certificate,), SENT_NS)[0] == "unknown"


def test_a_message_with_signatures_without_end_is_refused_before_they_are_judged() -> None:
    one = b"<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"/>"
    many = alert().replace(b"</alert>", one * 2000 + b"</alert>")
    with pytest.raises(NotTaken) as caught:
        judge(many, (), SENT_NS)
    assert caught.value.cause == "hostile"


def test_comments_inside_change_nothing_that_is_read_or_signed() -> None:
    signed = KMA.sign(alert()).replace(b"<identifier>KMA-1", b"<identifier>KMA<!-- x -->-1")
    assert judge(signed, (KMA.certificate,), SENT_NS)[0] == "trusted"
    desk = Desk(trusted=(KMA.certificate,))
    desk.intake.take(signed, "x.cap")
    assert desk.told[0].message.identifier == "KMA-1"


def test_a_source_that_needs_a_signature_takes_nothing_else() -> None:
    desk = Desk(trusted=(KMA.certificate,), require_signature=True)
    desk.intake.take(alert(), "plain.cap")
    desk.intake.take(OTHER.sign(alert("KMA-2")), "stranger.cap")
    desk.intake.take(KMA.sign(alert("KMA-3")), "ours.cap")
    assert [one.message.identifier for one in desk.told] == ["KMA-3"]
    assert [cause for cause, _, _ in desk.refused] == ["bad_signature", "bad_signature"]


def test_a_signed_message_inside_a_feed_is_told_as_not_known() -> None:
    inner = KMA.sign(alert(declaration=False)).decode()
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><content>{inner}</content></entry></feed>'
    desk = Desk(trusted=(KMA.certificate,))
    desk.intake.take(feed.encode(), "feed")
    assert [one.message.signature for one in desk.told] == ["unknown"]


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared real messages are not on this machine")
def test_both_signatures_of_a_real_canadian_message_hold_and_a_changed_letter_breaks_them() -> None:
    data = Path(REAL / "canada_signed.cap").read_bytes()
    from console.gateways.cap.signature import _all, _embedded
    from console.handoff.prologue import xml_root

    signers = [_embedded(one) for one in _all(xml_root(data, 1 << 24, whole=True), "Signature")]
    sent_ns = 1_359_062_760 * 10**9
    for certificate in signers:
        assert certificate is not None
        assert judge(data, (certificate,), sent_ns)[0] == "unknown"  # SHA-1 is not enough today
        assert judge(data, (certificate,), sent_ns, weak_allowed=True)[0] == "trusted"
    with pytest.raises(NotTaken, match="changed after it was signed"):
        judge(data.replace(b"snowfall warning", b"snowfall Warning", 1), (), sent_ns)
