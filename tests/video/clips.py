"""Small clips made for one test each, with a number in every picture that can be read back."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np

BITS = 8
FPS = 25


def numbered(number: int, width: int, height: int) -> np.ndarray:
    """A picture that says its number: eight upright bars, black or white, lowest bit left."""
    picture = np.full((height, width, 3), 60, np.uint8)
    bar = width // BITS
    for bit in range(BITS):
        picture[height // 4 : height * 3 // 4, bit * bar : (bit + 1) * bar] = 235 if number >> bit & 1 else 16
    return picture


def number_in(bgra: np.ndarray) -> int:
    """The number in a picture of any size."""
    height, width = bgra.shape[:2]
    bar = width / BITS
    row = bgra[height // 2, :, 1]
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * bar)] > 128)


def make_clip(
    path: Path, seconds: float = 4.0, width: int = 160, height: int = 120, *, still: bool = False,
    noise: int = 0, codec: str = "libx264", gop: int = FPS, fps: int = FPS, faststart: bool = True,
) -> Path:  # fmt: skip
    """Write a clip whose picture n says n (mod 256), or says 0 throughout when `still`; with sensor noise of
    up to `noise` grey levels."""
    chance = np.random.default_rng(7)
    options = {"movflags": "faststart"} if faststart and path.suffix == ".mp4" else {}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.gop_size = gop
        if codec == "libx264":
            # One slice a picture: some servers take two slices for two pictures.
            stream.options = {"preset": "ultrafast", "x264-params": "sliced-threads=0:bframes=0"}
        for number in range(round(seconds * fps)):
            picture = numbered(0 if still else number % (1 << BITS), width, height)
            if noise:
                picture = (picture + chance.integers(-noise, noise + 1, picture.shape)).clip(0, 255)
            frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def cut(path: Path, share: float) -> Path:
    """A copy of a file that ends after this share of its bytes."""
    data = path.read_bytes()
    short = path.with_name(f"{path.stem}-cut{path.suffix}")
    short.write_bytes(data[: int(len(data) * share)])
    return short
