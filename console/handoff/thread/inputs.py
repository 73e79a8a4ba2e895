"""What can happen to a thread: our acts, the line's receipts, the partner's statements."""

from __future__ import annotations

from console.model.base import Record
from console.model.ladder import Essence, PhoneCall, Shape, Statement, Update


class Drafted(Record, frozen=True, kw_only=True, tag="drafted"):
    """A person began a hand-off. Makes a thread (`steps.begin`)."""

    at_ns: int
    id: str
    incident_id: str
    agency: str
    revision: int
    person: str
    essence: Essence
    shape: Shape = "single"
    group: str = ""
    follows: str = ""


class Queued(Record, frozen=True, kw_only=True, tag="queued"):
    """Sent, as far as a person is concerned: the bytes are owed, and on our disk."""

    at_ns: int
    message_id: str


class BytesLeft(Record, frozen=True, kw_only=True, tag="bytes_left"):
    at_ns: int
    attempt: int


class Receipt(Record, frozen=True, kw_only=True, tag="receipt"):
    """The partner's machine has the message on its disk."""

    at_ns: int
    message_id: str
    case_ref: str = ""


class PartnerSaid(Record, frozen=True, kw_only=True, tag="partner_said"):
    statement: Statement


class CancelAsked(Record, frozen=True, kw_only=True, tag="cancel_asked"):
    at_ns: int
    message_id: str
    person: str
    reason: str


class UpdateQueued(Record, frozen=True, kw_only=True, tag="update_queued"):
    update: Update


class Called(Record, frozen=True, kw_only=True, tag="called"):
    call: PhoneCall


class Rerouted(Record, frozen=True, kw_only=True, tag="rerouted"):
    """Another thread goes on where this one was refused."""

    at_ns: int
    to_thread: str


class GivenUp(Record, frozen=True, kw_only=True, tag="given_up"):
    """A person ends a thread the partner never confirmed; the telephone has done its work."""

    at_ns: int
    person: str
    reason: str


class Expired(Record, frozen=True, kw_only=True, tag="expired"):
    """A draft nobody sent is old."""

    at_ns: int


class Flagged(Record, frozen=True, kw_only=True, tag="flagged"):
    """Something about this thread and others of its incident that a person must see (`responses.to_flag`)."""

    at_ns: int
    what: str
    about: str


class Seen(Record, frozen=True, kw_only=True, tag="seen"):
    """A person has seen what was flagged."""

    at_ns: int
    person: str


AnyInput = (
    Queued | BytesLeft | Receipt | PartnerSaid | CancelAsked | UpdateQueued | Called | Rerouted | GivenUp
    | Expired | Flagged | Seen
)  # fmt: skip
