"""How far an incident has come and what comes next."""

from __future__ import annotations

import pytest

from console.model.casework import Case
from console.model.handoff import Handoff, HandoffStep
from widgets.incidents.steps import next_act

ADVISED = ("KR-119", "KR-112")
AGENCIES = ("KR-112", "KR-119")


def case(stage: str = "acknowledged", verdict: str = "") -> Case:
    return Case(id="I1", type="smoke", priority=1, grade="1", opened_at_ns=1, changed_at_ns=1,
                stage_since_ns=1, stage=stage, verdict=verdict)  # type: ignore[arg-type]  # fmt: skip


def handoff(stage: str, *steps: tuple[str, int], agency: str = "KR-119") -> Handoff:
    return Handoff(
        id=f"H-{agency}", key="k", incident_id="I1", agency=agency, revision=1, person="kim",
        message_sha256="", stage=stage, steps=tuple(HandoffStep(stage=s, at_ns=at) for s, at in steps),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("stage", "handoffs", "due"),
    [
        ("new", [], "acknowledge"),
        ("acknowledged", [], "draft"),
        ("responding", [handoff("sent")], "draft"),
        ("responding", [handoff("sent"), handoff("accepted", agency="KR-112")], "note"),
        ("responding", [handoff("closed"), handoff("closed", agency="KR-112")], "resolve"),
        ("responding", [handoff("rejected")], "draft"),
        ("resolved", [], "close"),
        ("closed", [], ""),
    ],
)
def test_the_next_act_is_what_is_most_likely_due(stage: str, handoffs: list[Handoff], due: str) -> None:
    assert next_act(case(stage), handoffs, ADVISED, AGENCIES) == due


def test_where_no_agency_is_advised_the_next_act_is_to_resolve() -> None:
    assert next_act(case(), [], (), AGENCIES) == "resolve"


def test_where_the_advised_agency_rejected_the_next_is_the_one_not_asked_yet() -> None:
    assert next_act(case(), [handoff("rejected")], ("KR-119",), AGENCIES) == "reroute"


def test_what_is_not_real_is_resolved_once_nobody_is_on_the_way() -> None:
    assert next_act(case("responding", "false"), [handoff("accepted")], ADVISED, AGENCIES) == "note"
    assert next_act(case("verified", "test"), [], ADVISED, AGENCIES) == "resolve"
