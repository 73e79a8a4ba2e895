"""Packets as fragmented MP4, not decoded and not encoded: a head once, then a fragment for each picture.

Fragments are the same for all who see a camera; only the head differs, which carries who sees it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

import av

from console.clock import SECOND_NS
from console.evidence.remux import StreamTimes, mux_stream
from console.footage.layout import GAP_NS
from console.footage.record import StoredPacket, StreamInfo

_FLAGS = "empty_moov+default_base_moof+frag_every_frame"
#: Without parameters beside the stream they are in its first picture, and the head waits for it.
_FLAGS_LATE = f"{_FLAGS}+delay_moov"
_NAMES = {"title": b"\xa9nam", "artist": b"\xa9ART", "comment": b"\xa9cmt", "copyright": b"cprt"}


BETWEEN_NS = 40_000_000
"""What is left of a gap: one picture's time at 25 a second. Players wait in a gap, browsers for ever."""


class CodecError(Exception):
    """This stream does not go into an MP4 file."""


class Piece(NamedTuple):
    """The fragment of one picture, and when the picture was shown."""

    data: bytes
    is_key: bool
    wall_ns: int


class FragmentMuxer:
    """One stream. One thread. `head` is there with the first piece at the latest.

    A picture's fragment comes with the next picture: until then nobody knows how long it stands.
    """

    def __init__(self, stream: StreamInfo) -> None:
        """Raises CodecError."""
        self.stream = stream
        self.head = b""
        self._sink = _Sink()
        self._times = StreamTimes(stream.time_base)
        self._before: StoredPacket | None = None
        self._newest_ns = 0
        self._skipped_ns = 0
        self._last_dts: int | None = None
        self._step = 1
        flags = _FLAGS if stream.extradata else _FLAGS_LATE
        try:
            self._file = av.open(
                self._sink, "w", format="mp4", options={"movflags": flags, "flush_packets": "1"}
            )
            self._out = mux_stream(self._file, stream)
        except (av.FFmpegError, ValueError) as error:
            raise CodecError(f"{stream.codec}: {error}") from None

    def add(self, packet: StoredPacket) -> Piece | None:
        """Take the next picture; the fragment of the one before it. Raises CodecError."""
        pts, dts = self._times.placed(self._without_gaps(packet))
        if self._last_dts is not None:
            self._step = max(1, dts - self._last_dts)
        self._last_dts = dts
        made = av.Packet(packet.data)
        made.stream, made.time_base = self._out, self.stream.time_base
        made.pts, made.dts, made.is_keyframe, made.duration = pts, dts, packet.is_key, self._step
        try:
            self._file.mux(made)
        except (av.FFmpegError, ValueError) as error:
            raise CodecError(f"{self.stream.codec}: {error}") from None
        return self._taken(packet)

    def end(self) -> Piece | None:
        """The fragment of the last picture; nothing may be added after it."""
        try:
            self._file.close()
        except (av.FFmpegError, ValueError, OSError):
            return None
        return self._taken(None)

    def _without_gaps(self, packet: StoredPacket) -> StoredPacket:
        if self._newest_ns and packet.wall_ns - self._newest_ns > GAP_NS:
            self._skipped_ns += packet.wall_ns - self._newest_ns - BETWEEN_NS
        self._newest_ns = max(self._newest_ns, packet.wall_ns)
        if not self._skipped_ns:
            return packet
        ticks = int(self._skipped_ns / (self.stream.time_base * SECOND_NS))
        return packet._replace(
            wall_ns=packet.wall_ns - self._skipped_ns,
            pts=None if packet.pts is None else packet.pts - ticks,
            dts=None if packet.dts is None else packet.dts - ticks,
        )

    def _taken(self, packet: StoredPacket | None) -> Piece | None:
        before, self._before = self._before, packet
        head, fragments = b"", b""
        for kind, data in boxes(self._sink.take()):
            if kind in (b"ftyp", b"moov"):
                head += data
            elif kind in (b"moof", b"mdat"):
                fragments += data
        self.head = self.head or head
        if before is None or not fragments:
            return None
        return Piece(fragments, before.is_key, before.wall_ns)


class _Sink:
    """What the muxer writes into: it is taken away after each picture."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of a file, each whole with its kind; what is torn at the end is left out."""
    at = 0
    while at + 8 <= len(data):
        (size,) = struct.unpack_from(">I", data, at)
        if size < 8 or at + size > len(data):
            return
        yield data[at + 4 : at + 8], data[at : at + size]
        at += size


def marked(head: bytes, said: dict[str, str]) -> bytes:
    """The head with texts as players show them: `title`, `artist`, `comment`, `copyright`.

    Nothing else of the file says where anything is, so the head may grow.
    """
    out = b""
    for kind, data in boxes(head):
        if kind != b"moov":
            out += data
            continue
        inside = b"".join(each for name, each in boxes(data[8:]) if name != b"udta")
        out += _box(b"moov", inside + _user_data(said))
    return out


def _user_data(said: dict[str, str]) -> bytes:
    handler = _box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    items = b"".join(
        _box(_NAMES[name], _box(b"data", struct.pack(">II", 1, 0) + text.encode()))
        for name, text in said.items()
    )
    return _box(b"udta", _box(b"meta", bytes(4) + handler + _box(b"ilst", items)))


def _box(kind: bytes, inside: bytes) -> bytes:
    return struct.pack(">I", 8 + len(inside)) + kind + inside


def content_type(head: bytes) -> str:
    """What a browser must be told of the stream to show it (RFC 6381); only the format for codecs whose
    parameters we do not say.
    """
    at = head.find(b"avcC")
    if at >= 0 and len(head) > at + 8:
        return f'video/mp4; codecs="avc1.{head[at + 5 : at + 8].hex().upper()}"'
    at = head.find(b"hvcC")
    if at >= 0 and len(head) > at + 17:
        return f'video/mp4; codecs="hev1.{_hevc(head[at + 4 : at + 17])}"'
    return "video/mp4"


def _hevc(told: bytes) -> str:
    space, tier, profile = told[1] >> 6, told[1] >> 5 & 1, told[1] & 31
    compatible = int(f"{int.from_bytes(told[2:6], 'big'):032b}"[::-1], 2)
    constraints = told[6:12].rstrip(b"\0")
    named = ("", "A", "B", "C")[space] + str(profile)
    parts = [named, f"{compatible:X}", f"{'LH'[tier]}{told[12]}", *(f"{one:X}" for one in constraints)]
    return ".".join(parts)
