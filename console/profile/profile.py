"""A city as everybody sees it: one immutable Profile, the same for everyone who loads the same files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from console.model.base import Position, Record, Words
from console.model.control import Control
from console.model.layout import WallLayout
from console.profile.columns import CameraColumns, DeviceColumns, StreetColumns
from console.profile.contractors import Contractor
from console.profile.dashboards import Dashboard
from console.profile.devices import Cameras, Devices
from console.profile.goals import Dataset, Goal
from console.profile.limits import Limits
from console.profile.points import PointById, Points
from console.profile.reports import ReportBook
from console.profile.services import LinkedService, ServiceBook


class Bounds(Record, frozen=True, kw_only=True):
    """The rectangle the city lies in, degrees."""

    south: float
    north: float
    west: float
    east: float


class District(Record, frozen=True, kw_only=True):
    """`outline` is closed (the last corner joins the first), simplified by hand."""

    id: str
    name: Words
    outline: tuple[Position, ...]
    centre: Position


class Street(Record, frozen=True, kw_only=True):
    """A named line for maps: a main road or a river."""

    name: Words
    kind: Literal["road", "river"]
    path: tuple[Position, ...]


class Site(Record, frozen=True, kw_only=True):
    """A named place people know: a gate, a park, a station."""

    kind: str
    name: Words
    position: Position
    radius_m: float
    district: str


class SystemInfo(Record, frozen=True, kw_only=True):
    """`row` is the system's number in the list of city systems, `owner` who answers for it in this city."""

    id: str
    row: int
    name: Words
    owner: Words


class KindInfo(Record, frozen=True, kw_only=True):
    id: str
    system: str
    name: Words
    camera: bool
    quantities: tuple[str, ...]


class Register(Record, frozen=True, kw_only=True):
    """A published total: how many devices of the city are counted in it."""

    id: str
    name: Words
    count: int


class Agency(Record, frozen=True, kw_only=True):
    """A partner for hand-offs. `sender` is the name it signs its messages with."""

    id: str
    name: Words
    short: Words
    kind: Literal["police", "fire", "ambulance"]
    number: str
    sender: str


class IncidentType(Record, frozen=True, kw_only=True):
    """`agencies`: advised, the first is the default. `code`: the country's own grade of urgency, or empty.

    `signals` are the types of signal that open one. Signals within `merge_radius_m` and `merge_window_s`
    of an open incident of the type belong to it.
    """

    id: str
    name: Words
    priority: int
    category: str
    agencies: tuple[str, ...]
    code: str
    signals: tuple[str, ...]
    merge_radius_m: float
    merge_window_s: float
    guidance: Words
    icon: str


class GroupRule(Record, frozen=True, kw_only=True):
    """`count` devices of a kind and circuit reaching `condition` within `window_s` are one incident."""

    id: str
    device_kind: str
    condition: Literal["degraded", "down"]
    count: int
    window_s: float
    by: Literal["circuit"]
    incident_type: str


class ChartBand(Record, frozen=True, kw_only=True):
    title: Words
    point_ids: tuple[str, ...]


class DeskInfo(Record, frozen=True, kw_only=True):
    """A working place: who sits there, the 16 cameras of its wall, the bands of its charts.

    `person` is what acts are logged under, `person_name` how it is shown. `systems` and `districts` are its
    duty, whose alarms are put before it; empty is all of them.
    """

    id: str
    name: Words
    person: str
    person_name: Words
    role: Literal["operator", "supervisor"]
    wall: tuple[str, ...]
    charts: tuple[ChartBand, ...]
    systems: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()


class CityLayout(Record, frozen=True, kw_only=True):
    """A wall layout that comes with the city; the fields are those of `console.model.layout.WallLayout`."""

    id: str
    name: Words
    number: int
    shape: str
    camera_ids: tuple[str, ...]
    carousel: tuple[str, ...]
    dwell_s: float

    def said_in(self, language: str) -> WallLayout:
        """The same as a layout that can be shown and saved; its name is one text."""
        return WallLayout(
            id=self.id, name=self.name.in_language(language), number=self.number, shape=self.shape,
            camera_ids=self.camera_ids, carousel=self.carousel, dwell_s=self.dwell_s,
        )  # fmt: skip


class CityMode(Record, frozen=True, kw_only=True):
    """A way the whole city is watched (night, flood, festival): many walls change at once. `walls` names the
    layout of each desk that changes; the others stay."""

    id: str
    name: Words
    walls: Mapping[str, str] = msgspec.field(default_factory=dict)


class WarnedAs(Record, frozen=True, kw_only=True):
    """What official warnings call the city. `names` mean the whole of it besides its own name, `wider` the
    regions it lies in; `codes` (kind of code to codes) the city or a region around it, `district_codes` (kind
    of code to code to district) a part of it.
    """

    names: tuple[str, ...] = ()
    wider: tuple[str, ...] = ()
    codes: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    district_codes: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)


class CityMapLayer(Record, frozen=True, kw_only=True):
    """A file that comes with the city and is drawn on its map: GeoJSON or MBTiles, `path` as on this machine.
    `blocks_sight`: its areas are buildings that cameras do not see through. `attribution` has to be shown.
    """

    id: str
    name: Words
    path: str
    attribution: str
    blocks_sight: bool


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Everything fixed about a city. Immutable; any thread.

    `devices`, `cameras`, `points`, `point_by_id` and `limits` make their records on access; `columns` and
    `camera_columns` are the same data as arrays, for whoever needs all of it at once.
    """

    city: str
    name: Words
    country: str
    languages: tuple[str, ...]
    time_zone: str
    air_index: str
    """Which air quality index the country publishes: "CAI" or "DAQI"."""
    bounds: Bounds
    districts: dict[str, District]
    streets: tuple[Street, ...]
    sites: tuple[Site, ...]
    systems: dict[str, SystemInfo]
    owners: dict[str, Words]
    """Who answers for devices, by the `owner` of a device."""
    registers: dict[str, Register]
    register_of_kind: Mapping[tuple[str, str], str]
    """Register by (device kind, purpose); the purpose is empty for what is no camera."""
    kinds: dict[str, KindInfo]
    purposes: dict[str, Words]
    devices: Devices
    cameras: Cameras
    columns: DeviceColumns
    camera_columns: CameraColumns
    points: Points
    point_by_id: PointById
    limits: Limits
    agencies: dict[str, Agency]
    incident_types: dict[str, IncidentType]
    type_of_signal: Mapping[str, str]
    """Incident type by the type of the signal that opens it."""
    type_of_condition: Mapping[tuple[str, str], str]
    """Incident type by (device kind, condition): which faults need somebody, and as what."""
    groups: tuple[GroupRule, ...]
    desks: dict[str, DeskInfo]
    trend_points: tuple[int, ...]
    digest: str
    """SHA-256 of the files and of what came out of them: equal only for equal cities."""
    street_columns: StreetColumns
    modes: dict[str, CityMode] = field(default_factory=dict)
    layouts: dict[str, CityLayout] = field(default_factory=dict)
    map_layers: tuple[CityMapLayer, ...] = ()
    contractors: dict[str, Contractor] = field(default_factory=dict)
    """Who repairs devices here."""
    goals: dict[str, Goal] = field(default_factory=dict)
    datasets: dict[str, Dataset] = field(default_factory=dict)
    dashboards: dict[str, Dashboard] = field(default_factory=dict)
    keepers: npt.NDArray[np.int16] = field(default_factory=lambda: np.empty(0, np.int16))
    """By device row: the number of its contractor in `contractors`, -1 for none."""
    warned: WarnedAs = field(default_factory=WarnedAs)
    call_back: str = ""
    """The number a partner calls back; "" where the city's file names none."""

    def contractor_of(self, device_id: str) -> str:
        """Who keeps a device; "" where nobody is named, or for a device that is not the city's."""
        row = self.columns.row_of.get(device_id)
        number = -1 if row is None or row >= len(self.keepers) else int(self.keepers[row])
        return tuple(self.contractors)[number] if number >= 0 else ""
    reports: ReportBook | None = None
    """What citizens can report; None where the city's file names none."""
    linked: ServiceBook | None = None
    """Who may ask for pictures and how; None where the city has no such file."""
    controls: dict[str, Control] = field(default_factory=dict)
    """What can be ordered from devices in this country, by id."""
    controls_of_kind: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the controls of a kind of device; nothing for a kind that has none."""

    @property
    def services(self) -> dict[str, LinkedService]:
        """The linked services by id; empty where the city has none."""
        return self.linked.services if self.linked is not None else {}
