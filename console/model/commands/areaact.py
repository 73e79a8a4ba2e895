"""Area acts."""

from __future__ import annotations

from console.model.areaact import AreaOrder
from console.model.base import Position
from console.model.commands.base import Command


class OrderArea(Command, frozen=True, kw_only=True, tag="order_area"):
    """Ask for one act of several orders in an area. Its id is the request's. Nothing is sent before it is
    confirmed. `sketch_id` is the area on the map it was drawn as, or empty."""

    name: str
    polygon: tuple[Position, ...]
    orders: tuple[AreaOrder, ...]
    incident_id: str = ""
    sketch_id: str = ""


class TakeBackArea(Command, frozen=True, kw_only=True, tag="take_back_area"):
    """Ask for the opposite of an act: every device of it back to its control's safe value, as one act."""

    act_id: str


class ConfirmArea(Command, frozen=True, kw_only=True, tag="confirm_area"):
    """Say yes to the summary; `token` is the one that came with it."""

    act_id: str
    token: str


class CancelArea(Command, frozen=True, kw_only=True, tag="cancel_area"):
    """Say no: nothing is sent."""

    act_id: str
