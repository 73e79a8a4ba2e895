"""One pane's end of a decoder: scales a picture once, into the pane's shared memory."""

from __future__ import annotations

from fractions import Fraction

import av
from av.video.reformatter import Interpolation, VideoReformatter

from console.video.frames import BYTES_PER_PIXEL, PaneWriter

#: Panes up to this many pixels are decoded without the loop filter: a fifth of the work, and its effect
#: cannot be seen in a picture this small (measured, docs/design/video.md).
SMALL_PANE_PIXELS = 640 * 360
#: What H.264, H.265 and MJPEG of cameras are decoded to; anything else is scaled and converted in one pass.
PLANAR = frozenset({"yuv420p", "yuvj420p"})


def fitted(width: int, height: int, aspect: Fraction, room_width: int, room_height: int) -> tuple[int, int]:
    """The largest size with the picture's own proportions that fits the pane.

    `aspect` is the width of one pixel by its height. The width is a multiple of 8 where it can be: so
    many picture elements are converted at once, and FFmpeg leaves the rest of a row unwritten where the row
    has no room for them; rows are then also as long as the decoder's, and one copy moves the picture. The
    height is even where it can be, because colours are then converted with the processor's wide registers.
    """
    shape = Fraction(width, height) * (aspect if aspect > 0 else 1)
    fit_width = min(Fraction(room_width), room_height * shape)
    wide = max(1, int(fit_width) & ~7 or int(fit_width))
    high = max(1, min(room_height & ~1 or room_height, 2 * round(wide / shape / 2)))
    return wide, high


class Output:
    """Writes pictures into one pane. One thread."""

    def __init__(self, pane: PaneWriter) -> None:
        self.pane = pane
        self._scaler, self._colours = VideoReformatter(), VideoReformatter()
        self._of: tuple[int, int, Fraction] | None = None
        self._size = (1, 1)

    @property
    def pixels(self) -> int:
        return self.pane.width * self.pane.height

    def put(
        self, frame: av.VideoFrame, aspect: Fraction, due_mono_ns: int, taken_at_ns: int, now_ns: int,
        at_mono_ns: int = 0,
    ) -> None:  # fmt: skip
        """Scale `frame` to the pane and publish it; with `at_mono_ns`, from that moment on."""
        source = (frame.width, frame.height, aspect)
        if source != self._of:  # a camera may change its resolution at any time
            self._of = source
            self._size = fitted(*source, self.pane.width, self.pane.height)
        width, height = self._size
        # Size first, in the camera's own colours, then colour: a tenth to a quarter less work than both in
        # one pass, which converts with general code. threads=1: one small picture is no work to share, and
        # swscale's default starts a pool of threads for each pane.
        scaled = frame
        if frame.format.name in PLANAR and (frame.width, frame.height) != self._size and not height % 2:
            scaled = self._scaler.reformat(
                frame, width, height, frame.format.name, interpolation=Interpolation.FAST_BILINEAR, threads=1
            )
        coloured = self._colours.reformat(
            scaled, width, height, "bgra", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
        plane = coloured.planes[0]
        slot = self.pane.buffer()
        row, rows = width * BYTES_PER_PIXEL, memoryview(plane)
        into = self.pane.buffers[slot]
        if plane.line_size == row:
            into[: row * height] = rows[: row * height]
        else:
            for y in range(height):
                into[y * row : (y + 1) * row] = rows[y * plane.line_size : y * plane.line_size + row]
        if at_mono_ns:
            self.pane.publish_at(at_mono_ns, slot, width, height, due_mono_ns, taken_at_ns)
        else:
            self.pane.publish(slot, width, height, due_mono_ns, taken_at_ns, now_ns)
