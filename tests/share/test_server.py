"""A real HTTPS server: what is shown, to whom, for how long, and what is on disk by then."""

from __future__ import annotations

import asyncio
import errno
import os
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from console.clock import SECOND_NS
from console.evidence.masking import ZONE_BGR
from console.model.share import ShareRefused, ViewBegan, ViewEnded, provision
from console.share.access import AccessLog
from console.share.fragments import boxes
from tests.guards.waiting import loop_pause
from tests.share.rig import (
    CAMERA,
    HAS_PLAYER,
    Recording,
    Room,
    masked_camera,
    now_ns,
    probed,
    record_until,
    stretch,
)


@pytest.fixture
def recording(tmp_path: Path):
    made = Recording(tmp_path / "home", tmp_path / "scratch")
    made.show(40)
    yield made
    made.close()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    # Recorded pictures are sent at once: the lead is longer than the clips.
    return Room(tmp_path / "home", recorded={"lead_s": 60.0})


def test_a_view_is_on_disk_before_its_first_picture_and_its_end_says_what_was_seen(
    room: Room, recording: Recording, monkeypatch: pytest.MonkeyPatch
):
    order: list[str] = []
    real = AccessLog.add

    def add(self: AccessLog, access: object) -> int:
        seq = real(self, access)  # type: ignore[arg-type]
        order.append(type(access).__name__)
        return seq

    monkeypatch.setattr(AccessLog, "add", add)

    async def story(room: Room) -> None:
        made, token = room.grant()
        async with room.session() as session, session.get(room.link(token)) as answer:
            assert answer.status == 200 and answer.headers["Content-Type"].startswith("video/mp4; codecs=")
            await answer.content.readexactly(100)
            (began,) = room.records(ViewBegan)
            assert order == ["ViewBegan"], "logged, then shown"
            assert (began.viewer, began.camera_id, began.form) == (made.viewer, CAMERA, "live")
            assert (began.address, began.until_ns) == ("127.0.0.1", made.until_ns)
            recording.show(10)
        recording.show(5)
        await room.until(lambda: room.records(ViewEnded), "the end of the view")

    room.play(story)
    (began,), (ended,) = room.records(ViewBegan), room.records(ViewEnded)
    assert ended.view_uid == began.uid and ended.why == "left" and ended.pictures > 0 and ended.bytes > 0
    said = provision(began)
    assert all(said) and said.recipient == "수원남부경찰서, 경위 김철수" and said.officer == "이민지"


@pytest.mark.skipif(not HAS_PLAYER, reason="ffmpeg is not here")
def test_a_player_shows_the_recorded_stretch_whole_with_the_viewers_name_and_no_sound(
    room: Room, tmp_path: Path
):
    end_ns = now_ns() - 60 * SECOND_NS
    begin_ns = record_until(room.home, end_ns)

    async def story(room: Room) -> None:
        made, token = room.grant(live=False, recorded=stretch(begin_ns, end_ns + SECOND_NS))
        status, headers, body = await room.ask(room.link(token, "recorded"))
        assert status == 200 and "Content-Length" not in headers
        (tmp_path / "seen.mp4").write_bytes(body)
        assert {kind for kind, _ in boxes(body)} == {b"ftyp", b"moov", b"moof", b"mdat"}
        told = await asyncio.to_thread(probed, tmp_path / "seen.mp4")
        (stream,) = told["streams"]
        assert stream["codec_type"] == "video" and int(stream["nb_read_frames"]) > 100
        assert told["format"]["tags"]["title"] == f"{made.recipient} · {made.viewer}"
        assert made.id in told["format"]["tags"]["comment"]
        await room.until(lambda: room.records(ViewEnded), "the end")

    room.play(story)
    (ended,) = room.records(ViewEnded)
    assert ended.why == "end" and begin_ns <= ended.first_ns < ended.last_ns <= end_ns + SECOND_NS


@pytest.mark.skipif(not HAS_PLAYER, reason="ffmpeg is not here")
def test_ffmpeg_opens_the_live_link_as_it_is(room: Room, recording: Recording):
    async def story(room: Room) -> None:
        _, token = room.grant()
        player = await asyncio.create_subprocess_exec(
            "ffmpeg", "-v", "error", "-i", room.link(token), "-frames:v", "3", "-f", "null", "-",
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        async with room.showing(recording):
            _, said = await asyncio.wait_for(player.communicate(), 20)
        assert player.returncode == 0, said.decode()

    room.play(story)


@pytest.mark.parametrize("way", ["revoked", "removed", "until", "changed", "broken"])
def test_a_stream_ends_in_the_middle_when_the_share_does(
    room: Room, recording: Recording, way: str, expected_logs: Any
):
    if way == "broken":
        expected_logs("Nothing is served by grant")
    async def story(room: Room) -> None:
        until = {"until_ns": now_ns() + SECOND_NS} if way == "until" else {}
        made, token = room.grant(**until)
        async with room.session() as session, session.get(room.link(token)) as answer:
            await answer.content.readexactly(100)
            path = room.home / "share" / "grants" / f"{made.id}.json"
            if way == "revoked":
                room.change(made, revoked_ns=now_ns(), revoked_by="이민지")
            elif way == "removed":
                path.unlink()
            elif way == "changed":
                room.change(made, cameras=masked_camera())
            elif way == "broken":
                path.write_bytes(b"{")
            with pytest.raises(Exception, match=r"closed|reset|payload|disconnected"):
                async with asyncio.timeout(2):
                    while True:
                        recording.show(3)
                        await answer.content.readany()
                        await loop_pause(0.02)
        await room.until(lambda: room.records(ViewEnded), "the end")
        if way == "changed":
            return
        status, said = await room.why(room.link(token))
        assert (status, said) == {"revoked": (410, "revoked"), "until": (410, "expired")}.get(
            way, (404, "unknown")
        )

    room.play(story)
    why = {"until": "until", "changed": "changed"}.get(way, "revoked")
    assert room.records(ViewEnded)[0].why == why
    assert why == "changed" or room.records(ShareRefused)


def test_nobody_sees_a_picture_while_the_access_record_cannot_be_written(
    room: Room, recording: Recording, monkeypatch: pytest.MonkeyPatch, expected_logs: Any
):
    expected_logs("access record cannot be written: No space left")
    full = [True]
    real = os.write

    def write(handle: int, data: bytes) -> int:
        if full[0] and b"view.began" in bytes(data):
            real(handle, data[:20])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(handle, data)

    async def story(room: Room) -> None:
        _, token = room.grant()
        monkeypatch.setattr("console.share.access.os.write", write)
        assert await room.why(room.link(token)) == (503, "not_logged")
        assert room.records(ViewBegan) == []
        full[0] = False
        async with room.session() as session, session.get(room.link(token)) as answer:
            assert answer.status == 200
            await answer.content.readexactly(100)

    room.play(story)
    assert [line.seq for line in room.record()] == [1, 2, 3], "the torn line was taken back"
    (refused,) = room.records(ShareRefused)
    assert refused.why == "not_logged" and len(room.records(ViewBegan)) == 1


def test_a_masked_camera_is_served_masked_to_the_last_pixel_or_refused_by_data(
    room: Room, recording: Recording, tmp_path: Path
):
    async def story(room: Room) -> None:
        _, token = room.grant(cameras=masked_camera(), masks="refuse")
        assert await room.why(room.link(token)) == (403, "masked")
        _, token = room.grant(cameras=masked_camera())
        async with (
            room.showing(recording), room.session() as session, session.get(room.link(token)) as answer
        ):
            body = b""
            while body.count(b"moof") < 10:
                body += await answer.content.readany()
        (tmp_path / "masked.mp4").write_bytes(body)

    room.play(story)
    with av.open(str(tmp_path / "masked.mp4")) as container:
        pictures = [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]
    assert pictures
    for picture in pictures:
        hidden = picture[:, picture.shape[1] // 2 + 8 :].astype(int)
        assert np.abs(hidden - np.array(ZONE_BGR)).max() < 16, "flat, whatever is behind"
        assert picture[:, : picture.shape[1] // 2].std() > 20, "the rest is a picture"
    assert all(one.masked for one in room.records(ViewBegan))


def test_a_name_is_burnt_in_where_the_grant_says_so(room: Room, recording: Recording, tmp_path: Path):
    async def story(room: Room) -> None:
        for mark in ("page", "burnt"):
            _, token = room.grant(mark=mark)
            async with room.session() as session, session.get(room.link(token)) as answer:
                body = b""
                while body.count(b"moof") < 3:
                    body += await answer.content.readany()
            (tmp_path / f"{mark}.mp4").write_bytes(body)

    room.play(story)

    def first(mark: str) -> np.ndarray:
        with av.open(str(tmp_path / f"{mark}.mp4")) as container:
            return next(container.decode(video=0)).to_ndarray(format="gray").astype(int)

    difference = np.abs(first("page") - first("burnt"))
    height = len(difference)
    assert difference[: height // 12].mean() > 20 and difference[-height // 12 :].mean() > 20
    assert difference[height // 4 : height * 3 // 4].mean() < 8


def test_who_may_see_is_asked_at_every_door(room: Room, recording: Recording):
    async def story(room: Room) -> None:
        party, digest = room.as_party("KR-112")
        cases = {
            "not_yet": {"from_ns": now_ns() + 60 * SECOND_NS},
            "elsewhere": {"networks": ("10.1.0.0/16", "2001:db8::/32")},
            "certificate": {"certificate_sha256": "ab" * 32},
        }
        for why, said in cases.items():
            _, token = room.grant(**said)
            assert await room.why(room.link(token)) == (403, why)
            assert await room.why(f"/s/{token}") == (403, why)
        _, token = room.grant(certificate_sha256=digest)
        assert await room.why(room.link(token)) == (403, "certificate")
        async with room.session(party) as session, session.get(room.link(token)) as answer:
            assert answer.status == 200
        _, token = room.grant()
        assert await room.why(room.link(token, camera_id="CAM-2")) == (404, "camera")
        assert await room.why(room.link(token, "recorded")) == (404, "form")
        assert await room.why(room.link(token) + "?from_ns=1") == (404, "stretch")
        assert room.records(ViewBegan)[0].certificate_sha256 == digest

    room.play(story)


def test_a_share_belongs_to_the_address_that_opened_it_first_also_after_a_restart(
    tmp_path: Path, recording: Recording
):
    said: list[str] = []

    async def first(room: Room) -> None:
        _, token = room.grant(id="S-1")
        said.append(token)
        async with room.session() as session, session.get(room.link(token)) as answer:
            await answer.content.readexactly(10)

    async def then(room: Room) -> None:
        assert room.server.views.holders == {"S-1": "127.0.0.1"}
        room.server.views.holders["S-1"] = "10.0.0.9"
        assert await room.why(room.link(said[0])) == (403, "elsewhere")

    Room(tmp_path / "home").play(first)
    Room(tmp_path / "home").play(then)


def test_only_so_many_views_are_open_at_a_time(room: Room, recording: Recording):
    async def story(room: Room) -> None:
        _, token = room.grant(most_views=1)
        async with room.session() as session, session.get(room.link(token)) as answer:
            await answer.content.readexactly(10)
            assert await room.why(room.link(token)) == (429, "too_many_views")
        recording.show(10)
        await room.until(lambda: room.records(ViewEnded), "the end")
        async with room.session() as session, session.get(room.link(token)) as answer:
            assert answer.status == 200

    room.play(story)


def test_twenty_viewers_have_one_feed_and_the_same_fragments(room: Room, recording: Recording):
    async def story(room: Room) -> None:
        links = [room.link(room.grant(viewer=f"Viewer {number}")[1]) for number in range(20)]

        async def look(link: str) -> bytes:
            async with room.session() as session, session.get(link) as answer:
                body = b""
                while body.count(b"moof") < 40:
                    body += await answer.content.readany()
                assert len(room.server.views._feeds) == 1
                return body

        tasks = [asyncio.ensure_future(look(link)) for link in links]
        while not all(task.done() for task in tasks):
            recording.show(2)
            await loop_pause(0.02)
        bodies = await asyncio.gather(*tasks)
        pictures = [[data for kind, data in boxes(body) if kind == b"mdat"] for body in bodies]
        fragments = {b"".join(each)[:5000] for each in pictures}
        heads = {next(data for kind, data in boxes(body) if kind == b"moov") for body in bodies}
        assert len(fragments) == 1 and len(heads) == 20, "the same pictures, each with its own name"

    room.play(story)


def test_a_camera_without_pictures_or_with_old_ones_only_is_said_to_have_none(room: Room):
    record_until(room.home, now_ns() - 120 * SECOND_NS)

    async def story(room: Room) -> None:
        _, token = room.grant()
        assert await room.why(room.link(token)) == (404, "no_pictures")

    room.play(story)
    assert room.records(ViewEnded)[0].why == "no_pictures" and room.records(ViewEnded)[0].pictures == 0


def test_views_that_a_killed_server_left_open_are_ended_on_the_record(tmp_path: Path, recording: Recording):
    async def story(room: Room) -> None:
        _, token = room.grant()
        async with room.session() as session, session.get(room.link(token)) as answer:
            await answer.content.readexactly(10)

    Room(tmp_path / "home").play(story)
    (file,) = (tmp_path / "home" / "share" / "access").iterdir()
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + b'{"seq":2,"access":{"type":"view.en')

    async def nothing(room: Room) -> None:
        pass

    again = Room(tmp_path / "home")
    again.play(nothing)
    (ended,) = again.records(ViewEnded)
    assert ended.why == "restarted" and [line.seq for line in again.record()] == [1, 2]


def test_nothing_before_the_granted_beginning_is_sent_and_gaps_are_passed_over(room: Room, tmp_path: Path):
    later_ns = now_ns() - 60 * SECOND_NS
    first_ns = record_until(room.home, later_ns - 120 * SECOND_NS)
    record_until(room.home, later_ns)
    from_ns = first_ns + 3 * SECOND_NS

    async def story(room: Room) -> None:
        _, token = room.grant(live=False, recorded=stretch(from_ns, later_ns + SECOND_NS))
        for query in ("", f"?from_ns={from_ns + SECOND_NS}"):
            status, _, body = await room.ask(room.link(token, "recorded") + query)
            assert status == 200
            (tmp_path / "seen.mp4").write_bytes(body)
        for bad in ("-1", "1e9", "x", "9" * 30, "%00", str(from_ns - 1)):
            assert (await room.why(room.link(token, "recorded") + f"?from_ns={bad}"))[1] == "stretch"

    room.play(story)
    for ended in room.records(ViewEnded):
        assert ended.first_ns >= from_ns and ended.last_ns > later_ns - 8 * SECOND_NS
    with av.open(str(tmp_path / "seen.mp4")) as container:
        seconds = [float(frame.time) for frame in container.decode(video=0)]
    steps = [then - before for before, then in pairwise(seconds)]
    assert max(steps) < 0.5, "no two minutes of standing still"
    assert seconds == sorted(seconds)


def test_a_camera_that_changes_its_stream_ends_the_answer_and_the_next_one_shows_it(
    room: Room, recording: Recording
):
    async def story(room: Room) -> None:
        _, token = room.grant()
        async with room.session() as session, session.get(room.link(token)) as answer:
            await answer.content.readexactly(100)
            recording.change()
            with pytest.raises(Exception, match=r"closed|reset|payload|disconnected"):
                async with room.showing(recording):
                    await answer.read()
        async with room.session() as session, session.get(room.link(token)) as answer:
            assert answer.status == 200
            await answer.content.readexactly(100)

    room.play(story)
    assert room.records(ViewEnded)[0].why == "stream_changed"
    assert len(room.records(ViewBegan)) == 2
