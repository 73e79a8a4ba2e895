"""Measures what happens to a wall while something else is done beside it, beat by beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from console.profile import Profile
from console.video.engine import VideoEngine
from widgets.wall.measure import PaintMeter, beat_until_quit, wall_to_measure


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
    meter = PaintMeter()
    measured = wall_to_measure(engine, profile, cameras, columns, meter)
    gaps = measured.gaps
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
    measured.pulse.ticked.connect(beats.beat)
    beat_until_quit(measured)
    if beats.error is not None:
        raise beats.error
    return {"ui_gap_p99_ms": gaps.p99_ms(), "ui_gap_max_ms": round(gaps.max_ms, 1)}
