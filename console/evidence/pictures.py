"""Decoded pictures of the recording: for stills, for drawing on, and for masked copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from console.footage.record import StoredPacket, StreamInfo
from console.footage.store import FootageStore

Pixels = NDArray[np.uint8]
"""Height x width x 3, blue green red."""


class Decoded(NamedTuple):
    """A picture and when it was shown (ns, ours)."""

    wall_ns: int
    pixels: Pixels
    is_key: bool


def decoder_for(stream: StreamInfo) -> av.VideoCodecContext:
    """A decoder that was told what the stream says of itself. Raises av.FFmpegError for an unknown codec."""
    context = av.CodecContext.create(stream.codec, "r")
    assert isinstance(context, av.VideoCodecContext)
    if stream.extradata:
        context.extradata = stream.extradata
    context.width, context.height = stream.width, stream.height
    context.thread_count = 2
    context.thread_type = "FRAME"
    return context


def decoded(packets: Iterable[StoredPacket]) -> Iterator[Decoded]:
    """All pictures in the order in which they are shown. A damaged packet loses its own picture only."""
    context: av.VideoCodecContext | None = None
    stream: StreamInfo | None = None
    times: dict[int, tuple[int, bool]] = {}
    for number, packet in enumerate(packets):
        if context is None or packet.stream != stream:
            if context is not None:
                yield from _out(context, None, times)
            context, stream = decoder_for(packet.stream), packet.stream
        # The number travels through the decoder as its time stamp: the stream's own may be missing or double.
        made = av.Packet(packet.data)
        made.pts = made.dts = number
        times[number] = packet.wall_ns, packet.is_key
        yield from _out(context, made, times)
    if context is not None:
        yield from _out(context, None, times)


def _out(
    context: av.VideoCodecContext, packet: av.Packet[Any] | None, times: dict[int, tuple[int, bool]]
) -> Iterator[Decoded]:
    try:
        frames = context.decode(packet)
    except av.FFmpegError:
        return
    for frame in frames:
        told = times.pop(frame.pts, None) if frame.pts is not None else None
        if told is not None:
            yield Decoded(told[0], _bgr(frame), told[1])


def _bgr(frame: av.VideoFrame) -> Pixels:
    pixels: Any = frame.to_ndarray(format="bgr24")
    return pixels  # type: ignore[no-any-return]


def group_at(store: FootageStore, camera_id: str, at_ns: int) -> list[StoredPacket]:
    """The packets needed to show the picture at a time: from its key picture on."""
    group: list[StoredPacket] = []
    for packet in store.packets(camera_id, at_ns, at_ns):
        if packet.is_key:
            group = []
        group.append(packet)
        if packet.wall_ns > at_ns and len(group) == 1:
            break  # nothing is recorded before; this is the first picture after
    return group


def picture_at(group: list[StoredPacket], at_ns: int) -> Decoded | None:
    """The last picture shown at or before a time, else the first one."""
    best: Decoded | None = None
    for each in decoded(group):
        if best is None or best.wall_ns < each.wall_ns <= at_ns:
            best = each
    return best


def png(pixels: Pixels) -> bytes:
    """Raises ValueError for what is no picture."""
    good, data = cv2.imencode(".png", pixels)
    if not good:
        raise ValueError("the picture cannot be written as PNG")
    return bytes(data)


def at_most(pixels: Pixels, width_px: int) -> Pixels:
    """The picture at most so wide, in its own proportion."""
    height, width = pixels.shape[:2]
    if width <= width_px:
        return pixels
    made: Any = cv2.resize(
        pixels, (width_px, max(1, round(height * width_px / width))), interpolation=cv2.INTER_AREA
    )
    return made  # type: ignore[no-any-return]
