"""`bongsu recorder`: keeps what cameras send, as they send it, for as long as it may be kept."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from console.cityname import city_named
from console.clock import SystemClock
from console.logs import log_to
from console.model.base import Position
from console.model.recording import RecorderReport
from console.paths import home as default_home
from console.paths import private_folder
from console.profile import Profile, ProfileError, load_profile, nearest_cameras
from console.recorder.figures import FiguresError, load_figures, with_bounds
from console.recorder.link import RecorderLink
from console.recorder.recorder import LOOK_EVERY_S, Recorder
from console.stopping import Stopping
from console.video.book import SourceBookError
from console.video.redact import RedactingFilter, Redactor
from console.wire.keys import KeyFileError, ensure_peer_key

SAY_LAST_S = 3.0


def run(argv: list[str]) -> int:
    """Record until SIGTERM or SIGINT. 1 when it could not begin, 2 for words that are wrong."""
    told = _arguments(argv)
    log_to(private_folder(told.home), "recorder")
    for handler in logging.getLogger().handlers:
        handler.addFilter(RedactingFilter(Redactor()))
    stopping = Stopping()
    stopping.on_signals()
    clock = SystemClock()
    try:
        figures = with_bounds(load_figures(told.figures), told.keep_days, told.keep_gib, told.free_gib)
        profile = load_profile(city_named(told.city)) if told.city else None
        key = ensure_peer_key(told.home, told.name, "recorder")
        near = None if profile is None else partial(_near, profile)
        recorder = Recorder(told.home, figures, clock, told.cameras, near)
        link = RecorderLink(told.home, key, clock, recorder.locks.snapshot, recorder.locks.entry)
        link.start()
        try:
            recorder.start()
            last = _record(recorder, link, stopping)
        finally:
            recorder.stop()
            link.close(_stopped(recorder), SAY_LAST_S)
    except (FiguresError, ProfileError, KeyFileError, SourceBookError, OSError) as problem:
        print(f"bongsu recorder: {problem}", file=sys.stderr)
        return 1
    return last


def _record(recorder: Recorder, link: RecorderLink, stopping: Stopping) -> int:
    while not stopping.wait(LOOK_EVERY_S):
        report = recorder.look()
        if report is not None:
            link.say(report)
        if not recorder.writing.is_alive:
            return 1  # by an error of its own, which is in the log; whoever started us starts us again
    return 0


def _stopped(recorder: Recorder) -> RecorderReport:
    return RecorderReport(state="stopped", cameras=len(recorder.camera_ids))


def _near(
    profile: Profile, position: Position, count: int, within_m: float, usable: Callable[[str], bool]
) -> tuple[str, ...]:
    return nearest_cameras(profile, position, count, usable, within_m)


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bongsu recorder", description=__doc__,
        epilog="Bounds that are not given are those of seeds/recorder.toml. The oldest footage that is not"
        " locked goes first, whichever camera's.",
    )  # fmt: skip
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder; footage/ is below it")
    parser.add_argument("--city", default="", help="a profile of seeds/cities: locks cameras near incidents")
    parser.add_argument("--cameras", nargs="+", metavar="ID", help="only these (else: all sources)")
    parser.add_argument("--keep-days", type=_bound, metavar="D", help="nothing older is kept, unless locked")
    parser.add_argument("--keep-gib", type=_bound, metavar="G", help="no more is kept, unless locked")
    parser.add_argument("--free-gib", type=_bound, metavar="G", help="so much of the disk stays free")
    parser.add_argument("--figures", type=Path, metavar="FILE", help="instead of seeds/recorder.toml")
    parser.add_argument("--name", default="recorder", help="the name of its key (default %(default)s)")
    return parser.parse_args(argv)


def _bound(text: str) -> float:
    value = float(text)
    if not value >= 0:
        raise argparse.ArgumentTypeError("expected 0 or more")
    return value
