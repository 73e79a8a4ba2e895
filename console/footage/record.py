"""One packet as it lies in a segment: a head with magic, checksum and times, then the compressed bytes.

A segment is `MAGIC`, then records. The first record describes the stream; a stream that changes begins a new
segment. Every record has its own checksum, so that a torn or damaged one is known as such and never shown.
"""

from __future__ import annotations

import struct
import zlib
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec

from console.model.base import Record

MAGIC = b"BONGSU-FOOTAGE1\n"
MARK = b"\xf5BF\x1a"
"""Begins each record: where a record is damaged, the next one is found by it."""
LARGEST_PACKET_BYTES = 32 << 20
#: `pts` or `dts` that the camera did not give.
NONE = -(1 << 63)

STREAM, PICTURE, KEY_PICTURE = 0, 1, 2
_HEAD = struct.Struct("<4sIIIqqq")
_CHECKED = struct.Struct("<IIqqq")
HEAD_BYTES = _HEAD.size
_UNCHECKED_BYTES = 8


class StreamInfo(NamedTuple):
    """What a decoder must be told of a stream. `aspect` is that of one picture element (1 where unknown)."""

    codec: str
    extradata: bytes
    width: int
    height: int
    time_base: Fraction
    aspect: Fraction


class StoredPacket(NamedTuple):
    """A compressed picture. `wall_ns` is when it was shown (a file) or came (a camera), UTC since 1970.

    `pts` and `dts` are the stream's own, in `stream.time_base`; they may jump where the camera's did.
    Packets come in the order of decoding: where the stream reorders pictures, `wall_ns` does too.
    """

    wall_ns: int
    pts: int | None
    dts: int | None
    is_key: bool
    data: bytes
    stream: StreamInfo


class Head(NamedTuple):
    """A record's head, not yet checked against its bytes."""

    checksum: int
    size: int
    kind: int
    wall_ns: int
    pts: int
    dts: int


class _StreamOnDisk(Record, frozen=True, kw_only=True):
    codec: str
    extradata: bytes
    width: int
    height: int
    time_base: tuple[int, int]
    aspect: tuple[int, int]


_decode_stream = msgspec.msgpack.Decoder(_StreamOnDisk).decode


def pack_head(kind: int, wall_ns: int, pts: int | None, dts: int | None, data: Any, size: int) -> bytes:
    """The head to be written before `data`. Raises struct.error for times that do not fit 64 bits."""
    pts_or_none = NONE if pts is None else pts
    dts_or_none = NONE if dts is None else dts
    told = _CHECKED.pack(size, kind, wall_ns, pts_or_none, dts_or_none)
    return MARK + zlib.crc32(data, zlib.crc32(told)).to_bytes(4, "little") + told


def read_head(data: bytes) -> Head | None:
    """None when these bytes are not the head of a record."""
    if len(data) < HEAD_BYTES:
        return None
    mark, checksum, size, kind, wall_ns, pts, dts = _HEAD.unpack_from(data)
    if mark != MARK or size > LARGEST_PACKET_BYTES or kind > KEY_PICTURE:
        return None
    return Head(checksum, size, kind, wall_ns, pts, dts)


def is_whole(head: bytes, checksum: int, data: bytes) -> bool:
    """Whether a record's bytes are what was written."""
    return zlib.crc32(data, zlib.crc32(head[_UNCHECKED_BYTES:HEAD_BYTES])) == checksum


def pack_stream(info: StreamInfo, wall_ns: int) -> bytes:
    """The whole record that describes a stream."""
    told = msgspec.msgpack.encode(
        _StreamOnDisk(
            codec=info.codec, extradata=info.extradata, width=info.width, height=info.height,
            time_base=info.time_base.as_integer_ratio(), aspect=info.aspect.as_integer_ratio(),
        )
    )  # fmt: skip
    return pack_head(STREAM, wall_ns, None, None, told, len(told)) + told


def read_stream(data: bytes) -> StreamInfo | None:
    """None when the bytes describe no stream."""
    try:
        told = _decode_stream(data)
        return StreamInfo(
            told.codec, told.extradata, told.width, told.height,
            Fraction(*told.time_base), Fraction(*told.aspect),
        )  # fmt: skip
    except (msgspec.DecodeError, ValueError, ZeroDivisionError):  # ValueError: a text that is no UTF-8
        return None
