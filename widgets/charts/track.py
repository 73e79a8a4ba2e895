"""What is known of one line in the shown time: readings, or columns of history with least and greatest.
Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from console.history.envelope import Envelope
from widgets.charts.series import F64, I64

NEVER_SILENT_NS = 1 << 62
"""Where breaks are said by NaN, the distance of two values breaks nothing."""


@dataclass(frozen=True, slots=True)
class Track:
    """`at_ns` ascends; `value` is what the line runs through (the mean of a column), NaN where it is broken.

    `low` and `high` are those of the column, where there are columns; `begin_ns` and `width_ns` say how far
    it
    reaches. `silent_ns`: more than this between two values is a gap.
    """

    at_ns: I64
    value: F64
    silent_ns: int
    low: F64 | None = None
    high: F64 | None = None
    begin_ns: I64 | None = None
    width_ns: I64 | None = None

    @property
    def has_columns(self) -> bool:
        return self.low is not None


EMPTY = Track(np.zeros(0, np.int64), np.zeros(0), NEVER_SILENT_NS)


def of_readings(at_ns: I64, value: F64, silent_ns: int) -> Track:
    """Readings as they were taken."""
    return Track(at_ns, value, silent_ns)


def of_envelope(found: Envelope, shift_ns: int = 0) -> Track:
    """Columns of history, drawn at their middle; `shift_ns` later, for another day laid under."""
    begin, width = found.at_ns + shift_ns, found.width_ns
    at = begin + width // 2
    breaks = np.flatnonzero(found.broken)
    if not width.any():
        return Track(
            np.insert(at, breaks, at[breaks]), np.insert(found.mean, breaks, np.nan), NEVER_SILENT_NS
        )
    return Track(
        np.insert(at, breaks, begin[breaks]), np.insert(found.mean, breaks, np.nan), NEVER_SILENT_NS,
        np.insert(found.low, breaks, np.nan), np.insert(found.high, breaks, np.nan),
        np.insert(begin, breaks, begin[breaks]), np.insert(width, breaks, 0),
    )  # fmt: skip


def joined(past: Track, newest: Track) -> Track:
    """History, and behind it what the desk heard itself."""
    if not len(past.at_ns):
        return newest
    if not len(newest.at_ns):
        return past
    end_ns = int(past.at_ns[-1])
    if past.begin_ns is not None and past.width_ns is not None:
        end_ns = int(past.begin_ns[-1] + past.width_ns[-1])
    first = int(np.searchsorted(newest.at_ns, end_ns, side="right"))
    if newest.low is not None and newest.high is not None and past.low is not None and past.high is not None:
        assert newest.begin_ns is not None
        assert newest.width_ns is not None
        assert past.begin_ns is not None
        assert past.width_ns is not None
        return Track(
            np.concatenate([past.at_ns, newest.at_ns[first:]]),
            np.concatenate([past.value, newest.value[first:]]), NEVER_SILENT_NS,
            np.concatenate([past.low, newest.low[first:]]), np.concatenate([past.high, newest.high[first:]]),
            np.concatenate([past.begin_ns, newest.begin_ns[first:]]),
            np.concatenate([past.width_ns, newest.width_ns[first:]]),
        )
    at, value = newest.at_ns[first:], newest.value[first:]
    if not len(at):
        return past
    gaps = np.flatnonzero(np.diff(at, prepend=end_ns) > newest.silent_ns)
    at, value = np.insert(at, gaps, at[gaps] - 1), np.insert(value, gaps, np.nan)
    if past.low is None or past.high is None or past.begin_ns is None or past.width_ns is None:
        return Track(
            np.concatenate([past.at_ns, at]), np.concatenate([past.value, value]), NEVER_SILENT_NS
        )
    return Track(
        np.concatenate([past.at_ns, at]), np.concatenate([past.value, value]), NEVER_SILENT_NS,
        np.concatenate([past.low, value]), np.concatenate([past.high, value]),
        np.concatenate([past.begin_ns, at]), np.concatenate([past.width_ns, np.zeros(len(at), np.int64)]),
    )  # fmt: skip


def at_moment(track: Track, moment_ns: int) -> tuple[float, float, float]:
    """What the track says at a moment: value, least and greatest; NaN in a gap, before the first, after the
    last."""
    nothing = (float("nan"),) * 3
    if track.begin_ns is not None and track.width_ns is not None:
        index = int(np.searchsorted(track.begin_ns, moment_ns, side="right")) - 1
        if index < 0:
            return nothing
        width = int(track.width_ns[index])
        reach = width if width else 60_000_000_000
        if moment_ns - int(track.begin_ns[index]) > reach or track.low is None or track.high is None:
            return nothing
        return float(track.value[index]), float(track.low[index]), float(track.high[index])
    index = int(np.searchsorted(track.at_ns, moment_ns, side="right")) - 1
    if index < 0 or moment_ns - int(track.at_ns[index]) > track.silent_ns:
        return nothing
    value = float(track.value[index])
    return value, value, value


def cut(track: Track, from_ns: int, to_ns: int) -> Track:
    """The part that may be seen between two times (and the value before it)."""
    first = max(0, int(np.searchsorted(track.at_ns, from_ns)) - 1)
    last = int(np.searchsorted(track.at_ns, to_ns, side="right")) + 1
    if first == 0 and last >= len(track.at_ns):
        return track
    part = slice(first, last)
    return Track(
        track.at_ns[part], track.value[part], track.silent_ns,
        *(None if one is None else one[part] for one in (track.low, track.high)),
        *(None if one is None else one[part] for one in (track.begin_ns, track.width_ns)),
    )  # fmt: skip


def in_columns(track: Track, column_ns: int) -> Track:
    """Readings as columns `column_ns` wide, aligned to the clock, so that those of a wandering window
    stay."""
    good = np.isfinite(track.value)
    at, value = track.at_ns[good], track.value[good]
    if not len(at):
        return track
    broken = np.diff(at, prepend=at[0]) > track.silent_ns
    if not good.all():
        unusable = np.cumsum(~good)[good]
        broken |= np.diff(unusable, prepend=unusable[0]) > 0
    column = at // column_ns
    begins = np.flatnonzero(np.diff(column, prepend=column[0] - 1))
    count = np.diff(np.append(begins, len(at)))
    cuts = np.flatnonzero(np.logical_or.reduceat(broken, begins))
    begin = column[begins] * column_ns
    mean = np.add.reduceat(value, begins) / count
    low, high = np.minimum.reduceat(value, begins), np.maximum.reduceat(value, begins)
    width = np.full(len(begin), column_ns, np.int64)
    return Track(
        np.insert(begin + column_ns // 2, cuts, begin[cuts]), np.insert(mean, cuts, np.nan), NEVER_SILENT_NS,
        np.insert(low, cuts, np.nan), np.insert(high, cuts, np.nan), np.insert(begin, cuts, begin[cuts]),
        np.insert(width, cuts, 0),
    )


def extent(track: Track) -> tuple[I64, F64]:
    """(moments, values) that a scale has to hold: least and greatest where there are columns."""
    if track.low is None or track.high is None:
        return track.at_ns, track.value
    return np.repeat(track.at_ns, 2), np.stack((track.low, track.high), axis=1).ravel()
