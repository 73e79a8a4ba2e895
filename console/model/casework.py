"""The work on an incident: what it is made of, how far it is, who has it, and where it stands in the queue.

Not folded into the city's state yet; docs/design/casework.md says how these records come to it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from console.model.base import Record

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
    it belongs to.
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


class Reason(Record, frozen=True, kw_only=True):
    """Why something was decided: the words are `correlate.reason.CODE`, `fields` what stands in them."""

    code: str
    fields: dict[str, str] = msgspec.field(default_factory=dict)


class Offer(Record, frozen=True, kw_only=True):
    """An incident that a clue could belong to as well; a person decides. `weight` 0..1."""

    incident_id: str
    weight: float
    reason: Reason


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
