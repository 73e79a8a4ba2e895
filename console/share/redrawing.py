"""Pictures encoded anew: for cameras with masks, and for names that are burnt in. Nothing passes undrawn.

A picture that cannot be decoded is left out. What this gives out was drawn on and encoded here, always.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from console.clock import SECOND_NS
from console.evidence.masking import hide_zones
from console.evidence.pictures import Pixels, decoder_for
from console.footage.record import StoredPacket, StreamInfo
from console.model.footage import MaskZone
from console.share.figures import Burnt

TIME_BASE = Fraction(1, 90_000)
_TICKS_A_SECOND = 90_000
_REMEMBERED = 500

Lettering = NDArray[np.uint8]
"""Height x width x 4, blue green red and how much of it (255: all)."""


class Redrawing:
    """One camera. One thread. Give it packets in the order of decoding, from a key picture on."""

    def __init__(self, zones: tuple[MaskZone, ...], lettering: Lettering | None, figures: Burnt) -> None:
        self._zones, self._lettering, self._figures = zones, lettering, figures
        self._decoder: av.VideoCodecContext | None = None
        self._stream: StreamInfo | None = None
        self._encoder: Any = None
        self._out: StreamInfo | None = None
        self._times: dict[int, int] = {}
        self._made: dict[int, int] = {}
        self._number = 0
        self._first_ns: int | None = None
        self._last_pts = -1

    def add(self, packet: StoredPacket) -> list[StoredPacket]:
        """The drawn pictures that are ready. Raises av.FFmpegError for a codec nobody knows."""
        if self._decoder is None or packet.stream != self._stream:
            self._decoder, self._stream = decoder_for(packet.stream), packet.stream
            # Each thread holds a picture back, and a live one is wanted now.
            self._decoder.thread_count = 1
        self._number += 1
        self._times[self._number] = packet.wall_ns
        if len(self._times) > _REMEMBERED:
            self._times.pop(next(iter(self._times)))
        given = av.Packet(packet.data)
        given.pts = given.dts = self._number
        try:
            frames = self._decoder.decode(given)
        except av.FFmpegError:
            return []
        found: list[StoredPacket] = []
        for frame in frames:
            wall_ns = self._times.pop(frame.pts, None) if frame.pts is not None else None
            if wall_ns is not None:
                pixels: Any = frame.to_ndarray(format="bgr24")
                found += self._encoded(self.drawn(pixels), wall_ns)
        return found

    def drawn(self, pixels: Pixels) -> Pixels:
        """The picture with its zones hidden and the letters in it."""
        pixels, _ = hide_zones(pixels, self._zones)
        letters = self._lettering
        if letters is not None:
            pixels = pixels.copy()
            rows, columns = min(len(letters), len(pixels)), min(letters.shape[1], pixels.shape[1])
            # At both edges: what happens is in the middle, and half a picture still names who saw it.
            for top in (0, len(pixels) - rows):
                under = pixels[top : top + rows, :columns]
                share = letters[:rows, :columns, 3:].astype(np.uint16)
                mixed = letters[:rows, :columns, :3] * share + under * (255 - share)
                under[:] = (mixed // 255).astype(np.uint8)
        return pixels

    def _encoded(self, pixels: Pixels, wall_ns: int) -> list[StoredPacket]:
        height, width = (side - side % 2 for side in pixels.shape[:2])
        if self._out is None or (self._out.width, self._out.height) != (width, height):
            self._begin(width, height)
        assert self._out is not None
        if self._first_ns is None:
            self._first_ns = wall_ns
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels[:height, :width]), format="bgr24")
        ticks = (wall_ns - self._first_ns) * _TICKS_A_SECOND // SECOND_NS
        frame.pts = self._last_pts = max(self._last_pts + 1, ticks)
        frame.time_base = TIME_BASE
        self._made[frame.pts] = wall_ns
        found = []
        for packet in self._encoder.encode(frame):
            at_ns = self._made.pop(packet.pts, wall_ns)
            found.append(
                StoredPacket(at_ns, packet.pts, packet.dts, packet.is_keyframe, bytes(packet), self._out)
            )
        return found

    def _begin(self, width: int, height: int) -> None:
        figures = self._figures
        encoder: Any = av.CodecContext.create(figures.encoder, "w")
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
        encoder.time_base, encoder.gop_size, encoder.max_b_frames = TIME_BASE, figures.group, 0
        encoder.framerate = 25
        encoder.thread_count = 1
        encoder.options = {"preset": figures.preset, "tune": "zerolatency", "crf": str(figures.crf)}
        encoder.flags |= av.codec.context.Flags.global_header
        encoder.open()
        self._encoder = encoder
        assert self._stream is not None
        aspect = self._stream.aspect
        self._out = StreamInfo("h264", bytes(encoder.extradata), width, height, TIME_BASE, aspect)
