"""The one beat of a window: 30 times a second the board takes what has come, and widgets hear of it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from console.clock import Clock
    from console.desk.board import Board

PERIOD_MS = 33
BLINK_NS = 500_000_000
SECOND_NS = 1_000_000_000


class Pulse(QObject):
    """Drains the board and tells the widgets. UI thread only; tests call `tick` and need no event loop.

    Widgets connect bound methods and pull from the board. Each signal comes at most once a tick.

    Signals:
        incidents_changed, telemetry_changed, health_changed, presence_changed: look at the board again.
        answered(tuple): new `(Command | None, Answer)` pairs since the last tick, oldest first.
        looked_up(tuple): ids of queries whose page waits in the board (`board.take_page(id)`).
        ticked: every tick, last; for what moves (the wall looks for new frames).
        blinked(bool): at 1 Hz full period, the phase of unacknowledged P1/P2 markers. True: lit.
        second_passed: once a second of the monotonic clock, for ages and clocks.
    """

    incidents_changed = Signal()
    telemetry_changed = Signal()
    health_changed = Signal()
    presence_changed = Signal()
    answered = Signal(object)
    looked_up = Signal(object)
    ticked = Signal()
    blinked = Signal(bool)
    second_passed = Signal()

    def __init__(
        self,
        board: Board,
        clock: Clock,
        budget_ms: float = 8.0,
        motion: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._board, self._clock, self._budget_ms = board, clock, budget_ms
        self.motion = motion
        """False: nothing blinks; markers stay lit."""
        self.lit = True
        self._newest: object = None
        self._second = clock.mono_ns() // SECOND_NS
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(PERIOD_MS)
        self._timer.timeout.connect(self.tick)

    def start(self) -> None:
        """Beat from now on."""
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    @Slot()
    def tick(self) -> None:
        """Drain once and tell what changed."""
        changed = self._board.drain(self._budget_ms)
        if "incidents" in changed:
            self.incidents_changed.emit()
        if "presence" in changed:
            self.presence_changed.emit()
        if "telemetry" in changed:
            self.telemetry_changed.emit()
        if "health" in changed:
            self.health_changed.emit()
        if "answers" in changed:
            self.answered.emit(self._new_answers())
        if "pages" in changed:
            self.looked_up.emit(tuple(self._board.pages))
        self._tell_time()
        self.ticked.emit()

    def _new_answers(self) -> tuple[object, ...]:
        """The pairs after the newest one already told; the board keeps the last few only."""
        fresh: list[object] = []
        for pair in reversed(self._board.answers):
            if pair is self._newest:
                break
            fresh.append(pair)
        if self._board.answers:
            self._newest = self._board.answers[-1]
        return tuple(reversed(fresh))

    def _tell_time(self) -> None:
        mono_ns = self._clock.mono_ns()
        lit = not self.motion or (mono_ns // BLINK_NS) % 2 == 0
        if lit != self.lit:
            self.lit = lit
            self.blinked.emit(lit)
        second = mono_ns // SECOND_NS
        if second != self._second:
            self._second = second
            self.second_passed.emit()
