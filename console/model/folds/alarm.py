"""How the state follows: alarms."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.incident import Alarm


def _alarm_raised(state: CityState, entry: ev.Entry, event: ev.AlarmRaised) -> None:
    state.alarms[event.alarm_id] = Alarm(
        id=event.alarm_id, limit_id=event.limit_id, point_index=event.point_index, device_id=event.device_id,
        priority=event.priority, place=event.place, text=event.text, value=event.value,
        raised_at_ns=entry.at_ns,
    )


def _alarm_cleared(state: CityState, entry: ev.Entry, event: ev.AlarmCleared) -> None:
    alarm = state.alarms.get(event.alarm_id)
    if alarm is None:
        return
    if alarm.state == "acknowledged":
        del state.alarms[event.alarm_id]
    else:
        state.alarms[event.alarm_id] = msgspec.structs.replace(alarm, state="returned_unacknowledged")


def _alarm_acknowledged(state: CityState, entry: ev.Entry, event: ev.AlarmAcknowledged) -> None:
    alarm = state.alarms.get(event.alarm_id)
    if alarm is None:
        return
    if alarm.state == "returned_unacknowledged":
        del state.alarms[event.alarm_id]
    else:
        state.alarms[event.alarm_id] = msgspec.structs.replace(alarm, state="acknowledged")


def link_alarm(state: CityState, alarm_id: str, incident_id: str) -> None:
    """Say in the alarm which incident it belongs to."""
    alarm = state.alarms.get(alarm_id)
    if alarm is not None:
        state.alarms[alarm_id] = msgspec.structs.replace(alarm, incident_id=incident_id)


FOLDS: Folds = {
    ev.AlarmRaised: _alarm_raised,
    ev.AlarmCleared: _alarm_cleared,
    ev.AlarmAcknowledged: _alarm_acknowledged,
}
