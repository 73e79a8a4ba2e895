"""Riverside path at dusk; cyclists and walkers; one person climbs over the rail to the water."""

import cv2
import numpy as np

from ..film.compositor import Look
from ..shoot import Effects

SEED = 1110
META = {"scene": "river", "light": "dusk", "weather": "clear"}
LOOK = Look(direct=0.4, glow=0.8)
SHOW = {"night": True, "beam": 1.2}
SENSOR = {"exposure": 0.72, "noise": 0.016, "white": (1.05, 0.98, 0.95)}
WATER_Z = -0.9


class SceneEffects(Effects):
    """Moving water: the plate's mirror image shivers with small waves."""

    def __init__(self, plate):
        super().__init__(plate)
        world = plate.world
        self._mask = cv2.GaussianBlur(
            ((world[..., 0] < -4.9) & (np.abs(world[..., 2] - WATER_Z) < 0.12) & (plate.sky < 0.5)).astype(
                np.float32
            ),
            (0, 0),
            0.7,
        )
        h, w = self._mask.shape
        self._yy, self._xx = np.mgrid[0:h, 0:w].astype(np.float32)
        self._x, self._y = world[..., 0], world[..., 1]
        self._near = np.clip(26.0 / plate.depth, 0.25, 3.0).astype(np.float32)

    def finish(self, picture, t, compositor):
        wave = np.zeros_like(self._x)
        turn = 2 * np.pi / 22.0
        for kx, ky, cycles, size in (
            (0.9, 2.1, 14, 1.0),
            (-1.7, 3.4, 23, 0.7),
            (2.9, 5.6, 31, 0.5),
            (0.35, 0.8, 9, 1.2),
            (-4.2, 7.7, 40, 0.35),
        ):
            wave += size * np.sin(kx * self._x + ky * self._y + turn * cycles * t)
        moved = cv2.remap(
            picture,
            self._xx + wave * 0.5,
            self._yy + wave * 1.1 * self._near,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REFLECT,
        )
        moved = moved * (1 + 0.10 * wave)[..., None]
        return picture + (moved - picture) * self._mask[..., None]


def cast(show):
    for x, start, speed, up in (
        (-2.5, 0.5, 5.2, 1),
        (-2.6, 8.0, 4.6, 1),
        (-2.3, 16.5, 5.6, 1),
        (-0.8, 2.0, 5.0, 0),
        (-0.6, 9.5, 4.4, 0),
        (-0.9, 13.0, 5.5, 0),
        (-0.7, 18.5, 5.0, 0),
        (-2.5, 12.0, 5.0, 1),
    ):
        points = [(x, -4), (x + 0.15, 30), (x, 90)]
        show.rider(
            points if up else points[::-1],
            start,
            speed,
            paint=("red", "blue", "white", "green")[int(start) % 4],
        )
    for x, y0, y1, start, speed in (
        (1.0, -3, 60, 0.0, 1.3),
        (1.9, 58, -3, 2.0, 1.2),
        (1.4, 60, -3, 9.5, 1.4),
        (2.1, -3, 60, 11.0, 1.25),
        (0.9, 50, -3, 15.0, 1.35),
        (1.8, 20, 70, 6.0, 1.3),
    ):
        show.walker([(x, y0), (x + 0.2, (y0 + y1) / 2), (x, y1)], start, speed)
    show.walker([(1.5, 84), (1.2, 40), (1.3, -3)], 4.0, 3.0)
    show.stander((4.0, 14.5), 3.1, "sit")
    show.stander((-3.5, 25.5), 3.1, "stand")
    climber = show.person((1.6, 33), 0.0, wraps=False)
    climber.walk([(0.4, 28), (-3.0, 19.5), (-3.45, 17.0)], 1.5).stay(1.5, "stand", face=3.14).stay(
        1.2, "climb", drift=(-0.25, 0), lift=0.7
    ).stay(0.9, "straddle", drift=(-0.4, 0), lift=0.75).stay(0.7, "land", drift=(-0.25, 0), lift=-0.15).stay(
        9.0, "stand", face=2.9, lift=-0.25
    )
    show.event("climbs_rail", 12.8, 15.6, [climber], "a person climbs over the rail towards the water")
    show.event("person_at_water", 15.6, 22.0, [climber], "the person stands on the bank beyond the rail")
