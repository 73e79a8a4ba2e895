"""Processes of a measurement: started on a folder of their own, ended whatever happens."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from console.wire.rendezvous import read_doors

START_WITHIN_S = 60.0


class Room:
    """A data folder and the `bongsu` processes started on it. One thread."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start `bongsu WORDS...`; its output goes to a file of the folder."""
        with open(self.home / f"{words[0]}.out", "ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "console.cli", *words], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env={**os.environ, "BONGSU_HOME": str(self.home), **(environment or {})},
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def hub(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a hub and wait until its doors are open."""
        process = self.start("hub", "--home", str(self.home), *words)
        wait("the hub", lambda: read_doors(self.home) is not None, process)
        return process

    def end(self) -> None:
        """End all, the last started first."""
        for process in reversed(self._running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self._running):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def room() -> Iterator[Room]:
    """A room in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        opened = Room(Path(folder))
        try:
            yield opened
        finally:
            opened.end()


def wait(what: str, ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until `ready`. Raises RuntimeError when the process ends or time runs out first."""
    until = time.monotonic() + START_WITHIN_S
    while not ready():
        if process.poll() is not None:
            raise RuntimeError(f"{what} ended with status {process.returncode}")
        if time.monotonic() > until:
            raise RuntimeError(f"{what} was not ready within {START_WITHIN_S:g} s")
        time.sleep(0.01)


def cpu_s(pid: int) -> float:
    """User and system seconds of a process so far, with its children."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(one.cpu_times().user + one.cpu_times().system for one in family)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0..1) of the values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
