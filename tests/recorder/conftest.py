"""Recorders on a folder of their own, in this process or in one that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.bench.rtsp_camera import rtsp_server_is_here
from console.clock import SystemClock
from console.footage.layout import FOLDER
from console.footage.record import StoredPacket
from console.footage.store import FootageStore, Span
from console.model.recording import RecorderReport
from console.recorder.figures import Figures, load_figures
from console.recorder.recorder import Recorder
from console.video.book import SourceBook
from console.video.source import Credential, Source
from tests.guards.waiting import until

PATIENCE_S = 40.0
QUICK = load_figures()


def quick(**tables: dict[str, Any]) -> Figures:
    """The shipped figures, some of them changed: ``quick(camera={"missing_after_s": 1.0})``."""
    figures = QUICK
    for table, changes in tables.items():
        changed = msgspec.structs.replace(getattr(figures, table), **changes)
        figures = msgspec.structs.replace(figures, **{table: changed})
    return figures


class Room:
    """A data folder, its book of sources, and what was recorded in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.recorder: Recorder | None = None
        self.reports: list[RecorderReport] = []

    @property
    def footage(self) -> Path:
        return self.home / FOLDER

    def sources(
        self, sources: dict[str, Source], credentials: dict[str, Credential] | None = None
    ) -> None:
        roots = {Path(one.locator).parent for one in sources.values() if one.kind == "file"}
        SourceBook(sources, credentials, roots).save(self.home)

    def record(self, figures: Figures = QUICK, **options: Any) -> Recorder:
        recorder = self.recorder = Recorder(self.home, figures, SystemClock(), **options)
        recorder.start()
        return recorder

    def stop(self) -> None:
        if self.recorder is not None:
            self.recorder.stop()
            self.recorder = None

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait, looking at the recorder meanwhile as its command does."""

        def look() -> object:
            if self.recorder is not None:
                report = self.recorder.look()
                if report is not None:
                    self.reports.append(report)
            return condition()

        until(look, what, PATIENCE_S)

    def packets(self, camera_id: str, from_ns: int = 0) -> list[StoredPacket]:
        return list(FootageStore(self.footage).packets(camera_id, from_ns))

    def spans(self, camera_id: str) -> tuple[Span, ...]:
        return FootageStore(self.footage).spans(camera_id, 0, 1 << 62)

    def pictures(self, camera_id: str, count: int, from_ns: int = 0) -> None:
        """Wait until so many pictures of a camera are on disk."""
        self.until(
            lambda: len(self.packets(camera_id, from_ns)) >= count, f"{count} pictures of {camera_id}"
        )

    def segments(self, camera_id: str) -> list[Path]:
        return sorted(self.footage.glob(f"{camera_id}/*/*.packets"))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "home")
    made.home.mkdir()
    yield made
    made.stop()


class Program:
    """`bongsu recorder` in a process of its own."""

    def __init__(self, home: Path, *words: str, preexec: Callable[[], None] | None = None) -> None:
        self.home = home
        self.output = home / "recorder.out"
        with open(self.output, "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "console.cli", "recorder", "--home", str(home), *words],
                stdout=output, stderr=output, preexec_fn=preexec,
            )  # fmt: skip

    def figures(self) -> dict[str, Any]:
        try:
            return msgspec.json.decode((self.home / "run" / "recorder.json").read_bytes(), type=dict)
        except (OSError, msgspec.DecodeError):
            return {}

    def kill(self) -> int:
        """SIGKILL; when it was dead (wall clock, ns)."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return time.time_ns()

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(20)


@pytest.fixture
def program(room: Room) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def start(*words: str, preexec: Callable[[], None] | None = None) -> Program:
        started.append(Program(room.home, *words, preexec=preexec))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.kill()


@pytest.fixture(scope="session")
def rtsp_server() -> None:
    if not rtsp_server_is_here():
        pytest.skip("GStreamer's RTSP server for the system's python3 is not on this machine")
