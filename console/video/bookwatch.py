"""Notices that the files of the book changed: a new camera or a mended password needs no restart."""

from __future__ import annotations

import os
from pathlib import Path

from console.video.book import CREDENTIALS, FOLDER, SOURCES, SourceBook

Signature = tuple[tuple[int, int] | None, ...]


class BookWatch:
    """Looks at the two files of ``home/video``. One thread, not the window's: it reads files."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._seen = self._signature()

    def look(self) -> SourceBook | None:
        """The new book when a file changed since the last look, else None.

        Raises SourceBookError once for each change that made a file unusable.
        """
        signature = self._signature()
        if signature == self._seen:
            return None
        self._seen = signature
        return SourceBook.load(self._home)

    def _signature(self) -> Signature:
        return tuple(_of(self._home / FOLDER / name) for name in (SOURCES, CREDENTIALS))


def _of(path: Path) -> tuple[int, int] | None:
    try:
        about = os.stat(path)
    except OSError:
        return None
    return about.st_mtime_ns, about.st_ino
