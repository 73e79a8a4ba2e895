"""A residential street of brick villas at dusk, wires overhead, cars parked along one side."""

import math

from ..sets import buildings, greenery, street
from ..sets import materials as m
from . import skies

SEED = 112
CAMERA = {"position": (1.6, 0.0, 5.4), "target": (-0.2, 13.0, 0.5), "hfov_deg": 68}
SKY = {"horizon": (0.55, 0.42, 0.40), "zenith": (0.17, 0.22, 0.38), "strength": 0.34}


def build(stage):
    street.carriageway(stage, -3.4, -6, 3.4, 90)
    for s in (-1, 1):
        street.line(stage, [(s * 2.1, -6), (s * 2.1, 90)], 0.12)
        stage.floor(min(s * 2.2, s * 3.4), -6, max(s * 2.2, s * 3.4), 90, 0.004, m.paving("grey"))
    brick = m.laid((0.34, 0.15, 0.10), (0.28, 0.25, 0.22), 0.22, 0.075, 0.01, m.WALL_X, 0.18)
    for s in (-1, 1):  # garden walls with gates
        y = -5.0
        while y < 80:
            long = stage.random.uniform(5, 8)
            x0, x1 = sorted((s * 3.4, s * 3.6))
            stage.box(
                x0,
                y,
                0,
                x1,
                y + long,
                1.5,
                brick if stage.random.random() < 0.6 else m.worn((0.42, 0.40, 0.37)),
            )
            stage.box(
                min(s * 3.35, s * 3.65),
                y,
                1.5,
                max(s * 3.35, s * 3.65),
                y + long,
                1.6,
                m.worn((0.35, 0.34, 0.33)),
            )
            stage.box(
                x0 + 0.06,
                y + long,
                0,
                x1 - 0.06,
                y + long + 1.5,
                1.9,
                m.plain(
                    ((0.05, 0.16, 0.10), (0.12, 0.07, 0.04), (0.1, 0.1, 0.11))[stage.random.integers(3)], 0.5
                ),
            )
            y += long + 1.5
    buildings.row(stage, 4.9, 15, -4, 84, faces="WS", night=True, floors=(2, 4), lit=0.3)
    buildings.row(stage, -15, -4.9, -4, 84, faces="ES", night=True, floors=(2, 4), lit=0.3)
    for x, y, to in ((-3.1, 9, 33), (-3.1, 33, 60), (-3.1, 60, 88)):
        street.wire_pole(stage, x, y, 8.8, (x, to))
    for y, x, arm in (
        (8.9, -3.0, (1.3, 0)),
        (20, 3.2, (-1.3, 0)),
        (33, -3.0, (1.3, 0)),
        (47, 3.2, (-1.3, 0)),
    ):
        street.lamp_post(stage, x, y, 5.6, arm, on=True, watts=420, base=0, colour=(1.0, 0.80, 0.55))
    for _i, (kind, paint, y) in enumerate(
        (
            ("saloon", "white", 14.5),
            ("suv", "grey", 20.2),
            ("truck", "blue", 30),
            ("saloon", "black", 36),
            ("van", "silver", 43),
        )
    ):
        skies.parked(stage, kind, paint, 2.75, y, math.pi / 2)
    for x, y, h in ((4.4, 9.5, 4.0), (-4.3, 16, 4.2), (4.3, 27, 4.5), (-4.3, 38, 4.5)):
        greenery.tree(stage, x, y, h, "green", 1.1, 0.2, 1600)
    for x, y in ((2.9, 10.3), (3.0, 10.9), (-3.0, 11.2)):
        stage.ball(
            (x, y, 0.28),
            (0.28, 0.25, 0.3),
            m.plain((0.35, 0.36, 0.30) if x > 0 else (0.1, 0.1, 0.1), 0.5),
            0.06,
        )
    street.road_text(stage, "천천히", 0.3, 9.2, 0.9)
    street.signpost(
        stage, -3.2, 13.2, "봉수로 12길", (0.02, 0.10, 0.38), height=2.7, z=0, width=1.2, high=0.34
    )
