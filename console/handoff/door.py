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
from console.handoff.doorformats import DoorFormat, Opened, Refused, door_format
from console.handoff.grammar import grammar
from console.handoff.kinds import PartnerKind, partner_kinds
from console.handoff.pace import Bucket
from console.handoff.partners import PartnerLink
from console.handoff.profile import DoorLimits
from console.handoff.reports import Reporter
from console.handoff.signatures import Signatures
from console.handoff.signing import HEADER, SignatureRefused
from console.handoff.tls import party_of
from console.model.fact import PartnerMessageBad, PartnerReport


class Door:
    """The handlers; the listening socket is the courier's. `known(agency, key)`: whether we gave it that
    case; `kinds` say how each agency speaks."""

    def __init__(
        self, links: Callable[[], Mapping[str, PartnerLink]], known: Callable[[str, str], bool],
        reporter: Reporter, sender: str, clock: Clock, limits: DoorLimits, counts: Counter[str],
        kinds: Mapping[str, PartnerKind] | None = None, signatures: Signatures | None = None,
    ) -> None:  # fmt: skip
        self._links = links
        self._known = known
        self._reporter = reporter
        self._sender = sender
        self._clock = clock
        self._limits = limits
        self._counts = counts
        self._kinds = partner_kinds() if kinds is None else kinds
        self._signatures = signatures
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
        kind = self._kinds.get(link.agency)
        if kind is None:
            self._counts["door_refused"] += 1
            self._bad(link.agency, "no file of seeds/partners says how it speaks")
            return web.Response(status=403, text="it is not agreed how this partner speaks\n")
        body, form = b"", door_format(kind)
        try:
            body = await self._body(request)
            opened = form.open(body, link, kind, self._sender, self._clock.now_ns())
            await self._signed(request, link, body)
            return await self._take(link, opened, body, form)
        except Refused as refused:
            self._counts["door_refused"] += 1
            self._bad(link.agency, refused.problem)
            error = form.refusal(body, refused.problem, self._sender, link, self._clock.now_ns())
            return web.Response(status=refused.status, body=error, content_type=form.media_type)

    async def _signed(self, request: web.Request, link: PartnerLink, body: bytes) -> None:
        if self._signatures is None:
            return
        try:
            header, now_ns = request.headers.get(HEADER), self._clock.now_ns()
            await self._signatures.check(header, body, link.agency, now_ns)
        except SignatureRefused as refused:
            self._counts[f"door_signature_{refused.code}"] += 1
            if refused.code == "seen_unavailable":
                raise Refused(503, f"signature: {refused}") from None
            raise Refused(401, f"signature: {refused.code}: {refused}") from None

    async def _body(self, request: web.Request) -> bytes:
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise Refused(415, "Content-Encoding: messages are taken uncompressed")
        try:
            return await asyncio.wait_for(request.read(), self._limits.read_s)
        except web.HTTPRequestEntityTooLarge:
            raise Refused(413, f"message: larger than {grammar().max_bytes} bytes") from None
        except TimeoutError:
            raise Refused(408, "message: did not arrive in time") from None

    async def _take(
        self, link: PartnerLink, opened: Opened, body: bytes, form: DoorFormat
    ) -> web.Response:
        name, digest = f"{link.agency} {opened.name}", hashlib.sha256(body).hexdigest()
        seen = self._answers.get(name) or self._under_way.get(name)
        if seen is not None and seen[0] != digest:
            raise Refused(409, f"identifier: {opened.name[:60]} was already used for another message")
        if name in self._answers:
            self._counts["door_again"] += 1
            return web.Response(body=self._answers[name][1], content_type=form.media_type)
        if opened.statement is None:
            self._bad(link.agency, f"it says of our message: {opened.complaint[:300]}")
        else:
            report = PartnerReport(
                agency=link.agency, key=self._key(link, opened), statement=opened.statement
            )
            if not await self._committed(link, report, name, digest, form):
                self._counts["door_not_kept"] += 1
                return web.Response(
                    status=503, headers={"Retry-After": "1"}, text="cannot be kept now; send it again\n"
                )
        return self._answered(link, name, digest, form)

    def _answered(self, link: PartnerLink, name: str, digest: str, form: DoorFormat) -> web.Response:
        if name not in self._answers:
            self._answers[name] = (digest, form.receipt(self._sender, link, self._clock.now_ns()))
            while len(self._answers) > self._limits.remembered:
                self._answers.popitem(last=False)
        return web.Response(body=self._answers[name][1], content_type=form.media_type)

    async def _committed(
        self, link: PartnerLink, report: PartnerReport, name: str, digest: str, form: DoorFormat
    ) -> bool:
        """Whether the fact is on disk. A second delivery meanwhile waits for the same fact.

        A fact that is kept after the partner has lost its patience is remembered, so that the next delivery
        is receipted at once.
        """
        if name not in self._under_way:
            future = self._reporter.tell(report)
            self._under_way[name] = (digest, future)

            def settled(kept: asyncio.Future[bool]) -> None:
                self._under_way.pop(name, None)
                if not kept.cancelled() and kept.result():
                    self._answered(link, name, digest, form)

            future.add_done_callback(settled)
        return await self._reporter.kept(self._under_way[name][1])

    def _key(self, link: PartnerLink, opened: Opened) -> str:
        known = sorted(key for key in opened.keys if self._known(link.agency, key))
        if len(known) != 1:
            raise Refused(
                404, f"references: {'no' if not known else 'more than one'} case of ours with {link.agency}"
            )
        return known[0]

    def partner(self, request: web.Request) -> PartnerLink | None:
        """Who is asking, by the certificate alone."""
        return self._partner(request)

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


def _peer_certificate(request: web.Request) -> object:
    transport = request.transport
    return transport.get_extra_info("peercert") if transport is not None else None
