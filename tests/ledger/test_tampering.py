"""Whoever changes the record with a database tool is noticed by the check, whichever way it was done."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import SteppedClock
from console.ledger import Finding, Ledger, check_ledger
from console.ledger.chain import link, read, start_of
from tests.ledger.story import entries, fall, note, owed

Rows = list[dict[str, Any]]
PATIENT = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip


def write(path: Path) -> None:
    told = entries(fall(1)) + [note(seq) for seq in range(13, 21)]
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told, [owed("H-1", "I-1:KR-119:1")])
        ledger.append([], settled=["H-1"])


def wrong(path: Path, deep: bool = False) -> dict[str, Finding]:
    return {one.what: one for one in check_ledger(path, SteppedClock(), deep) if not one.ok}


def tamper(path: Path, change: Callable[[sqlite3.Connection], object], keep_triggers: bool = True) -> None:
    """Change the file as somebody with the right to write it would, and leave the schema as it was."""
    raw = sqlite3.connect(path, isolation_level=None)
    triggers = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        raw.execute(f"DROP TRIGGER {name}")
    change(raw)
    if keep_triggers:
        for _, sql in triggers:
            raw.execute(sql)
    raw.close()


def rows_of(raw: sqlite3.Connection) -> Rows:
    cursor = raw.execute("SELECT * FROM entry ORDER BY seq")
    names = [one[0] for one in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def replace_all(raw: sqlite3.Connection, rows: Rows) -> None:
    raw.execute("DELETE FROM entry")
    for row in rows:
        marks = ", ".join("?" * len(row))
        raw.execute(f"INSERT INTO entry ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def hash_again(raw: sqlite3.Connection) -> None:
    """Make the chain verify again, as a forger who knows the program would."""
    digest = start_of(raw.execute("SELECT id FROM ledger").fetchone()[0])
    for row in rows_of(raw):
        digest = link(digest, row["body"].encode())
        raw.execute("UPDATE entry SET hash = ? WHERE seq = ?", (digest, row["seq"]))


def said_otherwise(row: dict[str, Any], at_ns: int) -> None:
    """Another entry in the same place, body and columns in agreement."""
    entry = msgspec.structs.replace(read(row["body"].encode()), at_ns=at_ns)
    row["body"], row["at_ns"] = msgspec.json.encode(entry, order="deterministic").decode(), at_ns


def edit(rows: Rows, at: int, other: int) -> None:
    said_otherwise(rows[at], 7)


def flip(rows: Rows, at: int, other: int) -> None:
    body = bytearray(rows[at]["body"].encode())
    body[other % len(body)] ^= 1
    rows[at]["body"] = body.decode("utf-8", "replace")


def delete(rows: Rows, at: int, other: int) -> None:
    del rows[at]


def insert(rows: Rows, at: int, other: int) -> None:
    """A copy pushed in, the following numbers moved up."""
    rows.insert(at, dict(rows[at]))
    for seq, row in enumerate(rows, start=1):
        row["seq"] = seq


def swap(rows: Rows, at: int, other: int) -> None:
    """Two neighbours change places; each keeps all but its number."""
    at = min(at, len(rows) - 2)
    rows[at], rows[at + 1] = rows[at + 1], rows[at]
    rows[at]["seq"], rows[at + 1]["seq"] = rows[at + 1]["seq"], rows[at]["seq"]


def truncate(rows: Rows, at: int, other: int) -> None:
    del rows[at:]


def column(rows: Rows, at: int, other: int) -> None:
    """Only what is searched for, not the evidence."""
    name, value = [("at_ns", 1), ("kind", "x"), ("run", "x"), ("command_id", "x")][other % 4]
    rows[at][name] = value


def digest(rows: Rows, at: int, other: int) -> None:
    changed = bytearray(rows[at]["hash"])
    changed[other % 32] ^= 1
    rows[at]["hash"] = bytes(changed)


MUTATIONS = [edit, flip, delete, insert, swap, truncate, column, digest]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "ledger.db"
    write(path)
    assert wrong(path, deep=True) == {}
    return path


def copied(original: Path, path: Path) -> Path:
    shutil.copytree(original.parent, path.parent)
    return path


CHANGES = {
    "mutate": st.sampled_from(MUTATIONS), "at": st.integers(0, 19), "other": st.integers(0, 200),
    "again": st.booleans(),
}  # fmt: skip


@PATIENT
@given(**CHANGES)
def test_any_single_change_is_noticed_even_when_all_hashes_are_computed_again(
    original: Path, fresh: Callable[[], Path], mutate: Callable[[Rows, int, int], None], at: int,
    other: int, again: bool,
) -> None:  # fmt: skip
    is_noticed(copied(original, fresh()), mutate, at, other, again)


@pytest.mark.soak
@settings(PATIENT, max_examples=1000)
@given(**CHANGES)
def test_any_of_a_thousand_changes_is_noticed(
    original: Path, fresh: Callable[[], Path], mutate: Callable[[Rows, int, int], None], at: int,
    other: int, again: bool,
) -> None:  # fmt: skip
    is_noticed(copied(original, fresh()), mutate, at, other, again)


def is_noticed(
    path: Path, mutate: Callable[[Rows, int, int], None], at: int, other: int, again: bool
) -> None:

    def change(raw: sqlite3.Connection) -> None:
        rows = rows_of(raw)
        mutate(rows, at, other)
        replace_all(raw, rows)
        if again:
            hash_again(raw)

    tamper(path, change)
    if mutate is digest and again:
        assert wrong(path) == {}, "computing the hashes again only put the changed one right"
    else:
        assert wrong(path)


def test_a_change_of_one_entry_is_named_by_its_number(original: Path, path: Path) -> None:
    copied(original, path)
    sql = "UPDATE entry SET body = replace(body, '119 요청', '이상 없음') WHERE seq = 5"
    tamper(path, lambda raw: raw.execute(sql))
    found = wrong(path)
    assert set(found) == {"chain"}
    assert "entry 5 was changed" in found["chain"].detail
    assert found["chain"].do


def test_a_missing_stretch_is_named(original: Path, path: Path) -> None:
    copied(original, path)
    tamper(path, lambda raw: raw.execute("DELETE FROM entry WHERE seq IN (3, 4, 5, 9)"))
    assert wrong(path)["numbers"].detail == "missing: 3..5, 9"


def test_an_older_backup_put_in_place_is_noticed(fresh: Callable[[], Path]) -> None:
    path = fresh()
    write(path)
    old = path.read_bytes()
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(21)])
    path.write_bytes(old)
    assert "older backup" in wrong(path)["head book"].detail


def test_another_ledger_put_in_place_is_noticed(fresh: Callable[[], Path]) -> None:
    one, other = fresh(), fresh()
    write(one)
    write(other)
    shutil.copy(other, one)
    assert "head book" in wrong(one)


def test_a_hub_that_goes_on_after_a_cut_does_not_hide_it(
    original: Path, path: Path, expected_logs: Callable[..., None]
) -> None:
    copied(original, path)
    tamper(path, lambda raw: raw.execute("DELETE FROM entry WHERE seq > 15"))
    expected_logs("ERROR bongsu.ledger: The record does not agree with its head book at entry 20", count=1)
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(seq, "in its place") for seq in range(16, 30)])
    assert set(wrong(path)) == {"head book"}


def test_a_message_to_a_partner_exchanged_afterwards_is_noticed(original: Path, path: Path) -> None:
    copied(original, path)
    tamper(path, lambda raw: raw.execute("UPDATE outbox SET message = x'00'"))
    assert "message of hand-off H-1" in wrong(path)["entries"].detail


def test_a_removed_guard_is_noticed(original: Path, path: Path) -> None:
    copied(original, path)
    tamper(path, lambda raw: None, keep_triggers=False)
    assert "entry_is_never_changed" in wrong(path)["schema"].detail


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE incident SET stage = 'new', owner = 'nobody'",
        "DELETE FROM part WHERE seq = 5",
        "UPDATE span SET first_seq = 9",
        "INSERT INTO token (token) VALUES ('delete-all')",
        "UPDATE incident SET text = ''",
        "DELETE FROM belonging",
        "INSERT INTO mention VALUES ('signal:none', 3)",
    ],
)
def test_lookup_tables_that_do_not_follow_from_the_entries_are_noticed_by_the_deep_check(
    original: Path, path: Path, sql: str
) -> None:
    copied(original, path)
    tamper(path, lambda raw: raw.execute(sql))
    assert set(wrong(path, deep=True)) == {"lookup tables"}
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.rebuild_lookup()
    assert wrong(path, deep=True) == {}


def test_an_unreadable_entry_is_named_and_the_rest_is_looked_at(original: Path, path: Path) -> None:
    copied(original, path)

    def change(raw: sqlite3.Connection) -> None:
        raw.execute("UPDATE entry SET body = CAST(x'7bff' AS TEXT) WHERE seq = 4")
        raw.execute("UPDATE entry SET body = '{\"run\":1}' WHERE seq = 9")
        hash_again_bytes(raw)

    tamper(path, change)
    found = wrong(path)
    assert set(found) == {"entries", "head book"}
    assert "entry 4: cannot be read" in found["entries"].detail
    assert "entry 9: cannot be read" in found["entries"].detail


def hash_again_bytes(raw: sqlite3.Connection) -> None:
    digest = start_of(raw.execute("SELECT id FROM ledger").fetchone()[0])
    for seq, body in raw.execute("SELECT seq, CAST(body AS BLOB) FROM entry ORDER BY seq").fetchall():
        digest = hashlib.sha256(digest + body).digest()
        raw.execute("UPDATE entry SET hash = ? WHERE seq = ?", (digest, seq))


def test_the_head_book_cannot_see_the_tail_after_its_last_line_and_says_so(
    fresh: Callable[[], Path],
) -> None:
    """The stated limit: entries after the last head can be cut without a trace; it says how many."""
    path, clock = fresh(), SteppedClock()
    with Ledger.open(path, clock) as ledger:
        ledger.append([note(1), note(2)])
        clock.step(61)
        ledger.append([note(3)])
        ledger.append([note(4), note(5)])
        findings = {one.what: one for one in check_ledger(path, clock)}
        assert findings["head book"].ok
        assert "agrees up to entry 3; 2 newer ones are not covered yet" in findings["head book"].detail
