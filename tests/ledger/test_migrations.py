"""A file that an earlier version really wrote is brought up to date, and a step that fails did not happen."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerReader, check_ledger, migrations
from console.model.query import AskIncidents, AskLog, LogFilter
from tests.ledger.story import note

KEPT = Path(__file__).parent / "kept"
VERSIONS = sorted(KEPT.glob("version-*"))


def kept(folder: Path, path: Path) -> Path:
    shutil.copytree(folder, path.parent)
    for one in path.parent.iterdir():
        one.chmod(0o600)  # version control keeps no such thing
    path.parent.chmod(0o700)
    return path


def test_a_file_of_every_earlier_version_is_kept() -> None:
    assert [one.name for one in VERSIONS] == [f"version-{n}" for n in range(1, migrations.LATEST)]


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda one: one.name)
def test_a_kept_file_is_of_the_version_it_is_kept_for(folder: Path, path: Path) -> None:
    raw = sqlite3.connect(kept(folder, path))
    assert migrations.version_of(raw) == int(folder.name.removeprefix("version-"))
    raw.close()


@pytest.mark.parametrize("folder", VERSIONS, ids=lambda one: one.name)
def test_a_kept_file_is_brought_up_to_date_with_all_it_holds(folder: Path, path: Path) -> None:
    kept(folder, path)
    with Ledger.open(path, SteppedClock()) as ledger:
        head = ledger.head()
        assert (head.seq, head.run) == (24, "run-2")
        assert head.hash == "f60b7dec26698120fa95b2ab363611ec380d65cdd6e4a4da53de9084ecdbddde"
        assert [one.seq for one in ledger.entries()] == list(range(1, 25))
        assert [row.handoff_id for row in ledger.outbox()] == ["H-2"]
        assert next(iter(ledger.recent_commands(1).items())) == ("q-9", 24)
        assert [one.what for one in check_ledger(path, SteppedClock(), deep=True) if not one.ok] == []
        ledger.append([note(25, "after the change")])
    with LedgerReader.open(path) as reader:
        assert [one.seq for one in reader.log(AskLog(filter=LogFilter(text="의식 119"))).entries] == [21, 7]
        rows = reader.incidents(AskIncidents(filter=LogFilter())).rows
        assert [(one.incident_id, one.stage) for one in rows] == [("I-2", "responding"), ("I-1", "closed")]
        assert len(reader.history("I-1").entries) == 12  # 11 of its own, and the note of this test
    assert all(one.ok for one in check_ledger(path, SteppedClock(), deep=True))


def test_a_step_that_fails_has_not_happened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(VERSIONS[0], path)
    before = path.read_bytes()

    def fail(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO span VALUES (1, 1, 1)")
        raise sqlite3.OperationalError("the lights went out")

    monkeypatch.setitem(migrations._AFTER, 2, fail)
    with pytest.raises(sqlite3.OperationalError):
        Ledger.open(path, SteppedClock())
    raw = sqlite3.connect(path)
    assert migrations.version_of(raw) == 1
    assert raw.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'span'").fetchone() == (0,)
    raw.close()
    monkeypatch.undo()
    with Ledger.open(path, SteppedClock()) as ledger:
        assert ledger.head().seq == 24
    assert len(before) > 0


def test_a_file_that_is_up_to_date_is_not_touched(path: Path) -> None:
    Ledger.open(path, SteppedClock()).close()
    raw = sqlite3.connect(path, isolation_level=None)
    changes = raw.total_changes
    assert migrations.migrate(raw) == migrations.LATEST
    assert raw.total_changes == changes
    raw.close()


def test_the_schema_files_are_numbered_and_every_column_says_what_it_is_for() -> None:
    for path in migrations.steps().values():
        inside = False
        for line in path.read_text(encoding="utf-8").splitlines():
            said = line.strip()
            if said.startswith("CREATE TABLE"):
                inside = True
            elif said.startswith(")"):
                inside = False
            elif inside and said and not said.startswith(("PRIMARY KEY", "--")):
                assert "-- " in said, f"{path.name}: {said!r} has no comment"


def test_statements_are_divided_at_their_ends_and_not_inside_triggers_or_comments() -> None:
    script = """
    -- a comment; with a semicolon
    CREATE TABLE a (x); -- another; one
    CREATE TRIGGER t BEFORE DELETE ON a BEGIN SELECT 1; SELECT ';'; END;
    """
    found = list(migrations.statements(script))
    assert len(found) == 2
    assert found[1].endswith("END;")
    with pytest.raises(RuntimeError, match="middle of a statement"):
        list(migrations.statements("CREATE TABLE a (x"))
