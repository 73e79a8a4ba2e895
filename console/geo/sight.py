"""Which cameras could see a point, and what one could see: field of view, reach, and walls where known.

Everything is flat: heights of cameras, buildings and people are not known, so a wall in the way hides what
is behind it. Metres on the city's plane (x east, y north), degrees clockwise from north. Pure; any thread.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from console.profile.ground import Bools, Floats, Ints, bearing_deg, crossings

AT_ITS_FOOT_M = 4.0
"""Closer than this a camera counts as seeing the point wherever it is turned, as `nearest_cameras` has it."""
OWN_WALL_M = 1.0
"""A wall so near to a camera carries it and hides nothing; positions are no better than that."""
RAY_DEG = 2.0


class Walls(NamedTuple):
    """What blocks sight: straight pieces of the outlines of buildings, metres, all arrays of one length."""

    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats

    def near(self, x: float, y: float, within_m: float) -> Walls:
        """The pieces that come into the square of this half side around a point."""
        keep = (
            (np.minimum(self.x0, self.x1) <= x + within_m) & (np.maximum(self.x0, self.x1) >= x - within_m)
            & (np.minimum(self.y0, self.y1) <= y + within_m) & (np.maximum(self.y0, self.y1) >= y - within_m)
        )  # fmt: skip
        return Walls(self.x0[keep], self.y0[keep], self.x1[keep], self.y1[keep])


NO_WALLS = Walls(np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0))


class Sights(NamedTuple):
    """One row per camera that comes into question, best first."""

    row: Ints
    distance_m: Floats
    bearing_deg: Floats
    """From the camera to the point."""
    off_axis_deg: Floats
    """How far the point lies from the middle of the picture."""
    in_view: Bools
    """Within field of view and reach (or at the camera's foot)."""
    blocked: Bools
    """A known wall stands between."""


def could_see(
    x: Floats, y: Floats, direction_deg: Floats, fov_deg: Floats, reach_m: Floats,
    at_x: float, at_y: float, within_m: float, walls: Walls = NO_WALLS,
) -> Sights:  # fmt: skip
    """Cameras within `within_m` of a point: first those that see it freely, then those with the point in
    view behind a wall, then the others; each group by distance."""
    dx, dy = at_x - x, at_y - y
    apart = np.sqrt(dx * dx + dy * dy)
    row = np.flatnonzero(apart <= within_m)
    distance, towards = apart[row], bearing_deg(dx[row], dy[row])
    off = np.abs((towards - direction_deg[row] + 180.0) % 360.0 - 180.0)
    in_view = (off <= fov_deg[row] / 2) & (distance <= reach_m[row])
    in_view |= distance <= AT_ITS_FOOT_M
    blocked = np.zeros(len(row), np.bool_)
    asked = np.flatnonzero(in_view)
    if len(asked) and len(walls.x0):
        blocked[asked] = hidden(x[row[asked]], y[row[asked]], at_x, at_y, walls)
    order = np.lexsort((row, distance, blocked, ~in_view))
    return Sights(
        row[order].astype(np.int64), distance[order], towards[order], off[order], in_view[order],
        blocked[order],
    )  # fmt: skip


def hidden(x: Floats, y: Floats, at_x: float, at_y: float, walls: Walls) -> Bools:
    """For each place: whether a wall stands between it and the point, bool of the same length.

    A wall within `OWN_WALL_M` of the place itself is not in the way.
    """
    found = np.zeros(len(x), np.bool_)
    if not len(x) or not len(walls.x0):
        return found
    within = float(np.max(np.hypot(x - at_x, y - at_y))) + 1.0
    near = walls.near(at_x, at_y, within)
    ray, _, cross_x, cross_y = crossings(
        x, y, np.full(len(x), at_x), np.full(len(x), at_y), near.x0, near.y0, near.x1, near.y1
    )
    far = np.hypot(cross_x - x[ray], cross_y - y[ray]) > OWN_WALL_M
    found[ray[far]] = True
    return found


def seen_area(
    x: float, y: float, direction_deg: float, fov_deg: float, reach_m: float, walls: Walls = NO_WALLS
) -> tuple[Floats, Floats]:
    """The outline (metres) of what a camera could see: its place, then the edge from left to right; without
    the place for one that sees all around. Walls cut it off."""
    wide = min(max(fov_deg, 0.0), 360.0)
    count = max(2, int(np.ceil(wide / RAY_DEG)) + 1)
    angles = np.radians(direction_deg - wide / 2 + np.linspace(0.0, wide, count))
    end_x, end_y = x + np.sin(angles) * reach_m, y + np.cos(angles) * reach_m
    near = walls.near(x, y, reach_m)
    if len(near.x0):
        ray, _, cross_x, cross_y = crossings(
            np.full(count, x), np.full(count, y), end_x, end_y, near.x0, near.y0, near.x1, near.y1
        )
        away = np.hypot(cross_x - x, cross_y - y)
        far = away > OWN_WALL_M
        reached = np.full(count, reach_m)
        np.minimum.at(reached, ray[far], away[far])
        end_x, end_y = x + np.sin(angles) * reached, y + np.cos(angles) * reached
    if wide >= 360.0:
        return end_x, end_y
    return np.concatenate([[x], end_x]), np.concatenate([[y], end_y])
