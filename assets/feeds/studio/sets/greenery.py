"""Trees, hedges, grass edges: a trunk and a crown of many small leaf faces."""

from __future__ import annotations

import numpy as np

from . import materials as m
from .stage import Stage

LEAF = {
    "green": (0.085, 0.16, 0.04),
    "ginkgo": (0.42, 0.30, 0.03),
    "pine": (0.035, 0.085, 0.035),
    "young": (0.14, 0.24, 0.05),
}


def _leaves(stage: Stage, centre, radii, count, size, kind) -> None:
    r = stage.random
    base = LEAF[kind]
    shades = [m.plain(tuple(min(1, c * k) for c in base), 0.7, 0.2) for k in (0.55, 0.8, 1.0, 1.3)]
    blobs = r.normal(size=(9, 3)) * 0.42
    which = r.integers(len(blobs), size=count)
    directions = r.normal(size=(count, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    points = (blobs[which] + directions * (0.55 * r.random((count, 1)) ** 0.4)) * np.asarray(
        radii
    ) + np.asarray(centre)
    turn_u = r.normal(size=(count, 3))
    turn_u /= np.linalg.norm(turn_u, axis=1, keepdims=True)
    turn_v = np.cross(turn_u, directions)
    for k, shade in enumerate(shades):
        mine = np.flatnonzero(r.integers(len(shades), size=count) == k)
        u, v, p = turn_u[mine] * size, turn_v[mine] * size, points[mine]
        quads = np.stack([p - u - v, p + u - v, p + u + v, p - u + v], axis=1).reshape(-1, 3)
        stage.faces(quads, np.arange(len(quads)).reshape(-1, 4).tolist(), shade)


def tree(stage: Stage, x, y, height=6.5, kind="green", spread=2.0, z=0.0, leaves=2600) -> None:
    bark = m.worn((0.12, 0.085, 0.06), 0.95, 0.3, 3.0)
    lean = stage.random.normal(size=2) * 0.15
    fork = (x + lean[0], y + lean[1], z + height * 0.45)
    stage.tube((x, y, z), fork, 0.17, bark, 0.11)
    for _ in range(4):
        tip = (
            fork[0] + stage.random.normal() * spread * 0.35,
            fork[1] + stage.random.normal() * spread * 0.35,
            z + height * stage.random.uniform(0.65, 0.9),
        )
        stage.tube(fork, tip, 0.08, bark, 0.02, 6)
    _leaves(
        stage,
        (fork[0], fork[1], z + height * 0.72),
        (spread, spread, height * 0.30),
        int(leaves * 1.9),
        0.075,
        kind,
    )


def hedge(stage: Stage, x0, y0, x1, y1, height=0.8, z=0.0, kind="green") -> None:
    inner = m.plain(tuple(c * 0.4 for c in LEAF[kind]), 0.9)
    stage.box(x0 + 0.1, y0 + 0.1, z, x1 - 0.1, y1 - 0.1, z + height - 0.1, inner)
    count = int(140 * ((x1 - x0) * (y1 - y0) + 2 * height * ((x1 - x0) + (y1 - y0))) ** 0.95)
    r = stage.random
    points = np.stack(
        [r.uniform(x0, x1, count), r.uniform(y0, y1, count), z + height * r.random(count) ** 0.5], axis=1
    )
    side = r.integers(3, size=count)
    points[side == 0, 0] = np.where(r.random((side == 0).sum()) < 0.5, x0, x1)
    points[side == 1, 1] = np.where(r.random((side == 1).sum()) < 0.5, y0, y1)
    points[side == 2, 2] = z + height
    _scatter(stage, points + r.normal(size=points.shape) * 0.04, 0.06, kind)


def tufts(stage: Stage, x0, y0, x1, y1, count, z=0.0, size=0.028, kind="green", keep=None) -> None:
    """Loose blades over a lawn, so that grass does not look like paint; keep(x, y) says where lawn is."""
    r = stage.random
    points = np.stack(
        [r.uniform(x0, x1, count), r.uniform(y0, y1, count), z + r.random(count) * 0.07], axis=1
    )
    if keep is not None:
        points = points[[bool(keep(x, y)) for x, y, _ in points]]
    _scatter(stage, points, size, kind)


def reeds(stage: Stage, points_xy, z=0.0, height=1.3) -> None:
    r = stage.random
    for k, colour in enumerate(((0.22, 0.2, 0.08), (0.12, 0.17, 0.05), (0.28, 0.22, 0.12))):
        verts = []
        for x, y in points_xy[k::3]:
            h, bend = height * r.uniform(0.6, 1.2), r.normal(size=2) * 0.25
            verts += [(x - 0.02, y, z), (x + 0.02, y, z), (x + bend[0], y + bend[1], z + h)]
        stage.faces(verts, np.arange(len(verts)).reshape(-1, 3).tolist(), m.plain(colour, 0.8))


def _scatter(stage: Stage, points, size, kind) -> None:
    r = stage.random
    base = LEAF[kind]
    shade_of = r.integers(3, size=len(points))
    for k, factor in enumerate((0.6, 1.0, 1.35)):
        p = points[shade_of == k]
        u = r.normal(size=p.shape)
        v = r.normal(size=p.shape)
        u *= size / np.linalg.norm(u, axis=1, keepdims=True)
        v *= size / np.linalg.norm(v, axis=1, keepdims=True)
        quads = np.stack([p - u - v, p + u - v, p + u + v, p - u + v], axis=1).reshape(-1, 3)
        stage.faces(
            quads,
            np.arange(len(quads)).reshape(-1, 4).tolist(),
            m.plain(tuple(min(1, c * factor) for c in base), 0.8, 0.15),
        )
