"""The tables of the profile's files: each class is a table, each field a key.

docs/ref/profile.md describes every key; a test holds the two together. Ranges are stated here so that a
mistyped number is refused at the door.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from console.model.base import Words

Lat = Annotated[float, msgspec.Meta(ge=-85.0, le=85.0)]
Lon = Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]
LatLon = tuple[Lat, Lon]
Identifier = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,47}$")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
Metres = Annotated[float, msgspec.Meta(ge=0.0, le=50_000.0)]
Degrees = Annotated[float, msgspec.Meta(ge=-360.0, le=360.0)]
Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=31_536_000.0)]
Value = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
Count = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Weight = Annotated[float, msgspec.Meta(gt=0.0, le=1_000_000.0)]
Priority = Annotated[int, msgspec.Meta(ge=1, le=4)]
Seed = Annotated[int, msgspec.Meta(ge=0, le=2**62)]
Row = Annotated[int, msgspec.Meta(ge=1, le=1_000)]

Country = Literal["KR", "GB"]
AgencyKind = Literal["police", "fire", "ambulance"]
CapCategory = Literal[
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE",
    "Other",
]  # fmt: skip
Measure = Literal[
    "availability_percent", "repair_h", "alarms_day", "acknowledge_s", "receipt_s", "false_percent",
    "controls_percent", "report_answer_h",
]  # fmt: skip
Spread = Literal["streets", "arterials", "local", "rivers", "junctions", "sites", "runs", "circuits"]


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all tables: unknown keys are an error, never ignored."""


# --- a city's file -------------------------------------------------------------------------------------


class City(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    country: Country
    languages: tuple[Literal["en", "ko"], ...]
    time_zone: Text
    air_index: Literal["CAI", "DAQI"]
    seed: Seed
    systems: tuple[Identifier, ...]
    reports: Annotated[str, msgspec.Meta(pattern=r"^([A-Za-z0-9][A-Za-z0-9_.-]{0,47})?$")] = ""
    call_back: Annotated[str, msgspec.Meta(max_length=40)] = ""
    """The number a partner calls back; said with every hand-off."""


class Bounds(Table, frozen=True, kw_only=True):
    south: Lat
    north: Lat
    west: Lon
    east: Lon


class Naming(Table, frozen=True, kw_only=True):
    """How places are said here; each text has the marks in braces that its comment names."""

    side_street: Words
    """{quarter} {n}"""
    house: Words
    """{street} {n}"""
    junction: Words
    """{one} {other}"""
    bank: Words
    """{river} {km}"""
    address: Words
    """{place} {district} {city}"""
    area: Words
    """{district} {city}"""


class DistrictTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    outline: tuple[LatLon, ...]


class QuarterTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    short: Words
    position: LatLon
    radius_m: Annotated[float, msgspec.Meta(ge=50.0, le=5_000.0)]
    angle_deg: Degrees = 0.0
    spacing_m: Annotated[float, msgspec.Meta(ge=30.0, le=1_000.0)] = 110.0
    weight: Weight = 1.0
    tags: tuple[Identifier, ...] = ()


class StreetTable(Table, frozen=True, kw_only=True):
    name: Words
    path: tuple[LatLon, ...]


class SiteTable(Table, frozen=True, kw_only=True):
    id: Identifier
    kind: Identifier
    name: Words
    position: LatLon
    radius_m: Annotated[float, msgspec.Meta(ge=0.0, le=3_000.0)]


class SiteSeriesTable(Table, frozen=True, kw_only=True):
    kind: Identifier
    names: tuple[Words, ...]
    radius_m: Annotated[float, msgspec.Meta(ge=0.0, le=3_000.0)]


class SpotsTable(Table, frozen=True, kw_only=True):
    kind: Identifier
    names: tuple[Words, ...]


class RegisterTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    count: Count


class FleetTable(Table, frozen=True, kw_only=True):
    register: Identifier
    kind: Identifier
    prefix: Identifier
    count: Count
    spread: Spread
    purpose: str = ""
    site_kind: str = ""
    within: tuple[Identifier, ...] = ()
    share: dict[str, Weight] = {}
    per_pole: Annotated[int, msgspec.Meta(ge=1, le=16)] = 1
    joins: str = ""
    circuit_prefix: str = ""
    circuit_size: Annotated[int, msgspec.Meta(ge=0, le=1_000)] = 0
    spacing_m: Annotated[float, msgspec.Meta(ge=5.0, le=1_000.0)] = 30.0
    scenes: dict[str, Weight] = {}
    fov_deg: tuple[Degrees, Degrees] = (60.0, 90.0)
    reach_m: tuple[Metres, Metres] = (40.0, 70.0)


class DeviceTable(Table, frozen=True, kw_only=True):
    id: Identifier
    kind: Identifier
    position: LatLon
    place: Words
    name: Words | None = None
    address: Words | None = None
    circuit: str = ""
    purpose: str = ""
    scene: str = ""
    direction_deg: Degrees = 0.0
    fov_deg: Annotated[float, msgspec.Meta(gt=0.0, le=360.0)] = 70.0
    reach_m: Annotated[float, msgspec.Meta(gt=0.0, le=5_000.0)] = 60.0
    levels: dict[str, tuple[Value, Value]] = {}


class NeighbourTable(Table, frozen=True, kw_only=True):
    near: Identifier
    id: Identifier
    place: Words
    bearing_deg: Degrees
    distance_m: Annotated[float, msgspec.Meta(gt=0.0, le=500.0)]
    purpose: str = ""
    scene: str = ""


class LineTable(Table, frozen=True, kw_only=True):
    kind: Identifier
    prefix: Identifier
    count: Count
    start: LatLon
    end: LatLon
    place: Words
    circuit: str = ""


class AgencyTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    short: Words
    kind: AgencyKind
    number: Text
    sender: Text


class ContractorTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    phone: str = ""
    systems: tuple[Identifier, ...]
    districts: tuple[Identifier, ...] = ()


class GroupTable(Table, frozen=True, kw_only=True):
    id: Identifier
    device_kind: Identifier
    condition: Literal["degraded", "down"]
    count: Annotated[int, msgspec.Meta(ge=2, le=10_000)]
    window_s: Seconds
    by: Literal["circuit"]
    incident_type: Identifier


class ChartTable(Table, frozen=True, kw_only=True):
    title: Words
    points: tuple[Text, ...]


class DeskTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    person: Words
    role: Literal["operator", "supervisor"]
    wall: tuple[Identifier, ...]
    charts: tuple[ChartTable, ...]
    systems: tuple[Identifier, ...] = ()
    districts: tuple[Identifier, ...] = ()


class LayoutTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    number: Annotated[int, msgspec.Meta(ge=0, le=99)] = 0
    shape: Text
    cameras: tuple[str, ...] = ()
    carousel: tuple[Identifier, ...] = ()
    dwell_s: Annotated[float, msgspec.Meta(ge=0.0, le=3600.0)] = 0.0


class ModeTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    walls: dict[Identifier, Identifier]


class WarnedTable(Table, frozen=True, kw_only=True):
    names: tuple[Text, ...] = ()
    wider: tuple[Text, ...] = ()
    codes: dict[str, tuple[Text, ...]] = {}
    district_codes: dict[str, dict[str, Identifier]] = {}


FileBeside = Annotated[
    str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$", max_length=200)
]
"""A path from the folder of the city's file, never out of it."""


class MapLayerTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    file: FileBeside
    attribution: Annotated[str, msgspec.Meta(max_length=400)] = ""
    blocks_sight: bool = False


class CityFile(Table, frozen=True, kw_only=True):
    city: City
    bounds: Bounds
    naming: Naming
    owners: dict[str, Words]
    districts: tuple[DistrictTable, ...]
    quarters: tuple[QuarterTable, ...]
    streets: tuple[StreetTable, ...]
    rivers: tuple[StreetTable, ...] = ()
    sites: tuple[SiteTable, ...] = ()
    site_series: tuple[SiteSeriesTable, ...] = ()
    spots: tuple[SpotsTable, ...] = ()
    devices: tuple[DeviceTable, ...] = ()
    neighbours: tuple[NeighbourTable, ...] = ()
    lines: tuple[LineTable, ...] = ()
    registers: tuple[RegisterTable, ...]
    fleets: tuple[FleetTable, ...]
    agencies: tuple[AgencyTable, ...]
    contractors: tuple[ContractorTable, ...] = ()
    groups: tuple[GroupTable, ...] = ()
    desks: tuple[DeskTable, ...]
    layouts: tuple[LayoutTable, ...] = ()
    modes: tuple[ModeTable, ...] = ()
    warned: WarnedTable = WarnedTable()
    map_layers: tuple[MapLayerTable, ...] = ()


# --- a system's file -----------------------------------------------------------------------------------


class System(Table, frozen=True, kw_only=True):
    id: Identifier
    row: Row
    name: Words
    owner: Identifier
    personal: bool = False


class PurposeTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words


class LimitTable(Table, frozen=True, kw_only=True):
    id: Identifier
    above: bool
    set_at: Value
    clear_at: Value
    on_delay_s: Seconds
    off_delay_s: Seconds
    priority: Priority
    text: Words
    guidance: Words
    source: Text
    incident_type: str = ""
    hours: Annotated[int, msgspec.Meta(ge=0, le=24)] = 0
    latching: bool = False
    ring_back: bool = False
    count: Annotated[int, msgspec.Meta(ge=1, le=32)] = 1
    window_s: Seconds = 0.0
    countries: tuple[Country, ...] = ()


class PointTable(Table, frozen=True, kw_only=True):
    quantity: Identifier
    name: Words
    unit: Text
    low: Value
    high: Value
    period_s: Annotated[float, msgspec.Meta(gt=0.0, le=86_400.0)]
    mean_s: Annotated[float, msgspec.Meta(ge=0.0, le=86_400.0)] = 0.0
    least_share: Annotated[float, msgspec.Meta(gt=0.0, le=1.0)] = 0.75
    trend: bool = False
    limits: tuple[LimitTable, ...] = ()


class KindTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    camera: bool = False
    conditions: dict[Literal["degraded", "down"], Identifier] = {}
    points: tuple[PointTable, ...] = ()


EffectRange = tuple[Value, Value]


class ControlChoiceTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    effect: EffectRange | None = None


class ControlRangeTable(Table, frozen=True, kw_only=True):
    low: Value
    high: Value
    step: Annotated[float, msgspec.Meta(gt=0.0, le=1e12)]
    unit: Text
    tolerance: Annotated[float, msgspec.Meta(ge=0.0, le=1e12)] = 0.0


class ControlTextTable(Table, frozen=True, kw_only=True):
    lines: Annotated[int, msgspec.Meta(ge=1, le=8)]
    columns: Annotated[int, msgspec.Meta(ge=1, le=200)]
    charset: Literal["ascii", "latin-1", "euc_kr"]
    effect: EffectRange | None = None


class ControlEffectTable(Table, frozen=True, kw_only=True):
    quantity: Identifier
    within_s: Annotated[float, msgspec.Meta(gt=0.0, le=3_600.0)]


class ControlTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    kinds: tuple[Identifier, ...]
    roles: tuple[Literal["operator", "supervisor"], ...]
    dangerous: bool
    answer_s: Annotated[float, msgspec.Meta(ge=1.0, le=600.0)]
    source: Text
    choices: tuple[ControlChoiceTable, ...] = ()
    range: ControlRangeTable | None = None
    text: ControlTextTable | None = None
    automatic: bool = False
    safe: str = ""
    warning: Words | None = None
    effect: ControlEffectTable | None = None
    countries: tuple[Country, ...] = ()


class IndicatorTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    measure: Measure
    system: str = ""
    incident_type: str = ""
    at_least: bool
    target: Value
    year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]
    source: Text


class DatasetTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    about: Words
    content: Literal["devices", "availability", "goals", "measurements"]
    systems: tuple[Identifier, ...]


class DashboardTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    kind: Identifier
    quantities: tuple[Identifier, ...]
    devices: Annotated[int, msgspec.Meta(ge=1, le=8)] = 4


class SystemFile(Table, frozen=True, kw_only=True):
    system: System
    indicators: tuple[IndicatorTable, ...] = ()
    datasets: tuple[DatasetTable, ...] = ()
    dashboards: tuple[DashboardTable, ...] = ()
    scenes: tuple[Identifier, ...] = ()
    purposes: tuple[PurposeTable, ...] = ()
    kinds: tuple[KindTable, ...]
    controls: tuple[ControlTable, ...] = ()


# --- the incident types --------------------------------------------------------------------------------


class CountryAnswer(Table, frozen=True, kw_only=True):
    agencies: tuple[Identifier, ...] = ()
    code: str = ""


class IncidentTypeTable(Table, frozen=True, kw_only=True):
    id: Identifier
    name: Words
    priority: Priority
    category: CapCategory
    icon: Identifier
    guidance: Words
    merge_radius_m: Metres
    merge_window_s: Seconds
    signals: tuple[Identifier, ...] = ()
    answer: dict[Country, CountryAnswer] = {}


class IncidentTypesFile(Table, frozen=True, kw_only=True):
    codes: dict[Country, tuple[Text, ...]]
    code_by_priority: dict[Country, tuple[Text, ...]]
    types: tuple[IncidentTypeTable, ...]
