"""Recorded packets into pictures that know when they were taken."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import av

from console.footage.layout import GAP_NS
from console.footage.record import StoredPacket, StreamInfo

NANOSECOND = Fraction(1, 1_000_000_000)


class Taken(NamedTuple):
    """A decoded picture and its wall time, ns."""

    wall_ns: int
    frame: av.VideoFrame


class PacketDecoder:
    """Decodes packets in the order they were recorded in. One thread."""

    def __init__(self) -> None:
        self.quick = False
        #: Packets that could not be decoded, or only in part, so far.
        self.errors = 0
        #: Groups of pictures of which nothing could be decoded, one after the other.
        self.empty_groups = 0
        self.stream: StreamInfo | None = None
        self._decoder: Any = None
        self._is_quick = False
        self._key_seen = False
        self._last_ns = 0
        self._skip = ""
        self._in_group = 0
        self._given = self._got = 0

    @property
    def holds(self) -> bool:
        """Whether pictures went in that did not come out yet."""
        return self._got < self._given

    def begin(self) -> None:
        """Decoding goes on somewhere else: what is half decoded is forgotten."""
        if self._decoder is not None:
            self._decoder.flush_buffers()
        self._key_seen = False
        self._in_group = 1
        self._given = self._got = 0

    def decode(self, packet: StoredPacket, hurry: bool = False) -> list[Taken]:
        """The pictures that are ready with this packet. Before a gap, and before the stream changes, all that
        the decoder still held."""
        found: list[Taken] = []
        apart = self._key_seen and packet.wall_ns - self._last_ns > GAP_NS
        another = self.stream is not packet.stream and self.stream != packet.stream
        if apart or another:
            found += self.drain()
        if packet.is_key:
            self.empty_groups = 0 if self._in_group or not self._key_seen else self.empty_groups + 1
            self._in_group = 0
        if another or (packet.is_key and self._is_quick != self.quick):
            self._open(packet.stream)
        self._key_seen = self._key_seen or packet.is_key
        if not self._key_seen or self._decoder is None:
            return found
        self._last_ns = packet.wall_ns
        skip = "NONREF" if hurry else "DEFAULT"
        if skip != self._skip:
            self._decoder.skip_frame = self._skip = skip
        given = av.Packet(packet.data)
        given.pts, given.time_base = packet.wall_ns, NANOSECOND
        if packet.is_key:
            given.is_keyframe = True
        self._given += 1
        return found + self._decoded(given, packet.wall_ns)

    def drain(self) -> list[Taken]:
        """What the decoder still holds; then it begins anew with the next key picture."""
        if self._decoder is None or not self._key_seen:
            return []
        found = self._decoded(None, self._last_ns)
        self.begin()
        return found

    def _decoded(self, given: Any, wall_ns: int) -> list[Taken]:
        try:
            frames = self._decoder.decode(given)
        except EOFError:
            return []  # asked again after its end
        except (av.FFmpegError, IndexError, ValueError):
            self.errors += 1
            return []
        self._in_group += len(frames)
        self._got += len(frames)
        self.errors += sum(frame.is_corrupt for frame in frames)
        return [Taken(wall_ns if frame.pts is None else frame.pts, frame) for frame in frames]

    def _open(self, stream: StreamInfo) -> None:
        self.stream, self._decoder, self._key_seen, self._skip = stream, None, False, ""
        self._is_quick = self.quick
        try:
            decoder = av.VideoCodecContext.create(stream.codec, "r")
            decoder.extradata = stream.extradata or None
            decoder.thread_count = 1
            if self.quick:
                decoder.options = {"skip_loop_filter": "all"}
        except (av.FFmpegError, ValueError):
            self.errors += 1  # a codec that this machine does not know: nothing of it can be shown
            self.empty_groups = LOST_AFTER_GROUPS
            return
        self._decoder = decoder


LOST_AFTER_GROUPS = 1
"""After so many groups without a single picture, what was recorded there is called unreadable."""
