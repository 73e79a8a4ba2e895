"""Films one clip from its rendered plate: frames, H.264 file, truth file; or a contact sheet to look at.

python -m studio.shoot STEM --plates FOLDER --out FOLDER [--sheet PICTURE]
"""

from __future__ import annotations

import argparse
import importlib
import time
from pathlib import Path

import cv2
import numpy as np

from .cast.show import FPS, PERIOD_S, Show
from .film.compositor import Compositor, Moment
from .film.plate_view import H, Plate, W
from .film.reel import Reel, Truth
from .film.sensor import Sensor, auto_exposure, develop, time_code


class Effects:
    """What a scene may change: light before, picture after. The base does nothing."""

    def __init__(self, plate: Plate) -> None:
        self.plate = plate

    def moment(self, t: float) -> Moment:
        return Moment()

    def finish(self, picture: np.ndarray, t: float, compositor: Compositor) -> np.ndarray:
        """Changes to the linear picture after the cast is in it."""
        return picture

    def last(self, frame: np.ndarray, t: float) -> np.ndarray:
        """Changes to the developed 8-bit frame (something on the lens)."""
        return frame


def film(stem: str, plates: Path, out: Path | None, sheet: Path | None, crf: int | None) -> None:
    scene = importlib.import_module(f"studio.scenes.{stem}")
    started = time.monotonic()
    plate = Plate(plates / stem)
    show = Show(scene.SEED, **getattr(scene, "SHOW", {}))
    scene.cast(show)
    effects = getattr(scene, "SceneEffects", Effects)(plate)
    compositor = Compositor(plate, scene.LOOK, getattr(scene, "SHOW", {}).get("ground"))
    sensor = Sensor(**scene.SENSOR)
    gain = auto_exposure(compositor.plate_under(effects.moment(0.0)))
    sensor.exposure *= gain
    compositor.look.glow /= max(1e-6, sensor.exposure)
    compositor.beam_gain = 1.0 / sensor.exposure
    effects.gain = sensor.exposure
    frames = int(PERIOD_S * FPS)
    chosen = range(frames) if sheet is None else [int(frames * (k + 0.5) / 12) for k in range(12)]
    reel = Reel(out / f"{stem}.mp4", FPS, crf or scene.META.get("crf", 24)) if sheet is None else None
    meta = scene.META
    truth = Truth(
        {
            "clip": f"{stem}.mp4",
            "width": W,
            "height": H,
            "fps": FPS,
            "frames": frames,
            "scene": meta["scene"],
            "light": meta["light"],
            "weather": meta["weather"],
            "seed": scene.SEED,
        }
    )
    thumbs = []
    for number in chosen:
        t = number / FPS
        seen = show.seen(t)
        picture = compositor.compose(seen, effects.moment(t))
        picture = effects.finish(picture, t, compositor)
        frame = develop(picture, sensor, np.random.default_rng((scene.SEED, number)))
        frame = effects.last(frame, t)
        time_code(frame, number, FPS)
        if reel is None:
            thumbs.append(frame)
            continue
        reel.add(frame)
        if number % 5 == 0 or number == frames - 1:
            truth.see(number, show.kind, compositor.boxes(seen))
    if reel is None:
        cv2.imwrite(str(sheet), np.vstack([np.hstack(thumbs[i : i + 3]) for i in range(0, len(thumbs), 3)]))
    else:
        reel.close()
        truth.write(out / f"{stem}.truth.json", show.events)
        size = (out / f"{stem}.mp4").stat().st_size
        print(f"{stem}: {frames} frames, {size / 1e6:.2f} MB, {time.monotonic() - started:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stem")
    parser.add_argument("--plates", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("."))
    parser.add_argument("--sheet", type=Path)
    parser.add_argument("--crf", type=int)
    options = parser.parse_args()
    film(options.stem, options.plates, options.out, options.sheet, options.crf)


if __name__ == "__main__":
    main()
