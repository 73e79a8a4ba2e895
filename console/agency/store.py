"""The agency's record: one transaction for everything that belongs to one message or one act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from console.agency.base import Base, StoreError
from console.agency.case import ENDED, Case, CaseStage
from console.agency.ledger import Ledger
from console.agency.tongue import Heard, Name
from console.clock import Clock
from console.model.base import Record

__all__ = ["Kept", "Owed", "Store", "StoreError", "Talk"]


class Kept(Record, frozen=True, kw_only=True):
    """A message that came before: its bytes' SHA-256, and what we answered."""

    sha256: str
    status: int
    answer: bytes


class Owed(Record, frozen=True, kw_only=True):
    """A message owed to the console, not before `due_ns`; `number` is its case, or ""."""

    id: int
    number: str
    message_id: int
    identifier: str
    body: bytes
    copies: int
    due_ns: int


class Talk(Record, frozen=True, kw_only=True):
    """One message of a case as a person reads it; `heard` is what the other side made of it."""

    at_ns: int
    ours: bool
    what: str
    words: str
    heard: Literal["waits", "taken", "refused"]


class Store:
    """Used by one thread. Each method is one transaction, on disk when it returns. Raises StoreError."""

    def __init__(self, path: Path, agency: str, clock: Clock | None = None) -> None:
        """Open or make the store at `path`. Our case numbers begin with `agency`."""
        self._agency = agency
        self.base = Base(path)
        try:
            self._ledger = Ledger(self.base, path.with_name("ledger.jsonl"), agency, clock)
        except OSError as error:
            self.base.close()
            raise StoreError(f"ledger.jsonl cannot be opened: {error.strerror}") from None

    def close(self) -> None:
        self._ledger.close()
        self.base.close()

    def seen(self, name: Name) -> Kept | None:
        """What we answered to this message when it was first taken; refused ones do not count."""
        row = self.base.row(
            "SELECT sha256, status, answer FROM message "
            "WHERE direction = 'in' AND sender = ? AND identifier = ? AND status = 200 ORDER BY id LIMIT 1",
            (name.sender, name.identifier),
        )
        return Kept(sha256=row[0], status=row[1], answer=bytes(row[2])) if row else None

    def next_number(self) -> str:
        """The number the next case will have."""
        row = self.base.row('SELECT count(*) FROM "case"')
        return f"{self._agency}-{(row[0] if row else 0) + 1:06d}"

    def take(
        self, heard: Heard, body: bytes, number: str, answer: bytes, now_ns: int, *, once: bool = True
    ) -> None:
        """A new case with its message and our receipt. `once`: there is none of this key yet."""
        key = heard.keys[0]
        with self.base.transaction():
            message_id = self._message("in", now_ns, number, heard.kind, heard, body, 200, answer)
            self.base.write(
                'INSERT INTO "case" (number, key, once, message_id, came_ns, stage, changed_ns) '
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, key, key if once else f"{key} {number}", message_id, now_ns, "received", now_ns),
            )
            self._ledger.write("case", key, number, heard.name.identifier, heard.kind)
        self._ledger.copy()

    def further(self, case: Case, heard: Heard, body: bytes, answer: bytes, now_ns: int) -> None:
        """A message about a case that is here: news of it, or the wish to drop it."""
        with self.base.transaction():
            self._message("in", now_ns, case.number, heard.kind, heard, body, 200, answer)
            if heard.kind == "cancel":
                self.base.write(
                    "UPDATE \"case\" SET cancel = 'asked', cancel_id = ?, changed_ns = ? WHERE number = ?",
                    (heard.name.identifier, now_ns, case.number),
                )
            self._ledger.write("message", case.key, case.number, heard.name.identifier, heard.kind)
        self._ledger.copy()

    def keep(self, heard: Heard | None, body: bytes, status: int, answer: bytes, now_ns: int) -> None:
        """A message that changed no case: refused, or an Error."""
        with self.base.transaction():
            self._message("in", now_ns, "", heard.kind if heard else "", heard, body, status, answer)

    def act(
        self, case: Case, said: str, name: Name, body: bytes, words: str, now_ns: int, *,
        copies: int = 1, due_ns: int = 0,
    ) -> None:  # fmt: skip
        """We said something of a case, which stands as `case` says now, and the console is owed the word."""
        with self.base.transaction():
            message_id = self._sent(now_ns, case.number, said, name, body, words)
            self.base.write(
                'UPDATE "case" SET stage = ?, reason = ?, unit = ?, cancel = ?, passed_to = ?, '
                "changed_ns = ? WHERE number = ?",
                (case.stage, case.reason, case.unit, case.cancel, case.passed_to, now_ns, case.number),
            )
            self._owe(case.number, message_id, copies, due_ns)
            self._ledger.write("said", case.key, case.number, name.identifier, said)
        self._ledger.copy()

    def ask(self, what: str, name: Name, body: bytes, words: str, now_ns: int, number: str = "") -> None:
        """A message of ours that is about no case of the console's. Inside a transaction of the caller."""
        self._owe(number, self._sent(now_ns, number, what, name, body, words), 1, 0)

    def case(self, name: str) -> Case | None:
        """By our number, or by the console's key (of several, the first)."""
        row = self.base.row(
            _CASES + " WHERE c.number = ? OR c.key = ? ORDER BY c.number LIMIT 1", (name, name)
        )
        return _case(row) if row else None

    def cases(self, limit: int = 500) -> list[Case]:
        """The newest first."""
        return [
            _case(row)
            for row in self.base.rows(_CASES + " ORDER BY c.came_ns DESC, c.number DESC LIMIT ?", (limit,))
        ]

    def standing(self) -> list[tuple[str, CaseStage]]:
        """(number, stage) of every case that is not over, oldest first."""
        rows = self.base.rows(
            'SELECT number, stage FROM "case" WHERE stage NOT IN (SELECT value FROM json_each(?)) '
            "ORDER BY came_ns, number",
            (json.dumps(sorted(ENDED)),),
        )
        return [(row[0], row[1]) for row in rows]

    def asked_to_cancel(self) -> list[str]:
        """Numbers of cases whose cancelling waits for an answer, oldest first."""
        rows = self.base.rows("SELECT number FROM \"case\" WHERE cancel = 'asked' ORDER BY came_ns, number")
        return [row[0] for row in rows]

    def thread(self, name: str) -> list[Name]:
        """The messages of a case, oldest first: what opened it, then what came and what we said."""
        rows = self.base.rows(
            "SELECT sender, identifier, sent FROM message "
            'WHERE number = (SELECT number FROM "case" WHERE number = ? OR key = ? ORDER BY number LIMIT 1) '
            "AND (direction = 'out' OR status = 200) ORDER BY id",
            (name, name),
        )
        return [Name(sender=row[0], identifier=row[1], sent=row[2]) for row in rows]

    def talk(self, number: str) -> list[Talk]:
        """All messages of a case after the first, oldest first."""
        return list(self.talks((number,)).get(number, ()))

    def talks(self, numbers: Sequence[str]) -> dict[str, tuple[Talk, ...]]:
        """The same for many cases at once."""
        found: dict[str, list[Talk]] = {}
        for row in self.base.rows(
            "SELECT number, at_ns, direction, what, words, status FROM message "
            "WHERE number IN (SELECT value FROM json_each(?)) "
            "AND what NOT IN ('request', 'awareness', '') ORDER BY id",
            (json.dumps(list(numbers)),),
        ):
            heard: Literal["waits", "taken", "refused"] = "taken" if row[5] == 200 else "refused"
            talk = Talk(
                at_ns=row[1], ours=row[2] == "out", what=row[3], words=row[4],
                heard=heard if row[5] else "waits",
            )  # fmt: skip
            found.setdefault(row[0], []).append(talk)
        return {number: tuple(each) for number, each in found.items()}

    def owed(self) -> list[Owed]:
        """All that the console has not confirmed, oldest first."""
        rows = self.base.rows(
            "SELECT o.id, o.number, o.message_id, m.identifier, m.body, o.copies, o.due_ns "
            "FROM outbox o JOIN message m ON m.id = o.message_id ORDER BY o.id"
        )
        return [
            Owed(
                id=row[0], number=row[1], message_id=row[2], identifier=row[3], body=bytes(row[4]),
                copies=row[5], due_ns=row[6],
            )
            for row in rows
        ]  # fmt: skip

    def settle(self, owed: Owed, status: int, answer: bytes) -> None:
        """The console answered for good; the message is owed no more."""
        with self.base.transaction():
            self.base.write(
                "UPDATE message SET status = ?, answer = ? WHERE id = ?", (status, answer, owed.message_id)
            )
            self.base.write("DELETE FROM outbox WHERE id = ?", (owed.id,))

    def _owe(self, number: str, message_id: int, copies: int, due_ns: int) -> None:
        self.base.write(
            "INSERT INTO outbox (number, message_id, copies, due_ns) VALUES (?, ?, ?, ?)",
            (number, message_id, copies, due_ns),
        )

    def _sent(self, now_ns: int, number: str, what: str, name: Name, body: bytes, words: str) -> int:
        return self._row("out", now_ns, number, what, words, name, body, 0, b"")

    def _message(
        self, direction: str, now_ns: int, number: str, what: str, heard: Heard | None, body: bytes,
        status: int, answer: bytes,
    ) -> int:  # fmt: skip
        name = heard.name if heard is not None else Name(sender="", identifier="", sent="")
        words = heard.words if heard is not None else ""
        return self._row(direction, now_ns, number, what, words, name, body, status, answer)

    def _row(
        self, direction: str, now_ns: int, number: str, what: str, words: str, name: Name, body: bytes,
        status: int, answer: bytes,
    ) -> int:  # fmt: skip
        return self.base.write(
            "INSERT INTO message (direction, at_ns, number, what, words, sender, identifier, sent, sha256, "
            "body, status, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (direction, now_ns, number, what, words, name.sender, name.identifier, name.sent,
             hashlib.sha256(body).hexdigest(), body, status, answer),
        )  # fmt: skip


_CASES = (
    "SELECT c.key, c.number, c.came_ns, c.stage, c.changed_ns, c.reason, c.unit, m.body, c.cancel, "
    'c.cancel_id, c.passed_to FROM "case" c JOIN message m ON m.id = c.message_id'
)


def _case(row: tuple[Any, ...]) -> Case:
    return Case(
        key=row[0], number=row[1], came_ns=row[2], stage=row[3], changed_ns=row[4], reason=row[5],
        unit=row[6], body=bytes(row[7]), cancel=row[8], cancel_id=row[9], passed_to=row[10],
    )  # fmt: skip
