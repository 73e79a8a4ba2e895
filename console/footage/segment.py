"""One segment as a reader sees it: what is whole of it, where its key pictures are, its packets."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from console.footage.index import INDEX_EVERY_NS, KEY, STOP, SegmentIndex
from console.footage.layout import GAP_NS, KEYS
from console.footage.record import (
    HEAD_BYTES,
    KEY_PICTURE,
    LARGEST_PACKET_BYTES,
    MAGIC,
    MARK,
    NONE,
    STREAM,
    Head,
    StoredPacket,
    StreamInfo,
    is_whole,
    read_head,
    read_stream,
)

LOOK_AHEAD_BYTES = 1 << 18
EMPTY = "empty: 0 bytes"
NOT_FOOTAGE = "does not begin like a segment of footage"
NO_STREAM = "does not say what stream it holds"
NO_KEY = "holds no key picture"
DAMAGED = "damaged at byte {offset}; what follows the damage is used from its next key picture"


class SegmentError(Exception):
    """Nothing of a segment can be used; the text says why."""


class Keys(NamedTuple):
    """The entered key pictures of a segment: their times and where they are."""

    times: list[int]
    offsets: list[int]


class Segment:
    """What is known of one segment. `look` reads it (again); after that `intervals`, `end_ns` and `keys`.

    Files are read, not mapped: a page of a failing disk would end the process instead of raising OSError.
    """

    def __init__(self, path: Path, begin_ns: int) -> None:
        self.path = path
        self.begin_ns = begin_ns
        self.end_ns = begin_ns
        self.intervals: tuple[tuple[int, int], ...] = ()
        #: Its writer is done with it.
        self.is_closed = False
        #: Why nothing, or not all of it, can be used.
        self.problem = ""
        self.goes_on = False
        self._seen = (-1, -1)
        self._keys: Keys | None = None

    def look(self) -> None:
        """Read what is new. Raises SegmentError (said in `problem` as well), FileNotFoundError, OSError."""
        if self.is_closed:
            return
        size, index = os.stat(self.path).st_size, _read_index(self.path)
        if self._seen == (size, len(index)):
            return
        told = SegmentIndex(index)
        try:
            self._take(told, size)
        except SegmentError as error:
            self.problem, self.intervals = str(error), ()
            raise
        self._seen = (size, len(index))

    def _take(self, index: SegmentIndex, size: int) -> None:
        if index.is_closed and index.stops[-1][1] == size:
            self.end_ns = index.stops[-1][0]
            self.is_closed, self.goes_on = True, index.goes_on
            self._keys = None  # many segments are known at once: their keys are read again when asked for
            _check_beginning(self.path, size)
        else:
            self.end_ns = self._look_through(index, size)
            self._keys = Keys(index.key_times, index.key_offsets)
        if not index.key_times:
            raise SegmentError(NO_KEY)
        self.problem = ""
        self.intervals = tuple(index.intervals(self.end_ns))

    def _look_through(self, index: SegmentIndex, size: int) -> int:
        """Add to the index what the packets say beyond it; the time of the last whole picture."""
        with open(self.path, "rb") as file:
            _check_magic(file, size)
            _forget_beyond(index, file, size)
            begin = index.key_offsets[-1] if index.key_offsets else len(MAGIC)
            last_ns = max([self.begin_ns, *index.key_times[-1:], *(stop for stop, _ in index.stops[-1:])])
            for offset, head in _heads(file, begin, size):
                if head.kind == STREAM:
                    continue
                if head.wall_ns - last_ns > GAP_NS and index.key_times:
                    index.stops.append((last_ns, offset))
                entered_ns = index.key_times[-1] if index.key_times else -INDEX_EVERY_NS
                if head.kind == KEY_PICTURE and head.wall_ns - entered_ns > INDEX_EVERY_NS:
                    index.key_times.append(head.wall_ns)
                    index.key_offsets.append(offset)
                last_ns = max(last_ns, head.wall_ns)
        return last_ns

    def keys(self) -> Keys:
        """The key pictures. Raises what `look` raises."""
        if self._keys is not None:
            return self._keys
        index = SegmentIndex(_read_index(self.path))
        if not index.is_closed:
            # Its index was lost after we looked: find them in the packets.
            self._look_through(index, os.stat(self.path).st_size)
        return Keys(index.key_times, index.key_offsets)

    def entries(self, keys: Keys, end: int) -> list[tuple[int, int, int]]:
        """What an index of this segment says if it stops at an offset, but for its last stop."""
        found = [(wall_ns, offset, KEY) for wall_ns, offset in zip(*keys, strict=True) if offset < end]
        ends = [end for _, end in self.intervals[:-1]]
        for end_ns in ends:
            number = bisect_right(keys.times, end_ns)
            found.append((end_ns, keys.offsets[number] if number < len(keys.offsets) else 0, STOP))
        return sorted(found)

    def end_of_whole(self) -> tuple[int, int] | None:
        """Time and end of the last whole picture, checksums looked at from the last key picture on; None
        without any."""
        for offset in reversed(self.keys().offsets):
            last_ns = end = 0
            for packet, behind in self.packets(offset):
                last_ns, end = max(last_ns, packet.wall_ns), behind
            if end:
                return last_ns, end
        return None

    def packets(self, offset: int | None) -> Iterator[tuple[StoredPacket, int]]:
        """Whole packets from a record on (None: from the first), each with the offset behind it, from which
        one may go on later.

        Ends at what is whole now. Damage is passed over up to the next key picture and told in `problem`.
        Raises SegmentError and OSError.
        """
        with open(self.path, "rb", buffering=LOOK_AHEAD_BYTES) as file:
            size = os.fstat(file.fileno()).st_size
            _check_magic(file, size)
            stream = _stream_of(file)
            at = file.tell() if offset is None else offset
            file.seek(at)
            whole = True
            while True:
                raw = file.read(HEAD_BYTES)
                head = read_head(raw)
                data = file.read(head.size) if head is not None else b""
                if head is None or len(data) < head.size or not is_whole(raw, head.checksum, data):
                    size = os.fstat(file.fileno()).st_size
                    found = _next_record(file, at + 1, size)
                    if found is None:
                        if len(raw) == HEAD_BYTES and (head is None or len(data) == head.size):
                            self.problem = DAMAGED.format(offset=at)
                        return
                    self.problem = DAMAGED.format(offset=at)
                    at, whole = found, False
                    file.seek(at)
                    continue
                at += HEAD_BYTES + head.size
                if head.kind == STREAM:
                    stream = read_stream(data) or stream
                    continue
                whole = whole or head.kind == KEY_PICTURE
                if whole:
                    yield _packet(head, data, stream), at

    def last_key(self, offset: int, until_ns: int) -> int:
        """The offset of the last key picture at or before a time, looked for from one that is."""
        best = offset
        with open(self.path, "rb", buffering=LOOK_AHEAD_BYTES) as file:
            size = os.fstat(file.fileno()).st_size
            for at, head in _heads(file, offset, size):
                if head.kind != KEY_PICTURE:
                    continue
                if head.wall_ns > until_ns or head.wall_ns < self.begin_ns:
                    break
                best = at
        return best


def _packet(head: Head, data: bytes, stream: StreamInfo) -> StoredPacket:
    return StoredPacket(
        head.wall_ns,
        None if head.pts == NONE else head.pts,
        None if head.dts == NONE else head.dts,
        head.kind == KEY_PICTURE,
        data,
        stream,
    )


def _read_index(path: Path) -> bytes:
    try:
        return path.with_suffix(KEYS).read_bytes()
    except FileNotFoundError:
        return b""


def _check_beginning(path: Path, size: int) -> None:
    with open(path, "rb") as file:
        _check_magic(file, size)


def _check_magic(file: BinaryIO, size: int) -> None:
    if size == 0:
        raise SegmentError(EMPTY)
    if file.read(len(MAGIC)) != MAGIC:
        raise SegmentError(NOT_FOOTAGE)


def _stream_of(file: BinaryIO) -> StreamInfo:
    """The stream as the record after the magic says."""
    raw = file.read(HEAD_BYTES)
    head = read_head(raw)
    if head is None or head.kind != STREAM:
        raise SegmentError(NO_STREAM)
    data = file.read(head.size)
    stream = read_stream(data) if is_whole(raw, head.checksum, data) else None
    if stream is None:
        raise SegmentError(NO_STREAM)
    return stream


def _forget_beyond(index: SegmentIndex, file: BinaryIO, size: int) -> None:
    """Take out of an index what it says of packets that are not there: after a power cut, of two files the
    one written later may be the one that was kept."""
    index.stops = [stop for stop in index.stops if stop[1] <= size]
    while index.key_offsets:
        file.seek(index.key_offsets[-1])
        raw = file.read(HEAD_BYTES)
        head = read_head(raw)
        whole = head is None or index.key_offsets[-1] + HEAD_BYTES + head.size <= size
        if len(raw) == HEAD_BYTES and whole:
            return
        index.key_times.pop()
        index.key_offsets.pop()


def _heads(file: BinaryIO, begin: int, size: int) -> Iterator[tuple[int, Head]]:
    """The heads of all records that fit into `size` bytes; after damage, from the next record that is whole.

    Their bytes are not read: what is torn at the end does not fit, and reading packets checks each.
    """
    at = begin
    while at + HEAD_BYTES <= size:
        file.seek(at)
        head = read_head(file.read(HEAD_BYTES))
        if head is None:
            found = _next_record(file, at + 1, size)
            if found is None:
                return
            at = found
            continue
        if at + HEAD_BYTES + head.size > size:
            return
        yield at, head
        at += HEAD_BYTES + head.size


def _next_record(file: BinaryIO, begin: int, size: int) -> int | None:
    """The offset of the next record that is whole, at or after `begin`."""
    at = begin
    while at < size:
        file.seek(at)
        chunk = file.read(LOOK_AHEAD_BYTES)
        place = chunk.find(MARK)
        while place >= 0:
            if _is_record(file, at + place, size):
                return at + place
            place = chunk.find(MARK, place + 1)
        if len(chunk) < LOOK_AHEAD_BYTES:
            return None
        at += len(chunk) - len(MARK) + 1
    return None


def _is_record(file: BinaryIO, offset: int, size: int) -> bool:
    file.seek(offset)
    raw = file.read(HEAD_BYTES)
    head = read_head(raw)
    if head is None or offset + HEAD_BYTES + head.size > size or head.size > LARGEST_PACKET_BYTES:
        return False
    return is_whole(raw, head.checksum, file.read(head.size))
