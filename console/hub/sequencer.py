"""The one place that numbers entries. Folded at once, committed before anyone hears, undone when that fails.

One batch is in flight to the disk while the next gathers, so that a slow disk costs delay and never order.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from console.clock import Clock
from console.ledger import Batch, Head, LedgerUnavailable
from console.model import state as fold
from console.model.events import Entry
from console.model.handoff import OutboxRow
from console.rules.draft import Decision

Then = Callable[[int, LedgerUnavailable | None], None]
"""Told once: (seq of the decision's last entry, None) when on disk, or (0, what is wrong)."""
MOST_ROUNDS = 50
"""Decisions that follow from decisions that follow: more than this is a circle, and a bug of ours."""

_log = logging.getLogger("bongsu.hub.sequencer")


class Follower(Protocol):
    """A part of the hub that keeps something beside the state, or decides what follows from the decided."""

    def follow(self, state: fold.CityState, entries: tuple[Entry, ...]) -> Iterable[Decision]:
        """These entries were folded, whoever proposed them; `state` has them, and may be ahead of them. What
        follows is folded into the same batch for the disk, and followed in its turn."""
        ...

    def restore(self, state: fold.CityState) -> None:
        """A commit failed: the state went back to what is on disk."""
        ...


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
        self._clock = clock
        self._submit = submit
        self._publish = publish
        self._base = _copy(state)
        self._next = _Gathering()
        self._flying: _Gathering | None = None
        self.problem: LedgerUnavailable | None = None
        self.failures = 0
        self.followers: list[Follower] = []
        """They hear of each decision in this order."""

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
        entries = self._fold(decision)
        if then is not None:
            self._next.then.append((self.state.seq if decision.drafts else 0, then))
        self._follow(entries)

    def _follow(self, entries: tuple[Entry, ...]) -> None:
        """Every follower hears of all entries in their order; what one says is told after all have heard."""
        waiting = deque([entries] if entries else [])
        rounds = 0
        while waiting:
            folded, rounds = waiting.popleft(), rounds + 1
            if rounds > MOST_ROUNDS:
                _log.error("Decisions follow from each other without an end, after entry %d.", folded[0].seq)
                return
            made = [
                one for follower in self.followers for one in follower.follow(self.state, folded)
            ]
            waiting.extend(more for one in made if (more := self._fold(one)))

    def _fold(self, decision: Decision) -> tuple[Entry, ...]:
        gathering, entries = self._next, []
        for draft in decision.drafts:
            entry = Entry(
                run=self.run, seq=self.state.seq + 1, at_ns=draft.at_ns or self._clock.now_ns(),
                cause=draft.cause, event=draft.event,
            )
            fold.apply(self.state, entry)
            entries.append(entry)
        gathering.entries += entries
        gathering.outbox += decision.outbox
        gathering.settled += decision.settled
        return tuple(entries)

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
        for follower in self.followers:
            follower.restore(self.state)
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
