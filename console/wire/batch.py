"""The columnar batch: one message for many readings, as raw little-endian buffers.

Frames: header (msgpack BatchHeader), uint32 point indexes, float64 values, int64 ns taken-at, uint8 quality.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from console.model.base import Record
from console.telemetry.table import Columns

_DTYPES: tuple[np.dtype[Any], ...] = (np.dtype("<u4"), np.dtype("<f8"), np.dtype("<i8"), np.dtype("u1"))


class BatchHeader(Record, frozen=True, kw_only=True):
    """`sequence` counts a source's batches from 1 without gaps: a gap is a loss that is counted.

    `profile_digest` must be the hub's own, because point indexes mean nothing under another profile.
    """

    source: str
    sequence: int
    sent_ns: int
    count: int
    profile_digest: str


class BatchError(Exception):
    """The frames are not a batch; the text names the frame and what was expected."""


_decode_header = msgspec.msgpack.Decoder(BatchHeader).decode
_encode = msgspec.msgpack.Encoder().encode


def batch_frames(header: BatchHeader, columns: Columns) -> list[bytes]:
    """The five frames of a batch."""
    arrays = (columns.points, columns.values, columns.taken_at_ns, columns.quality)
    return [
        _encode(header),
        *(np.ascontiguousarray(array, dtype).tobytes() for array, dtype in zip(arrays, _DTYPES, strict=True)),
    ]


def read_batch(frames: Sequence[bytes | memoryview]) -> tuple[BatchHeader, Columns]:
    """Header and arrays of the five frames; the arrays are read-only views of the message.

    Raises BatchError for a wrong number of frames, a bad header or columns that do not fit together.
    """
    if len(frames) != 5:
        raise BatchError(f"expected 5 frames, found {len(frames)}")
    try:
        header = _decode_header(frames[0])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError) as error:
        raise BatchError(f"frame 0 (header): {error}") from None
    names = ("points", "values", "taken_at_ns", "quality")
    arrays = []
    for name, dtype, frame in zip(names, _DTYPES, frames[1:], strict=True):
        expected = header.count * dtype.itemsize
        if header.count < 0 or len(frame) != expected:
            raise BatchError(f"column {name}: expected {expected} bytes, found {len(frame)}")
        arrays.append(np.frombuffer(frame, dtype))
    return header, Columns(*arrays)
