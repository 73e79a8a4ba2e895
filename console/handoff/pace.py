"""When to try again, when to call a line down, how fast a partner may knock. No clock and no sleep of
its own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Protocol

from console.handoff.profile import Times


class Sleeper(Protocol):
    """Lets time pass on the courier's loop; a test gives one that it steps."""

    async def sleep(self, seconds: float) -> None: ...


class LoopSleeper:
    """Real time."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def retry_delays(times: Times, rng: random.Random) -> Iterator[float]:
    """Seconds to wait after the first, second, ... try: doubling from first to most, each off by the
    jitter."""
    delay = times.retry_first_s
    while True:
        yield delay * rng.uniform(1 - times.jitter, 1 + times.jitter)
        delay = min(delay * 2, times.retry_most_s)


class LinkJudge:
    """Turns single outcomes into a line that is up or down. `up` is None until the first outcome.

    One answer makes it up. A definite failure (refused, wrong certificate) makes it down at once, silence
    only after several in a row, because one lost heartbeat says nothing.
    """

    def __init__(self, misses: int) -> None:
        self.up: bool | None = None
        self._needed = misses
        self._missed = 0

    def take(self, answered: bool, definite: bool = True) -> bool:
        """Take an outcome; True when the line changed by it."""
        if answered:
            self._missed = 0
            changed, self.up = self.up is not True, True
            return changed
        self._missed += 1
        if self.up is False or not (definite or self._missed >= self._needed):
            return False
        self.up = False
        return True


class Bucket:
    """A token bucket: `burst` at once, `per_second` on and on. Time is given, in nanoseconds, never
    backwards."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at_ns: int | None = None

    def take(self, mono_ns: int) -> bool:
        """Whether one more is allowed now."""
        if self._at_ns is not None:
            self._tokens = min(self._burst, self._tokens + (mono_ns - self._at_ns) * 1e-9 * self._per_second)
        self._at_ns = mono_ns
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
