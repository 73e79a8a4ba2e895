"""Which open incidents a camera, a device or an alarm belongs to, without a walk over all of them.

Kept beside the incidents as entries are folded: a flood of 5,000 alarms that clear asks it 5,000 times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from console.model import events as ev
from console.model.citystate import CityState
from console.model.incident import Incident

_ONE = (*ev.OPENED, *ev.GATHERED, ev.IncidentClosed)


def note_about(state: CityState, event: ev.Event) -> None:
    """Follow one event that `state` holds already."""
    if isinstance(event, _ONE):
        _note(state, event.incident_id)
    elif isinstance(event, ev.IncidentsMerged):
        _note(state, event.kept_id)
        _note(state, event.other_id)
    elif isinstance(event, ev.IncidentSplit):
        whole, new = state.incidents.get(event.incident_id), state.incidents.get(event.new_id)
        if whole is not None and new is not None:
            _remove(state, whole.id, set(_things(new)) - set(_things(whole)))
        _note(state, event.new_id)


def open_about(state: CityState, things: Iterable[str]) -> Iterator[Incident]:
    """The incidents that are not closed and have one of these cameras, devices or occurrences, each once."""
    for incident_id in dict.fromkeys(one for thing in things for one in state.open_about.get(thing, ())):
        incident = state.incidents.get(incident_id)
        if incident is not None and incident.stage != "closed":
            yield incident


def _things(incident: Incident) -> tuple[str, ...]:
    return (*incident.camera_ids, *incident.device_ids, *incident.alarm_ids)


def _note(state: CityState, incident_id: str) -> None:
    incident = state.incidents.get(incident_id)
    if incident is None:
        return
    if incident.stage == "closed":
        _remove(state, incident_id, _things(incident))
        return
    for thing in _things(incident):
        there = state.open_about.get(thing, ())
        if incident_id not in there:
            state.open_about[thing] = (*there, incident_id)


def _remove(state: CityState, incident_id: str, things: Iterable[str]) -> None:
    for thing in things:
        left = tuple(one for one in state.open_about.get(thing, ()) if one != incident_id)
        if left:
            state.open_about[thing] = left
        else:
            state.open_about.pop(thing, None)
