"""How the state follows: sketches on the map."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds


def _shared(state: CityState, entry: ev.Entry, event: ev.SketchShared) -> None:
    # What belonged to an incident that is over makes room, as it is shown no more.
    over = [one.id for one in state.sketches.values() if one.incident_id and _is_over(state, one.incident_id)]
    for sketch_id in over:
        del state.sketches[sketch_id]
    state.sketches[event.sketch.id] = msgspec.structs.replace(
        event.sketch, desk=event.desk, person=event.person, at_ns=entry.at_ns
    )


def _is_over(state: CityState, incident_id: str) -> bool:
    incident = state.incidents.get(incident_id)
    return incident is None or incident.stage == "closed"


def _removed(state: CityState, entry: ev.Entry, event: ev.SketchRemoved) -> None:
    state.sketches.pop(event.sketch_id, None)


FOLDS: Folds = {ev.SketchShared: _shared, ev.SketchRemoved: _removed}
