"""A signalled junction of two roads by day, seen from a corner pole."""

import math

from ..sets import buildings, greenery, street
from ..sets import materials as m
from . import skies

SEED = 114
CAMERA = {"position": (-11.0, -1.5, 8.2), "target": (-0.4, 14.0, 0.0), "hfov_deg": 76}
SKY = skies.OVERCAST
SUN = (0.5, -0.4, 0.7)
CENTRE_Y, HALF = 15.0, 6.6  # both roads are 13.2 m wide: two lanes each way


def build(stage):
    skies.sun(stage, SUN, 2.2, (1, 0.96, 0.9), 0.05)
    cy, w = CENTRE_Y, HALF
    street.carriageway(stage, -90, cy - w, 90, cy + w)
    stage.floor(-w, -40, w, cy - w, 0, m.asphalt())
    stage.floor(-w, cy + w, w, 120, 0, m.asphalt())
    for a, b in ((-90, -w - 5), (w + 5, 90)):
        for y, dash, tone in (
            (cy - 0.1, 0, street.YELLOW),
            (cy + 0.1, 0, street.YELLOW),
            (cy - 3.3, 3, (0.62, 0.62, 0.6)),
            (cy + 3.3, 3, (0.62, 0.62, 0.6)),
        ):
            street.line(stage, [(a, y), (b, y)], 0.13, tone, dash, 5 if dash else 0)
    for a, b in ((-40, cy - w - 5), (cy + w + 5, 120)):
        for x, dash, tone in (
            (-0.1, 0, street.YELLOW),
            (0.1, 0, street.YELLOW),
            (-3.3, 3, (0.62, 0.62, 0.6)),
            (3.3, 3, (0.62, 0.62, 0.6)),
        ):
            street.line(stage, [(x, a), (x, b)], 0.13, tone, dash, 5 if dash else 0)
    street.crossing(stage, -w + 0.3, cy - w - 4, w - 0.3, cy - w - 0.8, along="x")
    street.crossing(stage, -w + 0.3, cy + w + 0.8, w - 0.3, cy + w + 4, along="x")
    street.crossing(stage, -w - 4, cy - w + 0.3, -w - 0.8, cy + w - 0.3, along="y")
    street.crossing(stage, w + 0.8, cy - w + 0.3, w + 4, cy + w - 0.3, along="y")
    street.line(stage, [(0, cy - w - 4.6), (w, cy - w - 4.6)], 0.4)
    street.line(stage, [(-w, cy + w + 4.6), (0, cy + w + 4.6)], 0.4)
    street.line(stage, [(-w - 4.6, cy), (-w - 4.6, cy - w)], 0.4)
    street.line(stage, [(w + 4.6, cy), (w + 4.6, cy + w)], 0.4)
    for x, y, a in (
        (1.7, 2.5, math.pi / 2),
        (4.9, 2.5, math.pi / 2),
        (-14, cy - 1.7, 0),
        (-14, cy - 4.9, 0),
        (15, cy + 1.7, math.pi),
        (15, cy + 4.9, math.pi),
    ):
        street.arrow(stage, x, y, a, 3.2)
    for sx in (-1, 1):
        for sy in (-1, 1):
            x0, x1 = sorted((sx * (w + 0.18), sx * 60))
            y0, y1 = sorted((cy + sy * (w + 0.18), cy + sy * (w + 4.0)))
            street.pavement(stage, x0, y0, x1, y1, "red", edge=("N" if sy < 0 else "S"))
            y0, y1 = sorted((cy + sy * (w + 4.0), cy + sy * 90))
            x0, x1 = sorted((sx * (w + 0.18), sx * (w + 4.0)))
            street.pavement(stage, x0, y0, x1, y1, "grey", edge=("W" if sx > 0 else "E"))
    for sx, faces in ((1, "SW"), (-1, "SE")):
        x0, x1 = sorted((sx * (w + 4.2), sx * (w + 22)))
        buildings.building(
            stage, x0, cy + w + 4.2, x1, cy + w + 18, 5 if sx > 0 else 4, faces=faces, shops=faces
        )
        buildings.row(stage, x0, x1, cy + w + 19, 100, faces=faces, shops=faces[1], floors=(3, 6))
        x2, x3 = sorted((sx * (w + 23), sx * (w + 40)))
        buildings.building(stage, x2, cy + w + 4.2, x3, cy + w + 16, 6, faces="S", shops="S")
    buildings.building(stage, w + 4.2, -14, w + 24, cy - w - 4.2, 4, faces="WN", shops="WN")
    street.signal(stage, w + 1.0, cy + w + 1.2, -6.0, 5.6)
    street.signal(stage, -w - 1.0, cy + w + 4.4, 5.0, 5.6)
    street.signal(stage, w + 4.6, cy - w - 1.2, -3.2, 5.6)
    for x, y in (
        (w + 2.6, 26.5),
        (-w - 2.6, 27.5),
        (w + 2.8, 36),
        (-w - 2.8, 37),
        (19, 23),
        (-18, 23),
        (27, 23),
    ):
        greenery.tree(stage, x, y, 5.6, "ginkgo" if x > 0 else "green", 1.5, 0.1, 1800)
    buildings.building(stage, -14, 122, 14, 134, 9, faces="S")
