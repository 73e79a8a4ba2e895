"""`bongsu history`: keeps what is measured, takes in files of earlier measurements, says what is kept."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from console.cityname import city_named
from console.clock import SECOND_NS, SystemClock
from console.historian.feed import Feed
from console.history.figures import Figures, FiguresError, load_figures
from console.history.layout import FOLDER
from console.history.writer import HistoryWriter
from console.logs import log_to
from console.paths import home as default_home
from console.paths import private_folder, write_private
from console.profile import ProfileError, load_profile
from console.stopping import Stopping
from console.wire.keys import KeyFileError, ensure_peer_key

TURN_S = 0.1
SAY_EVERY_NS = SECOND_NS


def run(argv: list[str]) -> int:
    """`run` (also without a word), `import`, `show`, `sets`, `forget`; each has its own --help."""
    words: dict[str, tuple[str, str]] = {
        "import": ("console.historian.import_command", "run_import"),
        "sets": ("console.historian.import_command", "run_sets"),
        "forget": ("console.historian.import_command", "run_forget"),
        "show": ("console.historian.show_command", "run_show"),
    }
    if argv and argv[0] in words:
        import importlib

        module, function = words[argv[0]]
        called: Callable[[list[str]], int] = getattr(importlib.import_module(module), function)
        return called(argv[1:])
    return _keep(argv[1:] if argv[:1] == ["run"] else argv)


def _keep(argv: list[str]) -> int:
    """Keep history until SIGTERM or SIGINT. 1 when it could not begin."""
    parser = argparse.ArgumentParser(
        prog="bongsu history", description=__doc__,
        epilog="Other words: import FILE, sets, forget SET, show POINT; each has its own --help."
        " How long what is kept is said in seeds/history.toml.",
    )  # fmt: skip
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder; history/ is below it")
    parser.add_argument("--city", default="suwon", help="profile of seeds/cities, or a file")
    parser.add_argument("--figures", type=Path, metavar="FILE", help="instead of seeds/history.toml")
    parser.add_argument("--keep-gib", type=float, metavar="G", help="no more than this on disk")
    parser.add_argument("--name", default="history", help="the name of its key (default %(default)s)")
    told = parser.parse_args(argv)
    log_to(private_folder(told.home), "history")
    stopping = Stopping()
    stopping.on_signals()
    clock = SystemClock()
    try:
        figures = _bounded(load_figures(told.figures), told.keep_gib)
        profile = load_profile(city_named(told.city))
        key = ensure_peer_key(told.home, told.name, "listener")
        ids = [point.id for point in profile.points]
        writer = HistoryWriter(told.home / FOLDER, ids, figures, clock, in_thread=True)
        writer.begin()
    except (FiguresError, ProfileError, KeyFileError, OSError) as problem:
        print(f"bongsu history: {problem}", file=sys.stderr)
        return 1
    feed = Feed(told.home, key, profile.digest, clock)
    feed.start()
    try:
        _follow(told.home, writer, feed, clock, stopping)
    finally:
        feed.close()
        for columns in feed.take():
            writer.add(columns)
        writer.close()
        _say(told.home, writer, feed, clock, ended=True)
    return 0


def _bounded(figures: Figures, gib: float | None) -> Figures:
    if gib is None:
        return figures
    return msgspec.structs.replace(figures, disk=msgspec.structs.replace(figures.disk, gib=gib))


def _follow(
    home: Path, writer: HistoryWriter, feed: Feed, clock: SystemClock, stopping: Stopping
) -> None:
    said_ns = -SAY_EVERY_NS
    while not stopping.wait(TURN_S):
        for columns in feed.take():
            writer.add(columns)
        writer.turn()
        if clock.mono_ns() - said_ns >= SAY_EVERY_NS:
            said_ns = clock.mono_ns()
            _say(home, writer, feed, clock)


def _say(home: Path, writer: HistoryWriter, feed: Feed, clock: SystemClock, ended: bool = False) -> None:
    """HOME/run/history.json: how it goes, for desks, the check and whoever supervises."""
    figures = {
        "pid": os.getpid(), "at_ns": clock.now_ns(), "connected": feed.connected.is_set(), "ended": ended,
        "problem": writer.problem, "detail": writer.detail, "rows": writer.rows, "lost_rows": writer.lost,
        "lost_batches": feed.lost_batches + feed.dropped_batches, "other_profile": feed.other_profile,
        "blocks": writer.blocks, "recovered": writer.recovered, "freed_files": writer.freed,
        "bytes": writer.bytes_kept, "until_ns": writer.until_ns,
    }  # fmt: skip
    try:
        write_private(home / "run" / "history.json", msgspec.json.encode(figures))
    except OSError:
        pass  # the disk is full; the log says so
