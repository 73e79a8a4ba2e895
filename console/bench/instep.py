"""bench instep: four cameras of the recording in step, with the real engine and its processes."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from console.bench.clips import at_rate, shipped_clip
from console.bench.room import percentile
from console.clock import SECOND_NS
from console.footage.writer import write_clip
from console.video.engine import VideoEngine
from console.video.source import footage_source
from console.video.transport import Transport

BEGIN_NS = 1_700_000_000 * SECOND_NS
FPS = 25
LOOK_S = 0.005
SETTLE_S = 1.0
SEEKS, STEPS = 30, 30


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: skew_1x_worst_ms and the same at 8x, 16x and -8x: at any one look, the time between the earliest
    and the latest picture of the panes, in the time of the footage (as the window sees it: looked at 200
    times a second); in_room_time: the same in the time of the room, which is by the rate less; frame_ms;
    seek_to_picture_p50_ms and _p95_ms (a position is set until all panes show it); step_p95_ms (asked until
    shown); pictures_per_pane_s at each rate."""
    parser = argparse.ArgumentParser(prog="bongsu bench instep", description=__doc__)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--size", default="480x270", help="of each pane")
    told = parser.parse_args(argv)
    width, height = (int(side) for side in told.size.split("x"))
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        place = Path(folder)
        cameras = [f"CAM-{number}" for number in range(told.cameras)]
        end_ns = min(_record(place, camera, number, told.seconds) for number, camera in enumerate(cameras))
        engine = VideoEngine(workers=2)
        engine.start()
        try:
            for camera in cameras:
                engine.show(camera, camera, footage_source(place, camera, "g"), width, height)
            figures = _figures(engine, cameras, end_ns, told)
            return {"cameras": told.cameras, "frame_ms": 1000 // FPS, **figures}
        finally:
            engine.stop()


def _record(place: Path, camera: str, number: int, seconds: float) -> int:
    """As much footage as the fastest run goes through; each camera another scene."""
    clip = at_rate(shipped_clip(number), place, FPS)
    at_ns = BEGIN_NS
    while at_ns < BEGIN_NS + int((16 * seconds + 30) * SECOND_NS):
        at_ns = write_clip(place, camera, clip, at_ns) + SECOND_NS // FPS
    return at_ns


def _figures(engine: VideoEngine, panes: list[str], end_ns: int, told: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name, rate in (("1x", 1.0), ("8x", 8.0), ("16x", 16.0), ("back_8x", -8.0), ("back_1x", -1.0)):
        begin_ns = BEGIN_NS + 2 * SECOND_NS if rate > 0 else end_ns - 4 * SECOND_NS
        skews_ns, shown = _played(engine, panes, begin_ns, rate, told.seconds)
        figures[f"skew_{name}_worst_ms"] = round(max(skews_ns, default=0) / 1e6, 1)
        figures[f"skew_{name}_in_room_time_ms"] = round(max(skews_ns, default=0) / 1e6 / abs(rate), 1)
        figures[f"pictures_per_pane_s_{name}"] = round(shown / len(panes) / told.seconds, 1)
    length_ms = (end_ns - BEGIN_NS) // 1_000_000 - 1000
    seeks_ms = [
        _sought(engine, panes, BEGIN_NS + (number * 7919 % length_ms) * 1_000_000) for number in range(SEEKS)
    ]
    figures["seek_to_picture_p50_ms"] = round(percentile(seeks_ms, 0.5), 1)
    figures["seek_to_picture_p95_ms"] = round(percentile(seeks_ms, 0.95), 1)
    steps_ms = [_stepped(engine, panes, 1 if number % 3 else -1) for number in range(STEPS)]
    figures["step_p95_ms"] = round(percentile(steps_ms, 0.95), 1)
    return figures


def _played(
    engine: VideoEngine, panes: list[str], begin_ns: int, rate: float, seconds: float
) -> tuple[list[int], int]:
    engine.set_transport(Transport(group="g", base_ns=begin_ns, at_mono_ns=time.monotonic_ns(), rate=rate))
    until_s = time.monotonic() + SETTLE_S + seconds
    skews_ns: list[int] = []
    shown = 0
    counters: dict[str, tuple[int, int]] = {}
    while (left_s := until_s - time.monotonic()) > 0:
        taken_ns = _taken(engine, panes)
        if left_s < seconds:
            if len(taken_ns) == len(panes):
                skews_ns.append(max(taken_ns) - min(taken_ns))
            now = {pane: engine.counter(pane) for pane in panes}
            shown += sum(now[pane] != counters.get(pane, now[pane]) for pane in panes)
            counters = now
        time.sleep(LOOK_S)
    return skews_ns, shown


def _taken(engine: VideoEngine, panes: list[str]) -> list[int]:
    pictures = [engine.newest(pane) for pane in panes]
    return [picture.taken_at_ns for picture in pictures if picture is not None]


def _sought(engine: VideoEngine, panes: list[str], position_ns: int) -> float:
    """Milliseconds until all panes show the picture of a position."""
    began_ns = time.monotonic_ns()
    engine.set_transport(Transport(group="g", base_ns=position_ns, at_mono_ns=began_ns, rate=0.0))

    def there() -> bool:
        taken_ns = _taken(engine, panes)
        reach_ns = SECOND_NS // FPS * 3 // 2
        return len(taken_ns) == len(panes) and all(0 <= position_ns - one < reach_ns for one in taken_ns)

    _wait(there, f"the pictures of position {position_ns}")
    return (time.monotonic_ns() - began_ns) / 1e6


def _stepped(engine: VideoEngine, panes: list[str], count: int) -> float:
    """Milliseconds from asking for the neighbouring picture until all panes show it."""
    began_ns = time.monotonic_ns()
    picture = engine.newest(panes[0])
    assert picture is not None
    engine.step(panes[0], picture.taken_at_ns, count)
    _wait(lambda: engine.stepped(panes[0]) is not None, "the answer to a step")
    told = engine.stepped(panes[0])
    assert told is not None
    if told.wall_ns is None:
        raise SystemExit("bench instep: there was no neighbouring picture")
    _sought(engine, panes, told.wall_ns)
    return (time.monotonic_ns() - began_ns) / 1e6


def _wait(ready: Callable[[], bool], what: str) -> None:
    until_s = time.monotonic() + 20
    while not ready():
        if time.monotonic() > until_s:
            raise SystemExit(f"bench instep: {what} did not come within 20 s")
        time.sleep(0.001)
