"""The keys that sign messages, and whose public keys are trusted: DIR/keys/handoff/signers.toml.

    [signers.0123456789abcdef]
    party = "KR-112"
    public = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    from = 2026-01-01T00:00:00Z
    until = 2028-01-01T00:00:00Z
    revoked = 2027-05-01T00:00:00Z     # only where it was

A party may have several keys, so that one can follow another without a moment in which neither holds.
"""

from __future__ import annotations

import base64
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.clock import SECOND_NS, Clock
from console.handoff.signing import TrustedKey, key_id_of
from console.model.base import Record
from console.paths import one_at_a_time, private_folder, write_private

VALID_DAYS = 730
"""How long keys made here hold: a key is renewed at least every two years (ours)."""


class SigningKeyError(Exception):
    """Keys cannot be used; the text names the file and says what to do, never what it holds."""


def ensure_signing_key(folder: Path, party: str) -> Ed25519PrivateKey:
    """The party's own key, `PARTY.signing.pem`, made where there is none. Any process.

    Raises SigningKeyError for one that others can read or that is no Ed25519 key, OSError.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", party):
        raise SigningKeyError(f"{party[:40]!r} cannot be the name of a party")
    path = private_folder(folder) / f"{party}.signing.pem"
    with one_at_a_time(path):
        if not path.exists():
            key = Ed25519PrivateKey.generate()
            pem = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            write_private(path, pem)
        return _load(path)


def ensure_signers(folder: Path, parties: tuple[str, ...], clock: Clock) -> None:
    """Keys of all these parties and `signers.toml` that trusts them, where there is no such file yet.

    For a demo, a drill and tests, whose partners take their key from this folder, as their certificate.
    A site writes the file by itself; it is never changed here. Raises SigningKeyError, OSError.
    """
    path = private_folder(folder) / "signers.toml"
    with one_at_a_time(path):
        if path.exists():
            return
        now = datetime.fromtimestamp(clock.now_ns() // SECOND_NS, UTC)
        lines = ["# Whose signatures are trusted. A party that is named here must sign."]
        for party in parties:
            public = ensure_signing_key(folder, party).public_key().public_bytes_raw()
            lines += [
                f"[signers.{key_id_of(public)}]", f'party = "{party}"',
                f'public = "{base64.urlsafe_b64encode(public).decode().rstrip("=")}"',
                f"from = {_toml_time(now - timedelta(days=1))}",
                f"until = {_toml_time(now + timedelta(days=VALID_DAYS))}",
            ]  # fmt: skip
        write_private(path, ("\n".join(lines) + "\n").encode())


def _toml_time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _load(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SigningKeyError(f"{path.name} can be read by others. Run chmod 600, or make a new one")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise SigningKeyError(f"{path.name} is not a private key") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SigningKeyError(f"{path.name} is not an Ed25519 key")
    return key


class _Signer(Record, frozen=True, kw_only=True, rename={"from_": "from"}):
    party: str
    public: str
    from_: datetime
    until: datetime
    revoked: datetime | None = None


class _File(Record, frozen=True, kw_only=True):
    signers: dict[str, _Signer] = msgspec.field(default_factory=dict)


def read_signers(path: Path) -> dict[str, TrustedKey]:
    """Key id to key; empty where there is no file yet. Raises SigningKeyError naming file and entry."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SigningKeyError(f"{path.name}: cannot be read: {error.strerror}") from None
    try:
        entries = msgspec.toml.decode(data, type=_File).signers
    except (msgspec.DecodeError, ValueError) as error:
        raise SigningKeyError(f"{path.name}: {error}") from None
    return {key_id: _trusted(path.name, key_id, one) for key_id, one in entries.items()}


def _trusted(file: str, key_id: str, one: _Signer) -> TrustedKey:
    where = f"{file}: signers.{key_id[:40]}"
    try:
        public = base64.urlsafe_b64decode(one.public + "=" * (-len(one.public) % 4))
    except ValueError:
        public = b""
    if len(public) != 32:
        raise SigningKeyError(f"{where}: public: expected the 32 bytes of an Ed25519 key in base64")
    if key_id != key_id_of(public):
        raise SigningKeyError(f"{where}: the key's own name is {key_id_of(public)}")
    moments = {"from": one.from_, "until": one.until, "revoked": one.revoked}
    for name, moment in moments.items():
        if moment is not None and moment.tzinfo is None:
            raise SigningKeyError(f"{where}: {name}: expected a time with its offset")
    if one.until <= one.from_:
        raise SigningKeyError(f"{where}: until: expected a time after from")
    return TrustedKey(
        key_id=key_id, party=one.party, public=public, from_ns=_ns(one.from_), until_ns=_ns(one.until),
        revoked_ns=_ns(one.revoked) if one.revoked is not None else 0,
    )  # fmt: skip


def _ns(moment: datetime) -> int:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
