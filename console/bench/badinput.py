"""bench badinput: damaged clips and dead cameras beside panes that must not notice."""

from __future__ import annotations

import argparse
import logging
import os
import random
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console.bench.wall import display
from console.clock import WALL_CLOCK
from console.paths import shipped
from console.profile import load_profile
from console.video.book import SourceBook
from console.video.engine import VideoEngine
from console.video.likeness import Luma, damaged_seconds, pictures
from console.video.source import Source

GOOD = 4
AT_ONCE = 16
#: Each clip is played from its beginning for so long, and the truth about so much of it is found.
PLAYED_S = 4.0
#: A badge that comes so much later than the picture still belongs to it.
BADGE_LAG_S = 0.6
BAD_SIZE = 320, 180
TOLD_STATES = frozenset({"damaged", "no_signal", "stalled", "frozen", "refused"})
#: The rate of the panes beside is looked at over so long.
RATE_WINDOW_S = 8.0


class Damaged:
    """One clip with bits flipped by a seed, and what was seen of it."""

    def __init__(self, number: int, path: Path, feed: str) -> None:
        self.number, self.path, self.feed = number, path, feed
        self.began_ns = 0
        self.badged: set[int] = set()
        #: The seconds of which a picture was in the pane: on a busy machine not all are.
        self.shown: set[int] = set()
        self.told = ""

    def looks(self, state: str, reason: str, at_s: float) -> None:
        """The pane said so when it was at so many seconds of the clip."""
        if state in TOLD_STATES:
            self.told = self.told or f"{state}: {reason}"
            self.badged |= {int(max(0.0, at_s - BADGE_LAG_S)), int(at_s)}


def damage(data: bytearray, chance: random.Random) -> None:
    """Flip bits: a few or many, mostly in the pictures, of every fifth clip anywhere."""
    first = 0 if chance.random() < 0.2 else 64_000
    for _ in range(round(len(data) / 1e6 * 10 ** chance.uniform(0.3, 3.0)) or 1):
        data[chance.randrange(min(first, len(data) - 1), len(data))] ^= 1 << chance.randrange(8)


class Beside:
    """Shows bad sources in panes of their own, a few at a time, beside the wall. Called each beat."""

    def __init__(self, engine: VideoEngine, feeds: list[Path], folder: Path, count: int) -> None:
        self._engine, self._feeds, self._folder = engine, feeds, folder
        self._count, self._made = count, 0
        self.shown: dict[int, Damaged] = {}
        self.done: list[Damaged] = []
        self.rates: list[float] = []
        #: The same panes alone, before anything bad is shown: what this machine leaves them now.
        self.alone: list[float] = []
        self._window_s = 0.0

    def beat(self, meter: Any) -> bool:
        """Look at all bad panes, replace those whose time is over. False when all have been shown."""
        now_ns, wall_ns = time.monotonic_ns(), WALL_CLOCK.now_ns()
        for place, one in tuple(self.shown.items()):
            state = self._engine.pane_state(("bad", place))
            picture = self._engine.newest(("bad", place))
            if picture is not None:
                one.shown.add(int((picture.taken_at_ns - one.began_ns) / 1e9))
            at_s = (wall_ns - one.began_ns) / 1e9
            if state is not None:
                one.looks(state.state, state.reason, at_s)
            if at_s > PLAYED_S + BADGE_LAG_S:
                self.done.append(self.shown.pop(place))
        for place in range(AT_ONCE if self.alone else 0):
            if place not in self.shown and self._made < self._count:
                self._show(place, self._make())
                break  # one a beat: making them is this bench's work, not the wall's
        if not self._window_s:
            self._window_s = now_ns / 1e9
        if now_ns / 1e9 - self._window_s > RATE_WINDOW_S:
            seconds = now_ns / 1e9 - self._window_s
            rates = [count / seconds for count in meter.painted_of.values()]
            rates += [0.0] * (GOOD - len(rates))
            (self.rates if self.alone else self.alone).extend(rates)
            meter.forget()
            self._window_s = now_ns / 1e9
        return bool(self.shown) or self._made < self._count

    def _make(self) -> Damaged:
        number, self._made = self._made, self._made + 1
        feed = self._feeds[number % len(self._feeds)]
        return Damaged(number, self._folder / f"{number}.mp4", feed.stem)

    def _show(self, place: int, one: Damaged) -> None:
        one.began_ns = WALL_CLOCK.now_ns()
        source = Source(kind="file", locator=str(one.path), epoch_ns=one.began_ns)
        self.shown[place] = one
        self._engine.show(("bad", place), f"bad-{one.number}", source, *BAD_SIZE)


class _Deaths(logging.Handler):
    """Counts workers that ended by themselves, apart from those that hung."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.crashes = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.crashes += "ended and is replaced" in record.getMessage()


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: crashes, worker_restarts, ui_gap_max_ms, ui_gap_p99_ms, others_rate_share_min (of the panes
    beside, in the worst eight seconds; _mean; and _alone: of the same panes before anything bad was shown),
    told_share (of the clips in which damage can be seen in what was shown, or that cannot be opened, how
    many were called anything but live), damaged_seconds_badged_share (of the shown seconds with visible
    damage), false_alarms (clips without visible damage that were called damaged), and what was measured.
    Needs some minutes.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench badinput", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="damaged clips")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    told = parser.parse_args(argv)
    feeds = sorted((shipped("assets") / "feeds").glob("*.mp4"))
    deaths = _Deaths()
    logging.getLogger("console.video.keeper").addHandler(deaths)
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as name, display(), _silent_host() as silent:
        folder = Path(name)
        chance = random.Random(told.seed)  # noqa: S311 - damage by a seed, no secret
        for number in range(told.count):
            data = bytearray(feeds[number % len(feeds)].read_bytes())
            damage(data, chance)
            (folder / f"{number}.mp4").write_bytes(data)
        return _measured(told, feeds, folder, silent, deaths)


def _measured(
    told: argparse.Namespace, feeds: list[Path], folder: Path, silent: int, deaths: _Deaths
) -> dict[str, Any]:
    from widgets.wall.measure_beside import measure_beside  # Qt, and only after the display is known

    profile = load_profile("suwon")
    cameras = list(profile.cameras)[:GOOD]
    epoch_ns = WALL_CLOCK.now_ns()
    sources = {
        camera: Source(kind="file", locator=str(feeds[number]), epoch_ns=epoch_ns)
        for number, camera in enumerate(cameras)
    }
    engine = VideoEngine(SourceBook(sources, roots=[folder]), told.workers)
    engine.start()
    beside = Beside(engine, feeds, folder, told.count)
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "noise.mp4").write_bytes(os.urandom(500_000))
    dead = {
        "empty": Source(kind="file", locator=str(folder / "empty.mp4")),
        "noise": Source(kind="file", locator=str(folder / "noise.mp4")),
        "silent": Source(kind="rtsp", locator=f"rtsp://127.0.0.1:{silent}/camera"),
        "silent_web": Source(kind="http", locator=f"http://127.0.0.1:{silent}/camera"),
    }
    said: dict[str, str] = {}

    def begin() -> bool:
        if not all((state := engine.pane_state(pane)) and state.pictures > 20 for pane in engine.panes):
            return False
        for kind, source in dead.items():
            engine.show(("dead", kind), kind, source, *BAD_SIZE)
        return True

    def beat(meter: Any) -> bool:
        for kind in dead:
            state = engine.pane_state(("dead", kind))
            if state is not None and state.state not in ("connecting", "live"):
                said[kind] = f"{state.state}: {state.reason}"
        return beside.beat(meter)

    try:
        figures = measure_beside(engine, profile, cameras, 2, beat, begin)
        restarts = engine.health().restarts
    finally:
        engine.stop()
    nominal = 15.0  # the rate of the shipped feeds
    return {
        "crashes": deaths.crashes,
        "worker_restarts": restarts,
        **figures,
        "others_rate_share_min": round(min(beside.rates, default=0.0) / nominal, 3),
        "others_rate_share_alone": round(sum(beside.alone) / max(1, len(beside.alone)) / nominal, 3),
        "others_rate_share_mean": round(sum(beside.rates) / max(1, len(beside.rates)) / nominal, 3),
        **_told(beside.done, feeds),
        "dead_sources_told": said,
        "load": round(os.getloadavg()[0], 1),
        "count": told.count,
        "seed": told.seed,
    }


def _told(shown: list[Damaged], feeds: list[Path]) -> dict[str, Any]:
    """Compare what the panes said with what can be seen in the clips."""
    whole: dict[str, dict[int, Luma]] = {}
    bad = told = seconds = badged = alarms = unopened = 0
    missed: list[int] = []
    for one in shown:
        feed = next(feed for feed in feeds if feed.stem == one.feed)
        if one.feed not in whole:
            whole[one.feed] = {round(at_s * 1000): luma for at_s, luma in pictures(feed, PLAYED_S)}
        truth = damaged_seconds(whole[one.feed], one.path, PLAYED_S)
        unopened += truth is None
        truth = truth & one.shown if truth else truth
        if truth is None or truth:
            bad += 1
            told += bool(one.told)
            if not one.told:
                missed.append(one.number)
        elif one.told.startswith("damaged"):
            alarms += 1
        seconds += len(truth or ())
        badged += len((truth or set()) & one.badged)
    return {
        "told_share": round(told / bad, 4) if bad else 1.0,
        "damaged_seconds_badged_share": round(badged / seconds, 4) if seconds else 1.0,
        "clips_with_damage": bad,
        "clips_that_cannot_be_opened": unopened,
        "false_alarms": alarms,
        "missed": missed[:20],
    }


@contextmanager
def _silent_host() -> Iterator[int]:
    """A port that accepts every connection and never says a word (the kernel accepts for it)."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield server.getsockname()[1]
