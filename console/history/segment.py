"""One file of history: a head, then blocks, each with a directory of its pages. Written at the end only.

A file that was cut, or whose last block was not written whole, is good up to its last whole block.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from console.history.pages import PageError, pack, unpack
from console.history.rows import Buckets, Readings

MAGIC = b"BONGSU-HIST-1\n\0\0"
BLOCK_MARK = b"BLK\x01"
_BLOCK = struct.Struct("<4sIIIqqqQI")
"""Mark, rows, pages, CRC of the directory, first and last time, `until`, bytes of all pages, CRC of the
head."""
_ENTRY = struct.Struct("<QII")
"""A page's offset behind the directory, bytes (0: no rows), CRC."""


class SegmentError(Exception):
    """A file of history cannot be used; the text names the file and says why."""


class Block(NamedTuple):
    """One block of a file. All that was taken before `until_ns` and had arrived is in this block or before
    it."""

    offset: int
    rows: int
    pages: int
    first_ns: int
    last_ns: int
    until_ns: int
    end: int


def block_bytes(rows: Readings | Buckets, until_ns: int) -> bytes:
    """Rows sorted by point and time as a block; empty for no rows."""
    if not len(rows):
        return b""
    pages = list(pack(rows))
    count = pages[-1].number + 1
    directory = bytearray(_ENTRY.size * count)
    offset = 0
    for page in pages:
        _ENTRY.pack_into(directory, page.number * _ENTRY.size, offset, len(page.data), page.crc)
        offset += len(page.data)
    first, last = int(rows.at_ns.min()), int(rows.at_ns.max())
    values = (len(rows), count, zlib.crc32(directory), first, last, until_ns, offset)
    head = _BLOCK.pack(BLOCK_MARK, *values, 0)
    head = _BLOCK.pack(BLOCK_MARK, *values, zlib.crc32(head))
    return b"".join([head, bytes(directory), *(page.data for page in pages)])


def append(path: Path, blocks: Iterable[bytes]) -> int:
    """Put blocks at the end of a file, made where it is missing, and see them to the disk; the file's new
    size.

    Raises OSError; the file is then as it was before.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as file:
        size = file.seek(0, os.SEEK_END)
        try:
            data = (MAGIC if not size else b"") + b"".join(blocks)
            view = memoryview(data)
            while view:
                view = view[file.write(view) :]
            os.fdatasync(file.fileno())
        except OSError:
            file.truncate(size)
            raise
        return size + len(data)


class Segment:
    """Reads one file; `look` again after it grew. One thread. `problem` says what of it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.blocks: list[Block] = []
        self.problem = ""
        self._file: BinaryIO | None = None
        self._end = len(MAGIC)
        self._seen: tuple[int, int] = (-1, -1)

    def look(self) -> None:
        """Find blocks that are new. Raises FileNotFoundError, OSError and SegmentError."""
        stat = os.stat(self.path)
        seen = (stat.st_ino, stat.st_size)
        if seen == self._seen:
            return
        if stat.st_ino != self._seen[0] or stat.st_size < self._seen[1]:
            self.close()  # another file in its place (made tidy), or cut back
            self.blocks, self._end = [], len(MAGIC)
        if self._file is None:
            self._file = open(self.path, "rb", buffering=0)  # noqa: SIM115 - kept open, see close
            magic = os.pread(self._file.fileno(), len(MAGIC), 0)
            if magic != MAGIC:
                self.problem = f"{self.path.name}: does not begin like a file of history"
                raise SegmentError(self.problem)
        self._seen = seen
        self._scan(stat.st_size)

    def _scan(self, size: int) -> None:
        assert self._file is not None
        self.problem = ""
        while self._end < size:
            head = os.pread(self._file.fileno(), _BLOCK.size, self._end)
            block = self._read_head(head, self._end)
            if block is None or block.end > size:
                self.problem = f"{self.path.name}: not whole from byte {self._end} on"
                return
            self.blocks.append(block)
            self._end = block.end

    @staticmethod
    def _read_head(head: bytes, offset: int) -> Block | None:
        if len(head) < _BLOCK.size or not head.startswith(BLOCK_MARK):
            return None
        _, rows, pages, _, first, last, until, size, crc = _BLOCK.unpack(head)
        if zlib.crc32(head[:-4] + b"\0\0\0\0") != crc:
            return None
        end = offset + _BLOCK.size + pages * _ENTRY.size + size
        return Block(offset, rows, pages, first, last, until, end)

    @property
    def whole_bytes(self) -> int:
        """So far the file is good."""
        return self._end

    def page(
        self, block: Block, number: int, kind: type[Readings] | type[Buckets]
    ) -> Readings | Buckets | None:
        """The rows of one page of a block; None where it has none. Raises OSError, PageError for damage."""
        if number >= block.pages or self._file is None:
            return None
        directory = block.offset + _BLOCK.size
        entry = os.pread(self._file.fileno(), _ENTRY.size, directory + number * _ENTRY.size)
        offset, size, crc = _ENTRY.unpack(entry)
        if not size:
            return None
        data = os.pread(self._file.fileno(), size, directory + block.pages * _ENTRY.size + offset)
        if len(data) != size or zlib.crc32(data) != crc:
            raise PageError(f"{self.path.name}: page {number} of the block at byte {block.offset} is damaged")
        return unpack(number, data, kind)

    def close(self) -> None:
        """Give the file back."""
        if self._file is not None:
            self._file.close()
            self._file = None
