"""A copy of the record while the hub goes on writing."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import msgspec

from console.ledger import record
from console.ledger.chain import Head
from console.ledger.connection import open_for_reading
from console.ledger.heads import HeadBook, WrittenHead
from console.ledger.problems import LedgerUnavailable, unavailable
from console.paths import private_folder, write_private


def backup_ledger(path: Path, folder: Path, at_ns: int) -> Head:
    """Copy the ledger at `path` to `folder/ledger.db`, with a head book that ends where the copy ends.

    Takes one consistent picture by SQLite's backup interface; the writer is not held up. `at_ns` is the
    wall time for the head book. Any thread. Raises LedgerUnavailable, also when `folder` holds a backup
    already; an unfinished copy is removed.
    """
    to = private_folder(folder) / "ledger.db"
    if to.exists():
        raise LedgerUnavailable("read_only", f"{folder} holds a backup already: give each its own folder")
    part = to.with_name("ledger.db.part")
    try:
        head = _copy(path, part, HeadBook(to), at_ns)
        os.replace(part, to)
        _settle(folder)
        return head
    except (sqlite3.Error, OSError) as error:
        raise unavailable(error) or error from error
    finally:
        part.unlink(missing_ok=True)


def _copy(path: Path, part: Path, book: HeadBook, at_ns: int) -> Head:
    os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600))
    source = open_for_reading(path)
    try:
        target = sqlite3.connect(part, isolation_level=None)
        try:
            source.backup(target)  # in one step: a writer's commit in between would start it over
            target.execute("PRAGMA journal_mode=DELETE").fetchall()  # one file, nothing beside it
            head, ledger = record.head_of(target), record.identity(target)
        finally:
            target.close()
    finally:
        source.close()
    handle = os.open(part, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    heads = [one for _, one in HeadBook(path).heads() if one is not None and one.seq <= head.seq]
    heads.append(WrittenHead(ledger=ledger, seq=head.seq, hash=head.hash, run=head.run, at_ns=at_ns))
    write_private(book.path, b"".join(msgspec.json.encode(one) + b"\n" for one in heads))
    return head


def _settle(folder: Path) -> None:
    """Make the new name durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
