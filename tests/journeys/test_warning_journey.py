"""Official warnings by way of a real server, a real gateway process and a real hub."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from console.model import commands as do
from console.model.gateway import GatewayReport
from console.model.warning import StandingWarning
from tests.gateways.cap.messages import AREA, Signer, alert, info, stamp
from tests.journeys.conftest import Players, Watcher

pytestmark = pytest.mark.journey
BUSAN = "<areaDesc>부산</areaDesc><circle>35.1,129.0 5</circle>"


class Service:
    """A weather service's web server in a thread of its own: files by path, ETags, stopped and started."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.not_modified = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._runner: web.AppRunner | None = None

    def start(self) -> None:
        self._do(self._start())

    def stop(self) -> None:
        self._do(self._stop())

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def feed(self, *entries: str) -> None:
        """Replace the feed by these entries, the newest first."""
        body = "".join(f"<entry>{one}</entry>" for one in entries)
        self.files["/cap/feed.atom"] = f'<feed xmlns="http://www.w3.org/2005/Atom">{body}</feed>'.encode()

    def _do(self, what: object) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(10)  # type: ignore[arg-type]

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def _stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _answer(self, request: web.Request) -> web.Response:
        data = self.files.get(request.path)
        if data is None:
            return web.Response(status=404)
        etag = f'"{hash(data)}"'
        if request.headers.get("If-None-Match") == etag:
            self.not_modified += 1
            return web.Response(status=304)
        return web.Response(body=data, headers={"ETag": etag}, content_type="application/xml")


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    made.start()
    yield made
    made.close()


def named(number: str) -> str:
    link = f'<link type="application/cap+xml" href="{number}.cap"/>'
    return f"<id>{number}</id><updated>{number}</updated>{link}"


def message(number: str, hours: float = 2.0, seconds: float = 0.0, area: str = AREA, **more: str) -> bytes:
    now = datetime.now(UTC)
    body = info(area=area, until=now + timedelta(hours=hours, seconds=seconds))
    return alert(number, body="" if more.get("kind") == "Cancel" else body, sent=stamp(now), **more)  # type: ignore[arg-type]


def test_a_warning_comes_from_the_service_changes_and_ends_whatever_the_line_does(
    players: Players, service: Service, tmp_path: Path
) -> None:
    signer, other = Signer(), "kma@example.org,{0},2026-03-20T18:00:00+09:00"
    folder = tmp_path / "drop"
    folder.mkdir()
    players.home.mkdir(parents=True)
    (tmp_path / "kma.pem").write_bytes(signer.pem)
    config = tmp_path / "sources.toml"
    config.touch(0o600)
    config.write_text(
        f'[[sources]]\nid = "kma"\nurl = "http://127.0.0.1:{service.port}/cap/feed.atom"\ninterval_s = 1.0\n'
        'trusted = ["kma.pem"]\n[[sources]]\nid = "drop"\nfiles = "drop"\n'
    )
    elsewhere = message("B1", area=BUSAN, declaration=False).decode()  # type: ignore[arg-type]
    service.files["/cap/A1.cap"] = signer.sign(message("A1"))
    service.files["/cap/bomb.cap"] = b'<!DOCTYPE a [<!ENTITY a "a"><!ENTITY b "&a;&a;">]>\n<alert>&b;</alert>'
    service.feed(
        named("A1"), f"<id>b</id><content>{elsewhere}</content>", named("bomb"),
        '<id>x</id><link href="http://127.0.0.2/secret"/>',
    )
    players.hub("--no-recording")
    watcher = players.watcher()
    players.start("gateway", "cap", "--home", str(players.home), "--config", str(config))

    standing = wait_for(watcher, "A1")
    assert (standing.message.signature, standing.message.signed_by) == ("trusted", "KMA alerts")
    watcher.until(lambda: watcher.board.state.warnings_aside.get("elsewhere") == 1, "the one for Busan")
    watcher.until(lambda: said(watcher).refused, "what is hostile, counted")
    told = {one.cause: one.example for one in said(watcher).refused}
    assert "127.0.0.2" in told["hostile"] or "DOCTYPE" in told["hostile"]
    incident = watcher.board.state.incidents[standing.incident_id]
    assert incident.type == "weather_warning"
    done = watcher.do(do.AcknowledgeWarning(warning_id=standing.id))
    assert isinstance(done, do.Accepted)
    watcher.until(lambda: service.not_modified >= 1, "a feed that did not change")

    service.files["/cap/A2.cap"] = signer.sign(message("A2", kind="Update", references=other.format("A1")))
    service.feed(named("A2"), named("A1"))
    wait_for(watcher, "A2")
    assert watcher.board.state.warnings[standing.id].ended_why == "replaced"

    service.stop()
    watcher.until(lambda: said(watcher).state == "down", "the gateway says that the service is away")
    assert "kma: cannot be reached" in said(watcher).why.en
    assert "last answered at" in said(watcher).why.en
    forged = message("A3", kind="Cancel", references=other.format("A2"))  # nobody signed this one
    service.files["/cap/A3.cap"] = forged
    service.files["/cap/A4.cap"] = signer.sign(message("A4", kind="Cancel", references=other.format("A2")))
    service.feed(named("A4"), named("A3"))
    service.start()
    watcher.until(lambda: said(watcher).state == "up", "the service is back")
    watcher.until(lambda: ended(watcher, "A2") == "cancelled", "the cancel")
    assert watcher.board.state.warnings_aside.get("weaker_signature") == 1

    (folder / "drill.cap").write_bytes(message("D1", status="Exercise"))
    (folder / "short.cap").write_bytes(message("D2", hours=0, seconds=4))
    (folder / "cut.cap").write_bytes(message("D3")[:-30])
    wait_for(watcher, "D2")
    watcher.until(lambda: ended(watcher, "D2") == "expired", "the hub's clock ends it")
    drill = watcher.board.state.warnings["kma@example.org,D1"]
    assert drill.exercise
    assert not drill.in_force
    assert drill.incident_id == ""
    watcher.until(lambda: "invalid" in {one.cause for one in said(watcher).refused}, "the file that was cut")
    assert any("cut.cap: line 9" in one.example for one in said(watcher).refused)


def wait_for(watcher: Watcher, number: str) -> StandingWarning:
    name = f"kma@example.org,{number}"
    watcher.until(lambda: name in watcher.board.state.warnings, number)
    return watcher.board.state.warnings[name]


def ended(watcher: Watcher, number: str) -> str:
    standing = watcher.board.state.warnings.get(f"kma@example.org,{number}")
    return standing.ended_why if standing is not None else ""


def said(watcher: Watcher) -> GatewayReport:
    standing = watcher.board.state.gateways.get("gateway-cap")
    return standing.report if standing is not None else GatewayReport(state="stopped", kind="cap")
