"""Who may speak: keys that only their owner reads, certificates that name a party, both ends checked."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from console.clock import SteppedClock
from console.handoff import tls
from console.handoff.profile import party_name
from console.handoff.tls import TlsError

DAY_S = 86_400


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys" / "handoff"


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".crt", ".key")}


def test_the_first_start_makes_an_authority_and_a_certificate_for_each_party(folder):
    tls.ensure_authority(folder, ["KR-112", "KR-119"])
    assert set(files(folder)) == {
        f"{name}.{end}" for name in ("authority", "console", "KR-112", "KR-119") for end in ("crt", "key")
    }
    assert folder.stat().st_mode & 0o777 == 0o700
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_the_second_start_changes_nothing(folder):
    tls.ensure_authority(folder, ["KR-112"])
    before = files(folder)
    tls.ensure_authority(folder, ["KR-112"])
    assert files(folder) == before


def test_a_new_agency_gets_a_certificate_of_the_same_authority(folder):
    tls.ensure_authority(folder, ["KR-112"])
    before = files(folder)
    tls.ensure_authority(folder, ["KR-112", "KR-119"])
    assert {name: files(folder)[name] for name in before} == before
    assert "KR-119.crt" in files(folder)


def test_a_certificate_names_its_party_this_machine_and_both_uses(folder):
    tls.ensure_authority(folder, ["KR-112"])
    certificate = x509.load_pem_x509_certificate((folder / "KR-112.crt").read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [party_name("KR-112"), "localhost"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    uses = set(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    assert uses == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    assert isinstance(certificate.public_key().curve, ec.SECP256R1)
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
@pytest.mark.parametrize("party", ["console", "authority"])
def test_a_key_that_others_can_read_is_not_used(folder, mode, party):
    tls.ensure_authority(folder, ["KR-112"])
    (folder / f"{party}.key").chmod(mode)
    with pytest.raises(TlsError, match=rf"{party}\.key can be read by others .*chmod 600"):
        tls.ensure_authority(folder, ["KR-112", "KR-119"])
    if party == "console":
        for make in (tls.server_context, tls.client_context):
            with pytest.raises(TlsError, match=r"console\.key can be read by others"):
                make(folder, "console")


def test_contexts_require_the_other_side_and_nothing_old(folder):
    tls.ensure_authority(folder, ["KR-112"])
    server, client = tls.server_context(folder, "KR-112"), tls.client_context(folder, "console")
    assert server.verify_mode == client.verify_mode == ssl.CERT_REQUIRED
    assert client.check_hostname
    assert server.minimum_version == client.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_certificate_that_ended_is_said_to_have_ended_and_what_to_do(folder):
    clock = SteppedClock()
    tls.ensure_authority(folder, ["KR-112"], clock)
    clock.step(900 * DAY_S)
    with pytest.raises(TlsError, match=r"KR-112\.crt ended on 2028-\d\d-\d\d: remove the files"):
        tls.server_context(folder, "KR-112", clock)


def test_a_clock_in_the_past_is_suspected(folder):
    clock = SteppedClock()
    tls.ensure_authority(folder, ["KR-112"], clock)
    clock.jump(-100 * DAY_S)
    with pytest.raises(TlsError, match=r"begins only on .* clock right"):
        tls.client_context(folder, "console", clock)


def test_a_start_renews_what_ends_soon(folder):
    clock = SteppedClock()
    tls.ensure_authority(folder, ["KR-112"], clock)
    before = files(folder)
    clock.step(800 * DAY_S)
    tls.ensure_authority(folder, ["KR-112"], clock)
    after = files(folder)
    assert after["authority.crt"] == before["authority.crt"]
    assert after["KR-112.crt"] != before["KR-112.crt"]
    tls.server_context(folder, "KR-112", clock)


def test_an_authority_that_ended_is_an_error_and_not_silently_replaced(folder):
    clock = SteppedClock()
    tls.ensure_authority(folder, ["KR-112"], clock)
    before = files(folder)
    clock.step(3700 * DAY_S)
    with pytest.raises(TlsError, match=r"authority\.crt ended"):
        tls.ensure_authority(folder, ["KR-112"], clock)
    assert files(folder) == before


def test_no_certificate_outlives_its_authority(folder):
    clock = SteppedClock()
    tls.ensure_authority(folder, [], clock)
    clock.step(3600 * DAY_S)
    tls.ensure_authority(folder, ["KR-112"], clock)
    last = x509.load_pem_x509_certificate((folder / "KR-112.crt").read_bytes()).not_valid_after_utc
    assert last <= x509.load_pem_x509_certificate((folder / "authority.crt").read_bytes()).not_valid_after_utc
    assert last > datetime.fromtimestamp(clock.now_ns() // 10**9, UTC)


@pytest.mark.parametrize(
    ("name", "said"), [("console.crt", "as a certificate"), ("console.key", "does not belong")]
)
def test_a_damaged_file_is_named(folder, name, said):
    tls.ensure_authority(folder, [])
    (folder / name).write_bytes(b"-----BEGIN nonsense")
    with pytest.raises(TlsError, match=said):
        tls.server_context(folder, "console")


def test_a_key_of_another_party_is_noticed(folder):
    tls.ensure_authority(folder, ["KR-112"])
    (folder / "console.key").write_bytes((folder / "KR-112.key").read_bytes())
    with pytest.raises(TlsError, match=r"console\.key does not belong to console\.crt"):
        tls.server_context(folder, "console")


def test_a_missing_file_says_who_makes_it(folder):
    tls.ensure_authority(folder, [])
    with pytest.raises(TlsError, match=r"KR-119\.crt is missing in handoff"):
        tls.server_context(folder, "KR-119")


@pytest.mark.parametrize("agency", ["../console", "a/b", "", ".", "kr 112", "authority", "console"])
def test_an_agency_id_that_is_no_id_makes_no_file(folder, agency):
    with pytest.raises(TlsError, match="agency id"):
        tls.ensure_authority(folder, [agency])
    assert not list(folder.parent.glob("*.crt"))


def test_no_secret_is_in_an_error(folder):
    tls.ensure_authority(folder, [])
    secret = (folder / "console.key").read_text().splitlines()[1]
    (folder / "console.crt").write_bytes(b"broken")
    with pytest.raises(TlsError) as caught:
        tls.server_context(folder, "console")
    assert secret not in str(caught.value)


def test_the_party_of_a_peer_is_its_name_in_the_certificate_and_no_other():
    peer = {
        "subjectAltName": (
            ("DNS", "localhost"),
            ("DNS", "kr-112.handoff.internal"),
            ("IP Address", "127.0.0.1"),
        )
    }
    assert tls.party_of(peer) == "kr-112.handoff.internal"
    assert tls.party_of({"subjectAltName": (("DNS", "localhost"),)}) == ""
    assert tls.party_of(None) == ""
    assert tls.party_of({}) == ""
