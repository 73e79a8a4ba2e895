"""A replay page at a desk without a hub: footage on a real disk, the engine in the test's hand."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.footage.layout import FOLDER
from console.footage.record import StreamInfo
from console.footage.watch import FootageWatch
from console.footage.writer import CameraWriter
from console.video.book import SourceBook
from tests.kit.sitting import Sitting
from tests.wall.recorded import RecordedEngine
from widgets.replay.page import ReplayPage
from widgets.wall.replaysurface import ReplaySurface

STREAM = StreamInfo("h264", b"", 640, 360, Fraction(1, 90_000), Fraction(1))


def write_footage(home: Path, camera_id: str, from_ns: int, seconds: float) -> None:
    """Half-second groups of packets that nobody decodes: only where they lie matters here."""
    writer = CameraWriter(home / FOLDER, camera_id)
    for number in range(round(seconds * 2) + 1):
        at_ns = from_ns + number * SECOND_NS // 2
        writer.add(at_ns, number, number, True, b"picture", 7, STREAM)
    writer.close()


class Replay(Sitting):
    """A sitting with the replay page before it, 1140 x 276 as under the wall."""

    def __init__(self, home: Path, language: str = "en") -> None:
        super().__init__(language)
        self.home = home
        self.cameras = tuple(self.profile.cameras)[:12]
        self.engine = RecordedEngine(SourceBook({}))
        self.watch = FootageWatch(home)
        self.watch.start()
        self.surface = ReplaySurface(self.engine, self.catalogue, self.board, self.tokens)
        self.page = ReplayPage(
            self.engine, home / FOLDER, self.watch, self.surface, self.board, self.pulse, self.port,
            self.actions, self.tokens, self.moments,
        )  # fmt: skip
        self.surface.follow(self.pulse)
        self.page.resize(1140, 276)
        self.page.show()
        self.connect()
        self.settle()

    @property
    def now_ns(self) -> int:
        return self.clock.now_ns()

    def record(self, camera_id: str, back_s: float, seconds: float) -> None:
        """Footage from so long ago on."""
        write_footage(self.home, camera_id, self.now_ns - int(back_s * SECOND_NS), seconds)

    def allow(self) -> None:
        """The hub accepts whatever is asked for."""
        for request_id in tuple(self.board.pending):
            self.accept(request_id)
        self.pulse.tick()

    def known(self) -> bool:
        """Whether the disk was looked at for every row."""
        self.pulse.tick()
        return all(row.known for row in self.page.timeline.rows)

    def leave(self) -> None:
        self.watch.stop()
        self.page.release()
        self.surface.release()
        self.page.close()
        self.page.deleteLater()
        del self.page, self.surface
        super().leave()


@pytest.fixture
def replay(qapp: object, tmp_path: Path) -> Iterator[Replay]:
    made = Replay(tmp_path)
    yield made
    made.leave()
