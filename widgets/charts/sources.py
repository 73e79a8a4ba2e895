"""Where a line's values come from: the desk's own rings while they reach, history for everything else.
Qt-free."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from console.history.envelope import Wanted
from console.history.look import Asked, Found
from widgets.charts.content import Line
from widgets.charts.series import F64, I64, Window
from widgets.charts.track import EMPTY, Track, cut, in_columns, joined, of_envelope, of_readings
from widgets.charts.view import View
from widgets.kit.moments import Moments

if TYPE_CHECKING:
    from console.desk.board import Board

SHOWN, UNDER = "shown", "under"
"""Whose answers of history are whose: the shown time; the days laid under."""
TAIL_READINGS = 4096
ASK_SHARE = 60
LOOK_NS = 2_000_000_000
SOONEST_NS, LATEST_NS = 60 * 1_000_000_000, 1200 * 1_000_000_000
"""A live chart reads history again after a sixtieth of its time, within these bounds."""


class History(Protocol):
    """What reads history, as far as charts need it (console.history.look.HistoryLook)."""

    version: int
    writer_problem: str

    def ask(self, asked: Asked) -> None: ...

    def found(self, key: str) -> Found | None: ...

    def is_loading(self, key: str) -> bool: ...

    def forget(self, keys: Sequence[str]) -> None: ...


class NoHistory:
    """Where no history can be read."""

    version = 0
    writer_problem = ""

    def ask(self, asked: Asked) -> None:
        return

    def found(self, key: str) -> Found | None:
        return None

    def is_loading(self, key: str) -> bool:
        return False

    def forget(self, keys: Sequence[str]) -> None:
        return


class Sources:
    """Gives each line its track. UI thread; never waits: what is not read yet is not drawn yet."""

    def __init__(self, board: Board, view: View, moments: Moments, history: History | None = None) -> None:
        self._board, self._view, self._moments = board, view, moments
        self.history: History = history if history is not None else NoHistory()
        self._lines: dict[str, Line] = {}
        self._tails: dict[int, deque[tuple[int, float]]] = {}
        self._charted: frozenset[int] = frozenset()
        self._tracks: dict[tuple[str, str], tuple[Found, int, Track]] = {}
        self._asked_ns = 0
        self._past_needed = False
        self._looked: tuple[int, int] = (0, -LOOK_NS)

    def show(self, lines: Iterable[Line], charted: Iterable[int]) -> None:
        """These lines are shown from now on; `charted` are the points the board keeps rings of."""
        self._lines = {line.point.id: line for line in lines}
        self._charted = frozenset(charted)
        own = {line.point.index for line in self._lines.values()} - self._charted
        self._tails = {index: self._tails.get(index, deque(maxlen=TAIL_READINGS)) for index in own}
        self._tracks.clear()
        self._asked_ns, self._looked = 0, (0, -LOOK_NS)

    def hear(self) -> None:
        """There are new values on the board: keep those of points it has no ring of."""
        board = self._board
        for index, tail in self._tails.items():
            taken_ns = int(board.taken_at_ns[index])
            if taken_ns and (not tail or tail[-1][0] < taken_ns):
                tail.append((taken_ns, float(board.values[index])))

    def ask(self) -> None:
        """Ask history for what is shown and not held, once; called at each look at the board."""
        view, window, now_ns = self._view, self._view.window, self._board.clock.now_ns()
        wanted = tuple(Wanted(one.point.id, one.silent_ns) for one in self._lines.values())
        if not wanted:
            return
        if not view.live:
            self.history.ask(Asked(SHOWN, wanted, window.since_ns, window.until_ns, window.width_px))
        elif self._looks_back(window):
            again_ns = min(max(window.span_ns // ASK_SHARE, SOONEST_NS), LATEST_NS)
            known = self.history.found(SHOWN)
            other = known is None or known.asked.points != wanted or (
                known.asked.from_ns > window.since_ns or known.asked.columns != window.width_px
                or known.asked.to_ns - known.asked.from_ns > 2 * window.span_ns
            )
            if now_ns - self._asked_ns > again_ns or (other and not self.history.is_loading(SHOWN)):
                self._asked_ns = now_ns
                self.history.ask(Asked(SHOWN, wanted, window.since_ns, now_ns, window.width_px))
        if view.compare:
            shift_ns = self.shift_ns()
            step_ns = max(1, window.span_ns // 8) if view.live else 1
            until_ns = -(-window.until_ns // step_ns) * step_ns
            self.history.ask(Asked(
                UNDER, wanted, window.since_ns - shift_ns, until_ns - shift_ns, window.width_px
            ))  # fmt: skip

    def shift_ns(self) -> int:
        """How far back the day laid under is: whole days of the city's clock."""
        local = self._moments.local(self._view.until_ns)
        before = local - timedelta(days=self._view.compare)
        return round((local.timestamp() - before.timestamp()) * 1e9)

    def is_loading(self) -> bool:
        """Whether something shown is still being read."""
        past = not self._view.live or self._past_needed
        return (past and self.history.is_loading(SHOWN)) or (
            bool(self._view.compare) and self.history.is_loading(UNDER)
        )

    def track(self, line: Line) -> Track:
        """What is known of a line in the window."""
        window = self._view.window
        since_ns = window.since_ns - line.silent_ns
        if not self._view.live:
            return cut(self._past(SHOWN, line, 0), since_ns, window.until_ns)
        at_ns, value = self._heard(line, since_ns)
        newest = of_readings(at_ns, value, line.silent_ns)
        if len(at_ns) and at_ns[0] <= window.since_ns + line.silent_ns:
            return newest
        past = cut(self._past(SHOWN, line, 0), since_ns, window.until_ns)
        column_ns = window.span_ns // window.width_px
        if past.has_columns and column_ns > 0:
            newest = in_columns(newest, column_ns)
        return joined(past, newest)

    def under(self, line: Line) -> Track:
        """The same of the day laid under, moved to the shown time; empty where there is none."""
        if not self._view.compare:
            return EMPTY
        window = self._view.window
        return cut(
            self._past(UNDER, line, self.shift_ns()), window.since_ns - line.silent_ns, window.until_ns
        )

    def bucket_ns(self) -> int:
        """How fine the history that is shown is: 0 for the readings themselves."""
        found = self.history.found(SHOWN)
        if found is None or (self._view.live and not self._past_needed):
            return 0
        return max((int(one.width_ns.max()) for one in found.envelopes.values() if len(one)), default=0)

    def _past(self, key: str, line: Line, shift_ns: int) -> Track:
        found = self.history.found(key)
        if found is None:
            return EMPTY
        known = self._tracks.get((key, line.point.id))
        if known is not None and known[0] is found and known[1] == shift_ns:
            return known[2]
        envelope = found.envelopes.get(line.point.id)
        made = EMPTY if envelope is None else of_envelope(envelope, shift_ns)
        self._tracks[key, line.point.id] = (found, shift_ns, made)
        return made

    def _heard(self, line: Line, since_ns: int) -> tuple[I64, F64]:
        index = line.point.index
        if index in self._charted:
            at_ns, value = self._board.series(index, since_ns)
            return at_ns, value
        tail = self._tails.get(index)
        if not tail:
            return np.zeros(0, np.int64), np.zeros(0)
        at, values = zip(*tail, strict=True)
        at_ns = np.array(at, np.int64)
        first = int(np.searchsorted(at_ns, since_ns))
        return at_ns[first:], np.array(values, np.float64)[first:]

    def _looks_back(self, window: Window) -> bool:
        """Whether history is needed beside the rings; looked at now and then, and when the time is
        another."""
        mono_ns = self._board.clock.mono_ns()
        span_ns, looked_ns = self._looked
        if span_ns != window.span_ns or mono_ns - looked_ns >= LOOK_NS:
            self._looked = (window.span_ns, mono_ns)
            self._past_needed = self._needs_past(window)
        return self._past_needed

    def _needs_past(self, window: Window) -> bool:
        """Whether some ring begins later than the window."""
        for line in self._lines.values():
            at_ns, _ = self._heard(line, window.since_ns - line.silent_ns)
            if not len(at_ns) or at_ns[0] > window.since_ns + line.silent_ns:
                return True
        return False
