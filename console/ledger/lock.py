"""One process writes the ledger. SQLite would allow two; we do not, and this file is how we know."""

from __future__ import annotations

import fcntl
import os
import threading
from pathlib import Path

from console.ledger.problems import LedgerUnavailable, unavailable


def writing_process(ledger_path: Path) -> int:
    """The process that holds the ledger for writing; 0 when none does."""
    try:
        handle = os.open(_lock_path(ledger_path), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        said = os.pread(handle, 32, 0).strip()
        return int(said) if said.isdigit() else 0
    finally:
        os.close(handle)
    return 0


def _lock_path(ledger_path: Path) -> Path:
    return ledger_path.with_name(ledger_path.name + ".writer")


class WriterLock:
    """Holds `PATH.writer`, locked, with our process id in it. The kernel lets go when the process dies.

    A lock on a file of its own: SQLite's locks on the database vanish when anybody in this process closes
    another handle of the same file.
    """

    def __init__(self, ledger_path: Path) -> None:
        self.path = _lock_path(ledger_path)
        try:
            self._handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unavailable(error) or error from error
        if not self._taken():
            holder = os.pread(self._handle, 32, 0).decode("ascii", "replace").strip()
            os.close(self._handle)
            raise LedgerUnavailable("second_writer", f"process {holder or '?'}")
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, f"{os.getpid()}\n".encode(), 0)

    def _taken(self) -> bool:
        """Tries for half a second: somebody who only asks (`writing_process`) holds it for a moment."""
        for _ in range(25):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                threading.Event().wait(0.02)
            else:
                return True
        return False

    @property
    def held(self) -> bool:
        return self._handle >= 0

    def release(self) -> None:
        """Let another writer in. The file stays: removing it would race with one who waits for it."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
