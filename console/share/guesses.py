"""How often an address may come with a token nobody has, and how often a refusal is written down."""

from __future__ import annotations

from collections import OrderedDict

from console.clock import SECOND_NS, Clock


class Guesses:
    """A bucket for each address: the least recently seen is forgotten first. One thread."""

    def __init__(self, per_minute: float, at_once: float, most_addresses: int, clock: Clock) -> None:
        self._per_ns = per_minute / (60 * SECOND_NS)
        self._most, self._addresses, self._clock = at_once, most_addresses, clock
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wrong(self, address: str) -> bool:
        """Count a wrong token; whether the address had one left."""
        now = self._clock.mono_ns()
        left, at = self._left.pop(address, (self._most, now))
        left = min(self._most, left + (now - at) * self._per_ns)
        self._left[address] = (max(0.0, left - 1.0), now)
        if len(self._left) > self._addresses:
            self._left.popitem(last=False)
        return left >= 1.0


class Told:
    """Lets one of many like things through in a time, and counts those between. One thread."""

    def __init__(self, every_s: float, most: int, clock: Clock) -> None:
        self._every_ns, self._most, self._clock = int(every_s * SECOND_NS), most, clock
        self._seen: OrderedDict[tuple[str, ...], tuple[int, int]] = OrderedDict()

    def count(self, what: tuple[str, ...]) -> int:
        """How many to write down now: 0 while the last writing was a short time ago."""
        now = self._clock.mono_ns()
        at, waiting = self._seen.get(what, (None, 0))
        if at is not None and now - at < self._every_ns:
            self._seen[what] = (at, waiting + 1)
            return 0
        self._seen[what] = (now, 0)
        self._seen.move_to_end(what)
        if len(self._seen) > self._most:
            self._seen.popitem(last=False)
        return waiting + 1

    def due(self) -> list[tuple[tuple[str, ...], int]]:
        """What was counted and not written down, its time being over."""
        now = self._clock.mono_ns()
        found = [
            (what, waiting)
            for what, (at, waiting) in self._seen.items()
            if waiting and now - at >= self._every_ns
        ]
        for what, _ in found:
            self._seen[what] = (now, 0)
        return found
