"""A day in the life of a camera: a real RTSP server is stopped, hung, and comes back as another one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from console.bench.rtsp_camera import RtspCameras, rtsp_server_is_here
from console.clock import WALL_CLOCK
from console.paths import shipped
from console.video.book import SourceBook
from console.video.condition import PaneState
from console.video.engine import VideoEngine
from console.video.source import Credential, Source
from tests.guards.waiting import until
from tests.video.clips import make_clip

pytestmark = [pytest.mark.journey, pytest.mark.needs_rtsp]

FEEDS = shipped("assets") / "feeds"
FIRST, SECOND = "f1rst/canary@gate", "sec0nd canary:gate"
PATIENCE_S = 40.0


class Room:
    """An operator's wall of three panes: two cameras of one server, and a clip beside them that must never
    notice."""

    def __init__(self, home: Path, served: RtspCameras) -> None:
        self.home, self.served = home, served
        self.said: list[str] = []
        self.password(FIRST)
        self.engine = VideoEngine(SourceBook.load(home), workers=2, home=home)

    def password(self, password: str) -> None:
        """What the administrator writes into the files beside the console."""
        urls = {"GATE": self.served.url("/gate"), "YARD": self.served.url("/yard")}
        sources = {name: Source(kind="rtsp", locator=url, credential="cams") for name, url in urls.items()}
        sources["CLIP"] = Source(
            kind="file", locator=str(FEEDS / "plaza_bag.mp4"), epoch_ns=WALL_CLOCK.now_ns()
        )
        SourceBook(sources, {"cams": Credential(user="operator", password=password)}).save(self.home)

    def begin(self) -> None:
        self.engine.start()
        for pane in ("GATE", "YARD", "CLIP"):
            source = self.engine.book.source(pane)
            assert source is not None
            self.engine.show(pane, pane, source, 480, 270)

    def state(self, pane: str) -> PaneState:
        told = self.engine.pane_state(pane)
        assert told is not None
        self.said.append(str(told))
        return told

    def until(self, what: str, **states: tuple[str, ...]) -> None:
        """Wait until each pane is in one of its states. The clip beside is never without a picture."""

        def there() -> bool:
            clip = self.state("CLIP")
            assert clip.pictures == 0 or clip.state not in ("no_signal", "stalled", "refused"), clip
            for pane in ("GATE", "YARD"):
                told = self.state(pane)
                assert told.state != "live" or told.age_ms < 2000, "an old picture is never live"
            return all(self.state(pane).state in wanted for pane, wanted in states.items())

        until(there, lambda: f"{what}: {[self.state(pane) for pane in states]}", PATIENCE_S)

    def moves(self, *panes: str) -> None:
        before = {pane: self.engine.counter(pane) for pane in panes}
        until(
            lambda: all(self.engine.counter(pane)[1] > before[pane][1] + 5 for pane in panes),
            lambda: f"new pictures: {[self.state(pane) for pane in panes]}", PATIENCE_S,
        )  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    if not rtsp_server_is_here():
        pytest.skip("GStreamer's RTSP server for the system's python3 is not on this machine")
    clips = {"/gate": "school_gate.mp4", "/yard": "car_park.mp4"}
    mounts = {path: {"clip": str(FEEDS / name)} for path, name in clips.items()}
    with RtspCameras(mounts, FIRST) as served:
        room = Room(tmp_path / "home", served)
        room.begin()
        try:
            yield room
        finally:
            room.engine.stop()


@pytest.mark.timeout(360)
def test_a_camera_that_is_stopped_hung_and_replaced_is_told_and_comes_back_by_itself(
    room: Room, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    room.until("all to be live", GATE=("live",), YARD=("live",), CLIP=("live",))
    assert (room.state("GATE").width, room.state("GATE").height) == (640, 360)

    room.served.stop()  # the power is cut
    room.until("the cut to be told", GATE=("no_signal",), YARD=("no_signal",), CLIP=("live",))
    assert room.state("GATE").reason in ("connection_closed", "connection_refused")
    assert room.engine.newest("GATE") is not None, "the last picture stays, for the pane to grey"
    room.served.start()
    room.until("the cameras to come back", GATE=("live",), YARD=("live",))
    room.moves("GATE", "YARD", "CLIP")

    room.served.hang()  # it keeps every connection and says nothing more
    room.until("the silence to be told", GATE=("stalled", "no_signal"), YARD=("stalled", "no_signal"))
    assert room.state("GATE").reason == "timeout"
    assert room.state("GATE").fps == 0
    room.served.resume()
    room.until("the cameras to go on", GATE=("live",), YARD=("live",))

    room.served.stop()  # somebody gives the cameras another password, and one of them another resolution
    room.served.password = SECOND
    small = make_clip(tmp_path / "small.mp4", 4.0, 320, 180)
    room.served.mounts["/yard"] = {"clip": str(small)}
    room.served.start()
    room.until("the wrong password to be told", GATE=("refused",), YARD=("refused",), CLIP=("live",))
    assert room.state("YARD").reason == "wrong_password"

    room.password(SECOND)  # written into the file; nothing is restarted, nobody presses a key
    room.until("the new password to be used", GATE=("live",), YARD=("live",))
    until(
        lambda: (room.state("YARD").width, room.state("YARD").height) == (320, 180),
        lambda: f"the other resolution: {room.state('YARD')}", PATIENCE_S,
    )  # fmt: skip
    room.moves("GATE", "YARD", "CLIP")
    assert room.engine.health().restarts == 0, "all of it is a camera's business, no decoder had to die"

    texts = [*room.said, caplog.text]
    for pid in room.engine.health().pids:
        process = psutil.Process(pid)
        texts += [" ".join(process.cmdline()), str(process.environ())]
    for secret in (FIRST, SECOND, "f1rst", "sec0nd", "canary"):
        assert not any(secret in text for text in texts), secret
    kept = [one for one in room.home.rglob("*") if one.is_file() and b"canary" in one.read_bytes()]
    assert [one.name for one in kept] == ["credentials.json"]
