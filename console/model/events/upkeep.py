"""What became of repairs, and of devices taken out of service."""

from __future__ import annotations

from console.model.events.base import Event
from console.model.upkeep import TicketStage


class TicketOpened(Event, frozen=True, kw_only=True, tag="ticket.opened"):
    """A repair was asked for."""

    ticket_id: str
    desk: str
    person: str
    device_ids: tuple[str, ...]
    contractor: str
    text: str


class TicketChanged(Event, frozen=True, kw_only=True, tag="ticket.changed"):
    """A repair went on: what the contractor said, or that we are content."""

    ticket_id: str
    desk: str
    person: str
    stage: TicketStage
    text: str


class DevicesRemoved(Event, frozen=True, kw_only=True, tag="device.removed_from_service"):
    """These devices do not count until somebody returns them; `until_ns` is what is planned, 0 open."""

    desk: str
    person: str
    device_ids: tuple[str, ...]
    reason: str
    until_ns: int = 0


class DevicesReturned(Event, frozen=True, kw_only=True, tag="device.returned_to_service"):
    """These devices count again."""

    desk: str
    person: str
    device_ids: tuple[str, ...]
