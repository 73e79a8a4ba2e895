"""A case as the agency has it, and what may be done with it when."""

from __future__ import annotations

from typing import Literal

from console.model.base import Record

CaseStage = Literal[
    "received", "opened", "accepted", "rejected", "dispatched", "on_scene", "closed", "transferred",
    "cancelled",
]  # fmt: skip
Act = Literal[
    "open", "accept", "refuse", "dispatch", "arrive", "close", "transfer", "note", "read_back",
    "cancel_accept", "cancel_refuse",
]  # fmt: skip
Cancel = Literal["", "asked", "accepted", "refused"]
"""What became of the console's wish to drop the case."""

REACHES: dict[Act, CaseStage] = {
    "open": "opened", "accept": "accepted", "refuse": "rejected", "dispatch": "dispatched",
    "arrive": "on_scene", "close": "closed", "transfer": "transferred", "cancel_accept": "cancelled",
}  # fmt: skip
"""Acts that move a case; the others only say something."""

ACTS: dict[CaseStage, tuple[Act, ...]] = {
    "received": ("open", "accept", "refuse", "transfer"),
    "opened": ("accept", "refuse", "transfer"),
    "accepted": ("dispatch", "refuse", "transfer", "close"),
    "rejected": ("accept",),
    "dispatched": ("dispatch", "arrive", "transfer", "close"),
    "on_scene": ("dispatch", "close"),
    "closed": (),
    "transferred": (),
    "cancelled": (),
}
ENDED: frozenset[CaseStage] = frozenset({"closed", "transferred", "cancelled", "rejected"})
"""Where nothing more is expected of us."""


class Case(Record, frozen=True, kw_only=True):
    """One case. `body` is the message that opened it, verbatim; `cancel_id` names the wish to drop it."""

    key: str
    number: str
    came_ns: int
    stage: CaseStage
    changed_ns: int
    reason: str
    unit: str
    body: bytes
    cancel: Cancel = ""
    cancel_id: str = ""
    passed_to: str = ""


def may(case: Case) -> tuple[Act, ...]:
    """What may be done with the case now."""
    acts: list[Act] = list(ACTS[case.stage])
    if case.cancel == "asked" and case.stage not in ENDED:
        acts += ["cancel_accept", "cancel_refuse"]
    elif case.cancel == "asked":
        acts.append("cancel_refuse")  # it is over, or was never taken: there is nothing to drop
    return (*acts, "note", "read_back")
