"""The folder of recordings: how its files are named, which one is newest, who writes there."""

from __future__ import annotations

import fcntl
import os
import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.recording.layout import RecordingError

_NAME = re.compile(r"\d{8}T\d{6}\.\d{3}Z\.mcap")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS_NS = 1_000_000


def recordings(folder: Path) -> list[Path]:
    """The recorder's own files, oldest first. Their names are the UTC time at which they were begun."""
    return sorted(path for path in folder.glob("*.mcap") if _NAME.fullmatch(path.name))


def next_name(folder: Path, now_ns: int) -> str:
    """A name for a file begun now; later than every other even after the clock was set back."""
    stamp = now_ns // _MS_NS
    present = recordings(folder)
    if present:
        stamp = max(stamp, begun_ns(present[-1]) // _MS_NS + 1)
    begun = _EPOCH + timedelta(milliseconds=stamp)
    return f"{begun:%Y%m%dT%H%M%S}.{stamp % 1000:03d}Z.mcap"


def begun_ns(path: Path) -> int:
    """When a recorder's file was begun, ns since 1970, from its name."""
    begun = datetime.strptime(path.name, "%Y%m%dT%H%M%S.%fZ.mcap").replace(tzinfo=UTC)
    return round((begun - _EPOCH) / timedelta(milliseconds=1)) * _MS_NS


class FolderLock:
    """Held by the one recorder of a folder as long as it lives; the kernel lets go when it dies."""

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder / ".recorder", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not self._taken():
            os.close(self._handle)
            raise RecordingError(f"another recorder writes in {folder}: stop it first")

    def _taken(self) -> bool:
        """Tries for half a second: somebody who only asks (`being_recorded`) holds it for a moment."""
        for _ in range(25):
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                threading.Event().wait(0.02)
            else:
                return True
        return False

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def being_recorded(folder: Path) -> bool:
    """Whether a living recorder holds the folder."""
    try:
        handle = os.open(folder / ".recorder", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


