"""The agency's certificates: given to it as files, checked before use, required of the console in return."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.clock import SECOND_NS, Clock
from console.handoff.profile import party_name
from console.paths import private_folder, write_private


class CertificateError(Exception):
    """The certificates cannot be used; the text names the file and says what to do."""


async def wait_for_files(keys: Path, agency: str, clock: Clock, wait_s: float) -> None:
    """Return when the agency's certificate, its key and the authority are in `keys`.

    The console makes them at its first start. Raises CertificateError when they are not there after `wait_s`.
    """
    until_ns = clock.mono_ns() + int(wait_s * SECOND_NS)
    needed = [keys / "authority.crt", keys / f"{agency}.crt", keys / f"{agency}.key"]
    while missing := [path.name for path in needed if not path.exists()]:
        if clock.mono_ns() >= until_ns:
            raise CertificateError(
                f"{', '.join(missing)} missing in {keys}: the console makes them at its first start; "
                f"start it, or copy them from it"
            )
        await asyncio.sleep(0.1)


def contexts(keys: Path, agency: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For the own door, and for asking at the console's; both require the other side's certificate.

    TLS 1.2 or newer. Raises CertificateError.
    """
    key = keys / f"{agency}.key"
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if key.stat().st_mode & 0o077:
            raise CertificateError(f"{key.name} can be read by others and is not used: chmod 600 it")
        for context in (server, client):
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cafile=str(keys / "authority.crt"))
            context.load_cert_chain(str(keys / f"{agency}.crt"), str(key))
    except OSError as error:  # ssl's errors are OSErrors too
        why = getattr(error, "reason", None) or error.strerror or type(error).__name__
        raise CertificateError(f"{agency}.crt, {key.name} or authority.crt cannot be used: {why}") from None
    return server, client


def viewing_context(keys: Path, agency: str) -> ssl.SSLContext:
    """For shared pictures: our certificate is shown; the server's is of the site's authority, or of one this
    machine trusts. Raises CertificateError."""
    _, client = contexts(keys, agency)
    client.load_default_certs()
    return client


def is_console(peer_certificate: Any) -> bool:
    """Whether a verified peer certificate is the console's."""
    names = (peer_certificate or {}).get("subjectAltName", ())
    return ("DNS", party_name("console")) in names


def make_untrusted(folder: Path, agency: str, clock: Clock) -> None:
    """Files like the real ones, signed by nobody the console trusts: a failure to show on purpose."""
    private_folder(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, agency)])
    moment = _moment(clock)
    public = _certificate(agency, key, name, key, moment - _HOUR, moment + timedelta(days=30))
    _write(folder, agency, key, public)
    write_private(folder / "authority.crt", public)


def make_expired(folder: Path, keys: Path, agency: str, clock: Clock) -> None:
    """A certificate of the site's own authority that ended a day ago: a failure to show on purpose.

    Needs the authority's key, so it works where the console made it. Raises CertificateError.
    """
    try:
        authority = x509.load_pem_x509_certificate((keys / "authority.crt").read_bytes())
        signer = serialization.load_pem_private_key((keys / "authority.key").read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise CertificateError(
            f"authority.key cannot be used in {keys} ({type(error).__name__}): an expired certificate is "
            f"made with it, on the console's machine"
        ) from None
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise CertificateError(f"authority.key in {keys} is not of the kind the console makes")
    private_folder(folder)
    key, moment = ec.generate_private_key(ec.SECP256R1()), _moment(clock)
    ended = moment - timedelta(days=1)
    _write(folder, agency, key, _certificate(agency, key, authority.subject, signer, ended - _HOUR, ended))
    write_private(folder / "authority.crt", (keys / "authority.crt").read_bytes())


_HOUR = timedelta(hours=1)


def _moment(clock: Clock) -> datetime:
    return datetime.fromtimestamp(clock.now_ns() // SECOND_NS, UTC)


def _certificate(
    agency: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, signer: ec.EllipticCurvePrivateKey,
    begins: datetime, ends: datetime,
) -> bytes:  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, agency)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(party_name(agency))]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(folder: Path, agency: str, key: ec.EllipticCurvePrivateKey, public: bytes) -> None:
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write_private(folder / f"{agency}.key", secret)
    write_private(folder / f"{agency}.crt", public)
