"""bench footage: a day of recorded pictures opened, and any second of it found."""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from console.bench.clips import at_rate, shipped_clip
from console.bench.room import percentile
from console.clock import SECOND_NS
from console.footage.layout import camera_folder
from console.footage.store import FootageStore
from console.footage.writer import CameraWriter, write_clip

FPS = 25
DAY_S = 24 * 3600
#: A midnight of UTC, so that a day of footage is spread over one folder.
BEGIN_NS = 1_794_960_000 * SECOND_NS
FLUSH_EVERY_S = 60


def run(argv: list[str]) -> dict[str, Any]:
    """Keys, for one camera and with `_all` for all of them: open_ms (to the spans of the whole day),
    seek_p50_ms, seek_p99_ms, seek_max_ms (from a second to its first packet), total_ms (open and p99
    together), and with `_cold` when the index was not in memory. Segments are what the recorder would have
    written: real packets of a clip, round and round; the cameras share the bytes of one (hard links).
    """
    parser = argparse.ArgumentParser(prog="bongsu bench footage", description=__doc__)
    parser.add_argument("--cameras", type=int, default=16)
    parser.add_argument("--hours", type=float, default=24.0)
    parser.add_argument("--seeks", type=int, default=500)
    parser.add_argument("--clip", type=Path, help="a video file; one of the shipped feeds when left out")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the footage here and use it again")
    told = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as temporary:
        folder = told.keep or Path(temporary)
        made_s = _make(folder, told.clip or at_rate(shipped_clip(8), Path(temporary), FPS), told)
        cameras = tuple(f"CAM-{number}" for number in range(told.cameras))
        cold = _forget(folder)
        seconds = told.hours * 3600
        figures = {f"{name}_cold": value for name, value in _measure(folder, cameras[:1], seconds, 1).items()}
        figures |= _measure(folder, cameras[:1], seconds, told.seeks)
        several = _measure(folder, cameras, seconds, told.seeks)
        figures |= {f"{name}_all": value for name, value in several.items()}
    return {
        **figures, "cameras": told.cameras, "hours": told.hours, "made_s": round(made_s, 1),
        "cold": "forgotten by the system" if cold else "the system may still have held it",
    }  # fmt: skip


def _measure(folder: Path, cameras: tuple[str, ...], seconds: float, seeks: int) -> dict[str, Any]:
    end_ns = BEGIN_NS + int(seconds * SECOND_NS)
    began = time.perf_counter()
    store = FootageStore(folder)
    for camera_id in cameras:
        if not store.spans(camera_id, BEGIN_NS, end_ns):
            raise RuntimeError(f"{camera_id}: no footage was found")
    open_ms = (time.perf_counter() - began) * 1e3
    chance = random.Random(3)  # noqa: S311 - places to look at, no secret
    took: list[float] = []
    for number in range(seeks):
        at_ns = BEGIN_NS + chance.randrange(int(seconds) - 10) * SECOND_NS
        began = time.perf_counter()
        first = next(store.packets(cameras[number % len(cameras)], at_ns, at_ns + SECOND_NS))
        took.append((time.perf_counter() - began) * 1e3)
        if not first.is_key or not 0 <= at_ns - first.wall_ns < 20 * SECOND_NS:
            raise RuntimeError("another place was found than was looked for")
    p99 = percentile(took, 0.99)
    return {
        "open_ms": round(open_ms, 2), "seek_p50_ms": round(percentile(took, 0.5), 3),
        "seek_p99_ms": round(p99, 3), "seek_max_ms": round(max(took), 3),
        "total_ms": round(open_ms + p99, 2),
    }  # fmt: skip


def _make(folder: Path, clip: Path, told: argparse.Namespace) -> float:
    """The footage, unless it is there; how long it took (s)."""
    mark = folder / f"{told.cameras}-{told.hours:g}.made"
    if mark.exists():
        return 0.0
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as once:
        write_clip(Path(once), "CLIP", clip, BEGIN_NS)
        packets = list(FootageStore(Path(once)).packets("CLIP", BEGIN_NS))
    info = packets[0].stream
    writer = CameraWriter(folder, "CAM-0")
    frame_ns = SECOND_NS // FPS
    stamp = int(1 / (FPS * info.time_base))
    for number in range(int(told.hours * 3600 * FPS)):
        packet = packets[number % len(packets)]
        wall_ns = BEGIN_NS + number * frame_ns
        size, stamps = len(packet.data), number * stamp
        writer.add(wall_ns, stamps, stamps, packet.is_key, packet.data, size, info)
        if number % (FLUSH_EVERY_S * FPS) == 0:
            writer.flush()
    writer.close()
    first = camera_folder(folder, "CAM-0")
    for number in range(1, told.cameras):
        for path in first.rglob("*.*"):
            copy = camera_folder(folder, f"CAM-{number}") / path.relative_to(first)
            copy.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, copy)
    mark.touch()
    return time.monotonic() - began


def _forget(folder: Path) -> bool:
    """Ask the system to forget the files' contents; whether it could be asked."""
    if not hasattr(os, "posix_fadvise"):
        return False
    for path in camera_folder(folder, "CAM-0").rglob("*.*"):
        handle = os.open(path, os.O_RDONLY)
        os.fdatasync(handle)  # what is not on the disk yet is not forgotten
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(handle)
    return True
