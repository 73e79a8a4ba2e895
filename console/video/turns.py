"""Whose turn it is: the order in which one thread serves many sources, so that none starves another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

#: Shares are taken over so long. Short, because who was held back must soon be forgiven.
WINDOW_NS = 250_000_000
#: A source that took this much more than its fair share waits for the others while they are due.
OVER = 1.5
#: Below this share of the thread there is enough for everybody.
SCARCE_FROM = 0.7


class Served(Protocol):
    """`next_due_ns`: when it wants to be served; `used_ns`: the time it has taken since it came."""

    next_due_ns: int
    used_ns: int


S = TypeVar("S", bound=Served)


class Turns:
    """The most overdue first; but while time is scarce, who took more than a fair share comes after the
    others. A source with large pictures thus loses its own pictures and not those of its neighbours. One
    thread."""

    def __init__(self) -> None:
        self._since_ns = 0
        self._used_before: dict[int, int] = {}
        self._over: frozenset[int] = frozenset()

    def next(self, sources: Collection[S], now_ns: int) -> S | None:
        """The source to serve now, or the one that is due first; None without any."""
        first = min(sources, key=_due, default=None)
        if first is None or first.next_due_ns > now_ns or id(first) not in self._over:
            return first
        modest = min((one for one in sources if id(one) not in self._over), key=_due, default=first)
        return modest if modest.next_due_ns <= now_ns else first

    def weigh(self, sources: Collection[Served], now_ns: int) -> None:
        """Find out who took too much. Called now and then; does its work once in `WINDOW_NS`."""
        window_ns = now_ns - self._since_ns
        if window_ns < WINDOW_NS:
            return
        used = {id(one): one.used_ns - self._used_before.get(id(one), 0) for one in sources}
        self._over = frozenset(_over(used, window_ns))
        self._used_before = {id(one): one.used_ns for one in sources}
        self._since_ns = now_ns


def _over(used: dict[int, int], window_ns: int) -> Iterable[int]:
    total = sum(used.values())
    if len(used) < 2 or total < SCARCE_FROM * window_ns:
        return ()
    return (one for one, taken in used.items() if taken > OVER * total / len(used))


def _due(one: Served) -> int:
    return one.next_due_ns
