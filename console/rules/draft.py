"""What a rule proposes: an event with its cause, not yet numbered, not yet true."""

from __future__ import annotations

from dataclasses import dataclass, field

from console.model.base import Words
from console.model.events import AnyEvent, Cause
from console.model.handoff import OutboxRow


@dataclass(frozen=True, slots=True)
class Draft:
    """One proposed entry. `at_ns` 0: the hub's own time (a replay keeps the recorded one)."""

    event: AnyEvent
    cause: Cause
    at_ns: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that must become true together, in one transaction, or not at all."""

    drafts: tuple[Draft, ...] = ()
    outbox: tuple[OutboxRow, ...] = ()
    settled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a command is not done; `code` is stable, `reason` is for people. `told` goes on the record all the
    same."""

    code: str
    reason: Words
    told: tuple[Draft, ...] = ()


NOTHING = Decision()


@dataclass(slots=True)
class Drafting:
    """Collects the drafts of one decision under one cause."""

    cause: Cause
    drafts: list[Draft] = field(default_factory=list)

    def add(self, event: AnyEvent) -> None:
        self.drafts.append(Draft(event, self.cause))
