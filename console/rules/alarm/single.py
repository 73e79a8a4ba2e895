"""One alarm, said plainly: what the bank must do for each of its rows, without arrays.

Nothing in the room runs on it. It is what the bank is held against, in the tests move by move and in
`bongsu bench alarms` for the price.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from console.model.alarm import HOLD_OUT_OF_SERVICE, HOLD_SHELVED, HOLD_SUPPRESSED
from console.rules.alarm.states import TABLE, State, Stimulus

Move = tuple[Stimulus, State, State]
"""What was met, the state before and the state after."""


@dataclass(slots=True)
class SingleAlarm:
    """Levels, delays (ns) and state of one alarm. A condition told from outside is `sample(1.0, ...)` of one
    with `set_at` 1 and `clear_at` 1."""

    above: bool
    set_at: float
    clear_at: float
    on_ns: int = 0
    off_ns: int = 0
    count: int = 1
    window_ns: int = 0
    latching: bool = False
    state: State = State.NORMAL
    active: bool = False
    holds: int = 0
    until_ns: int = 0
    since_ns: int | None = None
    seen: deque[int] = field(default_factory=deque)

    def sample(self, value: float, at_ns: int) -> list[Move]:
        """A usable value, taken then."""
        beyond = value >= self.set_at if self.above else value <= self.set_at
        if self.count > 1 and beyond:
            self.seen.append(at_ns)
            if len(self.seen) > self.count:
                self.seen.popleft()
            beyond = len(self.seen) == self.count and self.seen[0] >= at_ns - self.window_ns
        if self.active:
            turning = value < self.clear_at if self.above else value > self.clear_at
        else:
            turning = beyond
        if not turning:
            self.since_ns = None
            return []
        if self.since_ns is None:
            self.since_ns = at_ns
        if at_ns - self.since_ns < (self.off_ns if self.active else self.on_ns):
            return []
        self.since_ns = None
        self.active = not self.active
        if not self.active:
            self.seen.clear()
        return self._meet(Stimulus.BEGAN if self.active else Stimulus.ENDED)

    def look(self, now_ns: int) -> list[Move]:
        """The shelf's time may be over."""
        if self.holds & HOLD_SHELVED and self.until_ns <= now_ns:
            return self.order(Stimulus.SHELF_TIME_OVER)
        return []

    def order(self, stimulus: Stimulus, until_ns: int = 0) -> list[Move]:
        """What a person or the suppression does; nothing where it means nothing."""
        if stimulus == Stimulus.SHELVE:
            if self.state >= State.SHELVED:
                return []
            self.until_ns = until_ns
            self.holds |= HOLD_SHELVED
        elif stimulus in (Stimulus.UNSHELVE, Stimulus.SHELF_TIME_OVER):
            if not self.holds & HOLD_SHELVED:
                return []
            self.holds -= HOLD_SHELVED
        elif stimulus == Stimulus.SUPPRESS:
            if self.holds & HOLD_SUPPRESSED:
                return []
            self.holds += HOLD_SUPPRESSED
        elif stimulus == Stimulus.UNSUPPRESS:
            if not self.holds & HOLD_SUPPRESSED:
                return []
            self.holds -= HOLD_SUPPRESSED
        elif stimulus == Stimulus.REMOVE:
            if self.holds & HOLD_OUT_OF_SERVICE:
                return []
            self.holds += HOLD_OUT_OF_SERVICE
        elif stimulus == Stimulus.RETURN:
            if not self.holds & HOLD_OUT_OF_SERVICE:
                return []
            self.holds -= HOLD_OUT_OF_SERVICE
        elif (self.state, stimulus) not in TABLE:
            return []
        return self._meet(stimulus)

    def _meet(self, stimulus: Stimulus) -> list[Move]:
        before = self.state
        if self.holds & HOLD_OUT_OF_SERVICE:
            self.state = State.OUT_OF_SERVICE
        elif self.holds & HOLD_SHELVED:
            self.state = State.SHELVED
        elif self.holds & HOLD_SUPPRESSED:
            self.state = State.SUPPRESSED
        elif before >= State.SHELVED:
            self.state = State.UNACKNOWLEDGED if self.active else State.NORMAL
        else:
            self.state = TABLE.get((before, stimulus), (before, before))[self.latching]
        return [(stimulus, before, self.state)]
