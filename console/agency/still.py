"""A still of a packet made small for the screen, outside the window's thread. No Qt."""

from __future__ import annotations

import io

import av
import numpy as np
from av.error import FFmpegError

from console.model.base import Record

_WIDE = 384
"""Twice the width it is shown with, for a screen of fine points."""


class Still(Record, frozen=True, kw_only=True):
    """`rgb` is height times width times three bytes, row by row."""

    width: int
    height: int
    rgb: bytes


def small(data: bytes) -> Still | None:
    """A JPEG or PNG, at most 384 pixels wide; None for bytes that are no picture."""
    try:
        with av.open(io.BytesIO(data), mode="r") as container:
            frame = next(container.decode(video=0))
            wide = min(_WIDE, frame.width)
            high = max(1, frame.height * wide // frame.width)
            rgb = np.ascontiguousarray(frame.reformat(wide, high, "rgb24").to_ndarray(), np.uint8)
    except (FFmpegError, ValueError, IndexError, StopIteration):
        return None
    return Still(width=wide, height=high, rgb=rgb.tobytes())
