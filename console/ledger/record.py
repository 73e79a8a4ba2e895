"""Reading what both the writer and the readers need: the head, the entries, what is owed and asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import msgspec
from sqlite_utils import Database

from console.ledger.chain import Head, read, start_of
from console.ledger.heads import WrittenHead
from console.ledger.problems import LedgerUnavailable
from console.model.events import Entry
from console.model.handoff import OutboxRow

_PAGE = 1000
"""Entries fetched at once: between two pages no statement is open, so none holds the WAL back."""


def identity(connection: sqlite3.Connection) -> str:
    """The id of this ledger."""
    row = connection.execute("SELECT id FROM ledger").fetchone()
    if row is None:
        raise LedgerUnavailable("damaged", "the table `ledger` is empty")
    return str(row[0])


def head_of(connection: sqlite3.Connection) -> Head:
    """Where the record ends now."""
    row = connection.execute("SELECT seq, hash, run FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    if row is None:
        return Head(seq=0, hash=start_of(identity(connection)).hex(), run="")
    return Head(seq=row[0], hash=row[1].hex(), run=row[2])


def agrees(connection: sqlite3.Connection, written: WrittenHead) -> bool:
    """Whether a head written down earlier is still part of this record."""
    if written.ledger != identity(connection):
        return False
    if written.seq == 0:
        return written.hash == start_of(written.ledger).hex()
    row = connection.execute("SELECT hash FROM entry WHERE seq = ?", (written.seq,)).fetchone()
    return row is not None and row[0].hex() == written.hash


def entries_after(connection: sqlite3.Connection, seq: int) -> Iterator[Entry]:
    """Every entry with a higher number, of all runs, in order. LedgerUnavailable at an unreadable one."""
    while True:
        rows = connection.execute(
            "SELECT seq, CAST(body AS BLOB) FROM entry WHERE seq > ? ORDER BY seq LIMIT ?", (seq, _PAGE)
        ).fetchall()
        for seq, body in rows:
            yield readable(seq, body)
        if len(rows) < _PAGE:
            return


def readable(seq: int, body: bytes) -> Entry:
    """The entry in `body`. Raises LedgerUnavailable naming the entry when it cannot be understood."""
    try:
        return read(body)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise LedgerUnavailable("damaged", f"entry {seq}: {error}", error) from error


def owed(connection: sqlite3.Connection) -> list[OutboxRow]:
    """The messages not yet settled, oldest act first."""
    rows = Database(connection, recursive_triggers=False).query(
        "SELECT message_id, handoff_id, key, agency, media_type, message, queued_at_ns FROM outbox"
        " WHERE settled_at_ns IS NULL ORDER BY queued_seq"
    )
    return [OutboxRow(**row) for row in rows]


def recent_commands(connection: sqlite3.Connection, limit: int) -> dict[str, int]:
    """The last `limit` requests that made entries, newest first, each with the last entry it made."""
    found: dict[str, int] = {}
    rows = connection.execute(
        "SELECT command_id, seq FROM entry INDEXED BY entry_by_command"
        " WHERE command_id IS NOT NULL ORDER BY seq DESC"
    )
    for command_id, seq in rows:
        if command_id not in found:
            if len(found) == limit:
                break
            found[command_id] = seq
    rows.close()
    return found
