"""Strangers at the door: guesses, paths, ranges, huge heads, slow hands. Refused, counted, nothing breaks."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.model.share import ShareRefused, ViewBegan, ViewEnded
from console.share.grants import new_token
from tests.guards.waiting import loop_pause
from tests.share.rig import Recording, Room, now_ns


@pytest.fixture
def recording(tmp_path: Path):
    made = Recording(tmp_path / "home", tmp_path / "scratch")
    made.show(40)
    yield made
    made.close()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "home", limits={"wrong_tokens_at_once": 5.0})


async def raw(room: Room, *parts: bytes, wait_s: float = 5.0) -> bytes:
    """What the server answers to these bytes, until it closes."""
    port = int(room.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=room.trust)
    found = b""
    try:
        async with asyncio.timeout(wait_s):
            for part in parts:
                writer.write(part)
                await writer.drain()
            while data := await reader.read(1 << 16):
                found += data
    except (ConnectionError, ssl.SSLError):
        pass
    finally:
        writer.close()
    return found


def test_guessed_tokens_are_refused_alike_limited_and_written_down_as_one_line_a_reason(room: Room):
    async def story(room: Room) -> None:
        said = [await room.why(f"/s/{new_token()}") for _ in range(12)]
        assert set(said[:5]) == {(404, "unknown")} and set(said[6:]) == {(429, "too_many_guesses")}
        assert await room.why("/s/short") == (429, "too_many_guesses")
        _, token = room.grant()
        room.server.book.refresh()
        assert (await room.ask(f"/s/{token}"))[0] == 200, "who has a right one is not locked out with them"

    room.play(story)
    lines = room.records(ShareRefused)
    assert [one.why for one in lines] == ["unknown", "too_many_guesses"]
    text = b"".join(path.read_bytes() for path in (room.home / "share" / "access").iterdir())
    assert b"/s/" not in text


def test_many_strangers_and_a_partner_with_many_wishes_do_not_fill_the_record(
    tmp_path: Path, recording: Recording
):
    room = Room(
        tmp_path / "home", limits={"refusals_told_per_minute": 3.0, "views_at_once": 2.0},
        live={"fresh_s": 0.000001},
    )  # fmt: skip

    async def story(room: Room) -> None:
        _, token = room.grant()
        for number in range(20):
            assert (await room.why(room.link(token, camera_id=f"CAM-{number}")))[1] == "camera"
        said = [(await room.why(room.link(token)))[1] for _ in range(5)]
        assert said == ["no_pictures"] * 2 + ["too_many_views"] * 3
        for number in range(50):
            room.server._note("unknown", f"10.0.0.{number}", "", "")

    room.play(story)
    lines = room.records(ShareRefused)
    told = [(one.why, one.address, one.count) for one in lines]
    assert len(lines) == 4 and lines[-1].address == "many", told
    assert len(room.records(ViewBegan)) == len(room.records(ViewEnded)) == 2


def test_the_token_is_nowhere_on_the_disk(room: Room, recording: Recording):
    told: list[str] = []

    async def story(room: Room) -> None:
        _, token = room.grant()
        told.append(token)
        async with room.session() as session, session.get(room.link(token)) as answer:
            await answer.content.readexactly(10)

    room.play(story)
    for path in room.home.rglob("*"):
        assert path.is_dir() or told[0].encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    "path",
    [
        "/", "/s/", "/s/..%2f..%2fetc%2fpasswd", "/s/{token}/live/..%2F..%2F..%2Fetc%2Fpasswd.mp4",
        "/s/{token}/live/%2e%2e.mp4", "/s/{token}/../../../etc/passwd", "/viewer.js/../../seeds/share.toml",
        "/s/{token}/audio/x.mp4", "/s/{token}/live/%00.mp4", "/s/{token}/live/%ff%fe.mp4", "/share.toml",
    ],
)  # fmt: skip
def test_no_path_leads_anywhere_but_to_what_was_granted(room: Room, recording: Recording, path: str):
    async def story(room: Room) -> None:
        _, token = room.grant()
        asked = path.replace("{token}", token).encode()
        answer = await raw(room, b"GET " + asked + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), answer[:80]
        assert b"root:" not in answer

    room.play(story)
    assert room.records(ViewBegan) == []


@pytest.mark.parametrize("asked", ["bytes=1000-", "bytes=0-0,5-9", "bytes=-5", "bytes=0-99", "lines=0-"])
def test_a_range_is_no_way_to_see_without_a_view(room: Room, recording: Recording, asked: str):
    async def story(room: Room) -> None:
        _, token = room.grant()
        status, headers, _ = await room.ask(room.link(token), Range=asked)
        assert status == 416 and headers["Accept-Ranges"] == "none"

    room.play(story)
    assert room.records(ViewBegan) == []


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "DELETE", "OPTIONS"])
def test_only_asking_is_answered(room: Room, recording: Recording, method: str):
    async def story(room: Room) -> None:
        _, token = room.grant()
        async with room.session() as session, session.request(method, room.link(token)) as answer:
            assert answer.status == 405

    room.play(story)
    assert room.records(ViewBegan) == []


def test_huge_and_broken_heads_are_refused_and_the_door_stays_open(room: Room):
    async def story(room: Room) -> None:
        huge = b"GET /s/x HTTP/1.1\r\nHost: x\r\nX-Big: " + b"a" * 100_000 + b"\r\n\r\n"
        many = b"GET /s/x HTTP/1.1\r\nHost: x\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n"
        long = b"GET /s/" + b"a" * 50_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        for bad in (huge, many, long, b"\x00\xff" * 500, b"GET\r\n\r\n"):
            answer = await raw(room, bad)
            assert not answer or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), answer[:60]
        assert (await room.ask("/viewer.css"))[0] == 200

    room.play(story)


def test_a_stranger_that_says_nothing_or_half_a_head_is_let_go(tmp_path: Path):
    room = Room(tmp_path / "home", limits={"request_within_s": 0.5})

    async def story(room: Room) -> None:
        for part in (b"", b"GET /s/x HTTP/1.1\r\nHo"):
            assert await raw(room, part) == b""

    room.play(story)


def test_a_viewer_that_does_not_take_what_comes_is_let_go_and_the_others_see_on(
    tmp_path: Path, recording: Recording
):
    impatient = {"waiting_mib": 4, "waiting_s": 0.3}
    room = Room(tmp_path / "home", viewer=impatient, live={"group_mib": 1})

    async def story(room: Room) -> None:
        (_, slow), (_, good) = room.grant(), room.grant()
        port = int(room.url.rpartition(":")[2])
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=room.trust, limit=1024)
        path = room.link(slow).removeprefix(room.url).encode()
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        await room.until(lambda: len(room.records(ViewBegan)) == 1, "the slow one")
        async with room.session() as session, session.get(room.link(good)) as answer:
            while not room.records(ViewEnded):
                recording.show(40)
                await answer.content.readany()
                await loop_pause(0.02)
            assert len(room.server.views.open) == 1, "the good one sees on"
        writer.close()

    room.play(story)
    assert room.records(ViewEnded)[0].why == "slow"


def test_words_of_a_grant_cannot_become_a_script_of_the_page(room: Room):
    async def story(room: Room) -> None:
        nasty = "</script><script>alert(1)</script>\"'&"
        _, token = room.grant(viewer=nasty, purpose=nasty, recipient=nasty)
        status, headers, body = await room.ask(f"/s/{token}", Accept="text/html")
        assert status == 200 and b"<script>alert" not in body and b"</script><script>" not in body
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["Referrer-Policy"] == "no-referrer" and headers["Cache-Control"] == "no-store"

    room.play(story)


def test_the_page_says_who_sees_why_and_until_when_in_both_languages(room: Room):
    async def story(room: Room) -> None:
        made, token = room.grant()
        for language, title in (("en", "Shared CCTV pictures"), ("ko", "CCTV 영상 제공")):
            headers = {"Accept": "text/html", "Accept-Language": language}
            status, _, body = await room.ask(f"/s/{token}", **headers)
            text = body.decode()
            assert status == 200 and title in text
            for said in (made.viewer, made.purpose, made.legal_basis, made.officer, made.id):
                assert said in text
        room.change(made, revoked_ns=now_ns())
        await room.until(lambda: room.server.book.get(made.id).revoked_ns, "the revocation")
        status, _, body = await room.ask(f"/s/{token}", Accept="text/html")
        assert status == 410 and "took this share back" in body.decode()
        assert made.until_ns > now_ns() + SECOND_NS

    room.play(story)
