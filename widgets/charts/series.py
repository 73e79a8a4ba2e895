"""From readings to a line of pixels: gaps found, and never more than two corners a pixel column. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

GAP_PERIODS = 3.0
"""So many expected periods without a value are a gap (the same rule makes a point stale, see
Point.period_s).
"""


@dataclass(frozen=True, slots=True)
class Run:
    """An unbroken stretch of a series: corner columns `x` (pixels from the left) and their values `y`."""

    x: F64
    y: F64


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch of time a chart shows: `until_ns` at the right edge of `width_px` pixels."""

    until_ns: int
    span_ns: int
    width_px: int

    @property
    def since_ns(self) -> int:
        return self.until_ns - self.span_ns

    def x(self, at_ns: I64 | int) -> F64 | float:
        """Pixels from the left edge. The difference is taken in int64: absolute ns as floats would lose their
        last digits.
        """
        return (at_ns - self.since_ns) * (self.width_px / self.span_ns)

    def at_ns(self, x: float) -> int:
        """The moment under pixel `x`."""
        return self.since_ns + int(x * self.span_ns / self.width_px)


def gap_ns(period_s: float) -> int:
    """How long a point may be silent before that is a gap."""
    return int(GAP_PERIODS * period_s * 1e9)


def runs(at_ns: I64, value: F64, window: Window, silent_ns: int) -> list[Run]:
    """The unbroken stretches of a series inside the window, oldest first.

    `at_ns` ascends. A stretch ends at a value that is not finite and where more than `silent_ns` pass
    without one. Where a stretch has more than two readings a pixel column it becomes least and greatest
    value of each column.
    """
    first = int(np.searchsorted(at_ns, window.since_ns))
    first = max(0, first - 1)  # the line enters from the left edge
    last = int(np.searchsorted(at_ns, window.until_ns, side="right"))
    at_ns, value = at_ns[first:last], value[first:last]
    good = np.isfinite(value)
    if not good.all():
        # A bad value breaks the line even when good ones follow closely.
        broken_after_bad = np.cumsum(~good)[good]
        at_ns, value = at_ns[good], value[good]
    else:
        broken_after_bad = np.zeros(len(value), dtype=np.int64)
    if not len(value):
        return []
    stretch = broken_after_bad + np.concatenate(([0], np.cumsum(np.diff(at_ns) > silent_ns)))
    x = np.asarray(window.x(at_ns), dtype=np.float64)
    if len(value) > 2 * max(1, window.width_px):
        x, value, stretch = _columns(x, value, stretch)
    cuts = np.flatnonzero(np.diff(stretch)) + 1
    return [
        Run(part_x, part_y) for part_x, part_y in zip(np.split(x, cuts), np.split(value, cuts), strict=True)
    ]


def beyond(run: Run, level: float, above: bool) -> Run | None:
    """The part of a run on the abnormal side of a level, or None where it never gets there.

    Its corners are those of the run and the points where the line crosses the level; what lies on the other
    side is NaN, so that the parts do not touch.
    """
    there = run.y >= level if above else run.y <= level
    if not there.any():
        return None
    cuts = np.flatnonzero(there[1:] != there[:-1])
    part = (level - run.y[cuts]) / (run.y[cuts + 1] - run.y[cuts])
    x = np.insert(run.x, cuts + 1, run.x[cuts] + part * (run.x[cuts + 1] - run.x[cuts]))
    y = np.insert(np.where(there, run.y, np.nan), cuts + 1, level)
    return Run(x, y)


def joined(parts: Sequence[Run]) -> Run:
    """Stretches as one line, NaN between them: one item draws them all and leaves the gaps open."""
    if len(parts) == 1:
        return parts[0]
    nan = np.full(1, np.nan)
    xs = [piece for part in parts for piece in (part.x, nan)][:-1]
    ys = [piece for part in parts for piece in (part.y, nan)][:-1]
    return Run(np.concatenate([*xs, np.zeros(0)]), np.concatenate([*ys, np.zeros(0)]))


def _columns(x: F64, value: F64, stretch: I64) -> tuple[F64, F64, I64]:
    """Least and greatest value of every pixel column of every stretch, in the order the line runs through
    them.
    """
    column = np.floor(x).astype(np.int64)
    starts = np.concatenate(([0], np.flatnonzero((np.diff(column) != 0) | (np.diff(stretch) != 0)) + 1))
    ends = np.concatenate((starts[1:], [len(x)])) - 1
    low, high = np.minimum.reduceat(value, starts), np.maximum.reduceat(value, starts)
    rising = value[ends] >= value[starts]
    pairs = np.empty((len(starts), 2))
    pairs[:, 0], pairs[:, 1] = np.where(rising, low, high), np.where(rising, high, low)
    return np.repeat(column[starts] + 0.5, 2), pairs.ravel(), np.repeat(stretch[starts], 2)
