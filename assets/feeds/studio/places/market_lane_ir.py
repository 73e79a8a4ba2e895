"""A closed market lane lit only by the camera's own infrared lamp; a yard behind a low gate on the right."""

from ..sets import buildings, street
from ..sets import materials as m
from . import skies

SEED = 111
CAMERA = {"position": (-2.2, 0.0, 4.9), "target": (1.5, 11.0, 0.5), "hfov_deg": 72}
SKY = skies.DARK
GATE = (2.9, 6.6, 11.2, 1.75)  # x of the gate, from y, to y, height


def build(stage):
    stage.light("SPOT", (-2.2, 0.05, 5.05), 1700, (1, 1, 1), "infrared", CAMERA["target"], 0.1, 1.1, 1.0)
    stage.light("POINT", (-0.4, 46, 4.5), 500, (1, 0.8, 0.6), "lamps", size=0.2)
    stage.floor(
        -2.9, -5, 20, 80, 0.0, m.laid((0.20, 0.20, 0.20), (0.09, 0.09, 0.09), 0.6, 0.6, 0.015, vary=0.15)
    )
    stage.floor(-0.25, -5, 0.15, 80, 0.004, m.worn((0.09, 0.09, 0.09), 0.8))
    buildings.row(
        stage,
        -13,
        -2.9,
        -3,
        60,
        faces="E",
        shops="E",
        floors=(2, 3),
        width=(6, 8),
        shutter=True,
        hanging=False,
    )
    x, y0, y1, h = GATE
    buildings.row(
        stage, x, 12, -4, y0, faces="W", shops="W", floors=(2, 3), width=(6, 8), shutter=True, hanging=False
    )
    buildings.row(
        stage, x, 12, y1, 60, faces="WS", shops="W", floors=(2, 3), width=(6, 8), shutter=True, hanging=False
    )
    buildings.building(stage, 10, y0, 14, y1, 3, faces="W", colour=(0.4, 0.38, 0.36))
    metal = m.plain((0.34, 0.35, 0.36), 0.45, 0.5)
    stage.box(
        x - 0.04,
        y0,
        0.12,
        x + 0.04,
        y1,
        0.9,
        m.laid((0.30, 0.31, 0.32), (0.14, 0.14, 0.15), 30, 0.12, 0.014, m.WALL_X, 0.05),
    )
    for i in range(17):
        y = y0 + (y1 - y0) * i / 16
        stage.tube((x, y, 0.9), (x, y, h), 0.02, metal, sides=6)
    for z in (0.9, h - 0.12):
        stage.tube((x, y0, z), (x, y1, z), 0.03, metal, sides=6)
    for y in (y0, y1):
        stage.box(x - 0.14, y - 0.14, 0, x + 0.14, y + 0.14, h + 0.1, m.worn((0.40, 0.39, 0.37)))
    for cx, cy, s in (
        (5.0, 9.2, 0.6),
        (5.6, 8.0, 0.8),
        (7.5, 9.8, 0.9),
        (-2.5, 10.6, 0.5),
        (-2.5, 11.3, 0.42),
        (-2.3, 14, 0.6),
        (2.3, 15.2, 0.5),
        (-2.35, 20, 0.55),
    ):
        stage.turned_box(cx, cy, 0, s, s, s * 0.8, s * 3, m.plain((0.36, 0.27, 0.16), 0.9))
    for y in range(5, 60, 6):  # canvas rolled up and cables over the lane
        stage.tube((-2.9, y, 4.5), (2.9, y, 4.5), 0.03, m.plain((0.2, 0.2, 0.2)), sides=5)
    for y, side in ((12.5, -1), (17, 1), (19.5, -1), (27, 1), (31, -1)):
        cx = side * 2.25
        stage.box(cx - 0.5, y - 1, 0, cx + 0.5, y + 1, 0.75, m.worn((0.22, 0.2, 0.17)))
        stage.box(
            cx - 0.55, y - 1.05, 0.75, cx + 0.55, y + 1.05, 1.0, m.worn((0.10, 0.14, 0.30), 0.7, 0.3, 2.0)
        )
    street.signpost(stage, -2.5, 13.6, "CCTV 촬영중", (0.05, 0.1, 0.3), height=2.5, z=0, width=1.0, high=0.4)
