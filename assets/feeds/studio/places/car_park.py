"""An open public car park by day, seen over the rows; a yellow no-stopping box by the walkway."""

import math

from ..sets import buildings, greenery, street
from ..sets import materials as m
from . import skies

SEED = 108
CAMERA = {"position": (-2.0, 0.0, 7.2), "target": (1.2, 15.0, 0.0), "hfov_deg": 74}
SKY = skies.OVERCAST
SUN = (0.35, -0.3, 0.85)
BOX = (-3.6, 8.0, 1.6, 11.2)  # hatched no-stopping area: x0, y0, x1, y1
BAYS_Y = (14.6, 27.4)
FREE = {(14.6, 1), (14.6, 6), (27.4, 4)}


def build(stage):
    skies.sun(stage, SUN, 1.6, (1, 0.97, 0.92), 0.08)
    stage.floor(-70, -8, 70, 60, 0.0, m.asphalt())
    x0, y0, x1, y1 = BOX
    street.line(stage, [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], 0.14, street.YELLOW)
    for i in range(1, 9):
        k = i / 9
        street.line(
            stage, [(x0 + (x1 - x0) * k, y0), (x0 + (x1 - x0) * max(0, k - 0.45), y1)], 0.10, street.YELLOW
        )
    street.road_text(stage, "주정차금지", (x0 + x1) / 2, y0 - 0.65, 0.8)
    paints = ("white", "silver", "black", "grey", "white", "blue", "red", "white", "black", "beige")
    kinds = ("saloon", "suv", "saloon", "van", "saloon", "suv", "saloon", "suv")
    for y in BAYS_Y:
        for i in range(13):
            x = -15 + i * 2.6
            for depth in (0, 5.1):
                street.line(stage, [(x - 1.3, y + depth - 2.5), (x - 1.3, y + depth + 2.5)], 0.12)
                if (depth == 0 and (y, i) in FREE) or stage.random.random() < 0.13:
                    continue
                skies.parked(
                    stage,
                    kinds[stage.random.integers(8)],
                    paints[stage.random.integers(10)],
                    x + stage.random.normal() * 0.08,
                    y + depth + stage.random.normal() * 0.15,
                    math.pi / 2 * (-1 if depth == 0 else 1) * (1 if stage.random.random() < 0.8 else -1),
                )
        street.line(stage, [(-16.3, y + 2.55), (17.5, y + 2.55)], 0.12)
    stage.floor(-9.0, -8, -6.6, 12, 0.01, m.paving("grey"))
    for y in (6.8, 21.8, 35):
        for x in (-11, 9) if y < 10 else (-12, -2, 10):
            street.arrow(stage, x, y if y > 10 else 5.2, 0 if y != 21.8 else math.pi, 3.0)
    for x, y in ((7.0, 10.3), (-11.5, 8.6)):  # planted islands
        stage.box(x - 1.6, y - 0.9, 0, x + 1.6, y + 0.9, 0.18, m.worn((0.42, 0.41, 0.40)))
        greenery.hedge(stage, x - 1.4, y - 0.7, x + 1.4, y + 0.7, 0.4, 0.18)
        greenery.tree(stage, x, y, 4.8, "green", 1.4, 0.18, 1900)
    for x, y in ((2.6, 11.0), (18.5, 17), (-17.2, 17)):
        street.lamp_post(stage, x, y, 7.0, (0, 1.3), base=0)
    street.rail(stage, (-24, 38.5), (30, 38.5), 1.1, 0, (0.2, 0.35, 0.25), 2.2, 3)
    for x in range(-34, 34, 5):
        greenery.tree(stage, x + stage.random.normal(), 41.5, 6.5, "green", 2.0, 0, 1500)
    for x in (-45, -24, -3, 18, 39):
        buildings.building(
            stage, x, 52, x + 16, 64, int(stage.random.integers(5, 9)), faces="S", colour=(0.52, 0.50, 0.47)
        )
    stage.box(15.8, 6.0, 0, 18.2, 8.4, 2.5, m.worn((0.5, 0.5, 0.48)))
    stage.letters("주차관리", (17.0, 5.95, 2.15), 0.42, 0, m.plain((0.03, 0.1, 0.4)))
    stage.box(16.1, 5.96, 0.9, 17.9, 5.99, 1.8, m.glass())
    street.signpost(stage, 4.2, 12.0, "공영주차장", (0.02, 0.14, 0.42), height=3.6, z=0, width=2.2, high=0.6)
