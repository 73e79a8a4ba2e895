"""The socket of the shares, which a stranger cannot hold: connections are counted, in all and by address,
and one that sends no whole request in time is closed.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections import Counter
from typing import Any

from aiohttp import web

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
        self._by_address: Counter[str] = Counter()
        self.turned_away = 0
        """Connections ended at once because there were too many."""

    async def start(self, host: str, port: int) -> int:
        """Listen; answers the port. Raises OSError where it cannot be had."""
        await self._runner.setup()
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Counted(self), host, port, ssl=self._context, backlog=128,
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
            if not self._by_address:
                break
            await asyncio.sleep(_PAUSE_S)

    def admit(self, address: str) -> asyncio.Protocol | None:
        """What serves a new connection; None when there are too many."""
        inner, limits = self._runner.server, self._limits
        if (
            inner is None
            or self._by_address.total() >= limits.connections
            or self._by_address[address] >= limits.connections_per_address
        ):
            self.turned_away += 1
            return None
        self._by_address[address] += 1
        made: asyncio.Protocol = inner()
        return made

    def left(self, address: str) -> None:
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]

    @property
    def request_within_s(self) -> float:
        return self._limits.request_within_s


class _Counted(asyncio.Protocol):
    """Stands before aiohttp's protocol, which is made only for a connection that is admitted."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._inner: asyncio.Protocol | None = None
        self._address = ""
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer: Any = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        self._inner = self._door.admit(self._address)
        if self._inner is None:
            transport.close()
            return
        self._inner.connection_made(transport)
        loop = asyncio.get_running_loop()
        self._late = loop.call_later(self._door.request_within_s, self._end_idle, transport)

    def data_received(self, data: bytes) -> None:
        if self._inner is None:
            return
        self._inner.data_received(data)
        if self._late is not None and not self._is_idle():
            self._late.cancel()
            self._late = None

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner is not None:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._late is not None:
            self._late.cancel()
        if self._inner is not None:
            self._inner.connection_lost(exc)
            self._door.left(self._address)
            self._inner = None

    def _is_idle(self) -> bool:
        """Whether no head of a request has come in whole yet."""
        inner = self._inner
        return not getattr(inner, "_messages", True) and not getattr(inner, "_current_request", True)

    def _end_idle(self, transport: asyncio.BaseTransport) -> None:
        self._late = None
        transport.close()
