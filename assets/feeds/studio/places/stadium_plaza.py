"""The forecourt of a stadium in late daylight: gates, queuing rails, flags."""

import itertools
import math

from ..sets import greenery, street
from ..sets import materials as m
from . import skies

SEED = 109
CAMERA = {"position": (0.0, 0.0, 7.6), "target": (0.4, 19.0, 1.5), "hfov_deg": 74}
SKY = {"horizon": (0.85, 0.70, 0.58), "zenith": (0.30, 0.42, 0.70), "strength": 0.8}
SUN = (-0.75, 0.1, 0.42)
GATE_Y = 33.0


def build(stage):
    skies.sun(stage, SUN, 2.6, (1.0, 0.80, 0.58), 0.02)
    stage.floor(-70, -8, 70, 60, 0.0, m.paving("slab"))
    for r in (8, 15, 22, 29):  # bands of darker stone round the stadium
        for i in range(40):
            a0, a1 = math.pi * (1.08 + 0.84 * i / 40), math.pi * (1.08 + 0.84 * (i + 1) / 40)
            stage.poly(
                [
                    (rr * math.cos(a) * 1.7, 44 + (rr + 8) * math.sin(a))
                    for rr, a in ((r, a0), (r + 0.8, a0), (r + 0.8, a1), (r, a1))
                ][::-1],
                0.005,
                m.paving("red"),
            )
    concrete, steel = m.worn((0.48, 0.46, 0.43), 0.8, 0.2, 0.3, 5), m.plain((0.55, 0.56, 0.57), 0.35, 0.6)
    turn = [math.pi * (1.12 + 0.76 * i / 26) for i in range(27)]

    def rim(a, out=0.0):
        return (62 * math.cos(a), 62 + (28 + out) * math.sin(a))

    for a0, a1 in itertools.pairwise(turn):
        (ax, ay), (bx, by) = rim(a0), rim(a1)
        stage.quad((ax, ay, 4.4), (bx, by, 4.4), (bx, by, 11), (ax, ay, 11), concrete)
        (cx, cy), (dx, dy) = rim(a0, 2.5), rim(a1, 2.5)
        stage.quad(
            (cx, cy, 4.4), (dx, dy, 4.4), (dx, dy, 4.9), (cx, cy, 4.9), m.plain((0.03, 0.10, 0.36), 0.4)
        )
        stage.quad((ax, ay, 4.4), (bx, by, 4.4), (dx, dy, 4.4), (cx, cy, 4.4), concrete)
        stage.quad(
            (ax, ay, 0), (bx, by, 0), (bx, by, 4.4), (ax, ay, 4.4), m.plain((0.10, 0.10, 0.11), 0.3, 0.6)
        )
        stage.tube((ax, ay - 0.3, 0), (ax, ay - 0.3, 11.5), 0.30, concrete)
        stage.tube((ax, ay - 1.2, 11), (ax, ay + 6, 17), 0.18, steel)
        (ex, ey), (fx, fy) = rim(a0, 3), rim(a1, 3)
        stage.quad(
            (ex, ey, 11.2),
            (fx, fy, 11.2),
            (fx, fy + 9, 17),
            (ex, ey + 9, 17),
            m.plain((0.62, 0.63, 0.64), 0.5),
        )
    stage.letters("봉수종합경기장", (0, 32.0, 7.6), 2.3, 0, m.plain((0.03, 0.09, 0.36)), depth=0.1)
    for i, x in enumerate((-7.5, -2.5, 2.5, 7.5)):
        stage.box(x - 1.6, 33.2, 0, x + 1.6, 33.4, 3.0, m.glowing((0.9, 0.85, 0.7), 0.25))
        stage.box(x - 1.0, 31.2, 3.1, x + 1.0, 31.35, 3.9, m.plain((0.05, 0.22, 0.10)))
        stage.letters(f"{i + 1}문", (x, 31.15, 3.5), 0.55, 0, m.plain((0.9, 0.9, 0.86)))
    for x in (-10, -5, 0, 5, 10):
        street.rail(stage, (x, 25.5), (x, 32), 1.05, 0, (0.55, 0.56, 0.57), 1.6, 2)
    for x, tone in (
        (-16, (0.45, 0.03, 0.03)),
        (-13, (0.03, 0.1, 0.4)),
        (13, (0.03, 0.1, 0.4)),
        (16, (0.45, 0.03, 0.03)),
    ):
        stage.tube((x, 22, 0), (x, 22, 7.5), 0.06, steel)
        stage.quad(
            (x, 22, 5.1), (x + 1.1, 22.15, 5.0), (x + 1.1, 22.2, 7.2), (x, 22, 7.4), m.plain(tone, 0.9)
        )
    for x, y in ((-11.5, 12.5), (11.0, 12.0), (-19, 17), (19.5, 18)):
        stage.box(x - 1.2, y - 1.2, 0, x + 1.2, y + 1.2, 0.5, m.worn((0.40, 0.38, 0.36)))
        greenery.tree(stage, x, y, 5.4, "ginkgo", 1.6, 0.4, 2200)
    stage.box(7.0, 7.8, 0, 9.6, 9.6, 2.4, m.plain((0.55, 0.55, 0.53)))  # ticket booth
    stage.box(6.7, 7.5, 2.4, 9.9, 9.9, 2.6, m.plain((0.45, 0.05, 0.04)))
    stage.letters("매표소", (8.3, 7.74, 2.1), 0.42, 0, m.plain((0.45, 0.04, 0.03)))
    stage.box(7.3, 7.76, 1.0, 9.3, 7.79, 1.75, m.glass())
    for x in (-6, 6):
        street.lamp_post(stage, x, 19, 7.5, (0, 1.2), base=0)
