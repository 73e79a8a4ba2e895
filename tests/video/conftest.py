"""Engines with real decoding processes, and clips for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from console.video.book import SourceBook
from console.video.engine import VideoEngine
from console.video.source import Credential, Source
from tests.video.clips import make_clip

#: Long, because the machine may be busy; a condition that comes earlier ends the wait earlier.
PATIENCE_S = 30.0


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with moving.mp4 (4 s, numbered pictures) and other clips tests ask `make_clip` for."""
    folder = tmp_path_factory.mktemp("clips")
    make_clip(folder / "moving.mp4")
    return folder


@pytest.fixture
def playing(clips: Path) -> Callable[..., Source]:
    """A source for a clip of the folder, its time beginning now."""

    def source(name: str = "moving.mp4", **fields: object) -> Source:
        return Source(kind="file", locator=str(clips / name), **{"epoch_ns": time.time_ns(), **fields})

    return source


class Bench:
    """An engine and its short words for tests."""

    def __init__(self, engine: VideoEngine, wait: Callable[..., object]) -> None:
        self.engine = engine
        self._wait = wait

    def show(self, pane: str, source: Source, width: int = 160, height: int = 120) -> None:
        self.engine.show(pane, pane, source, width, height)

    def state(self, pane: str) -> str:
        told = self.engine.pane_state(pane)
        return told.state if told is not None else "hidden"

    def until(self, condition: Callable[[], object], what: str) -> None:
        self._wait(condition, lambda: f"{what}; now {self.all_states()}", PATIENCE_S)

    def until_state(self, pane: str, *states: str) -> None:
        self.until(lambda: self.state(pane) in states, f"{pane} to be {' or '.join(states)}")

    def until_moving(self, *panes: str, pictures: int = 3) -> None:
        """Wait until each pane got so many new pictures."""
        before = {pane: self.engine.counter(pane) for pane in panes}

        def moved() -> bool:
            now = {pane: self.engine.counter(pane) for pane in panes}
            return all(
                now[pane][1] >= pictures + (before[pane][1] if now[pane][0] == before[pane][0] else 0)
                for pane in panes
            )

        self.until(moved, f"{', '.join(panes)} to get {pictures} new pictures")

    def picture(self, pane: str) -> np.ndarray:
        """A copy of the newest picture, (height, width, 4) uint8."""
        told = self.engine.newest(pane)
        assert told is not None, f"{pane} has no picture"
        return np.frombuffer(told.data, np.uint8).reshape(told.height, told.width, 4).copy()

    def all_states(self) -> dict[object, object]:
        return {pane: self.engine.pane_state(pane) for pane in self.engine.panes}


@pytest.fixture
def start_engine(clips: Path, wait_until: Callable[..., object]) -> Iterator[Callable[..., Bench]]:
    """``start_engine(workers=1, credentials={...})`` → a `Bench` whose processes end with the test."""
    engines: list[VideoEngine] = []

    def start(workers: int = 1, credentials: dict[str, Credential] | None = None) -> Bench:
        engine = VideoEngine(SourceBook({}, credentials, [clips]), workers)
        engines.append(engine)
        engine.start()
        return Bench(engine, wait_until)

    yield start
    for engine in engines:
        engine.stop()
