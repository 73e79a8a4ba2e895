"""A hand-off: one incident given to one partner, and how far that has come."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record, Words

HandoffStage = Literal[
    "queued", "sent", "received", "accepted", "rejected", "dispatched", "on_scene", "closed", "stalled"
]

LADDER: tuple[HandoffStage, ...] = (
    "queued", "sent", "received", "accepted", "dispatched", "on_scene", "closed",
)
"""The order of a hand-off that goes well; `rejected` and `stalled` stand beside it."""


class HandoffStep(Record, frozen=True, kw_only=True):
    """One rung reached: when, and what the partner or the line said."""

    stage: HandoffStage
    at_ns: int
    words: Words | None = None


class Handoff(Record, frozen=True, kw_only=True):
    """`key` is incident:agency:revision and names the case at the partner: same key, same case."""

    id: str
    key: str
    incident_id: str
    agency: str
    revision: int
    person: str
    message_sha256: str
    stage: HandoffStage
    attempts: int = 0
    agency_ref: str = ""
    steps: tuple[HandoffStep, ...] = ()


class OutboxRow(Record, frozen=True, kw_only=True):
    """The exact bytes owed to a partner. Written in the same transaction as the act that owes them.

    `message_id` is what the message calls itself; a CAP request's is its `key`.
    """

    message_id: str
    handoff_id: str
    key: str
    agency: str
    media_type: str
    message: bytes
    queued_at_ns: int
