"""A bicycle and a delivery scooter as meshes, without their riders. X forward, Z up, origin on the ground."""

from __future__ import annotations

import functools
import itertools

import numpy as np

from .meshes import GLOW_HEAD, GLOW_TAIL, Heap, Mesh
from .vehicles import PAINTS, TRIM


@functools.cache
def two_wheeler(kind: str, paint: str) -> Mesh:
    """A bicycle or a delivery scooter without its rider."""
    heap, colour = Heap(), PAINTS[paint]

    def bar(a, b, r, tone=colour):
        a, b = np.asarray(a, float), np.asarray(b, float)
        axis = (b - a) / np.linalg.norm(b - a)
        u = np.cross(axis, (0.3, 0.9, 0.31))
        u /= np.linalg.norm(u)
        v = np.cross(axis, u)
        ring = [np.cos(t) * u * r + np.sin(t) * v * r for t in np.linspace(0, 2 * np.pi, 7)[:-1]]
        heap.loft([[a + p for p in ring], [b + p for p in ring]], tone, 0.4)

    if kind == "bicycle":
        for x in (-0.52, 0.54):
            turn = np.linspace(0, 2 * np.pi, 17)
            for t0, t1 in itertools.pairwise(turn):
                bar(
                    (x + 0.34 * np.cos(t0), 0, 0.35 + 0.34 * np.sin(t0)),
                    (x + 0.34 * np.cos(t1), 0, 0.35 + 0.34 * np.sin(t1)),
                    0.025,
                    TRIM,
                )
        for a, b in (
            ((-0.52, 0, 0.35), (-0.08, 0, 0.32)),
            ((-0.08, 0, 0.32), (-0.2, 0, 0.88)),
            ((-0.52, 0, 0.35), (-0.17, 0, 0.75)),
            ((-0.08, 0, 0.32), (0.38, 0, 0.78)),
            ((-0.17, 0, 0.75), (0.38, 0, 0.82)),
            ((0.54, 0, 0.35), (0.36, 0, 0.98)),
            ((0.36, -0.26, 1.0), (0.36, 0.26, 1.0)),
        ):
            bar(a, b, 0.025)
        heap.box((-0.32, -0.08, 0.87), (-0.08, 0.08, 0.93), TRIM)
        return heap.mesh()
    for x in (-0.55, 0.62):
        heap.disc_wheel(x, 0.0, 0.24, 0.12)
    heap.loft(
        [
            [(x, -w, z0), (x, w, z0), (x, w * 0.9, z1), (x, -w * 0.9, z1)]
            for x, w, z0, z1 in (
                (-0.75, 0.12, 0.45, 0.70),
                (-0.45, 0.17, 0.28, 0.76),
                (0.0, 0.16, 0.26, 0.62),
                (0.12, 0.16, 0.25, 0.34),
            )
        ],
        colour,
        0.6,
        smooth=False,
    )
    heap.loft(
        [
            [(x, -w, z0), (x, w, z0), (x + dx, w, z1), (x + dx, -w, z1)]
            for x, w, z0, z1, dx in ((0.34, 0.2, 0.28, 0.95, -0.1), (0.50, 0.16, 0.30, 0.95, -0.1))
        ],
        colour,
        0.6,
        smooth=False,
    )
    heap.box((0.30, -0.32, 0.96), (0.38, 0.32, 1.02), TRIM)
    heap.box((-0.95, -0.24, 0.74), (-0.50, 0.24, 1.22), (0.5, 0.05, 0.03), 0.3)
    heap.box((0.46, -0.08, 0.76), (0.53, 0.08, 0.90), (0.75, 0.75, 0.72), 0.8, GLOW_HEAD)
    heap.box((-0.80, -0.06, 0.55), (-0.74, 0.06, 0.64), (0.32, 0.01, 0.01), 0.5, GLOW_TAIL)
    return heap.mesh()
