"""A patrol car sees a camera for a while: recorder, server and player as they are, granted and taken back."""

from __future__ import annotations

import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.clock import SECOND_NS, SystemClock
from console.model.base import same_words
from console.model.share import SharedCamera, ShareGrant, ShareRefused, ViewBegan, ViewEnded
from console.paths import shipped
from console.share.access import read_access
from console.share.grants import new_token, stream_path, token_digest, write_grant
from console.video.book import SourceBook
from console.video.source import Source
from tests.guards.waiting import until
from tests.journeys.conftest import Players

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here"),
]
CAMERA = "CAM-PARK-0001"


def said(home: Path, name: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.json.decode((home / "run" / f"{name}.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return found


def serve(players: Players) -> subprocess.Popen[bytes]:
    process = players.start("share", "--home", str(players.home), "serve", "--port", "0")
    until(lambda: said(players.home, "share").get("url"), players.said, 20)
    return process


def record(players: Players) -> None:
    clip = shipped("assets") / "feeds" / "plaza_bag.mp4"
    source = Source(kind="file", locator=str(clip), epoch_ns=SystemClock().now_ns(), offset_s=0.0)
    SourceBook({CAMERA: source}, roots=[clip.parent]).save(players.home)
    players.start("recorder", "--home", str(players.home))
    until(lambda: said(players.home, "recorder").get("writing") == 1, players.said, 20)


def grant(players: Players, share_id: str) -> str:
    """Granted as the hub does it; the live link."""
    token, now = new_token(), SystemClock().now_ns()
    write_grant(
        players.home,
        ShareGrant(
            id=share_id, token_sha256=token_digest(token), recipient="112", viewer="Car 7", officer="Lee",
            purpose="112 dispatch support", legal_basis="art. 40",
            cameras=(SharedCamera(camera_id=CAMERA, name=same_words(CAMERA)),), from_ns=now,
            until_ns=now + 600 * SECOND_NS, granted_ns=now,
        ),
    )  # fmt: skip
    link = said(players.home, "share")["url"] + stream_path(token, "live", CAMERA)
    until(lambda: said(players.home, "share").get("grants") == 1, players.said)
    return str(link)


def player(link: str, out: Path) -> subprocess.Popen[bytes]:
    words = ["ffmpeg", "-v", "error", "-i", link, "-c", "copy", "-f", "matroska", "-flush_packets", "1"]
    return subprocess.Popen([*words, str(out)], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def looked(link: str) -> subprocess.CompletedProcess[bytes]:
    """A player that opens the link for one picture."""
    words = ["ffmpeg", "-v", "error", "-i", link, "-frames:v", "1", "-f", "null", "-"]
    return subprocess.run(words, capture_output=True, timeout=30)


def records(home: Path, kind: type[Any]) -> list[Any]:
    return [line.access for line in read_access(home) if isinstance(line.access, kind)]


def test_a_share_is_granted_seen_and_taken_back_in_the_middle_of_the_stream(players: Players, tmp_path: Path):
    players.home.mkdir()
    record(players)
    server = serve(players)
    link = grant(players, "S-7")
    seen = tmp_path / "seen.mkv"
    watching = player(link, seen)
    until(lambda: seen.exists() and seen.stat().st_size > 50_000, players.said, 20)
    (began,) = records(players.home, ViewBegan)
    assert (began.viewer, began.camera_id, began.share_id) == ("Car 7", CAMERA, "S-7")

    revoked = players.start("share", "--home", str(players.home), "revoke", "S-7", "--by", "Lee")
    assert revoked.wait(20) == 0
    watching.wait(20)
    until(lambda: records(players.home, ViewEnded), players.said)
    (ended,) = records(players.home, ViewEnded)
    assert (ended.why, ended.view_uid) == ("revoked", began.uid)
    again = looked(link)
    assert again.returncode != 0 and b"4XX" in again.stderr
    until(lambda: [one.why for one in records(players.home, ShareRefused)] == ["revoked"], players.said)
    assert players.end(server) == 0
    assert not (players.home / "run" / "share.json").exists()


def test_a_killed_server_says_at_its_next_start_which_views_it_left_open(players: Players, tmp_path: Path):
    players.home.mkdir()
    record(players)
    server = serve(players)
    link = grant(players, "S-8")
    watching = player(link, tmp_path / "seen.mkv")
    until(lambda: records(players.home, ViewBegan), players.said, 20)
    server.send_signal(signal.SIGKILL)
    server.wait(10)
    watching.wait(20)
    assert records(players.home, ViewEnded) == []
    (players.home / "run" / "share.json").unlink()

    serve(players)
    (ended,) = records(players.home, ViewEnded)
    assert ended.why == "restarted" and ended.view_uid == records(players.home, ViewBegan)[0].uid
    moved = said(players.home, "share")["url"] + "/s/" + link.split("/s/")[1]
    found = looked(moved)
    assert found.returncode == 0, found.stderr
