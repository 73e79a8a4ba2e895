"""Recorded pictures in the engine, with its real decoding processes: every picture says its number."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.footage.layout import camera_folder, packets_path
from console.footage.record import StreamInfo
from console.footage.store import FootageStore
from console.footage.writer import CameraWriter, write_clip
from console.video.engine import VideoEngine
from console.video.source import Source, footage_source
from console.video.transport import Transport
from tests.video.clips import FPS, make_clip, number_in
from tests.video.conftest import Bench

BEGIN_NS = 1_790_000_000 * SECOND_NS
FRAME_NS = SECOND_NS // FPS
GROUP = "replay"
Start = Callable[..., Bench]


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """10 s: pictures 0 to 249."""
    return make_clip(tmp_path_factory.mktemp("recorded") / "long.mp4", seconds=10.0)


@pytest.fixture
def folder(tmp_path: Path, long_clip: Path) -> Path:
    """Footage of camera C: 10 s, a gap of 10 s, the same 10 s again."""
    write_clip(tmp_path, "C", long_clip, BEGIN_NS)
    write_clip(tmp_path, "C", long_clip, BEGIN_NS + 20 * SECOND_NS)
    return tmp_path


class Replay:
    """A bench and the clock of one group."""

    def __init__(self, bench: Bench, folder: Path, group: str = GROUP) -> None:
        self.bench, self.engine, self.folder, self.group = bench, bench.engine, folder, group

    def show(self, *cameras: str, width: int = 160, height: int = 120) -> None:
        for camera in cameras:
            source = footage_source(self.folder, camera, self.group)
            self.engine.show((self.group, camera), camera, source, width, height)

    def go(self, seconds: float, rate: float = 0.0) -> int:
        """To so many seconds after the beginning, a bit behind the picture's first moment; its time."""
        at_ns = BEGIN_NS + int(seconds * SECOND_NS) + 5_000_000
        transport = Transport(group=self.group, base_ns=at_ns, at_mono_ns=time.monotonic_ns(), rate=rate)
        self.engine.set_transport(transport)
        assert self.engine.transport(self.group) == transport
        return at_ns

    def state(self, camera: str = "C") -> tuple[str, str]:
        told = self.engine.pane_state((self.group, camera))
        assert told is not None
        return told.state, told.reason

    def number(self, camera: str = "C") -> int | None:
        """What is to be seen, after it was held against what is said of it; None without a picture."""
        picture = self.engine.newest((self.group, camera))
        if picture is None:
            return None
        number = number_in_picture(picture)
        since_ns = (picture.taken_at_ns - BEGIN_NS) % (20 * SECOND_NS)
        assert number == round(since_ns / FRAME_NS), "what is said of a picture is what can be seen in it"
        return number

    def until_number(self, number: int, camera: str = "C") -> None:
        self.bench.until(lambda: self.number(camera) == number, f"{camera} to show {number}")

    def until_state(self, state: str, reason: str = "", camera: str = "C") -> None:
        self.bench.until(lambda: self.state(camera) == (state, reason), f"{camera} to be {state} {reason}")


def number_in_picture(picture: object) -> int:
    data, height, width = picture.data, picture.height, picture.width  # type: ignore[attr-defined]
    return number_in(np.frombuffer(data, np.uint8).reshape(height, width, 4))


@pytest.fixture
def replay(start_engine: Start, folder: Path) -> Replay:
    made = Replay(start_engine(workers=2), folder)
    made.show("C")
    return made


def test_a_moment_shows_the_picture_that_was_taken_then(replay: Replay) -> None:
    for seconds, number in ((3.0, 75), (9.96, 249), (0.0, 0), (3.04, 76), (27.32, 183)):
        replay.go(seconds)
        replay.until_number(number)
        replay.until_state("recorded")
        told = replay.engine.pane_state((GROUP, "C"))
        assert told is not None
        assert told.shown_wall_ns == BEGIN_NS + int(seconds * FPS + 0.5) * FRAME_NS
        assert (told.width, told.height, told.codec) == (160, 120, "h264")


def test_before_a_clock_is_set_nothing_is_shown(start_engine: Start, folder: Path) -> None:
    bench = start_engine()
    made = Replay(bench, folder)
    made.show("C")
    bench.until(lambda: made.state() == ("connecting", ""), "nothing yet")
    assert made.engine.newest((GROUP, "C")) is None
    assert made.engine.transport(GROUP) is None
    made.go(1.0)
    made.until_number(25)


@pytest.mark.parametrize("rate", [0.5, 1.0, 4.0, 8.0, 16.0, -1.0, -4.0, -8.0])
def test_at_any_rate_a_picture_belongs_to_where_the_clock_stands(replay: Replay, rate: float) -> None:
    start_s = 1.0 if rate > 0 else 9.0
    replay.go(start_s)
    replay.until_number(round(start_s * FPS))
    replay.go(start_s, rate)
    running = replay.engine.transport(GROUP)
    assert running is not None
    seen: list[int] = []

    def ran() -> bool:
        before_ns = running.position(time.monotonic_ns())
        number = replay.number()
        now_ns = running.position(time.monotonic_ns())
        if number is not None and (not seen or number != seen[-1]):
            seen.append(number)
            taken_ns = BEGIN_NS + number * FRAME_NS
            # Never of a time that is still to come, as the clock runs.
            assert taken_ns <= now_ns if rate > 0 else taken_ns + FRAME_NS > now_ns - FRAME_NS
        edge = BEGIN_NS + (7 if rate > 0 else 3) * SECOND_NS
        return before_ns > edge if rate > 0 else before_ns < edge

    replay.bench.until(ran, "the clock to run")
    assert len(seen) > 2, seen
    assert seen == sorted(seen, reverse=rate < 0)


def test_of_a_slider_s_many_places_the_last_one_is_shown(replay: Replay) -> None:
    replay.go(0.0)
    replay.until_number(0)
    for number in range(200, 20, -1):
        replay.go(number / FPS)
    replay.until_number(21)


def test_steps_go_by_one_picture_forth_and_back(replay: Replay) -> None:
    replay.go(1.96)
    replay.until_number(49)
    number = 49
    for count in (1, 1, 1, -1, -1, -1, -1, 5, -25):
        told = replay.engine.pane_state((GROUP, "C"))
        assert told is not None
        replay.engine.step((GROUP, "C"), told.shown_wall_ns, count)
        replay.bench.until(lambda: replay.engine.stepped((GROUP, "C")), "the step to be known")
        step = replay.engine.stepped((GROUP, "C"))
        assert step is not None and step.wall_ns is not None
        assert (step.from_ns, step.count) == (told.shown_wall_ns, count)
        number += count
        assert step.wall_ns == BEGIN_NS + number * FRAME_NS
        standing = replay.engine.transport(GROUP)
        assert standing is not None
        now_ns = time.monotonic_ns()
        replay.engine.set_transport(standing.paused(now_ns).sought(now_ns, step.wall_ns))
        replay.until_number(number)


def test_a_step_over_the_end_is_told_as_none(replay: Replay) -> None:
    for from_ns, count in ((BEGIN_NS, -1), (BEGIN_NS + 30 * SECOND_NS - FRAME_NS, 1)):
        replay.engine.step((GROUP, "C"), from_ns, count)
        replay.bench.until(lambda: replay.engine.stepped((GROUP, "C")), "the answer")
        step = replay.engine.stepped((GROUP, "C"))
        assert step is not None and step.wall_ns is None


def test_a_step_crosses_a_gap(replay: Replay) -> None:
    replay.engine.step((GROUP, "C"), BEGIN_NS + 249 * FRAME_NS, 1)
    replay.bench.until(lambda: replay.engine.stepped((GROUP, "C")), "the answer")
    step = replay.engine.stepped((GROUP, "C"))
    assert step is not None and step.wall_ns == BEGIN_NS + 20 * SECOND_NS


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(-5.0, "before_footage"), (15.0, "no_footage"), (10.2, "no_footage"), (31.0, "not_yet_recorded")],
)
def test_where_nothing_was_recorded_there_is_no_picture(replay: Replay, seconds: float, reason: str) -> None:
    replay.go(5.0)
    replay.until_number(125)
    counter = replay.engine.counter((GROUP, "C"))
    replay.go(seconds)
    replay.until_state("gap", reason)
    assert replay.engine.newest((GROUP, "C")) is None
    assert replay.engine.counter((GROUP, "C")) != counter
    told = replay.engine.pane_state((GROUP, "C"))
    assert told is not None and told.shown_wall_ns == 0
    replay.go(5.0)
    replay.until_number(125)


@pytest.mark.parametrize("rate", [1.0, 8.0, -1.0, -8.0])
def test_playing_into_a_gap_shows_it_and_out_of_it_goes_on(replay: Replay, rate: float) -> None:
    start_s = 9.0 if rate > 0 else 21.0
    replay.go(start_s)
    replay.bench.until(lambda: replay.number() is not None, "a picture before the gap")
    replay.go(start_s, rate)
    replay.until_state("gap", "no_footage")
    assert replay.number() is None
    replay.go(19.0 if rate > 0 else 11.0, rate)
    replay.bench.until(lambda: replay.number() is not None, "a picture behind the gap")


def test_a_camera_without_footage_says_so(replay: Replay) -> None:
    replay.show("unknown")
    replay.go(5.0)
    replay.until_state("gap", "no_footage", "unknown")
    replay.until_number(125)


def test_an_empty_segment_is_called_damaged(replay: Replay) -> None:
    path = packets_path(replay.folder, "E", BEGIN_NS)
    path.parent.mkdir(parents=True)
    path.touch()
    replay.show("E")
    replay.go(2.0)
    replay.until_state("gap", "damaged_footage", "E")


def test_a_hole_in_a_damaged_segment_is_a_gap_and_no_old_picture(replay: Replay, long_clip: Path) -> None:
    write_clip(replay.folder, "D", long_clip, BEGIN_NS)
    path = packets_path(replay.folder, "D", BEGIN_NS)
    packet = list(FootageStore(replay.folder).packets("D", BEGIN_NS, BEGIN_NS + 2 * SECOND_NS))[30]
    data = bytearray(path.read_bytes())
    data[data.index(packet.data) + len(packet.data) // 2] ^= 0x40
    path.write_bytes(bytes(data))
    replay.show("D")
    replay.go(1.16)
    replay.until_number(29, "D")
    replay.go(1.6)
    replay.until_state("gap", "damaged_footage", "D")
    assert replay.number("D") is None
    replay.go(2.0)
    replay.until_number(50, "D")


@pytest.mark.parametrize("rate", [0.0, -1.0])
def test_what_cannot_be_decoded_is_called_unreadable(replay: Replay, rate: float) -> None:
    writer = CameraWriter(replay.folder, "U")
    info = StreamInfo("h264", b"", 160, 120, Fraction(1, 90_000), Fraction(1))
    for number in range(100):
        writer.add(BEGIN_NS + number * FRAME_NS, number, number, number % 25 == 0, b"no picture", 10, info)
    writer.close()
    replay.show("U")
    replay.go(2.5, rate)
    replay.until_state("gap", "unreadable_footage", "U")


def test_footage_that_is_freed_while_it_is_shown_is_a_gap(replay: Replay) -> None:
    replay.go(5.0)
    replay.until_number(125)
    shutil.rmtree(camera_folder(replay.folder, "C"))
    replay.go(29.9)  # further than was read ahead
    replay.until_state("gap", "no_footage")
    assert replay.number() is None


def test_what_is_recorded_meanwhile_is_shown(replay: Replay, long_clip: Path) -> None:
    replay.go(31.0)
    replay.until_state("gap", "not_yet_recorded")
    write_clip(replay.folder, "C", long_clip, BEGIN_NS + 30 * SECOND_NS)
    replay.bench.until(lambda: replay.state()[0] == "recorded", "the new footage")
    picture = replay.engine.newest((GROUP, "C"))
    assert picture is not None and picture.taken_at_ns == BEGIN_NS + 31 * SECOND_NS


def test_panes_of_a_group_show_the_same_moment(replay: Replay, long_clip: Path) -> None:
    cameras = ("C", "C2", "C3", "C4")
    for camera in cameras[1:]:
        write_clip(replay.folder, camera, long_clip, BEGIN_NS)
    replay.show(*cameras)
    for seconds in (2.0, 7.5, 0.4):
        replay.go(seconds)
        for camera in cameras:
            replay.until_number(int(seconds * FPS), camera)


def test_two_groups_stand_at_different_moments(replay: Replay) -> None:
    other = Replay(replay.bench, replay.folder, "other")
    other.show("C")
    replay.go(2.0)
    other.go(6.0)
    replay.until_number(50)
    other.until_number(150)
    replay.go(3.0)
    replay.until_number(75)
    assert other.number() == 150


def test_the_same_camera_is_live_in_one_pane_and_recorded_in_another(replay: Replay, clips: Path) -> None:
    live = Source(kind="file", locator=str(clips / "moving.mp4"), epoch_ns=time.time_ns())
    replay.engine.show("live", "C", live, 160, 120)
    replay.go(4.0)
    replay.until_number(100)
    replay.bench.until_moving("live", pictures=10)
    assert replay.number() == 100
    assert replay.bench.state("live") in ("live", "delayed")


def test_after_its_worker_was_killed_a_pane_stands_where_it_stood(
    start_engine: Start, folder: Path, expected_logs: Callable[..., None]
) -> None:
    expected_logs("WARNING console.video.keeper: video worker 0 .* ended and is replaced", count=1)
    bench = start_engine(workers=1)
    replay = Replay(bench, folder)
    replay.show("C")
    replay.go(4.0)
    replay.until_number(100)
    os.kill(bench.engine.health().pids[0], signal.SIGKILL)
    bench.until(lambda: bench.engine.health().restarts == 1, "the death to be noticed")
    replay.go(5.0)
    replay.until_number(125)
    replay.until_state("recorded")


def test_another_size_shows_the_same_moment(replay: Replay) -> None:
    replay.go(4.0)
    replay.until_number(100)
    replay.show("C", width=320, height=240)
    picture = lambda: replay.engine.newest((GROUP, "C"))  # noqa: E731
    replay.bench.until(lambda: (told := picture()) is not None and told.width == 320, "the new size")
    assert replay.number() == 100


def test_a_step_of_a_pane_that_is_not_shown_is_nothing() -> None:
    engine = VideoEngine()
    engine.step("nobody", BEGIN_NS, 1)
    assert engine.stepped("nobody") is None
    engine.stop()
