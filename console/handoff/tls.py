"""Who may speak on the hand-off's line: a certificate for each party, required and checked at both ends.

At the first start the console makes its own test authority: EC P-256, one certificate for the console and
one for each agency, keys readable by their owner only. A commissioned site puts its own files in the same
places. A certificate names its party by a DNS name (`party_name`), so that one agency cannot speak for
another.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import re
import ssl
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from console.clock import SECOND_NS, Clock, SystemClock
from console.handoff.profile import handoff_profile, party_name
from console.paths import private_folder, write_private

CONSOLE = "console"
_AUTHORITY = "authority"
_AUTHORITY_DAYS = 3650
_PARTY_DAYS = 825  # the longest that browsers and operating systems accept of a server
_RENEW_DAYS = 30
_AGENCY = re.compile(r"[A-Z0-9][A-Z0-9-]{1,31}")  # also a file name, so nothing else may be one


class TlsError(Exception):
    """Keys or certificates cannot be used; the text names the file and says what to do."""


def ensure_authority(folder: Path, agencies: Iterable[str], clock: Clock | None = None) -> None:
    """Make what is missing in `folder`: authority, console and each agency, NAME.crt and NAME.key.

    Certificates that end within 30 days are made anew while the authority's key is there. May be called by
    several processes at once. Raises TlsError for keys others can read, and for an authority that has ended.
    """
    moment = _moment(clock)
    parties = (CONSOLE, *agencies)
    for agency in parties[1:]:
        if not _AGENCY.fullmatch(agency):
            raise TlsError(f"{agency!r}: an agency id is capital letters, digits and hyphens, as KR-112")
    private_folder(folder)
    with _one_at_a_time(folder):
        if not (folder / f"{_AUTHORITY}.crt").exists():
            _make_authority(folder, moment)
        authority = _certificate(folder, _AUTHORITY)
        _check_time(folder, _AUTHORITY, authority, moment)
        key_file = folder / f"{_AUTHORITY}.key"
        for party in parties:
            if not _usable(folder, party, moment) and key_file.exists():
                _make_party(folder, party, authority, _key(folder, _AUTHORITY), moment)


def server_context(folder: Path, party: str, clock: Clock | None = None) -> ssl.SSLContext:
    """For the door of `party`: TLS 1.2 or newer, a client certificate of our authority required. Raises
    TlsError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.verify_mode = ssl.CERT_REQUIRED
    return _loaded(context, folder, party, clock)


def client_context(folder: Path, party: str, clock: Clock | None = None) -> ssl.SSLContext:
    """For asking at others' doors as `party`: TLS 1.2 or newer, their certificate and name checked. Raises
    TlsError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = True
    context.verify_mode = ssl.CERT_REQUIRED
    return _loaded(context, folder, party, clock)


def party_of(peer_certificate: Any) -> str:
    """The party name in a verified peer certificate (ssl's `getpeercert()`), or ""."""
    for kind, name in (peer_certificate or {}).get("subjectAltName", ()):
        if kind == "DNS" and name.endswith(f".{handoff_profile().parties.domain}"):
            return str(name)
    return ""


def _loaded(context: ssl.SSLContext, folder: Path, party: str, clock: Clock | None) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    moment = _moment(clock)
    _check_time(folder, party, _certificate(folder, party), moment)
    _check_time(folder, _AUTHORITY, _certificate(folder, _AUTHORITY), moment)
    _refuse_open_key(folder / f"{party}.key")
    try:
        context.load_verify_locations(cafile=str(folder / f"{_AUTHORITY}.crt"))
        context.load_cert_chain(str(folder / f"{party}.crt"), str(folder / f"{party}.key"))
    except (OSError, ssl.SSLError):
        raise TlsError(
            f"{party}.key does not belong to {party}.crt, or one of them is damaged: {_again(folder)}"
        ) from None
    return context


def _make_authority(folder: Path, moment: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Bongsu test authority")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(hours=1))
        .not_valid_after(moment + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(folder, _AUTHORITY, key, certificate)


def _make_party(
    folder: Path,
    party: str,
    authority: x509.Certificate,
    signer: ec.EllipticCurvePrivateKey,
    moment: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [
        x509.DNSName(party_name(party)),
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    last = min(moment + timedelta(days=_PARTY_DAYS), authority.not_valid_after_utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, party)]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(hours=1))
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    _write(folder, party, key, certificate)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False,
        data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _write(folder: Path, party: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
    """The key first: a certificate without its key is seen as incomplete and made again."""
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder / f"{party}.key", secret)
    write_private(folder / f"{party}.crt", certificate.public_bytes(serialization.Encoding.PEM))


def _usable(folder: Path, party: str, moment: datetime) -> bool:
    """Whether the party's files are there, private, and good for a while. Raises TlsError for an open key."""
    if not (folder / f"{party}.crt").exists() or not (folder / f"{party}.key").exists():
        return False
    _refuse_open_key(folder / f"{party}.key")
    certificate = _certificate(folder, party)
    return certificate.not_valid_after_utc > moment + timedelta(days=_RENEW_DAYS)


def _certificate(folder: Path, party: str) -> x509.Certificate:
    path = folder / f"{party}.crt"
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        raise TlsError(f"{path.name} is missing in {folder.name}: start the hub once, it makes it") from None
    except (OSError, ValueError):
        raise TlsError(f"{path.name} cannot be read as a certificate: {_again(folder)}") from None


def _key(folder: Path, party: str) -> ec.EllipticCurvePrivateKey:
    path = folder / f"{party}.key"
    _refuse_open_key(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        raise TlsError(f"{path.name} cannot be read as a key: {_again(folder)}") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TlsError(f"{path.name} is not an elliptic-curve key: {_again(folder)}")
    return key


def _refuse_open_key(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError:
        raise TlsError(
            f"{path.name} is missing in {path.parent.name}: start the hub once, it makes it"
        ) from None
    if mode & 0o077:
        raise TlsError(
            f"{path.name} can be read by others (mode {mode & 0o777:o}) and is not used: "
            f"chmod 600 it, or better, remove it and its .crt so that new ones are made"
        )


def _check_time(folder: Path, party: str, certificate: x509.Certificate, moment: datetime) -> None:
    if moment > certificate.not_valid_after_utc:
        last = certificate.not_valid_after_utc.date().isoformat()
        raise TlsError(f"{party}.crt ended on {last}: {_again(folder)}")
    if moment < certificate.not_valid_before_utc:
        first = certificate.not_valid_before_utc.date().isoformat()
        raise TlsError(f"{party}.crt begins only on {first}: is this machine's clock right?")


def _again(folder: Path) -> str:
    return f"remove the files of {folder.name} to have new ones made, or put in your own"


def _moment(clock: Clock | None) -> datetime:
    now_ns = (clock or SystemClock()).now_ns()
    return datetime.fromtimestamp(now_ns // SECOND_NS, UTC)


@contextmanager
def _one_at_a_time(folder: Path) -> Generator[None, None, None]:
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
