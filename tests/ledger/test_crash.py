"""A process killed at any moment, a machine without power: nothing that was acknowledged is missing."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from console.clock import SystemClock
from console.ledger import Ledger, LedgerReader, check_ledger
from tests.ledger.story import note, queued

REPO = Path(__file__).resolve().parents[2]

_WRITE_UNTIL_KILLED = """
import os, sys
from pathlib import Path
import msgspec
from console.clock import SystemClock
from console.ledger import Ledger
from console.model import events as ev
from tests.ledger.story import note, owed, queued
ledger = Ledger.open(Path(sys.argv[1]), SystemClock())
seq = ledger.head().seq
while True:
    act = ev.Entry(run="r", seq=seq + 1, at_ns=seq, cause=ev.Cause(actor="hub"), event=queued(seq + 1))
    batch = [act, *(note(seq + 2 + n, "x" * (seq % 7) * 300) for n in range(seq % 5))]
    ledger.append(batch, [owed(f"H-{seq + 1}", f"k-{seq + 1}")])
    seq += len(batch)
    os.write(1, f"{seq}\\n".encode())
"""


def kill_while_it_writes(path: Path, after: int, phase_s: float) -> tuple[int, int]:
    """Let a process write, kill it some time after its `after`-th commit: (acknowledged seq, commits)."""
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITE_UNTIL_KILLED, str(path)], stdout=subprocess.PIPE, cwd=REPO,
        env={**os.environ, "PYTHONPATH": str(REPO)},
    )  # fmt: skip
    assert child.stdout is not None
    try:
        for _ in range(after):
            assert child.stdout.readline(), "the writer ended by itself"
        moment = time.perf_counter() + phase_s
        while time.perf_counter() < moment:
            pass  # the kill has to come anywhere inside a commit, not where a condition becomes true
    finally:
        child.send_signal(signal.SIGKILL)
        rest = child.stdout.read()
        child.stdout.close()
        child.wait()
    lines = [line for line in rest.split(b"\n")[:-1] if line]
    return (int(lines[-1]) if lines else 0), after + len(lines)


def seen_after(path: Path) -> tuple[int, int]:
    """(last seq, messages owed) of what survived, which must be whole."""
    with LedgerReader.open(path) as reader:
        kept = [one.seq for one in reader.entries()]
        assert kept == list(range(1, len(kept) + 1))
        acts = sum(one.event == queued(one.seq) for one in reader.entries())
        assert len(reader.outbox()) == acts, "an act without its message, or a message without its act"
        return len(kept), acts


def kills(path: Path, count: int, seed: int) -> None:
    chance = random.Random(seed)
    committed = 0
    for _ in range(count):
        acknowledged, commits = kill_while_it_writes(path, chance.randint(1, 30), chance.random() * 0.004)
        committed += commits
        last, acts = seen_after(path)
        assert last >= acknowledged
        assert acts - committed in (0, 1), "more than the one commit that was under way came of it"
        committed = acts
    assert [one for one in check_ledger(path, deep=True) if not one.ok and one.what != "outbox"] == []
    with Ledger.open(path, SystemClock()) as ledger:
        ledger.append([note(ledger.head().seq + 1)])


def test_a_writer_killed_in_the_middle_of_anything_loses_nothing_it_acknowledged(path: Path) -> None:
    kills(path, count=8, seed=112)


@pytest.mark.soak
def test_a_writer_killed_hundreds_of_times_loses_nothing_it_acknowledged(path: Path) -> None:
    kills(path, count=300, seed=119)


def test_a_power_cut_anywhere_in_a_commit_costs_that_commit_only(
    path: Path, fresh: Callable[[], Path]
) -> None:
    """The bytes of the WAL that had reached the disk end at any place in the commit under way."""
    chance = random.Random(5)
    states: list[tuple[int, bytes]] = []
    with Ledger.open(path, SystemClock()) as ledger:
        ledger.append([note(1)])
        for seq in range(2, 12):
            ledger.append([note(seq, "x" * chance.randint(0, 9000))])
            states.append((seq, Path(f"{path}-wal").read_bytes()))
        database = path.read_bytes()
        for (seq, before), (_, after) in itertools.pairwise(states):
            assert after.startswith(before), "a commit only adds to the WAL here"
            for _ in range(6):
                cut = chance.randint(len(before), len(after) - 1)
                torn = after[:cut]
                if chance.random() < 0.5 and cut > len(before):  # the last sectors hold something old
                    torn = torn[: max(len(before), cut - 512)] + bytes(min(512, cut - len(before)))
                revive(fresh(), database, torn, seq)
            revive(fresh(), database, after, seq + 1)


def revive(path: Path, database: bytes, wal: bytes, last: int) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(database)
    Path(f"{path}-wal").write_bytes(wal)
    with Ledger.open(path, SystemClock()) as ledger:
        assert [one.seq for one in ledger.entries()] == list(range(1, last + 1))
        ledger.append([note(last + 1)])
    assert [one for one in check_ledger(path) if not one.ok and one.what not in ("file", "head book")] == []
    shutil.rmtree(path.parent)
