"""Many devices on few pixels: which of them share a mark, and how many of those are not as they should be.

Cells are fixed to the ground and depend on the scale alone, so that a pan moves marks and never re-sorts
them; what a scale's cells hold is worked out once. Vectorised; pure; any thread.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.profile.ground import Bools, Floats, Ints

NORMAL, OUT_OF_SERVICE, UNKNOWN, DEGRADED, DOWN, ALARM = 0, 1, 2, 3, 4, 5
"""How a device stands, least urgent first; one is counted under the most urgent that holds."""
STANDINGS = 6
SWAY = 0.08
"""A mark lies towards its devices, by at most this share of its cell: neighbours never overlap."""
_LINES = 1_000_003

Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Groups:
    """The marks of one scale. `order[starts[k]:starts[k] + count[k]]` are the devices of mark k."""

    x: Floats
    y: Floats
    """Where the mark lies, metres."""
    count: Ints
    order: Ints
    starts: Ints

    def members(self, mark: int) -> Ints:
        """Rows of the devices of a mark, ascending."""
        first = int(self.starts[mark])
        return self.order[first : first + int(self.count[mark])]

    def tally(self, standing: Codes) -> Ints:
        """How many devices of each mark stand how: int64 of shape (marks, STANDINGS); a row's sum is
        `count`. `standing` is one code a device of the city."""
        if not len(self.count):
            return np.zeros((0, STANDINGS), np.int64)
        codes = standing[self.order]
        return np.stack(
            [np.add.reduceat((codes == code).astype(np.int64), self.starts) for code in range(STANDINGS)],
            axis=1,
        )


def grouped(x: Floats, y: Floats, shown: Bools, side_m: float) -> Groups:
    """The devices that are `shown`, a mark for each cell of `side_m` that has any. Every shown device is in
    exactly one mark."""
    rows = np.flatnonzero(shown)
    column, line = np.floor(x[rows] / side_m), np.floor(y[rows] / side_m)
    cell = column.astype(np.int64) * _LINES + line.astype(np.int64)
    by_cell = np.argsort(cell, kind="stable")
    order, cell = rows[by_cell].astype(np.int64), cell[by_cell]
    if not len(order):
        none = np.zeros(0, np.int64)
        return Groups(np.zeros(0), np.zeros(0), none, none, none)
    starts = np.flatnonzero(np.concatenate([[True], cell[1:] != cell[:-1]]))
    count = np.diff(np.concatenate([starts, [len(order)]]))
    mean_x = np.add.reduceat(x[order], starts) / count
    mean_y = np.add.reduceat(y[order], starts) / count
    middle_x = (column[by_cell][starts] + 0.5) * side_m
    middle_y = (line[by_cell][starts] + 0.5) * side_m
    sway = SWAY * side_m
    at_x = np.where(count > 1, np.clip(mean_x, middle_x - sway, middle_x + sway), mean_x)
    at_y = np.where(count > 1, np.clip(mean_y, middle_y - sway, middle_y + sway), mean_y)
    return Groups(at_x, at_y, count.astype(np.int64), order, starts.astype(np.int64))
