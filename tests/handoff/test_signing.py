"""Signed messages: who, to whom, when, what, once. Anything else is refused by name."""

from __future__ import annotations

import base64
import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.clock import SECOND_NS
from console.handoff import seen as module
from console.handoff.seen import SeenError, SeenFile, SeenMemory
from console.handoff.signing import (
    SeenFull,
    SignatureRefused,
    Signer,
    TrustedKey,
    Verifier,
    digest_of,
    key_id_of,
    read_envelope,
    seal,
    signed_bytes,
    unseal,
)  # fmt: skip
from console.handoff.signingkeys import SigningKeyError, ensure_signing_key, read_signers
from console.handoff.thread.figures import ladder
from tests.handoff.samples import NOW_NS, message

FIGURES, LIMITS = ladder().signature, ladder().json
#: RFC 8032, 7.1, test 1 and test 3: secret key, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(RFC_8032[0][0]))
PUBLIC = KEY.public_key().public_bytes_raw()
TRUSTED = TrustedKey(
    key_id=key_id_of(PUBLIC), party="console", public=PUBLIC, from_ns=0, until_ns=2 * NOW_NS
)
CAP = message()
JSON = b'{"b": 1.50, "a": "\\u00e9"}'


def signer(nonce=b"\x01") -> Signer:
    return Signer("console", KEY, FIGURES, LIMITS, lambda count: (nonce * count)[:count])


def verifier(seen=None, keys=None, receiver="KR-112") -> Verifier:
    known = {TRUSTED.key_id: TRUSTED} if keys is None else keys
    seen = SeenMemory(0, FIGURES) if seen is None else seen
    return Verifier(receiver, lambda: known, seen, FIGURES, LIMITS)


def refused(code, envelope, body=CAP, check=None, sender="console", now_ns=NOW_NS):
    with pytest.raises(SignatureRefused) as raised:
        (check or verifier()).check(envelope, body, sender, now_ns)
    assert raised.value.code == code


@pytest.mark.parametrize(("secret", "public", "text", "signature"), RFC_8032)
def test_the_signature_is_that_of_the_standard(secret, public, text, signature):
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert key.public_key().public_bytes_raw().hex() == public
    assert key.sign(bytes.fromhex(text)).hex() == signature


def test_what_is_signed_and_its_signature_are_always_these_bytes():
    envelope = signer().sign(JSON, "json", "KR-112", 1_774_000_000_000_000_000)
    assert signed_bytes(envelope) == (
        b"bongsu-signature:1\n21fe31dfa154a261\nconsole\nKR-112\n1774000000000000000\n"
        b"01010101010101010101010101010101\njson\n"
        b"2c49ddb7484aa328e8548d51dd66aa8b939f14a89fd1057a857fd4275edbb500"
    )
    assert envelope.value.hex() == (
        "1b166e7ba05b43623098d4f2e5b7e090b8b8a068152ea1f415aa90e791157436"
        "f76db7a666fe301144330a56421fec2529f84e8a2cb42a35c1636c1379146e06"
    )
    assert digest_of(JSON, "json", LIMITS) == digest_of('{"a":"é","b":1.5}'.encode(), "json", LIMITS)
    again = signer().sign(JSON, "json", "KR-112", 1_774_000_000_000_000_000)
    assert str(again) == str(envelope)
    Ed25519PublicKey.from_public_bytes(PUBLIC).verify(envelope.value, signed_bytes(envelope))


@pytest.mark.parametrize(("body", "form"), [(CAP, "bytes"), (JSON, "json")])
def test_a_signed_message_is_taken_once_and_its_copy_is_refused(body, form):
    check, envelope = verifier(), signer().sign(body, form, "KR-112", NOW_NS)
    check.check(read_envelope(str(envelope)), body, "console", NOW_NS + SECOND_NS)
    refused("replayed", envelope, body, check, now_ns=NOW_NS + 2 * SECOND_NS)
    second_try = signer(b"\x02").sign(body, form, "KR-112", NOW_NS + 3 * SECOND_NS)
    check.check(second_try, body, "console", NOW_NS + 3 * SECOND_NS)


def test_json_may_be_spelled_otherwise_and_not_changed_and_cap_not_even_spelled_otherwise():
    envelope = signer().sign(JSON, "json", "KR-112", NOW_NS)
    verifier().check(envelope, b'{"a":"\xc3\xa9","b":1.5}', "console", NOW_NS)
    refused("wrong_message", envelope, b'{"a":"\xc3\xa9","b":1.6}')
    refused("wrong_message", envelope, b'{"a":1,"a":2}')
    refused("wrong_message", signer().sign(CAP, "bytes", "KR-112", NOW_NS), CAP + b"\n")


def test_each_part_of_the_envelope_is_covered():
    envelope = signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    for changed in (
        replace(envelope, created_ns=NOW_NS + 1), replace(envelope, nonce="02" * 16),
        replace(envelope, form="json"), replace(envelope, digest="00" * 32),
        replace(envelope, value=b"\x00" * 64), replace(envelope, value=b"short"),
    ):  # fmt: skip
        refused("bad_signature", changed)
    refused("wrong_receiver", replace(envelope, receiver="KR-119"))
    refused("wrong_sender", replace(envelope, sender="KR-119"))
    refused("unknown_key", replace(envelope, key_id="0" * 16))


def test_a_signature_for_another_or_on_anothers_line_is_refused():
    envelope = signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    refused("wrong_receiver", envelope, check=verifier(receiver="KR-119"))
    refused("wrong_sender", envelope, sender="KR-119")
    other = {TRUSTED.key_id: replace(TRUSTED, party="KR-119")}
    refused("wrong_sender", envelope, check=verifier(keys=other))


@pytest.mark.parametrize(
    ("seconds", "code"), [(420, None), (421, "stale"), (-120, None), (-121, "ahead"), (3600, "stale")]
)
def test_clocks_may_differ_by_so_much_and_no_more(seconds, code):
    envelope = signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    now_ns = NOW_NS + seconds * SECOND_NS
    if code is None:
        verifier().check(envelope, CAP, "console", now_ns)
    else:
        refused(code, envelope, now_ns=now_ns)


def test_a_key_holds_only_in_its_time_and_until_it_is_revoked():
    envelope = signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    for changes, code in (
        ({"from_ns": NOW_NS + 1}, "key_not_valid"), ({"until_ns": NOW_NS}, "key_not_valid"),
        ({"revoked_ns": 1}, "revoked"),
    ):  # fmt: skip
        refused(code, envelope, check=verifier(keys={TRUSTED.key_id: replace(TRUSTED, **changes)}))


GOOD = str(signer().sign(CAP, "bytes", "KR-112", NOW_NS))


@pytest.mark.parametrize(
    "text",
    ["", GOOD + " ", GOOD.replace("v=1", "v=2"), GOOD.replace("; ", ";"), GOOD + "; sig=x",
     GOOD.replace("at=1", "at=01"), GOOD.replace("from=console", "from=con\nsole"), "v=1; " * 500,
     GOOD[:-1] + chr(ord(GOOD[-1]) + 1), GOOD.replace("nonce=01", "nonce=GG"), GOOD.replace("at=1", "at=１")],
)  # fmt: skip
def test_a_header_that_is_not_as_agreed_is_refused(text):
    with pytest.raises(SignatureRefused) as raised:
        read_envelope(text)
    assert raised.value.code == "malformed"


@given(st.text(max_size=300))
def test_any_header_is_refused_and_never_crashes(text):
    with pytest.raises(SignatureRefused):
        read_envelope(text)


@given(st.binary(max_size=2000))
def test_a_sealed_message_is_opened_as_it_was_closed(body):
    envelope = signer().sign(body, "bytes", "KR-112", NOW_NS)
    opened, media_type, found = unseal(seal(body, "application/cap+xml", envelope), LIMITS)
    assert (opened, media_type, found) == (body, "application/cap+xml", envelope)
    verifier().check(found, opened, "console", NOW_NS)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"signature":"x","media_type":"y","body":"?"}', b'{"signature":[[]]}', b"\xff"],
)
def test_a_sealed_message_that_is_none_is_refused(data):
    with pytest.raises(SignatureRefused, match="cannot be read"):
        unseal(data, LIMITS)


def test_a_copy_is_refused_after_a_restart_and_a_torn_line_is_nobodys(tmp_path):
    path, envelope = tmp_path / "seen" / "KR-112.seen", signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    seen = SeenFile(path, FIGURES)
    verifier(seen).check(envelope, CAP, "console", NOW_NS)
    with pytest.raises(SeenError, match="another process"):
        SeenFile(path, FIGURES)
    seen.close()
    with path.open("ab") as out:
        out.write(b"17740 torn")
    seen = SeenFile(path, FIGURES)
    assert len(seen) == 1
    refused("replayed", envelope, check=verifier(seen))
    verifier(seen).check(signer(b"\x02").sign(CAP, "bytes", "KR-112", NOW_NS), CAP, "console", NOW_NS)
    seen.close()
    assert len(SeenFile(path, FIGURES)) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_damaged_file_is_refused_and_says_what_to_do(tmp_path):
    path = tmp_path / "KR-112.seen"
    path.write_bytes(b"1 a b\nrubbish\n2 a c\n")
    with pytest.raises(SeenError, match=r"line 2 .* move the file"):
        SeenFile(path, FIGURES)


def test_nonces_are_forgotten_late_and_what_was_forgotten_is_not_taken_again(tmp_path):
    seen = SeenFile(tmp_path / "KR-112.seen", FIGURES)
    check, old = verifier(seen), signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    check.check(old, CAP, "console", NOW_NS)
    hour, day = 3600 * SECOND_NS, 86_400 * SECOND_NS
    check.check(signer(b"\x02").sign(CAP, "bytes", "KR-112", NOW_NS + hour), CAP, "console", NOW_NS + hour)
    refused("replayed", old, check=check)  # the clock was put back by an hour
    check.check(signer(b"\x03").sign(CAP, "bytes", "KR-112", NOW_NS + day), CAP, "console", NOW_NS + day)
    assert len(seen) == 1
    refused("replayed", old, check=check)  # put back by a day: below the floor
    seen.close()
    seen = SeenFile(tmp_path / "KR-112.seen", FIGURES)
    refused("replayed", old, check=verifier(seen))


def test_when_a_nonce_cannot_be_kept_the_message_is_not_taken():
    envelope = signer().sign(CAP, "bytes", "KR-112", NOW_NS)

    class Full:
        def add(self, *each):
            raise OSError(28, "No space left on device")

    refused("seen_unavailable", envelope, check=verifier(Full()))
    little = SeenMemory(0, replace(FIGURES, seen_most=1))
    little.add("k", "n", 2 * NOW_NS, NOW_NS)
    with pytest.raises(SeenFull):
        little.add("k", "m", 2 * NOW_NS, NOW_NS)
    refused("seen_unavailable", envelope, check=verifier(little))


def test_a_full_disk_leaves_no_half_line_and_the_nonce_can_still_be_used(tmp_path, monkeypatch):
    seen, write = SeenFile(tmp_path / "KR-112.seen", FIGURES), module._write_all

    def half(out, data):
        write(out, data[:7])
        raise OSError(28, "No space left on device")

    envelope = signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    monkeypatch.setattr(module, "_write_all", half)
    refused("seen_unavailable", envelope, check=verifier(seen))
    monkeypatch.setattr(module, "_write_all", write)
    verifier(seen).check(envelope, CAP, "console", NOW_NS)
    seen.close()
    assert len(SeenFile(tmp_path / "KR-112.seen", FIGURES)) == 1


def test_a_receiver_without_a_file_takes_nothing_signed_before_it_began():
    envelope = signer().sign(CAP, "bytes", "KR-112", NOW_NS)
    refused("replayed", envelope, check=verifier(SeenMemory(NOW_NS + 1, FIGURES)))
    verifier(SeenMemory(NOW_NS - 1, FIGURES)).check(envelope, CAP, "console", NOW_NS)


def test_a_stranger_fills_no_book():
    seen = SeenMemory(0, replace(FIGURES, seen_most=1))
    for nonce in (b"\x01", b"\x02", b"\x03"):
        forged = replace(signer(nonce).sign(CAP, "bytes", "KR-112", NOW_NS), value=b"\x00" * 64)
        refused("bad_signature", forged, check=verifier(seen))
    verifier(seen).check(signer().sign(CAP, "bytes", "KR-112", NOW_NS), CAP, "console", NOW_NS)


def signers(**changes) -> str:
    said = {
        "id": TRUSTED.key_id, "public": base64.urlsafe_b64encode(PUBLIC).decode().rstrip("="),
        "from": "2026-01-01T00:00:00Z", "until": "2028-01-01T00:00:00Z",
    } | changes  # fmt: skip
    return (
        f'[signers.{said["id"]}]\nparty = "console"\npublic = "{said["public"]}"\nfrom = {said["from"]}\n'
        f'until = {said["until"]}\n'
    )


def test_trusted_keys_are_read_from_a_file_a_person_can_write(tmp_path):
    path = tmp_path / "signers.toml"
    assert read_signers(path) == {}
    path.write_text(signers() + "revoked = 2027-01-01T00:00:00Z\n")
    (key,) = read_signers(path).values()
    assert (key.party, key.public, key.revoked_ns) == ("console", PUBLIC, 1_798_761_600 * SECOND_NS)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"id": "0000000000000000"}, "own name"), ({"public": "AAAA"}, "32 bytes"),
        ({"public": "!"}, "32 bytes"), ({"from": "2029-01-01T00:00:00Z"}, "after from"),
        ({"until": "2028-01-01T00:00:00"}, "offset"), ({"until": "soon"}, "signers.toml"),
    ],
)  # fmt: skip
def test_a_file_of_keys_that_cannot_be_is_named(tmp_path, changes, named):
    path = tmp_path / "signers.toml"
    path.write_text(signers(**changes))
    with pytest.raises(SigningKeyError, match=named) as raised:
        read_signers(path)
    assert "signers.toml" in str(raised.value)


def test_a_partys_own_key_is_made_once_and_not_used_when_others_can_read_it(tmp_path):
    first = ensure_signing_key(tmp_path / "keys", "console").private_bytes_raw()
    assert ensure_signing_key(tmp_path / "keys", "console").private_bytes_raw() == first
    path = tmp_path / "keys" / "console.signing.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    with pytest.raises(SigningKeyError, match="chmod 600"):
        ensure_signing_key(tmp_path / "keys", "console")
    path.chmod(0o600)
    path.write_text("rubbish")
    with pytest.raises(SigningKeyError, match="not a private key"):
        ensure_signing_key(tmp_path / "keys", "console")
    with pytest.raises(SigningKeyError):
        ensure_signing_key(tmp_path / "keys", "../up")
    assert first.hex() not in repr(signer())
