"""What ties two places of a city together: fields of view, streets and rivers, circuits."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np

from console.profile.ground import Plane
from console.profile.profile import Profile
from console.rules.correlate.figures import OnStreet

AT_ITS_FOOT_M = 4.0
"""Closer than this a camera counts as seeing the point, as `nearest_cameras` has it."""
RIVER_RANK = 2
KEPT_PLACES = 50_000
"""Places whose street is remembered; devices do not move, so most are asked again and again."""


class View(NamedTuple):
    """Where a camera stands (metres) and what it looks at."""

    x: float
    y: float
    direction_deg: float
    fov_deg: float
    reach_m: float


class Stretch(NamedTuple):
    """A street or river, and how far from its beginning."""

    street: int
    along_m: float
    river: bool


class Ground(Protocol):
    """The city, as far as what happens in it is tied together by it."""

    plane: Plane
    longest_view_m: float

    def view(self, camera_id: str) -> View | None: ...

    def circuit(self, device_id: str) -> str: ...

    def stretches(self, x: float, y: float) -> tuple[Stretch, ...]:
        """The streets and rivers a place (metres) lies on; each street once."""
        ...

    def street_name(self, street: int) -> tuple[str, str]:
        """In English and Korean."""
        ...


class NoGround:
    """A place of which nothing is known but coordinates."""

    longest_view_m = 0.0

    def __init__(self, lat: float, lon: float) -> None:
        self.plane = Plane(lat, lon)

    def view(self, camera_id: str) -> View | None:
        return None

    def circuit(self, device_id: str) -> str:
        return ""

    def stretches(self, x: float, y: float) -> tuple[Stretch, ...]:
        return ()

    def street_name(self, street: int) -> tuple[str, str]:
        return ("", "")


class CityGround:
    """The ground of a profile. One thread (it remembers places it was asked for)."""

    def __init__(self, profile: Profile, told: OnStreet) -> None:
        bounds = profile.bounds
        self.plane = Plane((bounds.south + bounds.north) / 2, (bounds.west + bounds.east) / 2)
        self._profile, self._told = profile, told
        cameras, streets = profile.camera_columns, profile.street_columns
        self.longest_view_m = float(cameras.reach_m.max()) if len(cameras.row) else 0.0
        self._x0, self._y0 = self.plane.to_xy(streets.lat0, streets.lon0)
        x1, y1 = self.plane.to_xy(streets.lat1, streets.lon1)
        self._dx, self._dy = x1 - self._x0, y1 - self._y0
        self._long2 = np.maximum(self._dx**2 + self._dy**2, 1e-9)
        self._within = np.where(streets.rank == RIVER_RANK, told.river_within_m, told.road_within_m)
        self._views: dict[str, View | None] = {}
        self._kept: dict[tuple[int, int], tuple[Stretch, ...]] = {}

    def view(self, camera_id: str) -> View | None:
        if camera_id not in self._views:
            self._views[camera_id] = self._find_view(camera_id)
        return self._views[camera_id]

    def _find_view(self, camera_id: str) -> View | None:
        columns = self._profile.camera_columns
        row = self._profile.columns.row_of.get(camera_id)
        camera = -1 if row is None else int(columns.of_device[row])
        if camera < 0:
            return None
        x, y = self.plane.to_xy(columns.lat[camera], columns.lon[camera])
        return View(
            float(x), float(y), float(columns.direction_deg[camera]), float(columns.fov_deg[camera]),
            float(columns.reach_m[camera]),
        )  # fmt: skip

    def circuit(self, device_id: str) -> str:
        columns = self._profile.columns
        row = columns.row_of.get(device_id)
        return "" if row is None else columns.circuits[int(columns.circuit[row])]

    def stretches(self, x: float, y: float) -> tuple[Stretch, ...]:
        """Remembered by metre: nearer two places are not told apart anyway."""
        key = (round(x), round(y))
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= KEPT_PLACES:
                self._kept.clear()
            found = self._kept[key] = self._find_stretches(x, y)
        return found

    def _find_stretches(self, x: float, y: float) -> tuple[Stretch, ...]:
        streets = self._profile.street_columns
        share = np.clip(((x - self._x0) * self._dx + (y - self._y0) * self._dy) / self._long2, 0.0, 1.0)
        away = np.hypot(self._x0 + share * self._dx - x, self._y0 + share * self._dy - y)
        nearest: dict[int, tuple[float, Stretch]] = {}
        for piece in np.flatnonzero(away <= self._within):
            street = int(streets.street[piece])
            far = float(away[piece])
            if street not in nearest or far < nearest[street][0]:
                along = streets.start_m[piece] + share[piece] * np.sqrt(self._long2[piece])
                river = int(streets.rank[piece]) == RIVER_RANK
                nearest[street] = (far, Stretch(street, float(along), river))
        return tuple(stretch for _, stretch in sorted(nearest.values()))

    def street_name(self, street: int) -> tuple[str, str]:
        words = self._profile.street_columns.names[street]
        return words.en, words.ko
