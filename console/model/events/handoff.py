"""What became of hand-offs, and of the lines to partners."""

from __future__ import annotations

from console.model.base import Words
from console.model.events.base import Event
from console.model.ladder import Essence, Flag, Shape


class HandoffQueued(Event, frozen=True, kw_only=True, tag="handoff.queued"):
    """The message is owed to the partner; its bytes were written in the same transaction.

    Without `message_id` (older logs) it is the key. `essence` is what was sent, where it is not what was
    drafted; `shape` and `group` are said where it goes with others.
    """

    handoff_id: str
    key: str
    incident_id: str
    agency: str
    revision: int
    person: str
    message_sha256: str
    message_id: str = ""
    essence: Essence | None = None
    shape: Shape | None = None
    group: str = ""


class HandoffSent(Event, frozen=True, kw_only=True, tag="handoff.sent"):
    """The bytes left for the partner, for the `attempt`th time."""

    handoff_id: str
    attempt: int


class HandoffReceived(Event, frozen=True, kw_only=True, tag="handoff.received"):
    """The partner confirmed it under a case number of its own. `flags`: what a person must see of that."""

    handoff_id: str
    agency_ref: str
    flags: tuple[Flag, ...] = ()


class HandoffAccepted(Event, frozen=True, kw_only=True, tag="handoff.accepted"):
    """The partner takes the case. Older logs; now it is `handoff.said`, as the four that follow."""

    handoff_id: str
    words: Words | None = None


class HandoffRejected(Event, frozen=True, kw_only=True, tag="handoff.rejected"):
    """The partner does not take the case, and why."""

    handoff_id: str
    reason: str
    words: Words | None = None


class HandoffDispatched(Event, frozen=True, kw_only=True, tag="handoff.dispatched"):
    """The partner sent somebody."""

    handoff_id: str
    words: Words | None = None


class HandoffArrived(Event, frozen=True, kw_only=True, tag="handoff.arrived"):
    """They are on the scene."""

    handoff_id: str
    words: Words | None = None


class HandoffClosed(Event, frozen=True, kw_only=True, tag="handoff.closed"):
    """The partner closed its case."""

    handoff_id: str
    words: Words | None = None


class HandoffStalled(Event, frozen=True, kw_only=True, tag="handoff.stalled"):
    """The line or the partner did not answer as it must. Older logs; now: `handoff.told`."""

    handoff_id: str
    reason: Words


class PartnerMessageRefused(Event, frozen=True, kw_only=True, tag="partner.message_refused"):
    """A partner sent something that could not be used; kept as a fact with what was wrong."""

    agency: str
    problem: str


class PartnerLinkChanged(Event, frozen=True, kw_only=True, tag="partner.link_changed"):
    """The line to a partner came up or went down."""

    agency: str
    up: bool
    why: Words
