"""The one place that numbers entries. Folded at once, committed before anyone hears, undone when that fails.

One batch is in flight to the disk while the next gathers, so that a slow disk costs delay and never order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import msgspec

from console.clock import Clock
from console.ledger import Batch, Head, LedgerUnavailable
from console.model import state as fold
from console.model.events import Entry
from console.model.handoff import OutboxRow
from console.rules.draft import Decision, Draft

Then = Callable[[int, LedgerUnavailable | None], None]
"""Told once: (seq of the decision's last entry, None) when on disk, or (0, what is wrong)."""
Follower = Callable[[fold.CityState, tuple[Entry, ...]], Iterable[Decision]]
"""What follows from entries that the state holds already."""


@dataclass(slots=True)
class _Gathering:
    entries: list[Entry] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    then: list[tuple[int, Then]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.entries or self.outbox or self.settled or self.then)


class Sequencer:
    """Owns the folded state of the hub. One thread: the hub's loop."""

    def __init__(
        self, run: str, state: fold.CityState, clock: Clock, submit: Callable[[Batch], None],
        publish: Callable[[list[Entry], list[OutboxRow]], None],
    ) -> None:
        self.state = state
        self.run = run
        self.followers: list[Follower] = []
        """Asked after each decision is folded; what they give is in the same batch, and followed again."""
        self._clock = clock
        self._submit = submit
        self._publish = publish
        self._base = _copy(state)
        self._next = _Gathering()
        self._flying: _Gathering | None = None
        self.problem: LedgerUnavailable | None = None
        self.failures = 0

    @property
    def settled(self) -> bool:
        """Whether everything folded is on disk, so that the state may be shown."""
        return self._flying is None and not self._next

    @property
    def depth(self) -> int:
        """Entries not yet on disk."""
        return len(self._next.entries) + (len(self._flying.entries) if self._flying else 0)

    def propose(self, decision: Decision, then: Then | None = None) -> None:
        """Number and fold a decision's entries and what follows from them; they are committed with the next
        flush.

        A decision of nothing is answered as soon as what was proposed before it is on disk.
        """
        gathering = self._next
        waiting = [decision]
        for one in waiting:
            entries = tuple(self._fold(draft) for draft in one.drafts)
            gathering.entries += entries
            gathering.outbox += one.outbox
            gathering.settled += one.settled
            for follow in self.followers if entries else ():
                waiting += follow(self.state, entries)
        if then is not None:
            gathering.then.append((self.state.seq if decision.drafts else 0, then))

    def _fold(self, draft: Draft) -> Entry:
        entry = Entry(
            run=self.run, seq=self.state.seq + 1, at_ns=draft.at_ns or self._clock.now_ns(),
            cause=draft.cause, event=draft.event,
        )
        fold.apply(self.state, entry)
        return entry

    def flush(self) -> None:
        """Send what gathered to the disk, unless a batch is under way."""
        if self._flying is not None or not self._next:
            return
        self._flying, self._next = self._next, _Gathering()
        flying = self._flying
        if not (flying.entries or flying.outbox or flying.settled):
            self.committed(None)
            return
        self._submit(
            Batch(
                entries=tuple(flying.entries), outbox=tuple(flying.outbox), settled=tuple(flying.settled)
            )
        )

    def committed(self, result: Head | LedgerUnavailable | None) -> bool:
        """Take the disk's answer for the batch in flight; True when it failed and the state went back."""
        flying = self._flying
        if flying is None:
            return False
        self._flying = None
        if isinstance(result, LedgerUnavailable):
            self._undo(flying, result)
            return True
        if result is not None:
            self.problem = None
            self._advance(flying.entries)
            self._publish(flying.entries, flying.outbox)
        for seq, then in flying.then:
            then(seq, None)
        return False

    def _advance(self, entries: list[Entry]) -> None:
        if self._next:
            for entry in entries:
                fold.apply(self._base, entry)
        else:
            self._base = _copy(self.state)

    def _undo(self, flying: _Gathering, problem: LedgerUnavailable) -> None:
        """Nothing of the batch, nor of what was decided on top of it, has happened."""
        waiting, self._next = self._next, _Gathering()
        restored = _copy(self._base)
        for name in fold.CityState.__struct_fields__:
            setattr(self.state, name, getattr(restored, name))
        self.problem = problem
        self.failures += 1
        for _, then in flying.then + waiting.then:
            then(0, problem)


def _copy(state: fold.CityState) -> fold.CityState:
    """A copy whose dicts are its own; the records in them are frozen and shared."""
    copy = msgspec.structs.replace(state)
    for name in fold.CityState.__struct_fields__:
        value = getattr(copy, name)
        if isinstance(value, dict):
            setattr(copy, name, dict(value))
    return copy
