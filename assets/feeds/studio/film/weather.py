"""Rain, mist, smoke and flame over a composed picture."""

from __future__ import annotations

import cv2
import numpy as np

from .plate_view import H, Plate, W


class Rain:
    """Falling streaks, splashes on the ground, and the grey veil of heavy rain."""

    def __init__(self, plate: Plate, seed: int, amount: float = 1.0) -> None:
        self._random, self._amount = np.random.default_rng(seed), amount
        self._veil = (1 - np.exp(-np.minimum(plate.depth, 300) / (150 / amount))).astype(np.float32)[
            ..., None
        ]
        ys, xs = np.nonzero(plate.ground * (plate.depth < 32) > 0.5)
        self._ground = np.stack([xs, ys], axis=1)
        self._depth = plate.depth

    def fall(self, picture, sky_light: float, water=None):
        """The picture in the rain; water (H,W) bool marks standing water, which gets wide rings."""
        r = self._random
        picture = picture * (1 - 0.85 * self._veil) + self._veil * 0.85 * sky_light * np.array(
            (0.90, 0.96, 1.0), np.float32
        )
        streaks = np.zeros((H, W), np.float32)
        for _ in range(int(260 * self._amount)):
            near = r.random() ** 2
            x, y, long = r.uniform(-10, W), r.uniform(-30, H), 7 + 34 * near
            slant = 0.10 + r.normal() * 0.02
            cv2.line(
                streaks,
                (int(x * 8), int(y * 8)),
                (int((x + slant * long) * 8), int((y + long) * 8)),
                float(0.10 + 0.22 * near),
                1,
                cv2.LINE_AA,
                3,
            )
        for index in r.integers(len(self._ground), size=int(110 * self._amount)):
            x, y = self._ground[index]
            size = max(1, round(26 / self._depth[y, x]))
            cv2.ellipse(
                streaks, (int(x), int(y)), (size + 1, max(1, size // 2)), 0, 0, 360, 0.22, 1, cv2.LINE_AA
            )
        if water is not None and water.any():
            ys, xs = np.nonzero(water)
            for index in r.integers(len(xs), size=int(90 * self._amount)):
                x, y = int(xs[index]), int(ys[index])
                size = max(2, int(r.uniform(60, 150) / self._depth[y, x]))
                cv2.ellipse(streaks, (x, y), (size, max(1, size // 3)), 0, 0, 360, 0.16, 1, cv2.LINE_AA)
        streaks = cv2.GaussianBlur(streaks, (0, 0), 0.6)[..., None]
        return picture * (1 - 0.55 * streaks) + streaks * sky_light * 1.15


class Puffs:
    """Smoke as drifting soft balls, each with its own grain; rate(t) is in balls a second."""

    def __init__(
        self,
        source,
        seed: int,
        period_s: float,
        rate,
        life_s: float = 5.5,
        shade=(0.20, 0.19, 0.18),
        drift=(0.25, 0.35),
    ) -> None:
        self._random = np.random.default_rng(seed)
        self._source, self._life, self._shade, self._drift = (
            np.asarray(source, float),
            life_s,
            np.asarray(shade, np.float32),
            drift,
        )
        births, t, credit = [], 0.0, 0.0
        while t < period_s:
            credit += rate(t) * 0.02
            while credit >= 1:
                births.append(t)
                credit -= 1
            t += 0.02
        self._births = np.array(births)
        n = len(births)
        self._spread = self._random.normal(size=(n, 3))
        self._turn = self._random.uniform(0, 360, n)
        self._looks = [self._ball(i) for i in range(6)]

    def _ball(self, seed: int):
        r = np.random.default_rng(seed + 77)
        grain = sum(
            cv2.resize(r.random((n, n)).astype(np.float32), (96, 96), interpolation=cv2.INTER_CUBIC) / k
            for n, k in ((4, 1), (8, 2), (16, 4))
        )
        grain = (grain - grain.min()) / (grain.max() - grain.min())
        y, x = np.mgrid[-1:1:96j, -1:1:96j]
        return (np.clip(1 - np.sqrt(x * x + y * y), 0, 1) ** 0.8 * (0.35 + 0.9 * grain)).astype(np.float32)

    def draw(self, picture, plate: Plate, t: float, light):
        """light: (3,) what lights the smoke now."""
        age = t - self._births
        order = np.flatnonzero((age >= 0) & (age < self._life))
        for i in order:
            a = age[i]
            rise = 1.15 * a - 0.045 * a * a
            away = (
                self._drift[0] * a + 0.24 * self._spread[i, 0] * (0.3 + a * 0.8),
                self._drift[1] * a + 0.24 * self._spread[i, 1] * (0.3 + a * 0.8),
                rise + 0.1 * self._spread[i, 2],
            )
            x, y, inv = plate.camera.project([self._source + np.array(away)])[0]
            if inv <= 0:
                continue
            radius = (0.22 + 0.34 * a**0.9) * plate.camera.focal * inv
            side = int(2 * radius)
            if side < 3 or side > 900:
                continue
            ball = self._looks[i % 6]
            turn = cv2.getRotationMatrix2D((48, 48), self._turn[i] + 14 * a, 1)
            alpha = (
                cv2.resize(cv2.warpAffine(ball, turn, (96, 96)), (side, side))
                * 0.32
                * min(1, a * 3)
                * (1 - a / self._life) ** 0.8
            )
            _over(picture, alpha, int(x - radius), int(y - radius), self._shade * light)
        return picture


def _over(picture, alpha, x0, y0, colour) -> None:
    h, w = alpha.shape
    ax, ay, bx, by = max(0, x0), max(0, y0), min(W, x0 + w), min(H, y0 + h)
    if ax >= bx or ay >= by:
        return
    a = alpha[ay - y0 : by - y0, ax - x0 : bx - x0, None]
    picture[ay:by, ax:bx] = picture[ay:by, ax:bx] * (1 - a) + a * colour


class Flame:
    """Tongues of fire at a place; size(t) 0..1 says how far it has grown."""

    def __init__(self, source, seed: int, size) -> None:
        self.source, self.size = np.asarray(source, float), size
        self._random = np.random.default_rng(seed)
        y, x = np.mgrid[0:1:64j, -1:1:48j]
        wide = 0.72 * np.sin(np.pi * np.clip(y, 0.02, 1) ** 1.7) ** 0.8 + 0.02
        self._tongue = (np.exp(-((x / wide) ** 2) * 2.2) * np.clip(y * 1.25, 0, 1)).astype(np.float32)

    def draw(self, picture, plate: Plate, t: float) -> None:
        grown = self.size(t)
        if grown <= 0:
            return
        r = self._random
        for _k in range(int(4 + 16 * grown)):
            away = (
                np.clip(r.normal(), -1.3, 1.3) * 0.32 * grown,
                np.clip(r.normal(), -1.3, 1.3) * 0.42 * grown,
                r.uniform(-0.12, 0.35) * grown,
            )
            x, y, inv = plate.camera.project([self.source + np.array(away)])[0]
            high = max(6, int((0.35 + 0.95 * grown * r.random()) * plate.camera.focal * inv))
            wide = max(4, int(high * r.uniform(0.35, 0.6)))
            tongue = cv2.resize(self._tongue, (wide, high))
            x0, y0 = int(x - wide / 2), int(y - high)
            ax, ay, bx, by = max(0, x0), max(0, y0), min(W, x0 + wide), min(H, y0 + high)
            if ax < bx and ay < by:
                heat = tongue[ay - y0 : by - y0, ax - x0 : bx - x0, None]
                body = heat * np.array((1.25, 0.48, 0.07), np.float32) * r.uniform(0.7, 1.4)
                picture[ay:by, ax:bx] += body + heat**3 * np.array((0.5, 0.45, 0.2), np.float32)

    def light(self, plate: Plate, t: float):
        """Firelight on every surface (H,W,3)."""
        grown = self.size(t)
        if grown <= 0:
            return None
        d = (self.source + np.array((0, 0, 0.7))) - plate.world
        far2 = (d * d).sum(axis=2) + 0.3
        facing = np.clip((d * plate.normal).sum(axis=2) / np.sqrt(far2), 0.05, 1)
        flicker = grown * (1 + 0.28 * np.sin(t * 21) * np.sin(t * 8.3 + 1) + 0.12 * self._random.normal())
        return (facing / far2 * flicker * (plate.sky < 0.5))[..., None].astype(np.float32) * np.array(
            (2.6, 1.0, 0.26), np.float32
        )
