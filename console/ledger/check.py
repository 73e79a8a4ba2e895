"""Is the record what was written? Reads a ledger, also while a hub writes it, and says what to do if not."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from console.clock import SECOND_NS, Clock, SystemClock
from console.ledger.audit import Audit, audit
from console.ledger.chain import Head
from console.ledger.connection import OLDEST_SQLITE, WAL_RESET_FIXED, has_full_text_search, open_for_reading
from console.ledger.heads import HeadBook
from console.ledger.lock import writing_process
from console.ledger.migrations import LATEST, migrate, version_of
from console.ledger.problems import LedgerUnavailable
from console.ledger.record import agrees, head_of
from console.ledger.rederive import differences
from console.model.base import Record

MIN_FREE_BYTES = 1 << 30
"""Less than this and the ledger is days from a full disk."""

STUCK_S = 600
"""A message owed for so long has a partner or a line behind it that somebody must look at."""

_KEEP = "Change nothing, copy the folder to another disk, compare with the last backup, ask who had access."
_ROTTEN = "Stop the hub, copy the folder to another disk, put the last backup in its place, check the disk."


_COMMENT = re.compile(r"--[^\n]*")
"""SQLite keeps a table's text with its comments; those may be worded better later."""


class Finding(Record, frozen=True, kw_only=True):
    """One thing looked at. `do` is empty when `ok`."""

    what: str
    ok: bool
    detail: str
    do: str = ""


def check_ledger(path: Path, clock: Clock | None = None, deep: bool = False) -> list[Finding]:
    """Look at the ledger file at `path` and everything that speaks for it; changes nothing.

    Versions, file, schema, SQLite's own integrity, hash chain, gaps, head book, messages owed, free space.
    `deep` also computes every lookup table anew and compares (some ten times slower). Any thread. Never
    raises for what is wrong with the ledger.
    """
    findings = [_libraries(path)]
    if not path.exists():
        missing = Finding(what="file", ok=False, detail=f"{path} does not exist",
                          do="Start the hub once, or give the right --home.")  # fmt: skip
        return [*findings, missing]
    findings.append(_file(path))
    try:
        connection = open_for_reading(path)
    except LedgerUnavailable as unavailable:
        return [*findings, Finding(what="file", ok=False, detail=str(unavailable), do=_ROTTEN)]
    try:
        for look in _looks(connection, path, clock or SystemClock(), deep):
            findings += look
    except (sqlite3.Error, LedgerUnavailable) as error:
        findings.append(Finding(what="integrity", ok=False, detail=str(error), do=_ROTTEN))
    finally:
        connection.close()
    return findings


def _looks(connection: sqlite3.Connection, path: Path, clock: Clock, deep: bool) -> Iterator[list[Finding]]:
    yield [_free(path)]
    schema = _schema(connection)
    yield [schema]
    yield [_integrity(connection)]
    if version_of(connection) < 1:
        return
    head = head_of(connection)
    started = time.perf_counter()
    seen = audit(connection, head.seq)
    yield _chain(seen, time.perf_counter() - started)
    yield [_head_book(connection, path, head)]
    yield [_outbox(connection, clock)]
    if deep and schema.ok:
        yield [_lookup(connection)]


def _libraries(path: Path) -> Finding:
    version = sqlite3.sqlite_version_info
    with closing(sqlite3.connect(":memory:")) as probe:
        full_text = has_full_text_search(probe)
    ok = version >= OLDEST_SQLITE and full_text
    utils = importlib.metadata.version("sqlite-utils")
    detail = f"SQLite {sqlite3.sqlite_version}, sqlite-utils {utils}"
    if not full_text:
        detail += ", without FTS5"
    if version < WAL_RESET_FIXED:
        writer = writing_process(path)
        detail += (
            ". This SQLite has the WAL-reset fault (fixed in 3.51.3): two connections that write at once can"
            " corrupt the file. The console has one writing connection in one thread and refuses a second ("
            + (f"held by process {writer}" if writer else "none at work now")
            + "); do not write with other tools"
        )
    return Finding(what="libraries", ok=ok, detail=detail, do="" if ok else "Install SQLite 3.37+ with FTS5.")


def _file(path: Path) -> Finding:
    open_to_others = [
        one.name for one in (path, HeadBook(path).path)
        if one.exists() and one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]  # fmt: skip
    size = path.stat().st_size / 1e6
    if open_to_others:
        names = ", ".join(open_to_others)
        return Finding(what="file", ok=False, detail=f"{names}: other users of this machine can read it",
                       do=f"chmod 600 {names}")  # fmt: skip
    return Finding(what="file", ok=True, detail=f"{path.name}, {size:.1f} MB, readable by its owner only")


def _free(path: Path) -> Finding:
    free = shutil.disk_usage(path.parent).free
    ok = free >= MIN_FREE_BYTES
    do = "" if ok else "Free space on this disk, or move the data folder to a larger one."
    return Finding(what="free space", ok=ok, detail=f"{free / 1e9:.1f} GB free", do=do)


def _schema(connection: sqlite3.Connection) -> Finding:
    version = version_of(connection)
    if version != LATEST:
        do = "Start the hub: it updates the file." if version < LATEST else "Install the newer program."
        return Finding(what="schema", ok=False, detail=f"version {version}, expected {LATEST}", do=do)
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        migrate(fresh)
        odd = sorted(_objects(connection) ^ _objects(fresh))
    finally:
        fresh.close()
    if odd:
        names = ", ".join(dict.fromkeys(name for name, _ in odd))
        return Finding(what="schema", ok=False, detail=f"not as the program made it: {names}", do=_KEEP)
    return Finding(what="schema", ok=True, detail=f"version {version}, tables, indexes and triggers as made")


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
    return {(name, " ".join(_COMMENT.sub("", sql).split())) for name, sql in rows}


def _integrity(connection: sqlite3.Connection) -> Finding:
    said = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
    ok = said == ["ok"]
    return Finding(what="integrity", ok=ok, detail="; ".join(said), do="" if ok else _ROTTEN)


def _chain(seen: Audit, took_s: float) -> list[Finding]:
    rate = f"{seen.entries} entries in {took_s:.1f} s"
    broken, gaps, odd = seen.broken, seen.gaps, seen.odd
    return [
        Finding(
            what="chain", ok=not broken, do=_KEEP if broken else "",
            detail=f"every hash is right, {rate}" if not broken else
            f"entry {broken[0]} was changed, or one before it removed ({len(broken)} wrong hashes)",
        ),
        Finding(
            what="numbers", ok=not gaps, do=_KEEP if gaps else "",
            detail="without a gap from 1" if not gaps else
            "missing: " + ", ".join(f"{a}..{b}" if a != b else f"{a}" for a, b in gaps[:5]),
        ),
        Finding(
            what="entries", ok=not odd, do=_KEEP if odd else "",
            detail="every entry can be read and its columns repeat it" if not odd else
            "; ".join(f"entry {seq}: {problem}" for seq, problem in odd[:5]),
        ),
    ]  # fmt: skip


def _head_book(connection: sqlite3.Connection, path: Path, head: Head) -> Finding:
    wrong, unreadable, newest = [], 0, None
    for _, written in HeadBook(path).heads():
        if written is None:
            unreadable += 1
            continue
        if not agrees(connection, written):
            wrong.append(written.seq)
        newest = written
    torn = f"; {unreadable} unreadable lines" if unreadable else ""
    if wrong:
        detail = (
            f"the head written down for entry {wrong[0]} is not in the record ({len(wrong)} differ){torn}:"
            " entries were removed, or all hashes computed anew, or an older backup put in place"
        )
        return Finding(what="head book", ok=False, detail=detail, do=_KEEP)
    if newest is None:
        return Finding(what="head book", ok=False, detail=f"heads.jsonl is missing or empty{torn}", do=_KEEP)
    uncovered = head.seq - newest.seq
    return Finding(
        what="head book", ok=True,
        detail=f"agrees up to entry {newest.seq}; {uncovered} newer ones are not covered yet{torn}",
    )  # fmt: skip


def _outbox(connection: sqlite3.Connection, clock: Clock) -> Finding:
    owed = connection.execute(
        "SELECT handoff_id, agency, queued_at_ns FROM outbox WHERE settled_at_ns IS NULL ORDER BY queued_seq"
    ).fetchall()
    late = [row for row in owed if clock.now_ns() - row[2] > STUCK_S * SECOND_NS]
    if not late:
        return Finding(what="outbox", ok=True, detail=f"{len(owed)} messages owed, none for 10 minutes")
    handoff_id, agency, queued_ns = late[0]
    minutes = (clock.now_ns() - queued_ns) // (60 * SECOND_NS)
    return Finding(
        what="outbox", ok=False,
        detail=f"{len(late)} of {len(owed)} messages owed too long: {handoff_id} to {agency}, {minutes} min",
        do="Telephone the partner, then look at the line to it and at the hub's log.",
    )  # fmt: skip


def _lookup(connection: sqlite3.Connection) -> Finding:
    odd = differences(connection)
    do = "Stop the hub, then: rebuild the lookup tables (docs/ref/ledger.md); the entries themselves decide."
    return Finding(
        what="lookup tables", ok=not odd, do=do if odd else "",
        detail="follow from the entries" if not odd else f"do not follow from the entries: {', '.join(odd)}",
    )  # fmt: skip


