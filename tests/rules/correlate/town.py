"""Clues and a correlator for a town whose ground is made for the test."""

from __future__ import annotations

from itertools import count
from types import SimpleNamespace
from typing import Any

from console.clock import SECOND_NS
from console.model.casework import Clue
from console.profile.ground import METRES_PER_DEGREE, Plane
from console.rules.correlate.correlator import Correlator
from console.rules.correlate.figures import Matrix, correlate_figures
from console.rules.correlate.ground import NoGround, Stretch, View

LAT, LON = 37.27, 127.0
PLANE = Plane(LAT, LON)
START_NS = 1_774_000_000 * SECOND_NS
FIGURES = correlate_figures()
TYPES = (
    SimpleNamespace(id="person_down", merge_radius_m=60.0, merge_window_s=300.0),
    SimpleNamespace(id="market_fire", merge_radius_m=120.0, merge_window_s=900.0),
    SimpleNamespace(id="weather_warning", merge_radius_m=30_000.0, merge_window_s=43_200.0),
    SimpleNamespace(id="unheard_of", merge_radius_m=50.0, merge_window_s=60.0),
)
_uids = count(1)


def clue(type_id: str, east_m: float = 0.0, north_m: float = 0.0, at_s: float = 0.0, **more: Any) -> Clue:
    """A clue so many metres from the middle of the town and seconds after the start."""
    more.setdefault("uid", f"u{next(_uids)}")
    more.setdefault("source", "detection")
    return Clue(
        type=type_id, at_ns=START_NS + round(at_s * SECOND_NS), lat=LAT + north_m / METRES_PER_DEGREE,
        lon=LON + east_m / PLANE.per_lon, **more,
    )


class MadeGround(NoGround):
    """One camera that looks east from the middle, a road and a river to the east, a circuit."""

    longest_view_m = 200.0

    def __init__(self) -> None:
        super().__init__(LAT, LON)

    def view(self, camera_id: str) -> View | None:
        return View(0.0, 0.0, 90.0, 60.0, 200.0) if camera_id == "CAM-EAST" else None

    def circuit(self, device_id: str) -> str:
        return "LC-1" if device_id.startswith("LAMP") else ""

    def stretches(self, x: float, y: float) -> tuple[Stretch, ...]:
        """The road runs along y = 0, the river along y = 2000."""
        if abs(y) < 25.0:
            return (Stretch(0, x, False),)
        return (Stretch(1, x, True),) if abs(y - 2_000.0) < 100.0 else ()

    def street_name(self, street: int) -> tuple[str, str]:
        return (("Jeongjo-ro", "정조로"), ("Suwoncheon", "수원천"))[street]


def correlator(ground: NoGround | None = None, figures: Any = FIGURES, name: str = "I") -> Correlator:
    numbers = count(1)
    matrix = Matrix(figures, TYPES, kind_of={"collision": "collision"})
    return Correlator(matrix, ground or MadeGround(), lambda: f"{name}{next(numbers)}")
