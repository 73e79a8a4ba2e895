"""What is in a recording: an MCAP file with two channels, described so that other programs can read it.

`decisions`: one JSON message for each committed entry, with its JSON schema.
`telemetry`: one binary message for each columnar batch, little-endian, as `COLUMNS` says.
Log times never go back inside a file (the publish time is the one the clock said), so that the order by
log time is the order in which things were committed and heard.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

import msgspec

from console.model.base import Record
from console.model.events import Entry

PROFILE = "bongsu"
"""The profile named in the MCAP header; a file without it is not ours."""

METADATA = "bongsu"
"""Name of the metadata record: city, profile_digest, run, version, whatever the recorder was told."""

DECISIONS = "decisions"
TELEMETRY = "telemetry"

COLUMNS = """\
One columnar batch of readings. All numbers little-endian, nothing between the parts.
u32  h               length of the header in bytes
h    header          MessagePack map: source (str), sequence (int, counts a source's batches from 1),
                     sent_ns (int, ns since 1970 UTC), count (int, = n), profile_digest (str)
u32  n               readings in this batch
u32  point[n]        index of the point in the city's profile named by profile_digest
f64  value[n]        in the point's unit
i64  taken_at_ns[n]  when it was measured, ns since 1970 UTC
u8   quality[n]      0 good; other values as the profile's documentation says
"""

_WIDTHS = (4, 8, 8, 1)
_LENGTH = struct.Struct("<I")

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(Entry).decode


class Recorded(Record, frozen=True, kw_only=True):
    """One message of a recording: either an entry or the five frames of a batch, never both.

    `log_ns` rises through the file; `published_ns` is what the clock said then.
    """

    log_ns: int
    published_ns: int
    entry: Entry | None = None
    batch: tuple[bytes, bytes, bytes, bytes, bytes] | None = None


class RecordingError(Exception):
    """The file is not a recording, or nothing of it can be read; the text says what and where."""


def entry_schema() -> bytes:
    """The JSON schema of a `decisions` message."""
    return _encode(msgspec.json.schema(Entry))


def pack_entry(entry: Entry) -> bytes:
    return _encode(entry)


def unpack_entry(data: bytes) -> Entry:
    """Raises msgspec.MsgspecError."""
    return _decode(data)


def pack_batch(frames: Sequence[bytes | memoryview]) -> bytes:
    """One message from the frames header, points, values, taken_at_ns, quality.

    Raises ValueError when the columns do not have the same length.
    """
    if len(frames) != 5:
        raise ValueError(f"a batch has 5 frames, not {len(frames)}")
    header, *columns = (bytes(frame) for frame in frames)
    count = len(columns[3])
    for width, column in zip(_WIDTHS, columns, strict=True):
        if len(column) != width * count:
            raise ValueError(f"a column of {count} readings of {width} bytes has {len(column)} bytes")
    return b"".join([_LENGTH.pack(len(header)), header, _LENGTH.pack(count), *columns])


def unpack_batch(data: bytes) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """The five frames of a `telemetry` message. Raises ValueError when it is none."""
    try:
        (size,) = _LENGTH.unpack_from(data, 0)
        (count,) = _LENGTH.unpack_from(data, 4 + size)
    except struct.error as error:
        raise ValueError(f"a telemetry message of {len(data)} bytes: {error}") from None
    at = 4 + size + 4
    if len(data) != at + count * sum(_WIDTHS):
        raise ValueError(f"a telemetry message of {count} readings has {len(data)} bytes")
    columns = []
    for width in _WIDTHS:
        columns.append(data[at : at + width * count])
        at += width * count
    points, values, taken_at_ns, quality = columns
    return data[4 : 4 + size], points, values, taken_at_ns, quality
