"""A lane of an old market at night, half the shops still open under bare bulbs."""

from ..sets import buildings, street
from ..sets import materials as m
from . import skies

SEED = 103
CAMERA = {"position": (-1.6, 0.0, 4.5), "target": (0.5, 12.5, 0.5), "hfov_deg": 70}
SKY = skies.NIGHT
FIRE = (2.75, 12.4, 0.85)  # the stall that burns


def build(stage):
    stage.floor(
        -2.9,
        -5,
        2.9,
        70,
        0.0,
        m.laid((0.17, 0.165, 0.16), (0.07, 0.07, 0.07), 0.6, 0.6, 0.015, vary=0.12, wet=0.3),
    )
    stage.floor(-0.2, -5, 0.2, 70, 0.004, m.worn((0.07, 0.07, 0.07), 0.8))
    buildings.row(
        stage,
        -13,
        -3.2,
        -3,
        62,
        faces="E",
        shops="E",
        night=True,
        floors=(2, 3),
        width=(6, 9),
        open_share=0.55,
        lit=0.2,
    )
    buildings.row(
        stage,
        3.2,
        13,
        -3,
        62,
        faces="W",
        shops="W",
        night=True,
        floors=(2, 3),
        width=(6, 9),
        open_share=0.5,
        lit=0.2,
    )
    buildings.building(stage, -8, 66, 8, 74, 4, faces="S", shops="S", night=True)
    wood, cloths = (
        m.worn((0.16, 0.10, 0.06), 0.8, 0.3, 4.0),
        ((0.30, 0.05, 0.04), (0.04, 0.10, 0.26), (0.32, 0.30, 0.26), (0.05, 0.20, 0.10)),
    )
    for y, side in (
        (5.2, -1),
        (8.6, 1),
        (12.4, 1),
        (10.5, -1),
        (16.5, -1),
        (18.5, 1),
        (23, 1),
        (24, -1),
        (30, -1),
        (33, 1),
        (40, -1),
    ):
        x0, x1 = (2.0, 3.1) if side > 0 else (-3.1, -2.0)
        stage.box(x0, y - 0.9, 0.0, x1, y + 0.9, 0.72, wood)
        for _ in range(16):  # goods in crates
            gx, gy = stage.random.uniform(x0 + 0.15, x1 - 0.15), stage.random.uniform(y - 0.75, y + 0.75)
            stage.ball(
                (gx, gy, 0.78),
                (0.11, 0.11, 0.09),
                m.plain(
                    ((0.5, 0.08, 0.03), (0.5, 0.3, 0.04), (0.12, 0.25, 0.05), (0.4, 0.35, 0.25))[
                        stage.random.integers(4)
                    ],
                    0.6,
                ),
                rings=4,
                sides=6,
            )
        cloth = m.plain(cloths[stage.random.integers(4)], 0.85)
        h0, h1 = 2.45, 2.1
        inner, outer = (3.15, 1.75) if side > 0 else (-3.15, -1.75)
        stage.quad(
            (inner, y - 1.2, h0), (inner, y + 1.2, h0), (outer, y + 1.2, h1), (outer, y - 1.2, h1), cloth
        )
        stage.quad(
            (outer, y - 1.2, h1),
            (outer, y + 1.2, h1),
            (outer, y + 1.2, h1 - 0.22),
            (outer, y - 1.2, h1 - 0.22),
            cloth,
        )
        for yy in (y - 1.1, y + 1.1):
            stage.tube((outer, yy, 0), (outer, yy, h1), 0.025, m.plain((0.4, 0.4, 0.4), 0.4), sides=6)
        stage.ball(
            (side * 2.2, y, 1.95), (0.06, 0.06, 0.07), m.glowing((1.0, 0.78, 0.45), 25.0), rings=5, sides=8
        )
        stage.light("POINT", (side * 2.2, y, 1.85), 34, (1.0, 0.74, 0.42), "lamps", size=0.06)
    for y in range(4, 60, 7):  # cables and lanterns across the lane
        stage.tube((-3.2, y, 4.3), (0, y, 3.95), 0.012, m.plain((0.02, 0.02, 0.02)), sides=4)
        stage.tube((0, y, 3.95), (3.2, y, 4.3), 0.012, m.plain((0.02, 0.02, 0.02)), sides=4)
        for x in (-1.4, 1.4):
            stage.ball((x, y, 3.85), (0.16, 0.16, 0.2), m.glowing((1.0, 0.30, 0.10), 2.2), rings=6, sides=10)
        stage.light("POINT", (0, y, 3.7), 40, (1.0, 0.62, 0.34), "lamps", size=0.2)
    for x, y in ((-2.6, 7.0), (2.5, 14.6), (-2.5, 13.2), (2.6, 21), (-2.6, 20)):
        stage.turned_box(x, y, 0, 0.5, 0.4, 0.35, 0.3, m.plain((0.40, 0.28, 0.15), 0.9))
        stage.turned_box(x, y, 0.36, 0.45, 0.4, 0.3, -0.2, m.plain((0.36, 0.25, 0.13), 0.9))
    street.signpost(stage, -2.7, 15.0, "소화기", (0.45, 0.03, 0.02), height=2.3, z=0, width=0.7)
