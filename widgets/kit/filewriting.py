"""Writes an exported file in a thread of its own: whole and private, or not at all. Qt-free."""

from __future__ import annotations

import errno
import os
import queue
import threading
from pathlib import Path
from typing import Literal

Problem = tuple[str, dict[str, str]]
"""(catalogue key under kit.file, its fields)."""
WriterState = Literal["checking", "ready", "writing", "done", "failed", "cancelled"]

ENOUGH_WAITING = 8
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def trouble_with(path: Path) -> Problem | None:
    """Why a new file cannot be written there, None where it can. Touches the disk: not for the UI thread."""
    if not path.name or path.name in (".", ".."):
        return "no_name", {}
    if not path.parent.is_dir():
        return "no_folder", {"folder": str(path.parent)}
    if path.exists() or path.is_symlink():
        return "exists", {"path": str(path)}
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return "not_allowed", {"folder": str(path.parent)}
    return None


def put_in_place(part: Path, path: Path) -> None:
    """Give a finished file its name. Raises FileExistsError where the name was taken meanwhile.

    link() refuses a taken name where rename() would overwrite; file systems of memory sticks have no links,
    there the name is looked at a moment before.
    """
    try:
        os.link(part, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.rename(part, path)


class FileWriter:
    """`start` checks the place; after `begin` the pieces given to `put` become the file; `finish` names it.

    All methods from one thread (the UI's), which reads `state` and `problem` on its ticks; nothing blocks.
    Until `begin` nothing is created. A failed or cancelled file leaves nothing behind. The file is only its
    owner's to read (0600).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state: WriterState = "checking"
        self.problem: Problem | None = None
        self._pieces: queue.SimpleQueue[str | bytes | None] = queue.SimpleQueue()
        self._begin = threading.Event()
        self._cancelled = False
        self._thread = threading.Thread(target=self._run, name="export-writer", daemon=True)

    def start(self) -> None:
        """Check the place, in the thread."""
        self._thread.start()

    def begin(self) -> None:
        """The export may leave: make the file."""
        self._begin.set()

    def put(self, piece: str | bytes) -> None:
        """Append text (as UTF-8) or bytes."""
        self._pieces.put(piece)

    def busy(self) -> bool:
        """Whether so much waits to be written that the next page should too."""
        return self._pieces.qsize() >= ENOUGH_WAITING

    def finish(self) -> None:
        """All has been put."""
        self._pieces.put(None)

    def cancel(self) -> None:
        """Stop and leave nothing behind."""
        self._cancelled = True
        self._begin.set()
        self._pieces.put(None)

    def join(self, timeout_s: float | None = None) -> None:
        """Wait for the thread's end; after `finish`, `cancel` or a failure."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def ended(self) -> bool:
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self.problem = trouble_with(self.path)
            if self.problem is not None:
                self.state = "failed"
                return
            self.state = "ready"
            self._begin.wait()
            if self._cancelled:
                self.state = "cancelled"
                return
            self._write()
        except OSError as error:
            self.problem = ("failed", {"problem": error.strerror or type(error).__name__})
            self.state = "failed"

    def _write(self) -> None:
        self.state = "writing"
        part = self.path.with_name(self.path.name + ".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as out:
                while (piece := self._pieces.get()) is not None and not self._cancelled:
                    out.write(piece.encode() if isinstance(piece, str) else piece)
                out.flush()
                os.fsync(out.fileno())
            if self._cancelled:
                self.state = "cancelled"
                return
            put_in_place(part, self.path)
            self.state = "done"
        finally:
            part.unlink(missing_ok=True)
