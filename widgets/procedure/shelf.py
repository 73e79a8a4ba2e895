"""The city's procedures at a desk: read by a thread of its own, there when they are there."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from console.model.procedure import Procedure, procedure_id
from console.model.procedurerun import ProcedureRun
from console.profile import Profile, ProfileError
from console.profile.procedures import ProcedureBook, load_procedures

_log = logging.getLogger("bongsu.desk.procedure")


class ProcedureShelf:
    """`book` is empty until it was read; `version` counts up then. Files that cannot be used are logged, and
    the panel shows what the record says."""

    def __init__(self, city: str | Path, profile: Profile) -> None:
        self._city, self._profile = city, profile
        self.book = ProcedureBook()
        self.version = 0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read."""
        self._thread = threading.Thread(target=self.read, name="procedures", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Wait for the reading to end."""
        if self._thread is not None:
            self._thread.join(10)

    def read(self) -> None:
        """Read now, in the thread that calls."""
        try:
            self.book = load_procedures(self._city, self._profile)
        except ProfileError as problem:
            _log.error("No procedures at this desk: %s", problem)
        self.version += 1

    def of(self, run: ProcedureRun) -> Procedure | None:
        """The procedure under way in just these words; None where this desk has others or none."""
        found = self.book.procedures.get(procedure_id(run.procedure))
        return found if found is not None and found.key == run.procedure else None
