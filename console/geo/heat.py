"""Where alarms and incidents came from in a span of time, as a field of heat. Pure; any thread."""

from __future__ import annotations

import numpy as np

from console.profile.ground import Floats


def heat(
    x: Floats, y: Floats, weight: Floats, west: float, north: float, cell_m: float, columns: int, lines: int,
    spread_m: float,
) -> Floats:  # fmt: skip
    """Weights spread over a grid whose first cell begins at (west, north): float64 of shape (lines, columns),
    heat per cell. Each event is spread as a bell of standard deviation `spread_m`; its weight is kept where
    the grid holds all of the bell."""
    field = np.zeros((lines, columns))
    column = np.floor((x - west) / cell_m).astype(np.int64)
    line = np.floor((north - y) / cell_m).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (line >= 0) & (line < lines)
    np.add.at(field, (line[inside], column[inside]), weight[inside])
    reach = max(1, int(np.ceil(3.0 * spread_m / cell_m)))
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) * cell_m / max(spread_m, 1e-9)) ** 2)
    bell /= bell.sum()
    return _along(_along(field, bell).T, bell).T


def _along(field: Floats, bell: Floats) -> Floats:
    """Each line convolved with the bell, of the same length."""
    reach = len(bell) // 2
    wide = np.pad(field, ((0, 0), (reach, reach)))
    result = np.zeros_like(field)
    for at, share in enumerate(bell):
        result += share * wide[:, at : at + field.shape[1]]
    return result
