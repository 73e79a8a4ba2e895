"""`bongsu demo`: a whole operations centre on this machine, on a city of recorded feeds."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from console.clock import SystemClock
from console.demo.supervise import Supervisor
from console.paths import home as default_home
from console.paths import private_folder
from console.stopping import Stopping

KEPT_RUNS = 3
HEADLESS_FOR_S = 60.0
WINDOW_FIRST_S = 4.0
"""The window comes first, but nobody waits for one that does not come."""
DEFAULT_STORY = {"suwon": "suwon_dusk", "glasgow": "glasgow_night"}


def run(argv: list[str]) -> int:
    """Start everything, wait for the window (or the time) to end, end everything, say what happened."""
    told = _arguments(argv)
    headless = told.headless or not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    home = told.home or _fresh_home()
    for_s = told.for_s if told.for_s is not None else (HEADLESS_FOR_S if headless else None)
    if headless and not told.headless:
        print(f"There is no display: the demo runs offscreen for {for_s:g} s and saves what it would show.")
    screenshots = told.screenshots or (home / "screenshots" if headless else None)
    stopping = Stopping()
    stopping.on_signals()
    private_folder(home)
    environment = {"QT_QPA_PLATFORM": "offscreen"} if headless else {}
    supervisor = Supervisor(home, SystemClock(), environment)
    # The two that take longest first, alone: on two cores, whatever else loads meanwhile delays the window.
    supervisor.start("desk", *_desk_words(told, home, screenshots), essential=True)
    supervisor.start("hub", "hub", "--home", str(home), "--city", told.city)
    _wait_for_window(home / "run" / f"desk-{told.desk}.json", supervisor, stopping)
    from console.demo.stage import Stage, StageError

    stage = Stage(
        supervisor=supervisor, stopping=stopping,
        home=home, city=told.city, scenario=told.scenario or DEFAULT_STORY.get(told.city, told.city),
        speed=told.speed, cameras=tuple(told.camera), clips=told.clips, language=told.language,
        for_s=for_s, hands_on=told.hands_on, agency_windows=told.agency_windows, desk=told.desk,
    )
    try:
        summary = stage.play()
    except StageError as problem:
        print(f"The demo did not start. {problem}", file=sys.stderr)
        return 1
    if screenshots is not None:
        print(f"Screenshots: {screenshots}")
    print(f"Data of this run (log, ledger, recording): {home}")
    print(summary.text())
    return 0 if summary.sound else 1


def _wait_for_window(figures: Path, supervisor: Supervisor, stopping: Stopping) -> None:
    """Return when the desk has shown its window, or has ended, or takes too long."""
    until = time.monotonic() + WINDOW_FIRST_S
    while time.monotonic() < until and "desk" in supervisor.pids() and not stopping.wait(0.02):
        try:
            if json.loads(figures.read_bytes()).get("window_s", 0) > 0:
                return
        except (OSError, ValueError, AttributeError):
            continue


def _desk_words(told: argparse.Namespace, home: Path, screenshots: Path | None) -> list[str]:
    words = ["desk", "--home", str(home), "--city", told.city, "--desk", told.desk,
             "--language", told.language]
    if screenshots is not None:
        words += ["--screenshots", str(private_folder(screenshots)), "--at", told.at]
    return words


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bongsu demo", description=__doc__)
    parser.add_argument("--city", default="suwon", help="a profile of seeds/cities (suwon, glasgow)")
    parser.add_argument("--scenario", default="", help="a story of seeds/scenarios, or a file")
    parser.add_argument("--speed", type=_speed, default=1.0, help="how fast the story goes (0.1 to 20)")
    parser.add_argument("--for", dest="for_s", type=float, metavar="SECONDS", help="end by itself after this")
    parser.add_argument("--camera", action="append", default=[], metavar="SOURCE",
                        help="on the next pane: a real camera (rtsp://user:pass@host/path, http://...), a"
                             " video file, or a folder whose clips are one endless line; repeatable")
    parser.add_argument("--clips", default="", metavar="SOURCE",
                        help="instead of our clips: a folder of clips, a video file, or a URL")
    parser.add_argument("--screenshots", type=Path, metavar="DIR", help="save pictures of the window here")
    parser.add_argument("--at", default="10,30,60,120,240", help="when, in seconds (default %(default)s)")
    parser.add_argument("--headless", action="store_true", help="no window: offscreen, with a summary")
    parser.add_argument("--language", choices=("en", "ko"), default="en")
    parser.add_argument("--hands-on", action="store_true", help="nobody acts but you")
    parser.add_argument("--agency-windows", action="store_true",
                        help="open the partners' windows and answer by hand")
    parser.add_argument("--desk", default="desk-1", help="which desk of the profile you sit at")
    parser.add_argument("--home", type=Path, help="data folder (default: a new one for each run)")
    return parser.parse_args(argv)


def _speed(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 20:
        raise argparse.ArgumentTypeError("expected 0.1 to 20")
    return value


def _fresh_home() -> Path:
    """A new data folder; of earlier runs the newest are kept, the rest goes."""
    import shutil

    folder = private_folder(default_home() / "demo")
    for old in sorted(one for one in folder.iterdir() if one.is_dir())[: -KEPT_RUNS + 1 or None]:
        shutil.rmtree(old, ignore_errors=True)
    return private_folder(folder / time.strftime("%Y%m%d-%H%M%S"))
