"""One try over the line to a partner: HTTPS with both certificates checked, and what came of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import weakref
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Literal

import aiohttp

from console.handoff.grammar import grammar
from console.handoff.partners import PartnerLink
from console.handoff.profile import Times
from console.handoff.texts import both
from console.model.base import Record, Words

TriedKind = Literal[
    "received",
    "alive",
    "no_address",
    "unreachable",
    "certificate",
    "silent",
    "broken",
    "busy",
    "garbage",
    "refused",
]
_CLOSING_LOOKS, _CLOSING_PAUSE_S = 50, 0.02


class Tried(Record, frozen=True, kw_only=True):
    """What came of one try. `detail` is short and may be shown; `agency_ref` is the partner's case number."""

    kind: TriedKind
    agency_ref: str = ""
    detail: str = ""

    @property
    def answered(self) -> bool:
        """The partner itself answered, as agreed or not."""
        return self.kind in ("received", "alive", "busy", "garbage", "refused")

    @property
    def definite(self) -> bool:
        """Not answering for a reason that waiting a moment does not change."""
        return self.kind in ("unreachable", "certificate", "no_address")

    def words(self, agency: str) -> Words:
        """The state of the line in words."""
        key = {
            "received": "up", "alive": "up", "busy": "silent", "refused": "up",
        }.get(self.kind, self.kind)  # fmt: skip
        return both(f"handoff.link.{key}", agency=agency, detail=self.detail)


class Line:
    """The client's end. Made and used on the courier's loop only."""

    def __init__(self, context: ssl.SSLContext, times: Times) -> None:
        trace = aiohttp.TraceConfig()
        trace.on_request_chunk_sent.append(_bytes_left)
        self._sockets: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        # No proxy of the environment, no cookies, no compression: what leaves and comes is what is kept.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                ssl=context, force_close=True, limit=0, socket_factory=self._socket
            ),
            timeout=aiohttp.ClientTimeout(total=times.answer_s, sock_connect=times.connect_s),
            trust_env=False, auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[trace],
        )  # fmt: skip

    async def close(self) -> None:
        """Close, and let the loop finish with every socket; one cancelled in its handshake takes a moment."""
        await self._session.close()
        for _ in range(_CLOSING_LOOKS):
            if all(one.fileno() == -1 for one in self._sockets):
                break
            await asyncio.sleep(_CLOSING_PAUSE_S)

    async def post(
        self, link: PartnerLink, message: bytes, headers: Mapping[str, str],
        judge: Callable[[int, bytes, PartnerLink], Tried], left: Callable[[], None],
    ) -> Tried:  # fmt: skip
        """Send exactly `message`; `left` is called when its bytes have gone out, `judge` says what the answer
        means. Never raises for the line's sake."""
        status, body, failed = await self._ask("POST", link.url, link, message, left, headers)
        return failed or judge(status, body, link)

    async def alive(self, link: PartnerLink) -> Tried:
        """Ask whether the partner's door is open."""
        status, _, failed = await self._ask("GET", link.alive_url, link, None, _nothing)
        if failed is None and status != 200:
            return Tried(kind="garbage", detail=f"HTTP {status}")
        return failed or Tried(kind="alive")

    def _socket(self, address: aiohttp.AddrInfoType) -> socket.socket:
        """Told of every socket, because aiohttp forgets those whose connection is not made yet."""
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        self._sockets.add(made)
        return made

    async def _ask(
        self, method: str, url: str, link: PartnerLink, message: bytes | None, left: Callable[[], None],
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes, Tried | None]:  # fmt: skip
        try:
            async with self._session.request(
                method, url, data=message, headers=dict(headers or {}), server_hostname=link.server_name,
                allow_redirects=False, trace_request_ctx=left,
            ) as response:  # fmt: skip
                body = await _at_most(response.content, grammar().max_bytes)
                if body is None:
                    return 0, b"", Tried(kind="garbage", detail="the answer is too large")
                return response.status, body, None
        except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError) as error:
            return 0, b"", Tried(kind="certificate", detail=_certificate_problem(error))
        except (TimeoutError, aiohttp.ServerTimeoutError):
            return 0, b"", Tried(kind="silent")
        except aiohttp.ClientConnectorError as error:
            return 0, b"", Tried(kind="unreachable", detail=type(error.os_error).__name__)
        except (aiohttp.ClientResponseError, aiohttp.ClientPayloadError) as error:
            return 0, b"", Tried(kind="garbage", detail=f"not HTTP: {type(error).__name__}")
        except ssl.SSLError as error:
            return 0, b"", Tried(kind="certificate", detail=_certificate_problem(error))
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error.__cause__, ssl.SSLError) or isinstance(error, ssl.SSLError):
                return 0, b"", Tried(kind="certificate", detail=_certificate_problem(error))
            return 0, b"", Tried(kind="broken", detail=type(error).__name__)


async def _at_most(stream: aiohttp.StreamReader, limit: int) -> bytes | None:
    """The whole body, or None where it is larger than `limit`."""
    parts, size = [], 0
    async for part in stream.iter_any():
        size += len(part)
        if size > limit:
            return None
        parts.append(part)
    return b"".join(parts)


def _certificate_problem(error: BaseException) -> str:
    """The reason alone, without addresses or file names."""
    cause = error.__cause__ or getattr(error, "os_error", None) or getattr(error, "_certificate_error", None)
    cause = cause or error
    said = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or type(cause).__name__
    return str(said)[:120]


async def _bytes_left(
    session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestChunkSentParams
) -> None:
    left = context.trace_request_ctx
    if params.chunk and callable(left):
        left()


def _nothing() -> None:
    """A heartbeat has no bytes to account for."""
