"""The socket of the shares, which a stranger cannot hold: connections are counted, in all and by address,
and one that sends no whole request in time is closed.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl

from aiohttp import web

from console.admission import Admission
from console.share.figures import Limits

_QUIET = logging.getLogger("bongsu.share.http")
# What strangers send is counted in the access record, not logged line by line.
_QUIET.setLevel(logging.CRITICAL)
CLOSING_S = 1.0
LONGEST_LINE, LONGEST_FIELD = 2048, 4096
_LOOKS, _PAUSE_S = 75, 0.02


class Door:
    """One application on one port, on the loop it is started on. No request has a body."""

    def __init__(
        self, application: web.Application, context: ssl.SSLContext, limits: Limits, send_kib: int
    ) -> None:
        """`send_kib`: so much at most is on its way in the system's memory, for each connection."""
        self._runner = web.AppRunner(
            application, access_log=None, logger=_QUIET, keepalive_timeout=limits.request_within_s,
            lingering_time=0.0, shutdown_timeout=CLOSING_S, max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_FIELD, auto_decompress=False,
        )  # fmt: skip
        self._context, self._limits, self._send_bytes = context, limits, send_kib * 1024
        self._server: asyncio.Server | None = None
        self._admission = Admission(
            limits.connections, limits.connections_per_address, limits.request_within_s
        )

    async def start(self, host: str, port: int) -> int:
        """Listen; answers the port. Raises OSError where it cannot be had."""
        await self._runner.setup()
        self._server = await asyncio.get_running_loop().create_server(
            lambda: self._admission.protocol(self._runner.server), host, port, ssl=self._context, backlog=128,
            ssl_handshake_timeout=self._limits.request_within_s, ssl_shutdown_timeout=CLOSING_S,
        )  # fmt: skip
        for listening in self._server.sockets:  # accepted ones inherit it
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, self._send_bytes)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening, close, and give the connections a moment to end."""
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()
        for _ in range(_LOOKS):
            if self._admission.is_empty:
                break
            await asyncio.sleep(_PAUSE_S)

    @property
    def turned_away(self) -> int:
        """Connections ended at once because there were too many."""
        return self._admission.turned_away
