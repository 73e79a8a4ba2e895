"""How often somebody may ask: a bucket of tokens for each name, the least recently seen forgotten first."""

from __future__ import annotations

from collections import OrderedDict

from console.clock import SECOND_NS, Clock


class Pace:
    """`per_minute` in the long run, `at_once` after a rest. One thread."""

    def __init__(self, per_minute: float, at_once: float, most_names: int, clock: Clock) -> None:
        self._per_ns = per_minute / (60 * SECOND_NS)
        self._most = at_once
        self._names = most_names
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, name: str) -> float:
        """0.0 when `name` may now; else the seconds until it may, and nothing is taken."""
        now = self._clock.mono_ns()
        left = self._now(name, now)
        wait_s = (1.0 - left) / self._per_ns / SECOND_NS if left < 1.0 else 0.0
        self._left[name] = (left if wait_s else left - 1.0, now)
        self._left.move_to_end(name)
        if len(self._left) > self._names:
            self._left.popitem(last=False)
        return wait_s

    def wait_s(self, name: str) -> float:
        """What `take` would answer, with nothing taken."""
        left = self._now(name, self._clock.mono_ns())
        return (1.0 - left) / self._per_ns / SECOND_NS if left < 1.0 else 0.0

    def _now(self, name: str, now: int) -> float:
        left, at = self._left.get(name, (self._most, now))
        return min(self._most, left + (now - at) * self._per_ns)
