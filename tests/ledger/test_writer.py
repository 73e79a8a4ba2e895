"""The writing thread: one fsync for many, every batch answered once, and it outlives every failure."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.ledger import (
    Batch,
    Head,
    Ledger,
    LedgerReader,
    LedgerUnavailable,
    LedgerWriter,
    Outcome,
    check_ledger,
)
from console.ledger.heads import HeadBook
from console.ledger.writer import TOGETHER
from console.model import events as ev
from tests.ledger.story import entries, fall, note, owed, queued


class Told:
    """What `on_done` was told, in order; can hold the writer up."""

    def __init__(self) -> None:
        self.all: list[tuple[Batch, Outcome]] = []
        self.thread = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, batch: Batch, outcome: Outcome) -> None:
        self.thread = threading.get_ident()
        self.all.append((batch, outcome))
        self.go_on.wait(10)

    @property
    def tags(self) -> list[object]:
        return [batch.tag for batch, _ in self.all]

    @property
    def codes(self) -> list[object]:
        return [one.code if isinstance(one, LedgerUnavailable) else one.seq for _, one in self.all]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def writer(path: Path, told: Told, clock: SteppedClock) -> Iterator[LedgerWriter]:
    writer = LedgerWriter(lambda: Ledger.open(path, clock), told)
    assert writer.start().seq == 0
    yield writer
    told.go_on.set()
    writer.close()


def one(seq: int, text: str = "note") -> Batch:
    return Batch(entries=(note(seq, text),), tag=seq)


def test_every_batch_is_answered_once_in_order_in_the_writing_thread(
    writer: LedgerWriter, told: Told, wait_until: Callable[..., object]
) -> None:
    for seq in range(1, 200):
        writer.submit(one(seq))
    wait_until(lambda: len(told.all) == 199, lambda: f"{len(told.all)} of 199 answers")
    assert told.tags == list(range(1, 200))
    assert all(isinstance(outcome, Head) for _, outcome in told.all)
    assert told.thread != threading.get_ident()
    assert writer.waiting == 0


def test_what_waits_is_committed_together_up_to_a_limit(
    path: Path, writer: LedgerWriter, told: Told, wait_until: Callable[..., object]
) -> None:
    told.go_on.clear()
    writer.submit(one(1))
    wait_until(lambda: told.all, "the first answer")
    for seq in range(2, 2 + TOGETHER + 10):
        writer.submit(one(seq))
    assert writer.waiting == TOGETHER + 10
    told.go_on.set()
    wait_until(lambda: len(told.all) == TOGETHER + 11, "all answers")
    heads = [outcome.seq for _, outcome in told.all if isinstance(outcome, Head)]
    assert heads == [1] + [TOGETHER + 1] * TOGETHER + [TOGETHER + 11] * 10


def test_a_batch_larger_than_the_limit_is_kept_whole(
    writer: LedgerWriter, told: Told, wait_until: Callable[..., object]
) -> None:
    writer.submit(Batch(entries=tuple(note(seq) for seq in range(1, TOGETHER * 2))))
    wait_until(lambda: told.all, "the answer")
    assert told.codes == [TOGETHER * 2 - 1]


def test_messages_and_settlements_go_with_their_entries(
    path: Path, writer: LedgerWriter, told: Told, wait_until: Callable[..., object]
) -> None:
    writer.submit(Batch(entries=tuple(entries(fall(1))), outbox=(owed("H-1", "k1"),)))
    writer.submit(Batch(entries=tuple(entries(fall(2), 13)), outbox=(owed("H-2", "k2"),), settled=("H-1",)))
    wait_until(lambda: len(told.all) == 2, "both answers")
    with LedgerReader.open(path) as reader:
        assert [row.handoff_id for row in reader.outbox()] == ["H-2"]


def test_after_a_batch_that_was_not_kept_those_behind_it_are_refused_until_one_follows_the_head(
    writer: LedgerWriter, told: Told, wait_until: Callable[..., object], expected_logs: Callable[..., None]
) -> None:
    told.go_on.clear()
    writer.submit(one(1))
    wait_until(lambda: told.all, "the first answer")
    expected_logs("ERROR bongsu.ledger: A batch was refused by the ledger: entry 2 cannot", count=1)
    for batch in (one(2, "\ud800"), one(3), one(4), one(2), one(3)):
        writer.submit(batch)
    told.go_on.set()
    wait_until(lambda: len(told.all) == 6, "all answers")
    assert told.codes == [1, "internal", "behind", "behind", 2, 3]


def test_one_wrong_batch_does_not_cost_its_neighbours(
    path: Path, writer: LedgerWriter, told: Told, wait_until: Callable[..., object],
    expected_logs: Callable[..., None],
) -> None:  # fmt: skip
    told.go_on.clear()
    writer.submit(one(1))
    wait_until(lambda: told.all, "the first answer")
    act = ev.Entry(run="r", seq=2, at_ns=0, cause=ev.Cause(actor="hub"), event=queued(1))
    expected_logs("ERROR bongsu.ledger: A batch was refused.*H-9", count=1)
    writer.submit(Batch(entries=(act,), outbox=(owed("H-1", "k"),), tag="good"))
    writer.submit(Batch(outbox=(owed("H-9", "k9"),), tag="without its act"))
    writer.submit(Batch(entries=(note(3),), tag="good too"))
    told.go_on.set()
    wait_until(lambda: len(told.all) == 4, "all answers")
    assert told.codes == [1, 2, "internal", 3]


def test_a_locked_file_is_told_and_the_next_batch_is_kept(
    path: Path, writer: LedgerWriter, told: Told, wait_until: Callable[..., object]
) -> None:
    import sqlite3

    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer.submit(one(1))
    wait_until(lambda: told.all, "the refusal")
    other.execute("ROLLBACK")
    other.close()
    writer.submit(one(1))
    wait_until(lambda: len(told.all) == 2, "the second answer")
    assert told.codes == ["locked", 1]


def test_a_listener_that_fails_does_not_stop_the_writer(
    path: Path, wait_until: Callable[..., object], expected_logs: Callable[..., None]
) -> None:
    heard: list[object] = []

    def fail(batch: Batch, outcome: Outcome) -> None:
        heard.append(batch.tag)
        raise RuntimeError("the hub's fault")

    expected_logs("ERROR bongsu.ledger: The hub failed on the news", count=2)
    writer = LedgerWriter(lambda: Ledger.open(path, SteppedClock()), fail)
    writer.start()
    for seq in (1, 2):
        writer.submit(one(seq))
        wait_until(lambda seq=seq: seq in heard, "the news")
    writer.close()
    with LedgerReader.open(path) as reader:
        assert reader.head().seq == 2


def test_more_than_may_wait_is_refused_at_once_and_counted_right(
    path: Path, told: Told, wait_until: Callable[..., object]
) -> None:
    writer = LedgerWriter(lambda: Ledger.open(path, SteppedClock()), told, max_waiting=3)
    writer.start()
    told.go_on.clear()
    writer.submit(one(1))
    wait_until(lambda: told.all, "the first answer")
    for seq in (2, 3, 4):
        writer.submit(one(seq))
    with pytest.raises(LedgerUnavailable) as full:
        writer.submit(one(5))
    assert full.value.code == "backlog"
    told.go_on.set()
    wait_until(lambda: len(told.all) == 4, "the others")
    writer.submit(one(5))
    writer.close()
    assert told.tags == [1, 2, 3, 4, 5]


def test_closing_writes_what_waits_and_then_nothing_more(path: Path, told: Told) -> None:
    writer = LedgerWriter(lambda: Ledger.open(path, SteppedClock()), told)
    writer.start()
    for seq in range(1, 50):
        writer.submit(one(seq))
    writer.close()
    writer.close()
    assert told.tags == list(range(1, 50))
    with pytest.raises(LedgerUnavailable) as closed:
        writer.submit(one(50))
    assert closed.value.code == "closed"
    assert all(finding.ok for finding in check_ledger(path, SteppedClock(), deep=True))


def test_a_ledger_that_cannot_be_opened_is_told_to_whoever_starts_the_writer(path: Path, told: Told) -> None:
    with Ledger.open(path, SteppedClock()):
        writer = LedgerWriter(lambda: Ledger.open(path, SteppedClock()), told)
        with pytest.raises(LedgerUnavailable) as refused:
            writer.start()
        assert refused.value.code == "second_writer"
        with pytest.raises(LedgerUnavailable):
            writer.submit(one(1))


def test_an_idle_writer_still_writes_the_head_down_in_time(
    path: Path, writer: LedgerWriter, told: Told, clock: SteppedClock, wait_until: Callable[..., object]
) -> None:
    writer.submit(one(1))
    wait_until(lambda: told.all, "the answer")
    book = HeadBook(path)
    assert [one.seq for _, one in book.heads() if one] == [0]
    clock.step(61)
    wait_until(lambda: [one.seq for _, one in book.heads() if one] == [0, 1], "the head")
