"""Signed messages: a detached Ed25519 signature beside the bytes, and old ones refused.

The signature covers who says it to whom, when, once (a nonce), and the SHA-256 of the message: of its
canonical form for JSON, of the bytes as they are for CAP. Each try of a message is signed anew, so a second
delivery by its sender is fresh and is answered by its idempotency key, while a copy of a stranger is refused.
The nonce is kept on disk before the message is taken (`SeenIds`), so a restart does not let a copy in.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Literal, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from console.clock import SECOND_NS
from console.handoff.jsontext import JsonError, canonical, read_json
from console.handoff.thread.figures import JsonLimits, SignatureFigures
from console.model.base import Record

HEADER = "Bongsu-Signature"
"""The HTTP header an envelope travels in."""
_PROFILE = "bongsu-signature:1"
Form = Literal["json", "bytes"]

Refused = Literal[
    "malformed", "unknown_key", "revoked", "key_not_valid", "wrong_sender", "wrong_receiver", "stale",
    "ahead", "wrong_message", "bad_signature", "replayed", "seen_unavailable",
]  # fmt: skip
"""stale, ahead: of the clock, when the signature itself may be good · wrong_message: signed for other bytes ·
replayed: this signature has been used · seen_unavailable: it could not be kept, so it is not taken."""


class SignatureRefused(Exception):
    """A signature that does not hold; `code` is stable, the text is for a log and holds nothing secret."""

    def __init__(self, code: Refused, text: str) -> None:
        super().__init__(text)
        self.code = code


class Envelope(Record, frozen=True, kw_only=True):
    """A signature and what it covers besides the message. `nonce` and `digest` in hex, `value` 64 bytes."""

    key_id: str
    sender: str
    receiver: str
    created_ns: int
    nonce: str
    form: Form
    digest: str
    value: bytes

    def __str__(self) -> str:
        """As the header's value: one form, this order, nothing else."""
        value = base64.urlsafe_b64encode(self.value).decode().rstrip("=")
        return (
            f"v=1; key={self.key_id}; from={self.sender}; to={self.receiver}; at={self.created_ns}; "
            f"nonce={self.nonce}; form={self.form}; sha256={self.digest}; sig={value}"
        )


class TrustedKey(Record, frozen=True, kw_only=True):
    """A party's public key (32 bytes) and when it holds. `revoked_ns` 0: it is not."""

    key_id: str
    party: str
    public: bytes
    from_ns: int
    until_ns: int
    revoked_ns: int = 0


class SeenIds(Protocol):
    """Remembers nonces, across restarts. One thread."""

    def add(self, key_id: str, nonce: str, until_ns: int, now_ns: int) -> bool:
        """False when it was there. True once it is durable. Raises OSError or SeenFull when it cannot be."""
        ...


class SeenFull(Exception):
    """No more nonces can be kept; none is forgotten for it."""


def key_id_of(public: bytes) -> str:
    """How a key is named: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:16]


def digest_of(body: bytes, form: Form, limits: JsonLimits) -> str:
    """SHA-256 in hex of the canonical JSON, or of the bytes. Raises JsonError for JSON that is none."""
    data = canonical(read_json(body, limits)) if form == "json" else body
    return hashlib.sha256(data).hexdigest()


def signed_bytes(envelope: Envelope) -> bytes:
    """What the signature is of. No field can hold a line end, so no two envelopes have the same bytes."""
    return "\n".join(
        (_PROFILE, envelope.key_id, envelope.sender, envelope.receiver, str(envelope.created_ns),
         envelope.nonce, envelope.form, envelope.digest)
    ).encode("ascii")  # fmt: skip


class Signer:
    """Signs for one party. Any thread. Its key is never shown."""

    def __init__(
        self, sender: str, key: Ed25519PrivateKey, figures: SignatureFigures, limits: JsonLimits,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:  # fmt: skip
        self.sender = sender
        self.key_id = key_id_of(key.public_key().public_bytes_raw())
        self._key = key
        self._figures = figures
        self._limits = limits
        self._random = random

    def __repr__(self) -> str:
        return f"Signer({self.sender}, {self.key_id})"

    def sign(self, body: bytes, form: Form, receiver: str, now_ns: int) -> Envelope:
        """A fresh signature; call it for every try. Raises JsonError, ValueError for names that cannot be."""
        for name in (self.sender, receiver):
            if not re.fullmatch(_PARTY, name):
                raise ValueError(f"{name[:40]!r} cannot be the name of a party")
        envelope = Envelope(
            key_id=self.key_id, sender=self.sender, receiver=receiver, created_ns=now_ns,
            nonce=self._random(self._figures.nonce_bytes).hex(), form=form,
            digest=digest_of(body, form, self._limits), value=b"",
        )  # fmt: skip
        return msgspec.structs.replace(envelope, value=self._key.sign(signed_bytes(envelope)))


class Verifier:
    """Checks for one receiver. One thread, as its `SeenIds`. `keys` by key id, as they are now."""

    def __init__(
        self, receiver: str, keys: Callable[[], Mapping[str, TrustedKey]], seen: SeenIds,
        figures: SignatureFigures, limits: JsonLimits,
    ) -> None:  # fmt: skip
        self._receiver = receiver
        self._keys = keys
        self._seen = seen
        self._figures = figures
        self._limits = limits

    def check(self, envelope: Envelope, body: bytes, sender: str, now_ns: int) -> None:
        """Return when this is `sender`'s own message to us, new and of now; else raise SignatureRefused.

        `sender` is who the line says it is (its certificate). Nothing of a stranger is kept.
        """
        figures = self._figures
        key = self._keys().get(envelope.key_id)
        if key is None:
            raise SignatureRefused("unknown_key", f"key {envelope.key_id} is not known here")
        if envelope.sender != sender or key.party != sender:
            raise SignatureRefused("wrong_sender", f"signed as {envelope.sender} by a key of {key.party}, "
                                   f"on the line of {sender}")  # fmt: skip
        if envelope.receiver != self._receiver:
            raise SignatureRefused("wrong_receiver", f"signed for {envelope.receiver}")
        if key.revoked_ns:
            raise SignatureRefused("revoked", f"key {key.key_id} was revoked")
        if not key.from_ns <= now_ns < key.until_ns:
            raise SignatureRefused("key_not_valid", f"key {key.key_id} is not valid now")
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(envelope.value, signed_bytes(envelope))
        except (InvalidSignature, ValueError):
            raise SignatureRefused("bad_signature", "the signature does not hold") from None
        try:
            digest = digest_of(body, envelope.form, self._limits)
        except JsonError as error:
            raise SignatureRefused("wrong_message", f"the message cannot be read: {error}") from None
        if not secrets.compare_digest(digest, envelope.digest):
            raise SignatureRefused("wrong_message", "the signature is of another message")
        late_s = (now_ns - envelope.created_ns) / SECOND_NS
        if late_s > figures.window_s + figures.skew_s:
            raise SignatureRefused("stale", f"signed {late_s:.0f} s ago; check both clocks")
        if late_s < -figures.skew_s:
            raise SignatureRefused("ahead", f"signed {-late_s:.0f} s ahead of our clock; check both clocks")
        until_ns = envelope.created_ns + int((figures.window_s + figures.skew_s) * SECOND_NS)
        try:
            new = self._seen.add(envelope.key_id, envelope.nonce, until_ns, now_ns)
        except (OSError, SeenFull) as error:
            problem = type(error).__name__
            raise SignatureRefused("seen_unavailable", f"it cannot be kept ({problem})") from None
        if not new:
            raise SignatureRefused("replayed", "this signature has been used before")


_PARTY = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
_VALUE = re.compile(
    rf"v=1; key=([0-9a-f]{{16}}); from=({_PARTY}); to=({_PARTY}); at=([1-9][0-9]{{0,18}}); "
    r"nonce=([0-9a-f]{16,128}); form=(json|bytes); sha256=([0-9a-f]{64}); sig=([A-Za-z0-9_-]{86})",
    re.ASCII,
)


def read_envelope(text: str) -> Envelope:
    """The header's value. Raises SignatureRefused "malformed"."""
    matched = _VALUE.fullmatch(text) if len(text) <= 1024 else None
    if matched is None:
        raise SignatureRefused("malformed", f"{HEADER} is not as agreed")
    key_id, sender, receiver, at, nonce, form, digest, value = matched.groups()
    envelope = Envelope(
        key_id=key_id, sender=sender, receiver=receiver, created_ns=int(at), nonce=nonce,
        form="json" if form == "json" else "bytes", digest=digest,
        value=base64.urlsafe_b64decode(value + "=="),
    )  # fmt: skip
    if str(envelope) != text:  # base64 has spare bits; only one spelling is taken
        raise SignatureRefused("malformed", f"{HEADER} is not as agreed")
    return envelope


class _Sealed(Record, frozen=True, kw_only=True):
    signature: str
    media_type: str
    body: str


def seal(body: bytes, media_type: str, envelope: Envelope) -> bytes:
    """Message and signature in one piece of JSON, where there is no header: a file, a mail, a queue."""
    text = base64.b64encode(body).decode()
    sealed = _Sealed(signature=str(envelope), media_type=media_type, body=text)
    return canonical(msgspec.to_builtins(sealed))


def unseal(data: bytes, limits: JsonLimits) -> tuple[bytes, str, Envelope]:
    """(message, media type, signature), not checked yet. Raises SignatureRefused "malformed"."""
    roomy = msgspec.structs.replace(
        limits, max_bytes=limits.max_bytes * 2, text_chars=limits.max_bytes * 2, depth=1
    )
    try:
        sealed = msgspec.convert(read_json(data, roomy), _Sealed)
        body = base64.b64decode(sealed.body, validate=True)
    except (JsonError, msgspec.ValidationError, ValueError) as error:
        problem = str(error)[:200]
        raise SignatureRefused("malformed", f"the sealed message cannot be read: {problem}") from None
    return body, sealed.media_type, read_envelope(sealed.signature)
