"""A paved plaza in front of a station by day."""

import math

from ..sets import buildings, greenery, street
from ..sets import materials as m
from . import skies

SEED = 104
CAMERA = {"position": (-3.0, 0.0, 6.3), "target": (0.8, 14.0, 0.3), "hfov_deg": 72}
SKY = skies.DAY
SUN = (0.55, 0.15, 0.72)
BENCH = (3.4, 12.0)


def build(stage):
    skies.sun(stage, SUN, 3.8)
    stage.floor(-50, -10, 50, 34, 0.0, m.paving("slab"))
    for y in (4.0, 12.6, 21.2, 29.8):
        stage.floor(-50, y, 50, y + 0.6, 0.004, m.paving("red"))
    for x in (-12, -3.4, 5.2, 13.8):
        stage.floor(x, -10, x + 0.6, 34, 0.006, m.paving("red"))
    street.carriageway(stage, -60, 34.2, 60, 43)
    street.line(stage, [(-60, 38.6), (60, 38.6)], 0.15, street.YELLOW)
    stage.floor(-60, 43, 60, 50, 0.1, m.paving("grey"))
    for x in range(-50, 50, 13):
        buildings.building(
            stage, x, 50, x + 12.4, 62, int(stage.random.integers(4, 9)), faces="S", shops="S", colour=None
        )
    bx, by = BENCH
    street.bench(stage, bx, by, math.pi)
    street.bench(stage, bx - 6.8, by + 5.5, math.pi)
    street.bench(stage, bx + 4.6, by + 7, math.pi / 2)
    for x, y in ((7.2, 12.2), (-5.6, 12.6), (-7.5, 22), (5.8, 24), (12, 19)):  # planters with trees
        stage.box(x - 1.1, y - 1.1, 0, x + 1.1, y + 1.1, 0.45, m.worn((0.46, 0.44, 0.41), 0.7))
        greenery.hedge(stage, x - 0.95, y - 0.95, x + 0.95, y + 0.95, 0.35, 0.4)
        greenery.tree(stage, x, y, 5.2, ("green", "ginkgo")[int(x > 6)], 1.7, 0.4, 2200)
    for a in range(16):  # round fountain
        t0, t1 = 2 * math.pi * a / 16, 2 * math.pi * (a + 1) / 16
        for r0, r1, z in ((2.0, 2.35, 0.5), (0, 2.0, 0.32)):
            p = [
                (-1.6 + r * math.cos(t), 20 + r * math.sin(t), z)
                for r, t in ((r0, t0), (r1, t0), (r1, t1), (r0, t1))
            ]
            stage.quad(*p, m.worn((0.5, 0.48, 0.45)) if z > 0.4 else m.plain((0.03, 0.09, 0.12), 0.05, 0.8))
        stage.quad(
            *[
                (-1.6 + 2.35 * math.cos(t), 20 + 2.35 * math.sin(t), z)
                for t, z in ((t0, 0), (t1, 0), (t1, 0.5), (t0, 0.5))
            ],
            m.worn((0.45, 0.43, 0.40)),
        )
    stage.tube((-1.6, 20, 0), (-1.6, 20, 1.7), 0.28, m.worn((0.45, 0.43, 0.4)), 0.12)
    for x in range(-14, 18, 3):
        street.bollard(stage, x, 33.2, 0)
    for x in (-12, 0.5, 13):
        street.lamp_post(stage, x, 31.8, 6.5, (0, 1.4), base=0)
    stage.box(8.0, 29.0, 2.5, 13.5, 31.0, 2.62, m.plain((0.10, 0.11, 0.12), 0.3))  # bus shelter
    for x in (8.1, 10.7, 13.4):
        stage.tube((x, 30.9, 0), (x, 30.9, 2.5), 0.05, m.plain((0.2, 0.2, 0.2), 0.4))
    stage.box(8.1, 30.88, 0.3, 13.4, 30.92, 2.3, m.plain((0.20, 0.26, 0.28), 0.1, 0.8))
    street.signpost(stage, -9, 27, "봉수역 광장", (0.02, 0.12, 0.36), height=3.4, z=0, width=2.6, high=0.7)
    street.guide_blocks(stage, 1.7, -10, 33, z=0.004)
