"""A watched folder: files of messages and feeds that somebody, or another service, puts there.

Nothing in it is changed or removed. A file is read when it was the same at two looks, so that one that is
still being written is not taken for a broken one. Links and what is no plain file are refused.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from console.gateways.cap.figures import cap_figures
from console.gateways.cap.intake import Intake
from console.gateways.cap.refusing import NotTaken

SUFFIXES = (".cap", ".xml", ".atom", ".rss")
Seen = tuple[int, int, int]
"""File number, size, time of change."""


class FolderWatch:
    """`look` as often as the figures say; in any one thread."""

    def __init__(self, folder: Path, intake: Intake) -> None:
        self._folder, self._intake = folder, intake
        self._before: dict[str, Seen] = {}
        self._taken: dict[str, Seen] = {}

    def look(self) -> str:
        """Take what is new; "" or why the folder cannot be looked at."""
        try:
            with os.scandir(self._folder) as entries:
                names = sorted(one.name for one in entries if _is_wanted(one.name))
        except OSError as error:
            return error.strerror or type(error).__name__
        most = cap_figures().most.files
        if len(names) > most:
            problem = f"{len(names)} files; the first {most} are looked at"
            self._intake.refuse(NotTaken("too_large", 0, "folder", problem), self._folder.name)
        now: dict[str, Seen] = {}
        for name in names[:most]:
            seen = self._see(name)
            if seen is not None:
                now[name] = seen
        ready = [
            name for name, seen in now.items() if self._before.get(name) == seen != self._taken.get(name)
        ]
        for name in sorted(ready, key=lambda one: (now[one][2], one)):
            self._taken[name] = now[name]
            self._read(name)
        self._before = now
        self._taken = {name: seen for name, seen in self._taken.items() if name in now}
        return ""

    def _see(self, name: str) -> Seen | None:
        try:
            found = os.lstat(self._folder / name)
        except OSError:
            return None  # gone between two looks
        if not stat.S_ISREG(found.st_mode):
            self._intake.refuse(NotTaken("hostile", 0, "file", "is a link or no plain file"), name)
            return None
        return found.st_ino, found.st_size, found.st_mtime_ns

    def _read(self, name: str) -> None:
        most = cap_figures().most.feed_bytes
        try:
            handle = os.open(self._folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(handle, "rb") as file:
                data = file.read(most + 1)
        except OSError as error:
            self._intake.refuse(NotTaken("not_read", 0, "file", error.strerror or "cannot be read"), name)
            return
        for entry in self._intake.take(data, name):
            problem = "names its message, which a folder does not fetch"
            self._intake.refuse(NotTaken("invalid", entry.line, "entry", problem), name)


def _is_wanted(name: str) -> bool:
    return name.endswith(SUFFIXES) and not name.startswith((".", "~"))
