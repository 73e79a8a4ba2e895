"""The rendered plate as the compositor needs it: light layers, albedo, depth, the place of each pixel."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

os.environ.setdefault("OPENCV_IO_ENABLE_OPENEXR", "1")  # must be set before OpenCV loads its readers

import cv2
import numpy as np

from .raster import smooth_light

W, H, SS = 640, 360, 2


class Camera:
    """A pinhole looking from a position to a target; X right, Y forward, Z up in the world."""

    def __init__(self, position, target, hfov_deg: float) -> None:
        self.position = np.asarray(position, float)
        forward = np.asarray(target, float) - self.position
        self.forward = forward / np.linalg.norm(forward)
        right = np.cross(self.forward, (0, 0, 1.0))
        self.right = right / np.linalg.norm(right)
        self.up = np.cross(self.right, self.forward)
        self.focal = 0.5 * W / math.tan(math.radians(hfov_deg) / 2)

    def project(self, points, scale: float = 1.0):
        """World points (N,3) to (N,3): x, y in pixels (times scale) and 1/z, 0 where not in front."""
        d = np.asarray(points, float) - self.position
        z = d @ self.forward
        inv = np.where(z > 0.25, 1.0 / np.maximum(z, 0.25), 0.0)
        x = W / 2 + self.focal * (d @ self.right) * inv
        y = H / 2 - self.focal * (d @ self.up) * inv
        return np.stack([x * scale, y * scale, inv], axis=1)

    def rays(self, width: int = W, height: int = H):
        """(H,W,3) directions with unit forward part, and the same normalised."""
        k = W / width
        x = ((np.arange(width) + 0.5) * k - W / 2) / self.focal
        y = (H / 2 - (np.arange(height) + 0.5) * k) / self.focal
        flat = self.forward + x[None, :, None] * self.right + y[:, None, None] * self.up
        return flat, flat / np.linalg.norm(flat, axis=-1, keepdims=True)


def _exr(path: Path):
    picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise FileNotFoundError(f"{path}: not a readable float picture; render the plate first")
    return (
        picture[..., 2::-1].astype(np.float32)
        if picture.ndim == 3 and picture.shape[2] >= 3
        else picture.reshape(picture.shape[:2]).astype(np.float32)
    )


class Plate:
    """Everything known of the static scene, RGB linear, picture size unless a name says 2."""

    def __init__(self, folder: Path) -> None:
        facts = json.loads((folder / "plate.json").read_text())
        self.camera = Camera(**facts["camera"])
        self.lamps = facts["lamps"]
        depth = _exr(folder / "depth_0001.exr")
        depth2 = depth if depth.ndim == 2 else depth[..., 0]
        albedo = _exr(folder / "albedo_0001.exr")
        normal = _exr(folder / "normal_0001.exr")
        self.depth2 = np.minimum(depth2, 5000.0)
        self.inv_depth2 = (1.0 / self.depth2).astype(np.float32)
        small = lambda a: cv2.resize(a, (W, H), interpolation=cv2.INTER_AREA)  # noqa: E731
        self.sky = small((depth2 > 4000).astype(np.float32))
        self.albedo = small(albedo)
        self.normal = small(normal)
        self.depth = np.ascontiguousarray(self.depth2[::2, ::2])
        flat, self.rays = self.camera.rays()
        self.world = (self.camera.position + flat * self.depth[..., None]).astype(np.float32)
        self.layers: dict[str, np.ndarray] = {}
        self.light: dict[
            str, np.ndarray
        ] = {}  # light on the ground by layer, smoothed: what a thing standing there gets
        keep = (albedo.max(axis=2, keepdims=True) > 0.004) & (depth2[..., None] < 4000)
        self.ground = ((self.normal[..., 2] > 0.75) & (self.sky < 0.2)).astype(np.float32)
        for group in facts["groups"]:
            beauty = np.minimum(_exr(folder / f"light_{group}_0001.exr"), 60.0)
            light = beauty / (albedo + 0.02)
            light = np.where(keep, light, beauty)
            usual = cv2.medianBlur(
                np.ascontiguousarray(light), 5
            )  # single over-bright samples of the renderer
            light = np.where(keep, np.clip(light, 0.6 * usual, 1.4 * usual + 1e-4), light)
            for step in (1, 2, 3):
                light = smooth_light(np.ascontiguousarray(light), normal, self.depth2, step)
            self.layers[group] = small(np.where(keep, light * (albedo + 0.02), beauty))
            self.light[group] = self._on_ground(small(light))

    def _on_ground(self, light):
        weight = self.ground * (self.world[..., 2] < 1.9) * (light.max(axis=2) < 40)
        out, have = np.zeros_like(light), np.zeros((H, W), np.float32)
        for sigma in (3, 10, 30, 90):  # widen only where nothing nearer is known
            k = cv2.GaussianBlur(weight, (0, 0), sigma)
            v = cv2.GaussianBlur(light * weight[..., None], (0, 0), sigma) / np.maximum(k, 1e-4)[..., None]
            fill = (have == 0) & (k > 0.02)
            out[fill], have[fill] = v[fill], 1
        out[have == 0] = out[have == 1].mean(axis=0) if have.any() else light.mean(axis=(0, 1))
        return out
