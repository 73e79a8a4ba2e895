"""One hand-off as a thread with one partner: what we did, what they said, and nothing that follows from it.

Where a thread stands (`console.handoff.thread.standing`) is worked out from these records each time, so that
late, doubled and reordered statements lead to the same standing as those that came in order.
"""

from __future__ import annotations

from typing import Literal

from console.model.base import Position, Record, Words

Rung = Literal[
    "drafted", "queued", "sent", "received", "opened", "accepted", "refused", "assigned", "on_scene", "closed"
]
RUNGS: tuple[Rung, ...] = (
    "drafted", "queued", "sent", "received", "opened", "accepted", "assigned", "on_scene", "closed",
)
"""The order of a thread that goes well; `refused` stands beside it."""

Said = Literal[
    "received", "opened", "accepted", "refused", "assigned", "on_scene", "closed", "transferred",
    "cancel_accepted", "cancel_refused", "note",
]
"""What a partner can say about a case of its own. `transferred`: it passed the case on itself."""

Shape = Literal["single", "joint", "transfer", "reroute"]
"""Why there is this thread: alone; with others at once (공동대응); instead of another partner that has it
(이관); after another partner refused."""

End = Literal["", "closed", "cancelled", "transferred", "rerouted", "given_up", "expired"]
Cancel = Literal["", "requested", "accepted", "refused"]


class Essence(Record, frozen=True, kw_only=True):
    """What a partner reads back: the least that must have arrived unharmed."""

    type: str
    code: str
    position: Position
    place: str = ""


class Statement(Record, frozen=True, kw_only=True):
    """One thing a partner said. `said_at_ns` is its clock, `heard_ns` ours."""

    message_id: str
    said: Said
    said_at_ns: int
    heard_ns: int
    reason: str = ""
    unit: str = ""
    to_agency: str = ""
    case_ref: str = ""
    read_back: Essence | None = None
    words: Words | None = None


class Update(Record, frozen=True, kw_only=True):
    """Something we told the partner after the first message. `receipt_ns` 0: not confirmed yet."""

    message_id: str
    at_ns: int
    person: str
    text: str
    receipt_ns: int = 0


class CancelRequest(Record, frozen=True, kw_only=True):
    """We asked the partner to drop the case; it decides."""

    message_id: str
    at_ns: int
    person: str
    reason: str
    receipt_ns: int = 0


class PhoneCall(Record, frozen=True, kw_only=True):
    """What was said by voice, as a person wrote it down: when, with whom, over what, how it ended."""

    at_ns: int
    called_at_ns: int
    person: str
    name: str
    channel: str
    outcome: str
    number: str = ""
    case_ref: str = ""
    words: str = ""


class Flag(Record, frozen=True, kw_only=True):
    """Something of this thread that a person must have seen; `what` is a key of its words."""

    what: str
    at_ns: int
    message_id: str = ""


class Told(Record, frozen=True, kw_only=True):
    """The room was told that something waits: of which wait (`what`, `name`, `since_ns`), how loud, when."""

    what: str
    name: str
    since_ns: int
    level: str
    at_ns: int


class Fetched(Record, frozen=True, kw_only=True):
    """A picture the partner has taken: when last by the record, and how often that says in all."""

    name: str
    sha256: str
    at_ns: int
    times: int = 1


FETCHED_MOST = 32
"""How many `Fetched` a thread keeps; the record has all."""
TOLD_MOST = 96
"""How many `Told` a thread keeps; the record has all."""


class PartnerThread(Record, frozen=True, kw_only=True):
    """`key` is incident:agency:revision and names the case at the partner: same key, same case.

    A time of 0 means that it has not happened. `statements` are in the order of the partner's own clock.
    `group` is shared by the threads of one joint response; `follows` is the thread this one came from.
    """

    id: str
    key: str
    incident_id: str
    agency: str
    revision: int
    person: str
    essence: Essence
    drafted_ns: int
    shape: Shape = "single"
    group: str = ""
    follows: str = ""
    message_id: str = ""
    queued_ns: int = 0
    sent_ns: int = 0
    attempts: int = 0
    receipt_ns: int = 0
    case_ref: str = ""
    statements: tuple[Statement, ...] = ()
    statements_left_out: int = 0
    cancel: CancelRequest | None = None
    updates: tuple[Update, ...] = ()
    calls: tuple[PhoneCall, ...] = ()
    flags: tuple[Flag, ...] = ()
    seen_flags: tuple[str, ...] = ()
    """WHAT:MESSAGE_ID of those a person has seen; they are not raised again."""
    rerouted_to: str = ""
    given_up_ns: int = 0
    given_up_why: str = ""
    expired_ns: int = 0
    text: str = ""
    """The person's own words of the draft, numbers and addresses of persons masked."""
    stills: int = 0
    clip_s: float = 0.0
    evidence_ns: int = 0
    """When pictures of the scene were ready; 0: they are not (yet)."""
    told: tuple[Told, ...] = ()
    fetched: tuple[Fetched, ...] = ()
