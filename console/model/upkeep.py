"""Repair tickets, and devices that people took out of service."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record

TicketStage = Literal["reported", "accepted", "working", "repaired", "closed", "rejected"]
"""What the contractor says of it: told, taken, at it, repaired; then what we say: closed. A rejected one went
to the wrong contractor, or there is nothing to repair."""
OPEN_STAGES: tuple[TicketStage, ...] = ("reported", "accepted", "working", "repaired")


class TicketRemark(Record, frozen=True, kw_only=True):
    """One move of a ticket: when, by whom, to which stage, with which words."""

    at_ns: int
    person: str
    stage: TicketStage
    text: str = ""


class Ticket(Record, frozen=True, kw_only=True):
    """One repair that was asked for. `remarks` are its moves, oldest first; the last one says its stage."""

    id: str
    device_ids: tuple[str, ...]
    contractor: str
    remarks: tuple[TicketRemark, ...]

    @property
    def stage(self) -> TicketStage:
        return self.remarks[-1].stage

    @property
    def is_open(self) -> bool:
        return self.stage in OPEN_STAGES


class OutOfService(Record, frozen=True, kw_only=True):
    """A device that does not count: works, a season, a road closed. `until_ns` is what was planned (0: open);
    it stays out until somebody returns it."""

    since_ns: int
    person: str
    reason: str
    until_ns: int = 0
