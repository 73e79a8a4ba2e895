"""Which cameras can show a point on the ground, those that look at it first; which devices stand near it."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from console.model.base import Position
from console.profile.ground import Plane, bearing_deg
from console.profile.profile import Profile

AT_ITS_FOOT_M = 4.0
"""Closer than this a camera counts as looking at the point wherever it is turned: its own report is meant."""


def nearest_cameras(
    profile: Profile, position: Position, count: int, usable: Callable[[str], bool] | None = None,
    within_m: float = 2_000.0,
) -> tuple[str, ...]:  # fmt: skip
    """Ids of up to `count` cameras, best first: those looking at the point, then the nearest.

    A camera looks at it when it lies in its direction, field of view and reach.
    `usable` is asked by device id, only for cameras that would be taken, best first; without it all are.
    Nothing farther than `within_m` is offered. Any thread.
    """
    columns = profile.camera_columns
    if count <= 0 or len(columns.row) == 0:
        return ()
    x, y = Plane(position.lat, position.lon).to_xy(columns.lat, columns.lon)
    apart = np.sqrt(x * x + y * y)
    near = np.flatnonzero(apart <= within_m)
    if len(near) == 0:
        return ()
    distance = apart[near]
    towards = bearing_deg(-x[near], -y[near])
    turned = np.abs((towards - columns.direction_deg[near] + 180.0) % 360.0 - 180.0)
    looks = (turned <= columns.fov_deg[near] / 2) & (distance <= columns.reach_m[near])
    looks |= distance <= AT_ITS_FOOT_M
    chosen: list[str] = []
    ids = profile.columns.ids
    for camera in near[np.lexsort((near, distance, ~looks))]:
        device_id = ids[columns.row[camera]]
        if usable is None or usable(device_id):
            chosen.append(device_id)
            if len(chosen) == count:
                break
    return tuple(chosen)


def devices_near(
    profile: Profile, kinds: Collection[str], position: Position, within_m: float
) -> list[str]:  # fmt: skip
    """Ids of the devices of these kinds not farther than `within_m`, the nearest first. Any thread."""
    columns = profile.columns
    wanted = np.array([kind in kinds for kind in columns.kinds])
    x, y = Plane(position.lat, position.lon).to_xy(columns.lat, columns.lon)
    apart = np.sqrt(x * x + y * y)
    rows = np.flatnonzero((apart <= within_m) & wanted[columns.kind])
    return [columns.ids[row] for row in rows[np.lexsort((rows, apart[rows]))]]
