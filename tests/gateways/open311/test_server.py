"""The server on a real socket: HTTPS, both formats, limits, what it does while the hub is away."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import ssl
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, TCPConnector
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from console.clock import SystemClock
from console.gateways.open311.config import load_config, tls_context
from console.gateways.open311.door import Door
from console.gateways.open311.server import BASE, ReportServer
from console.language import load_catalogue
from console.model.citizenreport import CitizenReport, ReportTold
from console.profile import load_profile

PROFILE = load_profile("suwon")
GOOD = {"service_code": "litter", "lat": "37.2776", "long": "127.0166", "description": "쓰레기"}
SITE = """
[listen]
certificate = "server.pem"
private_key = "server.key"
[limits]
wait_for_hub_s = 0.2
request_within_s = 0.5
connections_per_address = 3
body_bytes = 5000
wrong_keys_per_address_at_once = 2.0
"""


class Health:
    """Remembers what was refused."""

    def __init__(self) -> None:
        self.causes: list[str] = []

    def refuse(self, cause: str, example: str, count: int = 1) -> None:
        self.causes.append(cause)


class Room:
    """A server with its door open, and a client that trusts its certificate."""

    def __init__(self, home: Path) -> None:
        (home / "site.toml").write_text(SITE)
        make_certificate(home)
        config = load_config(home / "site.toml", port=0)
        self.health = Health()
        self.sent: list[ReportTold] = []
        self.server = ReportServer(
            home, PROFILE, config, b"secret" * 6, load_catalogue(), self.health,  # type: ignore[arg-type]
            self.sent.append, SystemClock(),
        )  # fmt: skip
        self.door = Door(self.server.application(), tls_context(config), config.limits)
        self.key = self.server.keys.make("Test", 1)
        self.server.waiting.read()
        self.trust = ssl.create_default_context(cafile=str(home / "server.pem"))
        self.url = ""

    async def ask(
        self, path: str, fields: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        body = urlencode({"api_key": self.key} | fields) if fields is not None else None
        sort = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        async with ClientSession(connector=TCPConnector(ssl=self.trust)) as session:
            method = "POST" if body else "GET"
            async with session.request(
                method, f"{self.url}/{path}", data=body, headers=sort | headers
            ) as answer:
                return answer.status, await answer.text(), dict(answer.headers)

    def number(self, told: ReportTold) -> CitizenReport:
        return CitizenReport(
            id=f"R-{len(self.sent)}", told=told, received_at_ns=told.told_at_ns, changed_at_ns=told.told_at_ns
        )


def make_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "reports")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1)).add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "server.key").chmod(0o600)


@pytest.fixture
def play(tmp_path: Path) -> Callable[[Callable[[Room], Coroutine[Any, Any, None]]], Room]:
    def run(story: Callable[[Room], Coroutine[Any, Any, None]]) -> Room:
        room = Room(tmp_path)

        async def whole() -> None:
            port = await room.door.start("127.0.0.1", 0)
            room.url = f"https://127.0.0.1:{port}{BASE}"
            try:
                await story(room)
            finally:
                await room.door.stop()

        asyncio.run(whole())
        return room

    return run


def test_over_https_in_both_formats_and_languages(play):
    async def story(room: Room) -> None:
        status, text, headers = await room.ask("services.xml?lang=en")
        assert status == 200 and "<service_name>Street lamp out</service_name>" in text
        assert headers["Content-Type"].startswith("text/xml") and headers["Server"] == "bongsu"
        _, text, _ = await room.ask("services.json", **{"Accept-Language": "ko-KR,en;q=0.5"})
        assert json.loads(text)[0]["service_name"] == "가로등 고장"
        assert (await room.ask("services/nothing.json"))[0] == 404
        assert (await room.ask("services.html"))[0] == 404
        assert "GeoReport_v2" in (await room.ask("discovery.xml"))[1]

    play(story)


def test_a_number_comes_when_the_hub_has_it_and_a_token_when_it_does_not(play):
    async def story(room: Room) -> None:
        room.server.replace(())

        def taken(told: ReportTold) -> None:
            room.sent.append(told)
            room.server.put(room.number(told))

        room.server._send = taken
        status, text, _ = await room.ask("requests.json", GOOD)
        assert status == 201 and json.loads(text)[0]["service_request_id"] == "R-1"
        room.server._send = room.sent.append
        status, text, _ = await room.ask("requests.xml", GOOD)
        assert status == 202 and f"<token>{room.sent[1].token}</token>" in text
        assert room.server.waiting.tokens == {told.token for told in room.sent}
        assert len(list((room.server.contacts._folder.parent / "waiting").glob("*.json"))) == 2
        token = f"tokens/{room.sent[1].token}.json"
        assert json.loads((await room.ask(token))[1])[0]["service_request_id"] is None
        room.server.put(room.number(room.sent[1]))
        assert json.loads((await room.ask(token))[1])[0]["service_request_id"] == "R-2"

    play(story)


def test_before_the_hub_was_heard_nobody_is_told_that_a_report_is_unknown(play):
    async def story(room: Room) -> None:
        for path in ("requests.json", "requests/R-1.json", "tokens/00000000.json"):
            status, _, headers = await room.ask(path)
            assert status == 503 and headers["Retry-After"] == "10"
        room.server.replace(())
        assert [(await room.ask(one))[0] for one in ("requests.json", "requests/R-1.json")] == [200, 404]

    play(story)


def test_a_disk_that_cannot_be_written_is_said_and_nothing_is_kept(play, caplog):
    async def story(room: Room) -> None:
        def full(told: ReportTold) -> None:
            raise OSError(28, "No space left on device")

        room.server.waiting.keep = full  # type: ignore[method-assign]
        status, text, _ = await room.ask("requests.json", GOOD | {"phone": "010-1111-2222"})
        assert status == 503 and "저장되지 않았습니다" in text
        assert room.server.contacts.tokens() == [] and room.sent == []

    caplog.set_level(100)
    play(story)


def test_what_is_refused_is_counted_and_wrong_keys_are_rationed(play):
    async def story(room: Room) -> None:
        assert (await room.ask("requests.json", GOOD | {"lat": "0"}))[0] == 400
        key, room.key = room.key, "00000000.wrongwrongwrongwrong"
        codes = [(await room.ask("requests.json", GOOD))[0] for _ in range(3)]
        assert codes == [403, 403, 429]
        room.key = ""
        assert (await room.ask("requests.json", GOOD))[0] == 403
        room.key = key
        assert (await room.ask("requests.json", GOOD | {"description": "x" * 6000}))[0] == 413
        assert (await room.ask("requests.json", GOOD | {"lat": "0"}))[0] == 400

    causes = play(story).health.causes
    assert causes[0] == causes[-1] == "elsewhere", "a key that was right before is not held up by wrong ones"
    assert causes[1:-1] == ["not_permitted", "not_permitted", "too_many", "not_permitted", "too_large"]


def test_a_stranger_who_says_nothing_is_let_go_and_cannot_take_all_connections(play):
    async def story(room: Room) -> None:
        port = int(room.url.split(":")[2].split("/")[0])
        held = [await asyncio.open_connection("127.0.0.1", port, ssl=room.trust) for _ in range(3)]
        held[0][1].write(b"GET /open311/v2/services.json HTTP/1.1\r\nHost:")
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=room.trust)
        assert await reader.read() == b"" and room.door.turned_away == 1
        writer.close()
        for reader, writer in held:
            assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
        assert (await room.ask("services.json"))[0] == 200

    play(story)
