"""What became of alarms."""

from __future__ import annotations

from console.model.base import Place, Words
from console.model.events.base import Event


class AlarmRaised(Event, frozen=True, kw_only=True, tag="alarm.raised"):
    """A value went beyond its limit and stayed there for the delay."""

    alarm_id: str
    limit_id: str
    point_index: int
    device_id: str
    priority: int
    place: Place
    text: Words
    value: float


class AlarmCleared(Event, frozen=True, kw_only=True, tag="alarm.cleared"):
    """The value came back beyond the clear level."""

    alarm_id: str
    value: float


class AlarmAcknowledged(Event, frozen=True, kw_only=True, tag="alarm.acknowledged"):
    """A person has seen the alarm."""

    alarm_id: str
    person: str
