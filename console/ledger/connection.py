"""The two ways the ledger's file is opened: by its one writer, and by readers who can change nothing."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from console.ledger.problems import LedgerUnavailable, unavailable

APPLICATION_ID = 0x42475355
"""In the file's header ("BGSU"): tells our ledger from any other SQLite file."""

BUSY_MS = 250
"""How long a locked file is waited for. Longer would hold up every decision behind it."""

OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables need it."""

WAL_RESET_FIXED = (3, 51, 3)
"""Before it, two connections that write or checkpoint at once can corrupt a WAL file. We only have one."""

_WRITER = {
    "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "mmap_size": 0, "busy_timeout": BUSY_MS,
    "cell_size_check": 1, "journal_size_limit": 64 << 20,
}  # fmt: skip
_READER = {
    "query_only": 1, "trusted_schema": 0, "mmap_size": 0, "busy_timeout": BUSY_MS, "cell_size_check": 1,
}  # fmt: skip


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The writing connection: WAL, synchronous FULL, foreign keys on.

    A missing file is made, for its owner only. Raises LedgerUnavailable. The caller holds the WriterLock.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise LedgerUnavailable("too_old", f"SQLite {sqlite3.sqlite_version}")
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        connection = _connect(path, "rw")
    except (sqlite3.Error, OSError) as error:
        raise unavailable(error) or error from error
    try:
        if not has_full_text_search(connection):
            raise LedgerUnavailable("too_old", f"SQLite {sqlite3.sqlite_version} without FTS5")
        _refuse_foreign(connection, path)
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        if mode != "wal":
            raise LedgerUnavailable("io", f"the file system of {path} does not support WAL: {mode}")
        _set(connection, _WRITER)
    except sqlite3.Error as error:
        connection.close()
        raise unavailable(error) or error from error
    except LedgerUnavailable:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, not even a checkpoint. Raises LedgerUnavailable."""
    try:
        connection = _connect(path, "ro")
    except sqlite3.Error as error:
        raise unavailable(error) or error from error
    try:
        _refuse_foreign(connection, path)
        _set(connection, _READER)
    except sqlite3.Error as error:
        connection.close()
        raise unavailable(error) or error from error
    except LedgerUnavailable:
        connection.close()
        raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_MS / 1000,
        isolation_level=None,  # transactions are ours to begin and end, not the module's to guess
        cached_statements=64,
    )  # fmt: skip


def has_full_text_search(connection: sqlite3.Connection) -> bool:
    """Whether this SQLite was built with FTS5."""
    found = connection.execute("SELECT count(*) FROM pragma_module_list WHERE name = 'fts5'")
    return bool(found.fetchone()[0])


def _set(connection: sqlite3.Connection, settings: dict[str, int]) -> None:
    """Set and read back: a library built without one of them must not go unnoticed."""
    for name, wanted in settings.items():
        connection.execute(f"PRAGMA {name}={wanted}").fetchall()
        got = connection.execute(f"PRAGMA {name}").fetchone()
        # A library built without memory mapping answers nothing for mmap_size, which is what we want.
        if got is not None and got[0] != wanted:
            raise LedgerUnavailable("too_old", f"PRAGMA {name} is {got[0]}, wanted {wanted}")


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    identity = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and identity != APPLICATION_ID:
        raise LedgerUnavailable("damaged", f"{path} is an SQLite file of another program")
