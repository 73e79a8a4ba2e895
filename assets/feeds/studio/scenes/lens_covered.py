"""Signalled junction by day; a cloth is drawn over the lens and later taken away."""

import cv2
import numpy as np

from ..film.compositor import Look
from ..shoot import Effects

SEED = 1114
META = {"scene": "junction", "light": "day", "weather": "overcast"}
LOOK = Look(sun=(0.5, -0.4, 0.7), direct=0.42)
SENSOR = {"exposure": 1.05, "noise": 0.010}
COVER_S, FULL_S, LIFT_S, CLEAR_S = 9.0, 10.2, 16.6, 17.8


class SceneEffects(Effects):
    def __init__(self, plate):
        super().__init__(plate)
        random = np.random.default_rng(SEED)
        coarse = cv2.resize(
            random.random((6, 9)).astype(np.float32), (1280, 900), interpolation=cv2.INTER_CUBIC
        )
        weave = 0.5 + 0.5 * np.sin(np.arange(1280)[None, :] * 1.3) * np.sin(np.arange(900)[:, None] * 1.3)
        self._cloth = coarse * 0.7 + weave.astype(np.float32) * 0.06 + 0.25
        self._edge = (
            cv2.GaussianBlur(random.standard_normal(1280).astype(np.float32)[None], (0, 0), 60)[0] * 600
        )

    def last(self, frame, t):
        if not COVER_S <= t <= CLEAR_S:
            return frame
        h, w = frame.shape[:2]
        share = (
            (t - COVER_S) / (FULL_S - COVER_S)
            if t < FULL_S
            else (1 - (t - LIFT_S) / (CLEAR_S - LIFT_S) if t > LIFT_S else 1.0)
        )
        share = float(np.clip(share, 0, 1))
        share = share * share * (3 - 2 * share)
        low = share * (h + 160) - 80
        swing = 14 * np.sin(t * 2.4) + 6 * np.sin(t * 5.1)
        rows = np.arange(h, dtype=np.float32)[:, None]
        edge = low + self._edge[None, 200 : 200 + w] + swing
        mask = 1 / (1 + np.exp(np.clip((rows - edge) / 11.0, -30, 30)))
        ox, oy = int(200 + swing * 2), int(300 - low * 0.4 + 60 * np.sin(t * 0.9))
        oy = max(0, min(900 - h, oy))
        cloth = self._cloth[oy : oy + h, ox : ox + w]
        random = np.random.default_rng((SEED, int(t * 1000)))
        tone = (
            cloth[..., None] * np.array((26, 30, 44), np.float32)
            + 10
            + random.standard_normal((h, w, 1), np.float32) * 4.5
        )
        return np.clip(frame * (1 - mask[..., None]) + tone * mask[..., None], 0, 255).astype(np.uint8)


def cast(show):
    show.event("camera_covered", COVER_S, CLEAR_S, [], "a cloth is drawn over the lens and taken away again")
    y = 15.0
    east, west = [(-70, y - 4.9), (70, y - 4.9)], [(70, y + 4.9), (-70, y + 4.9)]
    east_in, west_in = [(-70, y - 1.7), (70, y - 1.7)], [(70, y + 1.7), (-70, y + 1.7)]
    go = ((0, 0), (11, 120), (13, 140))
    for start in (0.0, 2.4, 19.5):
        show.vehicle(
            ("saloon", "suv", "van")[int(start) % 3],
            ("white", "grey", "blue")[int(start) % 3],
            east,
            start - 4 if start > 4 else start + 18,
            keys=go,
        )
    show.vehicle("bus", "green", east, 16.0, keys=((0, 0), (5, 48), (9, 88), (14, 140)))
    for start, kind, paint in ((17.0, "saloon", "black"), (19.6, "taxi", "taxi"), (21.6, "saloon", "silver")):
        show.vehicle(kind, paint, west, start, keys=go)
        show.vehicle(
            "suv" if kind == "taxi" else "saloon",
            "red" if kind == "taxi" else "white",
            east_in if kind == "saloon" else west_in,
            start + 0.8,
            keys=go,
        )
    north, south = [(4.9, -45), (4.9, 120)], [(-4.9, 120), (-4.9, -45)]
    for start, kind, paint in (
        (6.8, "saloon", "silver"),
        (8.7, "truck", "blue"),
        (10.8, "suv", "white"),
        (13.2, "taxi", "taxi"),
    ):
        show.vehicle(kind, paint, north, start - 1.0, keys=((0, 0), (4.5, 42), (9, 88), (15, 165)))
        show.vehicle(
            "saloon" if kind == "truck" else kind,
            "navy" if kind != "taxi" else "taxi",
            south,
            start - 4.0,
            keys=((0, 0), (7, 72), (11, 112), (15.5, 165)),
        )
    show.vehicle(
        "saloon",
        "beige",
        [(1.7, -45), (1.7, 7), (0.6, 13), (-5, 19), (-14, 19.9), (-70, 19.9)],
        5.5,
        keys=((0, 0), (4.5, 40), (7.5, 62), (14, 130)),
    )
    show.rider([(6.0, -10), (6.0, 90)], 9.0, 7.0, "scooter", "red")
    walkers = (
        ([(-20, 4.6), (-9.6, 5.0), (-9.0, 7.0), (-9.0, 22), (-9.1, 26), (-9.4, 60)], 0.4),
        ([(9.0, 60), (8.9, 25), (8.9, 8), (9.6, 5.2), (24, 4.0)], 5.0),
        ([(24, 25.5), (9.8, 24.6), (8.9, 22), (8.8, 5.0), (9.2, -6)], 19.6),
        ([(-24, 24.4), (-9.8, 24.6), (-9.0, 22), (-8.9, 7), (-12, 4)], 20.3),
        ([(-10, 6.2), (-8, 6.0), (8.4, 5.9), (22, 5.0)], 20.0),
        ([(22, 6.0), (8, 6.4), (-8, 6.3), (-12, 3)], 12.0),
        ([(-22, 23.6), (-8, 24.0), (8, 24.2), (24, 24)], 12.7),
        ([(24, 24.8), (8, 24.6), (-8, 24.4), (-24, 25)], 11.0),
        ([(10.0, 28), (9.2, 60)], 1.0),
        ([(-9.5, 62), (-9.2, 28), (-20, 24.8)], 2.0),
        ([(12, 4.6), (30, 4.4)], 4.0),
        ([(-11, 25), (-30, 24.6)], 5.0),
        ([(32, 25.4), (11, 25.6), (10, 50)], 1.5),
    )
    for points, start in walkers:
        show.walker(points, start, float(show.random.uniform(1.3, 1.6)))
    for x, yy, face in (
        (8.9, 6.0, 1.6),
        (9.4, 5.5, 1.5),
        (-8.8, 5.6, 1.5),
        (8.8, 24.4, -1.5),
        (-8.9, 24.6, -1.4),
        (10.5, 23.4, -2.0),
    ):
        show.stander((x, yy), face, "stand" if x < 9 else "phone")
