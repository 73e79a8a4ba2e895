"""How the state follows: area acts."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.areaact import KEEP_AREA_ACTS, AreaAct
from console.model.citystate import CityState
from console.model.folds.base import Folds

replace = msgspec.structs.replace


def _proposed(state: CityState, entry: ev.Entry, event: ev.AreaActProposed) -> None:
    state.area_acts[event.act_id] = AreaAct(
        id=event.act_id, name=event.name, polygon=event.polygon, parts=event.parts, summary=event.summary,
        warning=event.warning, desk=event.desk, person=event.person, at_ns=entry.at_ns, stage="proposed",
        token=event.token, confirm_by_ns=event.confirm_by_ns, incident_id=event.incident_id,
        sketch_id=event.sketch_id, left_out=event.left_out, takes_back=event.takes_back,
    )  # fmt: skip
    if len(state.area_acts) > KEEP_AREA_ACTS:
        over = [one.id for one in state.area_acts.values() if one.stage != "proposed"]
        for act_id in over[: len(state.area_acts) - KEEP_AREA_ACTS]:
            del state.area_acts[act_id]


def _confirmed(state: CityState, entry: ev.Entry, event: ev.AreaActConfirmed) -> None:
    act = state.area_acts.get(event.act_id)
    if act is None:
        return
    state.area_acts[act.id] = replace(
        act, stage="ordered", parts=event.parts, left_out=event.left_out, ordered_at_ns=entry.at_ns
    )
    earlier = state.area_acts.get(act.takes_back)
    if earlier is not None:
        state.area_acts[earlier.id] = replace(earlier, taken_back_by=act.id)


def _cancelled(state: CityState, entry: ev.Entry, event: ev.AreaActCancelled) -> None:
    act = state.area_acts.get(event.act_id)
    if act is not None:
        state.area_acts[act.id] = replace(act, stage="unconfirmed" if event.timed_out else "cancelled")


FOLDS: Folds = {
    ev.AreaActProposed: _proposed,
    ev.AreaActConfirmed: _confirmed,
    ev.AreaActCancelled: _cancelled,
}
