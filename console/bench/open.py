"""bench open: from asking for an RTSP camera to its first picture, and from arrival to paint on a wall."""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from typing import Any

from console.bench.room import room, wait
from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.bench.wall import display
from console.clock import SECOND_NS
from console.footage.layout import FOLDER
from console.footage.store import FootageStore
from console.paths import shipped
from console.profile import load_profile
from console.video.book import SourceBook
from console.video.engine import VideoEngine
from console.video.source import Source

SIZE = 480, 270
WALL_PANES = 16
KEY_DISTANCE_S = 2.0  # of the shipped feeds
GIVE_UP_S = 15.0
LOOK_S = 0.005


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: own_tcp_ms_max, own_udp_ms_max (a camera that begins with a key picture for each client),
    shared_ms_max, shared_ms_median (a camera all clients share, joined anywhere between two key pictures two
    seconds apart), shared_recorded_ms_max and _median (the same while a recorder of this machine keeps it),
    and rtsp16_latency_p99_ms with rtsp16_fps_per_pane_min (arrival to paint on a wall of 16).
    Raises SystemExit where GStreamer's RTSP server is missing."""
    parser = argparse.ArgumentParser(prog="bongsu bench open", description=__doc__)
    parser.add_argument("--trials", type=int, default=8, help="openings of each kind")
    parser.add_argument("--seconds", type=float, default=15.0, help="of the wall of 16")
    told = parser.parse_args(argv)
    if not rtsp_server_is_here():
        parser.error("GStreamer's RTSP server for the system's python3 is not on this machine")
    feeds = sorted((shipped("assets") / "feeds").glob("*.mp4"))
    figures: dict[str, Any] = {}
    with RtspCameras({"/own": {"clip": str(feeds[0]), "shared": False}, "/shared": {"clip": str(feeds[0])}}) \
            as camera:  # fmt: skip
        for transport in ("tcp", "udp"):
            took = _openings(camera.url("/own"), transport, told.trials)
            figures[f"own_{transport}_ms_max"] = round(max(took))
            figures[f"own_{transport}_ms_median"] = round(statistics.median(took))
        for name, shared in (("shared", _shared), ("shared_recorded", _shared_recorded)):
            took = shared(camera.url("/shared"), told.trials)
            figures[f"{name}_ms_max"] = round(max(took))
            figures[f"{name}_ms_median"] = round(statistics.median(took))
    figures |= _wall([str(feed) for feed in feeds], told.seconds)
    return {**figures, "trials": told.trials, "load": round(os.getloadavg()[0], 1)}


def _openings(url: str, transport: str, trials: int) -> list[float]:
    engine = VideoEngine(workers=1)
    engine.start()
    try:
        _first_picture_ms(engine, url, transport)  # the process has loaded the decoder
        return [_first_picture_ms(engine, url, transport) for _ in range(trials)]
    finally:
        engine.stop()


def _shared(url: str, trials: int) -> list[float]:
    """Somebody else watches already; ours joins at any moment."""
    somebody = VideoEngine(workers=1)
    somebody.start()
    try:
        somebody.show("A", "A", Source(kind="rtsp", locator=url), *SIZE)
        while not somebody.counter("A")[1]:
            time.sleep(LOOK_S)
        return _joined(VideoEngine(workers=1), url, trials)
    finally:
        somebody.stop()


def _shared_recorded(url: str, trials: int) -> list[float]:
    """The recorder watches already, and keeps what it sees."""
    with room() as place:
        SourceBook({"A": Source(kind="rtsp", locator=url)}).save(place.home)
        recorder = place.start("recorder", "--home", str(place.home))
        store = FootageStore(place.home / FOLDER)

        def recorded() -> bool:
            store.refresh()
            edges = store.edges("A")
            return edges is not None and edges[1] - edges[0] > 2 * KEY_DISTANCE_S * SECOND_NS

        wait("the recorder", recorded, recorder)
        return _joined(VideoEngine(workers=1, home=place.home), url, trials)


def _joined(engine: VideoEngine, url: str, trials: int) -> list[float]:
    chance = random.Random(3)  # noqa: S311 - when to join, no secret
    took: list[float] = []
    engine.start()
    try:
        for _ in range(trials + 1):
            time.sleep(chance.uniform(0, KEY_DISTANCE_S))
            took.append(_first_picture_ms(engine, url, "tcp"))
    finally:
        engine.stop()
    return took[1:]


def _first_picture_ms(engine: VideoEngine, url: str, transport: str) -> float:
    began_s = time.monotonic()
    engine.show("A", "A", Source(kind="rtsp", locator=url, transport=transport), *SIZE)  # type: ignore[arg-type]
    while not engine.counter("A")[1]:
        if time.monotonic() - began_s > GIVE_UP_S:
            raise SystemExit(f"bench open: no picture of {url}: {engine.pane_state('A')}")
        time.sleep(LOOK_S)
    took_ms = (time.monotonic() - began_s) * 1000
    engine.hide("A")
    time.sleep(0.2)  # the connection is closed before the next one is asked for
    return took_ms


def _wall(feeds: list[str], seconds: float) -> dict[str, Any]:
    mounts: dict[str, dict[str, Any]] = {
        f"/{number}": {"clip": feeds[number % len(feeds)]} for number in range(WALL_PANES)
    }
    profile = load_profile("suwon")
    cameras = list(profile.cameras)[:WALL_PANES]
    with RtspCameras(mounts) as served, display():
        sources = {
            camera: Source(kind="rtsp", locator=served.url(f"/{number}"))
            for number, camera in enumerate(cameras)
        }
        engine = VideoEngine(SourceBook(sources), 2)
        engine.start()
        try:
            from widgets.wall.measure import measure  # Qt, and only after the display is known

            told = measure(engine, profile, cameras, 4, seconds)
        finally:
            engine.stop()
    names = ("latency_p99_ms", "latency_p50_ms", "fps_per_pane_mean", "fps_per_pane_min", "ui_gap_p99_ms",
             "ui_gap_max_ms", "cpu_percent_of_a_core")  # fmt: skip
    return {f"rtsp{WALL_PANES}_{name}": told[name] for name in names}
