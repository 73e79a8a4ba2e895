"""Recorded pictures in the engine, with its real decoding processes: every picture says its own number, so
that what is shown can be held against the moment that was asked for."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.footage.layout import packets_path
from console.footage.record import StreamInfo
from console.footage.writer import CameraWriter, write_clip
from console.video.source import Source, footage_source
from console.video.transport import Transport
from tests.video.clips import FPS, make_clip, number_in
from tests.video.conftest import Bench

Start = Callable[..., Bench]
BEGIN_NS = 1_700_000_000 * SECOND_NS
FRAME_NS = SECOND_NS // FPS


def moment(number: float) -> int:
    """The middle of a picture's time."""
    return BEGIN_NS + int((number + 0.5) * FRAME_NS)


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cameras that recorded eight seconds from `BEGIN_NS`; HOLED then paused for ten and went on."""
    folder = tmp_path_factory.mktemp("footage")
    clip = make_clip(folder / "numbers.mp4", seconds=8.0)
    reordered = make_clip(folder / "reordered.mp4", seconds=8.0, gop=50)
    for camera in ("A", "B", "HOLED"):
        write_clip(folder, camera, clip, BEGIN_NS)
    write_clip(folder, "LONG-GROUPS", reordered, BEGIN_NS)
    write_clip(folder, "HOLED", clip, BEGIN_NS + 18 * SECOND_NS)
    return folder


def at(position_ns: int, rate: float = 0.0, group: str = "g") -> Transport:
    return Transport(group=group, base_ns=position_ns, at_mono_ns=time.monotonic_ns(), rate=rate)


def shown(bench: Bench, pane: str) -> int | None:
    """The number in the picture a pane shows; None without a picture."""
    return number_in(bench.picture(pane)) if bench.engine.newest(pane) is not None else None


def recorded(footage: Path, camera: str = "A", group: str = "g") -> Source:
    return footage_source(footage, camera, group)


def test_standing_still_shows_exactly_the_picture_of_the_moment(start_engine: Start, footage: Path) -> None:
    bench = start_engine()
    bench.show("A", recorded(footage))
    for number in (0, 60, 61, 199, 100, 3):
        bench.engine.set_transport(at(moment(number)))
        bench.until(lambda: shown(bench, "A") == number, f"picture {number}")  # noqa: B023
        state = bench.engine.pane_state("A")
        assert state is not None
        assert state.state == "recorded"
        assert abs(state.shown_wall_ns - (BEGIN_NS + number * FRAME_NS)) < FRAME_NS // 4
        told = bench.engine.newest("A")
        assert told is not None
        assert told.taken_at_ns == state.shown_wall_ns
        assert (state.width, state.height, state.codec) == (160, 120, "h264")


def test_nothing_is_shown_before_anybody_says_where_to_stand(start_engine: Start, footage: Path) -> None:
    bench = start_engine()
    bench.show("A", recorded(footage))
    bench.show("sign of life", recorded(footage, group="other"))
    bench.engine.set_transport(at(moment(10), group="other"))
    bench.until(lambda: shown(bench, "sign of life") == 10, "the other group's picture")
    assert bench.engine.newest("A") is None
    assert bench.state("A") == "connecting"


@pytest.mark.parametrize("rate", [1.0, 4.0, 8.0, -1.0, -8.0])
def test_running_shows_pictures_of_where_the_clock_stands(
    start_engine: Start, footage: Path, rate: float
) -> None:
    """Looked at again and again: no picture is ever of another time than the clock's, but for the time it
    takes to be decoded and the time between two looks."""
    bench = start_engine()
    bench.show("A", recorded(footage))
    start = 20 if rate > 0 else 180
    bench.engine.set_transport(at(moment(start)))
    bench.until(lambda: shown(bench, "A") == start, "where it starts")
    transport = at(moment(start), rate)
    bench.engine.set_transport(transport)
    seen: set[int] = set()
    allowed_ns = int((SECOND_NS // 4) * max(1, abs(rate)) + 2 * FRAME_NS)

    def looked() -> bool:
        picture = bench.engine.newest("A")
        now_ns = transport.position(time.monotonic_ns())
        if picture is not None and picture.taken_at_ns not in seen:
            seen.add(picture.taken_at_ns)
            assert abs(now_ns - picture.taken_at_ns) < allowed_ns or not BEGIN_NS < now_ns < moment(199)
        return not moment(5) < now_ns < moment(190)

    bench.until(looked, "the clock to get to the end")
    assert len(seen) >= 7
    assert all(BEGIN_NS - 1 <= taken_ns <= moment(200) for taken_ns in seen)


def test_cameras_of_one_group_show_the_same_picture(start_engine: Start, footage: Path) -> None:
    bench = start_engine(workers=2)
    for pane in ("A", "B", "LONG-GROUPS"):
        bench.show(pane, recorded(footage, pane))
    for number in (150, 20, 77):
        bench.engine.set_transport(at(moment(number)))
        bench.until(
            lambda: {shown(bench, pane) for pane in ("A", "B", "LONG-GROUPS")} == {number},  # noqa: B023
            f"all to show picture {number}",
        )


def test_a_gap_is_shown_as_a_gap_and_never_as_an_old_picture(start_engine: Start, footage: Path) -> None:
    bench = start_engine()
    bench.show("HOLED", recorded(footage, "HOLED"))
    bench.engine.set_transport(at(moment(190)))
    bench.until(lambda: shown(bench, "HOLED") == 190, "the end of the stretch")
    bench.engine.set_transport(at(moment(190), rate=1.0))
    bench.until_state("HOLED", "gap")
    state = bench.engine.pane_state("HOLED")
    assert state is not None
    assert (state.reason, state.shown_wall_ns) == ("no_footage", 0)
    assert bench.engine.newest("HOLED") is None
    bench.engine.set_transport(at(BEGIN_NS + 18 * SECOND_NS - SECOND_NS // 2, rate=1.0))
    bench.until(lambda: shown(bench, "HOLED") is not None, "the picture behind the gap")
    picture = bench.engine.newest("HOLED")
    assert picture is not None
    assert picture.taken_at_ns >= BEGIN_NS + 18 * SECOND_NS


@pytest.mark.parametrize(
    ("position_ns", "reason"),
    [(BEGIN_NS - 5 * SECOND_NS, "before_footage"), (BEGIN_NS + 60 * SECOND_NS, "not_yet_recorded")],
)
@pytest.mark.parametrize("rate", [0.0, 1.0, -1.0])
def test_outside_of_what_is_recorded_a_pane_says_on_which_side(
    start_engine: Start, footage: Path, position_ns: int, reason: str, rate: float
) -> None:
    bench = start_engine()
    bench.show("A", recorded(footage))
    bench.engine.set_transport(at(position_ns, rate))
    bench.until_state("A", "gap")
    bench.until(lambda: bench.engine.pane_state("A").reason == reason, reason)  # type: ignore[union-attr]


def test_a_camera_without_any_footage_says_so(start_engine: Start, footage: Path) -> None:
    bench = start_engine()
    bench.show("NEVER", recorded(footage, "NEVER"))
    bench.engine.set_transport(at(moment(10)))
    bench.until_state("NEVER", "gap")
    assert bench.engine.pane_state("NEVER").reason == "no_footage"  # type: ignore[union-attr]


@pytest.mark.parametrize(("from_number", "count", "expected"), [
    (60, 1, 61), (60, -1, 59), (60, 7, 67), (60, -30, 30), (25, -1, 24), (0, -1, None), (199, 1, None),
])  # fmt: skip
def test_a_step_names_the_neighbouring_picture(
    start_engine: Start, footage: Path, from_number: int, count: int, expected: int | None
) -> None:
    bench = start_engine()
    bench.show("A", recorded(footage))
    bench.engine.set_transport(at(moment(from_number)))
    bench.until(lambda: shown(bench, "A") == from_number, "the picture to step from")
    bench.engine.step("A", moment(from_number), count)
    bench.until(lambda: bench.engine.stepped("A") is not None, "an answer")
    told = bench.engine.stepped("A")
    assert told is not None
    assert (told.from_ns, told.count) == (moment(from_number), count)
    if expected is None:
        assert told.wall_ns is None
        return
    assert told.wall_ns is not None
    bench.engine.set_transport(at(told.wall_ns))
    bench.until(lambda: shown(bench, "A") == expected, f"picture {expected}")


def test_of_many_positions_in_a_row_the_last_one_is_shown(start_engine: Start, footage: Path) -> None:
    bench = start_engine()
    bench.show("A", recorded(footage))
    for number in range(190):
        bench.engine.set_transport(at(moment(number)))
    bench.engine.set_transport(at(moment(42)))
    bench.until(lambda: shown(bench, "A") == 42, "the last of them")
    assert bench.engine.transport("g") == bench.engine.transport("g")


def test_what_is_recorded_meanwhile_is_shown_when_its_time_comes(
    start_engine: Start, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "more.mp4", seconds=2.0)
    newest_ns = write_clip(tmp_path, "A", clip, BEGIN_NS)
    bench = start_engine()
    bench.show("A", recorded(tmp_path))
    bench.engine.set_transport(at(newest_ns + SECOND_NS))
    bench.until_state("A", "gap")
    assert bench.engine.pane_state("A").reason == "not_yet_recorded"  # type: ignore[union-attr]
    write_clip(tmp_path, "A", clip, newest_ns + FRAME_NS)
    bench.until(lambda: shown(bench, "A") == 24, "the picture that came")


def test_damaged_footage_says_so_and_the_rest_is_shown(start_engine: Start, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "numbers.mp4", seconds=8.0)
    write_clip(tmp_path, "A", clip, BEGIN_NS)
    path = packets_path(tmp_path, "A", BEGIN_NS)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    bench = start_engine()
    bench.show("A", recorded(tmp_path))
    for number in (10, 190):
        bench.engine.set_transport(at(moment(number)))
        bench.until(lambda: shown(bench, "A") == number, f"picture {number}")  # noqa: B023


def test_a_segment_of_no_bytes_is_a_gap_that_says_damaged(start_engine: Start, tmp_path: Path) -> None:
    path = packets_path(tmp_path, "A", BEGIN_NS)
    path.parent.mkdir(parents=True)
    path.touch()
    bench = start_engine()
    bench.show("A", recorded(tmp_path))
    bench.engine.set_transport(at(moment(10)))
    bench.until_state("A", "gap")
    assert bench.engine.pane_state("A").reason == "damaged_footage"  # type: ignore[union-attr]


def test_footage_that_cannot_be_decoded_is_not_shown(
    start_engine: Start, footage: Path, tmp_path: Path
) -> None:
    writer = CameraWriter(tmp_path, "A")
    stream = StreamInfo("h264", b"", 160, 120, Fraction(1, 90_000), Fraction(1))
    for number in range(100):
        is_key = number % 25 == 0
        writer.add(BEGIN_NS + number * FRAME_NS, number, number, is_key, b"\0\0\0\1\x65junk", 9, stream)
    writer.close()
    bench = start_engine()
    bench.show("A", recorded(tmp_path))
    bench.show("B", recorded(footage, "B"))
    bench.engine.set_transport(at(moment(60), rate=1.0))
    bench.until_state("A", "gap")
    bench.until(lambda: shown(bench, "B") is not None, "the other camera to play on")
    assert bench.engine.newest("A") is None


def test_live_and_recorded_panes_of_one_camera_go_on_side_by_side(
    start_engine: Start, footage: Path, playing: Callable[..., Source]
) -> None:
    bench = start_engine()
    bench.show("live", playing())
    bench.show("A", recorded(footage))
    bench.engine.set_transport(at(moment(0), rate=16.0))
    bench.until_moving("live", pictures=25)
    bench.engine.set_transport(at(moment(100)))
    bench.until(lambda: shown(bench, "A") == 100, "the recorded picture")
    assert bench.state("live") == "live"


def test_a_resized_pane_shows_the_same_moment(start_engine: Start, footage: Path) -> None:
    bench = start_engine()
    bench.show("A", recorded(footage))
    bench.engine.set_transport(at(moment(33)))
    bench.until(lambda: shown(bench, "A") == 33, "the picture")
    bench.show("A", recorded(footage), 320, 240)
    bench.until(lambda: bench.engine.newest("A").width == 320, "the larger picture")  # type: ignore[union-attr]
    assert shown(bench, "A") == 33


def test_a_new_decoding_process_stands_where_the_old_one_stood(
    start_engine: Start, footage: Path, expected_logs: Callable[..., None]
) -> None:
    expected_logs("WARNING console.video.keeper: video worker 0 .* ended and is replaced", count=1)
    bench = start_engine()
    bench.show("A", recorded(footage))
    bench.engine.set_transport(at(moment(33)))
    bench.until(lambda: shown(bench, "A") == 33, "the picture")
    before = bench.engine.counter("A")
    os.kill(bench.engine.health().pids[0], signal.SIGKILL)
    bench.until(lambda: bench.engine.health().restarts == 1, "a new process")
    bench.until(lambda: bench.engine.counter("A") != before and shown(bench, "A") == 33, "the picture again")
