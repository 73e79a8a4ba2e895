"""What a desk's windows show, kept on disk as it changes: a console that is switched off in the middle of
work comes back as it was. Written by a thread of its own, so that no file is touched by the UI thread."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import msgspec

from console.paths import write_private

log = logging.getLogger("bongsu.desk.windows")
BIGGEST_BYTES = 1_000_000


class WindowKept(msgspec.Struct, frozen=True):
    """One window: `part` is the part's own text; `screen` and `rect` (x, y, width, height on the virtual
    desktop) say where the operator put it, `full` whether it filled its screen."""

    part: str = ""
    screen: str = ""
    rect: tuple[int, int, int, int] = (0, 0, 0, 0)
    full: bool = False
    maximized: bool = False


class DeskKept(msgspec.Struct, frozen=True):
    """The main window's wall, and the other windows in the order they were opened."""

    main: str = ""
    screen: str = ""
    rect: tuple[int, int, int, int] = (0, 0, 0, 0)
    windows: tuple[WindowKept, ...] = ()


class KeptFile:
    """HOME/desks/DESK-windows.json. `read` before the window is shown; then `put` at each change, from the UI
    thread; `close` at the end."""

    def __init__(self, home: Path, desk: str) -> None:
        safe = "".join(one if one.isalnum() or one in "-_" else "_" for one in desk) or "desk"
        self.path = home / "desks" / f"{safe}-windows.json"
        self._newest: DeskKept | None = None
        self._wake = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="desk-windows", daemon=True)

    def read(self) -> DeskKept:
        """What was kept; nothing where there is none. One that cannot be read is said in the log and left
        out."""
        try:
            if self.path.stat().st_size > BIGGEST_BYTES:
                raise ValueError("too large")
            return msgspec.json.decode(self.path.read_bytes(), type=DeskKept)
        except FileNotFoundError:
            return DeskKept()
        except (OSError, ValueError) as error:
            log.warning(
                "%s: cannot be read (%s); the desk begins with its profile's wall.", self.path.name, error
            )
            return DeskKept()

    def put(self, kept: DeskKept) -> None:
        """Write this soon; of several that wait, the newest."""
        with self._wake:
            self._newest = kept
            self._wake.notify()
        if not self._thread.is_alive() and not self._ended:
            self._thread.start()

    def close(self) -> None:
        """Write what waits, end the thread."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        failed = False
        while True:
            with self._wake:
                while self._newest is None and not self._ended:
                    self._wake.wait()
                kept, self._newest = self._newest, None
            if kept is None:
                return
            try:
                write_private(self.path, msgspec.json.encode(kept))
                failed = False
            except OSError as error:
                if not failed:
                    log.warning("%s: cannot be written (%s); walls are as before at the next start.",
                                self.path.name, error.strerror)  # fmt: skip
                failed = True
