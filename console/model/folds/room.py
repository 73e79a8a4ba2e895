"""How the state follows: the hub, the desks, the devices."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.citystate import CityState, DeskPresence, DeviceState
from console.model.folds.base import Folds


def _hub_started(state: CityState, entry: ev.Entry, event: ev.HubStarted) -> None:
    state.city, state.profile_digest = event.city, event.profile_digest
    state.desks.clear()
    state.control_ways.clear()  # whoever carries orders says so to the new hub


def _desk_connected(state: CityState, entry: ev.Entry, event: ev.DeskConnected) -> None:
    state.desks[event.desk] = DeskPresence(person=event.person, since_ns=entry.at_ns)


def _desk_left(state: CityState, entry: ev.Entry, event: ev.DeskLeft) -> None:
    state.desks.pop(event.desk, None)


def _condition(state: CityState, entry: ev.Entry, event: ev.DeviceConditionChanged) -> None:
    if event.condition == "up":
        state.devices.pop(event.device_id, None)
        return
    state.devices[event.device_id] = DeviceState(
        condition=event.condition, since_ns=entry.at_ns, why=event.why
    )


def _viewing(state: CityState, entry: ev.Entry, event: ev.ViewingStarted) -> None:
    desk = state.desks.get(event.desk)
    if desk is not None:
        more = tuple(one for one in event.camera_ids if one not in desk.viewing)
        state.desks[event.desk] = msgspec.structs.replace(desk, viewing=desk.viewing + more)


def _not_viewing(state: CityState, entry: ev.Entry, event: ev.ViewingEnded) -> None:
    desk = state.desks.get(event.desk)
    if desk is not None:
        left = tuple(one for one in desk.viewing if one not in event.camera_ids)
        state.desks[event.desk] = msgspec.structs.replace(desk, viewing=left)


FOLDS: Folds = {
    ev.HubStarted: _hub_started,
    ev.DeskConnected: _desk_connected,
    ev.DeskLeft: _desk_left,
    ev.DeviceConditionChanged: _condition,
    ev.ViewingStarted: _viewing,
    ev.ViewingEnded: _not_viewing,
}
