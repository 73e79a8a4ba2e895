"""Where the key pictures of a segment are, and where its pictures stop: the file beside the packets.

Entries of 24 bytes: wall time (i64), offset in the packets (i64), kind (u32), checksum (u32) of everything in
the file before it. So the last entry vouches for all, and a day of index costs one checksum a segment.
The index only saves time: when it is missing or damaged, the packets themselves are looked through.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from bisect import bisect_right

from console.footage.layout import GAP_NS

KEY, STOP, ROLL = 1, 2, 3
"""A key picture; the last picture before a gap; the last picture of a segment that the next one continues."""
_ENTRY = struct.Struct("<qqI")
ENTRY_BYTES = _ENTRY.size + 4
INDEX_EVERY_NS = 200_000_000
"""Key pictures nearer to the last one are not entered: a stream of key pictures only would fill the disk."""

Interval = tuple[int, int]


class IndexWriter:
    """Makes entries; each can only follow those it made before."""

    def __init__(self, before: bytes = b"") -> None:
        self._running = zlib.crc32(before)

    def entry(self, wall_ns: int, offset: int, kind: int) -> bytes:
        told = _ENTRY.pack(wall_ns, offset, kind)
        checksum = zlib.crc32(told, self._running)
        whole = told + checksum.to_bytes(4, "little")
        self._running = zlib.crc32(whole[-4:], checksum)
        return whole


class SegmentIndex:
    """The entries of one segment as far as they are whole. Immutable."""

    __slots__ = ("ends_with", "key_offsets", "key_times", "size", "stops")

    def __init__(self, data: bytes) -> None:
        whole = _whole_part(data)
        self.size = len(whole)
        # A day has 43,000 entries: three words each, taken apart as columns and not one by one.
        words = array("q", whole)
        if sys.byteorder == "big":
            words.byteswap()
        self.key_times: list[int] = words[0::3].tolist()
        self.key_offsets: list[int] = words[1::3].tolist()
        kinds = whole[_ENTRY.size - 4 :: ENTRY_BYTES]
        others = [number for number, kind in enumerate(kinds) if kind != KEY]
        self.stops: list[tuple[int, int]] = [
            (self.key_times[number], self.key_offsets[number]) for number in others
        ]
        for number in reversed(others):
            del self.key_times[number], self.key_offsets[number]
        kind = kinds[-1] if kinds else 0
        #: The kind of the last entry; 0 without one. STOP and ROLL: the segment may be complete.
        self.ends_with = kind

    @property
    def is_closed(self) -> bool:
        """Whether its last entry says where its pictures stop."""
        return self.ends_with in (STOP, ROLL)

    @property
    def goes_on(self) -> bool:
        """Whether the next segment continues it without a gap."""
        return self.ends_with == ROLL

    def intervals(self, end_ns: int) -> list[Interval]:
        """The stretches with pictures, the last one until `end_ns`."""
        if not self.stops or (len(self.stops) == 1 and self.is_closed):
            return [(self.key_times[0], max(end_ns, self.key_times[0]))] if self.key_times else []
        found: list[Interval] = []
        begin = 0
        for stop_ns, _ in self.stops:
            number = bisect_right(self.key_times, stop_ns)
            if number > begin:
                found.append((self.key_times[begin], stop_ns))
            begin = number
        if begin < len(self.key_times):
            found.append((self.key_times[begin], max(end_ns, self.key_times[begin])))
        return found


def _whole_part(data: bytes) -> bytes:
    """The longest beginning of whole entries."""
    size = len(data) - len(data) % ENTRY_BYTES
    if size and zlib.crc32(data[: size - 4]) == int.from_bytes(data[size - 4 : size], "little"):
        return data[:size]
    running = good = 0
    for begin in range(0, size, ENTRY_BYTES):
        end = begin + ENTRY_BYTES
        running = zlib.crc32(data[begin : end - 4], running)
        if running != int.from_bytes(data[end - 4 : end], "little"):
            break
        running = zlib.crc32(data[end - 4 : end], running)
        good = end
    return data[:good]


def joined(intervals: list[Interval], gap_ns: int = GAP_NS) -> list[Interval]:
    """Sorted stretches, those nearer to each other than `gap_ns` made one."""
    found: list[Interval] = []
    for begin, end in intervals:
        if found and begin - found[-1][1] <= gap_ns:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
