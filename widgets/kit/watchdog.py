"""Says in the log when the UI thread stands still, and what every thread was doing then."""

from __future__ import annotations

import logging
import sys
import threading
import traceback

from console.clock import Clock
from widgets.kit.gaps import GapMeter

log = logging.getLogger("bongsu.ui")

STALL_MS = 250.0
LOOK_S = 0.05


class Watchdog:
    """A thread that watches the UI thread's heartbeat. A stall is logged once, while it lasts, and counted.

    `start` and `stop` from the UI thread; `look` is what the thread does each 50 ms, and what tests call.
    """

    def __init__(self, gaps: GapMeter, clock: Clock, stall_ms: float = STALL_MS) -> None:
        self._gaps, self._clock, self._stall_ms = gaps, clock, stall_ms
        self.stalls = 0
        self._stalled_beat_ns = -1
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Watch from now on."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="ui-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; waits for it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def look(self) -> bool:
        """Compare the last heartbeat with now; logs a stall the first time it is seen. True while stalled."""
        beat_ns = self._gaps.last_beat_ns
        still_ms = (self._clock.mono_ns() - beat_ns) / 1e6
        if still_ms <= self._stall_ms:
            return False
        if beat_ns != self._stalled_beat_ns:
            self._stalled_beat_ns = beat_ns
            self.stalls += 1
            log.warning(
                "the UI thread has stood still for %.0f ms; every thread's stack:\n%s", still_ms, stacks()
            )
        return True

    def _run(self) -> None:
        while not self._stop.wait(LOOK_S):
            self.look()


def stacks() -> str:
    """The Python stack of every thread, the main thread first. Holds names and source lines, no values."""
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    main = threading.main_thread().ident
    frames = sorted(sys._current_frames().items(), key=lambda item: item[0] != main)
    return "\n".join(
        f"-- {names.get(ident, ident)}\n{''.join(traceback.format_stack(frame)).rstrip()}"
        for ident, frame in frames
    )
