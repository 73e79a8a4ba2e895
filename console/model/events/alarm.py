"""What became of alarms."""

from __future__ import annotations

from console.model.base import Place, Words
from console.model.events.base import Event


class AlarmMoved(Event, frozen=True, kw_only=True, tag="alarm.moved"):
    """One transition of one alarm (ISA-18.2 / IEC 62682). Every stimulus is one, also where what is shown
    stays the same: a condition that comes while the alarm is shelved.

    `before`, `after`: the standard's letters A to I. `stimulus`: began, ended, acknowledge, reset, shelve,
    unshelve, shelf_time_over, suppress, unsuppress, remove, return. `active`: whether the condition is there
    now. `who`: "person:NAME" or "rule:NAME"; `why`: a person's reason, or the id of the alarm that suppresses
    this one. `at_ns` is the measuring's own time where a reading moved it. `place` and `text` are told where
    the log does not know them yet, and each time it is put before a person as new.
    """

    alarm_id: str
    occurrence: str
    at_ns: int
    before: str
    after: str
    stimulus: str
    active: bool
    who: str
    why: str = ""
    value: float | None = None
    until_ns: int = 0
    priority: int
    limit_id: str = ""
    point_index: int = -1
    device_id: str = ""
    group: str = ""
    place: Place | None = None
    text: Words | None = None

    @property
    def is_new(self) -> bool:
        """Whether it puts the alarm before a person as new."""
        return self.after == "B" != self.before


class AlarmFloodChanged(Event, frozen=True, kw_only=True, tag="alarm.flood_changed"):
    """A desk gets more alarms than a person can take in, or no longer does: `alarms` in the last period."""

    desk: str
    flooded: bool
    alarms: int


class AlarmRaised(Event, frozen=True, kw_only=True, tag="alarm.raised"):
    """A value went beyond its limit and stayed there for the delay. Of older logs: `alarm_id` is what
    `occurrence` is of `alarm.moved`."""

    alarm_id: str
    limit_id: str
    point_index: int
    device_id: str
    priority: int
    place: Place
    text: Words
    value: float


class AlarmCleared(Event, frozen=True, kw_only=True, tag="alarm.cleared"):
    """The value came back beyond the clear level. Of older logs."""

    alarm_id: str
    value: float


class AlarmAcknowledged(Event, frozen=True, kw_only=True, tag="alarm.acknowledged"):
    """A person has seen the alarm. Of older logs."""

    alarm_id: str
    person: str
