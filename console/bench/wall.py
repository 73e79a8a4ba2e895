"""bench wall: panes of one clip on a wall of 1920x1080, with the real engine and the real widget."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, sqrt
from pathlib import Path
from typing import Any

from console.bench.clips import at_rate, facts_of, of_size, shipped_clip
from console.bench.xstack import XstackError, xstack
from console.clock import WALL_CLOCK
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
    measured: panes, seconds, clip, platform. With ``--against ffmpeg`` also cpu_ratio: processor time of a
    delivered pane-second, against that of ffmpeg's xstack as it comes (below 1: ours is cheaper), and
    cpu_ratio_tuned, against ffmpeg with every setting that makes it cheaper. With ``--memory`` also
    mb_per_added_pane. Raises SystemExit for what cannot be measured.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench wall", description=__doc__)
    parser.add_argument("--clip", type=Path, help="a video file; made from a shipped feed when left out")
    parser.add_argument("--size", choices=("640x360", "1920x1080"), default="640x360", help="of a made clip")
    parser.add_argument("--fps", type=int, default=25, help="of a made clip")
    parser.add_argument("--panes", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--against", choices=("ffmpeg",), help="measure this one too, on the same clip")
    parser.add_argument("--memory", action="store_true", help="measure what one more pane costs, too")
    told = parser.parse_args(argv)
    if not 1 <= told.panes <= MOST_PANES:
        parser.error(f"--panes: expected 1 to {MOST_PANES}")
    if told.clip is not None and not told.clip.is_file():
        parser.error(f"--clip: there is no file {told.clip}")
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder, display() as platform:
        clip = (told.clip or _made(Path(folder), told.size, told.fps)).resolve()
        width, height, fps = facts_of(clip)
        few = max(1, told.panes // 4)
        if told.memory:  # first: a process does not give back what it once needed
            smaller = _wall(clip, few, 4.0, told.workers, _columns(told.panes))
        figures = _wall(clip, told.panes, told.seconds, told.workers, _columns(told.panes))
        if told.memory and told.panes > few:
            added = (figures["pss_mb"] - smaller["pss_mb"]) / (told.panes - few)
            figures["mb_per_added_pane"] = round(added, 2)
        if told.against:
            figures |= _against(clip, fps, figures, told.seconds)
    about = {"platform": platform, "clip": clip.name, "clip_size": f"{width}x{height}"}
    return {**figures, **about, "clip_fps": round(fps, 2)}


def _columns(panes: int) -> int:
    return ceil(sqrt(panes))


def _made(folder: Path, size: str, fps: int) -> Path:
    """A clip of a shipped feed, as a camera of this size and rate would send it."""
    if size == "640x360":
        return at_rate(shipped_clip(), folder, fps)
    width, height = (int(side) for side in size.split("x"))
    return of_size(shipped_clip(), folder, width, height, fps)


def _wall(clip: Path, panes: int, seconds: float, workers: int, columns: int) -> dict[str, Any]:
    """Measure one wall on the present display."""
    profile = load_profile("suwon")
    cameras = list(profile.cameras)[:panes]
    now_ns = WALL_CLOCK.now_ns()
    sources = {
        camera: Source(kind="file", locator=str(clip), epoch_ns=now_ns, offset_s=number * APART_S)
        for number, camera in enumerate(cameras)
    }
    engine = VideoEngine(SourceBook(sources, roots=[clip.parent]), workers)
    engine.start()
    try:
        from widgets.wall.measure import measure  # Qt, and only after the display is known

        return measure(engine, profile, cameras, columns, seconds)
    finally:
        engine.stop()


def _against(clip: Path, fps: float, figures: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The same clip, as often and as large, through ffmpeg."""
    panes = figures["panes"]
    delivered_s = figures["fps_per_pane_mean"] * panes * figures["seconds"] / fps
    ours = figures["cpu_seconds"] / max(1e-9, delivered_s)
    width, height = figures["picture_px"]
    try:
        plain, tuned = (
            xstack(clip, panes, _columns(panes), width, height, seconds, tuned=tuned)
            for tuned in (False, True)
        )
    except XstackError as problem:
        raise SystemExit(f"bench wall --against ffmpeg: {problem}") from None
    return {
        "cpu_ratio": round(ours / (plain.cpu_s / plain.pane_s), 3),
        "cpu_ratio_tuned": round(ours / (tuned.cpu_s / tuned.pane_s), 3),
        "ffmpeg_cpu_seconds": round(plain.cpu_s, 2),
        "ffmpeg_pane_seconds": plain.pane_s,
        "ffmpeg_times_real_time": round(plain.realtime, 2),
    }


@contextmanager
def display() -> Iterator[str]:
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
