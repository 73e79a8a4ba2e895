"""Old market lane at night; a stall begins to smoke and then burns, people draw back."""

import math

import numpy as np

from ..film.compositor import Look, Moment
from ..film.weather import Flame, Puffs
from ..shoot import Effects

SEED = 1103
META = {"scene": "market", "light": "night", "weather": "clear", "crf": 25}
LOOK = Look(direct=0.5, glow=0.7)
SENSOR = {"exposure": 0.95, "noise": 0.020, "bloom": 0.06}
FIRE = (2.45, 12.4, 0.75)
SMOKE_S, FLAME_S = 5.0, 11.0


class SceneEffects(Effects):
    def __init__(self, plate):
        super().__init__(plate)
        self._smoke = Puffs(
            FIRE,
            SEED,
            22.0,
            lambda t: 0 if t < SMOKE_S else min(16, 3 + 2.2 * (t - SMOKE_S)),
            6.0,
            (0.26, 0.25, 0.24),
            (-0.22, 0.30),
        )
        self._flame = Flame(FIRE, SEED, lambda t: float(np.clip((t - FLAME_S) / 6.0, 0, 1)) ** 0.7)
        self._light = np.zeros(3, np.float32)

    def moment(self, t):
        fire = self._flame.light(self.plate, t)
        if fire is not None:
            fire = fire * (0.8 / getattr(self, "gain", 1.0))
        self._glow = 0.0 if fire is None else self._flame.size(t)
        return Moment(extra_light=fire)

    def finish(self, picture, t, compositor):
        picture = picture * self.gain
        self._flame.draw(picture, self.plate, t)
        light = np.array((0.55, 0.47, 0.38), np.float32) + self._glow * np.array(
            (0.9, 0.42, 0.16), np.float32
        )
        self._smoke.draw(picture, self.plate, t, light)
        return picture / self.gain


def cast(show):
    watchers = []
    for at, face, leave, to in (
        ((1.3, 13.4), 0.0, 9.0, [(-0.4, 18), (-1.0, 45)]),
        ((1.2, 11.3), 0.2, 8.0, [(-0.2, 8), (-0.8, -3)]),
        ((0.9, 10.2), 0.6, 11.5, [(-0.6, 6), (-1.0, -3)]),
    ):
        one = show.person(at, 0.0, wraps=False)
        one.facing = face
        one.stay(leave - 3, "talk").stay(3, "point").walk(to, 2.3)
        watchers.append(one)
    keeper = show.person((3.0, 13.9), 0.0, wraps=False)
    keeper.facing = math.pi
    keeper.stay(6.0, "stand").walk([(1.8, 14.4), (1.2, 13.0)], 1.6).stay(3.0, "wave", face=0.0).walk(
        [(0.0, 14.6), (-2.3, 15.0)], 2.4
    ).stay(1.4, "stoop", face=math.pi).walk([(0.6, 14.2)], 1.9).stay(9, "press", face=-0.9)
    show.event("smoke", SMOKE_S, 22.0, [], "smoke rises from a stall on the right side of the lane")
    show.event("flame", FLAME_S, 22.0, [], "open flame at the stall")
    show.event("people_flee", 8.0, 15.0, watchers, "shoppers draw back from the stall and leave quickly")
    for x, y0, y1, start, speed in (
        (-0.8, -3, 58, 0.0, 1.3),
        (0.4, 58, 16, 1.0, 1.2),
        (-1.4, 55, -3, 4.0, 1.25),
        (0.9, -3, 9.5, 0.5, 1.1),
        (-0.3, 56, 17, 8.0, 1.3),
        (-1.5, -3, 56, 13.5, 1.4),
        (-1.0, 50, -3, 15.0, 1.5),
        (0.3, 30, 58, 5.0, 1.2),
        (-1.7, 58, -3, 10.0, 1.35),
    ):
        show.walker([(x, y0), (x + 0.3, (y0 + y1) / 2), (x, y1)], start, speed)
    for x, y, face in (
        (-1.75, 5.0, math.pi),
        (-1.7, 11.0, math.pi),
        (-1.8, 17.0, math.pi),
        (1.7, 19, 0),
        (1.7, 24, 0),
        (-2.6, 9.3, 0.2),
    ):
        show.stander((x, y), face, "talk" if y > 10 else "stand")
    show.rider([(-0.2, 60), (-0.6, 20), (-0.9, -4)], 2.0, 4.2, "scooter", "navy")
