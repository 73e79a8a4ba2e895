"""The work on an incident: what it is made of, how far it is, who has it, where it stands in the queue."""

from __future__ import annotations

from typing import Literal

import msgspec

from console.model.base import Record, Words

ClueSource = Literal["detection", "alarm", "bell", "report", "request", "warning", "call", "person"]
"""Who says that something happened: analytics, a limit, a pressed bell, a citizen, a partner, an authority, a
caller on the phone, somebody of this room."""
CaseStage = Literal["new", "acknowledged", "verified", "responding", "resolved", "closed"]
Verdict = Literal["", "real", "false", "test"]
OpenedFrom = Literal["map", "camera", "phone", "command"]


class Clue(Record, frozen=True, kw_only=True):
    """One thing that may belong to an incident. `uid` is the source's own number for it.

    `type` is an incident type. `at_ns` is when it happened. Degrees WGS84. `camera_id` is the camera that saw
    it, whose own place `lat`, `lon` then is; `rule` what found it. `names`: the incident that its sender says
    it belongs to. `reasons`: what it says and why it is in its incident, in words; the fold fills it in.
    """

    uid: str
    source: ClueSource
    type: str
    at_ns: int
    lat: float
    lon: float
    device_id: str = ""
    camera_id: str = ""
    rule: str = ""
    names: str = ""
    reasons: tuple[Words, ...] = ()

    @property
    def counted_on(self) -> tuple[str, str]:
        """The rule, and the camera, or without one the device: what a verdict is counted for; "" for what the
        clue does not name."""
        return self.rule, self.camera_id or self.device_id


class Reason(Record, frozen=True, kw_only=True):
    """Why something was decided: the words are `correlate.reason.CODE`, `fields` what stands in them."""

    code: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)


class Offer(Record, frozen=True, kw_only=True):
    """An incident that a clue could belong to as well; a person decides. `weight` 0..1.

    `words` are those of `reason`, where it stands on the record.
    """

    incident_id: str
    weight: float
    reason: Reason
    words: Words | None = None


class Placement(Record, frozen=True, kw_only=True):
    """Where a clue went. Every clue has exactly one.

    `how`: opened a new incident; joined one; repeated what the same device said just before; known: this uid
    was here already. `parent` and `reopens` are of a new incident; `adopts` are incidents that become its
    children.
    """

    uid: str
    incident_id: str
    how: Literal["opened", "joined", "repeated", "known"]
    reasons: tuple[Reason, ...] = ()
    offers: tuple[Offer, ...] = ()
    parent: str = ""
    reopens: str = ""
    adopts: tuple[str, ...] = ()


class RulePrecision(Record, frozen=True, kw_only=True):
    """What the verdicts say of one rule on one camera (of a limit or bell on its device), by day or by night.
    `share`: real of real and false,
    None where there are too few to say."""

    rule: str
    camera_id: str
    part: Literal["day", "night"]
    real: int
    false: int
    test: int
    share: float | None = None


class Hold(Record, frozen=True, kw_only=True):
    """Work rests, by whom, why and until when; then it is back by itself."""

    person: str
    reason: str
    since_ns: int
    until_ns: int


class Case(Record, frozen=True, kw_only=True):
    """How far the work on an incident is.

    `stage_since_ns` counts anew when the stage changes, a hold ends or somebody else takes it. `raised` is
    the level of escalation reached since then. `owner` "" is nobody; `acted_ns` is the owner's last act, 0
    for none since `claimed_ns`. `merged_into`: it is the same as that one and no longer worked on by itself.
    `grade` is "" where the entry is of a log of before.
    """

    id: str
    type: str
    priority: int
    grade: str
    opened_at_ns: int
    changed_at_ns: int
    stage_since_ns: int
    stage: CaseStage = "new"
    verdict: Verdict = ""
    owner: str = ""
    owner_desk: str = ""
    claimed_ns: int = 0
    acted_ns: int = 0
    hold: Hold | None = None
    raised: int = 0
    parent: str = ""
    merged_into: str = ""
    reopens: str = ""
    split_from: str = ""
    clues: tuple[Clue, ...] = ()
    """All of them, so that the correlation can be made again from the cases alone."""
    offers: tuple[Offer, ...] = ()
    """What could be merged with it, by its clues. Some of them may be over by now."""

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done about it by itself."""
        return self.stage != "closed" and not self.merged_into

    @property
    def is_worked(self) -> bool:
        """Whether it still asks for somebody."""
        return self.is_open and self.stage != "resolved"
