"""Disaster messages: words to everybody in an area, drafted by one person and let go by another.

The three levels are those of the Korean service (위급재난, 긴급재난, 안전안내); what holds for each is data.
Times are nanoseconds since 1970.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from console.model.base import Position, Record, Words

MessageLevel = Literal["extreme", "emergency", "advisory"]
"""위급재난, 긴급재난, 안전안내: the worst first."""
LEVELS: tuple[MessageLevel, ...] = ("extreme", "emergency", "advisory")
MessageKind = Literal["alert", "update", "cancel"]
"""CAP's msgType. An update or a cancel speaks of an earlier message (`replaces`)."""
WayStage = Literal["queued", "sent", "received", "stalled", "refused", "lapsed"]
"""How a message stands at one outlet. `stalled`: no receipt in time, still tried. `refused`: the other side
says no, still tried. `lapsed`: its time was over before anybody had it."""
OWED: frozenset[WayStage] = frozenset({"queued", "sent", "stalled", "refused"})
MOST_DISTRICTS = 60
MOST_CORNERS = 100


class MessageArea(Record, frozen=True, kw_only=True):
    """Who gets it: whole districts of the profile, or a drawn outline (not closed), or both. None at all:
    the whole city. `name` as a person would say it."""

    districts: tuple[str, ...] = ()
    polygon: tuple[Position, ...] = ()
    name: Words = Words(en="", ko="")


class MessageContent(Record, frozen=True, kw_only=True):
    """Everything a person wrote or chose. `digest_of` says it in one word, so that who approves has seen
    exactly this.

    `template`: the text of the data it began from, or empty. `urgent_reason`: why it cannot wait for the
    morning. `valid_min`: after so many minutes nobody is told any more.
    """

    kind: MessageKind = "alert"
    level: MessageLevel
    text: Words
    area: MessageArea
    incident_id: str = ""
    template: str = ""
    valid_min: int
    urgent_reason: str = ""
    replaces: str = ""


class MessageWay(Record, frozen=True, kw_only=True):
    """A message at one outlet. `receipt` is what the other side calls it, or the file's name."""

    stage: WayStage
    since_ns: int
    attempts: int = 0
    receipt: str = ""
    words: Words | None = None


class DisasterMessage(Record, frozen=True, kw_only=True):
    """One message from its first draft on. `drafters`: who wrote at it; none of them approves it, and at
    `desks`, where that was, nobody does without an own code.

    `identifier`, `sender` and `sent` name it everywhere (CAP); empty before it is approved. `cap` is the
    exact text that is owed, kept while it is.
    """

    id: str
    content: MessageContent
    digest: str
    revision: int
    drafters: tuple[str, ...]
    desks: tuple[str, ...]
    drafted_at_ns: int
    approved_by: str = ""
    approved_desk: str = ""
    approved_at_ns: int = 0
    identifier: str = ""
    sender: str = ""
    sent: str = ""
    cap: str = ""
    expires_ns: int = 0
    ways: dict[str, MessageWay] = msgspec.field(default_factory=dict)
    discarded_by: str = ""
    discarded_why: str = ""
    replaced_by: str = ""
    """The update or cancel that took its place, once that is approved."""

    @property
    def is_draft(self) -> bool:
        """Whether it waits for somebody to approve it."""
        return not self.approved_at_ns and not self.discarded_by

    @property
    def reference(self) -> str:
        """As CAP names it."""
        return f"{self.sender},{self.identifier},{self.sent}" if self.identifier else ""

    @property
    def owed(self) -> tuple[str, ...]:
        """The outlets that have not received it yet."""
        return tuple(name for name, way in self.ways.items() if way.stage in OWED)


class OutletStanding(Record, frozen=True, kw_only=True):
    """Where messages go: `kind` "file" or "https". `up`: the last try or look found it as it must be."""

    kind: Literal["file", "https"]
    up: bool
    since_ns: int
    why: Words


class OutletReport(Record, frozen=True, kw_only=True):
    """What became of a message at an outlet, from whoever carries it."""

    message_id: str
    outlet: str
    outcome: Literal["sent", "received", "stalled", "refused", "lapsed"]
    attempt: int = 0
    receipt: str = ""
    reason: Words = Words(en="", ko="")


class OutletSeen(Record, frozen=True, kw_only=True):
    """How an outlet is. `sort` empty: it is not configured any more."""

    outlet: str
    sort: Literal["file", "https", ""]
    up: bool
    why: Words


KEEP_MESSAGES = 300
"""How many messages stay in memory; the record has them all."""
