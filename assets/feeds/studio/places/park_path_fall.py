"""A path through a neighbourhood park at dusk, lamps just lit."""

import itertools
import math

from ..sets import buildings, greenery, street
from ..sets import materials as m
from . import skies

SEED = 101
CAMERA = {"position": (1.5, 0.0, 5.2), "target": (0.2, 13.0, 0.4), "hfov_deg": 68}
SKY = skies.DUSK


def path_x(y):
    return 2.2 * math.sin(y / 11.0) - 0.3


def build(stage):
    stage.floor(-60, -5, 60, 110, 0.0, m.grass())
    greenery.tufts(stage, -13, 3, 14, 30, 40000, keep=lambda x, y: abs(x - path_x(y)) > 1.9)
    block = m.paving("sand")
    ys = [-3 + 1.0 * i for i in range(70)]
    for a, b in itertools.pairwise(ys):
        stage.quad(
            (path_x(a) - 1.7, a, 0.02),
            (path_x(a) + 1.7, a, 0.02),
            (path_x(b) + 1.7, b, 0.02),
            (path_x(b) - 1.7, b, 0.02),
            block,
        )
        for s in (-1.78, 1.7):
            stage.quad(
                (path_x(a) + s, a, 0.05),
                (path_x(a) + s + 0.1, a, 0.05),
                (path_x(b) + s + 0.1, b, 0.05),
                (path_x(b) + s, b, 0.05),
                m.worn((0.4, 0.39, 0.37)),
            )
    for y, side in ((7.5, -1), (15, 1), (24, -1), (36, 1)):
        x = path_x(y) + side * 2.6
        street.bench(stage, x, y, math.pi / 2 if side > 0 else -math.pi / 2)
        stage.floor(x - 0.6, y - 1.1, x + 0.6, y + 1.1, 0.015, m.paving("grey"))
    for y, side in ((10.5, 1), (21, -1), (32, 1), (44, -1)):
        x = path_x(y) + side * 2.3
        stage.tube((x, y, 0), (x, y, 3.6), 0.06, m.plain((0.05, 0.06, 0.06), 0.5), 0.045)
        stage.tube((x, y, 3.6), (x, y, 3.9), 0.16, m.glowing((1.0, 0.80, 0.52), 14.0), 0.12)
        stage.tube((x, y, 3.9), (x, y, 3.97), 0.26, m.plain((0.05, 0.06, 0.06)))
        stage.light("POINT", (x, y, 3.45), 260, (1.0, 0.76, 0.46), "lamps", size=0.12)
    for x, y, h, kind in (
        (-6, 11, 6.5, "green"),
        (7.5, 8.5, 6, "ginkgo"),
        (-8.5, 19, 7.5, "green"),
        (9, 17, 7, "green"),
        (-5, 29, 7, "ginkgo"),
        (8.5, 27, 8, "pine"),
        (-12, 26, 8, "pine"),
        (3.5, 40, 8, "green"),
        (-9, 40, 8, "green"),
        (13, 36, 8, "green"),
        (17, 22, 8, "ginkgo"),
        (-17, 34, 9, "green"),
    ):
        greenery.tree(stage, x, y, h, kind, 2.1 + 0.1 * h)
    greenery.hedge(stage, -20, 50, 22, 51.2, 1.2)
    greenery.hedge(stage, -4.4, 2.0, -3.4, 5.6, 0.7)
    for i in range(6):  # exercise frames by the path
        stage.tube(
            (5.2 + i * 0.45, 13.2, 0), (5.2 + i * 0.45, 13.2, 1.1), 0.035, m.plain((0.05, 0.2, 0.45), 0.4)
        )
    stage.tube((5.2, 13.2, 1.1), (7.45, 13.2, 1.1), 0.035, m.plain((0.05, 0.2, 0.45), 0.4))
    for x in range(-42, 50, 15):
        buildings.building(
            stage,
            x,
            62,
            x + 12,
            72,
            int(stage.random.integers(6, 13)),
            faces="S",
            night=True,
            lit=0.35,
            colour=(0.5, 0.49, 0.47),
        )
