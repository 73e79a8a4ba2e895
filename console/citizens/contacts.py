"""Contact data of citizens: one file a report, readable by the owner only, deleted when its time is over.

It is kept apart from the log because the log cannot forget. The intake writes and deletes; the hub reads for
a person at a desk, after that is on the record.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import msgspec

from console.model.citizenreport import ReportContact
from console.paths import private_folder, write_private

FOLDER = ("citizens", "contacts")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,64}")
BIGGEST_FILE = 64_000


def call_token(call: str) -> str:
    """The token of a caller's contact data, by the uid of the call's clue: of no use to guess another's."""
    return "call-" + hashlib.sha256(call.encode()).hexdigest()[:40]


class ContactBook:
    """The files under DIR/citizens/contacts, by the report's token. Any thread; each call reads or writes."""

    def __init__(self, home: Path) -> None:
        self._folder = home.joinpath(*FOLDER)

    def keep(self, token: str, contact: ReportContact) -> None:
        """Write it to disk, synced. Raises OSError."""
        private_folder(self._folder.parent)
        write_private(self._path(token), msgspec.json.encode(contact))

    def read(self, token: str) -> ReportContact:
        """What is kept, or why there is nothing (`problem`)."""
        try:
            path = self._path(token)
            if path.stat().st_size > BIGGEST_FILE:
                return ReportContact(report_id="", problem="damaged")
            return msgspec.json.decode(path.read_bytes(), type=ReportContact)
        except FileNotFoundError:
            return ReportContact(report_id="", problem="deleted")
        except (OSError, ValueError):
            return ReportContact(report_id="", problem="damaged")

    def forget(self, token: str) -> bool:
        """Delete it; whether there was one. Raises OSError."""
        path = self._path(token)
        known = path.exists()
        path.unlink(missing_ok=True)
        return known

    def tokens(self) -> list[tuple[str, float]]:
        """What is kept: (token, when it was written, seconds since 1970)."""
        if not self._folder.is_dir():
            return []
        found = []
        for path in self._folder.glob("*.json"):
            try:
                found.append((path.stem, path.stat().st_mtime))
            except FileNotFoundError:
                continue
        return found

    def _path(self, token: str) -> Path:
        if not _TOKEN.fullmatch(token):
            raise ValueError("a token is 8 to 64 letters, digits, hyphens and underscores")
        return self._folder / f"{token}.json"
