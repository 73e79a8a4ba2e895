"""Finds a camera that repeats one picture while its clock runs on."""

from __future__ import annotations

import zlib
from typing import Protocol

#: A picture that is exactly the same for so long is frozen. Sensor noise makes an honest still scene
#: differ in some byte from one key frame to the next; a stuck encoder or a looped frame does not.
FROZEN_AFTER_NS = 5_000_000_000
#: How often a picture is looked at: often enough to notice a change, rarely enough to cost nothing.
LOOK_EVERY_NS = 500_000_000
#: So many looks at least must agree: two pictures of a slow camera are no proof.
LOOKS = 5
#: Every n-th row of the luma plane is compared, byte by byte.
ROW_STEP = 2


class Plane(Protocol):
    line_size: int

    def __buffer__(self, flags: int, /) -> memoryview: ...


class FreezeDetector:
    """Fed with digests of decoded pictures, says for how long the picture has not changed.

    One thread. Time is the monotonic clock's, in ns, given by the caller.
    """

    def __init__(self) -> None:
        self._digest: int | None = None
        self._since_ns = 0
        self._looked_ns = 0
        self._looks = 0

    def due(self, now_ns: int) -> bool:
        """Whether it is time to look at a picture again."""
        return self._digest is None or now_ns - self._looked_ns >= LOOK_EVERY_NS

    def see(self, digest: int, now_ns: int) -> None:
        """A picture with this digest was decoded now."""
        # A pause between two looks (a lost connection) is no proof of a picture standing still.
        paused = now_ns - self._looked_ns > 4 * LOOK_EVERY_NS
        self._looked_ns = now_ns
        if digest != self._digest or paused:
            self._digest, self._since_ns, self._looks = digest, now_ns, 1
        else:
            self._looks += 1

    def forget(self) -> None:
        """Start anew, after the source was opened again."""
        self._digest, self._looks = None, 0

    @property
    def same_for_ns(self) -> int:
        """How long the picture has been the same, at the last look."""
        return self._looked_ns - self._since_ns if self._digest is not None else 0

    @property
    def frozen(self) -> bool:
        return self._looks >= LOOKS and self.same_for_ns >= FROZEN_AFTER_NS


def luma_digest(plane: Plane, width_bytes: int, height: int) -> int:
    """A checksum of every second row of a picture's first plane (the luma of all camera formats).

    Row by row, because the bytes between rows are padding and may hold anything.
    """
    view = memoryview(plane)
    stride = plane.line_size
    digest = 0
    for row in range(0, height, ROW_STEP):
        digest = zlib.crc32(view[row * stride : row * stride + width_bytes], digest)
    return digest
