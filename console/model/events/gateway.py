"""Gateways to other systems: how they are."""

from __future__ import annotations

from console.model.events.base import Event
from console.model.gateway import GatewayReport


class GatewayChanged(Event, frozen=True, kw_only=True, tag="gateway.changed"):
    """A gateway's other side came or went, its input could not be used, it was stopped, or it said nothing
    for ten seconds.
    """

    gateway: str
    report: GatewayReport
