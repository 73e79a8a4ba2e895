"""Vehicles as meshes: saloon, SUV, van, small truck, bus. X forward, Z up, origin on the ground."""

from __future__ import annotations

import functools

import numpy as np

from .meshes import GLOW_BRAKE, GLOW_CABIN, GLOW_HEAD, GLOW_TAIL, Heap, Mesh

GLASS = (0.018, 0.022, 0.028)
TRIM = (0.03, 0.03, 0.032)

PAINTS = {
    "white": (0.62, 0.63, 0.63),
    "silver": (0.36, 0.37, 0.38),
    "black": (0.018, 0.018, 0.02),
    "grey": (0.13, 0.135, 0.14),
    "blue": (0.03, 0.08, 0.28),
    "red": (0.38, 0.02, 0.02),
    "taxi": (0.72, 0.24, 0.02),
    "green": (0.02, 0.26, 0.10),
    "beige": (0.45, 0.38, 0.27),
    "navy": (0.015, 0.03, 0.09),
    "yellow": (0.72, 0.46, 0.02),
}

# Body shape: station x, half width, underside z, shoulder z.
# Cabin: (rear foot, rear roof, front roof, front foot) x, roof z.
SHAPES = {
    "saloon": {
        "stations": (
            (-2.30, 0.66, 0.42, 0.72),
            (-2.24, 0.78, 0.30, 0.90),
            (-1.75, 0.88, 0.22, 0.96),
            (-0.6, 0.91, 0.20, 0.93),
            (0.5, 0.91, 0.20, 0.92),
            (1.2, 0.90, 0.20, 0.90),
            (1.75, 0.87, 0.22, 0.80),
            (2.15, 0.78, 0.28, 0.70),
            (2.28, 0.60, 0.38, 0.60),
        ),
        "cabin": (-1.75, -0.95, 0.20, 1.15),
        "roof": 1.46,
        "wheels": (-1.38, 1.40),
        "radius": 0.33,
    },
    "suv": {
        "stations": (
            (-2.25, 0.74, 0.45, 0.95),
            (-2.20, 0.86, 0.34, 1.08),
            (-1.6, 0.92, 0.28, 1.10),
            (-0.4, 0.94, 0.26, 1.06),
            (0.7, 0.94, 0.26, 1.05),
            (1.3, 0.92, 0.26, 1.03),
            (1.85, 0.88, 0.30, 0.97),
            (2.18, 0.80, 0.36, 0.86),
            (2.26, 0.66, 0.46, 0.70),
        ),
        "cabin": (-2.10, -1.75, 0.35, 1.10),
        "roof": 1.70,
        "wheels": (-1.38, 1.40),
        "radius": 0.37,
    },
    "van": {
        "stations": (
            (-2.50, 0.84, 0.40, 1.15),
            (-2.46, 0.92, 0.32, 1.22),
            (-1.5, 0.95, 0.28, 1.22),
            (0.0, 0.95, 0.28, 1.20),
            (1.2, 0.94, 0.28, 1.16),
            (1.9, 0.90, 0.30, 1.08),
            (2.35, 0.82, 0.36, 0.92),
            (2.45, 0.68, 0.44, 0.72),
        ),
        "cabin": (-2.42, -2.28, 1.00, 1.85),
        "roof": 1.98,
        "wheels": (-1.55, 1.55),
        "radius": 0.35,
    },
}


def _section(x, half, low, high):
    """A body cross-section: sill, bulge, shoulder; ten points anticlockwise seen from the front."""
    bulge = low + (high - low) * 0.55
    right = [(0.80, low), (0.97, low + 0.10), (1.0, bulge), (0.95, high - 0.04), (0.82, high)]
    points = [(x, -half * k, z) for k, z in right] + [(x, half * k, z) for k, z in right[::-1]]
    return points


def _car(shape: str, paint, taxi=False) -> Mesh:
    spec, heap = SHAPES[shape], Heap()
    heap.loft([_section(*station) for station in spec["stations"]], paint, 0.7)
    rear_foot, rear_roof, front_roof, front_foot = spec["cabin"]
    stations = np.asarray(spec["stations"])

    def shoulder(x):
        return float(np.interp(x, stations[:, 0], stations[:, 3])), float(
            np.interp(x, stations[:, 0], stations[:, 1])
        ) * 0.90

    roof, narrow = spec["roof"], 0.80
    zf, wf = shoulder(front_foot)
    zr, wr = shoulder(rear_foot)
    zm, wm = shoulder((rear_roof + front_roof) / 2)
    foot = {
        s: [
            (rear_foot, s * wr, zr - 0.02),
            ((rear_roof + front_roof) / 2, s * wm, zm - 0.02),
            (front_foot, s * wf, zf - 0.02),
        ]
        for s in (-1, 1)
    }
    top_w = wm * narrow
    top = {s: [(rear_roof, s * top_w, roof - 0.05), (front_roof, s * top_w, roof - 0.05)] for s in (-1, 1)}
    heap.quad(foot[-1][2], foot[1][2], top[1][1], top[-1][1], GLASS, 0.9)  # windscreen
    heap.quad(foot[1][0], foot[-1][0], top[-1][0], top[1][0], GLASS, 0.9)  # rear window
    for s in (-1, 1):
        b0, bm, b1 = foot[s]
        t0, t1 = top[s]
        tm = ((t0[0] + t1[0]) / 2, t0[1], t0[2])
        for quad in ((b0, bm, tm, t0), (bm, b1, t1, tm)):
            heap.quad(*(quad if s < 0 else quad[::-1]), GLASS, 0.9)
        out = 0.012 * s
        for bx, tx, wide in ((bm, tm, 0.05), (b0, t0, 0.09), (b1, t1, 0.05)):  # pillars
            p = [
                (bx[0] - wide, bx[1] + out, bx[2]),
                (bx[0] + wide, bx[1] + out, bx[2]),
                (tx[0] + wide, tx[1] + out, tx[2]),
                (tx[0] - wide, tx[1] + out, tx[2]),
            ]
            heap.quad(*(p if s < 0 else p[::-1]), paint if wide > 0.06 else TRIM, 0.5)
    rings = []
    for k, dz in ((1.0, -0.05), (0.96, 0.0)):
        rings.append(
            [
                (rear_roof + 0.10 * (1 - k) * 5, -top_w * k, roof + dz),
                (front_roof - 0.10 * (1 - k) * 5, -top_w * k, roof + dz),
                (front_roof - 0.10 * (1 - k) * 5, top_w * k, roof + dz),
                (rear_roof + 0.10 * (1 - k) * 5, top_w * k, roof + dz),
            ]
        )
    heap.loft(rings, paint, 0.6, smooth=False)
    for x in spec["wheels"]:
        for s in (-1, 1):
            half = float(np.interp(x, stations[:, 0], stations[:, 1]))
            turn = np.linspace(0, np.pi, 9)
            arch = [
                (
                    x + (spec["radius"] + 0.07) * np.cos(a),
                    s * (half + 0.004),
                    spec["radius"] + (spec["radius"] + 0.07) * np.sin(a),
                )
                for a in turn
            ]
            heap.add(
                [(x, s * (half + 0.004), spec["radius"] * 0.7), *arch],
                [(0, 1 + i, 2 + i) for i in range(8)],
                TRIM,
            )
            heap.disc_wheel(x, s * (half - 0.09), spec["radius"], 0.2)
    nose, tail = stations[-1], stations[0]
    for s in (-1, 1):
        xf, xt = nose[0] - 0.02, tail[0] + 0.01
        zl = nose[3] + 0.02
        heap.box(
            (xf - 0.12, min(s * 0.42, s * 0.70), zl - 0.10),
            (xf + 0.035, max(s * 0.42, s * 0.70), zl + 0.05),
            (0.75, 0.75, 0.72),
            0.8,
            GLOW_HEAD,
        )
        zt = tail[3] - 0.02
        heap.box(
            (xt - 0.04, min(s * 0.46, s * 0.74), zt - 0.12),
            (xt + 0.10, max(s * 0.46, s * 0.74), zt + 0.06),
            (0.32, 0.01, 0.01),
            0.5,
            GLOW_TAIL,
        )
        heap.box(
            (front_foot - 0.28, min(s * wf * 1.02, s * (wf + 0.24)), zf + 0.02),
            (front_foot - 0.10, max(s * wf * 1.02, s * (wf + 0.24)), zf + 0.17),
            paint,
            0.5,
        )
    heap.box((nose[0] - 0.05, -0.36, nose[2] + 0.02), (nose[0] + 0.02, 0.36, nose[2] + 0.16), TRIM)
    heap.box((nose[0], -0.26, nose[2] + 0.05), (nose[0] + 0.03, 0.26, nose[2] + 0.15), (0.6, 0.6, 0.58))
    heap.box((tail[0] - 0.03, -0.26, tail[2] + 0.14), (tail[0], 0.26, tail[2] + 0.25), (0.6, 0.6, 0.58))
    heap.box(
        (tail[0] - 0.02, -0.30, tail[3] - 0.06),
        (tail[0] + 0.06, 0.30, tail[3] - 0.02),
        (0.2, 0.01, 0.01),
        0.3,
        GLOW_BRAKE,
    )
    if taxi:
        heap.box((-0.55, -0.30, roof), (-0.30, 0.30, roof + 0.16), (0.7, 0.66, 0.5), 0.2, GLOW_CABIN)
    return heap.mesh()


def _bus(paint) -> Mesh:
    heap, length, half = Heap(), 10.6, 1.24
    lower, roofed = (0.62, 0.62, 0.60), paint

    def ring(x, k):
        return [
            (x, -half * k, 0.34),
            (x, -half * k, 1.30),
            (x, -half * k * 0.985, 2.75),
            (x, -half * k * 0.86, 3.08),
            (x, half * k * 0.86, 3.08),
            (x, half * k * 0.985, 2.75),
            (x, half * k, 1.30),
            (x, half * k, 0.34),
        ]

    ends = length / 2
    heap.loft(
        [ring(-ends, 0.95), ring(-ends + 0.15, 1.0), ring(ends - 0.25, 1.0), ring(ends, 0.93)],
        roofed,
        0.5,
        smooth=False,
    )
    for s in (-1, 1):
        y = s * (half + 0.012)

        def strip(x0, x1, z0, z1, colour, gloss=0.9, glow=0.0, y=y, s=s):
            p = [(x0, y, z0), (x1, y, z0), (x1, y, z1), (x0, y, z1)]
            heap.quad(*(p if s < 0 else p[::-1]), colour, gloss, glow)

        strip(-ends + 0.2, ends - 0.3, 0.36, 0.72, lower, 0.3)
        for i in range(7):
            x = -ends + 0.55 + i * 1.36
            strip(x, x + 1.24, 1.32, 2.50, GLASS, 0.9, GLOW_CABIN)
        if s < 0:
            for x in (ends - 1.5, -0.4):
                strip(x, x + 1.1, 0.40, 2.5, TRIM, 0.8)
        for x in (-3.0, 2.9):
            heap.disc_wheel(x, s * (half - 0.10), 0.48, 0.3)
            turn = np.linspace(0, np.pi, 9)
            arch = [(x + 0.58 * np.cos(a), s * (half + 0.016), 0.48 + 0.58 * np.sin(a)) for a in turn]
            heap.add([(x, s * (half + 0.016), 0.34), *arch], [(0, 1 + i, 2 + i) for i in range(8)], TRIM)
    heap.quad(
        (ends + 0.012, -1.1, 1.15),
        (ends + 0.012, 1.1, 1.15),
        (ends + 0.005, 1.05, 2.55),
        (ends + 0.005, -1.05, 2.55),
        GLASS,
        0.9,
    )
    heap.box((ends, -0.8, 2.62), (ends + 0.03, 0.8, 2.92), (0.5, 0.32, 0.03), 0.2, GLOW_CABIN)
    heap.quad(
        (-ends - 0.01, 0.95, 1.5),
        (-ends - 0.01, -0.95, 1.5),
        (-ends - 0.01, -0.95, 2.5),
        (-ends - 0.01, 0.95, 2.5),
        GLASS,
        0.9,
    )
    for s in (-1, 1):
        heap.box(
            (ends - 0.05, min(s * 0.7, s * 1.1), 0.62),
            (ends + 0.04, max(s * 0.7, s * 1.1), 0.84),
            (0.75, 0.75, 0.72),
            0.8,
            GLOW_HEAD,
        )
        heap.box(
            (-ends - 0.03, min(s * 0.85, s * 1.12), 0.7),
            (-ends + 0.05, max(s * 0.85, s * 1.12), 1.1),
            (0.32, 0.01, 0.01),
            0.5,
            GLOW_TAIL,
        )
        heap.box(
            (ends - 0.2, min(s * 1.2, s * 1.5), 1.9), (ends + 0.15, max(s * 1.2, s * 1.5), 2.3), TRIM, 0.3
        )
    heap.box((-3.5, -0.8, 3.06), (-1.0, 0.8, 3.26), (0.5, 0.5, 0.5), 0.2)
    return heap.mesh()


def _truck(paint) -> Mesh:
    """A one-tonne cab-over with a flat bed and boxes on it."""
    heap = Heap()

    def ring(x, half, low, high, k):
        return [
            (x, -half, low),
            (x, -half, 1.05),
            (x, -half * k, high),
            (x, half * k, high),
            (x, half, 1.05),
            (x, half, low),
        ]

    heap.loft(
        [
            ring(0.85, 0.84, 0.40, 1.92, 0.92),
            ring(1.75, 0.86, 0.40, 1.95, 0.90),
            ring(2.40, 0.84, 0.42, 1.25, 0.95),
            ring(2.5, 0.80, 0.45, 1.05, 1.0),
        ],
        paint,
        0.5,
        smooth=False,
    )
    heap.quad((2.42, -0.76, 1.14), (2.42, 0.76, 1.14), (1.82, 0.70, 1.86), (1.82, -0.70, 1.86), GLASS, 0.9)
    for s in (-1, 1):
        p = [(1.0, s * 0.87, 1.1), (2.1, s * 0.87, 1.1), (1.78, s * 0.80, 1.8), (1.0, s * 0.80, 1.8)]
        heap.quad(*(p if s < 0 else p[::-1]), GLASS, 0.9)
        heap.box(
            (2.40, min(s * 0.5, s * 0.8), 0.68),
            (2.53, max(s * 0.5, s * 0.8), 0.86),
            (0.75, 0.75, 0.72),
            0.8,
            GLOW_HEAD,
        )
        heap.box(
            (-2.52, min(s * 0.6, s * 0.84), 0.62),
            (-2.44, max(s * 0.6, s * 0.84), 0.76),
            (0.32, 0.01, 0.01),
            0.5,
            GLOW_TAIL,
        )
        for x in (-1.35, 1.65):
            heap.disc_wheel(x, s * 0.74, 0.32, 0.22)
        heap.box((-2.5, min(s * 0.80, s * 0.85), 0.82), (0.75, max(s * 0.80, s * 0.85), 1.2), paint, 0.4)
    heap.box((-2.5, -0.82, 0.68), (0.78, 0.82, 0.82), (0.12, 0.12, 0.12))
    heap.box((-2.52, -0.82, 0.82), (-2.46, 0.82, 1.2), paint, 0.4)
    heap.box((-2.2, -0.7, 0.82), (-1.0, 0.3, 1.7), (0.40, 0.29, 0.17))
    heap.box((-0.9, -0.6, 0.82), (0.4, 0.7, 1.5), (0.30, 0.32, 0.30))
    return heap.mesh()


@functools.cache
def vehicle(kind: str, paint: str) -> Mesh:
    """The mesh of a vehicle kind (saloon, taxi, suv, van, truck, bus) in a named paint."""
    colour = PAINTS[paint]
    if kind == "bus":
        return _bus(colour)
    if kind == "truck":
        return _truck(colour)
    return _car("saloon" if kind == "taxi" else kind, colour, kind == "taxi")


LENGTHS = {"saloon": 4.6, "taxi": 4.6, "suv": 4.5, "van": 4.9, "truck": 5.0, "bus": 10.6}
