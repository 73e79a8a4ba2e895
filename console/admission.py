"""Who is let in at a socket that strangers reach: counted in all and by address, and not for ever without a
request. For servers on asyncio.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any


class Admission:
    """Counts the connections of one server. One loop."""

    def __init__(self, connections: int, connections_per_address: int, request_within_s: float) -> None:
        self._most, self._most_per_address = connections, connections_per_address
        self.request_within_s = request_within_s
        self._by_address: Counter[str] = Counter()
        self.turned_away = 0
        """Connections ended at once because there were too many."""

    @property
    def is_empty(self) -> bool:
        """Whether nobody is connected."""
        return not self._by_address

    def protocol(self, inner: Callable[[], asyncio.Protocol] | None) -> asyncio.Protocol:
        """What stands before the server's own protocol of one connection; None lets nobody in."""
        return _Counted(self, inner)

    def take(self, address: str) -> bool:
        """Count a connection; False where there are too many."""
        if self._by_address.total() >= self._most or self._by_address[address] >= self._most_per_address:
            self.turned_away += 1
            return False
        self._by_address[address] += 1
        return True

    def give_back(self, address: str) -> None:
        """A connection that was taken has ended."""
        self._by_address[address] -= 1
        if self._by_address[address] <= 0:
            del self._by_address[address]


class _Counted(asyncio.Protocol):
    """Makes aiohttp's own protocol only for a connection that is admitted, and closes one of which no request
    has come in whole within the time.
    """

    def __init__(self, admission: Admission, make: Callable[[], asyncio.Protocol] | None) -> None:
        self._admission, self._make = admission, make
        self._inner: asyncio.Protocol | None = None
        self._address = ""
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer: Any = transport.get_extra_info("peername")
        self._address = str(peer[0]) if peer else ""
        if self._make is None or not self._admission.take(self._address):
            transport.close()
            return
        self._inner = self._make()
        self._inner.connection_made(transport)
        loop = asyncio.get_running_loop()
        self._late = loop.call_later(self._admission.request_within_s, self._end_idle, transport)

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
            self._admission.give_back(self._address)
            self._inner = None

    def _is_idle(self) -> bool:
        """Whether no head of a request has come in whole yet."""
        inner = self._inner
        return not getattr(inner, "_messages", True) and not getattr(inner, "_current_request", True)

    def _end_idle(self, transport: asyncio.BaseTransport) -> None:
        self._late = None
        transport.close()
