"""From what was recorded to pixels: the real engine, real footage, and the record in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from console.clock import SECOND_NS, SystemClock
from console.desk.board import Board
from console.desk.inbound import AnswerCame, LinkChanged, SnapshotCame
from console.footage.layout import FOLDER
from console.footage.writer import write_clip
from console.language import load_catalogue
from console.model.commands import Accepted
from console.model.state import CityState
from console.video.book import SourceBook
from console.video.engine import VideoEngine
from tests.kit.sitting import Port, suwon
from tests.video.clips import make_clip, number_in
from widgets.kit.playback import Playback
from widgets.kit.pulse import Pulse
from widgets.kit.replaydata import replay_bounds
from widgets.kit.tokens import Tokens, load_fonts
from widgets.wall.replaysurface import ReplaySurface

PATIENCE_S = 30.0
FRAME_NS = SECOND_NS // 25


@dataclass
class Room:
    """Two cameras whose picture n says n, recorded from `from_ns` on; the second one begins 4 s later."""

    board: Board
    port: Port
    pulse: Pulse
    engine: VideoEngine
    playback: Playback
    surface: ReplaySurface
    cameras: tuple[str, ...]
    from_ns: int

    def accept(self) -> None:
        for request_id in tuple(self.board.pending):
            self.board.inbox.append(AnswerCame(Accepted(id=request_id, seq=1)))
        self.pulse.tick()

    def painted(self, camera_id: str) -> int:
        """The number of the picture that is on the screen; -1 where there is none."""
        self.pulse.tick()
        image = self.surface.grab().toImage()
        pane = self.surface.camera_ids.index(camera_id)
        if not self.surface.shown_ns(camera_id):
            return -1
        x, y, width, high = self.surface.places()[pane].picture  # type: ignore[union-attr]
        part = image.copy(x, y, width, high)
        data = np.frombuffer(part.constBits(), np.uint8).reshape(high, part.bytesPerLine() // 4, 4)
        return number_in(data[:, :width])


@pytest.fixture
def room(qapp: object, tmp_path: Path) -> Iterator[Room]:
    clock = SystemClock()
    board = Board(suwon(), clock)
    board.inbox.extend((SnapshotCame(CityState(run="r1")), LinkChanged("live")))
    pulse, port, tokens, catalogue = Pulse(board, clock), Port(board), Tokens(), load_catalogue("en")
    load_fonts()
    cameras = tuple(suwon().cameras)[:2]
    clip = make_clip(tmp_path / "numbers.mp4", seconds=8.0, width=320, height=180)
    from_ns = clock.now_ns() - 60 * SECOND_NS
    for number, camera_id in enumerate(cameras):
        write_clip(tmp_path / FOLDER, camera_id, clip, from_ns + number * 4 * SECOND_NS)
    engine = VideoEngine(SourceBook({}))
    engine.start()
    surface = ReplaySurface(engine, catalogue, board, tokens)
    playback = Playback(
        "test", tmp_path / FOLDER, engine, board, port, pulse, catalogue, replay_bounds().permit,
        lambda: "test",
    )  # fmt: skip
    surface.use(playback)
    surface.follow(pulse)
    surface.resize(642, 198)
    surface.show()
    playback.set_cameras(cameras)
    surface.set_layout(cameras)
    yield Room(board, port, pulse, engine, playback, surface, cameras, from_ns)
    surface.release()
    surface.close()
    surface.deleteLater()
    playback.deleteLater()
    pulse.deleteLater()
    tokens.deleteLater()
    engine.stop()


def test_only_what_is_on_the_record_is_decoded_and_both_cameras_show_the_same_moment_to_the_picture(
    room: Room, qt_wait_until: Callable[..., None]
) -> None:
    one, other = room.cameras
    room.playback.seek(room.from_ns + 5 * SECOND_NS + FRAME_NS // 2, 0.0)
    for _ in range(30):
        assert room.painted(one) == -1
    assert room.engine.panes == (), "the engine has heard of nothing"
    room.accept()

    def stand(first: int, second: int) -> None:
        qt_wait_until(
            lambda: (room.painted(one), room.painted(other)) == (first, second),
            lambda: f"pictures {first} and {second}; seen {room.painted(one)} and {room.painted(other)}",
            PATIENCE_S,
        )

    stand(125, 25)
    room.playback.step(room.surface.pane_key(one), room.surface.shown_ns(one), 1)
    stand(126, 26)
    room.playback.step(room.surface.pane_key(one), room.surface.shown_ns(one), -2)
    stand(124, 24)


def test_where_nothing_was_recorded_there_is_no_picture_and_it_says_so(
    room: Room, qt_wait_until: Callable[..., None]
) -> None:
    one, other = room.cameras
    room.playback.seek(room.from_ns + 5 * SECOND_NS, 0.0)
    room.accept()
    qt_wait_until(lambda: room.painted(other) >= 0, lambda: "a picture of both", PATIENCE_S)
    room.playback.seek(room.from_ns + 2 * SECOND_NS, 0.0)
    room.accept()

    def said() -> str:
        room.pulse.tick()
        return room.surface.words_of(other)

    qt_wait_until(
        lambda: "Not recorded. The recording begins later." in said(), lambda: f"a gap; it says {said()}",
        PATIENCE_S,
    )  # fmt: skip
    qt_wait_until(lambda: room.painted(one) == 50, lambda: "the other's picture", PATIENCE_S)


def test_it_runs_forwards_and_backwards_between_what_is_on_the_record(
    room: Room, qt_wait_until: Callable[..., None]
) -> None:
    one, _ = room.cameras
    room.playback.seek(room.from_ns + 4 * SECOND_NS, 1.0)
    room.accept()
    qt_wait_until(lambda: room.painted(one) > 110, lambda: f"to run on; {room.painted(one)}", PATIENCE_S)
    room.playback.play(-2.0)
    room.accept()
    back = lambda: 0 <= room.painted(one) < 90  # noqa: E731
    qt_wait_until(back, lambda: f"to run back; {room.painted(one)}", PATIENCE_S)
