"""The scene of an incident: which cameras, devices and measurements stand for a place, by figures of
seeds/rules/scene.toml. Pure; any thread.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec
import numpy as np

from console.model.base import Position
from console.paths import shipped
from console.profile.ground import Floats, Ints, Plane, bearing_deg
from console.profile.problems import Problems
from console.profile.profile import Profile
from console.profile.reading import parse, read
from console.profile.tables import Count, Identifier, Table

SHOWN = "rules/scene.toml"
Points = Annotated[float, msgspec.Meta(ge=0.0, le=10_000.0)]
Metres = Annotated[float, msgspec.Meta(gt=0.0, le=20_000.0)]
Span = Annotated[float, msgspec.Meta(gt=0.0, le=100_000.0)]
MOST_LOOKED_AT = 200
"""So many measuring devices are looked at, the nearest: in a street of lamps the next hundred are alike."""
Why = Literal["named", "also_named", "foot", "looks", "turnable", "near"]
"""Why a camera is there, the strongest first."""


class CameraPoints(Table, frozen=True, kw_only=True):
    count: Count
    within_m: Metres
    named: Points
    also_named: Points
    looks: Points
    foot: Points
    foot_m: Metres
    far: Points
    turnable: Points
    degraded: Points
    same_view: Points
    same_m: Metres
    same_deg: Points


class Before(Table, frozen=True, kw_only=True):
    from_s: Span
    to_s: Span


class Around(Table, frozen=True, kw_only=True):
    within_m: Metres
    most: Count
    kinds: tuple[Identifier, ...]
    most_of_kind: Count


class Trends(Table, frozen=True, kw_only=True):
    within_m: Metres
    most: Count
    minutes: Span


class Earlier(Table, frozen=True, kw_only=True):
    within_m: Metres
    days: Span
    most: Count


class SceneFigures(Table, frozen=True, kw_only=True):
    """All of the file."""

    cameras: CameraPoints
    before: Before
    around: Around
    trends: Trends
    earlier: Earlier


class SceneCamera(NamedTuple):
    """A chosen camera: how far it stands, what it scored, why it is there, and whether it is disturbed."""

    camera_id: str
    distance_m: float
    score: float
    why: Why
    degraded: bool


class Nearby(NamedTuple):
    """A device near the place."""

    device_id: str
    kind: str
    distance_m: float


def scene_figures(path: Path | None = None) -> SceneFigures:
    """Raises ProfileError with every problem found, each naming table and key."""
    problems = Problems()
    told: SceneFigures | None = None
    try:
        data = (path or shipped("seeds") / "rules" / "scene.toml").read_bytes()
    except OSError as error:
        problems.say(SHOWN, "", "", "a file that can be read", error.strerror or type(error).__name__)
    else:
        tree = parse(data, SHOWN, problems)
        told = None if tree is None else read(SceneFigures, tree, SHOWN, problems)
    problems.raise_any()
    assert told is not None
    return told


def scene_cameras(
    profile: Profile, position: Position, named: tuple[str, ...], condition: Callable[[str], str],
    told: CameraPoints, turnable: Callable[[str], bool] = lambda camera_id: False,
) -> tuple[SceneCamera, ...]:  # fmt: skip
    """The best cameras for a place, best first; what the incident `named` counts, its first the most.

    `condition` answers "up", "degraded", "down" or "out_of_service" by camera id; what is down or out of
    service is never chosen. Cameras that see the place from one side count less after the first.
    """
    columns = profile.camera_columns
    if not len(columns.row):
        return ()
    ids = profile.columns.ids
    x, y = Plane(position.lat, position.lon).to_xy(columns.lat, columns.lon)
    apart = np.sqrt(x * x + y * y)
    rows = set(np.flatnonzero(apart <= told.within_m).tolist())
    for one in named:
        row = profile.columns.row_of.get(one)
        if row is not None and columns.of_device[row] >= 0:
            rows.add(int(columns.of_device[row]))
    if not rows:
        return ()
    near = np.array(sorted(rows))
    distance = apart[near]
    towards = bearing_deg(-x[near], -y[near])
    turned = np.abs((towards - columns.direction_deg[near] + 180.0) % 360.0 - 180.0)
    at_foot = distance <= told.foot_m
    looks = (turned <= columns.fov_deg[near] / 2) & (distance <= columns.reach_m[near])
    found: list[tuple[SceneCamera, int]] = []
    for place in range(len(near)):
        camera_id = ids[columns.row[near[place]]]
        state = condition(camera_id)
        if state in ("down", "out_of_service"):
            continue
        score = -told.far * min(1.0, float(distance[place]) / told.within_m)
        why: Why = "near"
        if at_foot[place]:
            why, score = "foot", score + told.foot
        elif looks[place]:
            why, score = "looks", score + told.looks
        elif turnable(camera_id):
            why, score = "turnable", score + told.turnable
        if named and camera_id == named[0]:
            why, score = "named", score + told.named
        elif camera_id in named:
            why, score = (why if why in ("foot", "looks") else "also_named"), score + told.also_named
        if state == "degraded":
            score -= told.degraded
        camera = SceneCamera(camera_id, float(distance[place]), score, why, state == "degraded")
        found.append((camera, place))
    chosen: list[tuple[SceneCamera, int]] = []
    while found and len(chosen) < told.count:
        best = max(found, key=lambda one: (one[0].score, -one[0].distance_m, one[0].camera_id))
        found.remove(best)
        chosen.append(best)
        found = [(_less(one, best, near, x, y, towards, told), one[1]) for one in found]
    return tuple(one for one, _ in chosen)


def _less(
    one: tuple[SceneCamera, int], best: tuple[SceneCamera, int], near: Ints, x: Floats, y: Floats,
    towards: Floats, told: CameraPoints,
) -> SceneCamera:  # fmt: skip
    """Worth less where it sees the place from the side of one that is chosen."""
    camera, place = one
    other = best[1]
    gap = float(np.hypot(x[near[place]] - x[near[other]], y[near[place]] - y[near[other]]))
    turn = abs((float(towards[place]) - float(towards[other]) + 180.0) % 360.0 - 180.0)
    same = gap <= told.same_m and turn < told.same_deg
    return camera._replace(score=camera.score - told.same_view) if same else camera


def around(profile: Profile, position: Position, told: Around) -> tuple[Nearby, ...]:
    """Devices near a place: at most so many of a kind, the nearest first."""
    columns = profile.columns
    x, y = Plane(position.lat, position.lon).to_xy(columns.lat, columns.lon)
    apart = np.sqrt(x * x + y * y)
    wanted = np.array([kind in told.kinds for kind in columns.kinds])
    rows = np.flatnonzero((apart <= told.within_m) & wanted[columns.kind])
    found: list[Nearby] = []
    counts: dict[str, int] = {}
    for row in rows[np.lexsort((rows, apart[rows]))]:
        kind = columns.kinds[columns.kind[row]]
        if counts.get(kind, 0) >= told.most_of_kind:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        found.append(Nearby(columns.ids[row], kind, float(apart[row])))
        if len(found) == told.most:
            break
    return tuple(found)


def trend_points(
    profile: Profile, position: Position, incident_type: str, own: tuple[str, ...], told: Trends
) -> tuple[int, ...]:
    """Indexes of the points to show: those of the incident's own devices, then those with a limit of its
    type, then the nearest with a limit; each device once."""
    columns = profile.columns
    x, y = Plane(position.lat, position.lon).to_xy(columns.lat, columns.lon)
    apart = np.sqrt(x * x + y * y)
    kinds = _limited(profile)
    measuring = np.array([kind in kinds for kind in columns.kinds])
    rows = np.flatnonzero((apart <= told.within_m) & measuring[columns.kind])
    near = {columns.ids[row]: float(apart[row]) for row in rows[np.argsort(apart[rows])][:MOST_LOOKED_AT]}
    best: dict[str, tuple[tuple[int, int, float, int], int]] = {}
    for device_id in (*own, *near):
        row = columns.row_of.get(device_id)
        quantities = kinds.get(columns.kinds[columns.kind[row]]) if row is not None else None
        for quantity, type_ in quantities or ():
            index = profile.points.index_of(f"{device_id}/{quantity}")
            if index is None:
                continue
            distance = near.get(device_id, float(apart[row]))
            rank = (device_id not in own, type_ != incident_type, distance, index)
            if device_id not in best or rank < best[device_id][0]:
                best[device_id] = rank, index
    ranked = sorted(best.values())
    return tuple(index for _, index in ranked[: told.most])


def _limited(profile: Profile) -> dict[str, tuple[tuple[str, str], ...]]:
    """By kind of device: quantities with a limit, and the incident type of each. All devices of a kind have
    the same, so one of each is looked at."""
    columns = profile.columns
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    kinds, first = np.unique(columns.kind, return_index=True)
    for kind, row in zip(kinds.tolist(), first.tolist(), strict=True):
        pairs: dict[tuple[str, str], None] = {}
        for index in profile.limits.of_device(row):
            limit = profile.limits[index]
            pairs[profile.points[limit.point_index].quantity, limit.incident_type] = None
        if pairs:
            found[columns.kinds[kind]] = tuple(pairs)
    return found
