"""Underpass in heavy rain; the water rises over the road, a car turns back, the last one gets stuck."""

import cv2
import numpy as np

from ..film.compositor import Look
from ..film.weather import Rain
from ..shoot import Effects

SEED = 1102
PROFILE = (
    (-6, 1.9),
    (4, 1.15),
    (10, 0.50),
    (15, 0.15),
    (19, 0.0),
    (34, 0.0),
    (40, 0.4),
    (60, 2.4),
    (90, 3.2),
)
META = {"scene": "underpass", "light": "day", "weather": "rain", "crf": 27}


def road_z(x, y):
    z = float(np.interp(y, [p[0] for p in PROFILE], [p[1] for p in PROFILE]))
    return z + 0.55 if abs(x) > 3.6 else z


SHOW = {"night": True, "rain": True, "beam": 1.0, "ground": road_z}
LOOK = Look(direct=0.15, contact=0.5, glow=0.5)
SENSOR = {"exposure": 0.66, "noise": 0.014, "white": (0.95, 1.0, 1.03), "saturation": 0.9}
DRY, FULL, RISE_S, TOP_S = -0.06, 0.92, 2.0, 19.5


def water_z(t: float) -> float:
    return float(np.interp(t, (0, RISE_S, TOP_S), (DRY, DRY + 0.05, FULL)))


class SceneEffects(Effects):
    """A rising sheet of brown water that mirrors walls and bridge, pitted by rain; and the rain itself."""

    def __init__(self, plate):
        super().__init__(plate)
        self._rain = Rain(plate, SEED, 1.0)
        camera = plate.camera
        self._eye, (self._flat, _) = camera.position, camera.rays()
        self._noise = np.random.default_rng(SEED)
        self._sky = None

    def finish(self, picture, t, compositor):
        level = water_z(t)
        if self._sky is None:
            self._sky = float(np.percentile(picture.mean(axis=2), 96))
        surface = self._depth_of_surface(level)
        cover_z = 1.0 / np.maximum(compositor._inv[::2, ::2], 1e-6)
        scene = np.minimum(self.plate.depth, np.where(compositor._cover > 0.3, cover_z, 1e9))
        wet = (surface > 0) & (surface < scene)
        if wet.any():
            hit = self._eye + self._flat * surface[..., None]
            x, y = hit[..., 0], hit[..., 1]
            wave = np.zeros_like(x)
            for kx, ky, speed, size in (
                (1.1, 0.7, 2.2, 1.0),
                (-2.3, 1.9, 3.1, 0.6),
                (4.1, 3.3, 4.7, 0.4),
                (7.3, -5.1, 6.3, 0.3),
            ):
                wave += size * np.sin(kx * x + ky * y + speed * t)
            mirrored = self._mirror(picture, hit, wave, level)
            grazing = np.abs(self._flat[..., 2]) / np.linalg.norm(self._flat, axis=2)
            fresnel = (0.05 + 0.60 * (1 - grazing) ** 3.4)[..., None]
            mud = np.array((0.46, 0.34, 0.19), np.float32) * self._sky * 0.62
            deep = np.clip((scene - surface) * grazing / 0.16, 0, 1)[..., None]
            under = picture * (1 - deep) * np.array((0.8, 0.72, 0.6), np.float32) + mud * deep
            water = under * (1 - fresnel) + mirrored * fresnel + (wave * 0.03 * self._sky)[..., None]
            foam = np.clip(1 - (scene - surface) * grazing / 0.035, 0, 1)[..., None] * 0.16 * self._sky
            mask = cv2.GaussianBlur(wet.astype(np.float32), (0, 0), 0.6)[..., None]
            picture = picture * (1 - mask) + (water + foam) * mask
        return self._rain.fall(picture, self._sky * 0.62, wet)

    def _depth_of_surface(self, level):
        down = self._flat[..., 2]
        return np.where(down < -1e-4, (level - self._eye[2]) / np.minimum(down, -1e-4), -1.0).astype(
            np.float32
        )

    def _mirror(self, picture, hit, wave, level):
        """What the flat water shows: the reflected ray meets a wall (x = +-5) or the bridge."""
        ray = self._flat * (1, 1, -1)
        ray[..., 0] += 0.035 * wave * np.linalg.norm(self._flat[..., :2], axis=2)
        ray[..., 2] *= 1 + 0.10 * np.roll(wave, 7, axis=1)
        side = np.where(ray[..., 0] > 0, 5.0, -5.0)
        reach = (side - hit[..., 0]) / np.where(np.abs(ray[..., 0]) < 1e-3, 1e-3, ray[..., 0])
        bridge = (21.0 - hit[..., 1]) / np.maximum(ray[..., 1], 1e-3)
        at_bridge = hit[..., 2] + ray[..., 2] * bridge
        reach = np.where(
            (bridge > 0) & (bridge < reach) & (at_bridge > 4.6) & (at_bridge < 6.3), bridge, reach
        )
        point = hit + ray * np.clip(reach, 0, 80)[..., None]
        seen = self.plate.camera.project(point.reshape(-1, 3)).reshape(*point.shape[:2], 3)
        open_sky = cv2.GaussianBlur((point[..., 2] > 7.4).astype(np.float32), (0, 0), 2.5)[..., None]
        found = cv2.remap(
            picture,
            (seen[..., 0] + wave * 2.0).astype(np.float32),
            (seen[..., 1] + wave * 3.5).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
        found = cv2.GaussianBlur(found, (0, 0), 0.8, sigmaY=2.5)
        return found + (self._sky * 0.8 - found) * open_sky


def cast(show):
    down = [(1.7, -10), (1.7, 20), (1.7, 95)]
    up = [(-1.7, 95), (-1.7, 20), (-1.7, -10)]
    show.vehicle("saloon", "white", down, 0.0, keys=((0, 2), (4, 30), (6.5, 52), (10, 95)), wraps=False)
    show.vehicle("suv", "silver", up, -3.0, keys=((0, 0), (5, 46), (8, 72), (11, 105)), wraps=False)
    through = show.vehicle(
        "truck", "blue", up, 3.5, keys=((0, 0), (5, 46), (8, 66), (12.5, 105)), wraps=False
    )
    stuck = show.vehicle(
        "saloon",
        "black",
        up,
        8.2,
        keys=((0, 0), (4.5, 44), (6.5, 60), (8.0, 67.5), (9.0, 69.5), (15, 69.52)),
        wraps=False,
    )
    turner = show.vehicle(
        "taxi",
        "taxi",
        down,
        8.6,
        keys=((0, 0), (2.2, 12.5), (3.6, 15.2), (6.0, 15.3), (10.5, 2.5)),
        wraps=False,
    )
    show.event(
        "water_rising", 2.0, 19.5, [], "water rises from the road surface to 0.92 m at the gauge board"
    )
    show.event("road_flooded", 7.0, 22.0, [], "more than 0.3 m of water on the lowest part of the road")
    show.event("vehicle_stuck", 17.0, 22.0, [stuck], "a car stops in the water under the bridge")
    show.event("vehicle_turns_back", 12.0, 19.0, [turner], "a taxi stops before the water and backs away")
    show.event("wades_through", 8.0, 14.0, [through], "a truck drives through the rising water")
    for x, y0, y1, start, speed in (
        (4.3, -3, 62, 0.0, 1.5),
        (-4.3, 60, -3, 2.0, 1.6),
        (4.2, 56, -3, 6.0, 1.7),
        (-4.2, 4, 62, 14.0, 1.5),
        (4.4, 50, -3, 16.0, 1.8),
        (-4.4, 40, -3, 10.0, 1.6),
    ):
        show.walker([(x, y0), (x, (y0 + y1) / 2), (x, y1)], start, speed)
