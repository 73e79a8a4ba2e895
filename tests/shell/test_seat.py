"""The seat: its figures, its pictures, its end; and the command itself as a process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import psutil
import pytest
from PySide6.QtGui import QImage

from console.desk.desk import run
from tests.shell.desk import Desk
from widgets.shell.figures import FiguresFile, Moving, process_started_mono_ns

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

WaitUntil = Callable[..., object]
ExpectLogs = Callable[..., None]


def test_figures_are_written_whole_each_time_and_by_another_thread(
    tmp_path: Path, wait_until: WaitUntil
) -> None:
    figures = FiguresFile(tmp_path, "desk-1")
    figures.start()
    path = tmp_path / "run" / "desk-desk-1.json"
    figures.put({"panes_moving": 16})
    wait_until(path.exists, "the figures")
    assert msgspec.json.decode(path.read_bytes()) == {"panes_moving": 16}
    assert path.stat().st_mode & 0o077 == 0
    (tmp_path / "run" / "desk-desk-1.reset").touch()
    figures.put({"panes_moving": 15})
    wait_until(figures.wants_reset.is_set, "the wish to begin anew")
    assert not (tmp_path / "run" / "desk-desk-1.reset").exists()
    figures.put({"panes_moving": 14})
    figures.close()
    assert msgspec.json.decode(path.read_bytes()) == {"panes_moving": 14}, "what waited is written at the end"


def test_a_disk_that_refuses_is_told_once_and_the_thread_goes_on(
    tmp_path: Path, expected_logs: ExpectLogs, wait_until: WaitUntil
) -> None:
    expected_logs(r"WARNING bongsu.ui: The desk's figures cannot be written", count=1)
    (tmp_path / "run").write_text("a file where the folder should be")
    figures = FiguresFile(tmp_path, "desk-1")
    figures.start()
    for number in range(5):
        figures.put({"n": number})
    wait_until(lambda: figures._queue.empty(), "all of it to be tried")
    figures.close()


def test_a_camera_moves_with_its_second_picture_and_all_move_when_each_does() -> None:
    moving = Moving(("A", "B"))
    moving.painted("A", 0)
    assert (moving.count(), moving.all_moving_ns) == (0, 0)
    assert moving.first_picture_ns > 0
    moving.painted("A", 0)
    moving.painted("B", 0)
    assert (moving.count(), moving.all_moving_ns) == (1, 0)
    moving.painted("B", 0)
    assert moving.count() == 2
    assert moving.all_moving_ns >= moving.first_picture_ns
    assert moving.pictures == 4


def test_the_process_knows_when_it_was_started() -> None:
    began_ns = process_started_mono_ns()
    age_s = (time.monotonic_ns() - began_ns) / 1e9
    assert age_s == pytest.approx(time.time() - psutil.Process().create_time(), abs=1.0)


def test_figures_name_nobody_and_hold_what_the_benches_ask_for(desk: Desk) -> None:
    desk.connect()
    figures = desk.seat.figures()
    assert {
        "window_s", "first_picture_s", "all_panes_s", "panes_moving", "ui_gap_p99_ms", "ui_gap_max_ms",
        "readings", "lost_batches", "latency_p50_ms", "latency_p99_ms", "link",
    } <= set(figures)  # fmt: skip
    text = msgspec.json.encode(figures).decode()
    assert desk.board.person not in text
    assert "rtsp" not in text


def test_a_snapshot_is_the_window_as_it_is(desk: Desk, tmp_path: Path, qt_wait_until: WaitUntil) -> None:
    desk.connect()
    folder = tmp_path / "pictures"
    desk.seat.photograph(folder, (0.0,))
    assert desk.seat._snapshots is not None
    desk.seat._snapshots.start()
    path = folder / "000s-en.png"
    qt_wait_until(path.exists, "the picture")
    desk.seat._snapshots.close()
    image = QImage(str(path))
    assert (image.width(), image.height()) == (1920, 1080)
    assert image.pixelColor(5, 600) == desk.tokens.ground("bg1")


def test_a_seat_that_beats_ends_all_its_threads(
    qapp: object, tmp_path: Path, qt_wait_until: WaitUntil
) -> None:
    before = set(threading.enumerate())
    desk = Desk(tmp_path / "home")
    desk.seat.show()
    qt_wait_until(lambda: desk.seat.figures()["window_s"] > 0, "the first paint")
    begun = {one.name for one in set(threading.enumerate()) - before}
    lasting = {"ui-watchdog", "desk-charts", "history-look", "desk-figures", "speaker", "stills", "scene"}
    assert begun - {"procedures"} == lasting  # procedures are read once, and may be read already
    desk.leave()
    assert set(threading.enumerate()) <= before


def test_a_wish_to_leave_closes_the_window_at_the_next_tick(desk: Desk) -> None:
    desk.seat.leave_soon()
    assert desk.window.isVisible()
    desk.pulse.tick()
    assert not desk.window.isVisible()


@pytest.mark.parametrize(
    ("words", "told"),
    [(["--desk", "desk-99"], "Desk 'desk-99' is not one of: desk-1"), (["--city", "atlantis"], "atlantis")],
)  # fmt: skip
def test_a_desk_or_city_that_is_not_known_is_an_error_with_the_choices(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import logging

    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        assert run(["--home", str(tmp_path / "home"), "--no-video", *words]) == 1
    finally:
        for handler in set(root.handlers) - set(before):
            root.removeHandler(handler)
            handler.close()
        for handler in before:
            if handler not in root.handlers:
                root.addHandler(handler)
        root.setLevel(level)
    error = capsys.readouterr().err
    assert error.startswith("The desk did not start. ")
    assert told in error


@pytest.mark.journey
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_the_command_shows_a_window_without_a_hub_and_ends_clean(
    ending: signal.Signals, tmp_path: Path, wait_until: WaitUntil
) -> None:
    home = tmp_path / "home"
    desk = subprocess.Popen(
        [sys.executable, "-m", "console.cli", "desk", "--home", str(home), "--workers", "1"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    figures = home / "run" / "desk-desk-1.json"

    def shown() -> bool:
        assert desk.poll() is None, "the desk ended by itself"
        return figures.exists() and msgspec.json.decode(figures.read_bytes())["window_s"] > 0

    try:
        wait_until(shown, "the window", 60)
        children = psutil.Process(desk.pid).children(recursive=True)
        assert children, "the decoding process was started with it"
        desk.send_signal(ending)
        assert desk.wait(20) == 0
    finally:
        if desk.poll() is None:
            os.killpg(desk.pid, signal.SIGKILL)
            desk.wait()
        assert desk.stderr is not None
        said = desk.stderr.read().decode()
        desk.stderr.close()
    assert "Traceback" not in said
    assert "Destroyed while" not in said
    assert msgspec.json.decode(figures.read_bytes())["ended"] is True
    wait_until(lambda: not any(child.is_running() for child in children), "the decoding processes to be gone")
