"""What of each pixel is recorded: from spans to runs of pixels, without a loop over the spans. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from widgets.replay.stretch import Shown

GAP, PARTLY, RECORDED = 0, 1, 2
WHOLE_SHARE = 0.999


class Run(NamedTuple):
    """Pixels `left` to before `right` of one kind."""

    left: int
    right: int
    kind: int


class Coverage:
    """The recorded spans of one camera as columns; made anew when the footage changed."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self.from_ns = np.array([span[0] for span in spans], np.int64)
        self.to_ns = np.array([span[1] for span in spans], np.int64)
        lengths = self.to_ns - self.from_ns
        self._before = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])

    def __len__(self) -> int:
        return len(self.from_ns)

    def is_within(self, other: Coverage, by_ns: float) -> bool:
        """Whether the other one looks the same where less than this cannot be seen."""
        if len(self) != len(other):
            return False
        moved = np.concatenate([self.from_ns - other.from_ns, self.to_ns - other.to_ns])
        return not len(moved) or int(np.abs(moved).max()) < by_ns

    def recorded_ns(self, at_ns: np.ndarray) -> np.ndarray:
        """How much is recorded before each of these moments."""
        if not len(self.from_ns):
            return np.zeros(len(at_ns), np.int64)
        begun = np.searchsorted(self.from_ns, at_ns, "right")
        last = np.maximum(begun - 1, 0)
        inside = np.minimum(at_ns, self.to_ns[last]) - self.from_ns[last]
        return np.where(begun > 0, self._before[last] + np.maximum(inside, 0), 0)

    def runs(self, shown: Shown) -> list[Run]:
        """At most one run a pixel. A gap narrower than a pixel is told as a pixel partly recorded: it is
        never swallowed."""
        edges = shown.from_ns + (np.arange(shown.width_px + 1) * shown.span_ns // shown.width_px)
        share = np.diff(self.recorded_ns(edges)) / np.maximum(np.diff(edges), 1)
        kinds = np.where(share >= WHOLE_SHARE, RECORDED, np.where(share > 0, PARTLY, GAP))
        turns = np.flatnonzero(np.diff(kinds)) + 1
        lefts = np.concatenate([np.zeros(1, np.int64), turns])
        rights = np.concatenate([turns, np.full(1, shown.width_px)])
        return [
            Run(left, right, kind)
            for left, right, kind in zip(lefts.tolist(), rights.tolist(), kinds[lefts].tolist(), strict=True)
        ]

    def at(self, at_ns: int) -> tuple[int, int] | None:
        """The span a moment lies in; None in a gap."""
        number = int(np.searchsorted(self.from_ns, at_ns, "right")) - 1
        if number < 0 or at_ns > int(self.to_ns[number]):
            return None
        return int(self.from_ns[number]), int(self.to_ns[number])

    def gap_at(self, at_ns: int) -> tuple[int | None, int | None]:
        """From when to when nothing is recorded around a moment; None on a side without an end."""
        number = int(np.searchsorted(self.from_ns, at_ns, "right"))
        before = int(self.to_ns[number - 1]) if number > 0 else None
        after = int(self.from_ns[number]) if number < len(self.from_ns) else None
        return before, after

    def gap_after(self, at_ns: int) -> int | None:
        """Where the next gap begins."""
        later = self.to_ns[self.to_ns > at_ns]
        return int(later[0]) if len(later) else None

    def gap_before(self, at_ns: int) -> int | None:
        """Where the last gap that ended before begins again to be recorded."""
        earlier = self.from_ns[self.from_ns < at_ns]
        return int(earlier[-1]) if len(earlier) else None
