"""Where partners ask for pictures: /pictures of the console's door, beside the hand-off's.

A partner is who its certificate says, its message is signed where the site has its key, and what it asks is
on disk before it is answered. The answer says how the request stands; with `Prefer: wait=SECONDS` it is held
until that changes. Whatever cannot be used is refused in words, counted and told to the hub.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from aiohttp import web

from console.clock import Clock
from console.handoff.caprequests import MEDIA
from console.handoff.grammar import grammar
from console.handoff.pace import Bucket
from console.handoff.partners import PartnerLink
from console.handoff.profile import DoorLimits
from console.handoff.reports import Reporter
from console.handoff.requests import (
    PATH,
    PictureAnswer,
    PicturesFormat,
    PicturesHeard,
    PicturesReturned,
    RequestsError,
)
from console.handoff.signing import HEADER, SignatureRefused
from console.handoff.tls import party_of
from console.model.fact import PartnerMessageBad, PicturesAsked, PicturesGivenBack
from console.model.picturerequest import PictureWish

LONGEST_WAIT_S = 20.0
LOOK_S = 0.02
WRITTEN_WITHIN_S = 5.0
_WAIT = re.compile(r"wait=([0-9]{1,3})")


class PictureDesk(Protocol):
    """What the hub answers with. Any thread, at once."""

    def is_kept(self, agency: str, message_id: str, wish: PictureWish | None) -> bool | None: ...

    def answer(self, agency: str, message_id: str) -> PictureAnswer | None: ...

    def standing(self, agency: str) -> tuple[PictureAnswer, ...]: ...


class SignatureCheck(Protocol):
    """Whether a message is the partner's own; knows of whom a signature is demanded."""

    async def check(self, header: str | None, body: bytes, agency: str, now_ns: int) -> None:
        """Raises SignatureRefused."""
        ...


class _Refused(Exception):
    def __init__(self, status: int, problem: str) -> None:
        super().__init__(problem)
        self.status, self.problem = status, problem


class PictureDoor:
    """On the courier's loop."""

    def __init__(
        self, links: Callable[[], Mapping[str, PartnerLink]], reporter: Reporter, desk: PictureDesk,
        signatures: SignatureCheck | None, sender: str, clock: Clock, limits: DoorLimits,
        counts: Counter[str],
    ) -> None:  # fmt: skip
        self._links, self._reporter, self._desk = links, reporter, desk
        self._signatures, self._sender, self._clock = signatures, sender, clock
        self._limits, self._counts = limits, counts
        self._buckets: dict[str, Bucket] = {}

    def join(self, application: web.Application) -> None:
        """Answer at `PATH` of the hand-off's door."""
        application.router.add_post(PATH, self.take)

    async def take(self, request: web.Request) -> web.Response:
        """One message of a partner."""
        self._counts["pictures_messages"] += 1
        link = self._partner(request)
        if link is None:
            self._counts["pictures_refused"] += 1
            who = party_of(_certificate(request)) or "unknown"
            self._bad(who, "its certificate names no partner of ours")
            return web.Response(status=403, text="this certificate names no partner\n")
        if not self._bucket(link.agency).take(self._clock.mono_ns()):
            self._counts["pictures_too_fast"] += 1
            return web.Response(status=429, headers={"Retry-After": "1"}, text="too many messages\n")
        try:
            return await self._take(request, link)
        except _Refused as refused:
            self._counts["pictures_refused"] += 1
            self._bad(link.agency, refused.problem)
            return web.Response(status=refused.status, text=refused.problem[:1000] + "\n")

    async def _take(self, request: web.Request, link: PartnerLink) -> web.Response:
        wire = MEDIA.get(request.content_type)
        if wire is None:
            raise _Refused(415, f"Content-Type: expected one of {', '.join(MEDIA)}")
        body = await self._body(request)
        now = self._clock.now_ns()
        if self._signatures is not None:
            try:
                await self._signatures.check(request.headers.get(HEADER), body, link.agency, now)
            except SignatureRefused as refused:
                raise _Refused(403, f"{HEADER}: {refused.code}, {refused}") from None
        heard = self._heard(wire, body, link)
        said = heard.said
        if isinstance(said, PictureWish):
            answers = await self._asked(request, link.agency, said)
        elif isinstance(said, PicturesReturned):
            answers = await self._given_back(link.agency, said)
        else:
            answers = self._desk.standing(link.agency)
        data = wire.answer(answers, heard, self._sender, self._clock.now_ns())
        return web.Response(body=data, content_type=wire.media_type, headers={"Cache-Control": "no-store"})

    async def _body(self, request: web.Request) -> bytes:
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise _Refused(415, "Content-Encoding: messages are taken uncompressed")
        try:
            return await asyncio.wait_for(request.read(), self._limits.read_s)
        except web.HTTPRequestEntityTooLarge:
            raise _Refused(413, f"message: larger than {grammar().max_bytes} bytes") from None
        except TimeoutError:
            raise _Refused(408, "message: did not arrive in time") from None

    def _heard(self, wire: PicturesFormat, body: bytes, link: PartnerLink) -> PicturesHeard:
        try:
            heard = wire.read(body)
        except RequestsError as error:
            raise _Refused(400, str(error)) from None
        if heard.sender != link.sender:
            raise _Refused(403, f"sender: {heard.sender[:60]!r} is not {link.sender}")
        if heard.receiver != self._sender:
            raise _Refused(400, f"receiver: {heard.receiver[:60]!r} is not {self._sender}")
        return heard

    async def _asked(
        self, request: web.Request, agency: str, wish: PictureWish
    ) -> tuple[PictureAnswer, ...]:
        kept = self._desk.is_kept(agency, wish.message_id, wish)
        if kept is None:
            raise _Refused(409, f"message id: {wish.message_id[:60]} was already used for another request")
        if not kept:
            told = PicturesAsked(
                agency=agency, at_ns=self._clock.now_ns(), wish=wish, certificate_sha256=_digest(request)
            )
            if not await self._reporter.kept(self._reporter.tell(told)):
                self._counts["pictures_not_kept"] += 1
                raise _Refused(503, "cannot be kept now; ask again")
        else:
            self._counts["pictures_again"] += 1
        answer = await self._stands(agency, wish.message_id, _wait_s(request))
        return (answer,)

    async def _given_back(self, agency: str, told: PicturesReturned) -> tuple[PictureAnswer, ...]:
        if not self._desk.is_kept(agency, told.about, None):
            raise _Refused(404, f"{told.about[:60]}: no request of yours, nor an offer to you")
        fact = PicturesGivenBack(
            agency=agency, at_ns=self._clock.now_ns(), message_id=told.about, reason=told.reason[:500]
        )
        if not await self._reporter.kept(self._reporter.tell(fact)):
            raise _Refused(503, "cannot be kept now; ask again")
        return (await self._stands(agency, told.about, 0.0),)

    async def _stands(self, agency: str, message_id: str, wait_s: float) -> PictureAnswer:
        """How it stands: once its grant is written, and while it is waited for not before it is decided."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while True:
            answer = self._desk.answer(agency, message_id)
            passed = loop.time() - began
            if answer is not None and not (answer.state == "waiting" and passed < wait_s):
                return answer
            if answer is None and passed >= WRITTEN_WITHIN_S:
                raise _Refused(503, "the grant cannot be written now; ask again")
            await asyncio.sleep(LOOK_S)

    def _partner(self, request: web.Request) -> PartnerLink | None:
        party = party_of(_certificate(request))
        return next((link for link in self._links().values() if party and link.server_name == party), None)

    def _bucket(self, agency: str) -> Bucket:
        return self._buckets.setdefault(agency, Bucket(self._limits.per_second, self._limits.burst))

    def _bad(self, agency: str, problem: str) -> None:
        self._reporter.tell(
            PartnerMessageBad(
                agency=agency, at_ns=self._clock.now_ns(), problem=f"pictures: {problem}"[:500]
            )
        )


def _wait_s(request: web.Request) -> float:
    matched = _WAIT.search(request.headers.get("Prefer", ""))
    return min(float(matched[1]), LONGEST_WAIT_S) if matched is not None else 0.0


def _certificate(request: web.Request) -> object:
    transport = request.transport
    return transport.get_extra_info("peercert") if transport is not None else None


def _digest(request: web.Request) -> str:
    transport = request.transport
    tls: Any = transport.get_extra_info("ssl_object") if transport is not None else None
    shown = tls.getpeercert(True) if tls is not None else None
    return hashlib.sha256(shown).hexdigest() if shown else ""
