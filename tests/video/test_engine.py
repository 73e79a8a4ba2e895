"""The engine with its real decoding processes."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from console.video.book import SourceBook
from console.video.engine import VideoEngine
from console.video.source import Credential, Source
from tests.video.clips import FPS, cut, make_clip, number_in
from tests.video.conftest import PATIENCE_S, Bench

Start = Callable[..., Bench]
Playing = Callable[..., Source]


def test_a_clip_moves_and_says_what_it_is(start_engine: Start, playing: Playing) -> None:
    bench = start_engine()
    bench.show("A", playing())
    bench.until_state("A", "live")
    bench.until_moving("A", pictures=30)
    state = bench.engine.pane_state("A")
    assert state is not None
    assert (state.width, state.height, state.codec, state.nominal_fps) == (160, 120, "h264", 25)
    assert 0 <= state.age_ms < 2000
    assert bench.picture("A").shape == (120, 160, 4)


def test_colours_arrive_as_they_are(start_engine: Start, clips: Path, playing: Playing) -> None:
    make_clip(clips / "still.mp4", still=True)
    bench = start_engine()
    bench.show("A", playing("still.mp4"))
    bench.until_moving("A", pictures=1)
    blue, green, red, _ = bench.picture("A")[5, 80].astype(int)
    assert max(abs(blue - 60), abs(green - 60), abs(red - 60)) < 10


def test_two_engines_show_the_same_moment_of_a_clip(start_engine: Start, playing: Playing) -> None:
    """Each in its own processes, one of them begun later: both follow the wall clock."""
    source = playing(offset_s=1.3)
    early, late = start_engine(), start_engine()
    early.show("A", source)
    early.until_moving("A", pictures=10)
    late.show("A", source)
    late.until_moving("A", pictures=10)

    def in_step() -> bool:
        pair = [bench.engine.newest("A") for bench in (early, late)]
        numbers = [number_in(bench.picture("A")) for bench in (early, late)]
        assert all(pair)
        taken = [picture.taken_at_ns for picture in pair if picture is not None]
        since_s = [(at - source.epoch_ns) / 1e9 + 1.3 for at in taken]
        # What is said about a picture is what can be seen in it, in both.
        told = [round(each * FPS) % 100 for each in since_s]
        return told == numbers and abs(taken[0] - taken[1]) <= 2 * 1e9 / FPS

    early.until(in_step, "both engines to show the same moment")


def test_one_source_in_two_panes_is_decoded_once(start_engine: Start, playing: Playing) -> None:
    bench = start_engine(workers=2)
    source = playing()
    bench.show("wall", source)
    bench.show("strip", source, 80, 60)
    bench.until_moving("wall", "strip")
    assert bench.picture("strip").shape == (60, 80, 4)
    pids = bench.engine.health().pids
    reading = [
        pid for pid in pids if any("moving.mp4" in file.path for file in psutil.Process(pid).open_files())
    ]
    assert len(reading) == 1


def test_a_new_size_keeps_the_old_picture_until_the_first_new_one_is_there(
    start_engine: Start, playing: Playing
) -> None:
    bench = start_engine()
    source = playing()
    bench.show("A", source)
    bench.until_moving("A")
    bench.show("A", source, 320, 240)
    assert bench.engine.newest("A") is not None
    bench.until(lambda: bench.picture("A").shape == (240, 320, 4), "the new size")
    bench.until_moving("A")
    assert abs(number_in(bench.picture("A")) - 50) <= 50


def test_a_hidden_pane_is_gone_and_the_others_go_on(start_engine: Start, playing: Playing) -> None:
    bench = start_engine()
    bench.show("A", playing())
    bench.show("B", playing(offset_s=1.0))
    bench.until_moving("A", "B")
    bench.engine.hide("A")
    assert bench.engine.pane_state("A") is None
    assert bench.engine.newest("A") is None
    assert bench.engine.counter("A") == (0, 0)
    bench.until_moving("B")


def test_a_killed_worker_is_replaced_and_its_panes_come_back(
    start_engine: Start, playing: Playing, expected_logs: Callable[..., None]
) -> None:
    expected_logs("WARNING console.video.keeper: video worker 0 .* ended and is replaced", count=1)
    bench = start_engine(workers=2)
    bench.show("A", playing())
    bench.show("B", playing(offset_s=1.0))
    bench.until_moving("A", "B")
    victim = bench.engine.health().pids[0]
    os.kill(victim, signal.SIGKILL)
    bench.until(lambda: bench.engine.health().restarts == 1, "the death to be noticed")
    bench.until(lambda: bench.engine.health().workers == 2, "a new worker")
    assert victim not in bench.engine.health().pids
    bench.until_moving("A", "B", pictures=10)
    bench.until_state("A", "live")


def test_a_hung_worker_is_found_by_its_pulse_and_replaced(
    start_engine: Start, playing: Playing, expected_logs: Callable[..., None]
) -> None:
    expected_logs("WARNING console.video.keeper: video worker 0 .* does not answer and is replaced", count=1)
    bench = start_engine()
    bench.show("A", playing())
    bench.until_moving("A")
    (victim,) = bench.engine.health().pids
    os.kill(victim, signal.SIGSTOP)
    bench.until(lambda: bench.engine.health().restarts == 1, "the hang to be noticed")
    bench.until_moving("A", pictures=10)
    assert not psutil.pid_exists(victim)


def test_while_a_worker_is_away_its_pane_does_not_claim_to_be_live(
    start_engine: Start, playing: Playing, expected_logs: Callable[..., None]
) -> None:
    expected_logs("does not answer", optional=True)
    bench = start_engine()
    bench.show("A", playing())
    bench.until_state("A", "live")
    os.kill(bench.engine.health().pids[0], signal.SIGSTOP)
    seen: set[tuple[str, bool]] = set()

    def back() -> bool:
        told = bench.engine.pane_state("A")
        assert told is not None
        seen.add((told.state, told.age_ms >= 2000))
        return bench.engine.health().restarts == 1 and told.state == "live"

    bench.until(back, "the pane to be live again")
    assert ("live", True) not in seen


def test_workers_end_with_their_parent_even_when_it_is_killed(clips: Path) -> None:
    program = (
        "import sys, time\n"
        "from console.video.engine import VideoEngine\n"
        "from console.video.source import Source\n"
        "engine = VideoEngine(workers=2)\n"
        "engine.start()\n"
        "for n, pane in enumerate('AB'):  # two sources, so that each worker decodes one of them\n"
        "    engine.show(pane, pane, Source(kind='file', locator=sys.argv[1], offset_s=n), 160, 120)\n"
        "while not (engine.counter('A')[1] and engine.counter('B')[1]):\n"
        "    time.sleep(0.01)\n"
        "print(*engine.health().pids, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(clips / "moving.mp4")], stdout=subprocess.PIPE, text=True
    )
    try:
        assert parent.stdout is not None
        workers = [psutil.Process(int(pid)) for pid in parent.stdout.readline().split()]
        assert len(workers) == 2
        os.kill(workers[1].pid, signal.SIGSTOP)  # one of them hangs, which must not save it
    finally:
        parent.kill()
        parent.wait()
        parent.stdout.close()
    gone, alive = psutil.wait_procs(workers, timeout=10)
    for process in alive:
        process.kill()
    assert len(gone) == 2


def test_stopping_leaves_no_process_and_no_open_memory(start_engine: Start, playing: Playing) -> None:
    def own_memory() -> int:
        return sum("bongsu-pane" in os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
                   if os.path.islink(f"/proc/self/fd/{fd}"))  # fmt: skip

    gc.collect()  # what other tests left for the collector
    before = own_memory()
    bench = start_engine(workers=2)
    for number in range(4):
        bench.show(str(number), playing(offset_s=number))
    bench.until_moving("0", "1", "2", "3")
    pids = bench.engine.health().pids
    bench.engine.stop()
    bench.engine.stop()
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert own_memory() == before
    assert bench.engine.pane_state("0") is None


def test_an_engine_that_was_never_started_stops_without_complaint(playing: Playing) -> None:
    engine = VideoEngine()
    engine.show("A", "A", playing(), 160, 120)
    engine.stop()


@pytest.fixture
def silent_host() -> Iterator[int]:
    """A host that accepts every connection and never says a word."""
    server = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def accept() -> None:
        try:
            while True:
                taken.append(server.accept()[0])
        except OSError:
            pass  # closed at the end of the test

    thread = threading.Thread(target=accept, name="silent-host")
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()
    for each in taken:
        each.close()


def test_silent_cameras_say_so_and_stop_nobody(
    start_engine: Start, playing: Playing, silent_host: int
) -> None:
    bench = start_engine()
    for number in range(8):  # more than are opened at once
        url = f"rtsp://127.0.0.1:{silent_host}/{number}"
        bench.show(f"silent {number}", Source(kind="rtsp", locator=url))
    bench.show("A", playing())
    bench.until_moving("A", pictures=20)
    assert bench.state("silent 0") in ("connecting", "no_signal")
    bench.until_state("silent 0", "no_signal")
    told = bench.engine.pane_state("silent 0")
    assert told is not None
    assert told.reason == "timeout"
    bench.until_moving("A", pictures=20)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (Source(kind="rtsp", locator="rtsp://127.0.0.1:1/x"), "connection_refused"),
        (Source(kind="http", locator="http://127.0.0.1:1/x"), "connection_refused"),
        (Source(kind="file", locator="/nowhere/at-all.mp4"), "not_found"),
    ],
)
def test_what_cannot_be_opened_says_why(start_engine: Start, source: Source, reason: str) -> None:
    bench = start_engine()
    bench.show("A", source)
    bench.until_state("A", "no_signal")
    bench.until(lambda: bench.engine.pane_state("A").detail, "the decoder's own words")  # type: ignore[union-attr]
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.reason == reason


def test_a_truncated_clip_says_so_and_plays_what_is_there(
    start_engine: Start, clips: Path, playing: Playing
) -> None:
    short = cut(clips / "moving.mp4", 0.6)
    bench = start_engine()
    bench.show("short", playing(short.name))
    bench.show("whole", playing())
    bench.until_state("short", "damaged")
    bench.until_moving("short", "whole", pictures=70)  # more than one round
    told = bench.engine.pane_state("short")
    assert told is not None
    assert told.state == "damaged"
    assert told.reason in ("clip_cut_short", "corrupt_pictures")
    assert bench.state("whole") == "live"


def test_a_clip_of_noise_that_is_no_video_is_unreadable_and_harms_nobody(
    start_engine: Start, clips: Path, playing: Playing
) -> None:
    (clips / "noise.mp4").write_bytes(np.random.default_rng(3).bytes(200_000))
    bench = start_engine()
    bench.show("noise", playing("noise.mp4"))
    bench.show("whole", playing())
    bench.until_state("noise", "no_signal")
    told = bench.engine.pane_state("noise")
    assert told is not None
    assert told.reason == "unreadable"
    bench.until_moving("whole", pictures=20)


def test_a_clip_with_flipped_bits_is_shown_as_damaged_and_goes_on(
    start_engine: Start, clips: Path, playing: Playing
) -> None:
    make_clip(clips / "detailed.mp4", 4.0, noise=60)
    data = bytearray((clips / "detailed.mp4").read_bytes())
    chance = np.random.default_rng(5)
    for place in chance.integers(len(data) // 4, len(data), 400):
        data[place] ^= 1 << int(chance.integers(0, 8))
    (clips / "flipped.mp4").write_bytes(data)
    bench = start_engine()
    bench.show("A", playing("flipped.mp4"))
    bench.until_state("A", "damaged")
    bench.until_moving("A", pictures=120)
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.corrupt > 0


def test_a_stuck_camera_is_found_and_found_well_again(start_engine: Start, playing: Playing) -> None:
    """Nothing tells the detector: the source sends one picture again and again, with new time stamps."""
    bench = start_engine()
    bench.show("A", playing(hold=(1.0, 8.0)))
    bench.show("B", playing())
    bench.until_state("A", "live")
    bench.until_state("A", "frozen")
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.same_for_ms >= 5000
    assert told.age_ms < 2000, "pictures do come"
    assert bench.state("B") == "live"
    bench.until_state("A", "live")


def test_a_worker_that_starts_while_a_camera_is_stuck_shows_the_picture_it_is_stuck_at(
    start_engine: Start, playing: Playing
) -> None:
    bench = start_engine()
    bench.show("A", playing(epoch_ns=time.time_ns() - 20_000_000_000, hold=(1.0, 3600.0)))
    bench.until_moving("A", pictures=40)
    assert number_in(bench.picture("A")) == 1 * FPS
    bench.until_state("A", "frozen")


def test_an_honest_still_scene_with_noise_is_not_called_frozen(
    start_engine: Start, clips: Path, playing: Playing
) -> None:
    """Ten seconds of a scene in which nothing moves, seen by a sensor with two grey levels of noise."""
    make_clip(clips / "quiet.mp4", 10.0, still=True, noise=2)
    bench = start_engine()
    bench.show("quiet", playing("quiet.mp4"))
    bench.show("stuck", playing(epoch_ns=time.time_ns() - 20_000_000_000, hold=(1.0, 3600.0)))
    seen = set()

    def stuck_found() -> bool:
        seen.add(bench.state("quiet"))
        return bench.state("stuck") == "frozen" and bench.engine.pane_state("stuck").same_for_ms > 7000  # type: ignore[union-attr]

    bench.until(stuck_found, "the stuck one to be found")
    assert "frozen" not in seen


def test_changed_sources_are_taken_over_while_running_and_wrong_ones_are_not(
    clips: Path,
    tmp_path: Path,
    wait_until: Callable[..., object],
    expected_logs: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    expected_logs(
        "WARNING console.video.keeper: the changed sources are not taken over: sources.json", count=1
    )
    first = Source(kind="file", locator=str(clips / "moving.mp4"))
    second = Source(kind="rtsp", locator="rtsp://10.0.0.7/x", credential="gate")
    SourceBook({"A": first}, roots=[clips]).save(tmp_path)
    engine = VideoEngine(SourceBook.load(tmp_path), workers=1, home=tmp_path)
    engine.start()
    try:
        assert engine.book.camera_ids == ("A",)
        gate = Credential(user="operator", password="canary-of-the-gate")
        SourceBook({"A": first, "B": second}, {"gate": gate}, [clips]).save(tmp_path)
        wait_until(lambda: engine.book.source("B") == second, "the second camera", PATIENCE_S)
        assert engine.book.credential(second) == gate
        (tmp_path / "video" / "sources.json").write_text("{ half a fi")
        wait_until(lambda: "not taken over" in caplog.text, "the warning", PATIENCE_S)
        assert engine.book.source("B") == second
        SourceBook({"B": second}, {"gate": gate}).save(tmp_path)
        wait_until(lambda: engine.book.camera_ids == ("B",), "the mended file", PATIENCE_S)
    finally:
        engine.stop()


def test_a_clip_that_does_not_loop_ends_and_says_so(start_engine: Start, playing: Playing) -> None:
    bench = start_engine()
    bench.show("A", playing(loop=False))
    bench.until_state("A", "no_signal")
    told = bench.engine.pane_state("A")
    assert told is not None
    assert told.reason == "clip_ended"
    assert told.pictures > 0


def test_a_source_that_kills_its_decoder_is_left_out_and_the_others_go_on(
    start_engine: Start, playing: Playing, expected_logs: Callable[..., None]
) -> None:
    """The worker is killed each time it is busy with one source, as a fault in a decoder would do it."""
    expected_logs("video worker 0 .* ended and is replaced")
    expected_logs("ended its decoder 2 times and is left out", count=1)
    bench = start_engine()
    bench.show("bad", playing(), 1920, 1080)  # large, so that the worker is busy with it often
    bench.until_moving("bad")
    bad_feed = bench.engine.counter("bad")[0]
    (place,) = bench.engine._keeper._places

    def kill_while_busy(times: int) -> bool:
        worker = place.worker
        if worker is not None and bench.engine.health().restarts < times and worker.busy_feed == bad_feed:
            os.kill(worker.pid, signal.SIGSTOP)
            # It may have gone on between the look and the signal.
            os.kill(worker.pid, signal.SIGKILL if worker.busy_feed == bad_feed else signal.SIGCONT)
        return bench.engine.health().restarts >= times

    for times in (1, 2):
        bench.until(partial(kill_while_busy, times), "the worker to be killed over the bad source")
    bench.until(
        lambda: bench.engine.pane_state("bad").reason == "decoder_crashes", "the bad source to be left out"
    )  # type: ignore[union-attr]
    bench.show("good", playing(offset_s=1.0))
    bench.until_moving("good", pictures=20)
    assert bench.engine.pane_state("bad").state == "no_signal"  # type: ignore[union-attr]


def test_a_worker_imports_the_decoder_and_little_else() -> None:
    """Memory and start-up time: no numpy, no OpenCV, no Qt, no bus in a decoding process."""
    program = "import sys, console.video.worker; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "av" in told
    assert not {"numpy", "cv2", "PySide6", "zmq", "multiprocessing", "asyncio"} & set(told)


def test_the_window_side_does_not_load_the_decoder() -> None:
    program = "import sys, console.video.engine; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"av", "numpy", "cv2", "PySide6"} & set(told)
