"""What the agency did, line by line, in a file a checker reads: ledger.jsonl beside the store.

The lines are written with what they tell of, in one transaction of the store; the file is their copy. So
whoever is killed in between finds the missing lines at the next start, each of them once.
"""

from __future__ import annotations

import os
from pathlib import Path

from console.agency.base import Base
from console.clock import Clock
from console.handoff.thread.checker import PartnerDid, PartnerLine, line_of


class Ledger:
    """Used by the store's thread. `write` inside a transaction of `base`, `copy` after it."""

    def __init__(self, base: Base, path: Path, agency: str, clock: Clock | None) -> None:
        """Cut a torn last line, and add what is missing. Raises OSError."""
        self._base = base
        self._agency = agency
        self._clock = clock
        self._out = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        data = path.read_bytes()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            os.ftruncate(self._out, whole)
        self._copied = data.count(b"\n", 0, whole)
        self.copy()

    def write(
        self, did: PartnerDid, key: str, case_ref: str, message_id: str = "", what: str = ""
    ) -> None:
        """One line. `at_ns` is of the clock that never goes back."""
        line = PartnerLine(
            at_ns=self._clock.mono_ns() if self._clock is not None else 0, did=did, key=key,
            agency=self._agency, case_ref=case_ref, message_id=message_id, what=what,
        )  # fmt: skip
        self._base.write("INSERT INTO line (text) VALUES (?)", (line_of(line),))

    def copy(self) -> None:
        """Bring the file up to the store. What a full disk does not take now is copied the next time."""
        rows = self._base.rows("SELECT text FROM line ORDER BY id LIMIT -1 OFFSET ?", (self._copied,))
        for (text,) in rows:
            at = os.fstat(self._out).st_size
            try:
                if os.write(self._out, text) != len(text):
                    raise OSError("cut")
            except OSError:
                os.ftruncate(self._out, at)
                return
            self._copied += 1

    def close(self) -> None:
        os.close(self._out)
