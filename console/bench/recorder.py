"""bench recorder: cameras of 640x360 at 25 pictures a second on the disk, and what that costs one core."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import msgspec
import psutil

from console.bench.clips import at_rate, shipped_clip
from console.bench.room import Room, cpu_s, room, wait
from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.clock import WALL_CLOCK
from console.footage.layout import FOLDER
from console.footage.store import FootageStore
from console.video.book import SourceBook
from console.video.source import Source

FPS = 25
SETTLE_S = 6.0
#: What was shown by the end of the measurement is on the disk by then.
STILL_COMING_S = 1.5
#: So many cameras of one server share its encoder-less stream; their packets are sent to each alike.
MOUNTS = 8
APART_S = 0.37


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: cpu_percent_rtsp and cpu_percent_files (of one core, the recorder's process), of each way bytes,
    packets and lost_packets (pictures that should be on disk and are not), pss_mb, and what was measured.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench recorder", description=__doc__)
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--clip", type=Path, help="a video file; one of the shipped feeds when left out")
    told = parser.parse_args(argv)
    figures: dict[str, Any] = {"streams": told.streams, "seconds": told.seconds}
    with room() as place:
        clip = told.clip or at_rate(shipped_clip(8), place.home, FPS)
        figures["clip"] = clip.name
        now_ns = WALL_CLOCK.now_ns()
        files = {
            f"CAM-{number}": Source(
                kind="file", locator=str(clip.resolve()), epoch_ns=now_ns, offset_s=number * APART_S
            )
            for number in range(told.streams)
        }
        figures |= _measured("files", place, files, clip, told.seconds)
        if not rtsp_server_is_here():
            return {**figures, "rtsp": "GStreamer's RTSP server is not on this machine"}
        mounts = {f"/{number}": {"clip": str(clip.resolve())} for number in range(MOUNTS)}
        with RtspCameras(mounts) as cameras:
            live = {
                f"LIVE-{number}": Source(kind="rtsp", locator=cameras.url(f"/{number % MOUNTS}"))
                for number in range(told.streams)
            }
            figures |= _measured("rtsp", place, live, clip, told.seconds)
    return figures


def _measured(
    way: str, place: Room, sources: dict[str, Source], clip: Path, seconds: float
) -> dict[str, Any]:
    SourceBook(sources, roots=[clip.parent.resolve()]).save(place.home)
    process = place.start("recorder", "--home", str(place.home))
    wait("all cameras to be recorded", lambda: _figures(place).get("writing") == len(sources), process)
    time.sleep(SETTLE_S)
    before, cpu_before, began = _figures(place), cpu_s(process.pid), time.monotonic()
    began_ns = WALL_CLOCK.now_ns()
    time.sleep(seconds)
    cpu, passed = cpu_s(process.pid) - cpu_before, time.monotonic() - began
    ended_ns, after = WALL_CLOCK.now_ns(), _figures(place)
    pss = psutil.Process(process.pid).memory_full_info().pss
    time.sleep(STILL_COMING_S)
    process.terminate()
    process.wait(20)
    on_disk = _pictures(place.home / FOLDER, tuple(sources), began_ns, ended_ns)
    (place.home / "run" / "recorder.json").unlink()
    expected = int((ended_ns - began_ns) / 1e9 * FPS) * len(sources)
    return {
        f"cpu_percent_{way}": round(100 * cpu / passed, 2),
        f"bytes_{way}": after["bytes"] - before["bytes"],
        f"packets_{way}": on_disk,
        # A picture at either end may lie just outside.
        f"lost_packets_{way}": max(0, expected - len(sources) - on_disk) + after["lost"],
        f"pss_mb_{way}": round(pss / 1e6, 1),
    }


def _pictures(folder: Path, camera_ids: tuple[str, ...], from_ns: int, to_ns: int) -> int:
    """How many whole pictures of these times can be read back."""
    store = FootageStore(folder)
    return sum(
        from_ns <= packet.wall_ns < to_ns
        for camera_id in camera_ids
        for packet in store.packets(camera_id, from_ns, to_ns)
    )


def _figures(place: Room) -> dict[str, Any]:
    try:
        found = msgspec.json.decode((place.home / "run" / "recorder.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return found if isinstance(found, dict) else {}
