"""How the state follows: procedures of incidents."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.procedurerun import moved, seen


def _moved(state: CityState, entry: ev.Entry, event: ev.ProcedureMoved) -> None:
    run = state.procedures.get(event.incident_id)
    if run is not None:
        state.procedures[event.incident_id] = moved(run, event)
    case = state.cases.get(event.incident_id)
    if case is not None and case.is_open and case.owner and event.who == f"person:{case.owner}":
        # Who does the steps of what is his is not silent about it.
        state.cases[case.id] = msgspec.structs.replace(case, acted_ns=entry.at_ns)


def _noticed(state: CityState, entry: ev.Entry, event: ev.ProcedureNoticed) -> None:
    run = state.procedures.get(event.incident_id)
    if run is not None:
        state.procedures[event.incident_id] = seen(run, event.person, entry.at_ns, event.until_ns)


FOLDS: Folds = {ev.ProcedureMoved: _moved, ev.ProcedureNoticed: _noticed}
