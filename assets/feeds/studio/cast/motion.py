"""How the cast moves: paths by arc length, acts in sequence, and loops that close with the clip."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from . import poses
from .meshes import Mesh
from .people import Body, Outfit, dress
from .two_wheelers import two_wheeler
from .vehicles import LENGTHS, vehicle


class Path:
    """A smooth curve through XY points, asked by arc length in metres."""

    def __init__(self, points) -> None:
        points = np.asarray(points, float)
        if len(points) > 2:
            # Hermite pieces with tangents weighted by the chords, so that uneven spacing makes no loops.
            chord = np.maximum(1e-6, np.linalg.norm(np.diff(points, axis=0), axis=1))[:, None]
            slope = np.diff(points, axis=0) / chord
            inner = (slope[1:] * chord[:-1] + slope[:-1] * chord[1:]) / (chord[:-1] + chord[1:])
            tangent = np.vstack([slope[:1], inner, slope[-1:]])
            u = np.linspace(0, 1, 17)[:-1, None]
            fine = [
                (1 + 2 * u) * (1 - u) ** 2 * points[k]
                + u * (1 - u) ** 2 * chord[k] * tangent[k]
                + u * u * (3 - 2 * u) * points[k + 1]
                + u * u * (u - 1) * chord[k] * tangent[k + 1]
                for k in range(len(points) - 1)
            ]
            points = np.vstack([*fine, points[-1:]])
        self._points = points
        self._at = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        self.length = float(self._at[-1])

    def place(self, s: float) -> tuple[float, float]:
        return float(np.interp(s, self._at, self._points[:, 0])), float(
            np.interp(s, self._at, self._points[:, 1])
        )

    def heading(self, s: float, reach: float = 0.35) -> float:
        (x0, y0), (x1, y1) = self.place(max(0.0, s - reach)), self.place(min(self.length, s + reach))
        return math.atan2(y1 - y0, x1 - x0)


@dataclass
class Seen:
    """What one actor puts before the camera at one moment: its mesh, where it stands, its lamps."""

    mesh: Mesh
    x: float
    y: float
    z: float
    heading: float
    lamps_on: bool = False
    braking: bool = False
    beam: float = 0.0  # strength of head lamps thrown on the ground


@dataclass
class Actor:
    """Something that moves. `start_s` shifts it within the clip; past the end it goes on at the start."""

    number: int
    kind: str
    period_s: float
    start_s: float = 0.0
    ground: object = None  # (x, y) -> z
    wraps: bool = True

    def duration_s(self) -> float:
        raise NotImplementedError

    def at(self, local_s: float) -> Seen | None:
        raise NotImplementedError

    def seen(self, t: float) -> list[tuple[int, Seen]]:
        """(round, what is seen): round 0 entered in this run of the clip, 1 in the run before, and so on."""
        rounds = range(int((self.duration_s() + self.start_s) / self.period_s) + 1) if self.wraps else (0,)
        found = []
        for back in rounds:
            local = t - self.start_s + back * self.period_s
            if 0 <= local < self.duration_s():
                one = self.at(local)
                if one is not None:
                    found.append((back, one))
        return found

    def z(self, x: float, y: float) -> float:
        return float(self.ground(x, y)) if self.ground is not None else 0.0


@dataclass
class _Act:
    seconds: float
    pose: object  # local seconds -> Pose
    place: object  # local seconds -> (x, y, heading, z)
    ease: float = 0.35


@dataclass
class Person(Actor):
    """A body that does acts one after another."""

    wear: Outfit = field(default_factory=Outfit)
    here: tuple[float, float] = (0.0, 0.0)
    facing: float = 0.0
    phase: float = 0.0
    acts: list[_Act] = field(default_factory=list)
    changes: list[tuple[float, Outfit]] = field(default_factory=list)
    _walked: float = 0.0

    def duration_s(self) -> float:
        return sum(act.seconds for act in self.acts)

    def walk(self, points, speed: float = 1.3) -> Person:
        path = Path([self.here, *points])
        before = self._walked + self.phase
        carry = bool(self.wear.umbrella)
        size, frail = self.wear.size, self.wear.frail

        def where(t):
            s = speed * t
            return (*path.place(s), path.heading(s), 0.0)

        self.acts.append(
            _Act(
                path.length / speed,
                lambda t: poses.gait(before + speed * t, speed, size, frail, carry),
                where,
            )
        )
        self.here, self.facing = path.place(path.length), path.heading(path.length)
        self._walked += path.length
        return self

    def stay(
        self,
        seconds: float,
        name: str = "stand",
        face: float | None = None,
        drift=(0.0, 0.0),
        lift: float = 0.0,
        ease: float = 0.45,
    ) -> Person:
        """Hold a pose (with idle sway unless lying); drift moves the body evenly, lift is the end height."""
        base, (x, y) = dict(poses.STILL[name]), self.here
        if self.wear.umbrella:
            base.update(sh_r=0.55, el_r=1.75, ab_r=0.12)
        if self.wear.frail:
            base["lean"] += 0.35 * self.wear.frail
        turn_from = self.facing
        face = turn_from if face is None else face
        delta = (face - turn_from + math.pi) % (2 * math.pi) - math.pi
        lift_from = getattr(self, "_lift", 0.0)
        phase, period = self.phase * 7.0, self.period_s
        live = name not in ("lie",)

        def how(t):
            return (
                poses.idle(base, t, phase, period)
                if live
                else {**base, "el_r": base["el_r"] + 0.03 * math.sin(1.3 * t)}
            )

        def where(t):
            share = min(1.0, t / max(0.01, seconds))
            turn = min(1.0, t / 0.6)
            return (
                x + drift[0] * share,
                y + drift[1] * share,
                turn_from + delta * turn,
                lift_from + (lift - lift_from) * share,
            )

        self.acts.append(_Act(seconds, how, where, ease))
        self.here, self.facing, self._lift = (x + drift[0], y + drift[1]), face, lift
        return self

    def change(self, wear: Outfit) -> Person:
        """From here in the sequence on, the outfit is another (a bag put down)."""
        self.changes.append((self.duration_s(), wear))
        return self

    def at(self, local_s: float) -> Seen | None:
        since, previous = local_s, None
        for act in self.acts:
            if since < act.seconds:
                break
            since -= act.seconds
            previous = act
        how = act.pose(since)
        x, y, heading, lift = act.place(since)
        if previous is not None and since < act.ease:
            how = poses.blend(previous.pose(previous.seconds), how, since / act.ease)
            h0 = previous.place(previous.seconds)[2]
            delta = (heading - h0 + math.pi) % (2 * math.pi) - math.pi
            heading = h0 + delta * min(1.0, since / act.ease)
        how = {**how, "lift": how["lift"] + lift}
        wear = self.wear
        for when, other in self.changes:
            if local_s >= when:
                wear = other
        z = self.z(x, y)
        return Seen(dress(Body(how, wear), wear).placed(x, y, z, heading), x, y, z, heading)


@dataclass
class Vehicle(Actor):
    """A car, bus or truck on a path; `keys` are (seconds, metres) with smooth speed between."""

    paint: str = "white"
    path: Path | None = None
    keys: tuple = ()
    lamps_on: bool = False
    beam: float = 0.0

    def duration_s(self) -> float:
        return self.keys[-1][0]

    def progress(self, t: float) -> float:
        times, metres = zip(*self.keys, strict=False)
        return _monotone(times, metres, t)

    def at(self, local_s: float) -> Seen | None:
        s = self.progress(local_s)
        speed = (self.progress(local_s + 0.1) - self.progress(local_s - 0.1)) / 0.2
        later = (self.progress(local_s + 0.5) - self.progress(local_s + 0.3)) / 0.2
        x, y = self.path.place(s)
        reach = LENGTHS.get(self.kind, 4.6) * 0.3
        heading, z = self.path.heading(s, reach), self.z(x, y)
        mesh = vehicle(self.kind, self.paint)
        waiting = abs(speed) < 0.1 and self.keys[-1][1] - s > 0.5  # one that has parked lets go of the brake
        braking = later < speed - 0.25 or waiting
        placed = mesh.placed(x, y, z, heading)
        if self.ground is not None:  # follow the slope
            c, sn = math.cos(heading), math.sin(heading)
            rise = self.z(x + c, y + sn) - self.z(x - c, y - sn)
            placed.verts[:, 2] += ((placed.verts[:, 0] - x) * c + (placed.verts[:, 1] - y) * sn) * rise / 2
        return Seen(placed, x, y, z, heading, self.lamps_on, braking, self.beam)


@dataclass
class Rider(Actor):
    """A cyclist or a scooter rider."""

    wear: Outfit = field(default_factory=Outfit)
    paint: str = "red"
    path: Path | None = None
    speed: float = 4.5
    lamps_on: bool = False
    beam: float = 0.0

    def duration_s(self) -> float:
        return self.path.length / self.speed

    def at(self, local_s: float) -> Seen | None:
        s = self.speed * local_s
        x, y = self.path.place(s)
        heading, z = self.path.heading(s), self.z(x, y)
        bike = two_wheeler("bicycle" if self.kind == "bicycle" else "scooter", self.paint)
        if self.kind == "bicycle":
            body = dress(Body({**poses.pedal(s), "lift": 0.16}, self.wear), self.wear)
            body.verts[:, 0] -= 0.22
        else:
            body = dress(Body({**poses.SCOOT, "lift": 0.24}, self.wear), self.wear)
            body.verts[:, 0] -= 0.28
        sway = 0.03 * math.sin(2 * math.pi * s / 4.2) if self.kind == "bicycle" else 0.0
        return Seen(
            joined(bike, body).placed(x, y, z, heading, sway),
            x,
            y,
            z,
            heading,
            self.lamps_on,
            False,
            self.beam,
        )


@dataclass
class Thing(Actor):
    """Something that lies where it is from start_s for a while."""

    shape: Mesh | None = None
    place: tuple[float, float, float] = (0.0, 0.0, 0.0)
    heading: float = 0.0
    seconds: float = 1e9

    def duration_s(self) -> float:
        return self.seconds

    def at(self, local_s: float) -> Seen | None:
        x, y, z = self.place
        return Seen(self.shape.placed(x, y, z, self.heading), x, y, z, self.heading)


def joined(*meshes: Mesh) -> Mesh:
    offset, tris = 0, []
    for mesh in meshes:
        tris.append(mesh.tris + offset)
        offset += len(mesh.verts)
    cat = lambda name: np.concatenate([getattr(mesh, name) for mesh in meshes])  # noqa: E731
    return Mesh(cat("verts"), cat("normals"), np.concatenate(tris), cat("colours"), cat("gloss"), cat("glow"))


def _monotone(times, values, t: float) -> float:
    """Monotone cubic through the keys (Fritsch and Carlson), even speed beyond the ends."""
    times, values = np.asarray(times, float), np.asarray(values, float)
    slope = np.diff(values) / np.diff(times)
    if len(slope) == 1 or t <= times[0]:
        return float(values[0] + slope[0] * (t - times[0]))
    if t >= times[-1]:
        return float(values[-1] + slope[-1] * (t - times[-1]))
    m = np.concatenate(
        [
            [slope[0]],
            np.where(
                slope[:-1] * slope[1:] > 0, 2 * slope[:-1] * slope[1:] / (slope[:-1] + slope[1:] + 1e-12), 0.0
            ),
            [slope[-1]],
        ]
    )
    i = int(np.searchsorted(times, t) - 1)
    h = times[i + 1] - times[i]
    u = (t - times[i]) / h
    return float(
        (1 + 2 * u) * (1 - u) ** 2 * values[i]
        + u * (1 - u) ** 2 * h * m[i]
        + u * u * (3 - 2 * u) * values[i + 1]
        + u * u * (u - 1) * h * m[i + 1]
    )
