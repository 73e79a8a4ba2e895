"""The one clock of several cameras in replay: where in the footage they stand, and how fast it runs."""

from __future__ import annotations

import msgspec

from console.model.base import Record

SLOWEST, FASTEST = -8.0, 16.0
#: The moments at which panes of a group change their picture, in all processes alike.
BEAT_NS = 33_333_333


class Transport(Record, frozen=True, kw_only=True):
    """Panes of one `group` show the footage of `base_ns` (wall time) at `at_mono_ns` (monotonic time of this
    machine), from there on `rate` times as fast; 0 stands still, less than 0 runs backwards.

    Pure: the monotonic clock is the same in all processes of a machine, so all panes that were told the same
    transport are in step without ever speaking to each other. A single picture is shown by standing still at
    its exact time. Raises ValueError for a rate that is not meant.
    """

    group: str
    base_ns: int
    at_mono_ns: int
    rate: float = 1.0

    def __post_init__(self) -> None:
        if not SLOWEST <= self.rate <= FASTEST:
            raise ValueError(f"a rate of {self.rate}: expected {SLOWEST:g} to {FASTEST:g}")

    def position(self, mono_ns: int) -> int:
        """The wall time of the footage that belongs to a moment, ns."""
        # In whole numbers: a float loses nanoseconds once a console has run for some months.
        over, under = self.rate.as_integer_ratio()
        return self.base_ns + (mono_ns - self.at_mono_ns) * over // under

    def mono_at(self, position_ns: int) -> int:
        """The first moment at which a position is reached, ns (monotonic). Raises ValueError when standing
        still."""
        over, under = self.rate.as_integer_ratio()
        way = position_ns - self.base_ns
        if over > 0:
            return self.at_mono_ns - (-way * under // over)
        if over < 0:
            return self.at_mono_ns + (-(way + 1) * under) // -over + 1
        raise ValueError("a transport that stands still reaches no other position")

    def next_beat(self, mono_ns: int) -> int:
        """The next moment at which panes change their picture while it runs; 0 while it stands still."""
        return (mono_ns // BEAT_NS + 1) * BEAT_NS if self.rate else 0

    def running(self, mono_ns: int, rate: float) -> Transport:
        """From this moment on at another rate, without a jump."""
        return msgspec.structs.replace(self, base_ns=self.position(mono_ns), at_mono_ns=mono_ns, rate=rate)

    def paused(self, mono_ns: int) -> Transport:
        """Standing still where it is."""
        return self.running(mono_ns, 0.0)

    def sought(self, mono_ns: int, position_ns: int) -> Transport:
        """From this moment on somewhere else, at the same rate."""
        return msgspec.structs.replace(self, base_ns=position_ns, at_mono_ns=mono_ns)
