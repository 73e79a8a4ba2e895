"""Area acts: what stands in a drawn area is ordered as one, confirmed once, and taken back as one."""

from __future__ import annotations

from typing import Literal

from console.model.base import Position, Record, Words

AreaStage = Literal["proposed", "ordered", "cancelled", "unconfirmed"]
"""`unconfirmed`: nobody said yes in time, and nothing was sent."""


class AreaOrder(Record, frozen=True, kw_only=True):
    """One control's value for the devices of one sort in the area."""

    control: str
    value: str
    device_ids: tuple[str, ...]


class AreaPart(Record, frozen=True, kw_only=True):
    """An `AreaOrder` as it was understood. `order_ids`: the orders to devices it became, once confirmed."""

    control: str
    value: str
    value_words: Words
    device_ids: tuple[str, ...]
    order_ids: tuple[str, ...] = ()


class LeftOut(Record, frozen=True, kw_only=True):
    """A device that stands in the area and is not ordered, and why."""

    device_id: str
    why: Words


class AreaAct(Record, frozen=True, kw_only=True):
    """One act. `takes_back` is the act this one undoes; `taken_back_by` the one that undid it."""

    id: str
    name: str
    polygon: tuple[Position, ...]
    parts: tuple[AreaPart, ...]
    summary: Words
    warning: Words
    desk: str
    person: str
    at_ns: int
    stage: AreaStage
    token: str
    confirm_by_ns: int
    incident_id: str = ""
    sketch_id: str = ""
    left_out: tuple[LeftOut, ...] = ()
    takes_back: str = ""
    taken_back_by: str = ""
    ordered_at_ns: int = 0

    @property
    def order_ids(self) -> tuple[str, ...]:
        """The orders to devices it became."""
        return tuple(order_id for part in self.parts for order_id in part.order_ids)


KEEP_AREA_ACTS = 100
