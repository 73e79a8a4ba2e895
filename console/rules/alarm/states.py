"""The states of an alarm and what leads from one to another: ISA-18.2-2016 / IEC 62682, as one table.

The table is data of the standard and nothing is decided elsewhere: `next_states` only looks it up. Two things
are said here that its drawing leaves open, both to the side on which nothing gets lost: a latched alarm whose
condition comes again before the reset is a new alarm (E, F to B); and the three ways of being hidden are held
apart, so that an alarm leaving one of them is in the next that still holds (I before G before H), and only
when none does in A or B. It is never in C without a person having acknowledged it since.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from console.model.alarm import HOLD_OUT_OF_SERVICE, HOLD_SHELVED, HOLD_SUPPRESSED
from console.telemetry.table import U8, Mask


class State(IntEnum):
    """`letter` is the standard's."""

    NORMAL = 0
    UNACKNOWLEDGED = 1
    ACKNOWLEDGED = 2
    RETURNED = 3
    """Back to normal, and nobody has acknowledged it."""
    LATCHED_UNACKNOWLEDGED = 4
    LATCHED_ACKNOWLEDGED = 5
    """Over and seen; shown until a person resets it."""
    SHELVED = 6
    SUPPRESSED = 7
    """By design: by logic, not by a person."""
    OUT_OF_SERVICE = 8

    @property
    def letter(self) -> str:
        return "ABCDEFGHI"[self]


class Stimulus(IntEnum):
    """What an alarm can meet. BEGAN and ENDED are its condition's, after delays and deadband."""

    BEGAN = 0
    ENDED = 1
    ACKNOWLEDGE = 2
    RESET = 3
    SHELVE = 4
    UNSHELVE = 5
    SUPPRESS = 6
    UNSUPPRESS = 7
    REMOVE = 8
    RETURN = 9
    SHELF_TIME_OVER = 10
    """UNSHELVE by the clock."""


A, B, C, D, E, F, G, H, I = State  # noqa: E741
TABLE: dict[tuple[State, Stimulus], tuple[State, State]] = {
    (A, Stimulus.BEGAN): (B, B),
    (B, Stimulus.ACKNOWLEDGE): (C, C),
    (B, Stimulus.ENDED): (D, E),
    (C, Stimulus.ENDED): (A, F),
    (D, Stimulus.ACKNOWLEDGE): (A, A),
    (D, Stimulus.BEGAN): (B, B),
    (E, Stimulus.ACKNOWLEDGE): (F, F),
    (E, Stimulus.BEGAN): (B, B),
    (F, Stimulus.RESET): (A, A),
    (F, Stimulus.BEGAN): (B, B),
}
"""What is not hidden: (state, stimulus) to the next state, of an alarm that does not latch and of one that
does. What is not here changes nothing. Hiding and showing follow from the holds: see `HELD`."""

HELD = np.array([255, G, H, G, I, I, I, I], dtype=np.uint8)
"""By holds: the state an alarm is in while they are in force; 255 where none is."""
ACTIVE_STATES = np.array([False, True, True, False, False, False, False, False, False])
"""By state: whether the alarm stands before the operator and its condition is there (B, C)."""
SHOWN_STATES = np.array([False, True, True, True, True, True, False, False, False])
"""By state: whether it is in the list of alarms (B to F)."""

_NEXT = np.empty((2, len(Stimulus), len(State)), dtype=np.uint8)
_NEXT[:] = np.arange(len(State), dtype=np.uint8)
for (_state, _stimulus), _pair in TABLE.items():
    _NEXT[0, _stimulus, _state], _NEXT[1, _stimulus, _state] = _pair

_HOLD_OF = {
    Stimulus.SHELVE: HOLD_SHELVED, Stimulus.UNSHELVE: HOLD_SHELVED, Stimulus.SHELF_TIME_OVER: HOLD_SHELVED,
    Stimulus.SUPPRESS: HOLD_SUPPRESSED, Stimulus.UNSUPPRESS: HOLD_SUPPRESSED,
    Stimulus.REMOVE: HOLD_OUT_OF_SERVICE, Stimulus.RETURN: HOLD_OUT_OF_SERVICE,
}  # fmt: skip
_TAKES = (Stimulus.SHELVE, Stimulus.SUPPRESS, Stimulus.REMOVE)


def next_states(state: U8, stimulus: Stimulus, latching: Mask, active: Mask, holds: U8) -> U8:
    """The states after `stimulus`; `active` and `holds` are those after it. Element by element."""
    plain = _NEXT[latching.astype(np.intp), int(stimulus), state]
    back = np.where(active, np.uint8(B), np.uint8(A))
    held = HELD[holds]
    shown: U8 = np.where(state >= G, back, plain)
    return np.where(held != 255, held, shown).astype(np.uint8)


def next_holds(holds: U8, stimulus: Stimulus) -> U8:
    """The holds after `stimulus`."""
    bit = _HOLD_OF.get(stimulus, 0)
    return (holds | bit if stimulus in _TAKES else holds & ~np.uint8(bit)).astype(np.uint8)


def possible(state: U8, stimulus: Stimulus, holds: U8) -> Mask:
    """Which alarms `stimulus` means anything to. BEGAN and ENDED always do."""
    if stimulus in (Stimulus.BEGAN, Stimulus.ENDED):
        return np.ones(len(state), dtype=bool)
    if stimulus == Stimulus.SHELVE:
        return np.asarray(state < G)  # hidden already: a second shelf would only keep it away for longer
    bit = _HOLD_OF.get(stimulus)
    if bit is not None:
        return np.asarray(((holds & bit) == 0) == (stimulus in _TAKES))
    return np.asarray(_NEXT[0, int(stimulus), state] != state)
