"""A server with its door open on a folder of footage, and people who ask at it."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from aiohttp import ClientSession, ClientTimeout, TCPConnector
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from console.clock import SECOND_NS, SystemClock
from console.footage.layout import FOLDER
from console.footage.record import StoredPacket
from console.footage.store import FootageStore
from console.footage.writer import CameraWriter, write_clip
from console.handoff.tls import client_context, ensure_authority
from console.language import load_catalogue
from console.model.base import Words
from console.model.footage import MaskZone
from console.model.share import AccessLine, SharedCamera, SharedStretch, ShareGrant
from console.paths import shipped
from console.share.access import read_access
from console.share.door import Door
from console.share.figures import KEYS, ShareFigures, load_figures, tls_context
from console.share.grants import new_token, stream_path, token_digest, write_grant
from console.share.server import ShareServer
from tests.guards.waiting import loop_pause

CAMERA = "CAM/1 정문"
FEEDS = shipped("assets") / "feeds"
HALF = MaskZone(name="homes", points=((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))
T = TypeVar("T")


def now_ns() -> int:
    return SystemClock().now_ns()


def grant(**said: Any) -> tuple[ShareGrant, str]:
    """A share in force of one live camera, and its token."""
    token, now = new_token(), now_ns()
    told: dict[str, Any] = {
        "id": f"S-{token_digest(token)[:8]}", "token_sha256": token_digest(token),
        "recipient": "수원남부경찰서", "viewer": "경위 김철수", "officer": "이민지",
        "purpose": "112 긴급영상 지원", "legal_basis": "지침 제40조",
        "cameras": (SharedCamera(camera_id=CAMERA, name=Words(en="Gate", ko="정문")),),
        "from_ns": now - SECOND_NS, "until_ns": now + 600 * SECOND_NS, "granted_ns": now,
    }  # fmt: skip
    return ShareGrant(**{**told, **said}), token


def masked_camera() -> tuple[SharedCamera, ...]:
    return (SharedCamera(camera_id=CAMERA, name=Words(en="Gate", ko="정문"), zones=(HALF,)),)


def clip_packets(folder: Path, clip: str = "junction") -> list[StoredPacket]:
    """The packets of a shipped feed, times from zero."""
    write_clip(folder, "CLIP", FEEDS / f"{clip}.mp4", SECOND_NS)
    return list(FootageStore(folder).packets("CLIP", SECOND_NS))


def record_until(home: Path, end_ns: int, camera_id: str = CAMERA, clip: str = "junction") -> int:
    """Record a feed whose last picture is shown about `end_ns`; when its first one was."""
    length_ns = 8 * SECOND_NS
    begin_ns = end_ns - length_ns
    write_clip(home / FOLDER, camera_id, FEEDS / f"{clip}.mp4", begin_ns)
    return begin_ns


class Recording:
    """A recorder of one camera that writes when it is told to."""

    def __init__(self, home: Path, scratch: Path, camera_id: str = CAMERA) -> None:
        self._packets = clip_packets(scratch)
        self._writer = CameraWriter(home / FOLDER, camera_id)
        self._number = 0
        self._stamp = 0
        self._step = (self._packets[1].dts or 0) - (self._packets[0].dts or 0)

    def change(self) -> None:
        """The camera describes another stream from its next key picture on."""
        self._packets = [
            one._replace(stream=one.stream._replace(aspect=one.stream.aspect * 2)) for one in self._packets
        ]
        self._number = 0

    def show(self, pictures: int) -> None:
        """Write so many pictures as if they had come just now."""
        begin_ns = now_ns() - pictures
        for each in range(pictures):
            packet = self._packets[self._number % len(self._packets)]
            self._writer.add(
                begin_ns + each, self._stamp, self._stamp, packet.is_key, packet.data, len(packet.data),
                packet.stream,
            )  # fmt: skip
            self._number += 1
            self._stamp += self._step
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()


class Room:
    """The server on `home`; `play` runs a story while the door is open."""

    def __init__(self, home: Path, **tables: dict[str, Any]) -> None:
        self.home = home
        figures = msgspec.to_builtins(load_figures(port=0))
        figures["viewer"]["grants_every_ms"] = 20
        figures["live"]["look_every_ms"] = 20
        for table, values in tables.items():
            figures[table] |= values
        self.figures = msgspec.convert(figures, ShareFigures)
        self.clock = SystemClock()
        self.server = ShareServer(home, self.figures, load_catalogue(), self.clock)
        self.context = tls_context(self.figures, home, self.clock)
        limits, send_kib = self.figures.limits, self.figures.viewer.send_kib
        self.door = Door(self.server.application(), self.context, limits, send_kib)
        self.url = ""
        self.trust = ssl.create_default_context(cafile=str(home.joinpath(*KEYS, "authority.crt")))

    def grant(self, **said: Any) -> tuple[ShareGrant, str]:
        made, token = grant(**said)
        write_grant(self.home, made)
        return made, token

    def change(self, made: ShareGrant, **said: Any) -> ShareGrant:
        changed = msgspec.structs.replace(made, **said)
        write_grant(self.home, changed)
        return changed

    def link(self, token: str, form: str = "live", camera_id: str = CAMERA) -> str:
        return self.url + stream_path(token, form, camera_id)

    def session(self, trust: ssl.SSLContext | None = None) -> ClientSession:
        connector = TCPConnector(ssl=trust or self.trust, limit=0)
        return ClientSession(connector=connector, timeout=ClientTimeout(total=30))

    def as_party(self, agency: str) -> tuple[ssl.SSLContext, str]:
        """A client with a certificate of the authority, and its digest."""
        keys = self.home.joinpath(*KEYS)
        ensure_authority(keys, (agency,))
        shown = x509.load_pem_x509_certificate((keys / f"{agency}.crt").read_bytes())
        return client_context(keys, agency), shown.fingerprint(hashes.SHA256()).hex()

    async def ask(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        url = path if path.startswith("https") else f"{self.url}{path}"
        async with self.session() as session, session.get(url, headers=headers) as answer:
            return answer.status, dict(answer.headers), await answer.read()

    async def why(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and the reason of a refusal."""
        status, _, body = await self.ask(path, **headers)
        return status, msgspec.json.decode(body)["why"]

    def record(self) -> list[AccessLine]:
        return list(read_access(self.home))

    def records(self, kind: type[T]) -> list[T]:
        return [line.access for line in self.record() if isinstance(line.access, kind)]

    def play(self, story: Callable[[Room], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            self.server.recover()
            self.url = f"https://127.0.0.1:{await self.door.start('127.0.0.1', 0)}"
            stepping = asyncio.ensure_future(self._step())
            try:
                await story(self)
            finally:
                await self.door.stop()
                stepping.cancel()
                await asyncio.gather(stepping, return_exceptions=True)
                await self.server.views.settle()
                await asyncio.to_thread(self.server.close)

        asyncio.run(whole())

    async def _step(self) -> None:
        while True:
            await self.server.step()
            await loop_pause(self.figures.viewer.grants_every_ms / 1000)

    @asynccontextmanager
    async def showing(self, recording: Recording) -> AsyncIterator[None]:
        """The camera goes on meanwhile."""

        async def show() -> None:
            while True:
                recording.show(2)
                await loop_pause(0.02)

        task = asyncio.ensure_future(show())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def until(self, true: Callable[[], Any], what: str) -> None:
        try:
            async with asyncio.timeout(10):
                while not true():
                    await loop_pause()
        except TimeoutError:
            raise AssertionError(f"waited in vain: {what}") from None


def probed(path: Path) -> dict[str, Any]:
    """What ffprobe says of a file; its pictures counted."""
    words = ["ffprobe", "-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json"]
    said = subprocess.run([*words, str(path)], capture_output=True, text=True, timeout=60, check=True)
    assert said.stderr == ""
    found: dict[str, Any] = msgspec.json.decode(said.stdout)
    return found


HAS_PLAYER = shutil.which("ffmpeg") is not None and shutil.which("ffprobe") is not None


def stretch(from_ns: int, to_ns: int) -> SharedStretch:
    return SharedStretch(from_ns=from_ns, to_ns=to_ns)
