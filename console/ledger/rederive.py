"""Computes the lookup tables anew, in memory, and says where those in the file differ."""

from __future__ import annotations

import sqlite3

from console.ledger import lookup
from console.ledger.migrations import migrate
from console.ledger.record import entries_after

_TABLES = ("span", "incident", "mention", "belonging", "part")
_ALL = "SELECT * FROM {} ORDER BY 1, 2"
_PAGE = 1000


def differences(connection: sqlite3.Connection) -> list[str]:
    """The names of lookup tables that do not follow from the entries.

    Reads in one transaction, so that a hub that writes meanwhile is not taken for a difference.
    """
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("BEGIN")
    try:
        migrate(fresh)
        fresh.execute("BEGIN")
        lookup.add(fresh, entries_after(connection, 0))
        odd = [name for name in _TABLES if not _same(connection, fresh, _ALL.format(name))]
        for one in (connection, fresh):
            # A temporary table is the only way to see the words of an index.
            one.execute("PRAGMA query_only=0").fetchall()
            one.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'token', 'row')")
        if not _same(connection, fresh, "SELECT term, doc FROM temp.vocabulary"):
            odd.append("token")
        return odd
    finally:
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA query_only=1").fetchall()
        fresh.close()


def _same(one: sqlite3.Connection, other: sqlite3.Connection, sql: str) -> bool:
    left, right = one.execute(sql), other.execute(sql)
    while True:
        here, there = left.fetchmany(_PAGE), right.fetchmany(_PAGE)
        if here != there:
            return False
        if not here:
            return True
