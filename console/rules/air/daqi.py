"""The UK Daily Air Quality Index, for many stations: the highest index of the pollutants that are known.

Concentrations in µg/m³, each a running mean as long as the table says (`hours.running_means`), rounded half
up to whole µg/m³ first. Missing is NaN and stays NaN; below zero or infinite counts as missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.rules.air.tables import Daqi, DaqiPollutant
from console.telemetry.table import F64, I64

_NEAR = 1e-6


def part(pollutant: DaqiPollutant, concentration: F64) -> F64:
    """One pollutant's index from 1, NaN where the concentration is missing."""
    known = np.isfinite(concentration) & (concentration >= 0.0)
    whole = np.floor(np.where(known, concentration, 0.0) + 0.5 + _NEAR)
    index = 1 + np.searchsorted(np.array(pollutant.ends, dtype=np.float64), whole)
    found: F64 = np.where(known, index, np.nan)
    return found


def index_of(daqi: Daqi, concentrations: Mapping[str, F64]) -> tuple[F64, I64]:
    """(index, row of the pollutant that gives it; NaN and -1 where nothing is known).

    Raises KeyError for a pollutant the table does not have.
    """
    of = {one.id: one for one in daqi.pollutants}
    for name in concentrations:
        of[name]  # type: ignore[index]  # a wrong name must not be left out in silence
    given = [np.asarray(one, dtype=np.float64) for one in concentrations.values()]
    shape = np.broadcast_shapes(*(one.shape for one in given)) if given else ()
    missing = np.full(shape, np.nan)
    parts = np.stack([
        part(one, np.broadcast_to(np.asarray(concentrations.get(one.id, missing)), shape))
        for one in daqi.pollutants
    ])
    filled = np.where(np.isnan(parts), 0.0, parts)
    highest = filled.max(axis=0)
    rows: I64 = np.where(highest > 0, filled.argmax(axis=0), -1).astype(np.int64)
    return np.where(highest > 0, highest, np.nan), rows


def band_rows(daqi: Daqi, index: F64) -> I64:
    """The row of the band of each index, -1 where there is none."""
    lasts = np.array([one.last for one in daqi.bands], dtype=np.float64)
    known = np.isfinite(index)
    rows: I64 = np.where(known, np.searchsorted(lasts, np.where(known, index, 1.0)), -1).astype(np.int64)
    return rows
