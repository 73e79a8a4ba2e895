"""Measures a wall: the real engine, the real widget, one clip in every pane at different moments."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import psutil
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from console.clock import SystemClock
from console.desk.board import Board
from console.language import load_catalogue
from console.profile import Profile
from console.video.engine import VideoEngine
from widgets.kit.gaps import GapMeter
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts
from widgets.wall.wall import WallWidget

WIDTH, HEIGHT = 1920, 1080
#: All panes have had a picture and every worker is warm after this.
SETTLE_MS = 4000


class PaintMeter:
    """Distinct pictures painted per camera, and how long each had waited since it was due."""

    def __init__(self) -> None:
        self.painted_of: dict[str, int] = {}
        self.waited_ms: list[float] = []

    def painted(self, camera_id: str, due_mono_ns: int) -> None:
        self.painted_of[camera_id] = self.painted_of.get(camera_id, 0) + 1
        self.waited_ms.append((time.monotonic_ns() - due_mono_ns) / 1e6)

    def forget(self) -> None:
        self.painted_of.clear()
        self.waited_ms.clear()


class Measurement(QObject):
    """One measured wall; `figures` is filled when its time is over, and the application's loop ended."""

    def __init__(
        self, wall: WallWidget, engine: VideoEngine, gaps: GapMeter, seconds: float, meter: PaintMeter
    ) -> None:
        super().__init__()
        self.figures: dict[str, Any] = {}
        self._wall, self._engine, self._gaps, self._seconds = wall, engine, gaps, seconds
        self._meter = meter
        self._began_s = self._cpu_s = self._window_s = 0.0
        QTimer.singleShot(SETTLE_MS, self.begin)

    @Slot()
    def begin(self) -> None:
        """Everything runs: count from here on."""
        self._meter.forget()
        self._gaps.forget()
        self._cpu_s, self._window_s, self._began_s = self._cpu(), self._window_cpu(), time.monotonic()
        QTimer.singleShot(int(self._seconds * 1000), self.end)

    @Slot()
    def end(self) -> None:
        """Write down the figures and end the loop."""
        seconds = time.monotonic() - self._began_s
        cpu_s = self._cpu() - self._cpu_s
        cameras = self._wall.camera_ids
        rates = [self._meter.painted_of.get(camera, 0) / seconds for camera in cameras]
        waited = self._meter.waited_ms or [0.0]
        self.figures = {
            "fps_per_pane_mean": round(sum(rates) / len(rates), 2),
            "fps_per_pane_min": round(min(rates), 2),
            "ui_gap_p99_ms": self._gaps.p99_ms(),
            "ui_gap_max_ms": round(self._gaps.max_ms, 1),
            "cpu_seconds": round(cpu_s, 2),
            "pss_mb": round(sum(_pss_mb(process) for process in self._processes()), 1),
            "latency_p99_ms": round(float(np.percentile(waited, 99)), 1),
            "latency_p50_ms": round(float(np.percentile(waited, 50)), 1),
            "panes": len(cameras),
            "picture_px": self._picture_px(),
            "seconds": round(seconds, 2),
            "cpu_percent_of_a_core": round(cpu_s / seconds * 100, 1),
            "window_cpu_percent": round((self._window_cpu() - self._window_s) / seconds * 100, 1),
            "load_before": round(os.getloadavg()[0], 2),
        }
        QApplication.quit()

    def _picture_px(self) -> tuple[int, int]:
        """Width and height of what is painted in the first pane."""
        picture = self._engine.newest(next(iter(self._engine.panes)))
        return (picture.width, picture.height) if picture is not None else (0, 0)

    def _processes(self) -> list[psutil.Process]:
        return [psutil.Process(), *(psutil.Process(pid) for pid in self._engine.health().pids)]

    def _window_cpu(self) -> float:
        times = psutil.Process().cpu_times()
        return times.user + times.system

    def _cpu(self) -> float:
        times = [process.cpu_times() for process in self._processes()]
        return sum(each.user + each.system for each in times)


def _pss_mb(process: psutil.Process) -> float:
    return process.memory_full_info().pss / 1e6  # type: ignore[attr-defined]


class Measured(NamedTuple):
    """A wall that is measured, and what beats and what watches."""

    wall: WallWidget
    pulse: Pulse
    gaps: GapMeter


def wall_to_measure(
    engine: VideoEngine, profile: Profile, cameras: Sequence[str], columns: int, meter: PaintMeter
) -> Measured:
    """A wall of 1920 x 1080 that shows `cameras`; nothing beats yet. Makes the application."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    load_fonts()
    tokens = Tokens()
    tokens.dress(app)
    clock = SystemClock()
    board = Board(profile, clock)
    board.state.run = "bench"  # nothing is hidden in this city, and that is known
    wall = WallWidget(engine, load_catalogue(), board, tokens)
    wall.resize(WIDTH, HEIGHT)
    wall.set_grid(columns)
    pulse, gaps = Pulse(board, clock), GapMeter(clock)
    wall.meter = meter
    wall.follow(pulse)
    wall.show()
    wall.set_layout(tuple(cameras))
    wall.allow(tuple(cameras))
    return Measured(wall, pulse, gaps)


def beat_until_quit(measured: Measured) -> None:
    """Run the application's loop until it is told to quit; then let the wall go."""
    measured.pulse.start()
    measured.gaps.start()
    try:
        QApplication.exec()
    finally:
        measured.pulse.stop()
        measured.gaps.stop()
        measured.wall.release()
        measured.wall.close()


def measure(
    engine: VideoEngine, profile: Profile, cameras: Sequence[str], columns: int, seconds: float
) -> dict[str, Any]:
    """Show `cameras` on a wall of 1920 x 1080 for `seconds` and return its figures. Makes the application."""
    meter = PaintMeter()
    measured = wall_to_measure(engine, profile, cameras, columns, meter)
    measurement = Measurement(measured.wall, engine, measured.gaps, seconds, meter)
    beat_until_quit(measured)
    return measurement.figures
