"""The static set as one growing heap of faces: primitives that put boxes, tubes, quads, letters on it."""

from __future__ import annotations

import math

import bpy
import numpy as np

from . import materials as m

FONT = "/usr/share/fonts/truetype/nanum/NanumGothicBold.ttf"


class Stage:
    """Collects faces by material; `strike()` turns them into objects. World metres, Z up."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self._heaps: dict[bpy.types.Material, tuple[list, list]] = {}
        self._font = bpy.data.fonts.load(FONT)
        self.lamps: list[dict] = []

    def faces(self, points, faces, material) -> None:
        verts, polys = self._heaps.setdefault(material, ([], []))
        base = len(verts)
        verts.extend(tuple(float(c) for c in p) for p in points)
        polys.extend(tuple(base + i for i in f) for f in faces)

    def quad(self, a, b, c, d, material) -> None:
        self.faces((a, b, c, d), ((0, 1, 2, 3),), material)

    def floor(self, x0, y0, x1, y1, z, material) -> None:
        self.quad((x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z), material)

    def poly(self, points_xy, z, material) -> None:
        self.faces([(x, y, z) for x, y in points_xy], [tuple(range(len(points_xy)))], material)

    def box(self, x0, y0, z0, x1, y1, z1, material) -> None:
        p = [(x, y, z) for z in (z0, z1) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
        self.faces(
            p, ((3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)), material
        )

    def turned_box(self, cx, cy, z0, sx, sy, sz, angle, material) -> None:
        c, s = math.cos(angle), math.sin(angle)
        p = []
        for z in (z0, z0 + sz):
            for ux, uy in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
                p.append((cx + ux * sx * c - uy * sy * s, cy + ux * sx * s + uy * sy * c, z))
        self.faces(
            p, ((3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)), material
        )

    def tube(self, p0, p1, r0, material, r1=None, sides: int = 10) -> None:
        p0, p1 = np.asarray(p0, float), np.asarray(p1, float)
        r1 = r0 if r1 is None else r1
        axis = (p1 - p0) / max(1e-9, np.linalg.norm(p1 - p0))
        ref = np.array((1.0, 0, 0)) if abs(axis[0]) < 0.9 else np.array((0, 1.0, 0))
        u = np.cross(axis, ref)
        u /= np.linalg.norm(u)
        v = np.cross(axis, u)
        ring = [
            math.cos(2 * math.pi * i / sides) * u + math.sin(2 * math.pi * i / sides) * v
            for i in range(sides)
        ]
        points = [p0 + r * r0 for r in ring] + [p1 + r * r1 for r in ring]
        faces = [(i, (i + 1) % sides, sides + (i + 1) % sides, sides + i) for i in range(sides)]
        faces += [tuple(range(sides))[::-1], tuple(range(sides, 2 * sides))]
        self.faces(points, faces, material)

    def ball(self, centre, radii, material, bumps: float = 0.0, rings: int = 8, sides: int = 12) -> None:
        points, faces = [], []
        for i in range(rings + 1):
            polar = math.pi * i / rings
            for j in range(sides):
                turn = 2 * math.pi * j / sides
                k = 1 + bumps * self.random.normal() * (0 < i < rings)
                points.append(
                    (
                        centre[0] + radii[0] * k * math.sin(polar) * math.cos(turn),
                        centre[1] + radii[1] * k * math.sin(polar) * math.sin(turn),
                        centre[2] + radii[2] * k * math.cos(polar),
                    )
                )
        for i in range(rings):
            for j in range(sides):
                a, b = i * sides + j, i * sides + (j + 1) % sides
                faces.append((a, a + sides, b + sides, b))
        self.faces(points, faces, material)

    def mesh(self, verts, tris, colours, gloss, glow) -> None:
        """A cast mesh (a parked car): triangles with a colour, a gloss and a glow each."""
        palette = np.round(np.concatenate([colours, gloss[:, None], glow[:, None]], axis=1), 3)
        for row in np.unique(palette, axis=0):
            mine = (palette == row).all(axis=1)
            used, index = np.unique(tris[mine], return_inverse=True)
            shade = tuple(row[:3])
            surface = m.plain(shade, 0.25 if row[3] > 0.3 else 0.75, 0.3 + 0.5 * row[3])
            self.faces(verts[used], index.reshape(-1, 3).tolist(), surface)

    def letters(
        self, text, centre, height, yaw, material, pitch: float = math.pi / 2, depth: float = 0.02
    ) -> None:
        """Text centred at a point, standing upright; yaw turns it about Z (0: read from -Y looking to +Y)."""
        curve = bpy.data.curves.new("letters", "FONT")
        curve.body, curve.font, curve.size = text, self._font, height
        curve.align_x, curve.align_y, curve.extrude = "CENTER", "CENTER", depth
        curve.materials.append(material)
        thing = bpy.data.objects.new("letters", curve)
        thing.location, thing.rotation_euler = centre, (pitch, 0, yaw)
        bpy.context.scene.collection.objects.link(thing)
        thing.lightgroup = "ambient"

    def light(
        self,
        kind,
        position,
        energy,
        colour=(1, 1, 1),
        group="ambient",
        target=None,
        size=0.25,
        spot=1.2,
        blend=0.6,
    ) -> None:
        """A lamp in a light group; kinds as Blender names them. Energy in watts (SUN: W/m2)."""
        lamp = bpy.data.lights.new("lamp", kind)
        lamp.energy, lamp.color = energy, colour
        if kind == "SPOT":
            lamp.spot_size, lamp.spot_blend, lamp.shadow_soft_size = spot, blend, size
        elif kind == "SUN":
            lamp.angle = size
        elif kind == "AREA":
            lamp.size = size
        else:
            lamp.shadow_soft_size = size
        thing = bpy.data.objects.new("lamp", lamp)
        thing.location = position
        if target is not None:
            from mathutils import Vector

            thing.rotation_euler = (Vector(target) - Vector(position)).to_track_quat("-Z", "Y").to_euler()
        bpy.context.scene.collection.objects.link(thing)
        thing.lightgroup = group
        self.lamps.append({"group": group, "position": list(position), "kind": kind})

    def strike(self) -> None:
        """Turn the heaps into mesh objects (identity transforms, so object coordinates are world metres)."""
        for material, (verts, polys) in self._heaps.items():
            mesh = bpy.data.meshes.new("set")
            mesh.from_pydata(verts, [], polys)
            mesh.materials.append(material)
            mesh.update()
            thing = bpy.data.objects.new("set", mesh)
            thing.lightgroup = "ambient"
            bpy.context.scene.collection.objects.link(thing)
        self._heaps.clear()
