"""The only place that asks the time. Everything else is given a Clock; tests and replays step theirs."""

from __future__ import annotations

import time
from typing import Protocol

SECOND_NS = 1_000_000_000


class Clock(Protocol):
    """`now_ns` is wall time since 1970 (UTC) and may jump; `mono_ns` never goes back and times durations."""

    def now_ns(self) -> int: ...

    def mono_ns(self) -> int: ...


class SystemClock:
    """The machine's clocks. Any thread."""

    def now_ns(self) -> int:
        return time.time_ns()

    def mono_ns(self) -> int:
        return time.monotonic_ns()


WALL_CLOCK = SystemClock()
"""For decoding processes and measurements, which follow the machine's own time and nothing else."""


class SteppedClock:
    """A clock that stands still until it is stepped. `jump` moves only the wall clock."""

    def __init__(self, now_ns: int = 1_774_000_000 * SECOND_NS) -> None:
        self._now_ns = now_ns
        self._mono_ns = 0

    def now_ns(self) -> int:
        return self._now_ns

    def mono_ns(self) -> int:
        return self._mono_ns

    def step(self, seconds: float) -> None:
        """Let `seconds` pass on both clocks. Raises ValueError when negative."""
        if seconds < 0:
            raise ValueError("time does not step back; use jump() for a wall clock that does")
        self._now_ns += int(seconds * SECOND_NS)
        self._mono_ns += int(seconds * SECOND_NS)

    def jump(self, seconds: float) -> None:
        """Set the wall clock forward or back without time passing."""
        self._now_ns += int(seconds * SECOND_NS)
