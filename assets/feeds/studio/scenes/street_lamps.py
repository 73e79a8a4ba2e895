"""Nightfall on a two-lane road; the street lamps go out one after another, nearest first."""

import cv2
import numpy as np

from ..film.compositor import Look, Moment
from ..shoot import Effects

SEED = 1113
META = {"scene": "street", "light": "night", "weather": "clear", "crf": 25}
SHOW = {"night": True, "beam": 4.0}
LOOK = Look(direct=0.55, glow=0.9)
SENSOR = {"exposure": 0.95, "noise": 0.022, "saturation": 0.85}
LAMPS = [(4.2 - 1.8 - 0.3, y, 6.38) for y in (9.0, 18.0, 27.0, 37.0, 48.0, 62.0)]
OUT_S = (6.0, 8.4, 10.8, 13.2, 15.4, 17.4)


def lamp_weight(k: int, t: float) -> float:
    since = t - OUT_S[k]
    if t > 21.2:  # they come back just before the clip begins again
        return min(1.0, (t - 21.2) * 2)
    if since < 0:
        return 1.0
    if since < 0.9:  # a failing lamp flickers first
        return 0.15 + 0.85 * float((since * 9.7) % 1.0 > 0.55)
    return 0.0


class SceneEffects(Effects):
    def moment(self, t):
        return Moment({f"lamp{k}": lamp_weight(k, t) for k in range(6)})

    def finish(self, picture, t, compositor):
        for k, place in enumerate(LAMPS):
            weight = lamp_weight(k, t)
            if not weight:
                continue
            x, y, inv = self.plate.camera.project([place])[0]
            glow = np.zeros(picture.shape[:2], np.float32)
            size = 0.34 * self.plate.camera.focal * inv
            cv2.ellipse(
                glow,
                (int(x), int(y)),
                (max(1, int(size)), max(1, int(size * 0.28))),
                0,
                0,
                360,
                1.0,
                -1,
                cv2.LINE_AA,
            )
            wide = (
                glow * 2.5
                + cv2.GaussianBlur(glow, (0, 0), 4) * 1.2
                + cv2.GaussianBlur(glow, (0, 0), 14) * 1.6
            )
            picture = picture + (wide * weight / self.gain)[..., None] * np.array(
                (1.0, 0.76, 0.46), np.float32
            )
        return picture


def cast(show):
    for k in range(6):
        show.event("lamp_out", OUT_S[k], 21.2, [], f"street lamp {k + 1} of the right-hand row fails")
    show.traffic(
        [(1.8, -8), (1.8, 20), (1.0, 30), (1.0, 36), (1.8, 46), (1.8, 120)],
        (0.0, 6.0, 12.5, 18.0),
        9.5,
        ("saloon", "taxi", "suv", "van"),
    )
    show.traffic(
        [(-1.8, 120), (-1.8, -10)], (1.5, 5.5, 10.0, 14.5, 19.5), 10.5, ("saloon", "suv", "taxi", "truck")
    )
    show.vehicle("bus", "green", [(-1.8, 130), (-1.8, -14)], 7.8, 10.0)
    show.rider([(3.0, -6), (2.9, 100)], 9.0, 7.5, "scooter", "red")
    for x, y0, y1, start, speed in (
        (5.6, -3, 64, 0.0, 1.3),
        (6.3, 60, -3, 3.0, 1.25),
        (5.3, 62, -3, 13.0, 1.4),
        (-5.3, -3, 60, 6.0, 1.3),
        (-6.0, 60, -3, 1.0, 1.3),
        (6.0, -3, 60, 15.0, 1.35),
        (-5.6, 58, -3, 12.0, 1.3),
    ):
        show.walker([(x, y0), (x + 0.1, (y0 + y1) / 2), (x, y1)], start, speed)
    cross = show.person((-5.4, 11.8), 2.2)
    cross.stay(1.2, face=0.0).walk([(-3.4, 11.8), (3.4, 11.9), (5.9, 13), (6.2, 40)], 1.45)
