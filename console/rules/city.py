"""What the rules need to know of a city; the profile offers it, tests offer a smaller one."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

from console.model.base import Position, Words
from console.model.control import Control
from console.model.device import Camera, Device, Limit, Point


class IncidentKind(Protocol):
    """A row of the incident types' data."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Words: ...
    @property
    def priority(self) -> int: ...
    @property
    def signals(self) -> Sequence[str]: ...
    @property
    def merge_radius_m(self) -> float: ...
    @property
    def merge_window_s(self) -> float: ...


class Grouping(Protocol):
    """`count` devices of one kind and circuit in one condition within `window_s` are one incident."""

    @property
    def id(self) -> str: ...
    @property
    def device_kind(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def window_s(self) -> float: ...
    @property
    def incident_type(self) -> str: ...


class City(Protocol):
    """The profile, as far as decisions need it."""

    @property
    def city(self) -> str: ...
    @property
    def country(self) -> str:
        """Whose grades of urgency are used ("KR", "GB")."""
        ...

    @property
    def devices(self) -> Mapping[str, Device]: ...
    @property
    def cameras(self) -> Mapping[str, Camera]: ...
    @property
    def points(self) -> Sequence[Point]: ...
    @property
    def limits(self) -> Sequence[Limit]: ...
    @property
    def incident_types(self) -> Mapping[str, Any]: ...
    @property
    def agencies(self) -> Mapping[str, Any]: ...
    @property
    def desks(self) -> Mapping[str, Any]:
        """What each desk is: its `role` says what may be done there."""
        ...

    @property
    def modes(self) -> Collection[str]:
        """The modes this city can be put into, besides the normal one."""
        ...

    @property
    def owners(self) -> Mapping[str, Words]:
        """Who answers for devices and reports."""
        ...

    @property
    def reports(self) -> Any:
        """What citizens can report (`console.profile.reports.ReportBook`); None where it takes none."""
        ...

    @property
    def services(self) -> Mapping[str, Any]:
        """The linked services (`console.profile.services.LinkedService`), by id."""
        ...

    @property
    def linked(self) -> Any:
        """The services with their legal bases and partners (`ServiceBook`); None where there are none."""
        ...

    @property
    def controls(self) -> Mapping[str, Control]:
        """What can be ordered from devices, by id."""
        ...

    @property
    def groups(self) -> Sequence[Any]: ...

    @property
    def contractors(self) -> Collection[str]:
        """Who repairs devices here."""
        ...

    def contractor_of(self, device_id: str) -> str:
        """Who keeps a device; "" where nobody is named."""
        ...

    @property
    def type_of_condition(self) -> Mapping[tuple[str, str], str]:
        """Incident type by (device kind, condition)."""
        ...


NearestCameras = Callable[[Position, int, Collection[str]], tuple[str, ...]]
"""(where, how many, cameras that cannot be used) to camera ids, best first."""

Phrase = Callable[..., Words]
"""A text of the catalogue by key, in both languages."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius, IUGG."""


def distance_m(a: Position, b: Position) -> float:
    """Great-circle distance (haversine)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (lat_b - lat_a) / 2, math.radians(b.lon - a.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def phrase_of(catalogue: Any) -> Phrase:
    """Texts of a Catalogue for the rules: `en` and `ko` are the positional fields of each language."""

    def phrase(key: str, en: tuple[Any, ...] = (), ko: tuple[Any, ...] = (), **fields: Any) -> Words:
        words = catalogue.both(key) if en or ko else catalogue.both(key, **fields)
        if en or ko:
            return Words(en=words.en.format(*en), ko=words.ko.format(*ko))
        return Words(en=words.en, ko=words.ko)

    return phrase
