"""The agency's record: SQLite, one transaction for everything that belongs to one message or one act."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from console.agency.case import Case, CaseStage
from console.handoff.cap import CapAlert
from console.model.base import Record
from console.paths import private_folder

_VERSION = 1


class StoreError(Exception):
    """The store cannot be opened or written; the text names the file and says what to do."""


class Kept(Record, frozen=True, kw_only=True):
    """A message that came before: its bytes' SHA-256, and what we answered."""

    sha256: str
    status: int
    answer: bytes


class Owed(Record, frozen=True, kw_only=True):
    """A message owed to the console."""

    id: int
    key: str
    message_id: int
    body: bytes
    copies: int


class Store:
    """Used by one thread. Each method is one transaction, on disk when it returns."""

    def __init__(self, path: Path, prefix: str) -> None:
        """Open or make the store at `path`. `prefix` begins our case numbers. Raises StoreError."""
        private_folder(path.parent)
        self._prefix = prefix
        try:
            self._base = sqlite3.connect(path, isolation_level=None, timeout=1.0)
            path.chmod(0o600)
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{path.name} cannot be opened ({error}): is it another program's, or the disk full?"
            ) from None

    def close(self) -> None:
        self._base.close()

    def seen(self, sender: str, identifier: str) -> Kept | None:
        """What we answered to this message when it was first taken; refused ones do not count."""
        row = self._base.execute(
            "SELECT sha256, status, answer FROM message "
            "WHERE direction = 'in' AND sender = ? AND identifier = ? AND status = 200 ORDER BY id LIMIT 1",
            (sender, identifier),
        ).fetchone()
        return Kept(sha256=row[0], status=row[1], answer=bytes(row[2])) if row else None

    def next_number(self) -> str:
        """The number the next case will have."""
        (count,) = self._base.execute('SELECT count(*) FROM "case"').fetchone()
        return f"{self._prefix}-{count + 1:06d}"

    def take(self, alert: CapAlert, body: bytes, number: str, answer: bytes, now_ns: int) -> None:
        """A new case with its message and our receipt."""
        with self._transaction():
            message_id = self._message("in", now_ns, alert.identifier, alert, body, 200, answer)
            self._base.execute(
                'INSERT INTO "case" (key, number, message_id, came_ns, stage, changed_ns) '
                "VALUES (?, ?, ?, ?, ?, ?)",
                (alert.identifier, number, message_id, now_ns, "received", now_ns),
            )

    def keep(self, alert: CapAlert | None, body: bytes, status: int, answer: bytes, now_ns: int) -> None:
        """A message that made no case: refused, an Error, or a second delivery."""
        with self._transaction():
            self._message("in", now_ns, "", alert, body, status, answer)

    def act(
        self, case: Case, stage: CaseStage, answer: CapAlert, body: bytes, now_ns: int, *, reason: str = "",
        unit: str = "", copies: int = 1,
    ) -> None:  # fmt: skip
        """A case moved on, and the console is owed the word of it."""
        with self._transaction():
            message_id = self._message("out", now_ns, case.key, answer, body, 0, b"")
            self._base.execute(
                'UPDATE "case" SET stage = ?, changed_ns = ?, reason = ?, unit = ? WHERE key = ?',
                (stage, now_ns, reason or case.reason, unit or case.unit, case.key),
            )
            self._base.execute(
                "INSERT INTO outbox (key, message_id, copies) VALUES (?, ?, ?)",
                (case.key, message_id, copies),
            )

    def case(self, key: str) -> Case | None:
        row = self._base.execute(f"{_CASES} WHERE c.key = ?", (key,)).fetchone()
        return _case(row) if row else None

    def cases(self, limit: int = 500) -> list[Case]:
        """The newest first."""
        return [
            _case(row)
            for row in self._base.execute(
                f"{_CASES} ORDER BY c.came_ns DESC, c.number DESC LIMIT ?", (limit,)
            )
        ]

    def standing(self) -> list[tuple[str, CaseStage]]:
        """(key, stage) of every case that is not over, oldest first."""
        rows = self._base.execute(
            "SELECT key, stage FROM \"case\" WHERE stage NOT IN ('closed', 'rejected') "
            "ORDER BY came_ns, number"
        )
        return [(row[0], row[1]) for row in rows]

    def thread(self, key: str) -> list[tuple[str, str, str]]:
        """(sender, identifier, sent) of the messages of a case, oldest first: what opened it, then what we
        said."""
        rows = self._base.execute(
            "SELECT sender, identifier, sent FROM message "
            "WHERE key = ? AND (direction = 'out' OR status = 200) ORDER BY id",
            (key,),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def owed(self) -> list[Owed]:
        """All that the console has not confirmed, oldest first."""
        rows = self._base.execute(
            "SELECT o.id, o.key, o.message_id, m.body, o.copies "
            "FROM outbox o JOIN message m ON m.id = o.message_id ORDER BY o.id"
        )
        return [
            Owed(id=row[0], key=row[1], message_id=row[2], body=bytes(row[3]), copies=row[4]) for row in rows
        ]

    def settle(self, owed: Owed, status: int, answer: bytes) -> None:
        """The console answered for good; the message is owed no more."""
        with self._transaction():
            self._base.execute(
                "UPDATE message SET status = ?, answer = ? WHERE id = ?", (status, answer, owed.message_id)
            )
            self._base.execute("DELETE FROM outbox WHERE id = ?", (owed.id,))

    def _prepare(self) -> None:
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.execute("PRAGMA foreign_keys = ON")
        self._base.execute("PRAGMA trusted_schema = OFF")
        self._base.execute("PRAGMA mmap_size = 0")
        (version,) = self._base.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise StoreError(f"the store was written by a newer version ({version}): use that one")
        if version == 0:
            script = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
            self._base.executescript(
                f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {_VERSION};\nCOMMIT;"
            )

    def _message(
        self,
        direction: str,
        now_ns: int,
        key: str,
        alert: CapAlert | None,
        body: bytes,
        status: int,
        answer: bytes,
    ) -> int:
        name = (alert.sender, alert.identifier, alert.sent) if alert is not None else ("", "", "")
        cursor = self._base.execute(
            "INSERT INTO message "
            "(direction, at_ns, key, sender, identifier, sent, sha256, body, status, answer) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (direction, now_ns, key, *name, hashlib.sha256(body).hexdigest(), body, status, answer),
        )
        return int(cursor.lastrowid or 0)

    @contextmanager
    def _transaction(self) -> Generator[None, None, None]:
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._base.execute("COMMIT")
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise


_CASES = (
    "SELECT c.key, c.number, c.came_ns, c.stage, c.changed_ns, c.reason, c.unit, m.body "
    'FROM "case" c JOIN message m ON m.id = c.message_id'
)


def _case(row: tuple[str, str, int, CaseStage, int, str, str, bytes]) -> Case:
    key, number, came_ns, stage, changed_ns, reason, unit, body = row
    return Case(
        key=key, number=number, came_ns=came_ns, stage=stage, changed_ns=changed_ns, reason=reason, unit=unit,
        body=bytes(body),
    )  # fmt: skip
