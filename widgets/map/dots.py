"""All cameras of a city as dots: many that would lie on each other are one dot with a number."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from console.profile import Profile
from console.profile.ground import Plane
from widgets.map.view import Extent, View

CELL_PX = 42
"""Dots that share a cell of this size are joined."""
SWAY_PX = 7
"""So far from the middle of its cell a joined dot may lie towards its cameras: neighbours do not overlap."""
APART_M_PER_PX = 1.2
"""At this scale and closer every camera has a dot of its own: neighbours on one pole are told apart."""


class Dot(NamedTuple):
    """One camera, or `count` of them; `cameras` are rows of the profile's camera columns."""

    x_px: float
    y_px: float
    count: int
    cameras: tuple[int, ...]
    troubled: int
    """How many of them have no good picture."""


class CameraDots:
    """Where the cameras are. Built once; asked by the UI thread."""

    def __init__(self, profile: Profile, plane: Plane) -> None:
        columns = profile.camera_columns
        ids = profile.columns.ids
        self.x, self.y = plane.to_xy(columns.lat, columns.lon)
        self.ids: tuple[str, ...] = tuple(ids[row] for row in columns.row)
        self.row_of = {camera_id: row for row, camera_id in enumerate(self.ids)}
        self._troubled = np.zeros(len(self.ids), bool)

    def extent(self) -> Extent:
        """The rectangle around all of them."""
        if not len(self.x):
            return Extent(-1000.0, -1000.0, 1000.0, 1000.0)
        return Extent(
            float(self.x.min()), float(self.y.min()), float(self.x.max()), float(self.y.max())
        )

    def take_trouble(self, camera_ids: Collection[str]) -> bool:
        """These cameras, and no others, have no good picture now. Whether that is news."""
        troubled = np.zeros(len(self.ids), bool)
        troubled[[self.row_of[one] for one in camera_ids if one in self.row_of]] = True
        changed = not np.array_equal(troubled, self._troubled)
        self._troubled = troubled
        return changed

    def is_troubled(self, row: int) -> bool:
        return bool(self._troubled[row])

    def seen(self, view: View, width: int, height: int) -> list[Dot]:
        """The dots of this view, at most one a cell; deterministic for the same view."""
        px = width / 2 + (self.x - view.x) / view.m_per_px
        py = height / 2 - (self.y - view.y) / view.m_per_px
        rows = np.flatnonzero(
            (px > -CELL_PX) & (px < width + CELL_PX) & (py > -CELL_PX) & (py < height + CELL_PX)
        )
        if view.m_per_px <= APART_M_PER_PX:
            return [
                Dot(float(px[row]), float(py[row]), 1, (int(row),), int(self._troubled[row])) for row in rows
            ]
        # Cells are fixed to the ground, so that a pan does not make the dots jump.
        side_m = CELL_PX * view.m_per_px
        column, line = np.floor(self.x[rows] / side_m), np.floor(self.y[rows] / side_m)
        cells = column.astype(np.int64) * 1_000_003 + line.astype(np.int64)
        middle_x, middle_y = (column + 0.5) * side_m, (line + 0.5) * side_m
        sway_m = SWAY_PX * view.m_per_px
        at_x = np.clip(self.x[rows], middle_x - sway_m, middle_x + sway_m)
        at_y = np.clip(self.y[rows], middle_y - sway_m, middle_y + sway_m)
        order = np.argsort(cells, kind="stable")
        starts = np.flatnonzero(np.r_[True, np.diff(cells[order]) != 0]) if len(order) else []
        dots = []
        for members in np.split(order, starts[1:]) if len(order) else []:
            group = rows[members]
            if len(group) == 1:
                at = float(px[group[0]]), float(py[group[0]])
            else:
                at = view.to_px(float(at_x[members].mean()), float(at_y[members].mean()), width, height)
            troubled = int(self._troubled[group].sum())
            dots.append(Dot(*at, len(group), tuple(int(row) for row in group), troubled))
        return dots

    def within(self, from_x: float, from_y: float, to_x: float, to_y: float) -> tuple[str, ...]:
        """The cameras in a rectangle of the ground, from the north west to the south east, row by row."""
        west, east = sorted((from_x, to_x))
        south, north = sorted((from_y, to_y))
        rows = np.flatnonzero((self.x >= west) & (self.x <= east) & (self.y >= south) & (self.y <= north))
        return tuple(self.ids[row] for row in rows[np.lexsort((self.x[rows], -self.y[rows]))])
