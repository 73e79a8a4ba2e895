"""Who has an incident, and whether another may take it."""

from __future__ import annotations

from typing import Literal

from console.clock import SECOND_NS
from console.model.casework import Case
from console.rules.casework.figures import Claiming

Standing = Literal["nobody", "fresh", "stale", "working", "silent"]
"""fresh: claimed a moment ago; stale: claimed and nothing done, amber; working: has acted; silent: has acted,
and nothing for long, amber."""
AMBER: tuple[Standing, ...] = ("stale", "silent")


def standing(case: Case, now_ns: int, told: Claiming) -> Standing:
    """How the claim stands. A clock that was set back makes nobody stale."""
    if not case.owner:
        return "nobody"
    if not case.acted_ns:
        return "stale" if now_ns - case.claimed_ns > told.grace_s * SECOND_NS else "fresh"
    if case.hold is None and case.is_worked and now_ns - case.acted_ns > told.silent_s * SECOND_NS:
        return "silent"
    return "working"


def take_problem(case: Case, person: str, reason: str, supervisor: bool, now_ns: int, told: Claiming) -> str:
    """Why `person` may not take it; "" where it may.

    Who only claimed it has `grace_s` to begin; a supervisor need not wait. Who has worked on it is asked why:
    a reason is needed, from whoever takes it.
    """
    if case.owner == person:
        return "already_yours"
    how = standing(case, now_ns, told)
    if how == "fresh" and not supervisor:
        return "just_claimed"
    if how in ("working", "silent") and len(reason.strip()) < told.reason_least:
        return "reason_needed"
    return ""
