"""A street at night with an emergency-bell pole on the footway."""

from ..sets import buildings, greenery, street
from ..sets import materials as m
from . import skies

SEED = 105
CAMERA = {"position": (-0.8, 0.0, 5.6), "target": (1.0, 13.0, 0.6), "hfov_deg": 68}
SKY = skies.NIGHT
BELL = (3.9, 11.2)


def build(stage):
    street.carriageway(stage, -4.0, -5, 3.0, 90, 0.25)
    street.line(stage, [(-0.5, -5), (-0.5, 90)], 0.14, street.YELLOW)
    street.line(stage, [(2.75, -5), (2.75, 90)], 0.12, (0.6, 0.6, 0.58))
    street.line(stage, [(-3.75, -5), (-3.75, 90)], 0.12, (0.6, 0.6, 0.58))
    street.pavement(stage, 3.18, -5, 6.2, 90, "grey", edge="W")
    street.pavement(stage, -6.6, -5, -4.18, 90, "grey", edge="E")
    street.guide_blocks(stage, 4.9, -5, 90)
    buildings.row(
        stage, 6.2, 17, -3, 85, faces="W", shops="W", night=True, floors=(2, 4), open_share=0.3, lit=0.25
    )
    buildings.row(
        stage, -18, -6.6, -3, 85, faces="E", shops="E", night=True, floors=(2, 5), open_share=0.35, lit=0.25
    )
    for x, y, arm in (
        (3.6, 6.5, (-1.6, 0)),
        (-4.6, 17, (1.6, 0)),
        (3.6, 27, (-1.6, 0)),
        (-4.6, 38, (1.6, 0)),
        (3.6, 50, (-1.6, 0)),
    ):
        street.lamp_post(stage, x, y, 6.3, arm, on=True, watts=620)
    for y in (15.5, 22, 33):
        greenery.tree(stage, 3.75, y, 5.0, "ginkgo", 1.3, 0.1, 1500)
    x, y = BELL  # the bell pole: yellow box with a red button, a board, a blue lamp on top
    steel = m.plain((0.50, 0.51, 0.52), 0.4, 0.5)
    stage.tube((x, y, 0.14), (x, y, 3.1), 0.07, steel)
    stage.turned_box(x, y - 0.10, 1.0, 0.34, 0.16, 0.55, 0, m.plain((0.62, 0.42, 0.02), 0.4))
    stage.tube((x, y - 0.18, 1.3), (x, y - 0.22, 1.3), 0.07, m.glowing((1.0, 0.05, 0.02), 0.8))
    stage.turned_box(x, y - 0.09, 1.8, 0.55, 0.05, 0.95, 0, m.glowing((0.55, 0.38, 0.02), 0.35))
    for i, letter in enumerate("비상벨"):
        stage.letters(
            letter, (x, y - 0.125, 2.58 - 0.3 * i), 0.28, 0, m.plain((0.02, 0.02, 0.02)), depth=0.004
        )
    stage.tube((x, y, 3.1), (x, y, 3.38), 0.13, m.plain((0.05, 0.10, 0.34), 0.2), 0.11)
    stage.light("POINT", (x, y - 0.02, 3.55), 130, (0.08, 0.22, 1.0), "bell", size=0.14)
    stage.light("SPOT", (x - 0.2, y - 0.5, 3.6), 26, (1.0, 0.95, 0.85), "lamps", (x, y - 0.15, 1.4), 0.1, 0.7)
    skies.parked(stage, "saloon", "silver", -3.0, 8.8, 1.5708)
    skies.parked(stage, "suv", "black", -3.0, 21.0, 1.5708)
    skies.parked(stage, "truck", "blue", -3.0, 27.5, 1.5708)
    street.wire_pole(stage, -4.5, 12, 8.5, (-4.5, 42))
