"""How often an address may guess and a share may be opened, and how often a refusal is written down."""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import ip_address, ip_network

from console.clock import SECOND_NS, Clock


class Allowance:
    """So many at once, and in a minute, for each name; the least recently seen is forgotten. One thread."""

    def __init__(self, per_minute: float, at_once: float, most_names: int, clock: Clock) -> None:
        self._per_ns = per_minute / (60 * SECOND_NS)
        self._most, self._names, self._clock = at_once, most_names, clock
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def take(self, name: str) -> bool:
        """Whether the name had one left; it is taken."""
        now = self._clock.mono_ns()
        left, at = self._left.pop(name, (self._most, now))
        left = min(self._most, left + (now - at) * self._per_ns)
        self._left[name] = (left - 1.0 if left >= 1.0 else left, now)
        if len(self._left) > self._names:
            self._left.popitem(last=False)
        return left >= 1.0


def neighbourhood(address: str) -> str:
    """The address, or the 64 bits of an IPv6 address that its owner cannot change at will."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else address


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
