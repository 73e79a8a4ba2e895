"""When to try again. How many at once: `console.video.gate`."""

from __future__ import annotations

import random

FIRST_S = 0.5
LONGEST_S = 5.0
#: A connection that held for so long was a good one: the next trouble starts from the first pause again.
GOOD_AFTER_S = 10.0
JITTER = 0.25


class Backoff:
    """Pauses of 0.5, 1, 2, 4, 5, 5 .. s, each a quarter longer or shorter by chance. One thread."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._chance = chance or random.Random()  # noqa: S311 - jitter, no secret
        self._next_s = FIRST_S

    def pause_s(self, held_s: float = 0.0) -> float:
        """How long to wait now, after a connection that held for `held_s`."""
        if held_s >= GOOD_AFTER_S:
            self._next_s = FIRST_S
        pause = self._next_s
        self._next_s = min(LONGEST_S, self._next_s * 2)
        return pause * self._chance.uniform(1 - JITTER, 1 + JITTER)
