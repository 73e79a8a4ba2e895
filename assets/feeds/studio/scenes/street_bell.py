"""Night street; a frightened person runs to the emergency-bell pole, presses it, the blue lamp lights."""

import math

import cv2
import numpy as np

from ..cast.people import Outfit
from ..film.compositor import Look, Moment
from ..shoot import Effects

SEED = 1105
META = {"scene": "street", "light": "night", "weather": "clear", "crf": 25}
SHOW = {"night": True, "beam": 4.0}
LOOK = Look(direct=0.6, glow=0.9)
SENSOR = {"exposure": 1.0, "noise": 0.024, "white": (0.98, 1.0, 1.06), "saturation": 0.85}
PRESS_S = 9.6


class SceneEffects(Effects):
    def moment(self, t):
        since = t - PRESS_S
        if since < 0:
            return Moment({"bell": 0.0})
        return Moment({"bell": 2.4 if (since * 1.5) % 1.0 < 0.62 else 0.35})

    def finish(self, picture, t, compositor):
        since = t - PRESS_S
        if since >= 0:
            x, y, inv = self.plate.camera.project([(3.9, 11.2, 3.26)])[0]
            on = 1.0 if (since * 1.5) % 1.0 < 0.62 else 0.2
            glow = np.zeros(picture.shape[:2], np.float32)
            radius = max(2, int(0.13 * self.plate.camera.focal * inv))
            cv2.circle(glow, (int(x), int(y)), radius, 1.0, -1, cv2.LINE_AA)
            wide = cv2.GaussianBlur(glow, (0, 0), 5) * 1.5 + cv2.GaussianBlur(glow, (0, 0), 16) * 3.0
            picture = picture + ((glow * 3 + wide) * on / self.gain)[..., None] * np.array(
                (0.16, 0.36, 1.6), np.float32
            )
        return picture


def cast(show):
    wear = Outfit(
        top=(0.45, 0.10, 0.12), bottom=(0.04, 0.05, 0.10), long_hair=True, size=0.95, shoes=(0.4, 0.4, 0.4)
    )
    caller = show.person((5.2, 36), 0.6, wear, wraps=False)
    caller.walk([(5.0, 28), (4.7, 20), (4.5, 13.4), (3.92, 11.2 - 0.75)], 3.2)
    arrive = 0.6 + caller.duration_s()
    caller.stay(PRESS_S - arrive + 1.0, "press", face=math.pi / 2).stay(3.4, "press").stay(
        8.5, "call", face=1.9
    )
    show.event(
        "emergency_bell",
        PRESS_S,
        22.0,
        [caller],
        "a person presses the emergency bell; the blue lamp flashes",
    )
    follower = show.person(
        (5.0, 52),
        1.0,
        Outfit(top=(0.03, 0.03, 0.035), bottom=(0.04, 0.04, 0.05), cap=(0.02, 0.02, 0.02)),
        wraps=False,
    )
    follower.walk([(5.3, 40), (5.2, 22.5)], 2.5).stay(1.6, "stand").walk([(5.5, 30), (5.3, 60)], 2.3)
    show.event(
        "person_follows",
        5.0,
        18.0,
        [follower],
        "someone follows at a distance, stops in sight of the flashing lamp and turns back",
    )
    show.traffic([(1.2, -8), (1.2, 100)], (0.5, 9.0, 15.5), 9.5, ("saloon", "taxi", "suv"))
    show.traffic(
        [(-2.0, 100), (-2.0, 40), (-1.1, 30), (-0.9, 6), (-0.9, -10)],
        (2.0, 6.5, 12.5, 19.0),
        10.0,
        ("saloon", "van", "taxi", "suv"),
    )
    show.vehicle("bus", "green", [(1.2, -12), (1.2, 110)], 18.8, 10.0)
    show.rider([(2.3, -6), (2.3, 95)], 5.5, 8.0, "scooter", "red")
    for x, y0, y1, start, speed in (
        (-5.4, -3, 62, 1.0, 1.3),
        (-5.7, 60, -3, 8.0, 1.35),
        (-5.3, 48, -3, 17.0, 1.5),
        (5.6, -3, 60, 15.0, 1.35),
        (-5.8, 10, 60, 13.0, 1.25),
    ):
        show.walker([(x, y0), (x, (y0 + y1) / 2), (x, y1)], start, speed)
