"""What became of official warnings."""

from __future__ import annotations

from console.model.events.base import Event
from console.model.warning import AsideWhy, EndedWhy, WarningJudgement, WarningMessage


class WarningIssued(Event, frozen=True, kw_only=True, tag="warning.issued"):
    """An authority warns, and it concerns this city."""

    warning_id: str
    message: WarningMessage
    judged: WarningJudgement
    incident_id: str


class WarningUpdated(Event, frozen=True, kw_only=True, tag="warning.updated"):
    """The authority said something newer; the warnings it takes the place of no longer stand."""

    warning_id: str
    message: WarningMessage
    judged: WarningJudgement
    incident_id: str
    replaces: tuple[str, ...]


class WarningEnded(Event, frozen=True, kw_only=True, tag="warning.ended"):
    """A warning no longer stands. `by` is the message that ended it and its `note`; empty where time did."""

    warning_id: str
    why: EndedWhy
    headline: str
    by: str
    sent_ns: int
    note: str


class WarningSetAside(Event, frozen=True, kw_only=True, tag="warning.set_aside"):
    """A message that changes nothing here, and why. `references` are the messages it speaks of."""

    warning_id: str
    source: str
    why: AsideWhy
    headline: str
    area: str
    sent_ns: int
    note: str
    references: tuple[str, ...]


class WarningAcknowledged(Event, frozen=True, kw_only=True, tag="warning.acknowledged"):
    """A person has read the warning."""

    warning_id: str
    desk: str
    person: str
