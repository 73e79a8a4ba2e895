"""The key that signs exports: Ed25519, made at first use, readable by its owner only."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from console.paths import one_at_a_time, private_folder, write_private

SIGNING_FILE, PUBLIC_FILE = "signing.pem", "public_key.pem"


class EvidenceKeyError(Exception):
    """The signing key cannot be used; `code` is "key_open" or "key_damaged", the text says which file."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def key_folder(home: Path) -> Path:
    return home / "keys" / "evidence"


def ensure_signing_key(home: Path) -> Ed25519PrivateKey:
    """The key of this installation, made where there is none yet; its public half is written beside it.

    Raises EvidenceKeyError for one that others can read or that is no key, OSError. Any process: two that
    come first at once make one key.
    """
    folder = private_folder(private_folder(private_folder(home) / "keys") / "evidence")
    path = folder / SIGNING_FILE
    with one_at_a_time(path):
        if not path.exists():
            key = Ed25519PrivateKey.generate()
            write_private(
                path,
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                ),
            )  # fmt: skip
            write_private(folder / PUBLIC_FILE, public_pem(key.public_key()))
        return load_signing_key(path)


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """Raises EvidenceKeyError, OSError."""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise EvidenceKeyError(
            "key_open", f"{path.name} can be read by others: it is not used. Run chmod 600, or make a new one"
        )
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise EvidenceKeyError("key_damaged", f"{path.name} is not a private key.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise EvidenceKeyError("key_damaged", f"{path.name} is not an Ed25519 key.")
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def read_public_pem(data: bytes) -> Ed25519PublicKey:
    """Raises ValueError for what is no Ed25519 public key in exactly the form we write."""
    try:
        key = serialization.load_pem_public_key(data)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("not a public key") from None
    if not isinstance(key, Ed25519PublicKey) or public_pem(key) != data:
        raise ValueError("not an Ed25519 public key as the console writes it")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the 32 bytes of the key, hexadecimal."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()


def spaced(fingerprint_hex: str) -> str:
    """A fingerprint as people read it aloud: groups of four."""
    return " ".join(fingerprint_hex[at : at + 4] for at in range(0, len(fingerprint_hex), 4))
