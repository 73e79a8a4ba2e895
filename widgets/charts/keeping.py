"""What was pinned, kept on disk for the desk. Written and read by a thread, so that no file is touched
elsewhere."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from console.paths import write_private

log = logging.getLogger("bongsu.desk.charts")
BIGGEST_BYTES = 1_000_000


class PinnedFile:
    """HOME/desks/DESK-charts.json. `text` is None until it has been read. UI thread; nothing waits but
    `close`."""

    def __init__(self, home: Path, desk: str) -> None:
        safe = "".join(one if one.isalnum() or one in "-_" else "_" for one in desk) or "desk"
        self.path = home / "desks" / f"{safe}-charts.json"
        self.text: str | None = None
        self._newest: str | None = None
        self._ended = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="desk-charts", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, text: str) -> None:
        """Write this soon; of several that wait, the newest."""
        with self._wake:
            self._newest = text
            self._wake.notify()

    def close(self) -> None:
        """Write what waits, end the thread."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        self.text = self._read()
        while True:
            with self._wake:
                while self._newest is None and not self._ended:
                    self._wake.wait()
                text, self._newest = self._newest, None
            if text is None:
                return
            try:
                write_private(self.path, text.encode())
            except OSError as error:
                log.warning("%s: cannot be written (%s); what was pinned is forgotten at the end.",
                            self.path.name, error.strerror)  # fmt: skip

    def _read(self) -> str:
        try:
            if self.path.stat().st_size > BIGGEST_BYTES:
                raise ValueError("too large")
            return self.path.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, ValueError) as error:
            log.warning("%s: cannot be read (%s); the charts are the profile's.", self.path.name, error)
            return ""
