"""bench share: from a grant, and from an approval in the hub, to the first picture in a player; and what many
viewers of a camera cost.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import ClientSession, ClientTimeout, TCPConnector

from console.bench.approving import approvals
from console.bench.clips import at_rate, shipped_clip
from console.bench.room import Room, cpu_s, percentile, room, wait
from console.clock import SECOND_NS, WALL_CLOCK
from console.model.base import same_words
from console.model.share import SharedCamera, ShareGrant, ShareMark
from console.share.figures import KEYS
from console.share.grants import new_token, stream_path, token_digest, write_grant
from console.video.book import SourceBook
from console.video.source import Source

FPS = 25
CAMERA = "CAM-PARK-0001"
"""Of the city whose hub approves; it has nothing else."""
SETTLE_S = 3.0
PLAYER_WITHIN_S = 30.0


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: first_picture_p50_s and _max_s (a grant is written; a player, started at that moment, has decoded
    a picture of the live camera), with `_page` and `_burnt` for the two marks; approved_p50_s and _max_s
    with the same two marks (a desk's approval is sent to the hub; the partner, which waits at its door, has
    the link, and a player that it starts has decoded a picture), rule_p50_s and _max_s (the same from the
    request, granted by rule); cpu_pct (of one core, the
    server's process, all viewers' streams taken to the end of the time), pictures (got by a viewer, the
    fewest), bytes, pss_mb, and what was measured. The camera is recorded by `bongsu recorder` meanwhile.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench share", description=__doc__)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--openings", type=int, default=5, help="of each mark")
    parser.add_argument("--clip", type=Path, help="a video file; one of the shipped feeds when left out")
    told = parser.parse_args(argv)
    figures: dict[str, Any] = {"viewers": told.viewers, "seconds": told.seconds}
    with room() as place:
        clip = told.clip or at_rate(shipped_clip(8), place.home, FPS)
        figures["clip"] = clip.name
        source = Source(kind="file", locator=str(clip.resolve()), epoch_ns=WALL_CLOCK.now_ns(), offset_s=0.0)
        SourceBook({CAMERA: source}, roots=[clip.parent.resolve()]).save(place.home)
        recorder = place.start("recorder", "--home", str(place.home))
        wait("the camera to be recorded", lambda: _said(place, "recorder").get("writing") == 1, recorder)
        server = place.start("share", "--home", str(place.home), "serve", "--port", "0")
        wait("the server", lambda: "url" in _said(place, "share"), server)
        time.sleep(SETTLE_S)
        url = _said(place, "share")["url"]
        for mark in ("page", "burnt"):
            figures |= _openings(place, url, mark, told.openings)
        figures |= approvals(place, told.openings)
        figures |= asyncio.run(_viewers(place, url, server.pid, told.viewers, told.seconds))
    return figures


def _grant(place: Room, mark: ShareMark, number: int = 0) -> str:
    """Write a grant as the hub will; its path."""
    now, token = WALL_CLOCK.now_ns(), new_token()
    write_grant(
        place.home,
        ShareGrant(
            id=f"S-{mark}-{number}-{now}", token_sha256=token_digest(token), recipient="112",
            viewer=f"Viewer {number}", officer="Bench", purpose="measurement", legal_basis="measurement",
            cameras=(SharedCamera(camera_id=CAMERA, name=same_words(CAMERA)),), from_ns=now,
            until_ns=now + 600 * SECOND_NS, granted_ns=now, mark=mark,
        ),
    )  # fmt: skip
    return stream_path(token, "live", CAMERA)


def _openings(place: Room, url: str, mark: ShareMark, count: int) -> dict[str, Any]:
    player = shutil.which("ffmpeg")
    if player is None:
        return {f"first_picture_{mark}": "ffmpeg is not on this machine"}
    took = []
    for number in range(count):
        began = time.monotonic()
        link = url + _grant(place, mark, number)
        # A player asks when the link has come; the server looks at its grants a few times a second.
        while time.monotonic() - began < PLAYER_WITHIN_S:
            words = [player, "-v", "error", "-i", link, "-frames:v", "1", "-f", "null", "-"]
            if subprocess.run(words, capture_output=True, timeout=PLAYER_WITHIN_S).returncode == 0:
                break
        took.append(time.monotonic() - began)
    return {
        f"first_picture_p50_s_{mark}": round(percentile(took, 0.5), 3),
        f"first_picture_max_s_{mark}": round(max(took), 3),
    }


async def _viewers(place: Room, url: str, pid: int, viewers: int, seconds: float) -> dict[str, Any]:
    trust = ssl.create_default_context(cafile=str(place.home.joinpath(*KEYS, "authority.crt")))
    trust.check_hostname = False
    links = [url + _grant(place, "page", number) for number in range(viewers)]
    await asyncio.sleep(1.0)
    connector = TCPConnector(ssl=trust, limit=0)
    got = [0] * viewers
    sizes = [0] * viewers
    async with ClientSession(connector=connector, timeout=ClientTimeout(total=None)) as session:

        async def look(number: int) -> None:
            async with session.get(links[number]) as answer:
                if answer.status != 200:
                    raise RuntimeError(f"a viewer was answered {answer.status}")
                async for part in answer.content.iter_any():
                    got[number] += part.count(b"moof")
                    sizes[number] += len(part)

        tasks = [asyncio.create_task(look(number)) for number in range(viewers)]
        await asyncio.sleep(SETTLE_S)
        before, pictures = cpu_s(pid), list(got)
        began = time.monotonic()
        await asyncio.sleep(seconds)
        cpu, passed = cpu_s(pid) - before, time.monotonic() - began
        fewest = min(now - then for now, then in zip(got, pictures, strict=True))
        pss = _pss(pid)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for problem in ended:
        if isinstance(problem, Exception):
            raise problem
    return {
        "cpu_pct": round(100 * cpu / passed, 2), "pictures": fewest,
        "pictures_expected": int(passed * FPS), "bytes": sum(sizes), "pss_mb": round(pss / 1e6, 1),
    }  # fmt: skip


def _pss(pid: int) -> int:
    import psutil

    return int(psutil.Process(pid).memory_full_info().pss)


def _said(place: Room, name: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode((place.home / "run" / f"{name}.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return found if isinstance(found, dict) else {}
