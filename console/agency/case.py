"""A case as the agency has it, and what may be done with it when."""

from __future__ import annotations

from typing import Literal

from console.handoff.cap import CapAlert, parse
from console.model.base import Record

CaseStage = Literal["received", "accepted", "rejected", "dispatched", "on_scene", "closed"]
Act = Literal["accept", "refuse", "dispatch", "arrive", "close"]

REACHES: dict[Act, CaseStage] = {
    "accept": "accepted", "refuse": "rejected", "dispatch": "dispatched", "arrive": "on_scene",
    "close": "closed",
}  # fmt: skip

ACTS: dict[CaseStage, tuple[Act, ...]] = {
    "received": ("accept", "refuse"),
    "accepted": ("dispatch", "refuse", "close"),
    "rejected": ("accept",),
    "dispatched": ("arrive", "close"),
    "on_scene": ("close",),
    "closed": (),
}


class Case(Record, frozen=True, kw_only=True):
    """One case. `body` is the message that opened it, verbatim."""

    key: str
    number: str
    came_ns: int
    stage: CaseStage
    changed_ns: int
    reason: str
    unit: str
    body: bytes

    def request(self) -> CapAlert:
        """The message that opened it, read; it was checked when it came."""
        return parse(self.body)
