"""A school gate by day: red school-zone surface, a crossing, railings."""

import math

from ..sets import buildings, greenery, street
from ..sets import materials as m
from ..sets.buildings import Wall
from . import skies

SEED = 107
CAMERA = {"position": (-5.6, 0.0, 6.0), "target": (0.6, 13.5, 0.3), "hfov_deg": 72}
SKY = skies.DAY
SUN = (-0.25, -0.55, 0.8)


def build(stage):
    skies.sun(stage, SUN, 3.7)
    street.carriageway(stage, -60, 8.5, 60, 15.5)
    red = m.worn((0.26, 0.075, 0.055), 0.9, 0.2, 0.5, 25)
    stage.floor(-13, 8.5, 16, 15.5, 0.003, red)
    stage.floor(-3.2, 8.5, 3.2, 15.5, 0.0045, m.worn((0.40, 0.30, 0.06), 0.9, 0.15, 0.5, 25))
    for a, b in ((-60, -3.6), (3.6, 60)):
        street.line(stage, [(a, 12.05), (b, 12.05)], 0.13, street.YELLOW, z=0.008)
        street.line(stage, [(a, 11.88), (b, 11.88)], 0.13, street.YELLOW, z=0.008)
    street.crossing(stage, -2.4, 8.7, 2.4, 15.3, along="y", z=0.009)
    for x in (-4.2, 4.2):
        street.line(stage, [(x, 8.7 if x < 0 else 12.1), (x, 11.9 if x < 0 else 15.3)], 0.4, z=0.009)
    street.road_text(stage, "어린이보호구역", 9.2, 10.2, 1.0)
    street.road_text(stage, "30", -8.2, 13.7, 2.0)
    street.pavement(stage, -60, -6, 60, 8.3, "grey", edge="N")
    street.pavement(stage, -60, 15.7, 60, 20.2, "sand", edge="S")
    for a, b in ((-20, -3.2), (3.2, 24)):
        street.rail(stage, (a, 8.0), (b, 8.0), 0.9, 0.14, (0.55, 0.42, 0.05))
        street.rail(stage, (a, 15.95), (b, 15.95), 0.9, 0.14, (0.55, 0.42, 0.05))
    wall = m.laid((0.36, 0.17, 0.12), (0.30, 0.27, 0.25), 0.22, 0.075, 0.01, m.WALL_Y, 0.15)
    for a, b in ((-60, -4.2), (4.2, 60)):  # school wall, gate posts, sliding gate half open
        stage.box(a, 20.2, 0, b, 20.5, 1.1, wall)
        street.rail(
            stage,
            (a if a > -60 else -30, 20.35),
            (b if b < 60 else 30, 20.35),
            0.8,
            1.1,
            (0.05, 0.18, 0.12),
            2.0,
            3,
        )
    for x in (-4.2, 4.2):
        stage.box(x - 0.45, 20.0, 0, x + 0.45, 20.9, 3.0, m.worn((0.5, 0.47, 0.43), 0.7))
        stage.box(x - 0.6, 19.9, 3.0, x + 0.6, 21.0, 3.2, m.worn((0.42, 0.40, 0.37)))
    for i, letter in enumerate("봉수초등학교"):
        stage.letters(letter, (-4.2, 19.97, 2.7 - 0.42 * i), 0.36, 0, m.plain((0.05, 0.04, 0.03)))
    for i in range(16):
        stage.box(1.0 + i * 0.2, 20.3, 0.2, 1.05 + i * 0.2, 20.35, 1.7, m.plain((0.35, 0.36, 0.37), 0.4, 0.5))
    stage.floor(-30, 20.5, 30, 46, 0.02, m.worn((0.42, 0.33, 0.22), 0.95, 0.15, 0.3, 12))
    stage.floor(-4, 20.5, 4, 46, 0.03, m.paving("grey"))
    buildings.building(stage, -26, 46, 26, 58, 4, faces="S", colour=(0.62, 0.55, 0.42))
    front = Wall((-26, 46), (26, 46))
    stage.letters(
        "꿈을 키우는 봉수초", (*front.at(26, 0.2, 13.2)[:2], 13.6), 1.4, 0, m.plain((0.05, 0.15, 0.45))
    )
    for x, y, h in (
        (-9, 18.6, 5.5),
        (7.8, 18.6, 5.5),
        (15, 18.6, 6),
        (-17, 18.6, 6),
        (-12, 24, 7),
        (13, 26, 7),
        (20, 25, 7.5),
    ):
        greenery.tree(stage, x, y, h, "green" if y < 20 else "ginkgo", 1.6, 0.1, 2000)
    greenery.hedge(stage, -28, 44.2, -5, 45.2, 0.9)
    greenery.hedge(stage, 5, 44.2, 28, 45.2, 0.9)
    street.signpost(
        stage, 4.0, 16.5, "어린이보호구역", (0.60, 0.42, 0.02), (0.02, 0.02, 0.02), 3.1, width=1.9, high=0.55
    )
    street.signal(stage, -4.6, 16.4, 3.6)
    street.signal(stage, 13.0, 7.7, -4.0)
    skies.parked(stage, "van", "yellow", 17.5, 14.5, math.pi)
