"""Carries what is owed to the partners: the same bytes again and again until a receipt is on our own disk."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from console.clock import Clock
from console.handoff.line import Line, Tried
from console.handoff.pace import LinkJudge, Sleeper, retry_delays
from console.handoff.partners import PartnerLink
from console.handoff.profile import Times
from console.handoff.receipts import Letter, NotOurs, letter_of
from console.handoff.reports import Reporter
from console.handoff.signing import Form
from console.model.fact import DeliveryReport, PartnerLinkSeen, PartnerMessageBad
from console.model.handoff import OutboxRow

_AT_ONCE = 8
"""How many messages go to one partner at the same time; after a long silence the rest waits its turn."""


class Delivery:
    """Lives on the courier's loop. `links` answers the partners as they are now."""

    def __init__(
        self, line: Line, links: Callable[[], Mapping[str, PartnerLink]], reporter: Reporter, clock: Clock,
        times: Times, sleeper: Sleeper, rng: random.Random, counts: Counter[str],
        sign: Callable[[bytes, Form, str], dict[str, str]] | None = None,
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
        self._down: dict[str, str] = {}
        """Why a line that is down is so."""
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._wakes: dict[str, asyncio.Event] = {}
        self._under_way: set[str] = set()
        self._dropped: set[str] = set()
        self._sign = sign

    @property
    def waiting(self) -> int:
        """How many messages have no receipt yet."""
        return len(self._under_way)

    async def carry(self, row: OutboxRow) -> None:
        """Deliver one row; returns when the receipt is on disk. A row under way is not carried twice."""
        if row.message_id in self._under_way:
            return
        self._under_way.add(row.message_id)
        try:
            await self._carry(row)
        finally:
            self._under_way.discard(row.message_id)

    def drop(self, message_ids: Iterable[str]) -> None:
        """Try these no more: a person ended them. What is on its way may still be confirmed."""
        self._dropped.update(message_ids)
        for wake in self._wakes.values():
            wake.set()

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
        changed = judge.take(tried.answered, tried.definite)
        up = bool(judge.up)
        another = judge.up is False and tried.definite and self._down.get(agency) != tried.kind
        if not changed and not another:
            return
        self._down[agency] = "" if up else tried.kind
        self._reporter.tell(
            PartnerLinkSeen(agency=agency, up=up, at_ns=self._clock.now_ns(), why=tried.words(agency))
        )
        if tried.kind == "certificate":
            self._bad(agency, None, tried)
        if up:
            self.wake(agency)

    async def _carry(self, row: OutboxRow) -> None:
        trip = _Trip(row, self._reporter, self._clock)
        try:
            letter = letter_of(row)
        except NotOurs as error:
            # The hub never queues such a row; an outbox damaged on disk must still not be silent.
            self._counts["unreadable_rows"] += 1
            self._bad(row.agency, trip, Tried(kind="refused", detail=f"our own message: {error}"[:200]))
            return
        tried = await self._until_received(trip, letter)
        if tried is not None:
            await self._keep_receipt(trip, tried)

    async def _until_received(self, trip: _Trip, letter: Letter) -> Tried | None:
        """None where a person ended it."""
        row = trip.row
        delays = retry_delays(self._times, self._rng)
        while row.message_id not in self._dropped:
            tried = await self._try(trip, letter)
            self._counts[tried.kind] += 1
            self.note(row.agency, tried)
            if tried.kind == "received":
                return tried
            if tried.kind in ("garbage", "refused"):
                self._bad(row.agency, trip, tried)
            await self._rest(row.agency, next(delays))
        return None

    async def _try(self, trip: _Trip, letter: Letter) -> Tried:
        row = trip.row
        link = self._links().get(row.agency)
        if link is None:
            return Tried(kind="no_address")
        async with self._slots.setdefault(row.agency, asyncio.Semaphore(_AT_ONCE)):
            trip.attempt += 1
            self._counts["attempts"] += 1
            headers = {"Content-Type": letter.media_type, "Accept-Encoding": "identity"}
            if self._sign is not None:
                headers |= self._sign(row.message, letter.form, row.agency)
            return await self._line.post(link, row.message, headers, letter.judge, trip.bytes_left)

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

    def _bad(self, agency: str, trip: _Trip | None, tried: Tried) -> None:
        """Told once for a row, and again when it is something else."""
        self._counts["bad_answers"] += 1
        problem = f"{tried.kind}: {tried.detail}" if tried.detail else tried.kind
        if trip is not None:
            if trip.bad == problem:
                return
            trip.bad = problem
        self._reporter.tell(PartnerMessageBad(agency=agency, at_ns=self._clock.now_ns(), problem=problem))


class _Trip:
    """One row on its way. "sent" is reported once, at the latest with the receipt."""

    def __init__(self, row: OutboxRow, reporter: Reporter, clock: Clock) -> None:
        self.row = row
        self.attempt = 0
        self.bad = ""
        self._reporter = reporter
        self._clock = clock
        self._told_sent = False
        self._left_at_ns = 0

    def bytes_left(self) -> None:
        """The bytes of a try are out."""
        self._left_at_ns = self._clock.now_ns()
        self.sent()

    def sent(self) -> None:
        if not self._told_sent:
            self._told_sent = True
            self._reporter.tell(self.report("sent", at_ns=self._left_at_ns))

    def report(
        self, outcome: Literal["sent", "received"], agency_ref: str = "", at_ns: int = 0
    ) -> DeliveryReport:
        row = self.row
        return DeliveryReport(
            handoff_id=row.handoff_id, key=row.key, message_id=row.message_id, outcome=outcome,
            attempt=max(1, self.attempt), at_ns=at_ns or self._clock.now_ns(), agency_ref=agency_ref,
        )  # fmt: skip
