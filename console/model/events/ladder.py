"""What happened in the thread of a hand-off with one partner, besides what `events.handoff` has."""

from __future__ import annotations

from console.model.base import Words
from console.model.events.base import Event
from console.model.ladder import Essence, Flag, PhoneCall, Shape, Statement


class HandoffDrafted(Event, frozen=True, kw_only=True, tag="handoff.drafted"):
    """A person began a hand-off; nothing is owed yet. `text` is their own words, telephone numbers and
    addresses of persons masked; what is sent has them whole."""

    handoff_id: str
    key: str
    incident_id: str
    agency: str
    revision: int
    person: str
    essence: Essence
    shape: Shape = "single"
    group: str = ""
    follows: str = ""
    text: str = ""


class HandoffEdited(Event, frozen=True, kw_only=True, tag="handoff.edited"):
    """A person changed their words in a draft, or wrote into `fields` of the partner's card (by id)."""

    handoff_id: str
    person: str
    text: str
    fields: tuple[str, ...] = ()


class HandoffEvidenceAdded(Event, frozen=True, kw_only=True, tag="handoff.evidence_added"):
    """Pictures of the scene are ready for this thread: how many stills, how long a clip (0: none).

    `digests` are the SHA-256 of the files; `problem` says what is missing, where something is.
    """

    handoff_id: str
    stills: int
    clip_s: float
    digests: tuple[str, ...] = ()
    problem: Words | None = None


class HandoffSaid(Event, frozen=True, kw_only=True, tag="handoff.said"):
    """The partner said something about its case. `verdict` is how it fits (`console.handoff.thread.steps`),
    `flags` what a person must see of it."""

    handoff_id: str
    statement: Statement
    verdict: str
    flags: tuple[Flag, ...] = ()


class HandoffCancelAsked(Event, frozen=True, kw_only=True, tag="handoff.cancel_asked"):
    """We ask the partner to drop the case; the message was written in the same transaction."""

    handoff_id: str
    message_id: str
    person: str
    reason: str
    message_sha256: str


class HandoffUpdateQueued(Event, frozen=True, kw_only=True, tag="handoff.update_queued"):
    """We tell the partner more; the message was written in the same transaction. `text` as in a draft."""

    handoff_id: str
    message_id: str
    person: str
    text: str
    message_sha256: str


class HandoffConfirmed(Event, frozen=True, kw_only=True, tag="handoff.confirmed"):
    """The partner confirmed a further message of ours: a request to cancel, or an update."""

    handoff_id: str
    message_id: str


class HandoffCalled(Event, frozen=True, kw_only=True, tag="handoff.called"):
    """Somebody spoke with the partner, or tried to. The number that was called is not on the log."""

    handoff_id: str
    call: PhoneCall


class HandoffRerouted(Event, frozen=True, kw_only=True, tag="handoff.rerouted"):
    """Refused here; another thread goes on with another partner."""

    handoff_id: str
    to_thread: str


class HandoffGivenUp(Event, frozen=True, kw_only=True, tag="handoff.given_up"):
    """A person ended what the partner never confirmed; nothing more is sent."""

    handoff_id: str
    person: str
    reason: str


class HandoffExpired(Event, frozen=True, kw_only=True, tag="handoff.expired"):
    """A draft nobody sent is old and ends."""

    handoff_id: str


class HandoffFlagged(Event, frozen=True, kw_only=True, tag="handoff.flagged"):
    """A person must see something about this thread. `left_out`: how many statements were counted only."""

    handoff_id: str
    flags: tuple[Flag, ...]
    left_out: int = 0


class HandoffFlagsSeen(Event, frozen=True, kw_only=True, tag="handoff.flags_seen"):
    """A person has seen what was flagged."""

    handoff_id: str
    person: str


class HandoffTold(Event, frozen=True, kw_only=True, tag="handoff.told"):
    """The room was told that something waits: once for each level (amber, red, card) of each wait.

    `what` and `name` say which wait, `since_ns` when it began, `waited_s` how long by the clock that cannot
    be set.
    """

    handoff_id: str
    what: str
    name: str
    level: str
    since_ns: int
    waited_s: float
