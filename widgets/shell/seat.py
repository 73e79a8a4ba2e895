"""A seat: the window with its kit, from the first paint to the last thread ended. Knows no feature."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from console.clock import Clock
from console.language import LANGUAGES, load_catalogue
from widgets.kit.actions import Actions
from widgets.kit.collector import Collector
from widgets.kit.excepthook import Mishaps
from widgets.kit.gaps import GapMeter
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.sharedclock import SharedClock
from widgets.kit.tokens import THEMES, Tokens, load_fonts
from widgets.kit.watchdog import Watchdog
from widgets.shell.figures import PROCESS_CLOCK, FiguresFile, Moving, percentiles, process_started_mono_ns
from widgets.shell.health import load_bounds
from widgets.shell.remembered import Remembered
from widgets.shell.snapshots import Snapshots
from widgets.shell.viewing import Surface, Viewing
from widgets.shell.window import MainWindow
from widgets.shell.windows import SideWindows

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

SETTLE_MS = 2000
"""After so long the window is built and warm: the collector takes over what exists."""


class Seat(QObject):
    """Makes the kit and the window, starts what beats, measures, and ends everything. UI thread.

    Signals:
        shown: the window has been painted for the first time.
    """

    shown = Signal()

    def __init__(
        self, board: Board, port: DeskPort, clock: Clock, home: Path, language: str = "", theme: str = ""
    ) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._board, self._clock, self._app = board, clock, app
        self._began_ns = process_started_mono_ns()
        self._window_ns = 0
        self._leaving = False
        self._endings: list[Callable[[], None]] = []
        remembered = Remembered(home, board.desk)
        self.mishaps = Mishaps()
        self.mishaps.install()
        load_fonts()
        self.tokens = Tokens(_one_of(THEMES, theme, remembered.text("theme")))
        self.tokens.dress(app)
        spoken = (language, remembered.text("language"), *board.profile.languages)
        self.catalogue = load_catalogue(_one_of(LANGUAGES, *spoken))
        self.moments = Moments(self.catalogue, board.profile.time_zone)
        self.actions = Actions(self.catalogue, self)
        self.shared_clock = SharedClock(self)
        """The moment that charts, replay and map look at."""
        self.pulse = Pulse(board, clock, parent=self)
        self.gaps = GapMeter(clock, self)
        self.watchdog = Watchdog(self.gaps, clock)
        self.collector = Collector(self)
        self.viewing = Viewing(board, port, self.pulse, self.catalogue, self)
        self.window = MainWindow(
            board, self.pulse, self.tokens, self.moments, self.actions, self.gaps, self.mishaps,
            load_bounds(), remembered,
        )  # fmt: skip
        self.moving = Moving(())
        self._snapshots: Snapshots | None = None
        self.side_windows: SideWindows | None = None
        """Further windows, where the desk has them; closed and remembered with the seat."""
        self._figures = FiguresFile(home, board.desk)
        self._measured: list[tuple[Callable[[], dict[str, Any]], Callable[[], None]]] = []
        self.window.closed.connect(self._closed)
        self.pulse.second_passed.connect(self._each_second)
        self.pulse.ticked.connect(self._each_tick)

    def serve_surface(self, surface: Any, purpose: Callable[[], str]) -> None:
        """Let a surface (wall, strip) live on the pulse and on the viewing log."""
        self.viewing.add(surface, purpose)
        asking = _Asking(self.viewing, surface, self)
        surface.viewing_wanted.connect(asking.wanted)
        surface.viewing_ended.connect(self._viewing_ended)
        surface.camera_condition.connect(self._camera_condition)
        surface.follow(self.pulse)

    def end_surface(self, surface: Any) -> None:
        """Its window is closed: its views end on the record."""
        self.viewing.remove(surface)

    def measure(self, camera_ids: Sequence[str]) -> Moving:
        """The meter for the wall that shows these cameras."""
        self.moving = Moving(camera_ids)
        return self.moving

    def photograph(self, folder: Path, at_s: tuple[float, ...]) -> None:
        """Save pictures of the window at these seconds after it was shown."""
        self._snapshots = Snapshots(self.window, folder, at_s, self.catalogue.language)

    def show(self) -> None:
        """Show the window; everything that beats starts once it has been painted."""
        self.window.show_where_it_was()
        QTimer.singleShot(0, self, self._painted)

    def also_measure(self, measured: Callable[[], dict[str, Any]], forget: Callable[[], None]) -> None:
        """A part's own figures stand beside the desk's; `forget` when a measurement begins."""
        self._measured.append((measured, forget))

    def at_close(self, call: Callable[[], None]) -> None:
        """Call this when the seat is left: for threads that a part started."""
        self._endings.append(call)

    def leave_soon(self) -> None:
        """Close at the next tick. Safe in a signal handler."""
        self._leaving = True

    def close(self) -> None:
        """Stop everything; waits for its threads. Call after the event loop has ended."""
        self._put_figures(ended=True)
        self.pulse.stop()
        self.gaps.stop()
        self.watchdog.stop()
        self.collector.stop()
        for ending in self._endings:
            ending()
        if self._snapshots is not None:
            self._snapshots.close()
        self._figures.close()
        if self.side_windows is not None:
            self.side_windows.close_all()
        self.mishaps.uninstall()
        self.window.deleteLater()
        # Only the window's end is served, not whatever else waits.
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    @Slot()
    def _painted(self) -> None:
        self.window.repaint()
        self._window_ns = PROCESS_CLOCK.mono_ns()
        self.pulse.start()
        self.gaps.start()
        self.watchdog.start()
        self._figures.start()
        if self._snapshots is not None:
            self._snapshots.start()
        QTimer.singleShot(SETTLE_MS, self.collector, self.collector.start)
        self.shown.emit()

    @Slot()
    def _each_tick(self) -> None:
        if self._leaving:
            self._leaving = False
            self.window.close()

    @Slot()
    def _each_second(self) -> None:
        if self._figures.wants_reset.is_set():
            self._figures.wants_reset.clear()
            self.gaps.forget()
            self._board.latency_ms.clear()
            for _, forget in self._measured:
                forget()
        self._put_figures()

    @Slot()
    def _closed(self) -> None:
        if self.side_windows is not None:
            self.side_windows.leave()
        self._app.quit()

    @Slot(object)
    def _viewing_ended(self, camera_ids: tuple[str, ...]) -> None:
        self.viewing.stop(camera_ids)

    @Slot(str, str, object)
    def _camera_condition(self, camera_id: str, condition: str, why: Any) -> None:
        self.viewing.report(camera_id, condition, why)

    def _put_figures(self, ended: bool = False) -> None:
        self._figures.put(self.figures() | {"ended": ended})

    def figures(self) -> dict[str, Any]:
        """What there is to say about this desk now; see docs/design/desk.md for each."""
        board, moving = self._board, self.moving
        p50, p99 = percentiles(board.latency_ms)
        recent_p99, recent_max = self.gaps.recent()
        return {
            "pid": os.getpid(), "desk": board.desk, "link": board.link,
            "run": board.state.run, "seq": board.state.seq,
            "window_s": self._since_start(self._window_ns),
            "first_picture_s": self._since_start(moving.first_picture_ns),
            "all_panes_s": self._since_start(moving.all_moving_ns),
            "panes_moving": moving.count(), "pictures": moving.pictures,
            "ui_gap_p99_ms": self.gaps.p99_ms(), "ui_gap_max_ms": round(self.gaps.max_ms, 1),
            "ui_gap_recent_p99_ms": round(recent_p99, 1), "ui_gap_recent_max_ms": round(recent_max, 1),
            "stalls": self.watchdog.stalls, "mishaps": self.mishaps.count,
            "readings": board.readings, "lost_batches": board.lost_batches,
            "latency_p50_ms": p50, "latency_p99_ms": p99,
            "incidents": len(board.state.incidents), "pending": len(board.pending),
            **{name: value for measured, _ in self._measured for name, value in measured().items()},
        }  # fmt: skip

    def _since_start(self, at_ns: int) -> float:
        return round((at_ns - self._began_ns) / 1e9, 3) if at_ns else 0.0


class _Asking(QObject):
    """Joins one surface's wish to the viewing log: a decorated method, so no closure keeps the surface
    alive.
    """

    def __init__(self, viewing: Viewing, surface: Surface, parent: QObject) -> None:
        super().__init__(parent)
        self._viewing, self._surface = viewing, surface

    @Slot(object)
    def wanted(self, camera_ids: tuple[str, ...]) -> None:
        self._viewing.start(self._surface, camera_ids)


def _one_of(allowed: Sequence[str], *wishes: str) -> str:
    """The first wish that is allowed, else the first that is."""
    return next((wish for wish in wishes if wish in allowed), allowed[0])
