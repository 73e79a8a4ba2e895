"""A monitor is pulled out and plugged in again, on a real X server: the window goes and comes back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.shell.monitors import Monitors, can_set_monitors

REPO = Path(__file__).resolve().parents[2]
needs_x = pytest.mark.skipif(
    shutil.which("Xvfb") is None or not can_set_monitors(), reason="no Xvfb or no libXrandr on this machine"
)
pytestmark = [needs_x, pytest.mark.xdist_group("processes")]
PLACE = [1500, 120, 700, 500]


@pytest.fixture
def display() -> Iterator[str]:
    """A virtual X server of 2560 x 1080 of its own."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "2560x1080x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


class Program:
    """`one_window` on a display; `newest` is what it said last."""

    def __init__(self, display: str, *words: str) -> None:
        self.newest: dict[str, Any] = {}
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(REPO)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.shell.one_window", *words], cwd=REPO, env=environment,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, name="one-window", daemon=True)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.newest = json.loads(line)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def program(display: str) -> Iterator[Callable[..., tuple[Program, Monitors]]]:
    made: list[Program] = []
    with Monitors(display) as monitors:
        monitors.plug_in("LEFT", 0, 1280, 1080)
        monitors.plug_in("RIGHT", 1280, 1280, 1080)

        def start(*words: str) -> tuple[Program, Monitors]:
            made.append(Program(display, *words))
            return made[0], monitors

        yield start
        for one in made:
            one.end()


def test_a_window_whose_monitor_is_pulled_out_comes_to_another_and_goes_back(
    program: Callable[..., tuple[Program, Monitors]], wait_until: Callable[..., None]
) -> None:
    window, monitors = program("RIGHT", *map(str, PLACE))
    wait_until(lambda: window.newest.get("at") == PLACE, "the window", 20)
    wait_until(lambda: window.newest["home"] == "RIGHT", "its home")
    monitors.pull_out("RIGHT")
    wait_until(lambda: "RIGHT" not in window.newest["screens"], "the window", 20)
    wait_until(lambda: window.newest["away"], "that it is away")
    monitors.plug_in("RIGHT", 1280, 1280, 1080)
    wait_until(lambda: not window.newest["away"] and window.newest["at"] == PLACE, "the window", 20)
