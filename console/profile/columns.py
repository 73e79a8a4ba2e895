"""The devices of a city as columns: one row each, plain arrays, so that 22,783 of them cost little.

A Device, Camera, Point or Limit is made from these when somebody asks for that one. Everything here is
immutable once built and may be read from any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from console.model.base import Words
from console.profile.tables import Country, KindTable, LimitTable, Naming, PointTable

Int32: TypeAlias = npt.NDArray[np.int32]
Int16: TypeAlias = npt.NDArray[np.int16]
Float64: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DeviceColumns:
    """One row per device. `kind`, `district`, `circuit` index the tuples of the same name in plural."""

    ids: tuple[str, ...]
    row_of: dict[str, int]
    lat: Float64
    lon: Float64
    kind: Int16
    district: Int16
    circuit: Int32
    place_kind: Int16
    place_one: Int32
    place_other: Int32
    kinds: tuple[str, ...]
    kind_system: tuple[str, ...]
    districts: tuple[str, ...]
    circuits: tuple[str, ...]

    def of_kind(self, kind: str) -> Int32:
        """Rows of all devices of `kind`, ascending. Raises ValueError for a kind the city has not."""
        return np.flatnonzero(self.kind == self.kinds.index(kind)).astype(np.int32)


@dataclass(frozen=True, slots=True)
class CameraColumns:
    """One row per camera, in the order of the devices; `row` is the device's."""

    row: Int32
    lat: Float64
    lon: Float64
    direction_deg: Float64
    fov_deg: Float64
    reach_m: Float64
    purpose: Int16
    scene: Int16
    purposes: tuple[str, ...]
    scenes: tuple[str, ...]
    of_device: Int32
    """By device row: the camera's row here, -1 for what is no camera."""


@dataclass(frozen=True, slots=True)
class StreetColumns:
    """One row per straight piece of every street and river, side streets included; `street` indexes `names`.

    `start_m` is how far the piece begins from the beginning of its street, `rank` 0 a main road, 1 a side
    street, 2 a river. House numbers count 20 m a pair: odd on the left.
    """

    street: Int32
    rank: Int16
    start_m: Float64
    lat0: Float64
    lon0: Float64
    lat1: Float64
    lon1: Float64
    names: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class KindPlan:
    """What every device of a kind measures, with the limits that hold in this country."""

    table: KindTable
    system: str
    points: tuple[PointTable, ...]
    limits: tuple[tuple[int, LimitTable], ...]
    """(position in `points`, limit)"""
    slot_of: dict[str, int]
    """Position in `points` by quantity."""


def plan_kind(table: KindTable, system: str, country: Country) -> KindPlan:
    limits = tuple(
        (slot, limit)
        for slot, point in enumerate(table.points)
        for limit in point.limits
        if not limit.countries or country in limit.countries
    )
    slot_of = {point.quantity: slot for slot, point in enumerate(table.points)}
    return KindPlan(table=table, system=system, points=table.points, limits=limits, slot_of=slot_of)


@dataclass(frozen=True, slots=True)
class PlaceBook:
    """What the words of a place are made of."""

    explicit: tuple[tuple[Words, Words | None], ...]
    street_names: tuple[Words, ...]
    site_names: tuple[Words, ...]
    site_kinds: tuple[str, ...]
    spot_words: dict[str, tuple[Words, ...]]
    line_names: tuple[Words, ...]
    district_names: tuple[Words, ...]
    city_name: Words
    naming: Naming


def freeze(array: npt.NDArray[np.generic]) -> None:
    """Nobody changes a profile: writing to `array` raises ValueError from here on."""
    array.setflags(write=False)
