"""Signatures at the console's ends of the line: each try of ours is signed, each message of theirs checked.

Whether a partner must sign is said by `signers.toml` alone: who is named there must. We sign where it names
us.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from console.clock import Clock
from console.handoff.seen import SeenError, SeenFile
from console.handoff.signing import (
    HEADER,
    Form,
    SignatureRefused,
    Signer,
    TrustedKey,
    Verifier,
    read_envelope,
)
from console.handoff.signingkeys import SigningKeyError, ensure_signing_key, read_signers
from console.handoff.thread.figures import LadderFigures, ladder

SIGNERS = "signers.toml"


class SignerBook:
    """The trusted keys as the file has them now. A file that has become wrong changes nothing: `problem`
    says what is wrong with it. Any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int, int] | None = None
        self._keys: dict[str, TrustedKey] = {}
        self.problem = ""

    def keys(self) -> Mapping[str, TrustedKey]:
        """Key id to key."""
        try:
            stat = self._path.stat()
            now = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        except OSError:
            now = (0, 0, 0)
        if now != self._seen:
            self._seen = now
            try:
                self._keys, self.problem = read_signers(self._path), ""
            except SigningKeyError as error:
                self.problem = str(error)
        return self._keys

    def demands(self, party: str) -> bool:
        """Whether messages of this party must be signed."""
        return any(one.party == party for one in self.keys().values())


class Signatures:
    """Signs for `us` and checks what others sign for us. Used on one loop; checking waits for the disk in a
    thread of its own.

    `keys` is the folder of the keys, `seen` the file of used nonces. Raises SigningKeyError, SeenError,
    OSError where they cannot be used.
    """

    def __init__(
        self, keys: Path, us: str, seen: Path, clock: Clock, figures: LadderFigures | None = None
    ) -> None:
        figures = figures or ladder()
        self.book = SignerBook(keys / SIGNERS)
        self._us, self._clock = us, clock
        self._signer: Signer | None = None
        if self.book.demands(us):
            self._signer = Signer(us, ensure_signing_key(keys, us), figures.signature, figures.json)
        if self.book.problem:
            raise SigningKeyError(self.book.problem)
        self._seen = SeenFile(seen, figures.signature)
        self._verifier = Verifier(us, self.book.keys, self._seen, figures.signature, figures.json)
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="signatures")

    def headers(self, body: bytes, form: Form, receiver: str) -> dict[str, str]:
        """What goes beside one try of a message; empty where this site does not sign. Raises JsonError."""
        if self._signer is None:
            return {}
        return {HEADER: str(self._signer.sign(body, form, receiver, self._clock.now_ns()))}

    async def check(self, header: str | None, body: bytes, sender: str, now_ns: int) -> None:
        """Return when the message is `sender`'s own, or need not be signed; else raise SignatureRefused."""
        if header is None:
            if self.book.demands(sender):
                raise SignatureRefused("malformed", f"{HEADER} is missing; messages of {sender} are signed")
            return
        envelope = read_envelope(header)
        check = partial(self._verifier.check, envelope, body, sender, now_ns)
        await asyncio.get_running_loop().run_in_executor(self._disk, check)

    def close(self) -> None:
        self._disk.shutdown(wait=True)
        self._seen.close()


__all__ = ["SIGNERS", "SeenError", "Signatures", "SignerBook", "SigningKeyError"]
