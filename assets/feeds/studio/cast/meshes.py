"""Triangle heaps: positions, normals, and per-triangle colour, gloss and glow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

GLOW_HEAD, GLOW_TAIL, GLOW_BRAKE, GLOW_CABIN, GLOW_BLUE = 1.0, 2.0, 3.0, 4.0, 5.0


@dataclass
class Mesh:
    """verts, normals (N,3); tris (M,3) int; colours (M,3) linear; gloss (M,) 0..1; glow (M,) lamp kind."""

    verts: np.ndarray
    normals: np.ndarray
    tris: np.ndarray
    colours: np.ndarray
    gloss: np.ndarray
    glow: np.ndarray

    def placed(self, x: float, y: float, z: float, heading: float, tilt: float = 0.0) -> Mesh:
        """The mesh turned to a heading (radians from +X), tilted sideways, and put at a place."""
        c, s = np.cos(heading), np.sin(heading)
        turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
        if tilt:
            ct, st = np.cos(tilt), np.sin(tilt)
            turn = turn @ np.array([[1.0, 0, 0], [0, ct, -st], [0, st, ct]])
        return Mesh(
            self.verts @ turn.T + (x, y, z),
            self.normals @ turn.T,
            self.tris,
            self.colours,
            self.gloss,
            self.glow,
        )


class Heap:
    """Collects flat and smooth pieces into one mesh."""

    def __init__(self) -> None:
        self._parts: list[tuple] = []

    def add(self, verts, tris, colour, gloss=0.0, glow=0.0, smooth=False) -> None:
        verts, tris = np.asarray(verts, float), np.asarray(tris, int)
        if not smooth:
            verts = verts[tris].reshape(-1, 3)
            tris = np.arange(len(verts)).reshape(-1, 3)
        face = np.cross(verts[tris[:, 1]] - verts[tris[:, 0]], verts[tris[:, 2]] - verts[tris[:, 0]])
        normals = np.zeros_like(verts)
        for k in range(3):
            np.add.at(normals, tris[:, k], face)
        normals /= np.maximum(1e-12, np.linalg.norm(normals, axis=1, keepdims=True))
        n = len(tris)
        self._parts.append(
            (verts, normals, tris, np.tile(colour, (n, 1)), np.full(n, gloss), np.full(n, glow))
        )

    def quad(self, a, b, c, d, colour, gloss=0.0, glow=0.0) -> None:
        self.add((a, b, c, d), ((0, 1, 2), (0, 2, 3)), colour, gloss, glow)

    def box(self, lo, hi, colour, gloss=0.0, glow=0.0) -> None:
        (x0, y0, z0), (x1, y1, z1) = lo, hi
        p = [(x, y, z) for z in (z0, z1) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
        quads = ((3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7))
        self.add(p, [t for q in quads for t in ((q[0], q[1], q[2]), (q[0], q[2], q[3]))], colour, gloss, glow)

    def loft(self, rings, colour, gloss=0.0, caps=True, closed=True, smooth=True) -> None:
        """Skin over rings of equal point counts, in order."""
        rings = np.asarray(rings, float)
        count, sides = rings.shape[:2]
        tris = []
        for i in range(count - 1):
            for j in range(sides if closed else sides - 1):
                a, b = i * sides + j, i * sides + (j + 1) % sides
                tris += [(a, b, b + sides), (a, b + sides, a + sides)]
        self.add(rings.reshape(-1, 3), tris, colour, gloss, smooth=smooth)
        if caps:
            for ring, order in ((rings[0], -1), (rings[-1], 1)):
                fan = np.vstack([ring.mean(axis=0), ring])
                turn = [(0, 1 + j, 1 + (j + 1) % sides)[::order] for j in range(sides)]
                self.add(fan, turn, colour, gloss)

    def disc_wheel(self, x, y, radius, width) -> None:
        """A tyre with a rim, its axle along Y."""
        turn = np.linspace(0, 2 * np.pi, 15)[:-1]
        ring = np.stack([x + radius * np.cos(turn), np.zeros(14), radius + radius * np.sin(turn)], axis=1)
        self.loft(
            [ring + np.array((0, y - width / 2, 0)), ring + np.array((0, y + width / 2, 0))],
            (0.02, 0.02, 0.022),
        )
        side = np.sign(y) or 1.0
        rim = np.stack(
            [
                x + radius * 0.62 * np.cos(turn),
                np.full(14, y + side * (width / 2 + 0.01)),
                radius + radius * 0.62 * np.sin(turn),
            ],
            axis=1,
        )
        fan = np.vstack([rim.mean(axis=0), rim])
        self.add(fan, [(0, 1 + j, 1 + (j + 1) % 14) for j in range(14)], (0.30, 0.30, 0.32), 0.5)

    def mesh(self) -> Mesh:
        offset, parts = 0, []
        for verts, normals, tris, colours, gloss, glow in self._parts:
            parts.append((verts, normals, tris + offset, colours, gloss, glow))
            offset += len(verts)
        return Mesh(*(np.concatenate(column) for column in zip(*parts, strict=False)))
