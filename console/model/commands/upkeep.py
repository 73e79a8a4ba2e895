"""Orders about the upkeep of devices."""

from __future__ import annotations

from console.model.commands.base import Command
from console.model.upkeep import TicketStage


class OpenTicket(Command, frozen=True, kw_only=True, tag="open_ticket"):
    """Ask for a repair. Without a `contractor`, it goes to the one who keeps the devices."""

    device_ids: tuple[str, ...]
    text: str
    contractor: str = ""


class ChangeTicket(Command, frozen=True, kw_only=True, tag="change_ticket"):
    """Say how far a repair is."""

    ticket_id: str
    stage: TicketStage
    text: str = ""


class RemoveDevices(Command, frozen=True, kw_only=True, tag="remove_devices"):
    """Take devices out of service, for `for_s` as planned (0: open). Needs a supervisor's desk."""

    device_ids: tuple[str, ...]
    reason: str
    for_s: int = 0


class ReturnDevices(Command, frozen=True, kw_only=True, tag="return_devices"):
    """Let devices count again. Needs a supervisor's desk."""

    device_ids: tuple[str, ...]
