"""The server's socket, which a stranger cannot hold: connections are counted, in all and by address, and one
that does not finish a request in time is closed.
"""

from __future__ import annotations

import asyncio
import logging
import ssl

from aiohttp import web

from console.admission import Admission
from console.gateways.open311.config import Limits

_QUIET = logging.getLogger("bongsu.gateway.open311.http")
# What strangers send to an open port is counted, not logged line by line.
_QUIET.setLevel(logging.CRITICAL)
CLOSING_S = 2.0


class Door:
    """One application on one port, on the loop it is started on."""

    def __init__(self, application: web.Application, context: ssl.SSLContext | None, limits: Limits) -> None:
        self._runner = web.AppRunner(
            application, access_log=None, logger=_QUIET, keepalive_timeout=limits.request_within_s,
            lingering_time=1.0, shutdown_timeout=CLOSING_S,
        )  # fmt: skip
        self._context, self._limits = context, limits
        self._server: asyncio.Server | None = None
        self._admission = Admission(
            limits.connections, limits.connections_per_address, limits.request_within_s
        )

    async def start(self, host: str, port: int) -> int:
        """Listen; answers the port. Raises OSError where it cannot be had."""
        await self._runner.setup()
        wait = self._limits.request_within_s if self._context is not None else None
        self._server = await asyncio.get_running_loop().create_server(
            lambda: self._admission.protocol(self._runner.server), host, port, ssl=self._context,
            ssl_handshake_timeout=wait, backlog=128,
        )  # fmt: skip
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, let requests under way end for a moment, close."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()

    @property
    def turned_away(self) -> int:
        """Connections ended at once because there were too many."""
        return self._admission.turned_away
