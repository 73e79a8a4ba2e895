"""bench wall: panes of one clip on a wall of 1920x1080, with the real engine and the real widget."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, sqrt
from pathlib import Path
from typing import Any

from console.clock import WALL_CLOCK
from console.paths import shipped
from console.profile import load_profile
from console.video.book import SourceBook
from console.video.engine import VideoEngine
from console.video.source import Source

MOST_PANES = 64
#: Panes of one clip begin this far apart, so that no two show the same picture at the same time.
APART_S = 0.37


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: fps_per_pane_mean, fps_per_pane_min (distinct pictures painted), ui_gap_p99_ms, ui_gap_max_ms,
    cpu_seconds and pss_mb (all processes of the wall), latency_p99_ms (due until painted), and what was
    measured: panes, seconds, clip, platform. Raises SystemExit for what cannot be measured."""
    parser = argparse.ArgumentParser(prog="bongsu bench wall", description=__doc__)
    parser.add_argument("--clip", type=Path, help="a video file; one of the shipped feeds when left out")
    parser.add_argument("--panes", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2)
    told = parser.parse_args(argv)
    if not 1 <= told.panes <= MOST_PANES:
        parser.error(f"--panes: expected 1 to {MOST_PANES}")
    clip = (told.clip or _shipped_clip()).resolve()
    if not clip.is_file():
        parser.error(f"--clip: there is no file {clip}")
    profile = load_profile("suwon")
    cameras = list(profile.cameras)[: told.panes]
    now_ns = WALL_CLOCK.now_ns()
    sources = {
        camera: Source(kind="file", locator=str(clip), epoch_ns=now_ns, offset_s=number * APART_S)
        for number, camera in enumerate(cameras)
    }
    engine = VideoEngine(SourceBook(sources, roots=[clip.parent]), told.workers)
    engine.start()
    try:
        with _display() as platform:
            from widgets.wall.measure import measure  # Qt, and only after the display is known

            figures = measure(engine, profile, cameras, ceil(sqrt(told.panes)), told.seconds)
    finally:
        engine.stop()
    return {**figures, "clip": clip.name, "platform": platform}


def _shipped_clip() -> Path:
    return next(iter(sorted((shipped("assets") / "feeds").glob("*.mp4"))))


@contextmanager
def _display() -> Iterator[str]:
    """The display that is there, else an X server of our own, else Qt's offscreen one. Gives its name."""
    if os.environ.get("QT_QPA_PLATFORM") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        yield os.environ.get("QT_QPA_PLATFORM", "the display that is there")
        return
    server = shutil.which("Xvfb")
    if server is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        yield "offscreen"
        return
    told, tell = os.pipe()
    process = subprocess.Popen(
        [server, "-displayfd", str(tell), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"],
        pass_fds=(tell,), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(tell)
    try:
        with os.fdopen(told) as number:
            os.environ["DISPLAY"] = f":{number.readline().strip()}"
        yield f"Xvfb {os.environ['DISPLAY']}"
    finally:
        process.terminate()
        process.wait()
