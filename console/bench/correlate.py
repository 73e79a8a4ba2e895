"""bench correlate: real emergency calls, each seen ten times more, through the correlation.

Ten days of calls, in the order they came. Each is told again by what a city has besides: a detector that
repeats itself, citizens on the spot, what follows from it (an injury at a collision), a partner, and the same
message sent twice. The extra signals are made by a seeded generator; places are off as phones and cameras
are. Two things are counted that must not be: a clue without a place, and two clues of different types in one
incident that are more than 2 km or more than an hour apart (by comparing all pairs, apart from what decided).
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from console.clock import SECOND_NS
from console.model.base import Position
from console.model.casework import Clue, ClueSource, Placement
from console.profile import Profile, load_profile
from console.profile.ground import METRES_PER_DEGREE
from console.profile.nearest import nearest_cameras
from console.rules.correlate.correlator import Correlator
from console.rules.correlate.figures import Matrix, correlate_figures
from console.rules.correlate.ground import CityGround, Ground, NoGround

WRONG_M, WRONG_NS = 2_000.0, 3_600 * SECOND_NS
TIDY_NS = 60 * SECOND_NS
CITIZEN_M, DETECTOR_M, CALLER_M = 30.0, 15.0, 20.0
"""How far off a place is told, standard deviation: a phone's position, a detector's, an address."""
FOLLOWS = {"collision": "UNKNOWN MEDICAL EMERGENCY", "fire": "UNKNOWN MEDICAL EMERGENCY",
           "injury": "emergency_bell", "obstruction": "VEHICLE ACCIDENT"}  # fmt: skip
"""What is often told of along with a happening of this kind."""
FIRE = ("FIRE", "GAS", "CARBON MONOXIDE", "BURN")
ROAD = ("DISABLED VEHICLE", "ROAD OBSTRUCTION", "HAZARDOUS ROAD", "DEBRIS", "LEAKING FUEL")


class Told(NamedTuple):
    """A clue as it comes in, and the call it is about."""

    arrives_ns: int
    clue: Clue
    call: int


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: calls, clues, incidents, incidents_per_call, wrong_merges, lost, strayed_share (extra signals not
    in the incident of their call), calls_with_another (calls that joined an earlier call's incident), of
    these same_address, signals_per_s and signals_per_cpu_s (one core, deciding only, by either clock).
    With --city the calls of a county are laid over the city, which is far denser, and detections are of its
    cameras: what its ground costs."""
    parser = argparse.ArgumentParser(prog="bongsu bench correlate", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the recordings")
    parser.add_argument("--extra", type=int, default=10, help="further signals of each call, 0 to 10")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--city", default="", help="lay the calls over this city, its streets and cameras")
    told = parser.parse_args(argv)
    path = told.data / "incidents" / "montgomery_911_2015-12-10_20.csv"
    if not 0 <= told.extra <= 10:
        parser.error("--extra: expected 0 to 10")
    if not path.is_file():
        parser.error(f"--data {told.data}: the recorded calls are not there; nothing was measured")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {_type(row): kind_of(_type(row), row["title"]) for row in rows}
    figures = correlate_figures()
    ground: Ground = NoGround(40.2, -75.35)
    nearest: _Nearest | None = None
    if told.city:
        profile = load_profile(told.city)
        ground = CityGround(profile, figures.street)
        _lay_over(rows, profile)
        nearest = _Nearest(profile)
    dice = random.Random(told.seed)  # noqa: S311 - a repeatable measurement, no secret
    heard = sorted(_all(rows, kinds, told.extra, dice), key=lambda one: one.arrives_ns)
    if nearest is not None:
        heard = [_by_camera(one, nearest) for one in heard]
    matrix = Matrix(figures, kind_of=kinds)
    numbers = count(1)
    correlator = Correlator(matrix, ground, lambda: f"I{next(numbers)}")
    cpu = time.process_time()
    placed, seconds = _place(correlator, heard)
    cpu = time.process_time() - cpu
    return {
        "calls": len(rows), "clues": len(heard), "signals_per_s": round(len(heard) / seconds),
        "signals_per_cpu_s": round(len(heard) / cpu),
        **_judge(heard, placed, [row["addr"] for row in rows]),
    }  # fmt: skip


class _Nearest:
    """The camera nearest to a place; its own place is where a detection is told to be."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile

    def __call__(self, lat: float, lon: float) -> str:
        return next(iter(nearest_cameras(self._profile, Position(lat=lat, lon=lon), 1)), "")

    def place(self, camera_id: str) -> Position:
        return self._profile.devices[camera_id].place.position


def _by_camera(one: Told, nearest: _Nearest) -> Told:
    if one.clue.source != "detection":
        return one
    camera_id = nearest(one.clue.lat, one.clue.lon)
    if not camera_id:
        return one
    at = nearest.place(camera_id)
    clue = msgspec.structs.replace(
        one.clue, device_id=camera_id, camera_id=camera_id, lat=at.lat, lon=at.lon
    )
    return one._replace(clue=clue)


def _lay_over(rows: list[dict[str, str]], profile: Profile) -> None:
    """The middle 98 % of the county's places onto the city's rectangle; what lies beyond, onto its edge."""
    bounds = profile.bounds
    for key, low, high in (("lat", bounds.south, bounds.north), ("lng", bounds.west, bounds.east)):
        values = sorted(float(row[key]) for row in rows)
        first, last = values[len(values) // 100], values[-len(values) // 100]
        for row in rows:
            share = min(1.0, max(0.0, (float(row[key]) - first) / (last - first)))
            row[key] = repr(low + share * (high - low))


def _place(correlator: Correlator, heard: list[Told]) -> tuple[list[Placement], float]:
    """What was decided, and the seconds it took, tidying included."""
    placed: list[Placement] = []
    place, tidied_ns = correlator.place, 0
    begun = time.perf_counter()
    for arrives_ns, clue, _ in heard:
        placed.append(place(clue))
        if arrives_ns - tidied_ns > TIDY_NS:
            correlator.tidy(arrives_ns)
            tidied_ns = arrives_ns
    return placed, time.perf_counter() - begun


def _judge(heard: list[Told], placed: list[Placement], addresses: list[str]) -> dict[str, Any]:
    inside: dict[str, list[Told]] = defaultdict(list)
    where: dict[int, str] = {}
    first_call: dict[str, int] = {}
    strayed = joined = same_address = lost = 0
    for one, found in zip(heard, placed, strict=True):
        if not found.incident_id:
            lost += 1
        if found.how != "known":
            inside[found.incident_id].append(one)
        if one.clue.source == "call" and one.call not in where:
            where[one.call] = found.incident_id
    for call, incident in where.items():
        other = first_call.setdefault(incident, call)
        if other != call:
            joined += 1
            same_address += addresses[other] == addresses[call]
    for one, found in zip(heard, placed, strict=True):
        strayed += found.incident_id != where[one.call]
    hows = Counter(found.how for found in placed)
    return {
        "incidents": len(inside), "incidents_per_call": round(len(inside) / len(where), 4),
        "wrong_merges": sum(wrong_pairs([one.clue for one in members]) for members in inside.values()),
        "lost": lost, "strayed_share": round(strayed / len(heard), 4), "calls_with_another": joined,
        "same_address": same_address, "largest": max(map(len, inside.values()), default=0),
        "how": dict(hows),
    }  # fmt: skip


def wrong_pairs(clues: list[Clue]) -> int:
    """Pairs of different types more than 2 km or more than an hour apart."""
    wrong = 0
    for row, one in enumerate(clues):
        for other in clues[row + 1 :]:
            if one.type != other.type:
                north = (one.lat - other.lat) * METRES_PER_DEGREE
                east = (one.lon - other.lon) * METRES_PER_DEGREE * math.cos(math.radians(one.lat))
                wrong += math.hypot(north, east) > WRONG_M or abs(one.at_ns - other.at_ns) > WRONG_NS
    return wrong


def kind_of(type_id: str, title: str) -> str:
    """The kind of what a call is about, by its title; "" where it goes with nothing."""
    if "VEHICLE ACCIDENT" in type_id:
        return "collision"
    if any(word in type_id for word in ROAD):
        return "obstruction"
    if any(word in type_id for word in FIRE):
        return "fire"
    return "injury" if title.startswith("EMS") else ""


def _type(row: dict[str, str]) -> str:
    """What happened, whoever goes there: "EMS: FALL VICTIM" and "Fire: FALL VICTIM" are one."""
    return row["title"].partition(":")[2].strip(" -")


def _all(
    rows: list[dict[str, str]], kinds: dict[str, str], extra: int, dice: random.Random
) -> list[Told]:  # fmt: skip
    found: list[Told] = []
    for number, row in enumerate(rows):
        at = datetime.fromisoformat(row["timeStamp"]).replace(tzinfo=UTC)
        at_ns = int(at.timestamp()) * SECOND_NS
        lat, lon = float(row["lat"]), float(row["lng"])
        call = _clue(f"{number}", "call", _type(row), at_ns, lat, lon, 0.0, dice)
        found.append(Told(at_ns, call, number))
        found.extend(_echoes(call, number, kinds[call.type], dice)[:extra])
    return found


def _echoes(call: Clue, number: int, kind: str, dice: random.Random) -> list[Told]:
    """Ten further signals of a call, each with when it arrives (up to 20 s later than it happened)."""
    follows = FOLLOWS.get(kind, call.type)
    plan: list[tuple[ClueSource, str, float, float, str]] = [
        *(("report", "citizen_report", CITIZEN_M, 240.0, "") for _ in range(3)),
        *(("detection", call.type, DETECTOR_M, 60.0, f"CAM-{number}") for _ in range(3)),
        *(("alarm", follows, CALLER_M, 240.0, "") for _ in range(2)),
        ("request", call.type, CALLER_M, 120.0, ""),
    ]  # fmt: skip
    found = [Told(call.at_ns + int(dice.uniform(1, 20) * SECOND_NS), call, number)]
    for row, (source, type_id, off_m, within_s, device) in enumerate(plan):
        at_ns = call.at_ns + int(dice.uniform(0.0, within_s) * SECOND_NS)
        clue = _clue(f"{number}-{row}", source, type_id, at_ns, call.lat, call.lon, off_m, dice, device)
        found.append(Told(at_ns + int(dice.uniform(0.0, 20.0) * SECOND_NS), clue, number))
    dice.shuffle(found)
    return found


def _clue(
    uid: str, source: ClueSource, type_id: str, at_ns: int, lat: float, lon: float, off_m: float,
    dice: random.Random, device: str = "",
) -> Clue:  # fmt: skip
    north, east = dice.gauss(0.0, off_m), dice.gauss(0.0, off_m)
    return Clue(
        uid=uid, source=source, type=type_id, at_ns=at_ns, lat=lat + north / METRES_PER_DEGREE,
        lon=lon + east / (METRES_PER_DEGREE * math.cos(math.radians(lat))), device_id=device,
    )  # fmt: skip
