"""A riverside cycle path at dusk: water to the left, reeds, a bridge with lights and a skyline behind."""

import math

from ..sets import greenery, street
from ..sets import materials as m

SEED = 110
CAMERA = {"position": (2.2, 0.0, 5.8), "target": (-1.4, 17.0, 2.3), "hfov_deg": 70}
SKY = {"horizon": (0.85, 0.42, 0.25), "zenith": (0.14, 0.20, 0.42), "strength": 0.45}
WATER_Z, WATER_EDGE = -0.9, -4.6


def build(stage):
    stage.quad((-4.2, -6, 0), (40, -6, 0), (40, 140, 0), (-4.2, 140, 0), m.grass())
    stone = m.laid((0.28, 0.27, 0.25), (0.12, 0.12, 0.11), 0.6, 0.4, 0.03, vary=0.25)
    stage.quad(
        (WATER_EDGE - 1.2, -6, WATER_Z - 0.5),
        (-4.2, -6, 0),
        (-4.2, 140, 0),
        (WATER_EDGE - 1.2, 140, WATER_Z - 0.5),
        stone,
    )
    stage.floor(-140, -6, WATER_EDGE, 260, WATER_Z, m.plain((0.012, 0.022, 0.030), 0.12, 0.6))
    stage.floor(-3.4, -6, 0.2, 140, 0.012, m.worn((0.23, 0.07, 0.05), 0.9, 0.2, 0.4, 22))  # cycle path
    stage.floor(0.35, -6, 2.6, 140, 0.012, m.paving("grey"))  # walkers
    for x in (-3.3, 0.1):
        street.line(stage, [(x, -6), (x, 140)], 0.1, z=0.02)
    street.line(stage, [(-1.6, -6), (-1.6, 140)], 0.1, dash=1.5, gap=2.5, z=0.02)
    for y in (8.5, 30):
        street.road_text(stage, "자전거", -2.45, y, 0.62)
        street.arrow(stage, -0.7, y + 4, -math.pi / 2, 1.8, 0.02)
        street.arrow(stage, -2.5, y + 4, math.pi / 2, 1.8, 0.02)
    street.rail(stage, (-3.9, 13), (-3.9, 70), 1.0, 0, (0.30, 0.31, 0.32), 2.0, 3)
    greenery.tufts(stage, 2.7, 2, 14, 26, 16000)
    greenery.tufts(stage, -4.2, 2, -3.5, 30, 2200)
    r = stage.random
    greenery.reeds(stage, [(r.uniform(-6.3, -4.5), r.uniform(4, 60)) for _ in range(2600)], -0.75, 1.2)
    for y in (9, 19, 30, 43, 58):
        x = 3.2
        stage.tube((x, y, 0), (x, y, 4.2), 0.06, m.plain((0.06, 0.07, 0.07), 0.5), 0.045)
        stage.box(x - 0.8, y - 0.09, 4.15, x + 0.1, y + 0.09, 4.27, m.plain((0.06, 0.07, 0.07), 0.5))
        stage.box(x - 0.75, y - 0.07, 4.12, x - 0.2, y + 0.07, 4.15, m.glowing((1.0, 0.82, 0.55), 14.0))
        stage.light(
            "SPOT", (x - 0.5, y, 4.08), 330, (1.0, 0.78, 0.48), "lamps", (x - 0.6, y, 0), 0.12, 2.5, 0.5
        )
    for x, y, h in ((6.5, 12.5, 6), (8.5, 21, 7.5), (6.8, 34, 7), (9, 46, 8), (13, 29, 8), (14, 16, 7)):
        greenery.tree(stage, x, y, h, "green", 2.1, 0, 2400)
    street.bench(stage, 4.2, 14.5, math.pi / 2)
    deck = m.worn((0.34, 0.33, 0.32), 0.8)
    stage.box(-140, 88, 7.2, 40, 96, 8.6, deck)  # the bridge
    for x in range(-130, 30, 22):
        stage.box(x, 90, -2, x + 2.4, 94, 7.2, deck)
    for x in range(-130, 40, 8):
        stage.box(x, 87.9, 9.6, x + 0.5, 88.0, 9.9, m.glowing((1.0, 0.72, 0.4), 16.0))
        stage.tube((x + 0.25, 88, 8.6), (x + 0.25, 88, 9.7), 0.08, m.plain((0.1, 0.1, 0.1)), sides=5)
    for _ in range(46):  # skyline with lit windows on the far bank
        x, w, h = r.uniform(-170, 60), r.uniform(7, 15), r.uniform(12, 46)
        y = r.uniform(190, 240)
        stage.box(x, y, 0, x + w, y + 8, h, m.plain((0.10, 0.105, 0.12), 0.8))
        for _ in range(int(h * w / 26)):
            wx, wz = x + r.uniform(0.5, w - 1.5), r.uniform(2, h - 1.5)
            stage.quad(
                (wx, y - 0.1, wz),
                (wx + 1.1, y - 0.1, wz),
                (wx + 1.1, y - 0.1, wz + 0.9),
                (wx, y - 0.1, wz + 0.9),
                m.glowing((1.0, 0.75, 0.42), 1.6),
            )
    stage.box(-180, 186, -1, 60, 190, 3, m.plain((0.05, 0.06, 0.05), 0.9))
    street.signpost(stage, -3.95, 11.5, "수심 깊음", (0.50, 0.04, 0.03), height=2.0, z=0, width=0.9, high=0.4)
