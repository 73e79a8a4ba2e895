"""A backup is taken while the hub writes, and the copy stands on its own."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerReader, LedgerUnavailable, backup_ledger, check_ledger
from tests.ledger.story import entries, fall, note, owed


def test_a_backup_taken_while_writing_is_whole_and_verifies(
    path: Path, tmp_path: Path, wait_until: Callable[..., object]
) -> None:
    stop, written = threading.Event(), [0]

    def write() -> None:
        with Ledger.open(path, SteppedClock()) as ledger:
            while not stop.is_set():
                written[0] = ledger.append([note(written[0] + 1, "x" * 300)]).seq

    thread = threading.Thread(target=write)
    thread.start()
    try:
        wait_until(lambda: written[0] > 20, "some entries")
        for number in range(3):
            least = written[0]
            to = tmp_path / f"backup-{number}"
            head = backup_ledger(path, to, at_ns=5)
            assert head.seq >= least
            assert {one.name for one in to.iterdir()} == {"ledger.db", "heads.jsonl"}
            assert all(one.ok for one in check_ledger(to / "ledger.db", SteppedClock(), deep=True))
            with LedgerReader.open(to / "ledger.db") as reader:
                assert reader.head() == head
                assert [one.seq for one in reader.entries()] == list(range(1, head.seq + 1))
            wait_until(lambda head=head: written[0] > head.seq, "the writer going on")
    finally:
        stop.set()
        thread.join()


def test_a_hub_goes_on_from_a_backup_put_in_place(path: Path, tmp_path: Path) -> None:
    clock = SteppedClock()
    with Ledger.open(path, clock) as ledger:
        ledger.append(entries(fall(1)), [owed("H-1", "k")])
        backup_ledger(path, tmp_path / "b", clock.now_ns())
    with Ledger.open(tmp_path / "b" / "ledger.db", clock) as restored:
        assert restored.head().seq == 12
        assert [row.handoff_id for row in restored.outbox()] == ["H-1"]
        restored.append([note(13)])
    assert all(one.ok for one in check_ledger(tmp_path / "b" / "ledger.db", clock, deep=True))


def test_a_backup_is_for_its_owner_and_never_overwrites_another(path: Path, tmp_path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(1)])
        backup_ledger(path, tmp_path / "b", 0)
        before = (tmp_path / "b" / "ledger.db").read_bytes()
        ledger.append([note(2)])
        with pytest.raises(LedgerUnavailable, match="own folder"):
            backup_ledger(path, tmp_path / "b", 0)
    assert (tmp_path / "b" / "ledger.db").read_bytes() == before
    for one in (tmp_path / "b", *(tmp_path / "b").iterdir()):
        assert not one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_an_absent_ledger_cannot_be_backed_up_and_leaves_nothing(path: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable):
        backup_ledger(path, tmp_path / "b", 0)
    assert list((tmp_path / "b").iterdir()) == []
