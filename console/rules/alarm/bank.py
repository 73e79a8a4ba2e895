"""All alarms of a city at once: readings in, moves out. The states are those of `states`.

A reading is first held against its point's quiet band, the values at which none of its rows begins; what
lies inside, at a point where nothing is active or waiting, is done. Only the rest is looked at row by row.
Delays of VALUE rows count the samples' own time, so that a replay and a late delivery decide alike;
everything else counts the time given to `look` and `tell`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from console.clock import SECOND_NS
from console.model.alarm import HOLD_SHELVED, HOLD_SUPPRESSED
from console.rules.alarm.columns import I32, AlarmColumns, Sort, causes_by_row
from console.rules.alarm.freshness import Freshness
from console.rules.alarm.states import (
    ACTIVE_STATES,
    State,
    Stimulus,
    next_holds,
    next_states,
    possible,
)  # fmt: skip
from console.rules.alarm.transition import AlarmStanding, Moves, Rows, is_new
from console.telemetry.table import BAD, F64, I64, U8, Columns, Mask

MILLISECOND_NS = 1_000_000
NOT_WAITING = np.iinfo(np.int64).min


class AlarmBank:
    """Holds every alarm's condition and state. One thread; deterministic in the sequence of calls.

    Rows are numbers into `columns`. `plan`: cause row to the rows it suppresses while its condition is there
    and its `release_after_s` longer. Readings of one point come in the order of their time (`PointTable`).
    """

    def __init__(
        self, columns: AlarmColumns, freshness: Freshness, plan: Mapping[int, Sequence[int]] | None = None,
        release_after_s: Mapping[int, float] | None = None,
    ) -> None:  # fmt: skip
        self.columns, self.freshness = columns, freshness
        size = len(columns)
        self._causes = causes_by_row(plan or {}, size)
        self._suppressors = np.zeros(size if self._causes else 0, np.uint16)
        release = release_after_s or {}
        self._release_ns = {cause: int(release.get(cause, 0.0) * SECOND_NS) for cause in self._causes}
        self._release_due: dict[int, int] = {}
        self._index(len(freshness.last_ns))
        self.state: U8 = np.zeros(size, np.uint8)
        self.active: Mask = np.zeros(size, bool)
        self.holds: U8 = np.zeros(size, np.uint8)
        self.raised_at_ns: I64 = np.zeros(size, np.int64)
        self._since: I64 = np.full(size, NOT_WAITING, np.int64)
        self.until_ns: dict[int, int] = {}
        """Shelved rows and when their time is over."""
        self._told: Mask = np.zeros(size if len(self._timed) else 0, bool)

    def _index(self, points: int) -> None:
        rows = self.columns
        value = np.flatnonzero(rows.sort == Sort.VALUE)
        ordered = value[np.argsort(rows.point[value], kind="stable")].astype(np.int32)
        self._rows: I32 = ordered
        self._count: I32 = np.bincount(rows.point[value], minlength=points).astype(np.int32)
        self._first: I32 = (np.cumsum(self._count) - self._count).astype(np.int32)
        self._high: F64 = np.full(points, np.inf)
        self._low: F64 = np.full(points, -np.inf)
        for band, least, mine in (
            (self._high, np.minimum, value[rows.above[value]]),
            (self._low, np.maximum, value[~rows.above[value]]),
        ):
            least.at(band, rows.point[mine], rows.set_at[mine])
        self._busy: Mask = np.zeros(points, bool)
        self._timed = np.flatnonzero(rows.sort != Sort.VALUE)
        self._counting = np.flatnonzero(rows.count > 1)
        most = int(rows.count[self._counting].max(initial=1))
        self._seen: I64 = np.full((len(self._counting), most), NOT_WAITING, np.int64)
        self._cause_point: Mask = np.zeros(points if self._causes else 0, bool)
        for cause in self._causes:
            if rows.sort[cause] == Sort.VALUE:
                self._cause_point[rows.point[cause]] = True
        self._marked: Mask = np.zeros(points, bool)

    def evaluate(self, batch: Columns, heard_ns: int | None = None) -> list[Moves]:
        """What the batch's usable readings move. A point may occur several times; order is kept. Readings of
        what suppresses others are taken first. `heard_ns`: when they came, where that is not when they were
        taken: who sends old values is not silent."""
        usable = batch.quality < BAD
        if not usable.all():
            batch = batch.where(usable)
        self.freshness.seen(batch.points, batch.taken_at_ns if heard_ns is None else heard_ns)
        points, values = batch.points, batch.values
        hot = self._busy[points]
        hot |= values >= self._high[points]
        hot |= values <= self._low[points]
        if not hot.any():
            return []
        once = bool((points[1:] > points[:-1]).all())
        if not once:  # a point whose later reading matters: the earlier ones decide what it meets
            self._marked[points[hot]] = True
            hot = self._marked[points]
            self._marked[points[hot]] = False
        batch = batch.where(hot & (self._count[points] > 0))
        moves: list[Moves] = []
        if len(self._cause_point):
            first = self._cause_point[batch.points]
            self._rounds(batch.where(first), once, moves)
            batch = batch.where(~first)
        self._rounds(batch, once, moves)
        return moves

    def _rounds(self, batch: Columns, once: bool, moves: list[Moves]) -> None:
        for each in (batch,) if once else batch.rounds():
            if len(each):
                self._round(each, moves)

    def _round(self, batch: Columns, moves: list[Moves]) -> None:
        """One reading for each of some points."""
        count = self._count[batch.points]
        starts = np.cumsum(count) - count
        offset = np.arange(int(count.sum())) - np.repeat(starts, count)
        rows = self._rows[np.repeat(self._first[batch.points], count) + offset].astype(np.intp)
        value, at_ns = np.repeat(batch.values, count), np.repeat(batch.taken_at_ns, count)
        above = self.columns.above[rows]
        set_at, clear_at = self.columns.set_at[rows], self.columns.clear_at[rows]
        beyond = np.where(above, value >= set_at, value <= set_at)
        normal = np.where(above, value < clear_at, value > clear_at)
        if len(self._counting):
            beyond = self._often_enough(rows, beyond, at_ns)
        self._turn(rows, beyond, normal, at_ns, value, moves)
        restless = self.active[rows] | (self._since[rows] != NOT_WAITING)
        self._busy[batch.points] = np.logical_or.reduceat(restless, starts)

    def _often_enough(self, rows: Rows, beyond: Mask, at_ns: I64) -> Mask:
        """`beyond`, and for rows that count only once enough of the last samples were."""
        slot = np.searchsorted(self._counting, rows)
        slot[slot == len(self._counting)] = 0
        which = np.flatnonzero(beyond & (self._counting[slot] == rows))
        mine = slot[which]
        self._seen[mine, 1:] = self._seen[mine, :-1]
        self._seen[mine, 0] = at_ns[which]
        oldest = self._seen[mine, self.columns.count[rows[which]] - 1]
        window_ns = self.columns.window_ms[rows[which]].astype(np.int64) * MILLISECOND_NS
        enough = beyond.copy()
        enough[which] = oldest >= at_ns[which] - window_ns
        return enough

    def _turn(
        self, rows: Rows, beyond: Mask, normal: Mask, at_ns: I64, value: F64, moves: list[Moves]
    ) -> None:
        """Conditions that change now, after their delay."""
        active = self.active[rows]
        turning = np.where(active, normal, beyond)
        since = np.where(self._since[rows] == NOT_WAITING, at_ns, self._since[rows])
        delay_ms = np.where(active, self.columns.off_ms[rows], self.columns.on_ms[rows]).astype(np.int64)
        done = turning & (at_ns - since >= delay_ms * MILLISECOND_NS)
        self._since[rows] = np.where(turning & ~done, since, NOT_WAITING)
        if not done.any():
            return
        for stimulus, which in ((Stimulus.BEGAN, done & ~active), (Stimulus.ENDED, done & active)):
            if which.any():
                began = stimulus == Stimulus.BEGAN
                self.active[rows[which]] = began
                if not began and len(self._counting):
                    self._seen[np.isin(self._counting, rows[which])] = NOT_WAITING
                self._meet(stimulus, rows[which], at_ns[which], value[which], "rule:condition", moves)
        if self._causes:
            for row, at in zip(rows[done].tolist(), at_ns[done].tolist(), strict=True):
                if row in self._causes:
                    self._cause_changed(row, at, moves)

    def _cause_changed(self, cause: int, at_ns: int, moves: list[Moves]) -> None:
        if not self.active[cause]:
            self._release_due[cause] = at_ns + self._release_ns[cause]
        elif self._release_due.pop(cause, None) is None:
            rows = self._causes[cause]
            self._suppressors[rows] += 1
            self._hold(Stimulus.SUPPRESS, rows[self._suppressors[rows] == 1], at_ns, cause, moves)

    def _release(self, now_ns: int, moves: list[Moves]) -> None:
        for cause in [one for one, due_ns in self._release_due.items() if due_ns <= now_ns]:
            del self._release_due[cause]
            rows = self._causes[cause]
            self._suppressors[rows] -= 1
            self._hold(Stimulus.UNSUPPRESS, rows[self._suppressors[rows] == 0], now_ns, cause, moves)

    def _hold(self, stimulus: Stimulus, rows: Rows, at_ns: int, cause: int, moves: list[Moves]) -> None:
        rows = rows[possible(self.state[rows], stimulus, self.holds[rows])]
        if len(rows):
            times, none = np.full(len(rows), at_ns, np.int64), np.full(len(rows), np.nan)
            self._meet(stimulus, rows, times, none, "rule:suppression", moves, cause_row=cause)

    def _meet(
        self, stimulus: Stimulus, rows: Rows, at_ns: I64, value: F64, who: str, moves: list[Moves],
        why: str = "", cause_row: int = -1, until_ns: int = 0,
    ) -> None:  # fmt: skip
        before, active = self.state[rows], self.active[rows]
        holds = next_holds(self.holds[rows], stimulus)
        after = next_states(before, stimulus, self.columns.latching[rows], active, holds)
        self.state[rows], self.holds[rows] = after, holds
        kept = np.where(after == State.NORMAL, 0, self.raised_at_ns[rows])
        self.raised_at_ns[rows] = np.where(is_new(before, after), at_ns, kept)
        moves.append(
            Moves(stimulus, rows, before, after, active, at_ns, value, who, why, cause_row, until_ns)
        )

    def tell(
        self, rows: Sequence[int], present: bool, now_ns: int, value: float = float("nan")
    ) -> list[Moves]:
        """Whoever knows says that the condition of TOLD rows is there, or is not, and by which value. Raises
        ValueError for rows of another sort."""
        told = np.unique(np.array(rows, dtype=np.intp))
        if (self.columns.sort[told] != Sort.TOLD).any():
            raise ValueError("only rows of sort TOLD can be told")
        moves: list[Moves] = []
        self._told[told] = present
        self._turn_timed(told, now_ns, moves, value)
        return moves

    def look(self, now_ns: int, away: Mask | None = None) -> list[Moves]:
        """What time alone moves: silence (not of points `away`, see `Freshness.look`), delays of what
        is not measured, shelves, suppressions that end."""
        moves: list[Moves] = []
        self.freshness.look(now_ns, away)
        if len(self._timed):
            there = self._there(self._timed)
            restless = (there != self.active[self._timed]) | (self._since[self._timed] != NOT_WAITING)
            rows = self._timed[restless]
            first = np.array([row in self._causes for row in rows.tolist()], dtype=bool)
            self._turn_timed(rows[first], now_ns, moves)
            self._turn_timed(rows[~first], now_ns, moves)
        over = sorted(row for row, until_ns in self.until_ns.items() if until_ns <= now_ns)
        if over:
            self._act(Stimulus.SHELF_TIME_OVER, np.array(over, np.intp), now_ns, "rule:shelf_time", "", moves)
        self._release(now_ns, moves)
        return moves

    def _there(self, rows: Rows) -> Mask:
        point = self.columns.point[rows]
        silent = self.freshness.stale[np.maximum(point, 0)] if len(self.freshness.stale) else point >= 0
        return np.where(self.columns.sort[rows] == Sort.STALE, silent, self._told[rows])

    def _turn_timed(
        self, rows: Rows, now_ns: int, moves: list[Moves], value: float = float("nan")
    ) -> None:
        if len(rows):
            there = self._there(rows)
            at_ns = np.full(len(rows), now_ns, np.int64)
            self._turn(rows, there, ~there, at_ns, np.full(len(rows), value), moves)

    def can(self, stimulus: Stimulus, rows: Rows) -> Mask:
        """Which rows an order means anything to."""
        return possible(self.state[rows], stimulus, self.holds[rows])

    def act(
        self, stimulus: Stimulus, rows: Rows, now_ns: int, who: str, why: str = "", until_ns: int = 0
    ) -> list[Moves]:
        """A person's order to the rows it means anything to. Rights, times and reasons are `orders`' matter.

        Raises ValueError for a stimulus that is no order.
        """
        if stimulus not in ORDERS:
            raise ValueError(f"{stimulus.name} is not a person's to give")
        moves: list[Moves] = []
        self._act(stimulus, rows[self.can(stimulus, rows)], now_ns, who, why, moves, until_ns)
        return moves

    def _act(
        self, stimulus: Stimulus, rows: Rows, now_ns: int, who: str, why: str, moves: list[Moves],
        until_ns: int = 0,
    ) -> None:  # fmt: skip
        if not len(rows):
            return
        at_ns, none = np.full(len(rows), now_ns, np.int64), np.full(len(rows), np.nan)
        self._meet(stimulus, rows, at_ns, none, who, moves, why, until_ns=until_ns)
        for row in rows.tolist():
            if stimulus == Stimulus.SHELVE:
                self.until_ns[row] = until_ns
            elif stimulus in (Stimulus.UNSHELVE, Stimulus.SHELF_TIME_OVER):
                self.until_ns.pop(row, None)

    def standing_longer(self, than_s: float, now_ns: int) -> Rows:
        """The stale ones: before the operator, their condition there, raised more than `than_s` ago."""
        return np.flatnonzero(
            ACTIVE_STATES[self.state] & (now_ns - self.raised_at_ns > int(than_s * SECOND_NS))
        )

    def standing(self, id_of: Sequence[str]) -> Iterator[AlarmStanding]:
        """Every alarm that is not simply normal, as the moves amount to."""
        for row in np.flatnonzero(self.state != State.NORMAL).tolist():
            yield AlarmStanding(
                alarm_id=id_of[row], state=State(self.state[row]).letter, active=bool(self.active[row]),
                holds=int(self.holds[row]), until_ns=self.until_ns.get(row, 0),
                raised_at_ns=int(self.raised_at_ns[row]),
            )  # fmt: skip

    def restore(self, standing: Iterable[tuple[int, AlarmStanding]], now_ns: int) -> None:
        """Take all states from the record, by row (at start, or after a failed commit). Delays begin anew;
        a suppression whose cause is over ends after its time."""
        for column in (self.state, self.active, self.holds, self.raised_at_ns, self._busy, self._suppressors):
            column[:] = 0
        self._since[:] = NOT_WAITING
        self._seen[:] = NOT_WAITING
        self._release_due.clear()
        self.until_ns.clear()
        for row, one in standing:
            self.state[row], self.active[row] = "ABCDEFGHI".index(one.state), one.active
            self.holds[row], self.raised_at_ns[row] = one.holds, one.raised_at_ns
            if one.holds & HOLD_SHELVED:
                self.until_ns[row] = one.until_ns
        told = self.columns.sort == Sort.TOLD
        if len(self._told):
            self._told[told] = self.active[told]
        silent = np.flatnonzero(self.active & (self.columns.sort == Sort.STALE))
        self.freshness.known_silent(self.columns.point[silent])
        measured = np.flatnonzero(self.active & (self.columns.sort == Sort.VALUE))
        self._busy[self.columns.point[measured]] = True
        for cause, rows in self._causes.items():
            held = bool((self.holds[rows] & HOLD_SUPPRESSED).any())
            if self.active[cause] or held:
                self._suppressors[rows] += 1
            if held and not self.active[cause]:
                self._release_due[cause] = now_ns + self._release_ns[cause]


ORDERS = frozenset(
    {
        Stimulus.ACKNOWLEDGE, Stimulus.RESET, Stimulus.SHELVE, Stimulus.UNSHELVE, Stimulus.REMOVE,
        Stimulus.RETURN,
    }
)
"""What persons do; the rest is the bank's own."""
