"""Signatures of the agency's messages, where the site has signers: its own made, the console's demanded.

The agency signs when keys/signers.toml names it as a party, and demands a signature of the console when it
names the console. A line without signers is guarded by its certificates alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.clock import Clock
from console.handoff.jsontext import JsonError
from console.handoff.seen import SeenError, SeenFile
from console.handoff.signing import (
    Form,
    SignatureRefused,
    Signer,
    TrustedKey,
    Verifier,
    read_envelope,
)
from console.handoff.signingkeys import SigningKeyError, ensure_signing_key, read_signers
from console.handoff.thread.figures import ladder

CONSOLE = "console"
_SIGNERS = "signers.toml"


class SealError(Exception):
    """Keys or the memory of signatures cannot be used; the text names the file and says what to do."""


class Seals:
    """Used by the office's thread. Looks at signers.toml whenever it changes.

    A file that has become wrong changes nothing: the last good keys stay, and `problem` says what is wrong.
    """

    def __init__(self, keys: Path, agency: str, seen: Path, clock: Clock) -> None:
        """Raises SealError, OSError."""
        self._path = keys / _SIGNERS
        self._folder = keys
        self._agency = agency
        self._clock = clock
        self._stamp: tuple[int, int, int] | None = None
        self._keys: dict[str, TrustedKey] = {}
        self._signer: Signer | None = None
        self.problem = ""
        try:
            self._seen = SeenFile(seen, ladder().signature)
        except SeenError as error:
            raise SealError(str(error)) from None
        self._verifier = Verifier(agency, self._trusted, self._seen, ladder().signature, ladder().json)

    def close(self) -> None:
        self._seen.close()

    def header(self, body: bytes, form: Form, receiver: str = CONSOLE) -> str:
        """A fresh signature for one try, or "" where the site has no key of ours."""
        signer = self._own()
        return "" if signer is None else str(signer.sign(body, form, receiver, self._clock.now_ns()))

    def wrong(self, body: bytes, form: Form, receiver: str = CONSOLE) -> str:
        """A signature under our key's name by another key: a failure to show on purpose."""
        stranger = Signer(self._agency, Ed25519PrivateKey.generate(), ladder().signature, ladder().json)
        envelope = stranger.sign(body, form, receiver, self._clock.now_ns())
        own = self._own()
        return str(envelope if own is None else msgspec.structs.replace(envelope, key_id=own.key_id))

    def check(self, header: str, body: bytes) -> str:
        """What is wrong with the console's signature, or "". A site without its key demands none."""
        keys = self._trusted().values()
        if not any(key.party == CONSOLE for key in keys):
            return ""
        if not header:
            return "signature: missing; this site's console signs its messages"
        try:
            self._verifier.check(read_envelope(header), body, CONSOLE, self._clock.now_ns())
        except SignatureRefused as refused:
            return f"signature: {refused.code}: {refused}"
        except JsonError as error:
            return f"signature: {error}"
        return ""

    def _own(self) -> Signer | None:
        if not any(key.party == self._agency for key in self._trusted().values()):
            return None
        if self._signer is None:
            try:
                key = ensure_signing_key(self._folder, self._agency)
            except (SigningKeyError, OSError) as error:
                self.problem = str(error)
                return None
            self._signer = Signer(self._agency, key, ladder().signature, ladder().json)
        return self._signer

    def _trusted(self) -> Mapping[str, TrustedKey]:
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            stamp = (0, 0, 0)
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._keys, self.problem = read_signers(self._path), ""
            except SigningKeyError as error:
                self.problem = str(error)
        return self._keys
