"""Measurements of a whole city that move as such measurements do: daily pattern, slow wander, noise.

The patterns come from seeds/scenarios/patterns.toml, by quantity. Vectorised: one second of the whole city
costs about a millisecond.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from console.clock import SECOND_NS
from console.geo.sun import height_deg
from console.model.base import Record
from console.paths import shipped
from console.profile import Profile
from console.telemetry.table import F64, GOOD, Columns

DAY_S = 86_400.0
DARK_BELOW_DEG = -3.0
"""Height of the sun from which on the lamps of the city are switched on."""


class Pattern(Record, frozen=True, kw_only=True):
    """`typical` at the mean of the day, `swing` added at `peak_hour` and taken away twelve hours later.

    `wander` is the size of the slow drift, `noise` that of one sample's scatter, both standard deviations in
    the point's unit. `spread`: how much places differ (share of `typical`). `step` rounds (a state, a count).
    """

    typical: float
    swing: float = 0.0
    peak_hour: float = 15.0
    wander: float = 0.0
    noise: float = 0.0
    spread: float = 0.0
    step: float = 0.0
    lit: bool = False
    """Only while it is dark; nothing while the sun is up."""


class Patterns(Record, frozen=True, kw_only=True):
    quantity: dict[str, Pattern]


class PatternError(Exception):
    """The patterns file is wrong, or lacks a quantity of the profile."""


def load_patterns(path: Path | None = None) -> dict[str, Pattern]:
    """Read the patterns. Raises PatternError naming file and key."""
    path = path or shipped("seeds") / "scenarios" / "patterns.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Patterns).quantity
    except (OSError, msgspec.DecodeError) as error:
        raise PatternError(f"{path.name}: {error}") from None


class Simulation:
    """The city's measurements as a function of time and of its own wandering. One thread, seeded."""

    def __init__(
        self, profile: Profile, patterns: dict[str, Pattern], utc_offset_s: int, seed: int = 20161
    ) -> None:
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._utc_offset_s = utc_offset_s
        rows = [found for _, found in _patterns_by_point(patterns, profile)]
        spread = self._random.standard_normal(len(rows)) * np.array([one.spread for one in rows])
        self._typical = np.array([one.typical for one in rows]) * (1.0 + np.clip(spread, -0.5, 0.5))
        self._swing = np.array([one.swing for one in rows])
        self._peak_s = np.array([one.peak_hour * 3600.0 for one in rows])
        self._wander = np.array([one.wander for one in rows])
        self._noise = np.array([one.noise for one in rows])
        self._step = np.array([one.step for one in rows])
        self._lit = np.array([one.lit for one in rows])
        bounds = profile.bounds
        self._place = ((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)
        self._low, self._high = profile.points.lows(), profile.points.highs()
        self._period_s = np.maximum(profile.points.periods_s(), 1.0)
        self._drift = self._random.standard_normal(len(rows)) * self._wander
        self._due_s = self._random.random(len(rows)) * self._period_s

    def quicken(self, points: np.ndarray, period_s: float) -> None:
        """Let these points be measured at least this often."""
        self._period_s[points] = np.minimum(self._period_s[points], period_s)
        self._due_s[points] = np.minimum(self._due_s[points], period_s)

    def leave(self, points: np.ndarray) -> None:
        """Never measure these points: another gateway does."""
        self._due_s[points] = np.inf

    def due(self, elapsed_s: float) -> np.ndarray:
        """Indexes of the points whose next value is due `elapsed_s` after the start; marks them done."""
        due = np.flatnonzero(self._due_s <= elapsed_s)
        self._due_s[due] += self._period_s[due] * np.ceil(
            (elapsed_s - self._due_s[due] + 1e-9) / self._period_s[due]
        )
        return due

    def values(self, points: np.ndarray, at_ns: int) -> F64:
        """One plausible value for each of the points at a time."""
        day_s = (at_ns / SECOND_NS + self._utc_offset_s) % DAY_S
        phase = np.cos((day_s - self._peak_s[points]) * (2 * math.pi / DAY_S))
        fresh = self._random.standard_normal((2, len(points)))
        drift = self._drift[points] * 0.98 + fresh[0] * self._wander[points] * 0.2
        self._drift[points] = drift
        value = (
            self._typical[points] + self._swing[points] * phase + drift + fresh[1] * self._noise[points]
        )
        if float(height_deg(*self._place, at_ns)) > DARK_BELOW_DEG:
            value = np.where(self._lit[points], 0.0, value)
        step = self._step[points]
        value = np.where(step > 0, np.round(value / np.where(step > 0, step, 1.0)) * step, value)
        result: F64 = np.clip(value, self._low[points], self._high[points])
        return result

    def batch(self, points: np.ndarray, at_ns: int) -> Columns:
        """The points' values as one batch, all taken at `at_ns`."""
        return Columns(
            points.astype(np.uint32), self.values(points, at_ns),
            np.full(len(points), at_ns, dtype=np.int64), np.full(len(points), GOOD, dtype=np.uint8),
        )


def _patterns_by_point(patterns: dict[str, Pattern], profile: Profile) -> Iterator[tuple[int, Pattern]]:
    """(point index, pattern) in order; each kind of device is looked up once."""
    by_kind: dict[str, list[Pattern]] = {}
    index = 0
    for device in profile.devices.values():
        rows = by_kind.get(device.kind)
        if rows is None:
            rows = [_pattern_of(patterns, device.kind, one) for one in profile.kinds[device.kind].quantities]
            by_kind[device.kind] = rows
        for row in rows:
            yield index, row
            index += 1


def _pattern_of(patterns: dict[str, Pattern], kind: str, quantity: str) -> Pattern:
    found = patterns.get(f"{kind}/{quantity}") or patterns.get(quantity)
    if found is None:
        raise PatternError(f"patterns.toml: {kind}/{quantity} of the profile has no pattern")
    return found
