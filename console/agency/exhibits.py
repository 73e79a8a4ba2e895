"""Stills of a packet: fetched from the console with our certificate, held against their digest, shown.

Only what a case names is fetched, only from the console, and only bytes whose SHA-256 is the packet's.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import ssl
from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import aiohttp

from console.agency.facts import Attached, CaseFacts
from console.agency.sender import ConsoleDoor
from console.agency.still import Still, small
from console.handoff.profile import party_name

_log = logging.getLogger("bongsu.agency")
_MOST_BYTES, _MOST_KEPT, _TRIES = 4_000_000, 64, 3
_PAUSE_S = 1.0
_CONSOLE = "console"


def at_the_door(url: str, door: str) -> str:
    """Where `url` can be asked for: the console's own name stands for the address of its door; "" where it
    is somebody else's."""
    parts, ours = urlsplit(url), urlsplit(door)
    if parts.scheme != "https" or not ours.netloc:
        return ""
    if parts.hostname not in (ours.hostname, party_name(_CONSOLE)):
        return ""  # its port may be of an earlier run
    return urlunsplit(parts._replace(netloc=ours.netloc))


class Exhibits:
    """Used on the office's loop. `pictures` are small images by `Attached.name`, those asked for last."""

    def __init__(self, door: ConsoleDoor, context: ssl.SSLContext, changed: Callable[[], None]) -> None:
        self._door = door
        self._context = context
        self._changed = changed
        self._kept: OrderedDict[str, Still] = OrderedDict()
        self._wanted: asyncio.Queue[Attached] = asyncio.Queue()
        self._asked: dict[str, int] = {}

    @property
    def pictures(self) -> dict[str, Still]:
        return dict(self._kept)

    def want(self, case: CaseFacts) -> None:
        """The stills of this case are to be shown."""
        for one in case.attached("ko"):
            if not one.is_clip and one.url and one.name not in self._asked:
                self._asked[one.name] = 0
                self._wanted.put_nowait(one)

    async def run(self) -> None:
        """For ever, until cancelled."""
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._context, force_close=True),
            timeout=aiohttp.ClientTimeout(total=10, sock_connect=4), trust_env=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:  # fmt: skip
            while True:
                one = await self._wanted.get()
                data = await self._fetch(session, one)
                still = await asyncio.to_thread(small, data) if data is not None else None
                if still is not None:
                    self._kept[one.name] = still
                    while len(self._kept) > _MOST_KEPT:
                        gone, _ = self._kept.popitem(last=False)
                        self._asked.pop(gone, None)
                    self._changed()
                elif self._asked[one.name] < _TRIES:
                    self._asked[one.name] += 1
                    self._wanted.put_nowait(one)
                    await asyncio.sleep(_PAUSE_S)

    async def _fetch(self, session: aiohttp.ClientSession, one: Attached) -> bytes | None:
        url = at_the_door(one.url, self._door.url())
        if not url:
            return None
        try:
            async with session.get(
                url, allow_redirects=False, server_hostname=party_name(_CONSOLE)
            ) as response:
                if response.status != 200:
                    return None
                data = b""
                async for part in response.content.iter_any():
                    data += part
                    if len(data) > _MOST_BYTES:
                        return None
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None
        if one.sha256 and hashlib.sha256(data).hexdigest() != one.sha256:
            _log.warning("a still is not what the packet says: its digest differs")
            return None
        return data
