"""The console's own HTTPS door: where the partners say what they decided and how far they are.

A partner gets its receipt only after the fact is on our disk, and the same receipt when it asks again.
What cannot be used is answered with an Error that says why, told to the hub, and changes nothing else.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping

from aiohttp import web

from console.clock import Clock
from console.handoff import answer, rules
from console.handoff.cap import CapAlert, CapError, parse, reference_to, split_reference
from console.handoff.grammar import grammar
from console.handoff.line import CONTENT_TYPE
from console.handoff.pace import Bucket
from console.handoff.partners import PartnerLink
from console.handoff.profile import DoorLimits
from console.handoff.reports import Reporter
from console.handoff.texts import both
from console.handoff.tls import party_of
from console.model.base import Words, same_words
from console.model.fact import PartnerMessageBad, PartnerReport

_WORDS_CHARS = 2000


class Refused(Exception):
    """A message the door does not take: the HTTP status and the problem that the partner reads."""

    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status = status
        self.problem = problem


class Door:
    """The handlers; the listening socket is the courier's. `known(agency, key)`: whether we gave it that
    case."""

    def __init__(
        self, links: Callable[[], Mapping[str, PartnerLink]], known: Callable[[str, str], bool],
        reporter: Reporter, sender: str, clock: Clock, limits: DoorLimits, counts: Counter[str],
    ) -> None:  # fmt: skip
        self._links = links
        self._known = known
        self._reporter = reporter
        self._sender = sender
        self._clock = clock
        self._limits = limits
        self._counts = counts
        self._buckets: dict[str, Bucket] = {}
        self._answers: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._under_way: dict[str, tuple[str, asyncio.Future[bool]]] = {}

    def application(self) -> web.Application:
        application = web.Application(client_max_size=grammar().max_bytes)
        application.router.add_post("/handoff", self.take)
        application.router.add_get("/alive", self.alive)
        return application

    async def alive(self, request: web.Request) -> web.Response:
        """200 for a partner, so that it can see the line."""
        if self._partner(request) is None:
            return web.Response(status=403)
        return web.Response(text="alive\n")

    async def take(self, request: web.Request) -> web.Response:
        """One message of a partner."""
        self._counts["door_messages"] += 1
        link = self._partner(request)
        if link is None:
            self._counts["door_refused"] += 1
            who = party_of(_peer_certificate(request)) or "unknown"
            self._bad(who, "its certificate names no partner of ours")
            return web.Response(status=403, text="this certificate names no partner\n")
        if not self._bucket(link.agency).take(self._clock.mono_ns()):
            self._counts["door_too_fast"] += 1
            return web.Response(status=429, headers={"Retry-After": "1"}, text="too many messages\n")
        body = b""
        message: CapAlert | None = None
        try:
            body = await self._body(request)
            message = self._read(body)
            return await self._take(link, message, body)
        except Refused as refused:
            self._counts["door_refused"] += 1
            self._bad(link.agency, refused.problem)
            error = answer.refusal(
                body, message, refused.problem, self._sender, link.sender, self._clock.now_ns()
            )
            return web.Response(status=refused.status, body=error, content_type=CONTENT_TYPE)

    async def _body(self, request: web.Request) -> bytes:
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise Refused(415, "Content-Encoding: messages are taken uncompressed")
        try:
            return await asyncio.wait_for(request.read(), self._limits.read_s)
        except web.HTTPRequestEntityTooLarge:
            raise Refused(413, f"message: larger than {grammar().max_bytes} bytes") from None
        except TimeoutError:
            raise Refused(408, "message: did not arrive in time") from None

    def _read(self, body: bytes) -> CapAlert:
        try:
            return parse(body)
        except CapError as error:
            raise Refused(400, str(error)) from None

    async def _take(self, link: PartnerLink, message: CapAlert, body: bytes) -> web.Response:
        problems = rules.check_handoff(message)
        if problems:
            raise Refused(400, "; ".join(problems[:5]))
        if message.sender != link.sender:
            raise Refused(
                403, f"sender: {message.sender[:60]!r} is not {link.sender}, whom the certificate names"
            )
        if message.addresses.split() != [self._sender]:
            raise Refused(400, f"addresses: {message.addresses[:60]!r} is not {self._sender}")
        name, digest = str(reference_to(message)), hashlib.sha256(body).hexdigest()
        seen = self._answers.get(name) or self._under_way.get(name)
        if seen is not None and seen[0] != digest:
            raise Refused(409, f"identifier: {message.identifier[:60]} was already used for another message")
        if name in self._answers:
            self._counts["door_again"] += 1
            return web.Response(body=self._answers[name][1], content_type=CONTENT_TYPE)
        if message.msg_type == "Error":
            self._bad(link.agency, f"it says of our message: {message.note[:300]}")
        elif rules.status_of(message) != "received" and not await self._committed(
            link, message, name, digest
        ):
            self._counts["door_not_kept"] += 1
            return web.Response(
                status=503, headers={"Retry-After": "1"}, text="cannot be kept now; send it again\n"
            )
        return self._answered(link, message, name, digest)

    def _answered(self, link: PartnerLink, message: CapAlert, name: str, digest: str) -> web.Response:
        if name not in self._answers:
            body = answer.receipt(message, self._sender, link.sender, self._clock.now_ns())
            self._answers[name] = (digest, body)
            while len(self._answers) > self._limits.remembered:
                self._answers.popitem(last=False)
        return web.Response(body=self._answers[name][1], content_type=CONTENT_TYPE)

    async def _committed(self, link: PartnerLink, message: CapAlert, name: str, digest: str) -> bool:
        """Whether the fact is on disk. A second delivery meanwhile waits for the same fact.

        A fact that is kept after the partner has lost its patience is remembered, so that the next delivery
        is receipted at once.
        """
        if name not in self._under_way:
            future = self._reporter.tell(self._report(link, message))
            self._under_way[name] = (digest, future)

            def settled(kept: asyncio.Future[bool]) -> None:
                self._under_way.pop(name, None)
                if not kept.cancelled() and kept.result():
                    self._answered(link, message, name, digest)

            future.add_done_callback(settled)
        return await self._reporter.kept(self._under_way[name][1])

    def _report(self, link: PartnerLink, message: CapAlert) -> PartnerReport:
        keys = {
            one.identifier
            for one in map(split_reference, message.references.split())
            if one.sender == self._sender
        }
        known = sorted(key for key in keys if self._known(link.agency, key))
        if len(known) != 1:
            raise Refused(
                404, f"references: {'no' if not known else 'more than one'} case of ours with {link.agency}"
            )
        said = rules.status_of(message)
        reason, words = rules.split_reason(message.note) if said == "rejected" else ("", message.note.strip())
        return PartnerReport(
            agency=link.agency, key=known[0], said=said, message_id=message.identifier,  # type: ignore[arg-type]
            at_ns=self._clock.now_ns(), reason=reason, words=_words(reason, words),
        )  # fmt: skip

    def _partner(self, request: web.Request) -> PartnerLink | None:
        """Who is asking, by the certificate alone."""
        party = party_of(_peer_certificate(request))
        return next((link for link in self._links().values() if party and link.server_name == party), None)

    def _bucket(self, agency: str) -> Bucket:
        return self._buckets.setdefault(agency, Bucket(self._limits.per_second, self._limits.burst))

    def _bad(self, agency: str, problem: str) -> None:
        self._reporter.tell(
            PartnerMessageBad(agency=agency, at_ns=self._clock.now_ns(), problem=problem[:500])
        )


def _words(reason: str, words: str) -> Words | None:
    if not reason:
        return same_words(words[:_WORDS_CHARS]) if words else None
    named = both(f"handoff.reason.{reason}")
    if not words:
        return named
    return Words(en=f"{named.en}: {words}"[:_WORDS_CHARS], ko=f"{named.ko}: {words}"[:_WORDS_CHARS])


def _peer_certificate(request: web.Request) -> object:
    transport = request.transport
    return transport.get_extra_info("peercert") if transport is not None else None
