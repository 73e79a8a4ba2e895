"""The agency's HTTPS door, and the ways it can fail on purpose."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable

from aiohttp import web

from console.agency.certificates import is_console
from console.agency.script import Script
from console.agency.seals import Seals
from console.agency.station import BUSY, Station
from console.handoff.cap import max_bytes
from console.handoff.signing import HEADER

_QUIET = logging.getLogger("console.agency.http")
_QUIET.setLevel(logging.CRITICAL)  # what strangers send to an open port is not worth a log line each
_READ_S = 10.0


class Front:
    """Takes the console's messages. `taken` is set with each one; `first` is called before the first."""

    def __init__(
        self, station: Station, script: Script, context: ssl.SSLContext, seals: Seals,
        first: Callable[[], None],
    ) -> None:  # fmt: skip
        self._station = station
        self._script = script
        self._context = context
        self._seals = seals
        self._first: Callable[[], None] | None = first
        self._runner: web.AppRunner | None = None
        self._failed = 0
        self.taken = asyncio.Event()

    async def start(self, host: str, port: int) -> int:
        """Listen; answers the port. Raises OSError."""
        application = web.Application(client_max_size=max_bytes())
        application.router.add_post("/handoff", self._take)
        application.router.add_get("/alive", self._alive)
        self._runner = web.AppRunner(
            application, access_log=None, logger=_QUIET, keepalive_timeout=10, lingering_time=1.0,
            auto_decompress=False, shutdown_timeout=0.5,
        )  # fmt: skip
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, ssl_context=self._context)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _alive(self, request: web.Request) -> web.Response:
        return web.Response(text="alive\n") if _is_console(request) else web.Response(status=403)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if not _is_console(request):
            return web.Response(status=403, text="this certificate is not the console's\n")
        try:
            body = await asyncio.wait_for(request.read(), _READ_S)
        except TimeoutError:
            return web.Response(status=408)
        if self._first is not None:
            self._first()
            self._first = None
        status, answer = self._judge(request.headers.get(HEADER, ""), body)
        self.taken.set()
        if self._fails():
            if self._script.mode == "garbage":
                return web.Response(body=b"<html>\xff\xfe not what was agreed", content_type="text/html")
            if request.transport is not None:
                request.transport.abort()
        if self._script.mode == "slow":
            await asyncio.sleep(self._script.slow_s)
        if status == BUSY:
            return web.Response(status=BUSY, headers={"Retry-After": "1"}, text="cannot be kept now\n")
        return web.Response(status=status, body=answer, content_type=self._station.tongue.media_type)

    def _judge(self, header: str, body: bytes) -> tuple[int, bytes]:
        """The signature first: what is not the console's own word is not even a question of its content."""
        problem = self._seals.check(header, body)
        if "seen_unavailable" in problem:
            return BUSY, b""
        return self._station.refuse(403, body, problem) if problem else self._station.take(body)

    def _fails(self) -> bool:
        """Whether this answer is one of those that go wrong on purpose."""
        if self._script.mode not in ("garbage", "ack_lost"):
            return False
        self._failed += 1
        return self._script.times == 0 or self._failed <= self._script.times


def _is_console(request: web.Request) -> bool:
    transport = request.transport
    return is_console(transport.get_extra_info("peercert") if transport is not None else None)
