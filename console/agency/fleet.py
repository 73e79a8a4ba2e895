"""The agency's own people on the road: stations, units, how fast they come. seeds/agencies/units/ID.toml."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import msgspec

from console.clock import SECOND_NS
from console.model.base import Position, Record, Words
from console.paths import shipped

_EARTH_KM = 6371.0088
Degrees = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]


class FleetError(Exception):
    """A units file is wrong; the text names the file and what was expected."""


class UnitKind(Record, frozen=True, kw_only=True):
    """`turnout_s` from the order until it rolls; then `first_s` and `per_km_s` for each kilometre of road."""

    name: Words
    turnout_s: Seconds
    first_s: Seconds
    per_km_s: Annotated[float, msgspec.Meta(gt=0, le=3600)]


class Station(Record, frozen=True, kw_only=True):
    """`at` is latitude, longitude."""

    id: str
    name: Words
    at: tuple[Degrees, Degrees]

    @property
    def position(self) -> Position:
        return Position(lat=self.at[0], lon=self.at[1])


class Unit(Record, frozen=True, kw_only=True):
    id: str
    kind: str
    station: str


class Fleet(Record, frozen=True, kw_only=True):
    """`detour`: how much longer a way by road is than the straight line. `city` has the ground of the map."""

    about: str = ""
    city: str = ""
    detour: Annotated[float, msgspec.Meta(ge=1, le=5)] = 1.3
    kinds: dict[str, UnitKind] = msgspec.field(default_factory=dict)
    stations: tuple[Station, ...] = ()
    units: tuple[Unit, ...] = ()

    def unit(self, name: str) -> Unit | None:
        return next((one for one in self.units if one.id == name), None)

    def home(self, unit: Unit) -> Position:
        return next(one.position for one in self.stations if one.id == unit.station)

    def travel_s(self, unit: Unit, start: Position, end: Position) -> float:
        """Seconds on the road, without the turnout."""
        kind = self.kinds[unit.kind]
        road_km = km_between(start, end) * self.detour
        return kind.first_s + kind.per_km_s * road_km if road_km > 0.01 else 0.0

    def turnout_s(self, unit: Unit) -> float:
        return self.kinds[unit.kind].turnout_s


class Duty(Record, frozen=True, kw_only=True):
    """A unit under way or there. `number` is its case, "" on the way back."""

    unit: str
    number: str
    start: Position
    end: Position
    left_ns: int
    arrives_ns: int

    def at(self, now_ns: int) -> Position:
        """Where it is: on the straight line between, by the share of the time that has passed."""
        span = self.arrives_ns - self.left_ns
        share = 1.0 if span <= 0 else min(1.0, max(0.0, (now_ns - self.left_ns) / span))
        return Position(
            lat=self.start.lat + (self.end.lat - self.start.lat) * share,
            lon=self.start.lon + (self.end.lon - self.start.lon) * share,
        )

    def state(self, now_ns: int) -> str:
        """turnout, driving, there, returning, home."""
        if now_ns >= self.arrives_ns:
            return "there" if self.number else "home"
        if not self.number:
            return "returning"
        return "driving" if now_ns >= self.left_ns else "turnout"


def ordered(fleet: Fleet, unit: Unit, start: Position, end: Position, now_ns: int, number: str,
            within_s: float | None = None) -> Duty:  # fmt: skip
    """A unit sent out (or home, `number` ""). `within_s` is a drill's own time for the whole way."""
    turnout_s = fleet.turnout_s(unit) if number and start == fleet.home(unit) else 0.0
    way_s = fleet.travel_s(unit, start, end)
    if within_s is not None:
        turnout_s, way_s = min(turnout_s, within_s / 4), 0.0
        way_s = within_s - turnout_s
    left_ns = now_ns + int(turnout_s * SECOND_NS)
    return Duty(
        unit=unit.id, number=number, start=start, end=end, left_ns=left_ns,
        arrives_ns=left_ns + int(way_s * SECOND_NS),
    )  # fmt: skip


def km_between(one: Position, other: Position) -> float:
    """Great circle on a sphere."""
    lat, other_lat = math.radians(one.lat), math.radians(other.lat)
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin(math.radians(other.lon - one.lon) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def load_fleet(agency: str, folder: Path | None = None) -> Fleet:
    """The agency's file; an empty fleet where it has none. Raises FleetError."""
    path = (folder or shipped("seeds") / "agencies" / "units") / f"{agency}.toml"
    try:
        fleet = msgspec.toml.decode(path.read_bytes(), type=Fleet)
    except FileNotFoundError:
        return Fleet()
    except (OSError, msgspec.DecodeError, msgspec.ValidationError) as error:
        raise FleetError(f"{path.name}: {error}") from None
    stations = {one.id for one in fleet.stations}
    for unit in fleet.units:
        if unit.kind not in fleet.kinds:
            raise FleetError(f"{path.name}: units {unit.id}: kind: expected one of {', '.join(fleet.kinds)}")
        if unit.station not in stations:
            raise FleetError(f"{path.name}: units {unit.id}: station: there is no {unit.station!r}")
    if len({one.id for one in fleet.units}) != len(fleet.units):
        raise FleetError(f"{path.name}: units: expected each id once")
    return fleet


class Ground(Record, frozen=True, kw_only=True):
    """What the map shows under everything: (lat, lon) of outlines, streets and rivers."""

    outlines: tuple[tuple[tuple[float, float], ...], ...] = ()
    streets: tuple[tuple[tuple[float, float], ...], ...] = ()
    rivers: tuple[tuple[tuple[float, float], ...], ...] = ()


class _Path(msgspec.Struct, frozen=True):
    path: tuple[tuple[float, float], ...]


class _District(msgspec.Struct, frozen=True):
    outline: tuple[tuple[float, float], ...]


class _City(msgspec.Struct, frozen=True):
    districts: tuple[_District, ...] = ()
    streets: tuple[_Path, ...] = ()
    rivers: tuple[_Path, ...] = ()


def load_ground(city: str) -> Ground:
    """Of the city's own file, as far as a map needs it; nothing where there is none.

    Raises msgspec.ValidationError for a file that is broken.
    """
    path = shipped("seeds") / "cities" / f"{city}.toml"
    if not city.isidentifier() or not path.exists():
        return Ground()
    found = msgspec.toml.decode(path.read_bytes(), type=_City)
    return Ground(
        outlines=tuple(one.outline for one in found.districts),
        streets=tuple(one.path for one in found.streets), rivers=tuple(one.path for one in found.rivers),
    )  # fmt: skip
