"""A two-lane road at nightfall with a row of lamps, each in a light group of its own."""

import math

from ..sets import buildings, greenery, street
from . import skies

SEED = 113
CAMERA = {"position": (-4.4, 0.0, 6.2), "target": (0.3, 16.0, 0.6), "hfov_deg": 66}
SKY = skies.LATE_DUSK
LAMPS_Y = (9.0, 18.0, 27.0, 37.0, 48.0, 62.0)


def build(stage):
    street.carriageway(stage, -3.6, -6, 3.6, 130)
    for x in (-0.09, 0.09):
        street.line(stage, [(x, -6), (x, 130)], 0.1, street.YELLOW)
    for x in (-3.4, 3.4):
        street.line(stage, [(x, -6), (x, 130)], 0.12)
    street.pavement(stage, 3.78, -6, 7.4, 130, "red", edge="W")
    street.pavement(stage, -7.2, -6, -3.78, 130, "grey", edge="E")
    street.guide_blocks(stage, 5.7, -6, 130)
    for i, y in enumerate(LAMPS_Y):
        street.lamp_post(stage, 4.2, y, 6.2, (-1.8, 0), on=True, group=f"lamp{i}", watts=760)
    for y in (13.5, 22.5, 32, 42.5, 55):
        greenery.tree(stage, 4.4, y, 5.0, "green", 1.3, 0.1, 1500)
    greenery.hedge(stage, -4.5, 9.0, -4.0, 30, 0.7, 0.14)
    buildings.row(
        stage, 7.4, 18, -4, 110, faces="W", shops="W", night=True, floors=(2, 5), open_share=0.25, lit=0.15
    )
    buildings.row(stage, -19, -7.2, -4, 110, faces="E", shops="", night=True, floors=(2, 5), lit=0.18)
    street.crossing(stage, -3.3, 10.5, 3.3, 13.2, along="x")
    street.signpost(stage, -4.6, 14.6, "횡단보도", (0.02, 0.10, 0.42), height=2.9, width=1.0, high=0.4)
    skies.parked(stage, "saloon", "white", 2.5, 33, math.pi / 2)
    for x, h in ((-30, 30), (-12, 22), (6, 34), (24, 26)):
        buildings.building(stage, x, 140, x + 14, 150, h // 3, faces="S", night=True, lit=0.3)
