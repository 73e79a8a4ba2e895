"""Asks the system to put on the disk what was written, beside the writing: a slow disk holds up nobody."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

from console.clock import SECOND_NS


class Syncing:
    """A thread of its own. `look` and `want` from the writing thread.

    A killed process loses nothing that was written, so nothing waits for this. It bounds what a power cut
    takes, and it is where a disk that failed after it had accepted the bytes says so.
    """

    def __init__(self, every_s: float, failed: Callable[[OSError], None]) -> None:
        self._every_ns = int(every_s * SECOND_NS)
        self._failed = failed
        self._due_ns = 0
        self._wanted: list[Path] = []
        self._wake = threading.Event()
        self._ended = False
        self.rounds = 0
        self._thread = threading.Thread(target=self._run, name="footage-syncing", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def want(self, path: Path) -> None:
        """A segment is complete: with the next round, although nobody writes it any more."""
        self._wanted.append(path)

    def look(self, now_ns: int, open_files: Callable[[], list[Path]]) -> None:
        """Begin a round when one is due and the last one is over."""
        if now_ns < self._due_ns or self._wake.is_set():
            return
        self._due_ns = now_ns + self._every_ns
        self._wanted += open_files()
        self._wake.set()

    def stop(self, wait_s: float) -> None:
        """Sync what is wanted once more, at most for `wait_s`."""
        self._ended = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def _run(self) -> None:
        while True:
            self._wake.wait()
            wanted, self._wanted = self._wanted, []
            for path in wanted:
                self._sync(path)
            self.rounds += 1
            if self._ended:
                return
            self._wake.clear()

    def _sync(self, path: Path) -> None:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return  # freed meanwhile
        except OSError as error:
            self._failed(error)
            return
        try:
            os.fdatasync(handle)
        except OSError as error:
            self._failed(error)
        finally:
            os.close(handle)
