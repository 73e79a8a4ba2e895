"""`check_ledger` looks at everything, also while the hub writes, and says what to do."""

from __future__ import annotations

import sqlite3
import threading
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.ledger import Finding, Ledger, check_ledger
from console.ledger import check as module
from tests.ledger.story import entries, fall, note, owed

Usage = namedtuple("Usage", "total used free")


def findings(path: Path, clock: SteppedClock | None = None, deep: bool = False) -> dict[str, Finding]:
    return {one.what: one for one in check_ledger(path, clock or SteppedClock(), deep)}


def test_a_good_ledger_passes_everything_it_is_asked(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(entries(fall(1)), [owed("H-1", "k")])
    found = findings(path, deep=True)
    assert set(found) == {
        "libraries", "file", "free space", "schema", "integrity", "chain", "numbers", "entries", "head book",
        "outbox", "lookup tables",
    }  # fmt: skip
    assert all(one.ok for one in found.values())
    assert all(one.detail and not one.do for one in found.values())


def test_the_versions_and_the_single_writer_rule_are_said(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    with Ledger.open(path, SteppedClock()):
        import os

        said = findings(path)["libraries"]
        assert said.ok
        assert "WAL-reset fault (fixed in 3.51.3)" in said.detail
        assert f"held by process {os.getpid()}" in said.detail
    assert "none at work now" in findings(path)["libraries"].detail
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))
    assert "WAL-reset" not in findings(path)["libraries"].detail
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    assert findings(path)["libraries"].do


def test_an_absent_ledger_is_a_finding_and_nothing_is_made(path: Path) -> None:
    found = findings(path)
    assert not found["file"].ok
    assert "Start the hub once" in found["file"].do
    assert not path.parent.exists()


def test_a_file_that_others_can_read_is_a_finding(path: Path) -> None:
    Ledger.open(path, SteppedClock()).close()
    path.chmod(0o644)
    assert findings(path)["file"].do == "chmod 600 ledger.db"


def test_little_free_space_is_a_finding(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Ledger.open(path, SteppedClock()).close()
    monkeypatch.setattr(module.shutil, "disk_usage", lambda folder: Usage(10**12, 0, 5 * 10**8))
    said = findings(path)["free space"]
    assert not said.ok
    assert said.detail == "0.5 GB free"
    assert said.do


def test_a_message_owed_for_ten_minutes_is_a_finding_that_names_the_partner(path: Path) -> None:
    clock = SteppedClock()
    with Ledger.open(path, clock) as ledger:
        ledger.append(entries(fall(1)), [owed("H-1", "k", clock.now_ns())])
        clock.step(599)
        assert findings(path, clock)["outbox"].ok
        clock.step(60)
        said = findings(path, clock)["outbox"]
        assert not said.ok
        assert "H-1 to KR-119, 10 min" in said.detail
        assert "Telephone the partner" in said.do
        ledger.append([], settled=["H-1"])
        assert findings(path, clock)["outbox"].ok


def test_there_is_a_head_book_from_the_first_moment_and_it_may_not_vanish(path: Path) -> None:
    clock = SteppedClock()
    with Ledger.open(path, clock) as ledger:
        assert findings(path, clock)["head book"].ok
        ledger.append([note(1)])
        assert findings(path, clock)["head book"].ok
    (path.parent / "heads.jsonl").unlink()
    said = findings(path, clock)["head book"]
    assert not said.ok
    assert "missing or empty" in said.detail


def test_a_line_torn_by_a_crash_is_said_and_the_lines_around_it_count(path: Path) -> None:
    clock = SteppedClock()
    with Ledger.open(path, clock) as ledger:
        ledger.append([note(1)])
    book = path.parent / "heads.jsonl"
    whole = book.read_bytes()
    book.write_bytes(whole + whole[: len(whole) // 2])
    with Ledger.open(path, clock) as ledger:
        ledger.append([note(2)])
    said = findings(path, clock)["head book"]
    assert said.ok
    assert "agrees up to entry 2" in said.detail
    assert "1 unreadable" in said.detail


def test_a_schema_of_another_version_is_a_finding(path: Path) -> None:
    Ledger.open(path, SteppedClock()).close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version=1")
    raw.close()
    assert findings(path)["schema"].do == "Start the hub: it updates the file."


def test_a_ledger_being_written_can_be_checked_again_and_again(
    path: Path, wait_until: Callable[..., object]
) -> None:
    stop, count = threading.Event(), [0]

    def write() -> None:
        with Ledger.open(path, SteppedClock()) as ledger:
            while not stop.is_set():
                ledger.append(entries(fall(count[0]), first_seq=count[0] * 12 + 1))
                count[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    try:
        wait_until(lambda: count[0] > 5, "some entries")
        for deep in (False, True, False, True):
            before = count[0]
            assert [one for one in check_ledger(path, SteppedClock(), deep) if not one.ok] == []
            wait_until(lambda before=before: count[0] > before, "the writer going on")
    finally:
        stop.set()
        thread.join()
