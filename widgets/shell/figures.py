"""What this desk measures of itself, as one JSON object a second: `HOME/run/desk-ID.json`. Qt-free.

Times are seconds since the process started. Nothing in it names a person, a source or a secret.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from console.clock import SystemClock
from console.paths import write_private

log = logging.getLogger("bongsu.ui")

MOVING_WITHIN_NS = 2_000_000_000
PROCESS_CLOCK = SystemClock()
"""Figures are about this process on this machine: never about a replayed or stepped time."""


def process_started_mono_ns() -> int:
    """When this process was started, on the monotonic clock; now where the system does not tell."""
    try:
        with open("/proc/self/stat", encoding="ascii", errors="replace") as stat:
            ticks = int(stat.read().rpartition(")")[2].split()[19])
        boot_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        age_ns = boot_ns - ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")
        return PROCESS_CLOCK.mono_ns() - age_ns
    except (OSError, ValueError, AttributeError, IndexError):
        return PROCESS_CLOCK.mono_ns()


class Moving:
    """Counts cameras whose picture changed lately; the `meter` of a wall. UI thread."""

    def __init__(self, camera_ids: Sequence[str]) -> None:
        self._wanted = frozenset(camera_ids)
        self._first: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self.pictures = 0
        self.first_picture_ns = 0
        self.all_moving_ns = 0

    def painted(self, camera_id: str, due_mono_ns: int) -> None:
        """A new picture of a camera was painted."""
        now_ns = PROCESS_CLOCK.mono_ns()
        self.pictures += 1
        self.first_picture_ns = self.first_picture_ns or now_ns
        if camera_id in self._first:
            self._last[camera_id] = now_ns  # the second picture is what makes it move
        else:
            self._first[camera_id] = now_ns
        if not self.all_moving_ns and self._wanted and self._wanted <= self._last.keys():
            self.all_moving_ns = now_ns

    def count(self) -> int:
        """How many cameras had a new picture in the last two seconds."""
        since_ns = PROCESS_CLOCK.mono_ns() - MOVING_WITHIN_NS
        return sum(1 for at_ns in self._last.values() if at_ns >= since_ns)


class FiguresFile:
    """Writes the figures from a thread of its own, so that no file is touched by the UI thread.

    `wants_reset` turns true when `desk-ID.reset` appears beside the file (a bench begins); the file is
    taken away.
    """

    def __init__(self, home: Path, desk: str) -> None:
        self._path = home / "run" / f"desk-{desk}.json"
        self._reset = home / "run" / f"desk-{desk}.reset"
        self._queue: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self.wants_reset = threading.Event()
        self._thread = threading.Thread(target=self._run, name="desk-figures", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, figures: dict[str, Any]) -> None:
        """Write these soon."""
        self._queue.put(figures)

    def close(self) -> None:
        """Write what waits, end the thread."""
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        failed = False
        while (figures := self._queue.get()) is not None:
            try:
                write_private(self._path, msgspec.json.encode(figures))
                if self._reset.exists():
                    self._reset.unlink()
                    self.wants_reset.set()
                failed = False
            except OSError as error:
                if not failed:
                    log.warning(
                        "The desk's figures cannot be written (%s); nothing else is affected.", error.strerror
                    )
                failed = True


def percentiles(values: deque[float]) -> tuple[float, float]:
    """(median, p99), 0 for none."""
    ordered = sorted(values)
    if not ordered:
        return 0.0, 0.0
    return round(ordered[len(ordered) // 2], 2), round(
        ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))], 2
    )
