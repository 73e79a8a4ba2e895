"""Asking over HTTP: only what changed, not too much, not packed, and only where the source said."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable

import pytest
from aiohttp import web

from console.gateways.cap.asking import AskError, Asking, Remembered
from console.gateways.cap.feed import entries_of
from console.gateways.cap.sources import Source
from console.gateways.cap.tree import tree_of

Answer = Callable[[web.Request], web.Response]


def ask(answer: Answer, path: str = "/a", most: int = 1000, times: int = 1) -> list[bytes | str | None]:
    """What asking a server that answers so gives: bytes, None for no change, or the kind of refusal."""

    async def story() -> list[bytes | str | None]:
        app = web.Application()

        async def serve(request: web.Request) -> web.Response:
            return answer(request)

        app.router.add_get("/{any:.*}", serve)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        url = f"http://127.0.0.1:{port}{path}"
        asking, remembered = Asking(Source(id="x", url=url)), Remembered()
        found: list[bytes | str | None] = []
        try:
            for _ in range(times):
                try:
                    found.append(await asking.get(url, most, remembered))
                except AskError as problem:
                    found.append(problem.kind)
        finally:
            await asking.close()
            await runner.cleanup()
        return found

    return asyncio.run(story())


def test_the_second_time_only_what_changed_is_sent() -> None:
    asked: list[dict[str, str]] = []

    def answer(request: web.Request) -> web.Response:
        asked.append(dict(request.headers))
        if request.headers.get("If-None-Match") == '"1"' and "If-Modified-Since" in request.headers:
            return web.Response(status=304)
        return web.Response(
            body=b"x", headers={"ETag": '"1"', "Last-Modified": "Fri, 20 Mar 2026 09:00:00 GMT"}
        )

    assert ask(answer, times=2) == [b"x", None]
    assert "If-None-Match" not in asked[0]
    assert asked[0]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda _: web.Response(status=500), "status"),
        (lambda _: web.Response(status=304), "status"),  # nothing was remembered yet
        (lambda _: web.Response(body=b"x" * 1001), "too_large"),
        (lambda _: web.Response(body=gzip.compress(b"x"), headers={"Content-Encoding": "gzip"}), "status"),
        (lambda _: web.Response(status=302, headers={"Location": "http://127.0.0.2/"}), "elsewhere"),
        (lambda _: web.Response(status=302, headers={"Location": "file:///etc/passwd"}), "elsewhere"),
        (lambda _: web.Response(status=302, headers={"Location": "/again"}), "status"),
    ],
)  # fmt: skip
def test_what_a_server_should_not_do_is_refused(answer: Answer, kind: str) -> None:
    assert ask(answer) == [kind]


def test_a_redirect_on_the_same_host_is_followed() -> None:
    def answer(request: web.Request) -> web.Response:
        if request.path == "/a":
            return web.Response(status=301, headers={"Location": "/b"})
        return web.Response(body=b"moved")

    assert ask(answer) == [b"moved"]


def test_nobody_there_is_told_as_away() -> None:
    async def story() -> str:
        asking = Asking(Source(id="x", url="http://127.0.0.1:9/"))
        try:
            await asking.get("http://127.0.0.1:9/", 10)
        except AskError as problem:
            return problem.kind
        finally:
            await asking.close()
        return ""

    assert asyncio.run(story()) == "away"


def feed(body: str, root: str = "feed") -> list[str]:
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://a.example/b/">{body}</feed>'
    text = atom if root == "feed" else f"<rss><channel>{body}</channel></rss>"
    return [one.url for one in entries_of(tree_of(text.encode(), 10_000), "https://a.example/c/feed")]


def test_addresses_are_relative_to_the_base_the_feed_says_and_cap_is_preferred() -> None:
    assert feed('<entry><link href="x.cap"/></entry>') == ["https://a.example/b/x.cap"]
    assert feed('<entry xml:base="d/"><link href="x.cap"/></entry>') == ["https://a.example/b/d/x.cap"]
    both = '<link type="text/html" href="x.html"/><link type="application/cap+xml" href="x.cap"/>'
    assert feed(f"<entry>{both}</entry>") == ["https://a.example/b/x.cap"]
    assert feed('<entry><content src="/y.cap"/></entry>') == ["https://a.example/y.cap"]


def test_an_address_that_is_none_breaks_nothing() -> None:
    assert feed('<entry><link href="http://[::1"/></entry><entry><link href="http://a:99999/"/></entry>') == [
        "http://a:99999/", "",
    ]  # fmt: skip


def test_rss_links_and_enclosures_are_read_the_oldest_first() -> None:
    items = "<item><link>2.cap</link></item><item><link>1.html</link>"
    items += '<enclosure type="application/cap+xml" url="1.cap"/></item>'
    assert feed(items, "rss") == ["https://a.example/c/1.cap", "https://a.example/c/2.cap"]
