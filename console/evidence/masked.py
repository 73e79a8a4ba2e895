"""Masked copies of a stretch: decoded, hidden, marked as derived, encoded anew as H.264."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from console.clock import SECOND_NS
from console.evidence.export import free_name, moment
from console.evidence.job import ExportFailed, ExportJob, JobCamera
from console.evidence.manifest import Figures, MaskingSaid, Piece
from console.evidence.masking import MaskingFigures, Movers, load_figures, masked
from console.evidence.package import Staging
from console.evidence.pictures import Pixels, decoded
from console.evidence.remux import parts
from console.footage.store import FootageStore
from console.paths import shipped

TIME_BASE = Fraction(1, 90_000)
TICK_NS = 100_000 / 9
STRIP_PART = 0.05
"""Height of the mark in the picture, as a part of it; never under 14 pixels."""


def masked_clips(
    job: ExportJob, store: FootageStore, staging: Staging, camera: JobCamera, step: Callable[[int], None]
) -> Iterator[Piece]:
    """One masked clip for each stretch without a gap, cut to the wanted time.

    Raises ExportFailed, OSError.
    """
    figures = load_figures()
    stretch: list[Any] = []
    begin_ns = 0
    for begins, packet in parts(store, camera.camera_id, job.from_ns, job.to_ns):
        long = figures.seconds_of_background * SECOND_NS
        if stretch and (begins or (packet.is_key and packet.wall_ns - begin_ns > long)):
            yield from _clip(job, staging, camera, stretch, figures, step)
            stretch = []
        if not stretch:
            begin_ns = packet.wall_ns
        stretch.append(packet)
    if stretch:
        yield from _clip(job, staging, camera, stretch, figures, step)


def _clip(
    job: ExportJob, staging: Staging, camera: JobCamera, packets: list[Any], figures: MaskingFigures,
    step: Callable[[int], None],
) -> Iterator[Piece]:  # fmt: skip
    movers = Movers(figures, background(packets, figures)) if job.blur_movers else None
    pictures = (one for one in decoded(packets) if job.from_ns <= one.wall_ns <= job.to_ns)
    writer: _Writer | None = None
    whole = 0
    try:
        for each in masked(pictures, camera.zones, movers, camera.clear_region, figures):
            if writer is None:
                name = free_name(staging, camera.camera_id, each.wall_ns, "masked", ".mp4")
                writer = _Writer(staging.path(name), name, each.pixels)
            writer.add(each.wall_ns, each.pixels)
            whole += each.whole
            step(each.wall_ns)
        if writer is None:
            if any(job.from_ns <= one.wall_ns <= job.to_ns for one in packets):
                raise ExportFailed("cannot_mask", camera.camera_id)
            return
        said = MaskingSaid(
            zones=camera.zones, movers=job.blur_movers, clear_region=camera.clear_region,
            whole_pictures=whole,
        )  # fmt: skip
        yield writer.close(job, camera, said)
        writer = None
    finally:
        if writer is not None:
            writer.abandon()


def background(packets: list[Any], figures: MaskingFigures) -> list[Pixels]:
    """Pictures spread over a stretch: its key pictures, decoded alone; with few of those, all are decoded."""
    keys = [one for one in packets if one.is_key]
    every = max(1, len(keys) // figures.background_pictures)
    found: list[Pixels] = []
    if len(keys) >= 8:
        for one in keys[::every]:
            found += [each.pixels for each in decoded([one])][:1]
    else:
        every = max(1, len(packets) // figures.background_pictures)
        found = [each.pixels for number, each in enumerate(decoded(packets)) if number % every == 0]
    sizes = {each.shape for each in found}
    return found[: figures.background_pictures] if len(sizes) == 1 else []


class _Writer:
    """One masked clip. Sizes that H.264 cannot have lose their last row or column."""

    def __init__(self, path: Path, name: str, first: Pixels) -> None:
        self._name = name
        self._height, self._width = (side - side % 2 for side in first.shape[:2])
        if not self._height or not self._width:
            raise ExportFailed("cannot_mask", f"{first.shape[1]}x{first.shape[0]}")
        self._file = av.open(str(path), "w", format="mp4")
        try:
            stream = self._file.add_stream("libx264", options={"crf": "21", "preset": "veryfast"})
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = self._width, self._height, "yuv420p"
            stream.time_base = stream.codec_context.time_base = TIME_BASE
            stream.codec_context.gop_size = 50
            stream.metadata["title"] = "MASKED COPY, DERIVED - NOT THE ORIGINAL"
        except BaseException:
            self._file.close()
            raise
        self._stream = stream
        self._first_ns = self._last_ns = -1
        self._pictures = self._keys = 0
        self._longest_ns = 0
        self._pts = -1

    def add(self, wall_ns: int, pixels: Pixels) -> None:
        if pixels.shape[0] < self._height or pixels.shape[1] < self._width:
            return  # another size begins another clip; a smaller one within it is a damaged picture
        marked = mark(pixels[: self._height, : self._width])
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(marked), format="bgr24")
        if self._first_ns < 0:
            self._first_ns = self._last_ns = wall_ns
        self._longest_ns = max(self._longest_ns, wall_ns - self._last_ns)
        self._pts = max(self._pts + 1, round((wall_ns - self._first_ns) / TICK_NS))
        frame.pts, frame.time_base = self._pts, TIME_BASE
        self._mux(self._stream.encode(frame))
        self._last_ns = wall_ns
        self._pictures += 1

    def close(self, job: ExportJob, camera: JobCamera, said: MaskingSaid) -> Piece:
        self._mux(self._stream.encode(None))
        self._file.close()
        seconds = (self._last_ns - self._first_ns) / SECOND_NS
        return Piece(
            file=self._name, form="clip", copy="masked", derived=True, camera_id=camera.camera_id,
            first_picture=moment(self._first_ns, job.time_zone),
            last_picture=moment(self._last_ns, job.time_zone),
            figures=Figures(
                codec="h264", width=self._width, height=self._height, pictures=self._pictures,
                key_pictures=self._keys, seconds=round(seconds, 3),
                pictures_per_second=round((self._pictures - 1) / seconds, 2) if seconds > 0 else 0.0,
                longest_pause_ms=self._longest_ns // 1_000_000,
            ),
            hidden=said,
        )  # fmt: skip

    def abandon(self) -> None:
        """Close it as it is: it is thrown away."""
        try:
            self._file.close()
        except (OSError, ValueError):
            pass  # av.FFmpegError is one of these

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            self._keys += packet.is_keyframe
            self._file.mux(packet)


def mark(pixels: Pixels) -> Pixels:
    """The picture with the words that say it is a masked copy, in both languages, over its upper edge."""
    height, width = pixels.shape[:2]
    marked = pixels.copy()
    strip = _strip(width, max(14, round(height * STRIP_PART)))
    rows = min(height, strip.shape[0])
    marked[:rows] = strip[:rows]
    return marked


@cache
def _strip(width: int, height: int) -> Pixels:
    words: Any = cv2.imread(str(shipped("assets") / "evidence" / "derived.png"))
    scale = min(width / words.shape[1], height / words.shape[0])
    size = max(1, round(words.shape[1] * scale)), max(1, round(words.shape[0] * scale))
    small = cv2.resize(words, size, interpolation=cv2.INTER_AREA)
    strip = np.full((size[1], width, 3), words[0, 0], np.uint8)
    left = (width - size[0]) // 2
    strip[:, left : left + size[0]] = small
    return strip
