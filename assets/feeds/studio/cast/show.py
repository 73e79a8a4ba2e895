"""The call sheet of one clip: who moves where and when, and which events were planted."""

from __future__ import annotations

import math

import numpy as np

from .meshes import Heap, Mesh
from .motion import Actor, Path, Person, Rider, Seen, Thing, Vehicle
from .people import Outfit, any_outfit
from .vehicles import PAINTS

PERIOD_S = 22.0
FPS = 15
ROUND = 1000  # object ids of an earlier run are higher by this


class Show:
    def __init__(
        self, seed: int, *, night: bool = False, rain: bool = False, beam: float = 0.0, ground=None
    ) -> None:
        self.random = np.random.default_rng(seed)
        self.night, self.rain, self.beam, self.ground = night, rain, beam, ground
        self.actors: list[Actor] = []
        self.events: list[dict] = []

    def _add(self, actor: Actor) -> Actor:
        self.actors.append(actor)
        return actor

    @property
    def _next(self) -> int:
        return len(self.actors) + 1

    def person(self, at, start=0.0, wear: Outfit | None = None, wraps=True, kind="person", **who) -> Person:
        """A person entering at `at`; give it acts. With wraps=False it is gone when the clip begins again."""
        wear = wear or any_outfit(self.random, rain=self.rain, **who)
        return self._add(
            Person(
                self._next,
                kind,
                PERIOD_S,
                start,
                self.ground,
                wraps,
                wear=wear,
                here=tuple(at),
                phase=float(self.random.random() * 1.4),
            )
        )

    def walker(self, points, start=0.0, speed=None, **who) -> Person:
        speed = speed or float(self.random.uniform(1.1, 1.5))
        return self.person(points[0], start, **who).walk(points[1:], speed)

    def stander(self, at, face, pose="stand", **who) -> Person:
        """Someone who stays the whole clip."""
        one = self.person(at, 0.0, wraps=True, **who)
        one.facing = face
        return one.stay(PERIOD_S, pose)

    def vehicle(self, kind, paint, points, start=0.0, speed=8.0, keys=None, wraps=True) -> Vehicle:
        path = Path(points)
        keys = keys or ((0.0, 0.0), (path.length / speed, path.length))
        return self._add(
            Vehicle(
                self._next,
                kind,
                PERIOD_S,
                start,
                self.ground,
                wraps,
                paint=paint,
                path=path,
                keys=tuple(keys),
                lamps_on=self.night,
                beam=self.beam,
            )
        )

    def rider(self, points, start=0.0, speed=4.5, kind="bicycle", paint="red", wear=None) -> Rider:
        wear = wear or any_outfit(self.random)
        lid = (0.5, 0.5, 0.48) if self.random.random() < 0.5 else (0.03, 0.03, 0.035)
        wear = Outfit(
            top=wear.top,
            bottom=wear.bottom,
            skin=wear.skin,
            hair=wear.hair,
            helmet=lid,
            pack=wear.pack,
            sleeves=wear.sleeves,
        )
        beam = self.beam * (0.25 if kind == "bicycle" else 0.6)
        return self._add(
            Rider(
                self._next,
                kind,
                PERIOD_S,
                start,
                self.ground,
                True,
                wear=wear,
                paint=paint,
                path=Path(points),
                speed=speed,
                lamps_on=self.night,
                beam=beam,
            )
        )

    def thing(self, kind, shape: Mesh, place, heading, start, seconds) -> Thing:
        return self._add(
            Thing(
                self._next,
                kind,
                PERIOD_S,
                start,
                self.ground,
                False,
                shape=shape,
                place=place,
                heading=heading,
                seconds=seconds,
            )
        )

    def event(self, what: str, start: float, end: float, actors, note: str) -> None:
        self.events.append(
            {
                "type": what,
                "start_s": round(start, 2),
                "end_s": round(min(end, PERIOD_S), 2),
                "object_ids": [actor.number for actor in actors],
                "note": note,
            }
        )

    def seen(self, t: float) -> list[tuple[int, Seen]]:
        """(object id, what is seen). One that entered in an earlier run of the clip has an id of its own."""
        return [(actor.number + ROUND * back, one) for actor in self.actors for back, one in actor.seen(t)]

    def kind(self, number: int) -> str:
        """The kind of an object id: person, car, van, truck, bus, bicycle, scooter or bag."""
        kind = self.actors[number % ROUND - 1].kind
        return "car" if kind in ("saloon", "suv", "taxi") else kind

    def traffic(
        self, points, starts, speed=9.0, kinds=("saloon", "suv", "saloon", "van", "taxi", "truck")
    ) -> list[Vehicle]:
        """A lane of cars, each with a start time."""
        paints = [p for p in PAINTS if p not in ("taxi", "green", "yellow")]
        made = []
        for start in starts:
            kind = kinds[int(self.random.integers(len(kinds)))]
            paint = {"taxi": "taxi", "bus": "green", "truck": "blue"}.get(
                kind, paints[int(self.random.integers(len(paints)))]
            )
            made.append(self.vehicle(kind, paint, points, start, speed))
        return made


def satchel(colour=(0.03, 0.03, 0.035)) -> Mesh:
    """A travel bag standing on the ground."""
    heap = Heap()
    turn = np.linspace(0, 2 * math.pi, 13)[:-1]
    ring = lambda x, k: [(x, 0.15 * k * math.cos(a), 0.17 + 0.17 * k * math.sin(a)) for a in turn]  # noqa: E731
    heap.loft([ring(-0.30, 0.80), ring(-0.27, 1), ring(0.27, 1), ring(0.30, 0.80)], colour, 0.1)
    for x in (-0.12, 0.12):
        heap.box((x - 0.02, -0.155, 0.05), (x + 0.02, 0.155, 0.345), (0.12, 0.10, 0.08))
    heap.box((-0.13, -0.015, 0.40), (0.13, 0.015, 0.43), (0.10, 0.08, 0.06))
    for x in (-0.13, 0.11):
        heap.box((x, -0.015, 0.33), (x + 0.02, 0.015, 0.43), (0.10, 0.08, 0.06))
    return heap.mesh()
