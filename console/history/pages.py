"""How rows become bytes: pages of 64 neighbouring points, each column as differences, byte by byte,
compressed.

A value is kept as a whole number of decimals where all of a point's values in the block are exactly that
(sensors
say 21.4, not 21.400000000000002), else as its 64 bits: nothing is rounded. The mean of a bucket is kept as
its
distance from the bucket's least value in 32 bits; it is exact to a 16-millionth of the bucket's height.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import zstandard

from console.history.rows import Buckets, Readings
from console.telemetry.table import F64, I64

PAGE_POINTS = 64
MOST_DECIMALS = 6
AS_BITS = 255
LEVEL = 3
LARGEST_PAGE_BYTES = 1 << 28
_HEAD = struct.Struct("<II")
_FLOATS = frozenset({"value", "low", "high", "first", "last"})
_ROLLED_INTS = ("count", "bad", "silent_ms")


class PageError(Exception):
    """A page is not what it says; the text says how."""


class Page(NamedTuple):
    """One page as it is written."""

    number: int
    data: bytes
    crc: int


def pack(rows: Readings | Buckets) -> Iterator[Page]:
    """The pages of rows sorted by point and time, by page number."""
    starts = np.flatnonzero(np.diff(rows.points, prepend=np.uint32(0xFFFFFFFF)))
    counts = np.diff(starts, append=len(rows))
    own = rows.points[starts]
    streams, scales = _streams(rows, starts, counts)
    page_of = own // PAGE_POINTS
    firsts = np.flatnonzero(np.diff(page_of.astype(np.int64), prepend=-1))
    compress = zstandard.ZstdCompressor(level=LEVEL).compress
    for place, first in enumerate(firsts):
        behind = firsts[place + 1] if place + 1 < len(firsts) else len(own)
        begin = int(starts[first])
        end = int(starts[behind]) if behind < len(own) else len(rows)
        number = int(page_of[first])
        head = [
            _HEAD.pack(end - begin, int(behind - first)),
            (own[first:behind] - number * PAGE_POINTS).astype(np.uint8).tobytes(),
            counts[first:behind].astype(np.uint32).tobytes(),
        ]
        head += [scale[first:behind].tobytes() for scale in scales]
        body = [_shuffled(_differences(stream[begin:end])) for stream in streams]
        data = compress(b"".join(head + body))
        yield Page(number, data, zlib.crc32(data))


def unpack(number: int, data: bytes, kind: type[Readings] | type[Buckets]) -> Readings | Buckets:
    """The rows of one page. Raises PageError."""
    try:
        raw = zstandard.ZstdDecompressor().decompress(data, max_output_size=LARGEST_PAGE_BYTES)
        return _unpacked(number, raw, kind)
    except (zstandard.ZstdError, struct.error, ValueError, IndexError) as error:
        raise PageError(f"page {number}: {error}") from None


def _unpacked(number: int, raw: bytes, kind: type[Readings] | type[Buckets]) -> Readings | Buckets:
    rows, points = _HEAD.unpack_from(raw)
    at = _HEAD.size
    own = np.frombuffer(raw, np.uint8, points, at).astype(np.uint32) + np.uint32(number * PAGE_POINTS)
    at += points
    counts = np.frombuffer(raw, np.uint32, points, at)
    at += 4 * points
    names = [one.name for one in fields(kind)][1:]
    scales = {}
    for name in names:
        if name in _FLOATS:
            scales[name] = np.repeat(np.frombuffer(raw, np.uint8, points, at), counts)
            at += points
    if int(counts.sum()) != rows:
        raise PageError(f"page {number}: {rows} rows, {int(counts.sum())} counted")
    cells: dict[str, npt.NDArray[Any]] = {"points": np.repeat(own, counts)}
    for name in names:
        size = 8 if name in _FLOATS or name == "at_ns" else 1 if name == "quality" else 4
        stream = _summed(raw, at, rows, size)
        at += rows * size
        if name in _FLOATS:
            cells[name] = _values(stream, scales[name])
        elif name == "mean":
            above = stream.view(np.float32).astype(np.float64)
            cells[name] = cells["low"] + above
        elif name == "at_ns" or name == "quality":
            cells[name] = stream.view(np.uint8) if size == 1 else stream
        else:
            cells[name] = stream.view(np.uint32)
    return kind(**cells)


def _streams(
    rows: Readings | Buckets, starts: I64, counts: I64
) -> tuple[list[npt.NDArray[Any]], list[npt.NDArray[np.uint8]]]:
    streams: list[npt.NDArray[Any]] = []
    scales = []
    for one in fields(rows):
        column = getattr(rows, one.name)
        if one.name == "points":
            continue
        if one.name in _FLOATS:
            code, scale = _codes(column, starts, counts)
            streams.append(code)
            scales.append(scale)
        elif one.name == "mean":
            assert isinstance(rows, Buckets)
            streams.append((column - rows.low).astype(np.float32).view(np.int32))
        elif one.name in _ROLLED_INTS:
            streams.append(column.astype(np.uint32).view(np.int32))
        else:
            streams.append(column if one.name == "at_ns" else column.view(np.int8))
    return streams, scales


def _codes(value: F64, starts: I64, counts: I64) -> tuple[I64, npt.NDArray[np.uint8]]:
    """Each value as an int64, and by point how: decimals, or AS_BITS."""
    code = value.view(np.int64).copy()
    scale = np.full(len(starts), AS_BITS, np.uint8)
    left = np.arange(len(starts))
    for decimals in range(MOST_DECIMALS + 1):
        if not len(left):
            break
        power = 10.0**decimals
        likely = left[_exact(value[starts[left]], power)]
        if len(likely):
            rows = _rows_of(starts[likely], counts[likely])
            whole = _exact(value[rows], power)
            behind = np.concatenate([[0], np.cumsum(counts[likely])[:-1]])
            fits = np.logical_and.reduceat(whole, behind)
            found = likely[fits]
            scale[found] = decimals
            rows = rows[np.repeat(fits, counts[likely])]
            code[rows] = np.rint(value[rows] * power).astype(np.int64)
            left = left[scale[left] == AS_BITS]
    return code, scale


def _exact(value: F64, power: float) -> npt.NDArray[np.bool_]:
    """Where dividing a whole number gives the very same value back (and minus zero is not lost)."""
    with np.errstate(invalid="ignore", over="ignore"):
        whole = np.rint(value * power)
        small = np.abs(whole) < 2.0**53
        same = (whole / power == value) & small & ~((value == 0) & np.signbit(value))
    return np.asarray(same, dtype=np.bool_)


def _rows_of(starts: I64, counts: I64) -> I64:
    """Row numbers of all rows of some points."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1])) - np.repeat(ends - counts, counts) + np.repeat(starts, counts)


def _values(code: I64, scale: npt.NDArray[np.uint8]) -> F64:
    value: F64 = code.view(np.float64).copy()
    whole = scale != AS_BITS
    if whole.any():
        value[whole] = code[whole] / 10.0 ** scale[whole].astype(np.float64)
    return value


def _differences(stream: npt.NDArray[Any]) -> npt.NDArray[Any]:
    found = stream.copy()
    found[1:] -= stream[:-1]
    return found


def _shuffled(stream: npt.NDArray[Any]) -> bytes:
    size = stream.itemsize
    if size == 1:
        return stream.tobytes()
    return stream.view(np.uint8).reshape(-1, size).T.tobytes()


def _summed(raw: bytes, at: int, rows: int, size: int) -> npt.NDArray[Any]:
    plain = np.frombuffer(raw, np.uint8, rows * size, at)
    kind: Any = {1: np.int8, 4: np.int32, 8: np.int64}[size]
    joined = plain if size == 1 else np.ascontiguousarray(plain.reshape(size, rows).T)
    stream = joined.reshape(-1).view(kind)
    return np.cumsum(stream, dtype=kind)
