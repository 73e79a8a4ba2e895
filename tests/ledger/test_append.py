"""What is appended is kept whole, in order, once, and only by the one who may."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.clock import SteppedClock
from console.ledger import Head, Ledger, LedgerMisuse, LedgerUnavailable, check_ledger
from console.ledger.chain import canonical, link, start_of
from console.model import events as ev
from tests.ledger.story import entries, fall, note, owed, queued
from tests.ledger.strategies import logs

PATIENT = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def test_an_empty_ledger_has_a_head_at_zero_that_is_its_own(path: Path, tmp_path: Path) -> None:
    clock = SteppedClock()
    with Ledger.open(path, clock) as one, Ledger.open(tmp_path / "b" / "l.db", clock) as other:
        assert (one.head().seq, one.head().run) == (0, "")
        assert one.head().hash != other.head().hash


def test_a_whole_incident_comes_back_as_it_was_after_a_restart(path: Path) -> None:
    told = entries(fall(1))
    with Ledger.open(path, SteppedClock()) as ledger:
        head = ledger.append(told, [owed("H-1", "I-1:KR-119:1")])
    with Ledger.open(path, SteppedClock()) as again:
        assert list(again.entries()) == told
        assert list(again.entries(after_seq=10)) == told[10:]
        assert again.head() == head
        assert again.outbox() == [owed("H-1", "I-1:KR-119:1")]


@PATIENT
@given(told=logs(), cut=st.integers(0, 12))
def test_any_valid_entries_round_trip_and_the_chain_verifies(
    told: list[ev.Entry], cut: int, fresh: Callable[[], Path]
) -> None:
    path = fresh()
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told[:cut])
        head = ledger.append(told[cut:])
        assert list(ledger.entries()) == told
    wrong = [one for one in check_ledger(path, SteppedClock(), deep=True) if not one.ok]
    assert not wrong
    with Ledger.open(path, SteppedClock()) as again:
        assert list(again.entries()) == told
        assert again.head() == head


def test_the_hash_is_the_one_the_design_names(path: Path) -> None:
    told = entries(fall(1))[:3]
    with Ledger.open(path, SteppedClock()) as ledger:
        head = ledger.append(told)
    raw = sqlite3.connect(path)
    digest = start_of(raw.execute("SELECT id FROM ledger").fetchone()[0])
    raw.close()
    for entry in told:
        digest = link(digest, canonical(entry))
    assert head == Head(seq=3, hash=digest.hex(), run="run-1")


def test_the_bytes_that_were_hashed_are_the_bytes_that_are_kept(path: Path) -> None:
    told = entries(fall(1))
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told, [owed("H-1", "k")])
    raw = sqlite3.connect(path)
    kept = [row[0].encode() for row in raw.execute("SELECT body FROM entry ORDER BY seq")]
    raw.close()
    assert kept == [canonical(entry) for entry in told]
    assert kept == [canonical(msgspec.json.decode(body, type=ev.Entry)) for body in kept]


@pytest.mark.parametrize("seq", [1, 3, 5], ids=["again", "left out one", "left out more"])
def test_an_entry_that_does_not_follow_is_refused_and_nothing_is_kept(path: Path, seq: int) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(1)])
        before = ledger.head()
        with pytest.raises(LedgerMisuse, match=f"entry {seq} came where 2 had to follow"):
            ledger.append([note(seq)])
        assert ledger.head() == before
        ledger.append([note(2)])
        assert [one.seq for one in ledger.entries()] == [1, 2]


def test_an_entry_nobody_could_read_again_is_refused(path: Path) -> None:
    def cleared(value: float) -> ev.Entry:
        return ev.Entry(run="r", seq=1, at_ns=0, cause=ev.Cause(actor="hub"),
                        event=ev.AlarmCleared(alarm_id="A", value=value))  # fmt: skip

    with Ledger.open(path, SteppedClock()) as ledger:
        for broken in (cleared(float("nan")), cleared(float("inf")), cleared("3"), note(1, "\ud800")):  # type: ignore[arg-type]
            with pytest.raises(LedgerMisuse, match="entry 1"):
                ledger.append([broken])
        with pytest.raises(LedgerMisuse, match="64 bits"):
            ledger.append([msgspec.structs.replace(cleared(1.0), at_ns=2**64)])
        assert ledger.append([cleared(1.0)]).seq == 1


def test_a_message_is_owed_from_the_act_until_it_is_settled(path: Path) -> None:
    clock = SteppedClock()
    with Ledger.open(path, clock) as ledger:
        ledger.append(entries(fall(1)), [owed("H-1", "I-1:KR-119:1")])
        ledger.append(entries(fall(2), first_seq=13), [owed("H-2", "I-2:KR-119:1")])
        ledger.append([], settled=["H-1", "H-1", "unknown"])
        assert [row.handoff_id for row in ledger.outbox()] == ["H-2"]
    with Ledger.open(path, clock) as again:
        assert [row.handoff_id for row in again.outbox()] == ["H-2"]
        again.append([], settled=["H-2"])
        assert again.outbox() == []


def test_a_message_without_its_act_or_with_other_bytes_is_refused(path: Path) -> None:
    act = ev.Entry(run="r", seq=1, at_ns=0, cause=ev.Cause(actor="hub"), event=queued(1))
    with Ledger.open(path, SteppedClock()) as ledger:
        with pytest.raises(LedgerMisuse, match=r"H-2.*without its handoff.queued"):
            ledger.append([act], [owed("H-2", "k")])
        with pytest.raises(LedgerMisuse, match="another message"):
            ledger.append([act], [msgspec.structs.replace(owed("H-1", "k"), message=b"other")])
        ledger.append([act], [owed("H-1", "k")])
        named_again = msgspec.structs.replace(queued(2), message_id="H-1")
        second = msgspec.structs.replace(act, seq=2, event=named_again)
        with pytest.raises(LedgerMisuse, match="message_id"):
            ledger.append([second], [msgspec.structs.replace(owed("H-2", "k"), message_id="H-1")])
        assert (ledger.head().seq, len(ledger.outbox())) == (1, 1)


def test_recent_commands_are_the_newest_with_their_last_entry(path: Path) -> None:
    told = [note(seq, command_id=f"q-{(seq + 1) // 2}" if seq != 5 else "") for seq in range(1, 9)]
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told)
        assert list(ledger.recent_commands(3).items()) == [("q-4", 8), ("q-3", 6), ("q-2", 4)]
        assert ledger.recent_commands(100) == {"q-4": 8, "q-3": 6, "q-2": 4, "q-1": 2}
        assert ledger.recent_commands(0) == {}


def test_the_record_refuses_to_be_changed_even_by_its_own_program(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(entries(fall(1)), [owed("H-1", "k")])
    raw = sqlite3.connect(path)
    for sql in ("UPDATE entry SET body = '{}' WHERE seq = 2", "DELETE FROM entry WHERE seq = 2",
                "UPDATE outbox SET message = x'00'", "DELETE FROM outbox"):  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError, match=r"only added to|sent as it is|settled"):
            raw.execute(sql)
    raw.close()


def test_another_thread_may_not_use_the_writer(path: Path) -> None:
    caught: list[BaseException] = []

    def use(ledger: Ledger) -> None:
        for act in (lambda: ledger.append([note(1)]), ledger.head, ledger.outbox, ledger.close,
                    lambda: list(ledger.entries())):  # fmt: skip
            try:
                act()
            except LedgerMisuse as error:
                caught.append(error)

    with Ledger.open(path, SteppedClock()) as ledger:
        thread = threading.Thread(target=use, args=(ledger,))
        thread.start()
        thread.join()
        assert len(caught) == 5
        assert ledger.append([note(1)]).seq == 1


def test_a_second_writer_is_refused_and_told_who_the_first_is(path: Path) -> None:
    import os

    with Ledger.open(path, SteppedClock()) as first:
        with pytest.raises(LedgerUnavailable) as refused:
            Ledger.open(path, SteppedClock())
        assert refused.value.code == "second_writer"
        assert f"process {os.getpid()}" in refused.value.problem.en
        assert f"process {os.getpid()}" in refused.value.problem.ko
        first.append([note(1)])
    Ledger.open(path, SteppedClock()).close()


def test_a_closed_ledger_says_so_and_closing_twice_is_closing_once(path: Path) -> None:
    ledger = Ledger.open(path, SteppedClock())
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerUnavailable, match="stopping"):
        ledger.append([note(1)])


def test_only_the_owner_can_read_anything_in_the_folder(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append([note(1)])
        files = list(path.parent.iterdir())
        assert {"ledger.db", "ledger.db-wal", "ledger.db.writer"} <= {one.name for one in files}
        for one in (path.parent, *files):
            assert not one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), one.name
    assert not (path.parent / "heads.jsonl").stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_the_file_is_set_up_to_survive_a_power_cut(path: Path) -> None:
    with Ledger.open(path, SteppedClock()) as ledger:
        asked = ledger._connection.execute
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}
        assert asked("PRAGMA mmap_size").fetchone()[0] == 0
        for name, value in wanted.items():
            assert asked(f"PRAGMA {name}").fetchone()[0] == value, name
        assert asked("PRAGMA busy_timeout").fetchone()[0] <= 250
