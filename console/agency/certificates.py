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


def is_console(peer_certificate: Any) -> bool:
    """Whether a verified peer certificate is the console's."""
    names = (peer_certificate or {}).get("subjectAltName", ())
    return ("DNS", party_name("console")) in names


def make_untrusted(folder: Path, agency: str, clock: Clock) -> None:
    """Files like the real ones, signed by nobody the console trusts: a failure to show on purpose."""
    private_folder(folder)
    moment = datetime.fromtimestamp(clock.now_ns() // SECOND_NS, UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, agency)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(hours=1))
        .not_valid_after(moment + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(party_name(agency))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    write_private(folder / f"{agency}.key", secret)
    write_private(folder / f"{agency}.crt", public)
    write_private(folder / "authority.crt", public)
