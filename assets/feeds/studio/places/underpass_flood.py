"""A road that dips under a railway bridge, in heavy rain; a level gauge board on the wall."""

import itertools

from ..sets import materials as m
from ..sets import street
from . import skies

SEED = 102
CAMERA = {"position": (2.9, 0.0, 5.4), "target": (-0.2, 16.0, 0.9), "hfov_deg": 66}
SKY = skies.RAIN
PROFILE = (
    (-6, 1.9),
    (4, 1.15),
    (10, 0.50),
    (15, 0.15),
    (19, 0.0),
    (34, 0.0),
    (40, 0.4),
    (60, 2.4),
    (90, 3.2),
)
GAUGE = (-4.95, 15.2)  # face of the gauge board on the left wall (x, y)


def road_z(y):
    for (y0, z0), (y1, z1) in itertools.pairwise(PROFILE):
        if y <= y1:
            return z0 + (z1 - z0) * (y - y0) / (y1 - y0)
    return PROFILE[-1][1]


def _strip(stage, x0, x1, lift, material, y0=-6.0, y1=90.0, step=1.0):
    y = y0
    while y < y1:
        n = min(y1, y + step)
        stage.quad(
            (x0, y, road_z(y) + lift),
            (x1, y, road_z(y) + lift),
            (x1, n, road_z(n) + lift),
            (x0, n, road_z(n) + lift),
            material,
        )
        y = n


def build(stage):
    _strip(stage, -3.6, 3.6, 0.0, m.asphalt(0.8))
    for x in (-3.3, 3.18):
        _strip(stage, x, x + 0.12, 0.008, m.paint())
    for y in range(-6, 90, 4):
        _strip(stage, -0.16, -0.04, 0.008, m.paint(street.YELLOW), y, y + 4)
        _strip(stage, 0.04, 0.16, 0.008, m.paint(street.YELLOW), y, y + 4)
    concrete = m.worn((0.30, 0.30, 0.29), 0.8, 0.35, 0.5, 4.0)
    for s in (-1, 1):
        _strip(stage, min(s * 3.6, s * 5.0), max(s * 3.6, s * 5.0), 0.55, m.paving("grey", 0.6))
        y = -6.0
        while y < 90:
            n = y + 1.0
            stage.quad(
                (s * 3.6, y, road_z(y) - 0.02),
                (s * 3.6, n, road_z(n) - 0.02),
                (s * 3.6, n, road_z(n) + 0.56),
                (s * 3.6, y, road_z(y) + 0.56),
                m.worn((0.38, 0.37, 0.36)),
            )
            y = n
        stage.quad((s * 5.0, -6, -0.1), (s * 5.0, 90, -0.1), (s * 5.0, 90, 7.2), (s * 5.0, -6, 7.2), concrete)
        for y in range(-4, 88, 4):  # joints of the retaining wall
            stage.box(
                min(s * 4.97, s * 5.0),
                y,
                0,
                max(s * 4.97, s * 5.0),
                y + 0.06,
                7.2,
                m.plain((0.12, 0.12, 0.12)),
            )
        stage.box(min(s * 5.0, s * 5.35), -6, 7.2, max(s * 5.0, s * 5.35), 90, 7.45, m.worn((0.4, 0.4, 0.39)))
        street.rail(stage, (s * 5.2, -6), (s * 5.2, 60), 1.0, 7.45)
        street.rail(stage, (s * 3.72, 6), (s * 3.72, 44), 0.8, 0.9, (0.5, 0.36, 0.04), 2.2)
    deck = m.worn((0.26, 0.26, 0.26), 0.85, 0.3, 0.6, 5.0)
    stage.box(-9, 21, 4.6, 9, 33, 6.3, deck)
    for i in range(9):  # black and yellow height limit beam
        stage.box(-5 + i * 1.12, 20.75, 4.55, -5 + i * 1.12 + 0.56, 21.0, 5.0, m.plain((0.60, 0.42, 0.03)))
        stage.box(
            -5 + i * 1.12 + 0.56, 20.75, 4.55, -5 + i * 1.12 + 1.12, 21.0, 5.0, m.plain((0.03, 0.03, 0.03))
        )
    stage.box(-1.9, 20.6, 5.15, 1.9, 20.75, 6.05, m.plain((0.02, 0.10, 0.30)))
    stage.letters("봉수지하차도 3.5m", (0, 20.57, 5.6), 0.46, 0, m.plain((0.85, 0.85, 0.82)))
    for y in (23, 26, 29, 32):
        for x in (-2.2, 2.2):
            stage.box(x - 0.5, y - 0.1, 4.5, x + 0.5, y + 0.1, 4.58, m.glowing((1.0, 0.86, 0.62), 9.0))
            stage.light("AREA", (x, y, 4.45), 90, (1.0, 0.84, 0.58), "lamps", (x, y, 0), 0.6)
    gx, gy = GAUGE  # level gauge: a white board with a red and black mark every 10 cm
    stage.box(gx - 0.05, gy - 0.34, -0.05, gx, gy + 0.34, 2.6, m.plain((0.72, 0.72, 0.70), 0.5))
    for i in range(26):
        ink = m.plain((0.50, 0.02, 0.02)) if (i // 5) % 2 else m.plain((0.02, 0.02, 0.03))
        long = 0.40 if i % 5 == 0 else 0.2
        stage.quad(
            (gx + 0.01, gy - 0.32, i * 0.1),
            (gx + 0.01, gy - 0.32 + long, i * 0.1),
            (gx + 0.01, gy - 0.32 + long, i * 0.1 + 0.05),
            (gx + 0.01, gy - 0.32, i * 0.1 + 0.05),
            ink,
        )
    import math

    for i in range(1, 6):
        stage.letters(
            f"{i * 0.5:.1f}",
            (gx + 0.02, gy + 0.16, i * 0.5 - 0.02),
            0.2,
            math.pi / 2,
            m.plain((0.02, 0.02, 0.03)),
            depth=0.004,
        )
    stage.letters(
        "침수 시 진입금지", (4.97, 13.0, 3.0), 0.55, -math.pi / 2, m.plain((0.55, 0.35, 0.03)), depth=0.01
    )
    for y in (8, 38):
        street.lamp_post(stage, 5.2, y, 10.5, (-1.6, 0), on=True, watts=700, base=7.45)
    for x, h in ((-34, 26), (-18, 18), (0, 30), (18, 20), (32, 28)):
        stage.box(x, 100, 0, x + 12, 110, h, m.worn((0.30, 0.31, 0.32)))
