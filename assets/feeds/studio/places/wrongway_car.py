"""A one-way shopping street by day, arrows pointing away from the camera."""

import math

from ..sets import buildings, greenery, street
from ..sets import materials as m
from . import skies

SEED = 106
CAMERA = {"position": (-2.6, 0.0, 6.0), "target": (0.4, 15.0, 0.4), "hfov_deg": 66}
SKY = skies.DAY
SUN = (-0.45, -0.35, 0.78)


def build(stage):
    skies.sun(stage, SUN, 3.8)
    street.carriageway(stage, -3.2, -6, 3.2, 100)
    for x in (-2.95, 2.95):
        street.line(stage, [(x, -6), (x, 100)], 0.14, street.YELLOW)
    street.line(stage, [(0, -6), (0, 100)], 0.12, dash=3, gap=5)
    for y in (8.0, 26, 48):
        for x in (-1.5, 1.5):
            street.arrow(stage, x, y, math.pi / 2, 3.6)
    street.road_text(stage, "일방통행", 1.5, 13.4, 0.62)
    street.road_text(stage, "일방통행", -1.5, 18.4, 0.62)
    for s in (-1, 1):
        x0, x1 = sorted((s * 3.38, s * 7.0))
        street.pavement(stage, x0, -6, x1, 100, "red" if s > 0 else "grey", edge="W" if s > 0 else "E")
        street.guide_blocks(stage, s * 5.3, -6, 100)
        for y in range(6, 90, 3):
            street.bollard(stage, s * 3.75, y)
    buildings.row(stage, 7.0, 19, -4, 92, faces="W", shops="W", floors=(3, 6))
    buildings.row(stage, -19, -7.0, -4, 92, faces="E", shops="E", floors=(2, 5))
    for s, ys in ((1, (12, 24, 36, 50, 64)), (-1, (9, 18, 30, 43, 58))):
        for y in ys:
            stage.box(s * 4.3 - 0.5, y - 0.5, 0.13, s * 4.3 + 0.5, y + 0.5, 0.16, m.plain((0.05, 0.04, 0.03)))
            greenery.tree(stage, s * 4.3, y, 5.4, "ginkgo" if s > 0 else "green", 1.35, 0.1, 1700)
    street.signpost(stage, 4.1, 9.4, "일방통행", (0.02, 0.10, 0.42), height=3.0, width=1.1, high=0.42)
    stage.tube((-4.0, 7.8, 0.14), (-4.0, 7.8, 2.5), 0.045, m.plain((0.45, 0.46, 0.46), 0.4))
    street.wire_pole(stage, 6.5, 17, 9.0, (6.5, 50))
    skies.parked(stage, "suv", "white", 2.1, 40, math.pi / 2)
