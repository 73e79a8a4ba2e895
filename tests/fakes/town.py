"""A town of a few devices, for rules that need a city and not Suwon."""

from __future__ import annotations

from types import SimpleNamespace
from typing import ClassVar

import msgspec

from console.language import load_catalogue
from console.model.base import Place, Position, Words, same_words
from console.model.control import Control
from console.model.device import Camera, Device, Limit, Point
from console.profile.reports import Duplicates, Jurisdiction, Privacy, ReportBook, ReportService
from console.rules.city import distance_m, phrase_of
from console.rules.correlate.figures import Matrix, correlate_figures
from console.rules.correlate.ground import NoGround
from console.rules.correlate.placing import Placing
from console.rules.triage import Triage


def place(lat: float = 37.27, lon: float = 127.0, name: str = "Somewhere") -> Place:
    return Place(name=same_words(name), position=Position(lat=lat, lon=lon), district="paldal")


def _device(name: str, kind: str, lat: float, lon: float, circuit: str = "") -> Device:
    return Device(
        id=name, kind=kind, system="test", owner="us", name=same_words(name), place=place(lat, lon, name),
        circuit=circuit,
    )


def _type(name: str, priority: int, signals: tuple[str, ...] = ()) -> SimpleNamespace:
    return SimpleNamespace(
        id=name, name=Words(en=name, ko=name), priority=priority, category="Safety", agencies=("KR-119",),
        code="1", signals=signals, merge_radius_m=200.0, merge_window_s=300.0, guidance=same_words(""),
        icon="dot",
    )


DEVICES = {
    one.id: one
    for one in (
        _device("CAM-1", "camera", 37.2700, 127.0000),
        _device("CAM-2", "camera", 37.2701, 127.0001),
        _device("CAM-3", "camera", 37.2900, 127.0300),
        _device("GAUGE-1", "underpass_gauge", 37.2705, 127.0005),
        *(_device(f"LAMP-{n}", "street_lamp", 37.28, 127.01 + n / 1e4, "LC-1") for n in range(1, 8)),
        _device("LAMP-9", "street_lamp", 37.28, 127.02, "LC-2"),
    )
}

POINTS = (
    Point(
        index=0, id="GAUGE-1/depth_cm", device_id="GAUGE-1", quantity="depth_cm", unit="cm", low=0.0,
        high=500.0, period_s=10.0, trend=True,
    ),
    Point(
        index=1, id="GAUGE-1/level_m", device_id="GAUGE-1", quantity="level_m", unit="m", low=-1.0, high=20.0,
        period_s=60.0,
    ),
)


def limit(**changes: object) -> Limit:
    told = Limit(
        id="GAUGE-1/depth_cm/close", point_index=0, above=True, set_at=15.0, clear_at=10.0, on_delay_s=0.0,
        off_delay_s=0.0, priority=1, text=Words(en="Close at once", ko="즉시 통제"), guidance=same_words(""),
        incident_type="flood", source="test",
    )
    return msgspec.structs.replace(told, **changes)


def report_book() -> ReportBook:
    """Two services: one that belongs to floods and falls near it, one that belongs to nothing."""
    words = same_words("x")

    def service(code: str, types: tuple[str, ...] = (), **more: object) -> ReportService:
        return ReportService(
            code=code, group="g", name=same_words(code), description=words, keywords=words, owner="roads",
            incident_types=types, radius_m=300.0 if types else 0.0, window_s=600.0 if types else 0.0, **more,
        )

    return ReportBook(
        jurisdiction=Jurisdiction(id="town.example", contact=words, notice=same_words("Call 112.")),
        duplicates=Duplicates(radius_m=100.0, window_s=900.0, source="test"),
        privacy=Privacy(contact_days=30.0, contact_most_days=365.0, source="test"),
        groups={"g": words},
        services={
            "water": service("water", ("flood", "person_down"), expected_h=4.0),
            "hole": service("hole"),
        },
        answers=(),
    )


class Town:
    """A City for the rules."""

    city = "suwon"
    country = "KR"
    devices = DEVICES
    cameras = {
        one: Camera(
            device_id=one, direction_deg=0.0, fov_deg=90.0, reach_m=80.0, purpose="test", scene="street"
        )
        for one in ("CAM-1", "CAM-2", "CAM-3")
    }
    points = POINTS
    limits = (limit(),)
    incident_types = {
        one.id: one
        for one in (
            _type("person_down", 2, ("fall",)), _type("flood", 1), _type("lamp_row", 3),
            _type("camera_fault", 4),
        )
    }
    agencies = {"KR-112": SimpleNamespace(id="KR-112"), "KR-119": SimpleNamespace(id="KR-119")}
    desks = {
        "desk-1": SimpleNamespace(id="desk-1", role="operator"),
        "desk-3": SimpleNamespace(id="desk-3", role="supervisor"),
    }
    modes = ("flood", "night")
    owners = {"safety": same_words("Safety"), "roads": same_words("Roads")}
    reports = report_book()
    controls: ClassVar[dict[str, Control]] = {}
    services: ClassVar[dict[str, object]] = {}
    linked = None
    groups = (
        SimpleNamespace(
            id="lamps", device_kind="street_lamp", condition="down", count=4, window_s=60.0, by="circuit",
            incident_type="lamp_row",
        ),
    )
    contractors = ("video", "electric")
    type_of_condition = {("camera", "degraded"): "camera_fault"}

    def contractor_of(self, device_id: str) -> str:
        return {"camera": "video", "street_lamp": "electric"}.get(DEVICES[device_id].kind, "")


def nearest(position: Position, count: int, without: object) -> tuple[str, ...]:
    usable = [one for one in Town.cameras if one not in without]  # type: ignore[operator]
    usable.sort(key=lambda one: distance_m(DEVICES[one].place.position, position))
    return tuple(usable[:count])


def triage() -> Triage:
    town, told = Town(), correlate_figures()
    placing = Placing(
        town.city, Matrix(told, town.incident_types.values(), {"flood": "flood"}), NoGround(37.27, 127.0)
    )
    return Triage(town, nearest, phrase_of(load_catalogue()), placing)
