"""What the hub counts and shows: nothing is dropped or refused without a number and an example."""

from __future__ import annotations

import logging
from collections import Counter

from console.clock import SECOND_NS, Clock

_log = logging.getLogger("bongsu.hub.door")
SAY_AGAIN_AFTER_NS = 60 * SECOND_NS


class Counters:
    """Totals since the start, by cause. The first of a kind is logged, then at most one a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.readings = 0
        self.batches = 0
        self.lost_batches = 0
        self.refused: Counter[str] = Counter()
        self.drops: Counter[str] = Counter()
        self.problems: dict[str, str] = {}
        self._said_ns: dict[str, int] = {}
        self._sequences: dict[str, int] = {}

    def refuse(self, cause: str, example: str, count: int = 1) -> None:
        """Count something that was not let in. `example` names source and field; it must hold no secret."""
        self.refused[cause] += count
        self.problems[cause] = example
        self._say(f"{cause}/{example.split(':')[0]}", f"Refused ({cause}): {example}")

    def drop(self, cause: str, count: int = 1) -> None:
        """Count something that could not be delivered."""
        self.drops[cause] += count

    def arrived(self, source: str, sequence: int) -> None:
        """Follow a source's batch numbers and count what is missing between them."""
        before = self._sequences.get(source)
        if before is not None and sequence > before + 1:
            self.lost_batches += sequence - before - 1
        self._sequences[source] = sequence
        self.batches += 1

    def _say(self, key: str, text: str) -> None:
        now = self._clock.mono_ns()
        said = self._said_ns.get(key)
        if said is None or now - said >= SAY_AGAIN_AFTER_NS:
            if len(self._said_ns) > 1000:
                self._said_ns.clear()
            self._said_ns[key] = now
            _log.warning("%s", text)
