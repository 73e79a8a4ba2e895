"""The numbered steps from an empty file to the present schema. `user_version` says which have been done."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from console.ledger import lookup
from console.ledger.connection import APPLICATION_ID
from console.ledger.problems import LedgerUnavailable

_FOLDER = Path(__file__).parent / "schema"

_AFTER: dict[int, Callable[[sqlite3.Connection], None]] = {2: lookup.rebuild}
"""What has to be computed, not declared, at the end of a step."""


def steps() -> dict[int, Path]:
    """Version number to the SQL file that leads to it, in order, from 1, without a gap."""
    found = {int(path.name[:4]): path for path in sorted(_FOLDER.glob("[0-9][0-9][0-9][0-9]_*.sql"))}
    if list(found) != list(range(1, len(found) + 1)):
        raise RuntimeError(f"the schema files are not numbered from 1 without a gap: {sorted(found)}")
    return found


LATEST = len(steps())
"""The schema this program writes."""


def version_of(connection: sqlite3.Connection) -> int:
    """Which step the file stands at; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, upto: int = LATEST) -> int:
    """Take the file to `upto`, each step one transaction; returns where it stood before.

    Raises LedgerUnavailable ("newer") and leaves the file alone when it is ahead of this program, and
    sqlite3.Error when a step fails; that step has then not happened.
    """
    before = version_of(connection)
    if before > LATEST:
        raise LedgerUnavailable("newer", f"version {before}, this program knows {LATEST}")
    for number, path in steps().items():
        if before < number <= upto:
            _take(connection, number, path)
    return before


def _take(connection: sqlite3.Connection, number: int, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(path.read_text(encoding="utf-8")):
            connection.execute(statement)
        if number in _AFTER:
            _AFTER[number](connection)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={number}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> Iterator[str]:
    """The SQL statements of `script`, triggers whole. (`executescript` would commit behind our back.)"""
    pending = ""
    for piece in re.split(r"(?<=;)", script):
        pending += piece
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if re.sub(r"--[^\n]*", "", pending).strip():
        raise RuntimeError(f"the schema file ends in the middle of a statement: {pending.strip()[:60]!r}")
