"""Asking a source over HTTP(S): only what changed, never more than the limits, only hosts that were named."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urljoin, urlsplit

import aiohttp

from console.gateways.cap.figures import cap_figures
from console.gateways.cap.sources import Source, shown_url

ACCEPT = "application/cap+xml, application/atom+xml, application/rss+xml, application/xml, text/xml;q=0.9"
MOVED = (301, 302, 303, 307, 308)

Kind = Literal["away", "late", "status", "tls", "elsewhere", "too_large"]


class AskError(Exception):
    """The source did not give what was asked for. `kind` names the words for people, the text says more."""

    def __init__(self, kind: Kind, text: str) -> None:
        super().__init__(text)
        self.kind = kind


@dataclass(slots=True)
class Remembered:
    """What the server said of its last answer, to be asked only for a newer one."""

    etag: str = ""
    modified: str = ""


class Asking:
    """Requests of one source. In the loop's thread; `close` at the end."""

    def __init__(self, source: Source) -> None:
        self._source = source
        told = urlsplit(source.url)
        self._hosts = source.hosts | {(told.hostname or "").lower()}
        context = ssl.create_default_context(cafile=str(source.ca)) if source.ca is not None else True
        # What is packed could be a bomb: plain bytes are asked for, and nothing else is unpacked.
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=cap_figures().ask.timeout_s),
            connector=aiohttp.TCPConnector(ssl=context, limit=4), auto_decompress=False,
            headers={"Accept": ACCEPT, "Accept-Encoding": "identity", "User-Agent": "bongsu-warnings"},
            cookie_jar=aiohttp.DummyCookieJar(),
        )  # fmt: skip

    async def get(self, url: str, most_bytes: int, remembered: Remembered | None = None) -> bytes | None:
        """The bytes at an address; None when nothing changed since `remembered`. Raises AskError."""
        for _ in range(cap_figures().ask.redirects + 1):
            self._allow(url)
            try:
                found = await self._once(url, most_bytes, remembered)
            except TimeoutError:
                raise AskError("late", f"{shown_url(url)}: no answer in time") from None
            except aiohttp.ClientConnectorCertificateError:
                raise AskError("tls", f"{shown_url(url)}: its certificate is not trusted") from None
            except aiohttp.ClientSSLError:
                raise AskError("tls", f"{shown_url(url)}: no secure connection") from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise AskError("away", f"{shown_url(url)}: {type(error).__name__}") from None
            if not isinstance(found, str):
                return found
            url = urljoin(url, found)
        raise AskError("status", f"{shown_url(url)}: sent on too often")

    async def close(self) -> None:
        await self._session.close()

    def _allow(self, url: str) -> None:
        """A feed may not send us to the city's own machines: its own host, and those that were named."""
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            raise AskError("elsewhere", "an address that cannot be read") from None
        if parts.scheme not in ("http", "https") or host not in self._hosts:
            said = f"{parts.scheme[:20]}://{host[:100]}"
            raise AskError("elsewhere", f"{said} is not of the hosts of this source")
        if parts.scheme == "http" and self._source.url.startswith("https:"):
            raise AskError("elsewhere", f"http://{host[:100]} is not as safe as the source itself")

    async def _once(self, url: str, most_bytes: int, remembered: Remembered | None) -> bytes | str | None:
        headers = {}
        if remembered is not None and remembered.etag:
            headers["If-None-Match"] = remembered.etag
        if remembered is not None and remembered.modified:
            headers["If-Modified-Since"] = remembered.modified
        async with self._session.get(url, headers=headers, allow_redirects=False) as answer:
            if answer.status == 304 and headers:
                return None
            if answer.status in MOVED and answer.headers.get("Location"):
                return answer.headers["Location"]
            if answer.status != 200:
                raise AskError("status", f"{shown_url(url)}: answers {answer.status}")
            if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise AskError("status", f"{shown_url(url)}: sends packed data that was not asked for")
            data = bytearray()
            async for chunk in answer.content.iter_chunked(65_536):
                data += chunk
                if len(data) > most_bytes:
                    raise AskError("too_large", f"{shown_url(url)}: more than {most_bytes} bytes")
            if remembered is not None:
                remembered.etag = answer.headers.get("ETag", "")[:500]
                remembered.modified = answer.headers.get("Last-Modified", "")[:100]
            return bytes(data)


async def rest(seconds: float, stopping: asyncio.Event) -> bool:
    """Wait so long, or until somebody asks to stop; whether somebody did."""
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return False
    return True
