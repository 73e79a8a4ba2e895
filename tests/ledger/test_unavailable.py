"""When the surroundings fail: nothing half, nothing lost, a sentence that helps, and on it goes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerReader, LedgerUnavailable, check_ledger
from console.ledger.migrations import LATEST
from console.ledger.problems import CODES
from tests.ledger.story import entries, fall, note, owed

REPO = Path(__file__).resolve().parents[2]


def test_a_full_disk_keeps_nothing_of_the_batch_and_the_next_one_works_when_there_is_room(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(1)])
        before, pages = ledger.head(), ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        ledger._connection.execute(f"PRAGMA max_page_count={pages}")
        batch = entries(fall(1), first_seq=2) + [note(seq, "x" * 2000) for seq in range(14, 40)]
        for _ in range(3):
            with pytest.raises(LedgerUnavailable) as full:
                ledger.append(batch, [owed("H-1", "k")])
            assert full.value.code == "full"
            assert ledger.head() == before
            assert [one.seq for one in ledger.entries()] == [1]
            assert ledger.outbox() == []
        ledger._connection.execute("PRAGMA max_page_count=1000000")
        ledger.append(batch, [owed("H-1", "k")])
        assert [one.seq for one in ledger.entries()] == list(range(1, 40))
    assert all(one.ok for one in check_ledger(path, SteppedClock(), deep=True))


_SMALL_DISK = """
import json, resource, signal, sys
from pathlib import Path
from console.clock import SystemClock
from console.ledger import Ledger, LedgerUnavailable
from tests.ledger.story import note
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = Ledger.open(Path(sys.argv[1]), SystemClock())
said = {"kept": [], "codes": [], "after": []}
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
seq = 1
while len(said["codes"]) < 5 and seq < 2000:
    try:
        ledger.append([note(seq, "x" * 1500)])
    except LedgerUnavailable as error:
        said["codes"].append(error.code)
    else:
        said["kept"].append(seq)
        seq += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
for seq in range(seq, seq + 20):
    ledger.append([note(seq, "room again")])
    said["after"].append(seq)
ledger.close()
print(json.dumps(said))
"""


def test_a_file_that_may_not_grow_is_an_error_and_every_acknowledged_entry_is_there(path: Path) -> None:
    """A real refusal by the kernel (EFBIG), in the WAL, in the middle of a write."""
    done = subprocess.run(
        [sys.executable, "-c", _SMALL_DISK, str(path)], capture_output=True, text=True, timeout=60, cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert len(said["codes"]) == 5
    assert set(said["codes"]) <= {"io", "full"}
    with LedgerReader.open(path) as reader:
        assert [one.seq for one in reader.entries()] == said["kept"] + said["after"]
    assert all(one.ok for one in check_ledger(path))


def test_a_lock_held_by_another_program_is_not_waited_for_longer_than_a_quarter_second(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(1)])
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerUnavailable) as locked:
            ledger.append([note(2)])
        assert locked.value.code == "locked"
        assert ledger._connection.execute("PRAGMA busy_timeout").fetchone()[0] == 250
        other.execute("ROLLBACK")
        other.close()
        assert ledger.append([note(2)]).seq == 2


def test_a_ledger_of_a_newer_version_is_left_alone(path: Path) -> None:
    Ledger.open(path, SteppedClock()).close()
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version={LATEST + 1}")
    raw.close()
    before = path.read_bytes()
    for open_it in (lambda: Ledger.open(path, SteppedClock()), lambda: LedgerReader.open(path)):
        with pytest.raises(LedgerUnavailable) as newer:
            open_it()
        assert newer.value.code == "newer"
        assert str(LATEST + 1) in newer.value.problem.ko
    assert path.read_bytes() == before


def test_a_ledger_not_yet_brought_up_to_date_is_not_read(path: Path) -> None:
    Ledger.open(path, SteppedClock()).close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version=1")
    raw.close()
    with pytest.raises(LedgerUnavailable) as older:
        LedgerReader.open(path)
    assert older.value.code == "older"


def somebody_elses(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE photos (name)")
    raw.commit()
    raw.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b"not a database at all" * 100),
        lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 500),
        somebody_elses,
    ],
    ids=["a text", "a damaged header", "another program's database"],
)
def test_a_file_that_is_no_ledger_is_named_and_left_alone(path: Path, make: Callable[[Path], object]) -> None:
    path.parent.mkdir()
    make(path)
    before = path.read_bytes()
    with pytest.raises(LedgerUnavailable) as refused:
        Ledger.open(path, SteppedClock())
    assert refused.value.code == "damaged"
    assert "Do not delete it" in refused.value.problem.en
    assert path.read_bytes() == before
    assert not all(one.ok for one in check_ledger(path))


def test_a_damaged_page_is_met_as_damage_and_not_as_a_crash(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(seq, f"{seq} " * 200) for seq in range(1, 200)])
    data = bytearray(path.read_bytes())
    for at in range(4096 * 4, len(data), 4096):
        data[at : at + 64] = b"\xa5" * 64
    path.write_bytes(bytes(data))
    with pytest.raises(LedgerUnavailable) as damaged, Ledger.open(path, SteppedClock()) as ledger:
        list(ledger.entries())
    assert damaged.value.code == "damaged"
    wrong = [one for one in check_ledger(path) if not one.ok]
    assert any("put the last backup in its place" in one.do for one in wrong)


def test_a_folder_that_is_a_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "ledger").write_text("in the way")
    with pytest.raises(LedgerUnavailable):
        Ledger.open(tmp_path / "ledger" / "ledger.db", SteppedClock())


def test_an_absent_ledger_cannot_be_read_and_is_not_made_by_the_attempt(path: Path) -> None:
    path.parent.mkdir()
    with pytest.raises(LedgerUnavailable):
        LedgerReader.open(path)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_problem_says_what_happened_is_affected_and_to_do_in_both_languages(code: str) -> None:
    problem = LedgerUnavailable(code, "the detail").problem
    for text, affected in ((problem.en, "No decision is kept"), (problem.ko, "결정이 저장되지도")):
        assert affected in text
        assert "the detail" in text
        what, _, do = text.partition(affected)
        assert len(what) > 10
        assert len(do.partition(".")[2]) > 10
    assert any("가" <= letter <= "힣" for letter in problem.ko)


def test_a_failed_head_is_said_and_written_later(path: Path, expected_logs: Callable[..., None]) -> None:
    clock = SteppedClock()
    with Ledger.open(path, clock) as ledger:
        ledger.append([note(1)])
        (path.parent / "heads.jsonl").unlink()
        (path.parent / "heads.jsonl").mkdir()
        clock.step(61)
        expected_logs("WARNING bongsu.ledger: The head of the record could not be written", count=1)
        ledger.append([note(2)])
        (path.parent / "heads.jsonl").rmdir()
    assert json.loads((path.parent / "heads.jsonl").read_text())["seq"] == 2
