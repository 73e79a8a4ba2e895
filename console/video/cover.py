"""Finds a camera that something stands or lies before: a picture without contrast and without edges.

Measured on the recorded feeds and on a public recording of a real camera: open scenes by day, night, infrared
and rain have a spread of luma of 16 or more and edges of 19 or more; a covered lens has 7 and 5 at most.

Without numpy and OpenCV on purpose: either would more than double what a decoding process holds, for 2,304
numbers once a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from operator import mul

import av
from av.video.reformatter import Interpolation, VideoReformatter

WIDTH, HEIGHT = 64, 36
"""Looked at in this size: sensor noise is averaged away, what is left is the scene."""
LEAST_SPREAD = 10.0
LEAST_EDGES = 8.0
COVERED_AFTER_NS = 3_000_000_000
"""A hand, a lorry or a passing bag is over sooner."""
LOOK_EVERY_NS = 900_000_000
"""Once a second: what is before the lens for three seconds is seen three times."""
PAUSE_NS = 3_000_000_000


class CoverDetector:
    """Fed with a picture a second; one thread. Time is the monotonic clock's, ns."""

    def __init__(self) -> None:
        self._shrink = VideoReformatter()
        self._since_ns: int | None = None
        self._looked_ns = -LOOK_EVERY_NS

    def due(self, now_ns: int) -> bool:
        """Whether it is time to look at a picture again."""
        return now_ns - self._looked_ns >= LOOK_EVERY_NS

    def see(self, frame: av.VideoFrame, now_ns: int) -> None:
        """A decoded picture as it is now."""
        if now_ns - self._looked_ns > PAUSE_NS:
            self._since_ns = None  # a pause is no proof of a covered lens
        self._looked_ns = now_ns
        if not featureless(shrunk(frame, self._shrink)):
            self._since_ns = None
        elif self._since_ns is None:
            self._since_ns = now_ns

    def forget(self) -> None:
        """Start anew, after the source was opened again."""
        self._since_ns = None

    @property
    def covered(self) -> bool:
        """Whether the picture has had nothing in it for three seconds."""
        return self._since_ns is not None and self._looked_ns - self._since_ns >= COVERED_AFTER_NS


def shrunk(frame: av.VideoFrame, shrink: VideoReformatter) -> bytes:
    """The picture's luma, averaged to 64 x 36, row by row."""
    small = shrink.reformat(frame, WIDTH, HEIGHT, "gray", interpolation=Interpolation.AREA, threads=1)
    plane = small.planes[0]
    data = bytes(plane)
    return b"".join(data[y * plane.line_size : y * plane.line_size + WIDTH] for y in range(HEIGHT))


def featureless(luma: bytes) -> bool:
    """Whether a picture of 64 x 36 has neither contrast nor edges."""
    return _spread(luma) < LEAST_SPREAD and _spread(list(_edges(luma))) < LEAST_EDGES


def _spread(values: Sequence[int]) -> float:
    """The standard deviation."""
    count = len(values)
    return sqrt(max(0.0, sum(map(mul, values, values)) / count - (sum(values) / count) ** 2))


def _edges(luma: bytes) -> Iterator[int]:
    """The Laplacian of the picture, its border left out."""
    rows = [luma[y * WIDTH : (y + 1) * WIDTH] for y in range(HEIGHT)]
    for above, row, below in zip(rows, rows[1:], rows[2:], strict=False):
        for up, left, here, right, down in zip(
            above[1:-1], row, row[1:], row[2:], below[1:-1], strict=False
        ):  # fmt: skip
            yield up + left + right + down - 4 * here
