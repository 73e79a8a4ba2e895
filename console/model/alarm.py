"""Alarms as the log tells them: everything a desk shows of one, by the states of ISA-18.2 / IEC 62682.

B unacknowledged · C acknowledged · D over, unacknowledged · E, F the same of one that latches · G shelved ·
H suppressed by design · I out of service. An alarm in A (normal, and nothing hides it) is not kept.
"""

from __future__ import annotations

from typing import Literal

from console.model.base import Place, Record, Words

AlarmState = Literal["B", "C", "D", "E", "F", "G", "H", "I"]
Grade = Literal["on_target", "manageable", "too_many", "flood"]

SHOWN = frozenset("BCDEF")
"""States in which it is in the list of alarms."""
UNSEEN = frozenset("BDE")
"""States in which somebody has to acknowledge it."""

HOLD_SHELVED, HOLD_SUPPRESSED, HOLD_OUT_OF_SERVICE = 1, 2, 4
"""Bits of `Alarm.holds`: the ways of being hidden that are in force. I shows before G before H."""
TAKES = {"shelve": HOLD_SHELVED, "suppress": HOLD_SUPPRESSED, "remove": HOLD_OUT_OF_SERVICE}
GIVES_BACK = {
    "unshelve": HOLD_SHELVED, "shelf_time_over": HOLD_SHELVED, "unsuppress": HOLD_SUPPRESSED,
    "return": HOLD_OUT_OF_SERVICE,
}  # fmt: skip


class Hiding(Record, frozen=True, kw_only=True):
    """Who hid an alarm, why and when. `by` is "person:NAME"."""

    by: str
    why: str
    at_ns: int


class Alarm(Record, frozen=True, kw_only=True):
    """One alarm that is not simply normal.

    `id` stays the same for ever: the limit's id, "DEVICE/silent", "LINE/line" or "GATEWAY/gateway".
    `occurrence` ("ID@second") names this time that it stands, from when it is first put before a person until
    it is normal again; incidents hold occurrences. Guidance is the profile's, by `limit_id` (empty for what
    is no limit). `point_index` is -1 and `device_id` empty where it is about more than one.
    """

    id: str
    priority: int
    place: Place
    text: Words
    raised_at_ns: int
    """When it was last put before a person as new (0: never); the measuring's own time."""
    changed_at_ns: int
    occurrence: str = ""
    limit_id: str = ""
    point_index: int = -1
    device_id: str = ""
    group: str = ""
    """What it shares with others: its device's line, else the device, see `CityState.alarm_groups`."""
    value: float | None = None
    """The last one that began or ended it, in the point's unit."""
    state: AlarmState = "B"
    active: bool = True
    """Whether its condition is there, hidden or not."""
    holds: int = 0
    until_ns: int = 0
    """When its shelf is over (0: not shelved)."""
    shelf: Hiding | None = None
    removal: Hiding | None = None
    """Who took it out of service."""
    cause_id: str = ""
    """The alarm that suppresses it."""
    acknowledged_by: str = ""
    acknowledged_at_ns: int = 0
    incident_id: str = ""

    @property
    def shown(self) -> bool:
        """Whether it is in the list of alarms (B to F)."""
        return self.state in SHOWN

    @property
    def unseen(self) -> bool:
        """Whether somebody has to acknowledge it (B, D, E)."""
        return self.state in UNSEEN


class AlarmGroup(Record, frozen=True, kw_only=True):
    """Alarms of one line or device that stand together. `first` came first (ISA-18.1's "first out"), from
    when one stands until none does; at the same moment the more urgent, then the lower id."""

    first: str
    at_ns: int
    priority: int
    standing: int


class DeskAlarms(Record, frozen=True, kw_only=True):
    """The load of one desk: alarms put before it in the period that ends now, against EEMUA 191."""

    per_period: int
    grade: Grade
    flooded: bool = False
    flood_since_ns: int = 0


class AlarmHealth(Record, frozen=True, kw_only=True):
    """What the hub says of alarms each second. `desks` by id; the lists hold alarm ids, the newest first and
    at most `MOST_NAMED`; `shown` alarms are in states B to F, `hidden` in G to I."""

    desks: dict[str, DeskAlarms]
    shown: int
    hidden: int
    chattering: tuple[str, ...] = ()
    fleeting: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


MOST_NAMED = 50


def occurrence_of(alarm_id: str, at_ns: int) -> str:
    """The name of an alarm that begins then."""
    return f"{alarm_id}@{at_ns // 1_000_000_000}"


def alarm_of(occurrence: str) -> str:
    """The alarm an occurrence is of."""
    return occurrence.rpartition("@")[0] or occurrence


def held(holds: int, stimulus: str) -> int:
    """The holds after a stimulus, told by its name."""
    return (holds | TAKES.get(stimulus, 0)) & ~GIVES_BACK.get(stimulus, 0)
