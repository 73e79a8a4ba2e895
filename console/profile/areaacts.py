"""`seeds/rules/areaacts.toml`: what is offered to everything in a drawn area, and what stands in one."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from console.model.base import Position
from console.model.control import AUTOMATIC, Control
from console.paths import shipped
from console.profile.columns import DeviceColumns
from console.profile.ground import Plane, inside
from console.profile.problems import Problems
from console.profile.reading import parse, read
from console.profile.tables import Count, Country, Identifier, Table, Text

SHOWN = "rules/areaacts.toml"
Floats: TypeAlias = npt.NDArray[np.float64]
Positive = Annotated[float, msgspec.Meta(gt=0.0, le=1e6)]


class Offer(Table, frozen=True, kw_only=True):
    """A control that is offered: whether it is ticked, and the value it begins with."""

    control: Identifier
    chosen: bool
    value: dict[Country, tuple[Text, ...]]
    source: Text

    def first(self, country: str) -> str:
        """The value it begins with in a country; empty where a person has to choose."""
        return "\n".join(self.value.get(country, ()))  # type: ignore[call-overload]


class AreaFigures(Table, frozen=True, kw_only=True):
    """All of the file."""

    confirm_s: Positive
    most_devices: Count
    most_km2: Positive
    offers: tuple[Offer, ...]


def area_figures(path: Path | None = None) -> AreaFigures:
    """Raises ProfileError with every problem found, each naming table and key."""
    problems = Problems()
    told: AreaFigures | None = None
    try:
        data = (path or shipped("seeds") / "rules" / "areaacts.toml").read_bytes()
    except OSError as error:
        problems.say(SHOWN, "", "", "a file that can be read", error.strerror or type(error).__name__)
    else:
        tree = parse(data, SHOWN, problems)
        told = None if tree is None else read(AreaFigures, tree, SHOWN, problems)
    for row, offer in enumerate(told.offers if told is not None else ()):
        if [one.control for one in told.offers].count(offer.control) > 1:  # type: ignore[union-attr]
            problems.add(SHOWN, f"offers[{row}]", "control", "each control once", offer.control)
    problems.raise_any()
    assert told is not None
    return told


def area_km2(polygon: tuple[Position, ...]) -> float:
    """The size of an outline that does not cross itself."""
    if len(polygon) < 3:
        return 0.0
    x, y = _outline(polygon)
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2e6


def in_area(polygon: tuple[Position, ...], lat: Floats, lon: Floats) -> npt.NDArray[np.bool_]:
    """Which points lie within the outline: float64 degrees in, bool of the same shape out."""
    plane = Plane(polygon[0].lat, polygon[0].lon)
    x, y = plane.to_xy(lat, lon)
    outline_x, outline_y = _outline(polygon)
    return inside(x, y, outline_x, outline_y)


def standing_in(
    polygon: tuple[Position, ...], columns: DeviceColumns, kinds: Collection[str]
) -> dict[str, list[str]]:
    """Ids of the devices of these kinds within the outline, by kind, in the profile's order."""
    if len(polygon) < 3:
        return {}
    south, north = min(one.lat for one in polygon), max(one.lat for one in polygon)
    west, east = min(one.lon for one in polygon), max(one.lon for one in polygon)
    wanted = np.array([kind in kinds for kind in columns.kinds])
    near = np.flatnonzero(
        (columns.lat >= south) & (columns.lat <= north) & (columns.lon >= west) & (columns.lon <= east)
        & wanted[columns.kind]
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for row in near[in_area(polygon, columns.lat[near], columns.lon[near])]:
        found.setdefault(columns.kinds[columns.kind[row]], []).append(columns.ids[row])
    return found


def back_value(control: Control) -> str:
    """What takes an order of this control back: its own programme, else its safe value, else nothing."""
    return AUTOMATIC if control.automatic else control.safe


def _outline(polygon: tuple[Position, ...]) -> tuple[Floats, Floats]:
    plane = Plane(polygon[0].lat, polygon[0].lon)
    return plane.to_xy(
        np.array([one.lat for one in polygon]), np.array([one.lon for one in polygon])
    )
