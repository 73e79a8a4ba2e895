"""Any order of appends, refusals, full disks, restarts and rebuilds leaves exactly what was acknowledged."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerMisuse, LedgerReader, LedgerUnavailable, backup_ledger, check_ledger
from console.model import events as ev
from tests.ledger.story import note, owed, queued
from tests.ledger.strategies import logs, related_events


class LedgerMachine(RuleBasedStateMachine):
    """The model is a list of entries and a dict of what is owed."""

    @initialize()
    def begin(self) -> None:
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="bongsu-machine-", dir=memory))
        self.path = self.folder / "ledger.db"
        self.clock = SteppedClock()
        self.told: list[ev.Entry] = []
        self.owed: list[str] = []
        self.backups = 0
        self.ledger = Ledger.open(self.path, self.clock)

    @rule(data=st.data())
    def append(self, data: st.DataObject) -> None:
        batch = data.draw(logs(related_events(), first_seq=len(self.told) + 1, max_size=4))
        head = self.ledger.append(batch)
        self.told += batch
        assert head.seq == len(self.told)

    @rule(settle=st.booleans())
    def hand_off(self, settle: bool) -> None:
        seq = len(self.told) + 1
        act = ev.Entry(run="r", seq=seq, at_ns=0, cause=ev.Cause(actor="hub", command_id=f"q-{seq}"),
                       event=queued(seq))  # fmt: skip
        settled = self.owed[:1] if settle else []
        self.ledger.append([act], [owed(f"H-{seq}", f"key-{seq}")], settled)
        self.told.append(act)
        self.owed = [*self.owed[len(settled) :], f"H-{seq}"]

    @rule(skip=st.sampled_from([-1, 1, 2]))
    def append_out_of_order(self, skip: int) -> None:
        with pytest.raises(LedgerMisuse):
            self.ledger.append([note(len(self.told) + 1 + skip)])

    @rule(good=st.integers(0, 2))
    def append_what_cannot_be_read_again(self, good: int) -> None:
        seq = len(self.told) + 1
        batch = [note(seq + n) for n in range(good)]
        bad = ev.AlarmCleared(alarm_id="A", value=float("nan"))
        batch.append(ev.Entry(run="r", seq=seq + good, at_ns=0, cause=ev.Cause(actor="hub"), event=bad))
        with pytest.raises(LedgerMisuse):
            self.ledger.append(batch)

    @rule()
    def append_to_a_full_disk(self) -> None:
        pages = self.ledger._connection.execute("PRAGMA page_count").fetchone()[0]
        self.ledger._connection.execute(f"PRAGMA max_page_count={pages}")
        seq = len(self.told) + 1
        with pytest.raises(LedgerUnavailable):
            self.ledger.append([note(seq + n, "x" * 3000) for n in range(10)])
        self.ledger._connection.execute("PRAGMA max_page_count=1000000")

    @rule(seconds=st.integers(0, 90))
    def time_passes(self, seconds: int) -> None:
        self.clock.step(seconds)

    @rule()
    def restart(self) -> None:
        self.ledger.close()
        self.ledger = Ledger.open(self.path, self.clock)

    @rule()
    def rebuild(self) -> None:
        self.ledger.rebuild_lookup()

    @precondition(lambda self: self.backups < 2)
    @rule()
    def go_on_from_a_backup(self) -> None:
        self.backups += 1
        to = self.folder / f"backup-{self.backups}"
        head = backup_ledger(self.path, to, self.clock.now_ns())
        assert head == self.ledger.head()
        self.ledger.close()
        self.path = to / "ledger.db"
        self.ledger = Ledger.open(self.path, self.clock)

    @invariant()
    def everything_acknowledged_is_there_and_nothing_else(self) -> None:
        if not hasattr(self, "ledger"):
            return
        with LedgerReader.open(self.path) as reader:
            assert list(reader.entries()) == self.told
            assert [row.handoff_id for row in reader.outbox()] == self.owed
            assert reader.head() == self.ledger.head()

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            self.ledger.close()
            ill = [one for one in check_ledger(self.path, self.clock, deep=True) if not one.ok]
            shutil.rmtree(self.folder)
            assert [one.what for one in ill if one.what != "outbox"] == []


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
