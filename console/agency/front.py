"""The agency's HTTPS door, and the ways it can fail on purpose."""

from __future__ import annotations

import asyncio
import logging
import ssl

from aiohttp import web

from console.agency.certificates import is_console
from console.agency.script import Script
from console.agency.station import Station
from console.handoff.cap import max_bytes

_QUIET = logging.getLogger("console.agency.http")
_QUIET.setLevel(logging.CRITICAL)  # what strangers send to an open port is not worth a log line each
_READ_S = 10.0
_CAP = "application/cap+xml"


class Front:
    """Takes the console's messages. `heard` is told of each one that made a case."""

    def __init__(self, station: Station, script: Script, context: ssl.SSLContext) -> None:
        self._station = station
        self._script = script
        self._context = context
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
        status, answer = self._station.take(body)
        self.taken.set()
        if self._fails():
            if self._script.mode == "garbage":
                return web.Response(body=b"<html>\xff\xfe not what was agreed", content_type="text/html")
            if request.transport is not None:
                request.transport.abort()
        if self._script.mode == "slow":
            await asyncio.sleep(self._script.slow_s)
        return web.Response(status=status, body=answer, content_type=_CAP)

    def _fails(self) -> bool:
        """Whether this answer is one of those that go wrong on purpose."""
        if self._script.mode not in ("garbage", "ack_lost"):
            return False
        self._failed += 1
        return self._script.times == 0 or self._failed <= self._script.times


def _is_console(request: web.Request) -> bool:
    transport = request.transport
    return is_console(transport.get_extra_info("peercert") if transport is not None else None)
