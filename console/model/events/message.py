"""Disaster messages: drafted, let go by a second person, sent, received, or loudly not."""

from __future__ import annotations

from typing import Literal

from console.model.base import Words
from console.model.events.base import Event
from console.model.message import MessageContent


class MessageDrafted(Event, frozen=True, kw_only=True, tag="message.drafted"):
    """A draft is there for somebody to approve, or was written anew (`revision` above 1)."""

    message_id: str
    revision: int
    desk: str
    person: str
    content: MessageContent
    digest: str
    incident_id: str = ""


class MessageDiscarded(Event, frozen=True, kw_only=True, tag="message.discarded"):
    """A draft was put away: nothing was sent."""

    message_id: str
    desk: str
    person: str
    reason: str
    incident_id: str = ""


class MessageApproved(Event, frozen=True, kw_only=True, tag="message.approved"):
    """A second person let it go. `cap` is exactly what each outlet is owed from now on: the record is the
    outbox. `by_code`: at the desk that drafted it, by the person's own code."""

    message_id: str
    desk: str
    person: str
    digest: str
    by_code: bool
    sender: str
    identifier: str
    sent: str
    expires_ns: int
    outlets: tuple[str, ...]
    cap: str
    incident_id: str = ""


class MessageApprovalFailed(Event, frozen=True, kw_only=True, tag="message.approval_failed"):
    """Somebody gave a wrong code for this person."""

    message_id: str
    desk: str
    person: str
    approver: str


class MessageSent(Event, frozen=True, kw_only=True, tag="message.sent"):
    """The bytes left for an outlet. Told for the first try, and for the one that was received."""

    message_id: str
    outlet: str
    attempt: int


class MessageReceived(Event, frozen=True, kw_only=True, tag="message.received"):
    """The outlet has it: a receipt, or a file that is on the disk."""

    message_id: str
    outlet: str
    receipt: str


class MessageStalled(Event, frozen=True, kw_only=True, tag="message.stalled"):
    """No receipt in time, or a refusal. It is tried on, and a person is told loudly."""

    message_id: str
    outlet: str
    refused: bool
    reason: Words


class MessageLapsed(Event, frozen=True, kw_only=True, tag="message.lapsed"):
    """Its time was over before the outlet had it: it is not sent any more."""

    message_id: str
    outlet: str
    reason: Words


class OutletChanged(Event, frozen=True, kw_only=True, tag="outlet.changed"):
    """An outlet works or does not. `kind` empty: it is not configured any more."""

    outlet: str
    sort: Literal["file", "https", ""]
    up: bool
    why: Words
