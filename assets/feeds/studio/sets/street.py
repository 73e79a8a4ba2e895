"""Roads and what stands on them: carriageways, kerbs, markings, lamps, poles with wires, benches, fences."""

from __future__ import annotations

import itertools
import math

from . import materials as m
from .stage import Stage

LIFT = 0.006  # markings lie this far above the surface, so that they never flicker with it
KERB = 0.14


def carriageway(stage: Stage, x0, y0, x1, y1, wet=0.0, z=0.0) -> None:
    stage.floor(x0, y0, x1, y1, z, m.asphalt(wet))
    for _ in range(int(abs((x1 - x0) * (y1 - y0)) / 120)):  # mends and manhole covers
        x, y = stage.random.uniform(x0 + 0.6, x1 - 0.6), stage.random.uniform(y0 + 0.6, y1 - 0.6)
        if stage.random.random() < 0.5:
            stage.floor(
                x - 0.5,
                y - 1.2,
                x + 0.5,
                y + 1.2,
                z + 0.003,
                m.worn((0.045, 0.045, 0.048), 0.9, 0.2, 1.0, 30, wet),
            )
        else:
            stage.tube(
                (x, y, z - 0.02), (x, y, z + 0.004), 0.35, m.plain((0.09, 0.085, 0.08), 0.5, 0.5), sides=20
            )


def pavement(stage: Stage, x0, y0, x1, y1, kind="grey", wet=0.0, edge="") -> None:
    """A raised footway; edge names the sides (SNEW) that get a kerbstone."""
    stage.floor(x0, y0, x1, y1, KERB, m.paving(kind, wet))
    stone = m.worn((0.42, 0.41, 0.40), 0.8, 0.2, 1.5)
    wide = 0.18
    spans = {
        "S": (x0, y0 - wide, x1, y0),
        "N": (x0, y1, x1, y1 + wide),
        "W": (x0 - wide, y0, x0, y1),
        "E": (x1, y0, x1 + wide, y1),
    }
    for side in edge:
        ax, ay, bx, by = spans[side]
        stage.box(ax, ay, -0.05, bx, by, KERB, stone)


def guide_blocks(stage: Stage, x, y0, y1, z=KERB) -> None:
    """The yellow tactile strip for people who do not see."""
    stage.floor(
        x - 0.15, y0, x + 0.15, y1, z + LIFT, m.laid((0.60, 0.42, 0.05), (0.3, 0.2, 0.03), 0.3, 0.3, 0.02)
    )


def line(stage: Stage, points, width=0.15, colour=(0.62, 0.62, 0.6), dash=0.0, gap=0.0, z=LIFT) -> None:
    """A painted line along straight spans; dash and gap in metres (0: unbroken)."""
    ink = m.paint(colour)
    for (ax, ay), (bx, by) in itertools.pairwise(points):
        length = math.hypot(bx - ax, by - ay)
        ux, uy = (bx - ax) / length, (by - ay) / length
        at = 0.0
        while at < length:
            end = min(length, at + (dash or length))
            p, q = (ax + ux * at, ay + uy * at), (ax + ux * end, ay + uy * end)
            ox, oy = -uy * width / 2, ux * width / 2
            stage.quad(
                (p[0] - ox, p[1] - oy, z),
                (q[0] - ox, q[1] - oy, z),
                (q[0] + ox, q[1] + oy, z),
                (p[0] + ox, p[1] + oy, z),
                ink,
            )
            at = end + (gap if dash else 1.0)


YELLOW = (0.60, 0.38, 0.03)


def crossing(stage: Stage, x0, y0, x1, y1, along="x", z=LIFT) -> None:
    """Zebra bars over the rectangle; `along` is the walking direction."""
    ink = m.paint((0.70, 0.70, 0.68))
    if along == "x":
        x = x0
        while x < x1:
            stage.floor(x, y0, min(x + 0.45, x1), y1, z, ink)
            x += 0.9
    else:
        y = y0
        while y < y1:
            stage.floor(x0, y, x1, min(y + 0.45, y1), z, ink)
            y += 0.9


def arrow(stage: Stage, x, y, angle, length=4.0, z=LIFT) -> None:
    """A straight lane arrow pointing at angle (radians from +X)."""
    ink = m.paint()
    c, s = math.cos(angle), math.sin(angle)
    shapes = (
        ((-length / 2, -0.09), (length * 0.15, -0.09), (length * 0.15, 0.09), (-length / 2, 0.09)),
        ((length * 0.15, -0.4), (length / 2, 0.0), (length * 0.15, 0.4)),
    )
    for shape in shapes:
        stage.poly([(x + u * c - v * s, y + u * s + v * c) for u, v in shape], z, ink)


def road_text(stage: Stage, text, x, y, size=1.6, yaw=0.0) -> None:
    stage.letters(text, (x, y, LIFT), size, yaw, m.paint(), pitch=0.0, depth=0.001)


def lamp_post(
    stage: Stage,
    x,
    y,
    height=6.5,
    arm=(1.6, 0.0),
    on=False,
    group="lamps",
    watts=900.0,
    colour=(1.0, 0.72, 0.42),
    base=KERB,
):
    """A street lamp; returns the position of its lantern."""
    metal = m.plain((0.16, 0.17, 0.17), 0.5, 0.5)
    stage.tube((x, y, base), (x, y, height), 0.09, metal, 0.055)
    tip = (x + arm[0], y + arm[1], height + 0.25)
    stage.tube((x, y, height - 0.05), tip, 0.045, metal)
    n = math.hypot(*arm) or 1.0
    head = (tip[0] + 0.3 * arm[0] / n, tip[1] + 0.3 * arm[1] / n)
    stage.turned_box(head[0], head[1], tip[2] - 0.05, 0.75, 0.26, 0.10, math.atan2(arm[1], arm[0]), metal)
    lantern = (head[0], head[1], tip[2] - 0.09)
    glow = m.glowing(colour, 22.0) if on and group == "lamps" else m.plain((0.6, 0.6, 0.58), 0.3)
    stage.turned_box(head[0], head[1], tip[2] - 0.08, 0.6, 0.2, 0.03, math.atan2(arm[1], arm[0]), glow)
    if on:
        stage.light(
            "SPOT",
            (lantern[0], lantern[1], lantern[2] - 0.06),
            watts,
            colour,
            group,
            (lantern[0], lantern[1], 0.0),
            0.12,
            2.6,
            0.55,
        )
    return lantern


def wire_pole(stage: Stage, x, y, height=9.0, to=None) -> None:
    """A concrete utility pole with a transformer; wires sag to the next pole's XY."""
    stage.tube((x, y, 0), (x, y, height), 0.17, m.worn((0.36, 0.35, 0.33), 0.9), 0.11)
    dark = m.plain((0.07, 0.07, 0.07), 0.6)
    stage.box(x - 0.9, y - 0.05, height - 0.9, x + 0.9, y + 0.05, height - 0.8, dark)
    stage.tube(
        (x + 0.35, y, height - 2.6), (x + 0.35, y, height - 1.7), 0.24, m.plain((0.35, 0.36, 0.36), 0.5)
    )
    for z in range(4):  # black and yellow band against collisions
        stage.tube((x, y, 0.5 + 0.3 * z), (x, y, 0.65 + 0.3 * z), 0.178, m.plain((0.55, 0.38, 0.03)))
    if to is None:
        return
    for side, low in ((-0.85, 0.75), (0.0, 0.75), (0.85, 0.75), (0.2, 2.3), (-0.1, 2.6)):
        last = None
        for i in range(9):
            t = i / 8
            point = (x + side + (to[0] - x) * t, y + (to[1] - y) * t, height - low - 1.6 * t * (1 - t))
            if last is not None:
                stage.tube(last, point, 0.014 if low < 2 else 0.025, dark, sides=4)
            last = point


def bench(stage: Stage, x, y, angle, z=0.0) -> None:
    wood = m.worn((0.24, 0.13, 0.06), 0.7, 0.25, 3.0)
    c, s = math.cos(angle), math.sin(angle)
    for off in (-0.18, 0.0, 0.18):
        stage.turned_box(x - s * off, y + c * off, z + 0.42, 1.6, 0.14, 0.05, angle, wood)
    for up in (0.6, 0.78):
        stage.turned_box(x - s * 0.27, y + c * 0.27, z + up, 1.6, 0.04, 0.12, angle, wood)
    for end in (-0.65, 0.65):
        stage.turned_box(
            x + c * end, y + s * end, z, 0.06, 0.5, 0.45, angle, m.plain((0.06, 0.06, 0.06), 0.5)
        )


def rail(stage: Stage, a, b, height=0.9, z=KERB, colour=(0.45, 0.46, 0.46), pitch=2.0, bars=2) -> None:
    """A guard rail between two XY points."""
    metal = m.plain(colour, 0.45, 0.5)
    length = math.dist(a, b)
    count = max(1, round(length / pitch))
    for i in range(count + 1):
        x, y = a[0] + (b[0] - a[0]) * i / count, a[1] + (b[1] - a[1]) * i / count
        stage.tube((x, y, z), (x, y, z + height), 0.035, metal, sides=6)
    for i in range(bars):
        h = z + height * (1 - i / max(1, bars) * 0.9)
        stage.tube((*a, h), (*b, h), 0.028, metal, sides=6)


def bollard(stage: Stage, x, y, z=KERB) -> None:
    stage.tube((x, y, z), (x, y, z + 0.8), 0.09, m.plain((0.28, 0.28, 0.29), 0.5), sides=12)
    stage.tube((x, y, z + 0.6), (x, y, z + 0.7), 0.095, m.plain((0.6, 0.42, 0.04), 0.4), sides=12)


def signpost(
    stage: Stage, x, y, text, back, ink=(0.9, 0.9, 0.9), height=2.6, z=KERB, width=1.2, yaw=0.0, high=0.5
) -> None:
    """A board on a pole, read from -Y when yaw is 0."""
    stage.tube((x, y, z), (x, y, z + height), 0.045, m.plain((0.45, 0.46, 0.46), 0.4))
    stage.turned_box(
        x - math.sin(yaw) * -0.06,
        y - math.cos(yaw) * 0.06,
        z + height - high,
        width,
        0.04,
        high,
        yaw,
        m.plain(back, 0.5),
    )
    stage.letters(
        text,
        (x + math.sin(yaw) * 0.1, y - math.cos(yaw) * 0.1, z + height - high / 2),
        min(high * 0.7, width / (0.95 * max(1, len(text)))),
        yaw,
        m.plain(ink, 0.5),
    )


def signal(stage: Stage, x, y, arm, height=5.2) -> None:
    """A traffic signal on a mast arm along X."""
    metal = m.plain((0.20, 0.21, 0.22), 0.5)
    stage.tube((x, y, 0), (x, y, height + 0.6), 0.12, metal, 0.08)
    stage.tube((x, y, height), (x + arm, y, height + 0.2), 0.06, metal)
    cx = x + arm * 0.85
    stage.box(
        cx - 0.7, y - 0.15, height - 0.15, cx + 0.7, y + 0.15, height + 0.3, m.plain((0.03, 0.03, 0.03), 0.5)
    )
    for i, colour in enumerate(((0.2, 0.01, 0.01), (0.2, 0.12, 0.01), (0.02, 0.6, 0.25))):
        skin = m.glowing(colour, 6.0) if i == 2 else m.plain(colour)
        stage.tube(
            (cx - 0.42 + 0.42 * i, y - 0.16, height + 0.08),
            (cx - 0.42 + 0.42 * i, y - 0.19, height + 0.08),
            0.15,
            skin,
        )
