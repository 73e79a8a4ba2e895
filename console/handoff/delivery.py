"""Carries what is owed to the partners: the same bytes again and again until a receipt is on our own disk."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from console.clock import Clock
from console.handoff.cap import CapError, Reference
from console.handoff.line import Line, Tried, read_own
from console.handoff.pace import LinkJudge, Sleeper, retry_delays
from console.handoff.partners import PartnerLink
from console.handoff.profile import Times
from console.handoff.reports import Reporter
from console.handoff.texts import both
from console.model.base import Words
from console.model.fact import DeliveryReport, PartnerLinkSeen, PartnerMessageBad
from console.model.handoff import OutboxRow

_AT_ONCE = 8
"""How many messages go to one partner at the same time; after a long silence the rest waits its turn."""


class Delivery:
    """Lives on the courier's loop. `links` answers the partners as they are now."""

    def __init__(
        self, line: Line, links: Callable[[], Mapping[str, PartnerLink]], reporter: Reporter, clock: Clock,
        times: Times, sleeper: Sleeper, rng: random.Random, counts: Counter[str],
    ) -> None:  # fmt: skip
        self._line = line
        self._links = links
        self._reporter = reporter
        self._clock = clock
        self._times = times
        self._sleeper = sleeper
        self._rng = rng
        self._counts = counts
        self._judges: dict[str, LinkJudge] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._wakes: dict[str, asyncio.Event] = {}
        self._under_way: set[str] = set()

    @property
    def waiting(self) -> int:
        """How many hand-offs have no receipt yet."""
        return len(self._under_way)

    async def carry(self, row: OutboxRow) -> None:
        """Deliver one row; returns when the receipt is on disk. A row under way is not carried twice."""
        if row.handoff_id in self._under_way:
            return
        self._under_way.add(row.handoff_id)
        try:
            await self._carry(row)
        finally:
            self._under_way.discard(row.handoff_id)

    async def heartbeat(self, agency: str) -> None:
        """Ask the partner's door for ever, until cancelled."""
        while True:
            link = self._links().get(agency)
            self.note(agency, await self._line.alive(link) if link else Tried(kind="no_address"))
            await self._sleeper.sleep(self._times.heartbeat_s)

    def wake(self, agency: str) -> None:
        """Try what waits for this partner now; its line or its address has changed."""
        self._wake_of(agency).set()

    def note(self, agency: str, tried: Tried) -> None:
        """Take an outcome into the state of the line, and say when that changed."""
        judge = self._judges.setdefault(agency, LinkJudge(self._times.heartbeat_misses))
        if not judge.take(tried.answered, tried.definite):
            return
        up = bool(judge.up)
        self._reporter.tell(
            PartnerLinkSeen(agency=agency, up=up, at_ns=self._clock.now_ns(), why=tried.words(agency))
        )
        if tried.kind == "certificate":
            self._bad(row_agency=agency, tried=tried)
        if up:
            self.wake(agency)

    async def _carry(self, row: OutboxRow) -> None:
        trip = _Trip(row, self._reporter, self._clock)
        try:
            _, about = read_own(row.message)
        except CapError as error:
            # The hub never queues such a row; an outbox damaged on disk must still not be silent.
            detail = str(error)[:200]
            trip.stalled(both("handoff.stalled.refused", agency=row.agency, detail=detail))
            self._counts["unreadable_rows"] += 1
            return
        async with _beside(self._stall_later(trip)):
            tried = await self._until_received(trip, about)
        await self._keep_receipt(trip, tried)

    async def _until_received(self, trip: _Trip, about: Reference) -> Tried:
        row = trip.row
        delays = retry_delays(self._times, self._rng)
        while True:
            tried = await self._try(trip, about)
            self._counts[tried.kind] += 1
            self.note(row.agency, tried)
            if tried.kind == "received":
                return tried
            trip.why = tried.words(row.agency)
            if tried.kind in ("garbage", "refused"):
                self._bad(row.agency, tried)
            if tried.kind == "refused":
                trip.stalled(both("handoff.stalled.refused", agency=row.agency, detail=tried.detail))
            await self._rest(row.agency, next(delays))

    async def _try(self, trip: _Trip, about: Reference) -> Tried:
        link = self._links().get(trip.row.agency)
        if link is None:
            return Tried(kind="no_address")
        async with self._slots.setdefault(trip.row.agency, asyncio.Semaphore(_AT_ONCE)):
            trip.attempt += 1
            self._counts["attempts"] += 1
            return await self._line.post(link, trip.row.message, about, trip.bytes_left)

    async def _stall_later(self, trip: _Trip) -> None:
        await self._sleeper.sleep(self._times.stall_s)
        agency = trip.row.agency
        why = trip.why or both("handoff.stalled.waiting")
        seconds = f"{self._times.stall_s:g}"
        trip.stalled(
            Words(
                en=both("handoff.stalled.silent", agency=agency, seconds=seconds, why=why.en).en,
                ko=both("handoff.stalled.silent", agency=agency, seconds=seconds, why=why.ko).ko,
            )
        )

    async def _keep_receipt(self, trip: _Trip, tried: Tried) -> None:
        """Tell of the receipt until the hub has it on disk; the partner need not be asked again for that."""
        trip.sent()
        delays = retry_delays(self._times, self._rng)
        told = self._reporter.tell(trip.report("received", agency_ref=tried.agency_ref))
        while not await self._reporter.kept(told):
            self._counts["receipts_not_kept"] += 1
            await self._sleeper.sleep(next(delays))
            told = self._reporter.tell(trip.report("received", agency_ref=tried.agency_ref))

    async def _rest(self, agency: str, seconds: float) -> None:
        """Wait, but not longer than until something about the partner changes for the better."""
        wake = self._wake_of(agency)
        wake.clear()
        sleeping = asyncio.ensure_future(self._sleeper.sleep(seconds))
        waking = asyncio.ensure_future(wake.wait())
        try:
            await asyncio.wait({sleeping, waking}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            waking.cancel()

    def _wake_of(self, agency: str) -> asyncio.Event:
        return self._wakes.setdefault(agency, asyncio.Event())

    def _bad(self, row_agency: str, tried: Tried) -> None:
        self._counts["bad_answers"] += 1
        problem = f"{tried.kind}: {tried.detail}" if tried.detail else tried.kind
        self._reporter.tell(PartnerMessageBad(agency=row_agency, at_ns=self._clock.now_ns(), problem=problem))


class _Trip:
    """One row on its way. "sent" and "stalled" are each reported once, "sent" at the latest with the
    receipt."""

    def __init__(self, row: OutboxRow, reporter: Reporter, clock: Clock) -> None:
        self.row = row
        self.attempt = 0
        self.why: Words | None = None
        self._reporter = reporter
        self._clock = clock
        self._told_sent = False
        self._told_stalled = False
        self._left_at_ns = 0

    def bytes_left(self) -> None:
        """The bytes of a try are out. After a stall that is no news before the receipt."""
        self._left_at_ns = self._clock.now_ns()
        if not self._told_stalled:
            self.sent()

    def sent(self) -> None:
        if not self._told_sent:
            self._told_sent = True
            self._reporter.tell(self.report("sent", at_ns=self._left_at_ns))

    def stalled(self, reason: Words) -> None:
        if not self._told_stalled:
            self._told_stalled = True
            self._reporter.tell(self.report("stalled", reason=reason))

    def report(
        self, outcome: Any, agency_ref: str = "", reason: Words | None = None, at_ns: int = 0
    ) -> DeliveryReport:
        return DeliveryReport(
            handoff_id=self.row.handoff_id, key=self.row.key, outcome=outcome, attempt=max(1, self.attempt),
            at_ns=at_ns or self._clock.now_ns(), agency_ref=agency_ref, reason=reason,
        )  # fmt: skip


class _beside:  # noqa: N801 - read as a word: async with _beside(...)
    """Runs a coroutine beside the block and ends it with the block."""

    def __init__(self, coroutine: Coroutine[Any, Any, None]) -> None:
        self._coroutine = coroutine

    async def __aenter__(self) -> None:
        self._task = asyncio.ensure_future(self._coroutine)

    async def __aexit__(self, *why: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
