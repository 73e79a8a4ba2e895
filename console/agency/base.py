"""The agency's file: SQLite, opened, brought to the present form, written in whole transactions."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console.paths import private_folder

_VERSION = 2
_HERE = Path(__file__).parent


class StoreError(Exception):
    """The store cannot be opened or written; the text names the file and says what to do."""


class Base:
    """One connection, used by one thread."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises StoreError."""
        private_folder(path.parent)
        self._name = path.name
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

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._base.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        found = self._base.execute(query, values).fetchone()
        return None if found is None else tuple(found)

    def write(self, query: str, values: Sequence[Any] = ()) -> int:
        """Inside `transaction`; answers the id of a new row."""
        return int(self._base.execute(query, values).lastrowid or 0)

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """On disk when it ends. Raises StoreError where it cannot be: nothing of it is there then."""
        try:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                if self._base.in_transaction:
                    self._base.execute("ROLLBACK")
                raise
        except sqlite3.IntegrityError:
            raise
        except sqlite3.Error as error:
            raise StoreError(f"{self._name} cannot be written: {error}") from None

    def fill(self, full: bool) -> None:
        """A test's full disk: the file may grow no further, until it may again."""
        (pages,) = self._base.execute("PRAGMA page_count").fetchone()
        self._base.execute(f"PRAGMA max_page_count = {pages if full else 2**30}")

    def _prepare(self) -> None:
        run = self._base.execute
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = FULL")
        run("PRAGMA trusted_schema = OFF")
        run("PRAGMA mmap_size = 0")
        (version,) = run("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise StoreError(f"the store was written by a newer version ({version}): use that one")
        if version < _VERSION:
            script = _sql("schema")
            if version == 1:
                script = f"{_sql('schema_1_to_2')}\n{script}\n{_sql('schema_1_to_2_copy')}"
            self._base.executescript(
                f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {_VERSION};\nCOMMIT;"
            )
        run("PRAGMA foreign_keys = ON")


def _sql(name: str) -> str:
    return (_HERE / f"{name}.sql").read_text(encoding="utf-8")
