"""Stills of a packet: from the console only, held against their digest, made small before they are shown."""

from __future__ import annotations

import asyncio
import hashlib
import io

import av
import numpy as np
import pytest
from aiohttp import web
from msgspec.structs import replace

from console.agency.certificates import contexts
from console.agency.exhibits import Exhibits, at_the_door
from console.agency.facts import Attached, sent_later, without_addresses
from console.agency.sender import ConsoleDoor
from console.agency.still import small
from console.agency.store import Talk
from console.handoff import tls
from tests.agency.rig import Office, facts
from tests.guards.waiting import loop_pause

DOOR = "https://127.0.0.1:4711/handoff"


def picture(wide=800, high=450) -> bytes:
    out = io.BytesIO()
    with av.open(out, mode="w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = wide, high, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(np.full((high, wide, 3), 90, np.uint8), format="rgb24")
        for packet in [*stream.encode(frame.reformat(format="yuvj420p")), *stream.encode(None)]:
            container.mux(packet)
    return out.getvalue()


def attached(data: bytes, url: str = "https://console.handoff.internal/evidence/1", **more) -> Attached:
    told = {
        "description": "Paldalmun north", "mime_type": "image/jpeg", "url": url, "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    return Attached(**(told | more))


def with_stills(*stills: Attached):
    case = facts(1)
    told = {name: replace(getattr(case.letter, name), attached=stills) for name in ("ko", "en")}
    return replace(case, letter=replace(case.letter, **told))


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://console.handoff.internal/evidence/1?x=2", "https://127.0.0.1:4711/evidence/1?x=2"),
        ("https://127.0.0.1:9999/a", "https://127.0.0.1:4711/a"),
        ("https://elsewhere.example/a", ""),
        ("http://127.0.0.1:4711/a", ""),
        ("file:///etc/passwd", ""),
    ],
)
def test_only_the_console_is_asked(url, asked):
    assert at_the_door(url, DOOR) == asked


def test_a_picture_is_made_small_and_what_is_none_is_none():
    still = small(picture())
    assert (still.width, still.height, len(still.rgb)) == (384, 216, 384 * 216 * 3)
    for bad in (b"", b"\xff\xd8\xff", b"<html>", picture()[:200]):
        assert small(bad) is None


def test_stills_are_fetched_with_our_certificate_and_another_picture_is_not_shown(
    tmp_path, expected_logs, caplog
):
    expected_logs("digest differs")
    keys = tmp_path / "keys"
    tls.ensure_authority(keys, ["KR-112"])
    data, other = picture(), picture(640, 360)
    asked: list[str] = []

    async def whole() -> None:
        async def give(request: web.Request) -> web.Response:
            asked.append(tls.party_of(request.transport.get_extra_info("peercert")))
            return web.Response(body=data)

        application = web.Application()
        application.router.add_get("/evidence/{name}", give)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server_context(keys, "console"))
        await site.start()
        door = ConsoleDoor(f"https://127.0.0.1:{runner.addresses[0][1]}/handoff")
        exhibits = Exhibits(door, contexts(keys, "KR-112")[1], lambda: None)
        running = asyncio.ensure_future(exhibits.run())
        swapped = attached(other)
        try:
            exhibits.want(with_stills(attached(data), swapped, attached(data, mime_type="video/mp4")))
            async with asyncio.timeout(10):
                while not (len(exhibits.pictures) == 1 and "digest differs" in caplog.text):
                    await loop_pause()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await runner.cleanup()
        assert list(exhibits.pictures) == [hashlib.sha256(data).hexdigest()]

    asyncio.run(whole())
    assert set(asked) == {"kr-112.handoff.internal"}


def test_pictures_that_an_update_names_belong_to_the_case_and_are_not_read_as_words():
    words = "정지영상 1장\nhttps://127.0.0.1:1/evidence/ab/1.jpg\nhttps://127.0.0.1:1/evidence/ab/clip.mp4"
    talk = (Talk(at_ns=1, ours=False, what="update", words=words, heard="taken"),)
    case = replace(with_stills(), talk=talk)
    assert [(one.url[-8:], one.is_clip) for one in case.attached("ko")] == [
        ("ab/1.jpg", False), ("clip.mp4", True),
    ]  # fmt: skip
    assert without_addresses(words) == "정지영상 1장"
    assert sent_later("https://x/a.exe\nftp://x/a.jpg\nsee https://x/a.jpg\nhttps://x/a b.jpg") == []


@pytest.mark.qt_log_ignore("does not support propagateSizeHints")
def test_the_row_shows_what_has_come_and_says_what_has_not(room):
    data = picture()
    case = with_stills(attached(data), attached(b"other"))
    office = Office(case)
    window = room(office)
    assert office.read == "KR-112-000001"
    assert window.detail.stills.isVisible()
    waits = window.detail.stills.grab().toImage()
    office.show(stills={hashlib.sha256(data).hexdigest(): small(data)})
    window.tick()
    assert window.detail.stills.grab().toImage() != waits
    office.show(cases=(facts(1),))
    window.tick()
    assert not window.detail.stills.isVisible()
