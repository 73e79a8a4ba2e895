"""The stages of the work on an incident: what may follow what. The table is data; nothing else moves a stage.

new -> acknowledged -> verified -> responding -> resolved -> closed; a hold lies over any stage that waits.
What is urgent may skip: who hands off before looking has reasons. Nothing leads out of closed: what happens
afterwards is a new incident, linked to it.
"""

from __future__ import annotations

from typing import Literal

from console.model.casework import Case, CaseStage, Verdict

Act = Literal["acknowledge", "real", "unreal", "unreal_over", "respond", "resolve", "close"]

TABLE: dict[tuple[CaseStage, Act], CaseStage] = {
    ("new", "acknowledge"): "acknowledged",
    ("new", "real"): "verified",
    ("new", "unreal"): "verified",
    ("new", "unreal_over"): "resolved",
    ("new", "respond"): "responding",
    ("new", "resolve"): "resolved",
    ("acknowledged", "real"): "verified",
    ("acknowledged", "unreal"): "verified",
    ("acknowledged", "unreal_over"): "resolved",
    ("acknowledged", "respond"): "responding",
    ("acknowledged", "resolve"): "resolved",
    ("verified", "real"): "verified",
    ("verified", "unreal"): "verified",
    ("verified", "unreal_over"): "resolved",
    ("verified", "respond"): "responding",
    ("verified", "resolve"): "resolved",
    ("responding", "real"): "responding",
    ("responding", "unreal"): "responding",  # who is on the way has to be told first
    ("responding", "unreal_over"): "resolved",
    ("responding", "resolve"): "resolved",
    ("resolved", "real"): "verified",  # the verdict was wrong: the work goes on
    ("resolved", "unreal"): "resolved",
    ("resolved", "unreal_over"): "resolved",
    ("resolved", "close"): "closed",
}
"""What is not here is refused."""

ORDER: tuple[CaseStage, ...] = ("new", "acknowledged", "verified", "responding", "resolved", "closed")


def verdict_act(verdict: Verdict, over: bool) -> Act:
    """What a verdict does; `over`: nothing is owed to a partner and no part of it is open."""
    if verdict == "real":
        return "real"
    return "unreal_over" if over else "unreal"


def may_rest(case: Case) -> bool:
    """Whether it can be held: somebody has it, and it waits for something."""
    return case.is_worked and case.stage != "new" and case.hold is None and bool(case.owner)
