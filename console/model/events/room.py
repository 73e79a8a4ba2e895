"""The hub, the desks, what sources and devices say."""

from __future__ import annotations

from console.model.base import Words
from console.model.device import Condition
from console.model.events.base import Event
from console.model.incident import Signal


class HubStarted(Event, frozen=True, kw_only=True, tag="hub.started"):
    """The hub began a new run on this ledger."""

    version: str
    profile_digest: str
    city: str


class DeskConnected(Event, frozen=True, kw_only=True, tag="desk.connected"):
    """A person sat down at a desk."""

    desk: str
    person: str


class DeskLeft(Event, frozen=True, kw_only=True, tag="desk.left"):
    """A desk closed, or said nothing for five seconds."""

    desk: str
    person: str


class SignalReceived(Event, frozen=True, kw_only=True, tag="signal.received"):
    """A source said that something happened. Kept whether or not it opens an incident."""

    signal: Signal


class DeviceConditionChanged(Event, frozen=True, kw_only=True, tag="device.condition_changed"):
    """A device went down, came back, or works badly."""

    device_id: str
    condition: Condition
    why: Words
