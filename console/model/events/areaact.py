"""Area acts. The orders to devices they become are entries of their own (`control.ordered`)."""

from __future__ import annotations

from console.model.areaact import AreaPart, LeftOut
from console.model.base import Position, Words
from console.model.events.base import Event


class AreaActProposed(Event, frozen=True, kw_only=True, tag="area.proposed"):
    """A person asked for orders to everything in an area. Nothing is sent before the same desk and person
    confirm it with `token`, until `confirm_by_ns`. `takes_back` is an earlier act that this one undoes."""

    act_id: str
    desk: str
    person: str
    name: str
    polygon: tuple[Position, ...]
    parts: tuple[AreaPart, ...]
    summary: Words
    warning: Words
    token: str
    confirm_by_ns: int
    left_out: tuple[LeftOut, ...] = ()
    incident_id: str = ""
    sketch_id: str = ""
    takes_back: str = ""


class AreaActConfirmed(Event, frozen=True, kw_only=True, tag="area.confirmed"):
    """The second yes. The orders of `parts` are entries of the same transaction; `left_out` are those that
    could not be ordered any more."""

    act_id: str
    desk: str
    person: str
    parts: tuple[AreaPart, ...]
    left_out: tuple[LeftOut, ...] = ()
    takes_back: str = ""
    incident_id: str = ""


class AreaActCancelled(Event, frozen=True, kw_only=True, tag="area.cancelled"):
    """Not confirmed: a person said no, or nobody said yes in time (`timed_out`). Nothing was sent."""

    act_id: str
    desk: str
    person: str
    timed_out: bool = False
    incident_id: str = ""
