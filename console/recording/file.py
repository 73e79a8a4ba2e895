"""One recording being written: whole chunks on the disk, the rest in memory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, cast

from mcap.writer import CompressionType, Writer

from console.recording.layout import (
    COLUMNS,
    DECISIONS,
    METADATA,
    PROFILE,
    TELEMETRY,
    entry_schema,
)

CHUNK_BYTES = 1 << 20
"""A chunk ends at this size even before it is a second old."""


class RecordingFile:
    """Writes one MCAP file: chunked, zstd, indexed. One thread. Every method may raise OSError.

    After an OSError only `abandon` may be called: it leaves a file that ends with its last whole chunk.
    """

    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        self.path = path
        self._sink = _Sink(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            self._writer = Writer(
                cast(IO[bytes], self._sink), chunk_size=CHUNK_BYTES, compression=CompressionType.ZSTD
            )
            self._writer.start(profile=PROFILE)
            self._writer.add_metadata(METADATA, dict(about))
            schema = self._writer.register_schema("bongsu.Entry", "jsonschema", entry_schema())
            self._decisions = self._writer.register_channel(DECISIONS, "json", schema)
            schema = self._writer.register_schema("bongsu.Columns", "bongsu-columns", COLUMNS.encode())
            self._telemetry = self._writer.register_channel(TELEMETRY, "bongsu-columns", schema)
        except BaseException:
            self._sink.close()
            path.unlink(missing_ok=True)
            raise
        self._whole = self._sink.tell()

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return self._sink.tell()

    def add(self, topic: str, data: bytes, log_ns: int, published_ns: int, sequence: int) -> None:
        """Add a message to the chunk in memory, which is written out when it is full."""
        channel = self._decisions if topic == DECISIONS else self._telemetry
        self._writer.add_message(
            channel, log_time=log_ns, data=data, publish_time=published_ns, sequence=sequence & 0xFFFFFFFF
        )

    def note(self, about: Mapping[str, str]) -> None:
        """Say once more what the recording is about, because from here on it is something else."""
        self._writer.flush()  # type: ignore[no-untyped-call]
        self._writer.add_metadata(METADATA, dict(about))
        self._whole = self._sink.tell()

    def flush(self) -> None:
        """End the chunk: what was added is in the file when this returns."""
        self._writer.flush()  # type: ignore[no-untyped-call]
        self._whole = self._sink.tell()

    def finish(self) -> None:
        """Write the last chunk and the index, wait for the disk, close."""
        self._writer.finish()  # type: ignore[no-untyped-call]
        self._sink.sync()
        self._sink.close()

    def abandon(self) -> None:
        """Cut off what was half written and close. Raises nothing."""
        self._sink.cut(self._whole)
        self._sink.close()


class _Sink:
    """Writes through: nothing is buffered here, so an error belongs to the call that met it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._size = 0

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            written = os.write(self._handle, rest)
            self._size += written
            rest = rest[written:]
        return len(data)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        pass

    def sync(self) -> None:
        os.fsync(self._handle)

    def cut(self, size: int) -> None:
        try:
            os.ftruncate(self._handle, size)
        except OSError:
            pass  # the disk is gone; readers stop at the last whole chunk anyway

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
