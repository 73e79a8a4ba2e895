"""Measures what happens to a wall while something else is done beside it, beat by beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from console.clock import SystemClock
from console.desk.board import Board
from console.language import load_catalogue
from console.profile import Profile
from console.video.engine import VideoEngine
from widgets.kit.gaps import GapMeter
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts
from widgets.wall.measure import HEIGHT, WIDTH, PaintMeter
from widgets.wall.wall import WallWidget


class _Beats(QObject):
    """Does one thing each beat, until it says that it is done. What it raises ends the measurement."""

    def __init__(self, each_beat: Callable[[PaintMeter], bool], meter: PaintMeter) -> None:
        super().__init__()
        self._each_beat, self._meter = each_beat, meter
        self.error: BaseException | None = None

    @Slot()
    def beat(self) -> None:
        try:
            goes_on = self._each_beat(self._meter)
        except BaseException as error:  # raised again when the loop has ended
            self.error, goes_on = error, False
        if not goes_on:
            QApplication.quit()


def measure_beside(
    engine: VideoEngine, profile: Profile, cameras: Sequence[str], columns: int,
    each_beat: Callable[[PaintMeter], bool], begin: Callable[[], bool],
) -> dict[str, Any]:  # fmt: skip
    """Show `cameras` on a wall of 1920 x 1080 and call `each_beat` with what was painted, 30 times a second
    on the UI thread, until it answers False. `begin`: whether everything runs; gaps count from then on.
    Returns ui_gap_p99_ms and ui_gap_max_ms. Makes the application."""
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
    pulse, gaps, meter = Pulse(board, clock), GapMeter(clock), PaintMeter()
    wall.meter = meter
    wall.follow(pulse)
    wall.show()
    wall.set_layout(tuple(cameras))
    wall.allow(tuple(cameras))
    begun = False

    def beat(meter: PaintMeter) -> bool:
        nonlocal begun
        if not begun:
            begun = begin()
            if begun:
                meter.forget()
                gaps.forget()
            return True
        return each_beat(meter)

    beats = _Beats(beat, meter)
    pulse.ticked.connect(beats.beat)
    pulse.start()
    gaps.start()
    try:
        app.exec()
    finally:
        pulse.stop()
        gaps.stop()
        wall.release()
        wall.close()
    if beats.error is not None:
        raise beats.error
    return {"ui_gap_p99_ms": gaps.p99_ms(), "ui_gap_max_ms": round(gaps.max_ms, 1)}
