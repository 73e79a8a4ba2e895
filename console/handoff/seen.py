"""Nonces that were used, in a file that is on disk before the answer: a line each, added at its end.

A nonce is kept `keep_s` longer than its signature can hold. What is forgotten moves a floor: nothing whose
time ended below it is taken any more, so a clock put far back lets no old message in either.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from console.clock import SECOND_NS
from console.handoff.signing import SeenFull
from console.handoff.thread.figures import SignatureFigures
from console.paths import private_folder


class SeenError(Exception):
    """The file cannot be used; the text names it and says what to do."""


class SeenMemory:
    """For a test, or a receiver that refuses all that was signed before it began. One thread."""

    def __init__(self, began_ns: int, figures: SignatureFigures) -> None:
        valid_ns = int((figures.window_s + figures.skew_s) * SECOND_NS)
        self._book = _Book(began_ns + valid_ns, figures)

    def add(self, key_id: str, nonce: str, until_ns: int, now_ns: int) -> bool:
        self._book.forget(now_ns)
        return self._book.add(key_id, nonce, until_ns)


class SeenFile:
    """The file of one receiver; a second process is refused. One thread.

    Raises SeenError when it is open elsewhere or holds lines that are none; OSError.
    """

    def __init__(self, path: Path, figures: SignatureFigures) -> None:
        private_folder(path.parent)
        self._path = path
        self._book = _Book(0, figures)
        self._out = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._read()
        except BlockingIOError:
            os.close(self._out)
            raise SeenError(f"{path.name} is open in another process: stop that one first") from None
        except BaseException:
            os.close(self._out)
            raise

    def add(self, key_id: str, nonce: str, until_ns: int, now_ns: int) -> bool:
        """See `SeenIds`. A line that could not be written whole is taken back."""
        forgotten = self._book.forget(now_ns)
        if forgotten > len(self._book):
            self._rewrite()
        if not self._book.add(key_id, nonce, until_ns):
            return False
        at = os.fstat(self._out).st_size
        try:
            self._write(f"{until_ns} {key_id} {nonce}\n".encode())
        except OSError:
            self._book.take_back(key_id, nonce)
            os.ftruncate(self._out, at)
            raise
        return True

    def close(self) -> None:
        os.close(self._out)

    def __len__(self) -> int:
        return len(self._book)

    def _read(self) -> None:
        lines = self._path.read_bytes().split(b"\n")
        torn = lines.pop()
        for number, line in enumerate(lines, 1):
            try:
                until, key_id, nonce = line.decode("ascii").split(" ")
                if key_id == "floor":
                    self._book.floor_ns = max(self._book.floor_ns, int(until))
                else:
                    self._book.put(key_id, nonce, int(until))
            except ValueError:
                raise SeenError(
                    f"{self._path.name}: line {number} is damaged; move the file away, wait "
                    "until its signatures are stale, and start again"
                ) from None
        if torn:  # its writer died; nobody was told that it was taken
            os.ftruncate(self._out, os.fstat(self._out).st_size - len(torn))

    def _rewrite(self) -> None:
        """Without what was forgotten: whole or not at all, in a new file that takes the old one's place."""
        fresh = self._path.with_name(f".{self._path.name}.new")
        out = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write_all(out, self._book.lines())
            os.fsync(out)
            os.replace(fresh, self._path)
        except BaseException:
            os.close(out)
            raise
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        os.close(self._out)
        self._out = out

    def _write(self, data: bytes) -> None:
        _write_all(self._out, data)
        os.fsync(self._out)


def _write_all(out: int, data: bytes) -> None:
    while data:
        data = data[os.write(out, data) :]


class _Book:
    """Nonces by when they may be forgotten."""

    def __init__(self, floor_ns: int, figures: SignatureFigures) -> None:
        self.floor_ns = floor_ns
        self._keep_ns = int(figures.keep_s * SECOND_NS)
        self._most = figures.seen_most
        self._until_ns: dict[tuple[str, str], int] = {}
        self._next_look_ns = 0

    def __len__(self) -> int:
        return len(self._until_ns)

    def add(self, key_id: str, nonce: str, until_ns: int) -> bool:
        """False for one that is here, or whose time ended below the floor. Raises SeenFull."""
        if until_ns <= self.floor_ns or (key_id, nonce) in self._until_ns:
            return False
        if len(self._until_ns) >= self._most:
            raise SeenFull
        self._until_ns[key_id, nonce] = until_ns
        return True

    def put(self, key_id: str, nonce: str, until_ns: int) -> None:
        self._until_ns[key_id, nonce] = until_ns

    def take_back(self, key_id: str, nonce: str) -> None:
        self._until_ns.pop((key_id, nonce), None)

    def forget(self, now_ns: int) -> int:
        """Drop what is long over, at most once a minute; how many were dropped."""
        if now_ns < self._next_look_ns:
            return 0
        self._next_look_ns = now_ns + 60 * SECOND_NS
        before_ns = now_ns - self._keep_ns
        old = [name for name, until_ns in self._until_ns.items() if until_ns <= before_ns]
        for name in old:
            del self._until_ns[name]
        if old:
            self.floor_ns = max(self.floor_ns, before_ns)
        return len(old)

    def lines(self) -> bytes:
        floor = f"{self.floor_ns} floor -\n" if self.floor_ns else ""
        each = (f"{until} {key_id} {nonce}\n" for (key_id, nonce), until in self._until_ns.items())
        return (floor + "".join(each)).encode()
