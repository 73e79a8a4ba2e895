"""The writing thread: takes all that waits into one transaction, so that one fsync serves many decisions."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

import msgspec

from console.ledger.chain import Head
from console.ledger.ledger import Ledger
from console.ledger.problems import LedgerMisuse, LedgerUnavailable
from console.model.events import Entry
from console.model.handoff import OutboxRow

log = logging.getLogger("bongsu.ledger")

TOGETHER = 500
"""Entries in one transaction at most: keeps the wait of the first one short when thousands queue up."""

MAX_WAITING = 20_000
"""Entries that may wait for the disk before a submit is refused."""

_LOOK_UP_S = 1.0
"""How often an idle writer looks whether the head has to be written down."""


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What must be kept together. `tag` is the caller's own and comes back untouched."""

    entries: tuple[Entry, ...] = ()
    outbox: tuple[OutboxRow, ...] = ()
    settled: tuple[str, ...] = ()
    tag: object = None


Outcome: TypeAlias = Head | LedgerUnavailable


class LedgerWriter:
    """Owns the Ledger and its thread. `start`, `submit`, `close` may be called from any thread.

    `on_done(batch, outcome)` is called in the writing thread, once for each batch, in the order of
    submission. After a batch that was not kept, those behind it are refused with code "behind" until one
    comes that follows the head: the caller numbers anew from there.
    """

    def __init__(
        self, ledger_factory: Callable[[], Ledger], on_done: Callable[[Batch, Outcome], None],
        max_waiting: int = MAX_WAITING,
    ) -> None:  # fmt: skip
        self._factory = ledger_factory
        self._on_done = on_done
        self._max_waiting = max_waiting
        self._queue: deque[Batch] = deque()
        self._waiting = 0
        self._changed = threading.Condition()
        self._closing = False
        self._opened = threading.Event()
        self._failure: BaseException | None = None
        self._head: Head | None = None
        self._thread = threading.Thread(target=self._run, name="ledger-writer")

    def start(self) -> Head:
        """Open the ledger in the thread and return its head. Raises what opening it raised."""
        self._thread.start()
        self._opened.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        assert self._head is not None
        return self._head

    def submit(self, batch: Batch) -> None:
        """Queue a batch; returns at once. Raises LedgerUnavailable ("backlog", "closed"), keeping nothing."""
        with self._changed:
            if self._closing or not self._thread.is_alive():
                raise LedgerUnavailable("closed")
            if self._waiting + len(batch.entries) > self._max_waiting:
                raise LedgerUnavailable("backlog", f"{self._waiting} entries waiting")
            self._queue.append(batch)
            self._waiting += len(batch.entries)
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """Entries submitted and not yet taken into a transaction."""
        return self._waiting

    def close(self) -> None:
        """Write what is queued, close the ledger, end the thread. A second call does nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            ledger = self._factory()
            self._head = ledger.head()
        except BaseException as error:
            self._failure = error
            self._opened.set()
            return
        self._opened.set()
        try:
            while (group := self._take()) is not None:
                if group:
                    self._write(ledger, group)
                else:
                    ledger.write_head_when_due()
        finally:
            ledger.close()

    def _take(self) -> list[Batch] | None:
        """The next group, an empty one when it is time to look up, None when there is nothing left to do."""
        with self._changed:
            if not self._queue and not self._closing:
                self._changed.wait(_LOOK_UP_S)
            if not self._queue:
                return None if self._closing else []
            group: list[Batch] = []
            size = 0
            while self._queue and (not group or size + len(self._queue[0].entries) <= TOGETHER):
                group.append(self._queue.popleft())
                size += len(group[-1].entries)
            self._waiting -= size
            return group

    def _write(self, ledger: Ledger, group: list[Batch]) -> None:
        outcome = self._append(ledger, group)
        if isinstance(outcome, LedgerMisuse):
            # One batch of the group is wrong; the others must not suffer for it.
            for batch in group:
                alone = self._append(ledger, [batch])
                if isinstance(alone, LedgerMisuse):
                    alone = self._refusal(ledger, batch, alone)
                self._tell(batch, alone)
            return
        for batch in group:
            self._tell(batch, outcome)

    def _append(self, ledger: Ledger, group: list[Batch]) -> Outcome | LedgerMisuse:
        try:
            return ledger.append(
                [entry for batch in group for entry in batch.entries],
                [row for batch in group for row in batch.outbox],
                [handoff_id for batch in group for handoff_id in batch.settled],
            )
        except (LedgerUnavailable, LedgerMisuse) as error:
            return error
        except Exception as error:  # whatever it is, the writer has to go on and the caller has to hear
            log.exception("The record could not be written.")
            return LedgerUnavailable("internal", type(error).__name__, error)

    def _refusal(self, ledger: Ledger, batch: Batch, why: LedgerMisuse) -> LedgerUnavailable:
        if batch.entries and batch.entries[0].seq > ledger.head().seq + 1:
            return LedgerUnavailable("behind", cause=why)
        log.error("A batch was refused by the ledger: %s", why)
        return LedgerUnavailable("internal", str(why), why)

    def _tell(self, batch: Batch, outcome: Outcome) -> None:
        try:
            self._on_done(batch, outcome)
        except Exception:
            log.exception("The hub failed on the news that a batch was written.")
