"""Heads written down beside the ledger, so that a shortened or re-hashed record is noticed.

A hash chain alone verifies after its tail was cut off or after every hash was computed anew. The head
book says where the chain stood at known times; it only ever grows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from console.ledger.chain import Head
from console.model.base import Record


class WrittenHead(Record, frozen=True, kw_only=True):
    """One line of the head book: ledger `ledger` ended in (seq, hash) when the wall clock said `at_ns`."""

    ledger: str
    seq: int
    hash: str
    run: str
    at_ns: int


class HeadBook:
    """`heads.jsonl` in the ledger's folder, one JSON object a line, readable by its owner only."""

    def __init__(self, ledger_path: Path) -> None:
        self.path = ledger_path.with_name("heads.jsonl")

    def write(self, ledger_id: str, head: Head, at_ns: int) -> None:
        """Add a line and wait until it is on the disk. Raises OSError."""
        line = msgspec.json.encode(
            WrittenHead(ledger=ledger_id, seq=head.seq, hash=head.hash, run=head.run, at_ns=at_ns)
        )
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                line = b"\n" + line  # the last line was torn by a crash; it stays as it is, ours starts anew
            os.write(handle, line + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def heads(self) -> Iterator[tuple[int, WrittenHead | None]]:
        """(line number, head) in order; None for a line that is none. An absent book has no lines."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return
        for number, line in enumerate(data.split(b"\n"), start=1):
            if not line:
                continue
            try:
                yield number, msgspec.json.decode(line, type=WrittenHead)
            except (msgspec.MsgspecError, UnicodeError):
                yield number, None

    def last(self) -> WrittenHead | None:
        """The newest readable head."""
        newest = None
        for _, head in self.heads():
            newest = head or newest
        return newest
