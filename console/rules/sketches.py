"""What may be drawn on everybody's map."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from console.model import commands as do
from console.model import events as ev
from console.model.sketch import sketch_problem
from console.model.state import CityState
from console.rules.city import City, Phrase
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.rights import is_supervisor, refusal

MOST_SKETCHES = 300


class SketchRules:
    """Decides what is asked about sketches. Anybody may draw; what another desk drew, only that desk or a
    supervisor changes or takes away."""

    def __init__(self, city: City, phrase: Phrase) -> None:
        self._city, self._phrase = city, phrase
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.ShareSketch: self._share,
            do.RemoveSketch: self._remove,
        }

    def _share(
        self, state: CityState, request: do.Request, command: do.ShareSketch, draft: Drafting, now: int
    ) -> Decision | Refusal:
        told = command.sketch
        problem = sketch_problem(told)
        if problem:
            return self._refuse("bad_sketch", problem=problem)
        if told.incident_id:
            incident = state.incidents.get(told.incident_id)
            if incident is None:
                return self._refuse("unknown_incident", incident=told.incident_id)
            if incident.stage == "closed":
                return self._refuse("closed_incident", incident=told.incident_id)
        before = state.sketches.get(told.id)
        if before is None and len(state.sketches) >= MOST_SKETCHES:
            return self._refuse("too_many_sketches", limit=str(MOST_SKETCHES))
        # Who and when are what the hub knows, not what was sent.
        sketch = msgspec.structs.replace(
            told, text=told.text.strip(), desk=request.desk, person=request.person, at_ns=now
        )
        if before is not None:
            if not self._may_change(request.desk, before.desk):
                return self._refuse("sketch_of_other", person=before.person)
            if msgspec.structs.replace(before, at_ns=now) == sketch:
                return NOTHING
        draft.add(ev.SketchShared(desk=request.desk, person=request.person, sketch=sketch))
        return Decision(tuple(draft.drafts))

    def _remove(
        self, state: CityState, request: do.Request, command: do.RemoveSketch, draft: Drafting, now: int
    ) -> Decision | Refusal:
        before = state.sketches.get(command.sketch_id)
        if before is None:
            return NOTHING
        if not self._may_change(request.desk, before.desk):
            return self._refuse("sketch_of_other", person=before.person)
        draft.add(
            ev.SketchRemoved(
                desk=request.desk, person=request.person, sketch_id=before.id, incident_id=before.incident_id
            )
        )
        return Decision(tuple(draft.drafts))

    def _may_change(self, desk: str, owner: str) -> bool:
        return desk == owner or is_supervisor(self._city, desk)

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)
