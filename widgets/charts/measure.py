"""Runs live charts for a while and says what they cost: for `bongsu bench charts`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from console.clock import Clock
from console.desk.board import Board
from console.desk.inbound import BatchCame, LinkChanged, SnapshotCame
from console.history.look import HistoryLook
from console.language import load_catalogue
from console.model.state import CityState
from console.profile import Profile
from console.telemetry.table import Columns
from widgets.charts.bands import ChartBands
from widgets.kit.gaps import GapMeter
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts

DRAWN_WITHIN_S = 60.0
SETTLE_S = 3.0
BEAT_MS = 5


class _Work(QObject):
    """Processor time of the UI thread between two turns of its loop: what a gap would be on a machine that
    does
    nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.spent_ms: list[float] = []
        self._before = time.thread_time()
        self._timer = QTimer(self)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    @Slot()
    def _beat(self) -> None:
        now = time.thread_time()
        self.spent_ms.append((now - self._before) * 1000)
        self._before = now

    def p99_ms(self) -> float:
        every = np.sort(np.array(self.spent_ms))
        return round(float(every[int(0.99 * (len(every) - 1))]), 2) if len(every) else 0.0


class _Feed(QObject):
    """A value of every point each second, as the link would bring them."""

    def __init__(self, board: Board, points: np.ndarray, clock: Clock) -> None:
        super().__init__()
        self._board, self._points, self._clock = board, points, clock
        self._random = np.random.default_rng(3)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.say)
        self._timer.start()
        self.say()

    @Slot()
    def say(self) -> None:
        now_ns, count = self._clock.now_ns(), len(self._points)
        value = np.round(50 + self._random.normal(0, 1, count), 2)
        at = np.full(count, now_ns, np.int64)
        columns = Columns(self._points, value, at, np.zeros(count, np.uint8))
        self._board.inbox.append(BatchCame(columns, now_ns))


def measure(
    home: Path, profile: Profile, point_ids: list[str], indexes: np.ndarray, span_s: int, seconds: float,
    clock: Clock,
) -> dict[str, Any]:  # fmt: skip
    """Draw these points' last `span_s` seconds live for a while."""
    app = QApplication.instance() or QApplication(["bongsu"])
    load_fonts()
    tokens, catalogue = Tokens(), load_catalogue("en")
    tokens.dress(app)
    board = Board(profile, clock, next(iter(profile.desks)))
    pulse, gaps = Pulse(board, clock), GapMeter(clock)
    history = HistoryLook(home)
    history.start()
    moments = Moments(catalogue, profile.time_zone)
    bands = ChartBands(board, pulse, catalogue, tokens, moments, history=history)
    bands.arrangement.ask(point_ids)
    bands.rearrange()
    bands.view.span_s = span_s
    board.inbox.append(SnapshotCame(CityState(run="r", seq=1, city=profile.city)))
    board.inbox.append(LinkChanged("live"))
    bands.resize(1860, 1000)
    bands.show()
    feed = _Feed(board, indexes, clock)
    pulse.start()
    gaps.start()
    began = time.monotonic()
    try:
        _serve(app, lambda: time.monotonic() - began > DRAWN_WITHIN_S or _drawn(bands))
        drawn_s = time.monotonic() - began
        settled = time.monotonic()
        _serve(app, lambda: time.monotonic() - settled > SETTLE_S)
        gaps.forget()
        work = _Work()
        cpu_began, wall_began = time.process_time(), time.monotonic()
        _serve(app, lambda: time.monotonic() - wall_began > seconds)
        cpu, wall = time.process_time() - cpu_began, time.monotonic() - wall_began
        found = {
            "ui_gap_p99_ms": gaps.p99_ms(), "ui_gap_max_ms": round(gaps.max_ms, 1),
            "ui_work_p99_ms": work.p99_ms(), "ui_work_max_ms": round(max(work.spent_ms, default=0.0), 1),
            "cpu_pct": round(100 * cpu / wall, 1), "drawn_s": round(drawn_s, 2),
            "columns": sum(len(one.at_ns) for band in bands.bands for one in band.prepared.tracks),
            "all_drawn": _drawn(bands), "seconds": round(wall, 1),
        }  # fmt: skip
    finally:
        pulse.stop()
        gaps.stop()
        history.stop()
        feed.deleteLater()
        bands.deleteLater()
    return found


def _drawn(bands: ChartBands) -> bool:
    """Whether every band shows columns of history."""
    return bands.ready and all(
        band.prepared is not None and all(one.has_columns for one in band.prepared.tracks)
        for band in bands.bands
    )


def _serve(app: QApplication, over: Any) -> None:
    """Let the event loop run until it is over."""
    looking = QTimer()
    looking.setInterval(50)

    def look() -> None:
        if over():
            app.exit()

    looking.timeout.connect(look)
    looking.start()
    app.exec()
    looking.stop()
