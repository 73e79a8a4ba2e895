"""The record's one writer: every decision, hashed into a chain and on the disk before anybody hears of it."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from console.clock import SECOND_NS, Clock
from console.ledger import lookup, record
from console.ledger.audit import owes
from console.ledger.chain import Head, canonical, link
from console.ledger.connection import open_for_writing
from console.ledger.heads import HeadBook
from console.ledger.lock import WriterLock
from console.ledger.migrations import migrate
from console.ledger.problems import LedgerMisuse, LedgerUnavailable, surroundings, unavailable
from console.model.events import Entry, kind_of
from console.model.handoff import OutboxRow
from console.paths import private_folder

log = logging.getLogger("bongsu.ledger")

HEAD_EVERY_S = 60
"""How often the head is written into the head book (besides at opening and closing): the most of the tail
that could vanish unnoticed."""

_INSERT_ENTRY = (
    "INSERT INTO entry (seq, run, at_ns, kind, command_id, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_OWED = (
    "INSERT INTO outbox"
    " (message_id, handoff_id, key, agency, media_type, message, queued_at_ns, queued_seq)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Ledger:
    """The writing end. Every method belongs to the thread that called `open`; any other gets LedgerMisuse."""

    def __init__(self, path: Path, clock: Clock, lock: WriterLock, connection: sqlite3.Connection) -> None:
        self.path = path
        self._clock = clock
        self._lock = lock
        self._connection = connection
        self._thread = threading.get_ident()
        self._heads = HeadBook(path)
        self._id = record.identity(connection)
        self._head = record.head_of(connection)
        self._head_written = -1
        self._head_due_ns = 0

    @classmethod
    def open(cls, path: Path, clock: Clock) -> Ledger:
        """Open or make the ledger at `path` for writing and bring its schema up to date.

        Raises LedgerUnavailable: another writer, a damaged, foreign or newer file, no right, no room.
        """
        lock: WriterLock | None = None
        connection: sqlite3.Connection | None = None
        try:
            private_folder(path.parent)
            lock = WriterLock(path)
            connection = open_for_writing(path)
            migrate(connection)
            connection.execute(
                "INSERT OR IGNORE INTO ledger (one, id, created_at_ns) VALUES (1, ?, ?)",
                (uuid.uuid4().hex, clock.now_ns()),
            )
            ledger = cls(path, clock, lock, connection)
        except BaseException as error:
            if connection is not None:
                connection.close()
            if lock is not None:
                lock.release()
            if isinstance(error, (sqlite3.Error, OSError)):
                raise unavailable(error) or error from error
            raise
        ledger._compare_with_head_book()
        ledger._write_head()
        return ledger

    def append(
        self, entries: Sequence[Entry], outbox: Sequence[OutboxRow] = (), settled: Sequence[str] = ()
    ) -> Head:
        """Commit all or nothing: entries, messages owed from now on, ids of messages that are settled.

        When this returns, it is on the disk. `entries` go on from the head without a gap; each `outbox`
        row has the entry that names it among them (`owes`). Raises LedgerUnavailable for the surroundings and
        LedgerMisuse for a broken rule; nothing is kept then and the next append starts from the same head.
        """
        self._own_thread()
        rows, head = self._chained(entries)
        owed = self._owed(entries, outbox)
        try:
            with self._transaction():
                self._connection.executemany(_INSERT_ENTRY, rows)
                self._connection.executemany(_INSERT_OWED, owed)
                lookup.add(self._connection, entries)
                self._settle(settled)
        except sqlite3.Error as error:
            broken = LedgerMisuse(f"the batch breaks a rule of the schema: {error}")
            raise unavailable(error) or broken from error
        except OverflowError as error:
            raise LedgerMisuse(f"a number of the batch does not fit 64 bits: {error}") from error
        self._head = head
        self.write_head_when_due()
        return head

    def head(self) -> Head:
        """Where the record ends."""
        self._own_thread()
        return self._head

    def entries(self, after_seq: int = 0) -> Iterator[Entry]:
        """All entries after `after_seq`, of all runs, in order."""
        self._own_thread()
        with surroundings():
            yield from record.entries_after(self._connection, after_seq)

    def outbox(self) -> list[OutboxRow]:
        """The messages still owed, oldest first."""
        self._own_thread()
        with surroundings():
            return record.owed(self._connection)

    def recent_commands(self, limit: int) -> dict[str, int]:
        """The last requests that made entries, with the number of the last entry of each."""
        self._own_thread()
        with surroundings():
            return record.recent_commands(self._connection, limit)

    def write_head_when_due(self) -> None:
        """Write the head into the head book when `HEAD_EVERY_S` have passed and there is a new one."""
        self._own_thread()
        if self._clock.mono_ns() >= self._head_due_ns:
            self._write_head()

    def rebuild_lookup(self) -> None:
        """Compute the tables to find things by anew from the entries. Raises LedgerUnavailable."""
        self._own_thread()
        with surroundings(), self._transaction():
            lookup.rebuild(self._connection)

    def close(self) -> None:
        """Write the head down, fold the WAL into the file, let another writer in. Twice is once."""
        if self._lock.held:
            self._own_thread()
            self._write_head()
            self._connection.close()
            self._lock.release()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _chained(self, entries: Sequence[Entry]) -> tuple[list[tuple[object, ...]], Head]:
        rows: list[tuple[object, ...]] = []
        last, run = bytes.fromhex(self._head.hash), self._head.run
        for expected, entry in enumerate(entries, start=self._head.seq + 1):
            if entry.seq != expected:
                raise LedgerMisuse(f"entry {entry.seq} came where {expected} had to follow")
            body = canonical(entry)
            last, run = link(last, body), entry.run
            rows.append((
                entry.seq, run, entry.at_ns, kind_of(entry.event), entry.cause.command_id or None,
                body.decode(), last,
            ))  # fmt: skip
        return rows, Head(seq=self._head.seq + len(rows), hash=last.hex(), run=run)

    def _owed(self, entries: Sequence[Entry], outbox: Sequence[OutboxRow]) -> list[tuple[object, ...]]:
        acts = {about: one.seq for one in entries if (about := owes(one.event)) is not None}
        named = {(handoff_id, message_id) for handoff_id, message_id, _ in acts}
        rows: list[tuple[object, ...]] = []
        for row in outbox:
            seq = acts.get((row.handoff_id, row.message_id, hashlib.sha256(row.message).hexdigest()))
            if seq is None and (row.handoff_id, row.message_id) in named:
                raise LedgerMisuse(f"hand-off {row.handoff_id}: the entry names another message's SHA-256")
            if seq is None:
                raise LedgerMisuse(f"hand-off {row.handoff_id}: a message without its handoff.queued entry")
            rows.append((row.message_id, row.handoff_id, row.key, row.agency, row.media_type, row.message,
                         row.queued_at_ns, seq))  # fmt: skip
        return rows

    def _settle(self, settled: Sequence[str]) -> None:
        now_ns = self._clock.now_ns()
        self._connection.executemany(
            "UPDATE outbox SET settled_at_ns = ? WHERE message_id = ? AND settled_at_ns IS NULL",
            [(now_ns, message_id) for message_id in settled],
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """IMMEDIATE, so that a lock held elsewhere is met at the beginning and not halfway."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk may already have rolled it back
                self._connection.execute("ROLLBACK")
            raise

    def _write_head(self) -> None:
        """A failure is said and tried again later; the entries themselves are already safe."""
        self._head_due_ns = self._clock.mono_ns() + HEAD_EVERY_S * SECOND_NS
        if self._head.seq == self._head_written:
            return
        try:
            self._heads.write(self._id, self._head, self._clock.now_ns())
        except OSError as error:
            log.warning("The head of the record could not be written to %s: %s", self._heads.path.name, error)
        else:
            self._head_written = self._head.seq

    def _compare_with_head_book(self) -> None:
        """Going on is right even when they differ: the book keeps the proof and `bongsu check` shows it."""
        written = self._heads.last()
        if written is None:
            return
        if record.agrees(self._connection, written):
            self._head_written = written.seq
        else:
            log.error(
                "The record does not agree with its head book at entry %d: entries were removed or changed,"
                " or an older backup was put in place. Run `bongsu check`.", written.seq,
            )  # fmt: skip

    def _own_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise LedgerMisuse("the ledger's writer was used from another thread than the one that opened it")
        if not self._lock.held:
            raise LedgerUnavailable("closed")
