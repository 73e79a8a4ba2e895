"""What came in since the last block: appended as it comes, read again after a crash, and by readers
meanwhile."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import zstandard

from console.history.rows import Readings

MAGIC = b"BONGSU-JRNL-1\n\0\0"
ROSTER_BYTES = 16
_RECORD = struct.Struct("<4sIII")
_MARK = b"JRN\x01"
LARGEST_BYTES = 1 << 28
_WIDTH = 4 + 8 + 8 + 1


class Journal:
    """Appends to one file. One thread. Raises OSError."""

    def __init__(self, path: Path, roster: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._file = open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)  # noqa: SIM115
        self._size = os.fstat(self._file.fileno()).st_size
        if not self._size:
            self._write(MAGIC + roster.encode().ljust(ROSTER_BYTES)[:ROSTER_BYTES])

    @property
    def size(self) -> int:
        return self._size

    def add(self, readings: Readings) -> None:
        """Append readings. Raises OSError; the file is then as it was."""
        raw = b"".join(
            column.tobytes()
            for column in (readings.points, readings.at_ns, readings.value, readings.quality)
        )
        data = zstandard.ZstdCompressor(level=1).compress(raw)
        self._write(_RECORD.pack(_MARK, len(readings), len(data), zlib.crc32(data)) + data)

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        try:
            while view:
                view = view[self._file.write(view) :]
        except OSError:
            os.ftruncate(self._file.fileno(), self._size)
            raise
        self._size += len(data)

    def sync(self) -> None:
        """See it to the disk."""
        os.fdatasync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def read_journal(path: Path) -> tuple[str, list[Readings]]:
    """The roster's name and all whole records of a journal, in order; nothing of one that is none.

    Raises OSError, FileNotFoundError where it has just become a block.
    """
    data = path.read_bytes()
    if not data.startswith(MAGIC):
        return "", []
    at = len(MAGIC)
    roster = data[at : at + ROSTER_BYTES].decode("ascii", "replace").strip()
    at += ROSTER_BYTES
    parts: list[Readings] = []
    decompress = zstandard.ZstdDecompressor().decompress
    while at + _RECORD.size <= len(data):
        mark, rows, size, crc = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        packed = data[at : at + size]
        if mark != _MARK or len(packed) != size or zlib.crc32(packed) != crc:
            break  # cut here
        try:
            raw = decompress(packed, max_output_size=LARGEST_BYTES)
        except zstandard.ZstdError:
            break
        if len(raw) != rows * _WIDTH:
            break
        parts.append(_readings(raw, rows))
        at += size
    return roster, parts


def _readings(raw: bytes, rows: int) -> Readings:
    return Readings(
        np.frombuffer(raw, np.uint32, rows, 0), np.frombuffer(raw, np.int64, rows, 4 * rows),
        np.frombuffer(raw, np.float64, rows, 12 * rows), np.frombuffer(raw, np.uint8, rows, 20 * rows),
    )  # fmt: skip
