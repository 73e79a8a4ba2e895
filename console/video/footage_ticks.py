"""The moments at which panes of a group change at a fast rate: the same for all, in every process."""

from __future__ import annotations

from console.video.load import Level
from console.video.transport import Transport

#: At 1x every picture has its own moment, unless there are more than a window paints.
LEAST_APART_NS = 30_000_000
#: From these rates on there is so much to decode that fewer moments are shown.
FAST_FROM, FASTEST_FROM = 4.0, 12.0
TICK_NS, FAST_TICK_NS, FASTEST_TICK_NS = 40_000_000, 80_000_000, 120_000_000
#: Backwards, whole groups must be decoded before the first picture: until then all stand still.
BACKWARDS_BEGIN_NS = 240_000_000
#: So many moments missed in a row, and each second one is left out; so long without one, and it comes back.
SLOWER_AFTER = 3
FASTER_AFTER_NS = 3_000_000_000
MOST_SLOWED = 3


class Ticks:
    """Counted from the transport's own beginning, so that nobody has to tell anybody. A pane whose machine
    cannot keep up leaves out every second one, and again: what it shows, it shows together with the others.
    Pure but for what it was told; one thread."""

    def __init__(self) -> None:
        self._base_ns = TICK_NS
        self._slowed = 0
        self._in_a_row = 0
        self._missed_ns = 0

    def begin(self, rate: float) -> None:
        """Another rate."""
        self._base_ns = TICK_NS
        if abs(rate) >= FAST_FROM:
            self._base_ns = FAST_TICK_NS if abs(rate) < FASTEST_FROM else FASTEST_TICK_NS
        self._slowed = self._in_a_row = 0

    @property
    def length_ns(self) -> int:
        return self._base_ns << self._slowed

    @property
    def is_slowed(self) -> bool:
        return self._slowed > 0

    def are_used(self, rate: float, interval_ns: int, level: Level) -> bool:
        """Whether moments are on the grid, and not each picture's own."""
        thinned = level >= Level.HALF_RATE or self.is_slowed
        return rate < 0 or thinned or interval_ns < LEAST_APART_NS * rate

    def after(self, transport: Transport, mono_ns: int) -> int:
        """The first moment later than this one."""
        least_ns = BACKWARDS_BEGIN_NS if transport.rate < 0 else 0
        since_ns = max(least_ns, mono_ns - transport.at_mono_ns)
        return transport.at_mono_ns + (since_ns // self.length_ns + 1) * self.length_ns

    def is_met(self, transport: Transport, from_ns: int, until_ns: int) -> bool:
        """Whether, going backwards, a moment falls on a picture of this time."""
        first_ns, last_ns = transport.mono_at(until_ns - 1), transport.mono_at(from_ns - 1) - 1
        return self.after(transport, first_ns - 1) <= last_ns

    def missed(self, now_ns: int) -> None:
        """A moment went by before its picture was there."""
        self._missed_ns = now_ns
        self._in_a_row += 1
        if self._in_a_row >= SLOWER_AFTER and self._slowed < MOST_SLOWED:
            self._slowed += 1
            self._in_a_row = 0

    def met(self, now_ns: int) -> None:
        """A picture was there in time."""
        self._in_a_row = 0
        if self._slowed and now_ns - self._missed_ns > FASTER_AFTER_NS:
            self._slowed -= 1
            self._missed_ns = now_ns
