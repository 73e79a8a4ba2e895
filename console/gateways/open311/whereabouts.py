"""Where a report is: a name and a district for a point on the ground, and a point for a written address."""

from __future__ import annotations

import unicodedata

import numpy as np

from console.model.base import Place, Position, Words, same_words
from console.profile import Profile

NEAR_M = 150.0
"""A device nearer than this lends its place's name; farther away only the district is said."""
METRES_PER_DEGREE = 111_195.0
SHORTEST_NAME = 4
"""Letters; a shorter name occurs in too many addresses."""


class Whereabouts:
    """Made from a profile. `place_of` about a millisecond; the first `find` reads all names (some 0.2 s)."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._names: list[tuple[str, int]] | None = None

    def inside(self, position: Position) -> bool:
        """Whether a point lies within the bounds of the city's map."""
        bounds = self._profile.bounds
        return bounds.south <= position.lat <= bounds.north and bounds.west <= position.lon <= bounds.east

    def place_of(self, position: Position, address: str = "") -> Place:
        """The point with a name a person knows, its district and the address the citizen wrote."""
        profile, columns = self._profile, self._profile.columns
        shrink = np.cos(np.radians(position.lat))
        apart = np.hypot(columns.lat - position.lat, (columns.lon - position.lon) * shrink)
        row = int(np.argmin(apart))
        district = self._district(position)
        words = same_words(address) if address else None
        if apart[row] * METRES_PER_DEGREE <= NEAR_M:
            near = profile.devices.place(row)
            name = Words(en=f"near {near.name.en}", ko=f"{near.name.ko} 부근")
            return Place(name=name, position=position, district=district, address=words or near.address)
        known = profile.districts.get(district)
        name = known.name if known is not None else profile.name
        return Place(name=name, position=position, district=district, address=words)

    def find(self, address: str) -> Position | None:
        """The point of the longest place name that the address contains, as whole words; None for none."""
        if self._names is None:
            self._names = self._read_names()
        text = f" {_plain(address)} "
        for name, row in self._names:
            if f" {name} " in text:
                columns = self._profile.columns
                return Position(lat=float(columns.lat[row]), lon=float(columns.lon[row]))
        return None

    def _read_names(self) -> list[tuple[str, int]]:
        found: dict[str, int] = {}
        for row in range(len(self._profile.columns.ids)):
            name = self._profile.devices.place(row).name
            for text in (name.en, name.ko):
                plain = _plain(text)
                if len(plain) >= SHORTEST_NAME:
                    found.setdefault(plain, row)
        return sorted(found.items(), key=lambda one: -len(one[0]))

    def _district(self, position: Position) -> str:
        for district in self._profile.districts.values():
            if _contains(district.outline, position):
                return district.id
        return ""


def _contains(outline: tuple[Position, ...], point: Position) -> bool:
    """Even-odd rule."""
    odd = False
    before = outline[-1]
    for corner in outline:
        if (corner.lat > point.lat) != (before.lat > point.lat):
            share = (point.lat - corner.lat) / (before.lat - corner.lat)
            if point.lon < corner.lon + share * (before.lon - corner.lon):
                odd = not odd
        before = corner
    return odd


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFC", text).casefold()
    return " ".join("".join(one if one.isalnum() or one == "-" else " " for one in folded).split())
