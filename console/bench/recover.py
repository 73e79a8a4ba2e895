"""bench recover: how soon the panes of a killed or hung decoding process are back."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import time
from collections.abc import Callable, Hashable
from typing import Any

from console.clock import WALL_CLOCK
from console.paths import shipped
from console.video.book import SourceBook
from console.video.condition import MOVING
from console.video.engine import VideoEngine
from console.video.source import Source

PANES = 16
SIZE = 480, 270
#: Between two blows: who ends sooner is taken for somebody who ends again and again.
REST_S = 12.0
GIVE_UP_S = 30.0
LOOK_S = 0.01


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: back_within_ms_max, killed_ms_max, hung_ms_max (from the signal until new pictures come
    in the last of its panes), kept_fps_share_min (of the other process's panes meanwhile), trials, load."""
    parser = argparse.ArgumentParser(prog="bongsu bench recover", description=__doc__)
    parser.add_argument("--trials", type=int, default=3, help="of each kind")
    told = parser.parse_args(argv)
    logging.getLogger("console.video.keeper").setLevel(logging.ERROR)
    # Not the one whose lens is covered now and then: it is called covered, and rightly, not live.
    feeds = sorted(
        one for one in (shipped("assets") / "feeds").glob("*.mp4") if one.stem != "lens_covered"
    )
    now_ns = WALL_CLOCK.now_ns()
    sources = {
        number: Source(
            kind="file", locator=str(feeds[number % len(feeds)]), epoch_ns=now_ns, offset_s=number * 0.37
        )
        for number in range(PANES)
    }
    engine = VideoEngine(SourceBook({str(pane): source for pane, source in sources.items()}), 2)
    engine.start()
    killed_ms: list[float] = []
    hung_ms: list[float] = []
    kept: list[float] = []
    try:
        for pane, source in sources.items():
            engine.show(pane, str(pane), source, *SIZE)
        _until(lambda: all(_live(engine, pane) for pane in sources))
        for trial in range(told.trials):
            for blow, took in ((signal.SIGKILL, killed_ms), (signal.SIGSTOP, hung_ms)):
                _rest(engine, REST_S)
                took.append(_blow(engine, blow, trial % 2, kept))
    finally:
        engine.stop()
    return {
        "back_within_ms_max": round(max(killed_ms + hung_ms)),
        "killed_ms_max": round(max(killed_ms)),
        "hung_ms_max": round(max(hung_ms)),
        "kept_fps_share_min": round(min(kept), 3),
        "trials": told.trials,
        "load": round(os.getloadavg()[0], 1),
    }


def _blow(engine: VideoEngine, blow: signal.Signals, number: int, kept: list[float]) -> float:
    """Send the signal to one worker and wait until all panes have a picture of after it. Milliseconds."""
    before = {pane: engine.counter(pane)[1] for pane in engine.panes}
    pid = engine.health().pids[number]
    began_s = time.monotonic()
    restarts = engine.health().restarts
    os.kill(pid, blow)
    while engine.health().restarts == restarts:
        _pause(began_s)
    # Who got pictures all the while belongs to the other process.
    noticed_s = time.monotonic() - began_s
    got = {pane: engine.counter(pane)[1] - before[pane] for pane in engine.panes}
    mark = {pane: engine.counter(pane)[1] for pane in engine.panes}
    if noticed_s > 0.5:
        others = sorted(got.values())[len(got) // 2 :]
        kept.append(min(others) / noticed_s / 15.0)
    while not all(engine.counter(pane)[1] > mark[pane] and _moves(engine, pane) for pane in engine.panes):
        _pause(began_s)
    return (time.monotonic() - began_s) * 1000


def _moves(engine: VideoEngine, pane: Hashable) -> bool:
    """Whether new pictures come, be it late on a busy machine."""
    state = engine.pane_state(pane)
    return state is not None and state.state in MOVING


def _live(engine: VideoEngine, pane: Hashable) -> bool:
    state = engine.pane_state(pane)
    return state is not None and state.state == "live"


def _pause(began_s: float) -> None:
    if time.monotonic() - began_s > GIVE_UP_S:
        raise SystemExit("bench recover: the panes did not come back")
    time.sleep(LOOK_S)


def _until(true: Callable[[], bool]) -> None:
    began_s = time.monotonic()
    while not true():
        _pause(began_s)


def _rest(engine: VideoEngine, seconds: float) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        for pane in engine.panes:
            engine.counter(pane)
        time.sleep(LOOK_S)
