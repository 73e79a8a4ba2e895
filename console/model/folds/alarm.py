"""How the state follows: alarms, what stands together, floods."""

from __future__ import annotations

from typing import cast

import msgspec

from console.model import events as ev
from console.model.alarm import (
    HOLD_OUT_OF_SERVICE,
    HOLD_SHELVED,
    HOLD_SUPPRESSED,
    SHOWN,
    Alarm,
    AlarmGroup,
    AlarmState,
    Hiding,
    alarm_of,
    held,
)
from console.model.citystate import CityState
from console.model.folds.base import Folds


def _moved(state: CityState, entry: ev.Entry, event: ev.AlarmMoved) -> None:
    before = state.alarms.get(event.alarm_id)
    if event.after == "A":
        if before is not None:
            _put(state, event.alarm_id, None)
        return
    known = before if before is not None else _new(event)
    if known is not None:
        _put(state, event.alarm_id, _after(known, event))


def _new(event: ev.AlarmMoved) -> Alarm | None:
    """An alarm this log says nothing of yet; None where it does not say what it is either."""
    if event.place is None or event.text is None:
        return None
    return Alarm(
        id=event.alarm_id, priority=event.priority, place=event.place, text=event.text, raised_at_ns=0,
        changed_at_ns=event.at_ns, limit_id=event.limit_id, point_index=event.point_index,
        device_id=event.device_id, group=event.group,
    )


def _after(alarm: Alarm, event: ev.AlarmMoved) -> Alarm:
    holds = held(alarm.holds, event.stimulus)
    is_new = event.after == "B" != event.before
    by_person = Hiding(by=event.who, why=event.why, at_ns=event.at_ns)
    told: dict[str, object] = {
        "shelf": by_person if event.stimulus == "shelve" else alarm.shelf,
        "removal": by_person if event.stimulus == "remove" else alarm.removal,
        "cause_id": event.why if event.stimulus == "suppress" else alarm.cause_id,
        "until_ns": event.until_ns if event.stimulus == "shelve" else alarm.until_ns,
    }
    if not holds & HOLD_SHELVED:
        told |= {"shelf": None, "until_ns": 0}
    if not holds & HOLD_OUT_OF_SERVICE:
        told["removal"] = None
    if not holds & HOLD_SUPPRESSED:
        told["cause_id"] = ""
    if is_new:
        told |= {
            "raised_at_ns": event.at_ns, "priority": event.priority, "place": event.place or alarm.place,
            "text": event.text or alarm.text, "acknowledged_by": "", "acknowledged_at_ns": 0,
        }  # fmt: skip
    elif event.stimulus == "acknowledge":
        told |= {"acknowledged_by": event.who.partition(":")[2], "acknowledged_at_ns": event.at_ns}
    if event.occurrence != alarm.occurrence:
        told |= {"occurrence": event.occurrence, "incident_id": ""}
    if event.value is not None:
        told["value"] = event.value
    return msgspec.structs.replace(
        alarm, state=cast("AlarmState", event.after), active=event.active, holds=holds,
        changed_at_ns=event.at_ns, **told,
    )  # fmt: skip


def _put(state: CityState, alarm_id: str, alarm: Alarm | None) -> None:
    """Keep or forget an alarm, and follow what stands in its group."""
    before = state.alarms.get(alarm_id)
    stood, stands = before is not None and before.state in SHOWN, alarm is not None and alarm.state in SHOWN
    if stood and before is not None and (not stands or (alarm is not None and alarm.group != before.group)):
        _leaves(state, before.group)
        stood = False
    if alarm is None:
        del state.alarms[alarm_id]
        return
    state.alarms[alarm_id] = alarm
    if stands:
        _stands(state, alarm, joins=not stood)


def _stands(state: CityState, alarm: Alarm, joins: bool) -> None:
    group = state.alarm_groups.get(alarm.group)
    if group is None:
        group = AlarmGroup(first=alarm.id, at_ns=alarm.raised_at_ns, priority=alarm.priority, standing=0)
    elif joins and (alarm.raised_at_ns, alarm.priority, alarm.id) < (
        group.at_ns, group.priority, group.first,
    ):  # fmt: skip
        group = msgspec.structs.replace(
            group, first=alarm.id, at_ns=alarm.raised_at_ns, priority=alarm.priority
        )
    if joins:
        group = msgspec.structs.replace(group, standing=group.standing + 1)
    state.alarm_groups[alarm.group] = group


def _leaves(state: CityState, name: str) -> None:
    group = state.alarm_groups.get(name)
    if group is not None and group.standing > 1:
        state.alarm_groups[name] = msgspec.structs.replace(group, standing=group.standing - 1)
    else:
        state.alarm_groups.pop(name, None)


def _flood(state: CityState, entry: ev.Entry, event: ev.AlarmFloodChanged) -> None:
    if event.flooded:
        state.floods[event.desk] = entry.at_ns
    else:
        state.floods.pop(event.desk, None)


def _raised(state: CityState, entry: ev.Entry, event: ev.AlarmRaised) -> None:
    name = alarm_of(event.alarm_id)
    _put(
        state, name,
        Alarm(
            id=name, occurrence=event.alarm_id, limit_id=event.limit_id, point_index=event.point_index,
            device_id=event.device_id, group=event.device_id, priority=event.priority, place=event.place,
            text=event.text, value=event.value, raised_at_ns=entry.at_ns, changed_at_ns=entry.at_ns,
        ),
    )  # fmt: skip


def _cleared(state: CityState, entry: ev.Entry, event: ev.AlarmCleared) -> None:
    alarm = _standing(state, event.alarm_id)
    if alarm is not None and alarm.state == "C":
        _put(state, alarm.id, None)
    elif alarm is not None and alarm.state == "B":
        over = msgspec.structs.replace(
            alarm, state="D", active=False, value=event.value, changed_at_ns=entry.at_ns
        )
        _put(state, alarm.id, over)


def _acknowledged(state: CityState, entry: ev.Entry, event: ev.AlarmAcknowledged) -> None:
    alarm = _standing(state, event.alarm_id)
    if alarm is not None and alarm.state == "D":
        _put(state, alarm.id, None)
    elif alarm is not None and alarm.state == "B":
        seen = msgspec.structs.replace(
            alarm, state="C", acknowledged_by=event.person, acknowledged_at_ns=entry.at_ns,
            changed_at_ns=entry.at_ns,
        )  # fmt: skip
        _put(state, alarm.id, seen)


def _standing(state: CityState, occurrence: str) -> Alarm | None:
    """The alarm, where it is this occurrence of it that stands."""
    alarm = state.alarms.get(alarm_of(occurrence))
    return alarm if alarm is not None and alarm.occurrence == occurrence else None


def link_alarm(state: CityState, occurrence: str, incident_id: str) -> None:
    """An incident holds this occurrence."""
    alarm = _standing(state, occurrence) if occurrence else None
    if alarm is not None:
        state.alarms[alarm.id] = msgspec.structs.replace(alarm, incident_id=incident_id)


FOLDS: Folds = {
    ev.AlarmMoved: _moved,
    ev.AlarmFloodChanged: _flood,
    ev.AlarmRaised: _raised,
    ev.AlarmCleared: _cleared,
    ev.AlarmAcknowledged: _acknowledged,
}
