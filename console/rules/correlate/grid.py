"""Open incidents by place, in grids of several widths: each lies in the finest whose cells its reach fits.

So nine cells of each grid hold everything that could reach a point, whether it reaches 60 m or 30 km.
"""

from __future__ import annotations

from collections.abc import Iterator

from console.rules.correlate.gathered import Gathered

WIDTHS_M = (250.0, 1_000.0, 4_000.0)
"""Of the grids. What reaches farther than the widest cell is looked at each time: warnings of a city."""
WIDE = len(WIDTHS_M)


class Grid:
    """One thread."""

    def __init__(self) -> None:
        self._levels: list[dict[tuple[int, int], list[Gathered]]] = [{} for _ in range(WIDE + 1)]

    def put(self, incident: Gathered, reach_m: float) -> None:
        """Where it is now; moves it where it lay before."""
        level = next((row for row, width in enumerate(WIDTHS_M) if reach_m <= width), WIDE)
        cell = self._cell(level, incident.x, incident.y)
        if (level, cell) == (incident.level, incident.cell):
            return
        self.take(incident)
        incident.level, incident.cell = level, cell
        self._levels[level].setdefault(cell, []).append(incident)

    def take(self, incident: Gathered) -> None:
        """Take it out; nothing happens where it is not in."""
        if incident.level < 0:
            return
        cells = self._levels[incident.level]
        here = cells[incident.cell]
        here.remove(incident)
        if not here:
            del cells[incident.cell]
        incident.level = -1

    def around(self, x: float, y: float) -> Iterator[list[Gathered]]:
        """The incidents that could reach the point, cell by cell, and others."""
        for level, width in enumerate(WIDTHS_M):
            cells = self._levels[level]
            if not cells:
                continue
            column, row = int(x // width), int(y // width)
            for across in (column - 1, column, column + 1):
                for up in (row - 1, row, row + 1):
                    here = cells.get((across, up))
                    if here is not None:
                        yield here
        yield from self._levels[WIDE].values()

    @staticmethod
    def _cell(level: int, x: float, y: float) -> tuple[int, int]:
        if level == WIDE:
            return (0, 0)
        width = WIDTHS_M[level]
        return int(x // width), int(y // width)
