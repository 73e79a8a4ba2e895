"""The Korean comprehensive air-quality index (통합대기환경지수, CAI) and its 24-hour estimate, vectorised.

Arrays of one shape, one element per station (or station and hour). Missing is NaN and stays NaN: an index is
never made from what is not known. Below zero or infinite is not a concentration and counts as missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from console.rules.air.tables import Cai, CaiPollutant, Estimate
from console.telemetry.table import F64, I64

_NEAR = 1e-6
"""Of a step: 0.0205 times 1000 is 20.499…, and means 20.5."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """`index` with the addition and `base` without it, NaN where there is none. `parts`: by pollutant.

    `leading` is the row of the pollutant with the highest part, -1 where there is no index.
    """

    index: F64
    base: F64
    parts: dict[str, F64]
    leading: I64


def estimate_24h(estimate: Estimate, dust: str, hours: F64) -> F64:
    """C24E from the last hours along the last axis, oldest first, as many as the table says.

    Raises ValueError for another number of hours, KeyError for what is not dust of the table.
    """
    if hours.shape[-1:] != (estimate.hours,):
        raise ValueError(f"hours: expected {estimate.hours} along the last axis, found {hours.shape[-1:]}")
    high_from = dict(estimate.high_from)[dust]  # type: ignore[index]
    known = _known(hours)
    count = known.sum(axis=-1)
    mean = _mean(hours, known)
    compared = mean[..., np.newaxis]
    steady = (hours >= estimate.steady_from * compared) & (hours <= estimate.steady_to * compared)
    counted = np.where((hours >= high_from) & steady, estimate.damped * hours, hours)
    recent, told = counted[..., -estimate.recent_hours :], known[..., -estimate.recent_hours :]
    day = (mean * estimate.hours + _mean(recent, told) * estimate.hours) / estimate.day_hours
    enough = (count >= estimate.least_hours) & (told.sum(axis=-1) >= estimate.least_recent_hours)
    found: F64 = np.where(enough, day, np.nan)
    return found


def part(cai: Cai, pollutant: CaiPollutant, concentration: F64) -> F64:
    """One pollutant's index: rounded half up to the table's decimals first, then between the grade's ends.

    Beyond the last end it stays at the last index.
    """
    scale = 10**pollutant.decimals
    known = _known(concentration)
    steps = np.floor(np.where(known, concentration, 0.0) * scale + 0.5 + _NEAR)
    last = np.array([round(end * scale) for end in pollutant.ends], dtype=np.int64)
    first = np.concatenate(([0], last[:-1] + 1))
    steps = np.minimum(steps, last[-1]).astype(np.int64)
    grade = np.searchsorted(last, steps)
    low = np.array([one.first for one in cai.grades], dtype=np.int64)[grade]
    high = np.array([one.last for one in cai.grades], dtype=np.int64)[grade]
    wide = np.maximum(last - first, 1)[grade]
    # Whole numbers to the end: half up is exact, whatever a float would make of it.
    index = low + (2 * (high - low) * (steps - first[grade]) + wide) // (2 * wide)
    found: F64 = np.where(known, index, np.nan)
    return found


def index_of(cai: Cai, concentrations: Mapping[str, F64]) -> Indexed:
    """The index: the highest part, and the addition where several pollutants are bad or worse.

    Concentrations by pollutant in the table's unit: hourly means of gases, `estimate_24h` of dust. Those the
    table needs must be known; the others count where they are. Raises KeyError for a pollutant it has not.
    """
    of = {one.id: one for one in cai.pollutants}
    for name in concentrations:
        of[name]  # type: ignore[index]  # a wrong name must not be left out in silence
    given = [np.asarray(one, dtype=np.float64) for one in concentrations.values()]
    shape = np.broadcast_shapes(*(one.shape for one in given)) if given else ()
    missing = np.full(shape, np.nan)
    parts = {
        str(one.id): part(cai, one, np.broadcast_to(np.asarray(concentrations.get(one.id, missing)), shape))
        for one in cai.pollutants
    }
    stack = np.stack(list(parts.values()))
    usable = np.ones(shape, dtype=bool)
    for name in cai.needed:
        usable &= np.isfinite(parts[name])
    filled = np.where(np.isnan(stack), -1.0, stack)
    base = np.where(usable, filled.max(axis=0), np.nan)
    bad = (filled >= cai.bad_from).sum(axis=0)
    added = np.zeros(shape)
    for one in cai.add_ons:
        added = np.where(bad >= one.pollutants, float(one.points), added)
    leading: I64 = np.where(usable, filled.argmax(axis=0), -1).astype(np.int64)
    return Indexed(np.minimum(base + added, cai.most), base, parts, leading)


def grade_rows(cai: Cai, index: F64) -> I64:
    """The row of the grade of each index, -1 where there is none."""
    lasts = np.array([one.last for one in cai.grades], dtype=np.float64)
    known = np.isfinite(index)
    rows: I64 = np.where(known, np.searchsorted(lasts, np.where(known, index, 0.0)), -1).astype(np.int64)
    return rows


def _known(values: F64) -> np.ndarray:
    return np.isfinite(values) & (values >= 0.0)


def _mean(values: F64, known: np.ndarray) -> F64:
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    mean: F64 = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean
