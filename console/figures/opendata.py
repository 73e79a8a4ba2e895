"""Open data: what is not personal, as CSV, JSON and GeoJSON, with a catalogue that says what is what.

Nothing of a person leaves: systems marked as personal are refused with the profile, and no set holds notes,
names, pictures, contact data or anything of an incident.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec
import numpy as np

from console.clock import SECOND_NS
from console.history.envelope import Wanted
from console.history.layout import HOUR
from console.history.reader import HistoryReader
from console.model.citystate import CityState
from console.model.query import GoalsPage
from console.profile import Profile
from console.profile.goals import Dataset
from console.telemetry.availability import Spent, by_group

DAY_S = 86_400
LICENCE = "Korea Open Government License type 1 (attribution); for other cities: the city's own"
_HOUR_NS = 3600 * SECOND_NS

Row = Sequence[str | float | int]


@dataclass(frozen=True, slots=True)
class Sources:
    """What the sets are made of."""

    profile: Profile
    state: CityState
    spent: Spent
    goals: GoalsPage
    history: HistoryReader | None
    now_ns: int


@dataclass(frozen=True, slots=True)
class OpenFile:
    name: str
    data: bytes


def files_of(sources: Sources, wanted: Iterable[Dataset]) -> Iterator[OpenFile]:
    """Every set in its forms, then the page that describes them."""
    described = []
    for dataset in wanted:
        columns, rows = _table(sources, dataset)
        yield OpenFile(f"{dataset.id}.csv", _csv(columns, rows))
        yield OpenFile(f"{dataset.id}.json", _json(columns, rows))
        forms = ["csv", "json"]
        if dataset.content == "devices":
            yield OpenFile(f"{dataset.id}.geojson", _geojson(columns, rows))
            forms.append("geojson")
        described.append(
            {
                "id": dataset.id, "title": {"en": dataset.name.en, "ko": dataset.name.ko},
                "description": {"en": dataset.about.en, "ko": dataset.about.ko}, "rows": len(rows),
                "columns": list(columns), "forms": forms,
            }
        )  # fmt: skip
    catalogue = {
        "city": sources.profile.city, "made": _iso(sources.now_ns), "licence": LICENCE,
        "coordinates": "WGS84, longitude before latitude in GeoJSON", "sets": described,
    }  # fmt: skip
    yield OpenFile("catalogue.json", msgspec.json.format(msgspec.json.encode(catalogue), indent=2))


def _table(sources: Sources, dataset: Dataset) -> tuple[tuple[str, ...], list[Row]]:
    if dataset.content == "devices":
        return _devices(sources, dataset)
    if dataset.content == "availability":
        return _availability(sources, dataset)
    if dataset.content == "measurements":
        return _measurements(sources, dataset)
    return _goals(sources)


def _rows_of(profile: Profile, systems: Sequence[str]) -> list[int]:
    columns = profile.columns
    theirs = np.array([one in systems for one in columns.kind_system])
    return np.flatnonzero(theirs[columns.kind]).tolist() if len(theirs) else []


def _devices(sources: Sources, dataset: Dataset) -> tuple[tuple[str, ...], list[Row]]:
    profile, state = sources.profile, sources.state
    rows: list[Row] = []
    for row in _rows_of(profile, dataset.systems):
        device = profile.devices.at(row)
        known = state.devices.get(device.id)
        standing = "out of service" if device.id in state.out_of_service else (
            known.condition if known is not None else "up"
        )  # fmt: skip
        kind, where = profile.kinds[device.kind].name, device.place
        rows.append(
            (device.id, kind.en, kind.ko, device.name.en, device.name.ko, where.district, where.position.lat,
             where.position.lon, standing)
        )  # fmt: skip
    return ("id", "kind_en", "kind_ko", "name_en", "name_ko", "district", "lat", "lon", "state"), rows


def _availability(sources: Sources, dataset: Dataset) -> tuple[tuple[str, ...], list[Row]]:
    profile = sources.profile
    rows: list[Row] = []
    for system in dataset.systems:
        theirs = np.array([one == system for one in profile.columns.kind_system])
        (told,) = by_group(sources.spent, np.where(theirs[profile.columns.kind], 0, -1), only=(0,))
        name = profile.systems[system].name
        share = "" if told.share is None else round(told.share * 100, 4)
        repair = "" if told.repair_s is None else round(told.repair_s, 1)
        rows.append((system, name.en, name.ko, told.devices, share, told.failures, repair,
                     round(sources.spent.period_s, 1)))  # fmt: skip
    return (
        "system", "name_en", "name_ko", "devices", "available_percent", "failures", "mean_repair_s",
        "period_s",
    ), rows  # fmt: skip


def _measurements(sources: Sources, dataset: Dataset) -> tuple[tuple[str, ...], list[Row]]:
    titles = ("point", "device", "quantity", "unit", "hour", "mean", "low", "high", "readings")
    profile, history = sources.profile, sources.history
    if history is None:
        return titles, []
    points = [
        profile.points[index]
        for row in _rows_of(profile, dataset.systems) for index in profile.points.of_device(row)
    ]  # fmt: skip
    from_ns = (sources.now_ns - DAY_S * SECOND_NS) // _HOUR_NS * _HOUR_NS
    wanted = [Wanted(one.id, 3 * int(one.period_s * SECOND_NS)) for one in points]
    found = history.read(wanted, from_ns, sources.now_ns, 0, tier=HOUR)
    rows: list[Row] = []
    for point, envelope in zip(points, found, strict=True):
        hours = envelope.at_ns // _HOUR_NS
        for hour in np.unique(hours).tolist():
            of = hours == hour
            count = envelope.count[of]
            usable = count > 0
            if usable.any():
                mean = float(np.average(envelope.mean[of][usable], weights=count[usable]))
                rows.append(
                    (point.id, point.device_id, point.quantity, point.unit, _iso(hour * _HOUR_NS),
                     float(f"{mean:.6g}"), float(envelope.low[of][usable].min()),
                     float(envelope.high[of][usable].max()), int(count.sum()))
                )  # fmt: skip
    return titles, rows


def _goals(sources: Sources) -> tuple[tuple[str, ...], list[Row]]:
    rows: list[Row] = []
    for one in sources.goals.figures:
        goal = sources.profile.goals[one.goal_id]
        kept = {True: "kept", False: "missed", None: "no data"}[one.met]
        rows.append(
            (goal.id, goal.name.en, goal.name.ko, goal.year, goal.measure, goal.system,
             "at least" if goal.at_least else "at most", goal.target,
             "" if one.value is None else float(f"{one.value:.6g}"), kept, one.facts, goal.source)
        )  # fmt: skip
    return (
        "id", "name_en", "name_ko", "year", "measure", "system", "direction", "target", "value", "kept",
        "facts", "source",
    ), rows  # fmt: skip


def _csv(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """RFC 4180 with a byte order mark, so that Excel reads Korean."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _json(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    return msgspec.json.encode([dict(zip(columns, row, strict=True)) for row in rows])


def _geojson(columns: Sequence[str], rows: Sequence[Row]) -> bytes:
    """RFC 7946."""
    features = []
    for row in rows:
        told = dict(zip(columns, row, strict=True))
        lat, lon = told.pop("lat"), told.pop("lon")
        features.append(
            {"type": "Feature", "id": told["id"], "properties": told,
             "geometry": {"type": "Point", "coordinates": [lon, lat]}}
        )  # fmt: skip
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _iso(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // SECOND_NS, UTC).isoformat().replace("+00:00", "Z")
