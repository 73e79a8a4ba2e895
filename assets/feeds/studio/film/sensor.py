"""From linear light to what a street camera sends: exposure, bloom, lens, infrared, noise, time code."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .plate_view import H, W


@dataclass
class Sensor:
    exposure: float = 1.0
    noise: float = 0.008  # standard deviation of grain in signal units at mid grey
    saturation: float = 0.9
    white: tuple = (1.0, 1.0, 1.0)
    vignette: float = 0.30
    bloom: float = 0.10
    soft: float = 0.45  # lens blur in pixels
    infrared: bool = False
    lift: float = 0.0  # veil of stray light


def auto_exposure(picture: np.ndarray, middle: float = 0.36, bright: float = 0.92) -> float:
    """Gain that brings the middle to a mid grey without burning more than the top few per cent."""
    light = picture.max(axis=2)
    return float(min(middle / max(1e-5, np.median(light)), bright / max(1e-5, np.percentile(light, 93))))


_YY, _XX = np.mgrid[0:H, 0:W].astype(np.float32)
_RADIUS = ((_XX - W / 2) ** 2 + (_YY - H / 2) ** 2) / ((W / 2) ** 2 + (H / 2) ** 2)


def develop(linear: np.ndarray, sensor: Sensor, random: np.random.Generator) -> np.ndarray:
    """(H,W,3) linear RGB to 8-bit BGR."""
    x = np.maximum(0.0, linear) * (sensor.exposure * np.asarray(sensor.white, np.float32))
    hot = np.minimum(np.maximum(0.0, x - 0.9), 6.0)
    if sensor.bloom and hot.max() > 0:
        small = cv2.resize(hot, (W // 4, H // 4), interpolation=cv2.INTER_AREA)
        halo = cv2.resize(cv2.GaussianBlur(small, (0, 0), 3), (W, H), interpolation=cv2.INTER_LINEAR)
        x = x + sensor.bloom * 1.5 * (cv2.GaussianBlur(hot, (0, 0), 3) + halo)
    x = x * (1 - sensor.vignette * _RADIUS**1.3)[..., None] + sensor.lift
    if sensor.soft:
        x = cv2.GaussianBlur(x, (0, 0), sensor.soft)
    if sensor.infrared:
        x = np.repeat((x @ np.array((0.45, 0.40, 0.15), np.float32))[..., None], 3, axis=2)
    x = 1.0 - np.exp(-x * 1.25)  # soft shoulder
    y = np.maximum(x, 0.0) ** (1 / 2.2)
    grey = y @ np.array((0.30, 0.59, 0.11), np.float32)
    y = grey[..., None] + (y - grey[..., None]) * sensor.saturation
    y = np.clip(y + 0.06 * (y - 0.5) * (1 - np.abs(2 * y - 1)), 0, 1)
    grain = random.standard_normal((H, W), np.float32) * sensor.noise
    chroma = cv2.resize(random.standard_normal((H // 2, W // 2, 3), np.float32), (W, H)) * (
        sensor.noise * 0.55
    )
    strength = 1.25 - 0.6 * grey
    y = y + (grain * strength)[..., None] + (0 if sensor.infrared else chroma * strength[..., None])
    return np.clip(y[..., ::-1] * 235 + 12, 0, 255).astype(np.uint8)


def time_code(frame: np.ndarray, number: int, fps: int) -> None:
    """The running count in the lower right corner, that proves the picture moves."""
    text = f"{number // fps // 60:02d}:{number // fps % 60:02d}:{number % fps:02d}"
    for colour, thick in (((20, 20, 20), 2), ((215, 215, 215), 1)):
        cv2.putText(frame, text, (W - 62, H - 7), cv2.FONT_HERSHEY_SIMPLEX, 0.32, colour, thick, cv2.LINE_AA)
