"""What a hub starts from: the ledger, folded."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from pathlib import Path

from console.clock import Clock
from console.ledger import Ledger
from console.model import events as ev
from console.model import state as fold
from console.model.handoff import OutboxRow
from console.rules.casework.precision import PrecisionBook
from console.rules.casework.touched import cases_of

REMEMBERED = 100_000
"""Requests and facts whose answers are remembered, so that one sent again is not done again."""


SOUNDED = 50_000
"""New alarms and incidents of the record that desks' load is counted from: a month of a room that drowns."""


class Answered:
    """The last `REMEMBERED` ids and the seq each led to; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._seq: OrderedDict[str, int] = OrderedDict()

    def remember(self, id_: str, seq: int) -> None:
        self._seq[id_] = seq
        if len(self._seq) > REMEMBERED:
            self._seq.popitem(last=False)

    def forget(self, id_: str) -> None:
        self._seq.pop(id_, None)

    def get(self, id_: str) -> int | None:
        """The seq; -1 while the first asking is still on its way to the disk; None when never asked."""
        return self._seq.get(id_)


@dataclass(slots=True)
class Memory:
    """The folded state, what has been answered already, and what is still owed to partners."""

    state: fold.CityState = field(default_factory=fold.CityState)
    requests: Answered = field(default_factory=Answered)
    facts: Answered = field(default_factory=Answered)
    outbox: list[OutboxRow] = field(default_factory=list)
    head_hash: str = ""
    sounded: deque[ev.Entry] = field(default_factory=lambda: deque(maxlen=SOUNDED))
    """What was put before operators as new, oldest first: how desks fared before this run."""


def remember(path: Path, clock: Clock, memory: Memory, book: PrecisionBook) -> Ledger:
    """Open the ledger for writing and fill `memory` and `book` from it. In the writing thread.

    Raises LedgerUnavailable.
    """
    ledger = Ledger.open(path, clock)
    for entry in ledger.entries():
        fold.apply(memory.state, entry)
        for case_id in cases_of(entry.event):
            case = memory.state.cases.get(case_id)
            if case is not None and (case.verdict or case.merged_into):
                book.heard(case)
        if isinstance(entry.event, ev.AlarmRaised | ev.Opening) or (
            isinstance(entry.event, ev.AlarmMoved) and entry.event.is_new
        ):
            memory.sounded.append(entry)
        if isinstance(entry.event, ev.SignalReceived):
            memory.facts.remember(fact_id(entry.event.signal.source, entry.event.signal.uid), entry.seq)
        elif isinstance(entry.event, ev.ReportReceived):
            source = entry.cause.actor.partition(":")[2]
            memory.facts.remember(fact_id(source, entry.event.told.token), entry.seq)
        elif isinstance(entry.event, ev.ShareAccessed):
            source = entry.cause.actor.partition(":")[2]
            memory.facts.remember(fact_id(source, entry.event.line.access.uid), entry.seq)
    for command_id, seq in ledger.recent_commands(REMEMBERED).items():
        memory.requests.remember(command_id, seq)
    memory.outbox = ledger.outbox()
    memory.head_hash = ledger.head().hash
    return ledger


def fact_id(source: str, uid: str) -> str:
    """A fact's name in the hub: two sources may use the same numbers."""
    return f"{source}\x00{uid}"
