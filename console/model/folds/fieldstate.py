"""How the state follows: what the field's rules say."""

from __future__ import annotations

from console.model import events as ev
from console.model.citystate import CityState
from console.model.fieldstate import ORDINARY, FieldState
from console.model.folds.base import Folds


def _changed(state: CityState, entry: ev.Entry, event: ev.FieldStateChanged) -> None:
    if event.state == ORDINARY:
        state.field_states.pop(event.subject, None)
        return
    state.field_states[event.subject] = FieldState(
        rule=event.rule, state=event.state, grade=event.grade, words=event.words, since_ns=entry.at_ns
    )


FOLDS: Folds = {ev.FieldStateChanged: _changed}
