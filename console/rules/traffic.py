"""Levels of traffic by class of road, for all sections at once.

A worse level is shown at once, a better one only when the speed is a margin into it. No vehicle is no speed:
a detector that counts none and says 0 km/h is unknown, not a jam.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import numpy.typing as npt

from console.model.base import Words
from console.profile.tables import Identifier, Table, Text
from console.rules.figures import NotNegative, Positive, figures, refuse

F64 = npt.NDArray[np.float64]
U8 = npt.NDArray[np.uint8]
JAM, SLOW, SMOOTH, UNKNOWN = 0, 1, 2, 255


class LevelWords(Table, frozen=True, kw_only=True):
    """How a level is said and drawn: never by its colour alone."""

    id: Identifier
    name: Words
    pattern: Identifier


class RoadClass(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    jam_below_km_h: Positive
    slow_below_km_h: Positive
    source: Text


class RoadOf(Table, frozen=True, kw_only=True):
    """The class of the road that detectors lie in, by a pattern of their ids ("LOOP-EXP-*")."""

    devices: Text
    road_class: Identifier


class TrafficFigures(Table, frozen=True, kw_only=True):
    device_kind: Identifier
    speed_quantity: Identifier
    flow_quantity: Identifier
    road_of: tuple[RoadOf, ...]
    rise_margin_km_h: NotNegative
    rise_margin_source: Text
    km_h_per_mph: Positive
    km_h_per_mph_source: Text
    levels: tuple[LevelWords, ...]
    classes: tuple[RoadClass, ...]

    def class_of(self, device_id: str) -> str:
        """The class of the road a detector lies in. Raises KeyError where no pattern fits."""
        for one in self.road_of:
            if one.devices == "*" or fnmatchcase(device_id, one.devices):
                return one.road_class
        raise KeyError(device_id)

    def class_index(self, road_class: str) -> int:
        """Raises KeyError for a class the file does not have."""
        for number, one in enumerate(self.classes):
            if one.id == road_class:
                return number
        raise KeyError(road_class)


def traffic_figures(path: Path | None = None) -> TrafficFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(TrafficFigures, "traffic", path)
    known = [one.id for one in found.classes]
    for number, road in enumerate(found.road_of):
        if road.road_class not in known:
            wanted = f"one of {', '.join(known)}"
            refuse("traffic", f"road_of[{number}]", "road_class", wanted, road.road_class)
    if not found.road_of or found.road_of[-1].devices != "*":
        patterns = [one.devices for one in found.road_of]
        refuse("traffic", "", "road_of", "a last pattern * for all others", patterns)
    if [one.id for one in found.levels] != ["jam", "slow", "smooth"]:
        refuse("traffic", "", "levels", "jam, slow, smooth", [one.id for one in found.levels])
    for number, one in enumerate(found.classes):
        if not one.jam_below_km_h < one.slow_below_km_h:
            wanted = f"more than jam_below_km_h ({one.jam_below_km_h})"
            table = f"classes[{number}] ({one.id})"
            refuse("traffic", table, "slow_below_km_h", wanted, one.slow_below_km_h)
    return found


class TrafficLevels:
    """The level each section is shown with. One thread; deterministic in the sequence of values."""

    def __init__(self, figures: TrafficFigures, road_classes: Sequence[str]) -> None:
        """`road_classes`: the class of each section. Raises KeyError for one the figures do not have."""
        rows = [figures.classes[figures.class_index(one)] for one in road_classes]
        self._edges = np.array([(one.jam_below_km_h, one.slow_below_km_h) for one in rows]).reshape(-1, 2)
        self._margin = figures.rise_margin_km_h
        self.level: U8 = np.full(len(rows), UNKNOWN, np.uint8)

    def update(self, speed_km_h: F64, flow_veh_h: F64 | None = None) -> npt.NDArray[np.bool_]:
        """Take one speed for each section (NaN: none); returns which sections have a new level."""
        speed = np.where((speed_km_h >= 0.0) & np.isfinite(speed_km_h), speed_km_h, np.nan)
        if flow_veh_h is not None:
            speed = np.where((speed == 0.0) & (flow_veh_h == 0.0), np.nan, speed)
        worst, best = self._raw(speed - self._margin), self._raw(speed)
        held = np.where(self.level == UNKNOWN, best, np.clip(self.level, worst, best))
        level = np.where(np.isnan(speed), UNKNOWN, held).astype(np.uint8)
        news: npt.NDArray[np.bool_] = level != self.level
        self.level = level
        return news

    def _raw(self, speed: F64) -> U8:
        with np.errstate(invalid="ignore"):
            result: U8 = (speed[:, None] >= self._edges).sum(axis=1).astype(np.uint8)
        return result
