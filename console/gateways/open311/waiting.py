"""Reports that the hub has not confirmed yet, on disk: what a citizen was given a token for is not lost."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import msgspec

from console.model.citizenreport import ReportTold
from console.paths import private_folder, write_private

FOLDER = ("citizens", "waiting")
REFUSED = ("citizens", "refused")

_log = logging.getLogger("bongsu.gateway.open311")


class WaitingReports:
    """One file a report under DIR/citizens/waiting. `keep`, `done` and `refuse` read or write: off the loop.

    `tokens` may be read in any thread.
    """

    def __init__(self, home: Path, most: int) -> None:
        self._folder = home.joinpath(*FOLDER)
        self._refused = home.joinpath(*REFUSED)
        self._most = most
        self.tokens: set[str] = set()

    @property
    def full(self) -> bool:
        """Whether no further report may wait."""
        return len(self.tokens) >= self._most

    def read(self) -> list[ReportTold]:
        """What waited when the server ended, oldest first. A damaged file is put aside and logged."""
        private_folder(self._folder.parent)
        private_folder(self._folder)
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append(msgspec.json.decode(path.read_bytes(), type=ReportTold))
            except (OSError, msgspec.DecodeError) as error:
                _log.error("A waiting report could not be read and was put aside: %s (%s)", path.name, error)
                self.refuse(path.stem)
        self.tokens.update(told.token for told in found)
        return sorted(found, key=lambda told: told.told_at_ns)

    def keep(self, told: ReportTold) -> None:
        """On disk, the folder's entry too, before it returns. Raises OSError."""
        write_private(self._folder / f"{told.token}.json", msgspec.json.encode(told))
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        self.tokens.add(told.token)

    def done(self, token: str) -> None:
        """The hub has it on disk."""
        (self._folder / f"{token}.json").unlink(missing_ok=True)
        self.tokens.discard(token)

    def refuse(self, token: str) -> None:
        """The hub will never take it: kept aside for a person to look at."""
        private_folder(self._refused)
        try:
            os.replace(self._folder / f"{token}.json", self._refused / f"{token}.json")
        except FileNotFoundError:
            pass
        self.tokens.discard(token)
