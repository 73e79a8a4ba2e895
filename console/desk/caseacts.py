"""Which acts on an incident the hub would take now. The hub decides; this only spares a person a refusal."""

from __future__ import annotations

from console.desk.casequeue import Standing
from console.model.casework import Case
from console.rules.casework.claims import take_problem
from console.rules.casework.figures import CaseworkFigures
from console.rules.casework.stages import TABLE, may_rest

VERDICT_ACTS = ("real", "false", "test")
ACTS = (
    "acknowledge", "claim", "take_over", "release", *VERDICT_ACTS, "note", "hold", "end_hold", "regrade",
    "resolve", "close", "merge", "split", "under",
)  # fmt: skip


def possible(case: Case, person: str, supervisor: bool, told: CaseworkFigures) -> frozenset[str]:
    """Those of `ACTS` that `person` can do about this case as it stands."""
    if case.merged_into or case.stage == "closed":
        return frozenset()
    mine = case.owner in ("", person)
    can = {
        "acknowledge": mine and (case.stage == "new" or not case.owner) and case.stage != "resolved",
        "claim": not case.owner,
        "take_over": bool(case.owner) and case.owner != person,
        "release": case.owner == person,
        "note": True,
        "hold": mine and may_rest(case) and told.longest_hold_s(case.priority) > 0,
        "end_hold": mine and case.hold is not None,
        "regrade": mine or supervisor,
        "resolve": mine and (case.stage, "resolve") in TABLE,
        "close": (case.stage, "close") in TABLE,
        "merge": mine or supervisor,
        "split": (mine or supervisor) and len(case.clues) > 1,
        "under": True,
    }
    for verdict in VERDICT_ACTS:
        act = "real" if verdict == "real" else "unreal"
        can[verdict] = mine and case.verdict != verdict and (case.stage, act) in TABLE
    return frozenset(name for name, yes in can.items() if yes)


def needs_reason(case: Case, person: str, supervisor: bool, now_ns: int, told: CaseworkFigures) -> bool:
    """Whether taking it over has to say why."""
    return take_problem(case, person, "", supervisor, now_ns, told.claim) == "reason_needed"


__all__ = ["ACTS", "VERDICT_ACTS", "Standing", "needs_reason", "possible"]
