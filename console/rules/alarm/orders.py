"""What a person may do to alarms: all of what is asked, or nothing with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from console.clock import SECOND_NS
from console.rules.alarm.bank import AlarmBank
from console.rules.alarm.figures import AlarmFigures
from console.rules.alarm.states import Stimulus
from console.rules.alarm.transition import Moves, Rows
from console.rules.city import Phrase
from console.rules.draft import Refusal

MAX_REASON = 1000
_ADMINISTRATIVE = (Stimulus.REMOVE, Stimulus.RETURN)
_WITH_REASON = (Stimulus.SHELVE, *_ADMINISTRATIVE)
_MEANS_NOTHING = {
    Stimulus.ACKNOWLEDGE: "alarm_seen", Stimulus.RESET: "alarm_not_latched",
    Stimulus.SHELVE: "alarm_hidden", Stimulus.UNSHELVE: "alarm_not_shelved",
    Stimulus.REMOVE: "alarm_out_of_service", Stimulus.RETURN: "alarm_in_service",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Order:
    """`stimulus` for some rows, by a person in a role. `seconds` is the time of a shelf."""

    stimulus: Stimulus
    rows: tuple[int, ...]
    person: str
    role: str
    reason: str = ""
    seconds: float = 0.0


class AlarmOrders:
    """Decides orders against the figures and carries them out. One thread: the bank's."""

    def __init__(
        self, bank: AlarmBank, figures: AlarmFigures, id_of: Sequence[str], phrase: Phrase
    ) -> None:
        self._bank, self._figures, self._id_of, self._phrase = bank, figures, id_of, phrase

    def decide(self, order: Order, now_ns: int) -> list[Moves] | Refusal:
        """The moves made, or the refusal and nothing changed. Doing what is done already is refused by name,
        but for acknowledging: two persons may press at once, and both have seen it."""
        if not order.rows or not all(0 <= row < len(self._id_of) for row in order.rows):
            return self._refuse("alarm_rows")
        reason = order.reason.strip()
        if order.stimulus in _WITH_REASON and not 0 < len(reason) <= MAX_REASON:
            return self._refuse("alarm_reason", limit=str(MAX_REASON))
        rows = np.unique(np.array(order.rows, dtype=np.intp))
        refusal = self._right(order, rows)
        if refusal is not None:
            return refusal
        can = self._bank.can(order.stimulus, rows)
        if not can.all() and order.stimulus != Stimulus.ACKNOWLEDGE:
            first = int(rows[int(np.argmin(can))])
            return self._refuse(_MEANS_NOTHING[order.stimulus], alarm=self._id_of[first])
        until_ns = now_ns + int(order.seconds * SECOND_NS) if order.stimulus == Stimulus.SHELVE else 0
        return self._bank.act(order.stimulus, rows, now_ns, f"person:{order.person}", reason, until_ns)

    def _right(self, order: Order, rows: Rows) -> Refusal | None:
        if order.stimulus in _ADMINISTRATIVE and order.role not in self._figures.out_of_service.roles:
            return self._refuse("alarm_role", role=order.role)
        if order.stimulus != Stimulus.SHELVE:
            return None
        right = self._figures.shelving_of(order.role)
        if right is None:
            return self._refuse("alarm_role", role=order.role)
        if not 0 < order.seconds <= right.longest_s:
            return self._refuse("alarm_shelf_time", minutes=f"{right.longest_s / 60:g}")
        priorities = self._bank.columns.priority[rows]
        beyond = ~np.isin(priorities, right.priorities)
        if beyond.any():
            row = int(rows[int(np.argmax(beyond))])
            priority = str(int(priorities[int(np.argmax(beyond))]))
            return self._refuse("alarm_priority", alarm=self._id_of[row], priority=priority)
        return None

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return Refusal(code, self._phrase(f"refused.{code}", **fields))
