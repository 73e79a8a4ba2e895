"""Skies and suns shared by the places, and parked cars."""

from __future__ import annotations

from ..cast.vehicles import vehicle

DAY = {"horizon": (0.80, 0.88, 1.0), "zenith": (0.22, 0.42, 0.85), "strength": 0.9}
OVERCAST = {"horizon": (0.75, 0.78, 0.82), "zenith": (0.62, 0.66, 0.72), "strength": 0.8}
RAIN = {"horizon": (0.42, 0.46, 0.50), "zenith": (0.50, 0.54, 0.58), "strength": 0.55}
DUSK = {"horizon": (0.62, 0.40, 0.34), "zenith": (0.13, 0.18, 0.36), "strength": 0.30}
LATE_DUSK = {"horizon": (0.26, 0.17, 0.18), "zenith": (0.05, 0.08, 0.17), "strength": 0.22}
NIGHT = {"horizon": (0.05, 0.04, 0.035), "zenith": (0.012, 0.014, 0.022), "strength": 0.35}
DARK = {"horizon": (0.02, 0.02, 0.02), "zenith": (0.02, 0.02, 0.02), "strength": 0.35}


def sun(stage, direction_to_sun, energy=3.6, colour=(1.0, 0.93, 0.82), soft=0.015) -> None:
    x, y, z = (c * 100 for c in direction_to_sun)
    stage.light("SUN", (x, y, z), energy, colour, "sun", (0, 0, 0), soft)


def parked(stage, kind, paint, x, y, heading, z=0.0) -> None:
    mesh = vehicle(kind, paint).placed(x, y, z, heading)
    stage.mesh(mesh.verts, mesh.tris, mesh.colours, mesh.gloss, mesh.glow)
