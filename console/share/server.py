"""The application: a page for a share, and its pictures as fragmented MP4, in one answer for each view.

Nothing a stranger sends becomes a path: token and camera are looked up among what was granted.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import socket
import struct
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from console.clock import Clock
from console.language import Catalogue
from console.model.share import AccessLine, RefusedWhy, ShareForm, ShareGrant, ShareRefused
from console.paths import shipped
from console.share.access import AccessLog
from console.share.admission import STATUS, Whereabouts, may_enter, may_see
from console.share.feed import Subscriber
from console.share.figures import ShareFigures
from console.share.fragments import content_type, marked
from console.share.grants import GrantBook, looks_like_token
from console.share.guesses import Allowance, Told, neighbourhood
from console.share.page import page, refusal_page, share_said
from console.share.views import View, Views, Wish

HEADERS = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY", "Server": "bongsu", "Accept-Ranges": "none",
    "Strict-Transport-Security": "max-age=31536000",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
}  # fmt: skip
LONGEST_AGENT = 200
MANY = "many"
"""Stands for the addresses of refusals that came too thick to be told one by one."""
_BEFORE_A_PICTURE: dict[str | None, RefusedWhy] = {
    "revoked": "revoked", "until": "expired", "changed": "unknown", "codec": "codec",
}  # fmt: skip
_log = logging.getLogger("bongsu.share")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """Nothing is shown, and why."""

    def __init__(self, why: RefusedWhy, grant: ShareGrant | None = None, camera_id: str = "") -> None:
        super().__init__(why)
        self.why, self.grant, self.camera_id = why, grant, camera_id


class ShareServer:
    """Everything on one loop, but for disks and decoders. `step` is to be called a few times a second."""

    def __init__(
        self, home: Path, figures: ShareFigures, catalogue: Catalogue, clock: Clock,
        on_line: Callable[[AccessLine], None] | None = None,
    ) -> None:  # fmt: skip
        """`on_line` hears each line of the access record that is on disk, in order."""
        self._figures, self._catalogue, self._clock = figures, catalogue, clock
        self.book = GrantBook(home)
        self.views = Views(home, figures, self.book, AccessLog(home, on_line), clock)
        limits = figures.limits
        most = limits.addresses_remembered
        self._guesses = Allowance(
            limits.wrong_tokens_per_address_per_minute, limits.wrong_tokens_at_once, most, clock
        )
        self._openings = Allowance(limits.views_per_share_per_minute, limits.views_at_once, most, clock)
        self._lines = Allowance(
            limits.refusals_told_per_minute, limits.refusals_told_per_minute, 1, clock
        )
        self._told = Told(limits.refusals_told_every_s, limits.addresses_remembered, clock)
        self._assets = {
            name: (shipped("assets") / "share" / name).read_bytes() for name in ("viewer.js", "viewer.css")
        }

    def recover(self) -> None:
        """Before serving: the grants, and what an earlier run left. Raises OSError."""
        self.book.refresh()
        self.views.recover()

    def application(self) -> web.Application:
        made = web.Application(middlewares=[self._answer], client_max_size=1)
        made.router.add_get("/s/{token}", self._page, allow_head=False)
        made.router.add_get("/s/{token}/{form:live|recorded}/{camera}.mp4", self._pictures, allow_head=False)
        made.router.add_get("/{name:viewer\\.js|viewer\\.css}", self._asset, allow_head=False)
        made.on_shutdown.append(self._shut)
        return made

    async def step(self) -> None:
        """Look at the grants, end what may not go on, write what is owed. Never raises for the disk."""
        self.book.refresh()
        self.views.watch()
        for (why, address, share_id, camera_id), count in self._told.due():
            self._write(why, address, share_id, camera_id, count)
        await self.views.settle()

    def close(self) -> None:
        """After the door: end the feeds and the record."""
        self.views.close()

    async def _shut(self, _: web.Application) -> None:
        for view in self.views.open:
            view.end("stopped")

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            found = await handler(request)
        except Refused as refused:
            found = self._refusal(request, refused)
        except web.HTTPException as error:
            found = web.Response(status=error.status, text=f"{error.status}\n", headers=HEADERS)
        except (ConnectionError, asyncio.CancelledError):
            raise
        except Exception:
            _log.exception("A request failed by an error of the console.")
            found = web.Response(status=500, text="500\n", headers=HEADERS)
        return found

    # what is asked for

    async def _asset(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        kind = "text/javascript" if name.endswith(".js") else "text/css"
        return web.Response(body=self._assets[name], content_type=kind, charset="utf-8", headers=HEADERS)

    async def _page(self, request: web.Request) -> web.Response:
        grant, where = self._grant(request)
        refused = may_enter(grant, where, self._clock.now_ns())
        if refused is not None:
            raise Refused(refused, grant)
        language = _language(request)
        if "application/json" in request.headers.get("Accept", ""):
            body = msgspec.json.encode(share_said(grant, self._clock.now_ns()))
            return web.Response(body=body, content_type="application/json", headers=HEADERS)
        text = page(grant, request.match_info["token"], language, self._catalogue, self._clock.now_ns())
        return web.Response(text=text, content_type="text/html", headers=HEADERS)

    async def _pictures(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Range", "bytes=0-").replace(" ", "") != "bytes=0-":
            raise web.HTTPRequestRangeNotSatisfiable
        grant, where = self._grant(request)
        form: ShareForm = "live" if request.match_info["form"] == "live" else "recorded"
        wish = Wish(
            grant, request.match_info["camera"], form, _from_ns(request), where,
            _printable(request.headers.get("User-Agent", "")),
        )  # fmt: skip
        self._check(wish)
        try:
            view = await self.views.begin(wish)
        except OSError as problem:
            _log.error("Nobody sees pictures: the access record cannot be written: %s", problem.strerror)
            raise Refused("not_logged", grant, wish.camera_id) from None
        view.task = asyncio.ensure_future(self._serve(request, view))
        try:
            await view.task
        except asyncio.CancelledError:
            if view.why is None:
                raise  # the viewer left
        finally:
            if not view.task.done():
                view.task.cancel()
            await asyncio.shield(self.views.finish(view))
        if view.answer is not None:
            if view.why != "end" and request.transport is not None:
                _cut(request.transport)
            return view.answer
        raise Refused(view.refusal or _BEFORE_A_PICTURE.get(view.why) or "no_pictures", grant, wish.camera_id)

    def _check(self, wish: Wish) -> None:
        refused = may_see(
            wish.grant, wish.where, self._clock.now_ns(), wish.camera_id, wish.form, wish.from_ns,
            self.views.open_of(wish.grant.id),
        )  # fmt: skip
        if refused is None and not self._openings.take(wish.grant.id):
            refused = "too_many_views"
        if refused is not None:
            raise Refused(refused, wish.grant, wish.camera_id)

    async def _serve(self, request: web.Request, view: View) -> None:
        feed = self.views.feed_for(view)
        if feed is None:
            view.why, view.refusal = "no_pictures", "too_many_views"
            return
        subscriber = self.views.subscriber()
        feed.join(subscriber)
        try:
            await self._send(request, view, subscriber)
        finally:
            self.views.leave(feed, subscriber)

    async def _send(self, request: web.Request, view: View, subscriber: Subscriber) -> None:
        waiting_s = self._figures.viewer.waiting_s
        answer: web.StreamResponse | None = None
        while (bundle := await subscriber.next()) is not None:
            data = bundle.data
            if answer is None:
                head = marked(subscriber.head, _said(view))
                answer = web.StreamResponse(headers=HEADERS)
                answer.headers["Content-Type"] = content_type(head)
                await answer.prepare(request)
                view.answer = answer
                data = head + data
            try:
                async with asyncio.timeout(waiting_s):
                    await answer.write(data)
            except TimeoutError:
                view.why = "slow"
                return
            except ConnectionError:
                view.why = "left"
                return
            view.sent(bundle)
        view.why = view.why or subscriber.ended
        if answer is None:
            view.refusal = "codec" if subscriber.ended == "codec" else "no_pictures"
        elif view.why == "end":
            await answer.write_eof()

    # who asks

    def _grant(self, request: web.Request) -> tuple[ShareGrant, Whereabouts]:
        token = request.match_info["token"]
        address, certificate = _peer(request)
        grant = self.book.find(token) if looks_like_token(token) else None
        if grant is None:
            if not self._guesses.take(neighbourhood(address)):
                raise Refused("too_many_guesses")
            # The link may have come faster than our next look at the folder.
            self.book.refresh()
            grant = self.book.find(token) if looks_like_token(token) else None
        if grant is None:
            raise Refused("unknown")
        return grant, Whereabouts(address, certificate, self.views.holders.get(grant.id, ""))

    # what is said

    def _refusal(self, request: web.Request, refused: Refused) -> web.Response:
        address, _ = _peer(request)
        share_id = refused.grant.id if refused.grant is not None else ""
        # What a stranger chose himself is no part of a line: he could have as many lines as he likes.
        known = refused.grant is not None and refused.grant.camera(refused.camera_id) is not None
        self._note(refused.why, address, share_id, refused.camera_id if known else "")
        status = STATUS[refused.why]
        headers = dict(HEADERS)
        if status in (429, 503):
            headers["Retry-After"] = "10"
        language = _language(request)
        if "text/html" in request.headers.get("Accept", ""):
            text = refusal_page(refused.why, language, self._catalogue)
            return web.Response(status=status, text=text, content_type="text/html", headers=headers)
        words = self._catalogue.both(f"share.refused.{refused.why}").in_language(language)
        body = msgspec.json.encode({"why": refused.why, "said": words})
        return web.Response(status=status, body=body, content_type="application/json", headers=headers)

    def _note(self, why: str, address: str, share_id: str, camera_id: str) -> None:
        """Write a refusal down; like ones, and those beyond what one minute may write, are counted."""
        count = self._told.count((why, address, share_id, camera_id))
        if count and not self._lines.take(""):
            address, share_id, camera_id = MANY, "", ""
            count = self._told.count((why, address, share_id, camera_id))
        if count:
            self._write(why, address, share_id, camera_id, count)

    def _write(self, why: str, address: str, share_id: str, camera_id: str, count: int) -> None:
        access = msgspec.convert(
            {"uid": uuid.uuid4().hex, "at_ns": self._clock.now_ns(), "why": why, "address": address,
             "share_id": share_id, "camera_id": camera_id, "count": count, "type": "share.refused"},
            ShareRefused,
        )  # fmt: skip
        self.views.owe(access)


def _cut(transport: asyncio.Transport) -> None:
    """End a connection at once: what still waits for a slow viewer, in our memory or the system's, is not
    sent any more.
    """
    line = transport.get_extra_info("socket")
    if line is not None:
        try:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except OSError:
            pass  # it is gone already
    transport.abort()


def _said(view: View) -> dict[str, str]:
    """What the file says of itself, in whatever player."""
    began = view.began
    return {
        "title": f"{began.recipient} · {began.viewer}",
        "artist": began.viewer,
        "comment": f"CCTV share {began.share_id}, camera {began.camera_id}, view {began.uid}."
        f" {began.purpose}. {began.legal_basis}. Not to be passed on.",
    }  # fmt: skip


def _peer(request: web.Request) -> tuple[str, str]:
    """Address and the digest of the client certificate, "" without one."""
    transport = request.transport
    if transport is None:
        return request.remote or "", ""
    tls: Any = transport.get_extra_info("ssl_object")
    shown = tls.getpeercert(True) if tls is not None else None
    return request.remote or "", hashlib.sha256(shown).hexdigest() if shown else ""


def _from_ns(request: web.Request) -> int | None:
    text = request.query.get("from_ns", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise Refused("stretch")
    return int(text)


def _printable(text: str) -> str:
    return "".join(letter for letter in text[:LONGEST_AGENT] if letter.isprintable())


def _language(request: web.Request) -> str:
    told: str = request.query.get("lang") or request.headers.get("Accept-Language") or ""
    return "ko" if told[:2].lower() == "ko" else "en"

