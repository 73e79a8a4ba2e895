"""A wall on a small real city, with an engine whose pictures and states the test decides."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator

import numpy as np
import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from console.clock import SteppedClock
from console.desk.board import Board
from console.language import Catalogue, load_catalogue
from console.profile import Profile, load_profile
from console.video.book import SourceBook
from console.video.condition import PaneState
from console.video.frames import PaneReader, PaneWriter, Picture, buffer_bytes, new_memory
from console.video.load import Importance
from console.video.source import Source
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts
from widgets.wall import PaneStrip, WallWidget

MOVING = PaneState("live", "", 25.0, 20, 3, 0, 640, 360, 25.0, "h264", 100)


class FakeEngine:
    """Takes the engine's place: the shared memory is real, the decoder is the test."""

    def __init__(self, book: SourceBook) -> None:
        self.book = book
        self.states: dict[str, PaneState] = {}
        self.asked: list[tuple[str, int, int]] = []
        self.hidden: list[str] = []
        self.importance: dict[Hashable, Importance] = {}
        self._writers: dict[Hashable, tuple[int, PaneWriter, PaneReader]] = {}
        self._feeds = 0

    def show(self, pane: Hashable, camera_id: str, source: Source, width: int, height: int) -> None:
        self._feeds += 1
        handle = new_memory(buffer_bytes(width, height))
        self._writers[pane] = (
            self._feeds, PaneWriter(handle, width, height), PaneReader(handle, width, height)
        )  # fmt: skip
        os.close(handle)
        self.asked.append((camera_id, width, height))

    def hide(self, pane: Hashable) -> None:
        self.importance.pop(pane, None)
        if self._writers.pop(pane, None) is not None:
            self.hidden.append(pane[1])  # type: ignore[index]

    def counter(self, pane: Hashable) -> tuple[int, int]:
        if pane not in self._writers:
            return 0, 0
        feed, _, reader = self._writers[pane]
        return feed, reader.counter

    def newest(self, pane: Hashable) -> Picture | None:
        return self._writers[pane][2].newest() if pane in self._writers else None

    def pane_state(self, pane: Hashable) -> PaneState | None:
        return self.states.get(pane[1]) if pane in self._writers else None  # type: ignore[index]

    def set_importance(self, pane: Hashable, importance: Importance) -> None:
        if pane in self._writers:
            self.importance[pane] = importance

    def size(self, camera_id: str, surface: str = "wall") -> tuple[int, int]:
        _, writer, _ = self._writers[surface, camera_id]
        return writer.width, writer.height

    def paint(
        self, camera_id: str, colour: tuple[int, int, int], surface: str = "wall",
        size: tuple[int, int] | None = None, state: PaneState = MOVING,
    ) -> None:  # fmt: skip
        """A new picture all of one colour (red, green, blue), as large as the pane unless told otherwise."""
        _, writer, _ = self._writers[surface, camera_id]
        width, height = size or (writer.width, writer.height)
        slot = writer.buffer()
        row = np.array([colour[2], colour[1], colour[0], 255], np.uint8)
        writer.buffers[slot][: width * height * 4] = np.tile(row, width * height).tobytes()
        writer.publish(slot, width, height, 0, 1_774_000_000_000_000_000, 0)
        self.states[camera_id] = state

    def put(
        self, camera_id: str, picture: tuple[int, int, bytes], state: PaneState = MOVING,
        surface: str = "wall",
    ) -> None:  # fmt: skip
        """A new picture: width, height and its BGRA bytes."""
        _, writer, _ = self._writers[surface, camera_id]
        width, height, data = picture
        slot = writer.buffer()
        writer.buffers[slot][: len(data)] = data
        writer.publish(slot, width, height, 0, 1_774_000_000_000_000_000, 0)
        self.states[camera_id] = state


@pytest.fixture(scope="session")
def city() -> Profile:
    return load_profile("glasgow")


@pytest.fixture
def cameras(city: Profile) -> tuple[str, ...]:
    """Sixteen cameras of the first desk's wall."""
    return city.desks["desk-1"].wall


@pytest.fixture
def catalogue() -> Catalogue:
    return load_catalogue("en")


@pytest.fixture
def board(city: Profile, stepped_clock: SteppedClock) -> Board:
    """A desk that has the city's state."""
    made = Board(city, stepped_clock, "desk-1", city.desks["desk-1"].person)
    made.state.run = "run-1"
    return made


@pytest.fixture
def engine(cameras: tuple[str, ...]) -> FakeEngine:
    sources = {camera: Source(kind="rtsp", locator=f"rtsp://10.0.0.1/{camera}") for camera in cameras}
    return FakeEngine(SourceBook(sources))


@pytest.fixture
def tokens(qapp: QApplication) -> Tokens:
    load_fonts()
    return Tokens()


@pytest.fixture
def pulse(qapp: QApplication, board: Board, stepped_clock: SteppedClock) -> Pulse:
    """Not started: the test is its timer."""
    return Pulse(board, stepped_clock)


@pytest.fixture
def wall(
    engine: FakeEngine, catalogue: Catalogue, board: Board, tokens: Tokens, pulse: Pulse
) -> Iterator[WallWidget]:
    """An empty wall of 1282 x 726 pixels, shown."""
    widget = WallWidget(engine, catalogue, board, tokens)
    widget.resize(1282, 726)
    widget.follow(pulse)
    widget.show()
    yield widget
    widget.release()
    widget.close()
    widget.deleteLater()


@pytest.fixture
def strip(
    engine: FakeEngine, catalogue: Catalogue, board: Board, tokens: Tokens, pulse: Pulse
) -> Iterator[PaneStrip]:
    widget = PaneStrip(engine, catalogue, board, tokens)
    widget.resize(480, 300)
    widget.follow(pulse)
    widget.show()
    yield widget
    widget.release()
    widget.close()
    widget.deleteLater()


@pytest.fixture
def beat(pulse: Pulse) -> Callable[..., None]:
    """``beat(6)``: so many ticks; six look at every pane."""

    def tick(times: int = 6) -> None:
        for _ in range(times):
            pulse.tick()

    return tick


class Shot:
    """What a widget shows, pixel by pixel."""

    def __init__(self, widget: WallWidget | PaneStrip) -> None:
        self.image: QImage = widget.grab().toImage()

    def colour(self, x: int, y: int) -> tuple[int, int, int]:
        return self.image.pixelColor(x, y).getRgb()[:3]

    def middle(self, place: object) -> tuple[int, int, int]:
        """The colour a quarter into the picture, where no text stands."""
        x, y, width, height = place.picture  # type: ignore[attr-defined]
        return self.colour(x + width // 4, y + height // 8)

    def has(self, place: object, colour: tuple[int, int, int], part: str = "strip") -> bool:
        """Whether a colour occurs in a pane's strip (or whole)."""
        high = place.strip if part == "strip" else place.height  # type: ignore[attr-defined]
        return any(
            self.colour(x, y) == colour
            for x in range(place.x, place.x + place.width)  # type: ignore[attr-defined]
            for y in range(place.y, place.y + high)  # type: ignore[attr-defined]
        )


@pytest.fixture
def shot() -> type[Shot]:
    return Shot
