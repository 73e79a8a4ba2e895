"""One move of one alarm, as a record; and what an alarm amounts to when its moves are folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.model.alarm import HOLD_SHELVED, held
from console.model.base import Record
from console.rules.alarm.states import State, Stimulus
from console.telemetry.table import F64, I64, U8, Mask

Rows = npt.NDArray[np.intp]


class AlarmTransition(Record, frozen=True, kw_only=True):
    """Who or what moved an alarm, when, from where to where and why. Every move is one, also one that changes
    nothing of what is shown: a condition that comes while the alarm is shelved.

    `before`, `after` are the standard's letters A to I. `who` is "person:NAME" or "rule:NAME"; `why` a
    person's reason, or the id of the alarm that suppressed this one. `active`: whether the condition is there
    now, hidden or not. `value` is NaN where none was read, `until_ns` 0 but for a shelf.
    """

    alarm_id: str
    at_ns: int
    before: str
    after: str
    stimulus: str
    active: bool
    who: str
    why: str = ""
    value: float | None = None
    until_ns: int = 0


class AlarmStanding(Record, frozen=True, kw_only=True):
    """What is known of an alarm that is not simply normal. `raised_at_ns` is when it was last put before a
    person as new (0: never); `holds` are the bits of `states`."""

    alarm_id: str
    state: str
    active: bool
    holds: int = 0
    until_ns: int = 0
    raised_at_ns: int = 0


@dataclass(frozen=True, slots=True)
class Moves:
    """One stimulus to many rows at once, in the order in which they were met."""

    stimulus: Stimulus
    rows: Rows
    before: U8
    after: U8
    active: Mask
    at_ns: I64
    values: F64
    who: str
    why: str = ""
    cause_row: int = -1
    until_ns: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def annunciated(self) -> Rows:
        """The rows that sound and flash: new before the operator."""
        return self.rows[is_new(self.before, self.after)]

    def ring_back(self, ring_back: Mask) -> Rows:
        """The rows that also say that they are over: those of `ring_back` that return while shown."""
        if self.stimulus != Stimulus.ENDED:
            return self.rows[:0]
        return self.rows[ring_back[self.rows] & (self.before < State.SHELVED)]


def is_new(before: U8, after: U8) -> Mask:
    """Whether a move puts an alarm before the operator as new."""
    return np.asarray((after == State.UNACKNOWLEDGED) & (before != State.UNACKNOWLEDGED))


def records(moves: Iterable[Moves], id_of: Callable[[int], str]) -> list[AlarmTransition]:
    """The moves one by one, under the alarms' ids."""
    return [
        AlarmTransition(
            alarm_id=id_of(int(row)), at_ns=int(at_ns), before=State(before).letter,
            after=State(after).letter, stimulus=part.stimulus.name.lower(), active=bool(active), who=part.who,
            why=part.why if part.cause_row < 0 else id_of(part.cause_row),
            value=float(value) if np.isfinite(value) else None, until_ns=part.until_ns,
        )
        for part in moves
        for row, before, after, active, at_ns, value in zip(
            part.rows, part.before.tolist(), part.after.tolist(), part.active, part.at_ns, part.values,
            strict=True,
        )
    ]  # fmt: skip


def folded(standing: AlarmStanding | None, move: AlarmTransition) -> AlarmStanding | None:
    """What an alarm amounts to after a move; None where it is normal and nothing hides it."""
    holds = standing.holds if standing else 0
    until_ns = standing.until_ns if standing else 0
    raised_at_ns = standing.raised_at_ns if standing else 0
    holds = held(holds, move.stimulus)
    if move.stimulus == "shelve":
        until_ns = move.until_ns
    if not holds & HOLD_SHELVED:
        until_ns = 0
    if move.after == "B" != move.before:
        raised_at_ns = move.at_ns
    if move.after == "A":
        return None
    return AlarmStanding(
        alarm_id=move.alarm_id, state=move.after, active=move.active, holds=holds, until_ns=until_ns,
        raised_at_ns=raised_at_ns,
    )
