"""A listening HTTPS socket that strangers cannot hold: handshakes, idle connections and their number are
limited.

A stranger gets no further than the handshake, because a client certificate is required there.
"""

from __future__ import annotations

import asyncio
import logging
import ssl

from aiohttp import web

_CLOSING_LOOKS, _CLOSING_PAUSE_S = 75, 0.02
_QUIET = logging.getLogger("console.handoff.http")
# What strangers send to an open port is counted by the doors, not logged line by line: a log that anyone
# can fill
# hides what matters.
_QUIET.setLevel(logging.CRITICAL)


class Listener:
    """One application on one port. Used on the loop it is started on."""

    def __init__(
        self, application: web.Application, context: ssl.SSLContext, connections: int, idle_s: float
    ) -> None:
        self._runner = web.AppRunner(
            application, access_log=None, logger=_QUIET, keepalive_timeout=idle_s, lingering_time=1.0,
            auto_decompress=False, shutdown_timeout=1.0,
        )  # fmt: skip
        self._context = context
        self._most = connections
        self._handshake_s = idle_s
        self._server: asyncio.Server | None = None
        self.turned_away = 0
        """Connections ended at once because there were too many."""

    async def start(self, host: str, port: int) -> int:
        """Listen; answers the port. Raises OSError where it cannot be had."""
        await self._runner.setup()
        self._server = await asyncio.get_running_loop().create_server(
            self._protocol, host, port, ssl=self._context, ssl_handshake_timeout=self._handshake_s,
            ssl_shutdown_timeout=1.0, backlog=128,
        )  # fmt: skip
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, let requests under way end for a moment, close."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()
        if self._server is not None:
            await self._let_go(self._server)
            self._server = None

    async def _let_go(self, server: asyncio.Server) -> None:
        """Give the connections their moment to say goodbye, so that none is left to a loop that has ended.

        Server.wait_closed does this from Python 3.12.1 on; before, it does not wait at all.
        """
        for _ in range(_CLOSING_LOOKS):
            if not getattr(server, "_active_count", 0):
                break
            await asyncio.sleep(_CLOSING_PAUSE_S)
        try:
            await asyncio.wait_for(server.wait_closed(), _CLOSING_LOOKS * _CLOSING_PAUSE_S)
        except TimeoutError:
            pass  # a peer that does not answer our goodbye is not waited for longer

    def _protocol(self) -> asyncio.Protocol:
        server = self._runner.server
        if server is None or len(server.connections) >= self._most:
            self.turned_away += 1
            return _TurnedAway()
        return server()


class _TurnedAway(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()
