"""Puts the cast into the plate for one moment: light, shadows, head lamps, and who is seen where."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from ..cast.meshes import GLOW_BLUE, GLOW_BRAKE, GLOW_CABIN, GLOW_HEAD, GLOW_TAIL
from ..cast.motion import Seen
from . import raster
from .plate_view import SS, H, Plate, W

CELL = 0.06  # metres a cell of the ground grid
GRID_X, GRID_Y = (-24.0, 24.0), (-6.0, 66.0)


@dataclass
class Moment:
    """Light at one moment: weights by layer name, extra light added on surfaces (H,W,3) or None."""

    weights: dict[str, float] = field(default_factory=dict)
    extra_light: np.ndarray | None = None


@dataclass
class Look:
    """How actors are lit here. sun: direction to it or None; then each actor's nearest lamp counts."""

    sun: tuple | None = None
    sun_layer: str = "sun"
    direct: float = 0.6  # share of direct light on an actor, and depth of its shadow at night
    contact: float = 0.55
    glow: float = 1.0  # scale of lamp glow against the exposure


class Compositor:
    def __init__(self, plate: Plate, look: Look, ground=None) -> None:
        self.plate, self.look, self.ground_z = plate, look, ground
        h2, w2 = H * SS, W * SS
        self._inv, self._owner = np.zeros((h2, w2), np.float32), np.full((h2, w2), -1, np.int32)
        self._normal = np.zeros((h2, w2, 3), np.float32)
        self.top_thing = np.full((h2, w2), -1, np.int32)
        self._out, self._cover = np.zeros((H, W, 3), np.float32), np.zeros((H, W), np.float32)
        self._grid_shape = (int((GRID_Y[1] - GRID_Y[0]) / CELL), int((GRID_X[1] - GRID_X[0]) / CELL))
        world = plate.world
        self._map_x = ((world[..., 0] - GRID_X[0]) / CELL - 0.5).astype(np.float32)
        self._map_y = ((world[..., 1] - GRID_Y[0]) / CELL - 0.5).astype(np.float32)
        near_ground = world[..., 2] < 0.6 if ground is None else np.ones((H, W), bool)
        self._takes_shadow = (plate.ground * near_ground).astype(np.float32)
        self._rays = plate.rays.astype(np.float32)
        self.beam_gain = 1.0  # set to 1 / exposure, so that head lamps look alike in every light

    def plate_under(self, moment: Moment) -> np.ndarray:
        total = np.zeros((H, W, 3), np.float32)
        for name, layer in self.plate.layers.items():
            weight = moment.weights.get(name, 1.0)
            if weight:
                total += layer * weight
        if moment.extra_light is not None:
            total += self.plate.albedo * moment.extra_light
        return total

    def compose(self, seen: list[tuple[int, Seen]], moment: Moment) -> np.ndarray:
        """The linear picture (H,W,3) with everyone in it; `top_thing` tells which entry a sample shows."""
        plate, look = self.plate, self.look
        lit, toward = self._light_on(seen, moment)
        shadow, contact = np.zeros(self._grid_shape, np.float32), np.zeros(self._grid_shape, np.float32)
        raster.clear(self._inv, self._owner)
        parts, base = [], 0
        for index, (_, one) in enumerate(seen):
            mesh = one.mesh
            points = plate.camera.project(mesh.verts, SS).astype(np.float64)
            parts.append(
                (
                    points,
                    mesh.normals,
                    mesh.tris + base,
                    np.full(len(mesh.tris), index),
                    mesh.colours,
                    mesh.gloss,
                    self._emit(one),
                )
            )
            base += len(points)
            self._footprint(one, toward[index], shadow, contact)
        if parts:
            points, normals, tris, owner_of, colours, gloss, emit = (
                np.concatenate(column) for column in zip(*parts, strict=False)
            )
            raster.draw(points, normals, tris, self._inv, self._owner, self._normal)
            raster.resolve(
                self._inv,
                self._owner,
                self._normal,
                plate.inv_depth2,
                owner_of.astype(np.int32),
                colours.astype(np.float32),
                gloss.astype(np.float32),
                emit.astype(np.float32),
                lit,
                toward,
                np.full(len(seen), look.direct, np.float32),
                self._rays,
                self._out,
                self._cover,
                self.top_thing,
            )
        else:
            self._out[:], self._cover[:] = 0, 0
            self.top_thing[:] = -1
        beams = self._beams(seen)
        if beams is not None:
            moment = Moment(
                moment.weights, beams if moment.extra_light is None else moment.extra_light + beams
            )
        picture = self.plate_under(moment)
        dark = self._on_screen(cv2.GaussianBlur(shadow, (0, 0), 0.9))
        wide = cv2.blur(cv2.blur(contact, (17, 17)), (17, 17))
        near = self._on_screen(np.maximum(cv2.blur(cv2.blur(contact, (7, 7)), (7, 7)), 0.8 * wide))
        if look.sun is not None:
            picture -= (
                plate.layers[look.sun_layer] * (dark * moment.weights.get(look.sun_layer, 1.0))[..., None]
            )
        else:
            picture *= (1 - look.direct * 0.75 * dark)[..., None]
        picture *= (1 - look.contact * np.minimum(1.0, near * 1.3))[..., None]
        return picture * (1 - self._cover[..., None]) + self._out

    def _on_screen(self, grid):
        return (
            cv2.remap(
                grid,
                self._map_x,
                self._map_y,
                cv2.INTER_LINEAR,
                borderMode=cv2.BORDER_CONSTANT,
                borderValue=0,
            )
            * self._takes_shadow
        )

    def _footprint(self, one: Seen, toward, shadow, contact) -> None:
        verts, tris = one.mesh.verts, one.mesh.tris
        up = np.maximum(0.0, verts[:, 2] - one.z)
        for grid, shift in ((shadow, toward[:2] / max(0.2, toward[2])), (contact, (0.0, 0.0))):
            xy = np.stack(
                [
                    (verts[:, 0] - up * shift[0] - GRID_X[0]) / CELL,
                    (verts[:, 1] - up * shift[1] - GRID_Y[0]) / CELL,
                ],
                axis=1,
            )
            low = tris if grid is shadow else tris[(up[tris].min(axis=1) < 0.85)]
            raster.stamp(xy, low, grid)

    def _light_on(self, seen, moment: Moment):
        count, look = len(seen), self.look
        lit, toward = np.zeros((max(1, count), 3), np.float32), np.zeros((max(1, count), 3), np.float32)
        for i, (_, one) in enumerate(seen):
            x, y, _ = self.plate.camera.project([(one.x, one.y, one.z)])[0]
            px, py = int(min(W - 1, max(0, x))), int(min(H - 1, max(0, y)))
            for name, light in self.plate.light.items():
                lit[i] += light[py, px] * moment.weights.get(name, 1.0)
            if (
                moment.extra_light is not None
            ):  # of the ground only: what hangs before a place is lit otherwise
                patch = np.s_[max(0, py - 4) : py + 3, max(0, px - 3) : px + 4]
                weight = self.plate.ground[patch] * (self.plate.world[patch][..., 2] < 0.6)
                total = (moment.extra_light[patch] * weight[..., None]).sum(axis=(0, 1))
                lit[i] += total / max(1.0, float(weight.sum()))
            if look.sun is not None:
                toward[i] = np.asarray(look.sun) / np.linalg.norm(look.sun)
                continue
            best, best_power = (0.0, 0.0, 1.0), -1.0
            for lamp in self.plate.lamps:
                if lamp["kind"] == "SUN" or moment.weights.get(lamp["group"], 1.0) < 0.05:
                    continue
                d = np.asarray(lamp["position"]) - (one.x, one.y, one.z + 0.9)
                power = max(0.05, d[2]) / (d @ d) ** 1.5
                if power > best_power:
                    best, best_power = d / np.linalg.norm(d), power
            toward[i] = best
        return lit, toward

    def _emit(self, one: Seen):
        mesh, k = one.mesh, self.look.glow
        emit = np.zeros((len(mesh.tris), 3))
        if one.lamps_on:
            emit[mesh.glow == GLOW_HEAD] = np.array((5.0, 4.7, 4.0)) * k
            emit[mesh.glow == GLOW_TAIL] = np.array((0.55, 0.02, 0.012)) * k
            emit[mesh.glow == GLOW_CABIN] = np.array((0.55, 0.48, 0.34)) * k
        if one.braking:
            emit[(mesh.glow == GLOW_TAIL) | (mesh.glow == GLOW_BRAKE)] = np.array((1.7, 0.05, 0.03)) * max(
                k, 0.5
            )
        emit[mesh.glow == GLOW_BLUE] = np.array((0.1, 0.3, 3.0)) * k
        return emit

    def _beams(self, seen):
        """Light that head lamps throw on what lies before them, (H,W,3), or None."""
        total = None
        world, normal = self.plate.world, self.plate.normal
        for _, one in seen:
            if not one.beam:
                continue
            c, s = np.cos(one.heading), np.sin(one.heading)
            dx, dy = world[..., 0] - one.x, world[..., 1] - one.y
            along, across = dx * c + dy * s - 2.2, -dx * s + dy * c
            reach = np.clip(along, 0.3, 60)
            wide = 0.75 + 0.24 * reach
            spread = np.exp(-0.5 * ((across - 0.6) / wide) ** 2) + np.exp(-0.5 * ((across + 0.6) / wide) ** 2)
            strength = (
                self.beam_gain
                * one.beam
                * spread
                * (along > 0)
                * (1 - np.exp(-np.maximum(along, 0) / 1.5))
                / (1 + (reach / 7.0) ** 2)
                / wide
            )
            height = world[..., 2] - one.z
            strength *= np.clip(1.4 - height * 0.8, 0, 1) * (self.plate.sky < 0.5)
            facing = np.maximum(0.9 * normal[..., 2], -(normal[..., 0] * c + normal[..., 1] * s))
            beam = (strength * facing)[..., None].astype(np.float32) * np.array((1.0, 0.94, 0.82), np.float32)
            total = beam if total is None else total + beam
        return total

    def boxes(
        self, seen: list[tuple[int, Seen]], least: int = 48
    ) -> list[tuple[int, float, float, float, float]]:
        """(object number, x, y, w, h) in picture pixels of what can be seen of everyone."""
        found = []
        for index, (number, one) in enumerate(seen):
            points = self.plate.camera.project(one.mesh.verts, SS)
            ahead = points[:, 2] > 0
            if not ahead.any():
                continue
            x0, x1 = int(max(0, points[ahead, 0].min())), int(min(W * SS, points[ahead, 0].max() + 2))
            y0, y1 = int(max(0, points[ahead, 1].min())), int(min(H * SS, points[ahead, 1].max() + 2))
            if x1 <= x0 or y1 <= y0:
                continue
            mine = self.top_thing[y0:y1, x0:x1] == index
            if mine.sum() < least:
                continue
            rows, columns = np.flatnonzero(mine.any(axis=1)), np.flatnonzero(mine.any(axis=0))
            bx, by = (x0 + columns[0]) / SS, (y0 + rows[0]) / SS
            bw, bh = (columns[-1] - columns[0] + 1) / SS, (rows[-1] - rows[0] + 1) / SS
            found.append((number, bx, by, bw, bh))
        return found
