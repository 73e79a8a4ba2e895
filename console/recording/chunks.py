"""Reading MCAP files that may be cut off, damaged or still growing.

The library's own reader expects a whole file. This one takes a file record by record, checks lengths before
it believes them and CRCs before it decodes, and says where it had to stop.
"""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.opcode import Opcode
from mcap.records import Channel, Chunk, ChunkIndex, Footer, Header, Message, Metadata, Schema
from mcap.stream_reader import breakup_chunk
from mcap.writer import MCAP0_MAGIC

from console.recording.layout import RecordingError

MOST_RECORD_BYTES = 256 << 20
"""No record of ours is nearly as long; a longer one is a damaged length."""

_PREFIX = 9  # opcode and length
_FOOTER = _PREFIX + 20


class DamageError(Exception):
    """A record is not what its length and checksum say; `at` is its offset."""

    def __init__(self, at: int, problem: str) -> None:
        super().__init__(f"byte {at}: {problem}")
        self.at = at


class RecordWalk:
    """Goes from record to record. A record that is not there in full yet is not an error: ask again later."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.seek(0)
        magic = file.read(len(MCAP0_MAGIC))
        if magic != MCAP0_MAGIC:
            raise RecordingError("it does not begin like an MCAP file")
        self.at = len(MCAP0_MAGIC)

    def next(self) -> tuple[int, int, bytes] | None:
        """(offset, opcode, content) of the next record; None when it is not all there. Raises DamageError."""
        size = os.fstat(self._file.fileno()).st_size
        if size < self.at + _PREFIX:
            return None
        self._file.seek(self.at)
        prefix = self._file.read(_PREFIX)
        opcode, length = prefix[0], int.from_bytes(prefix[1:], "little")
        if opcode == 0 or length > MOST_RECORD_BYTES:
            raise DamageError(self.at, f"a record of kind {opcode} and {length} bytes")
        if size < self.at + _PREFIX + length:
            return None
        at, content = self.at, self._file.read(length)
        self.at += _PREFIX + length
        return at, opcode, content


def header(content: bytes) -> Header:
    with _careful(0):
        found: Header = Header.read(_stream(content))
        return found


def metadata(at: int, content: bytes) -> Metadata:
    with _careful(at):
        found: Metadata = Metadata.read(_stream(content))
        return found


def chunk_ends_ns(content: bytes) -> int:
    """The latest log time in a chunk, from its first bytes."""
    return int.from_bytes(content[8:16], "little")


def open_chunk(at: int, content: bytes) -> list[Schema | Channel | Message]:
    """What is in a chunk. Raises DamageError when the checksum or anything else is wrong."""
    with _careful(at):
        chunk = Chunk.read(_stream(content))
        if chunk.uncompressed_size > MOST_RECORD_BYTES:
            raise DamageError(at, f"a chunk of {chunk.uncompressed_size} bytes")
        if chunk.compression == "zstd":
            inside = zstandard.get_frame_parameters(chunk.data).content_size
            if inside != chunk.uncompressed_size:
                raise DamageError(at, f"a chunk of {inside} bytes that says {chunk.uncompressed_size}")
        records = breakup_chunk(chunk, validate_crc=True)
        return [one for one in records if isinstance(one, (Schema, Channel, Message))]


class Index:
    """The end of a whole file: channels by id and where each chunk lies, in the order of the file."""

    def __init__(self, channels: dict[int, Channel], chunks: list[ChunkIndex]) -> None:
        self.channels = channels
        self.chunks = sorted(chunks, key=lambda one: one.chunk_start_offset)


def read_index(file: IO[bytes]) -> Index | None:
    """The index of a whole file; None when the file is cut off or its index is damaged."""
    size = file.seek(0, io.SEEK_END)
    end = size - len(MCAP0_MAGIC)
    if end < _FOOTER:
        return None
    file.seek(end - _FOOTER)
    tail = file.read(_FOOTER + len(MCAP0_MAGIC))
    if tail[0] != Opcode.FOOTER or not tail.endswith(MCAP0_MAGIC):
        return None
    footer = Footer.read(_stream(tail[_PREFIX:_FOOTER]))
    length = end - _FOOTER - footer.summary_start
    if not 0 < length < MOST_RECORD_BYTES:
        return None
    file.seek(footer.summary_start)
    summary = file.read(length)
    if zlib.crc32(tail[: _FOOTER - 4], zlib.crc32(summary)) != footer.summary_crc:
        return None
    channels: dict[int, Channel] = {}
    places: list[ChunkIndex] = []
    try:
        for opcode, content in _split(summary):
            with _careful(footer.summary_start):
                if opcode == Opcode.CHANNEL:
                    channel = Channel.read(_stream(content))
                    channels[channel.id] = channel
                elif opcode == Opcode.CHUNK_INDEX:
                    places.append(ChunkIndex.read(_stream(content)))
    except DamageError:
        return None
    return Index(channels, places)


def chunk_at(file: IO[bytes], place: ChunkIndex) -> bytes:
    """The content of the chunk the index points at. Raises DamageError when none is there."""
    file.seek(place.chunk_start_offset)
    prefix = file.read(_PREFIX)
    length = place.chunk_length - _PREFIX
    if prefix[:1] != bytes([Opcode.CHUNK]) or int.from_bytes(prefix[1:], "little") != length:
        raise DamageError(place.chunk_start_offset, "no chunk where the index says one is")
    return file.read(length)


def _split(summary: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _PREFIX <= len(summary):
        length = int.from_bytes(summary[at + 1 : at + _PREFIX], "little")
        yield summary[at], summary[at + _PREFIX : at + _PREFIX + length]
        at += _PREFIX + length


def _stream(content: bytes) -> ReadDataStream:
    return ReadDataStream(io.BytesIO(content))


@contextmanager
def _careful(at: int) -> Iterator[None]:
    """Whatever a decoder says about damaged bytes, it is damage at this place."""
    try:
        yield
    except (DamageError, OSError):
        raise
    except Exception as error:
        raise DamageError(at, str(error) or type(error).__name__) from error
