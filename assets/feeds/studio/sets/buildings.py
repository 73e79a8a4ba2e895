"""Houses and shops: walls with windows, shop fronts with lettered boards, roofs with tanks."""

from __future__ import annotations

import math

from . import materials as m
from .stage import Stage

# Made-up trades; no real business is meant.
BOARDS = (
    "행복약국",
    "봉수분식",
    "미소세탁소",
    "한빛안경",
    "푸른치과",
    "별다방",
    "늘봄꽃집",
    "정든식당",
    "참기름집",
    "은하노래방",
    "새벽상회",
    "호떡나라",
    "열쇠·도장",
    "우리부동산",
    "왕만두",
    "바다횟집",
    "소문난국밥",
    "청실홍실",
    "햇살문구",
    "동네빵집",
)
BOARD_COLOURS = (
    (0.55, 0.05, 0.04),
    (0.03, 0.13, 0.42),
    (0.02, 0.28, 0.12),
    (0.62, 0.42, 0.03),
    (0.60, 0.60, 0.58),
    (0.32, 0.05, 0.30),
    (0.04, 0.30, 0.34),
    (0.10, 0.10, 0.11),
)
WALLS = (
    (0.45, 0.42, 0.38),
    (0.36, 0.20, 0.15),
    (0.50, 0.48, 0.45),
    (0.30, 0.29, 0.28),
    (0.42, 0.33, 0.25),
    (0.26, 0.15, 0.12),
)


GOODS = (
    (0.30, 0.08, 0.05),
    (0.06, 0.16, 0.30),
    (0.30, 0.24, 0.08),
    (0.10, 0.22, 0.08),
    (0.28, 0.26, 0.24),
    (0.08, 0.06, 0.05),
)


def tone_surface(tone):
    return m.glowing(tone, 0.5)


class Wall:
    """A vertical rectangle from a to b (XY), outside on the right-hand side when walking from a to b."""

    def __init__(self, a, b) -> None:
        self.a, self.b = a, b
        self.length = math.dist(a, b)
        self.ux, self.uy = (b[0] - a[0]) / self.length, (b[1] - a[1]) / self.length
        self.nx, self.ny = self.uy, -self.ux
        self.yaw = math.atan2(self.uy, self.ux)

    def at(self, along: float, out: float, z: float):
        return (self.a[0] + self.ux * along + self.nx * out, self.a[1] + self.uy * along + self.ny * out, z)

    def panel(self, stage: Stage, s0, s1, z0, z1, out, material) -> None:
        stage.quad(
            self.at(s0, out, z0), self.at(s1, out, z0), self.at(s1, out, z1), self.at(s0, out, z1), material
        )

    def block(self, stage: Stage, s0, s1, z0, z1, deep, material, start: float = 0.0) -> None:
        """A box standing out of the wall by deep metres."""
        p = [
            self.at(s, o, z) for z in (z0, z1) for s, o in ((s0, start), (s1, start), (s1, deep), (s0, deep))
        ]
        stage.faces(
            p, ((0, 1, 2, 3), (7, 6, 5, 4), (4, 5, 1, 0), (5, 6, 2, 1), (6, 7, 3, 2), (7, 4, 0, 3)), material
        )


def _wall_surface(stage: Stage, wall: Wall, colour):
    flat = m.WALL_Y if abs(wall.ux) > abs(wall.uy) else m.WALL_X
    if colour[0] > 1.4 * colour[2]:
        return m.laid(colour, tuple(c * 0.6 + 0.06 for c in colour), 0.22, 0.075, 0.008, flat, 0.18)
    return m.worn(colour, 0.85, 0.22, 0.4, 6.0)


def window(stage: Stage, wall: Wall, s, z, w, h, lit: float, night: bool) -> None:
    frame = m.plain((0.55, 0.55, 0.55) if stage.random.random() < 0.5 else (0.08, 0.08, 0.09), 0.5)
    wall.block(stage, s - 0.06, s + w + 0.06, z - 0.06, z + h + 0.06, 0.06, frame)
    pane = m.glass()
    if night and stage.random.random() < lit:
        warm = ((1.0, 0.72, 0.38), (0.9, 0.95, 1.0), (1.0, 0.85, 0.6))[stage.random.integers(3)]
        pane = m.glowing(warm, float(stage.random.uniform(0.15, 0.7)))
    elif stage.random.random() < 0.4:
        pane = m.plain((0.22, 0.22, 0.2), 0.3, 0.6)
    wall.panel(stage, s, s + w, z, z + h, 0.065, pane)
    wall.block(stage, s + w / 2 - 0.025, s + w / 2 + 0.025, z, z + h, 0.09, frame)
    wall.block(stage, s - 0.12, s + w + 0.12, z - 0.16, z - 0.06, 0.16, m.plain((0.35, 0.34, 0.33)))
    if stage.random.random() < 0.22:
        wall.block(
            stage, s + w * 0.2, s + w * 0.2 + 0.8, z - 0.85, z - 0.25, 0.38, m.plain((0.55, 0.55, 0.53), 0.5)
        )


def shop_front(
    stage: Stage, wall: Wall, s0, s1, night: bool, open_share: float = 0.6, shutter: bool = False
) -> None:
    """Glass door and display, or a rolled-down shutter; a lettered board above, sometimes an awning."""
    dark = m.plain((0.05, 0.05, 0.055), 0.4)
    is_open = stage.random.random() < open_share and not shutter
    wall.block(stage, s0 + 0.1, s1 - 0.1, 0.1, 2.6, 0.05, dark)
    if is_open:
        light = m.glowing((1.0, 0.86, 0.65), 0.42) if night else m.plain((0.10, 0.11, 0.11), 0.15, 0.8)
        wall.panel(stage, s0 + 0.2, s1 - 0.2, 0.35, 2.5, 0.055, light)
        if night:
            for level in (0.35, 0.95, 1.5):  # shelves and goods seen against the light
                wall.panel(stage, s0 + 0.3, s1 - 0.3, level, level + 0.05, 0.06, dark)
                for _ in range(int((s1 - s0) * 2.2)):
                    s, tone = (
                        stage.random.uniform(s0 + 0.3, s1 - 0.7),
                        GOODS[stage.random.integers(len(GOODS))],
                    )
                    wall.panel(
                        stage,
                        s,
                        s + stage.random.uniform(0.15, 0.4),
                        level + 0.05,
                        level + stage.random.uniform(0.2, 0.48),
                        0.062,
                        tone_surface(tone),
                    )
    else:
        metal = m.laid(
            (0.34, 0.35, 0.36),
            (0.16, 0.16, 0.17),
            30.0,
            0.11,
            0.012,
            m.WALL_Y if abs(wall.ux) > abs(wall.uy) else m.WALL_X,
            0.04,
        )
        wall.panel(stage, s0 + 0.15, s1 - 0.15, 0.1, 2.55, 0.055, metal)
    count = max(1, round((s1 - s0) / 2.4))
    for i in range(1, count):
        s = s0 + (s1 - s0) * i / count
        wall.block(stage, s - 0.05, s + 0.05, 0.1, 2.6, 0.09, dark)
    sign_board(stage, wall, s0 + 0.15, s1 - 0.15, 2.72, 0.85, night and is_open)
    if stage.random.random() < 0.45 and not shutter:
        cloth = m.plain(BOARD_COLOURS[stage.random.integers(4)], 0.8)
        stage.quad(
            wall.at(s0 + 0.2, 0.1, 2.7),
            wall.at(s1 - 0.2, 0.1, 2.7),
            wall.at(s1 - 0.2, 1.2, 2.25),
            wall.at(s0 + 0.2, 1.2, 2.25),
            cloth,
        )


def sign_board(stage: Stage, wall: Wall, s0, s1, z, h, lit: bool, text: str = "") -> None:
    colour = BOARD_COLOURS[stage.random.integers(len(BOARD_COLOURS))]
    light = sum(colour) > 1.2
    wall.block(stage, s0, s1, z, z + h, 0.18, m.glowing(colour, 0.8) if lit else m.plain(colour, 0.5))
    ink = (0.05, 0.05, 0.3) if light else ((0.95, 0.93, 0.85), (0.95, 0.8, 0.1))[stage.random.integers(2)]
    text = text or BOARDS[stage.random.integers(len(BOARDS))]
    size = min(h * 0.8, (s1 - s0) / (0.95 * len(text)))
    x, y, zc = wall.at((s0 + s1) / 2, 0.21, z + h / 2)
    stage.letters(
        text, (x, y, zc), size, wall.yaw, m.glowing(ink, 1.5) if lit and not light else m.plain(ink, 0.5)
    )


def hanging_sign(stage: Stage, wall: Wall, s, z, lit: bool) -> None:
    """A narrow upright board sticking out of the wall, one syllable a row."""
    colour = BOARD_COLOURS[stage.random.integers(len(BOARD_COLOURS))]
    text = BOARDS[stage.random.integers(len(BOARDS))][:4]
    high = 0.75 * len(text)
    skin = m.glowing(colour, 1.0) if lit else m.plain(colour, 0.5)
    wall.block(stage, s - 0.1, s + 0.1, z, z + high, 1.0, skin, start=0.2)
    ink = m.plain((0.9, 0.9, 0.85) if sum(colour) < 1.2 else (0.05, 0.05, 0.3), 0.5)
    for side, turn in ((-0.13, -math.pi / 2), (0.13, math.pi / 2)):
        for i, letter in enumerate(text):
            x, y, zc = wall.at(s + side, 0.6, z + high - 0.38 - 0.75 * i)
            stage.letters(letter, (x, y, zc), 0.6, wall.yaw + turn, ink)


def building(
    stage: Stage,
    x0,
    y0,
    x1,
    y1,
    floors: int,
    *,
    faces="SNEW",
    shops="",
    night=False,
    lit=0.3,
    colour=None,
    open_share=0.6,
    storey=3.1,
    shutter=False,
    hanging=True,
) -> None:
    """An axis-aligned house; `faces` names walls with windows, `shops` those with shops."""
    colour = colour or WALLS[stage.random.integers(len(WALLS))]
    first = 3.7 if shops else storey
    height = first + storey * (floors - 1)
    walls = {
        "S": Wall((x0, y0), (x1, y0)),
        "E": Wall((x1, y0), (x1, y1)),
        "N": Wall((x1, y1), (x0, y1)),
        "W": Wall((x0, y1), (x0, y0)),
    }
    for side, wall in walls.items():
        wall.panel(stage, 0, wall.length, 0, height, 0.0, _wall_surface(stage, wall, colour))
        if side not in faces:
            continue
        if side in shops:
            bays = max(1, round(wall.length / 5.5))
            for i in range(bays):
                shop_front(
                    stage,
                    wall,
                    wall.length * i / bays,
                    wall.length * (i + 1) / bays,
                    night,
                    open_share,
                    shutter,
                )
            if floors > 1 and stage.random.random() < 0.8 and hanging:
                hanging_sign(
                    stage,
                    wall,
                    stage.random.uniform(0.6, min(3.0, wall.length - 0.5)),
                    first + 0.4,
                    night and stage.random.random() < 0.6,
                )
        wide = stage.random.uniform(1.2, 1.9)
        count = max(1, int(wall.length / (wide + 1.1)))
        for floor in range(1 if side in shops else 0, floors):
            z = (first if floor else 0) + storey * max(0, floor - 1) + 0.95
            for i in range(count):
                s = wall.length * (i + 0.5) / count - wide / 2
                window(stage, wall, s, z, wide, 1.35, lit, night)
        if shops and side in shops and floors > 2 and stage.random.random() < 0.7:
            s0 = stage.random.uniform(0.3, wall.length * 0.3)
            sign_board(
                stage,
                wall,
                s0,
                s0 + min(4.5, wall.length * 0.6),
                first + storey - 0.72,
                0.66,
                night and stage.random.random() < 0.5,
            )
    roof = m.worn((0.22, 0.24, 0.22), 0.9)
    stage.floor(x0, y0, x1, y1, height, roof)
    edge = m.plain(tuple(c * 0.8 for c in colour), 0.8)
    for ax, ay, bx, by in (
        (x0, y0, x1, y0 + 0.2),
        (x0, y1 - 0.2, x1, y1),
        (x0, y0, x0 + 0.2, y1),
        (x1 - 0.2, y0, x1, y1),
    ):
        stage.box(ax, ay, height - 0.05, bx, by, height + 0.7, edge)
    if stage.random.random() < 0.6:
        cx, cy = stage.random.uniform(x0 + 1.5, x1 - 1.5), stage.random.uniform(y0 + 1.5, y1 - 1.5)
        stage.tube(
            (cx, cy, height),
            (cx, cy, height + 1.8),
            0.9,
            m.plain((0.08, 0.2, 0.42) if stage.random.random() < 0.5 else (0.5, 0.5, 0.5), 0.5),
        )


def row(
    stage: Stage, x0, x1, y0, y1, *, faces, shops="", night=False, floors=(2, 5), width=(8, 13), **options
) -> None:
    """Houses side by side along Y between x0 and x1."""
    y = y0
    while y < y1 - 3:
        deep = float(stage.random.uniform(*width))
        building(
            stage,
            x0,
            y,
            x1,
            min(y + deep, y1),
            int(stage.random.integers(floors[0], floors[1] + 1)),
            faces=faces,
            shops=shops,
            night=night,
            **options,
        )
        y += deep + (0.0 if stage.random.random() < 0.6 else float(stage.random.uniform(0.6, 1.6)))
