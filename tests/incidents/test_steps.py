"""How far an incident has come and what comes next."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.casework import Case
from console.model.handoff import LADDER, Handoff, HandoffStep
from console.model.incident import Incident
from tests.report.city import MARKET
from widgets.incidents.steps import agency_keys, can_hand_off, next_act, rungs

ADVISED = ("KR-119", "KR-112")
AGENCIES = ("KR-112", "KR-119")


def incident(stage: str = "acknowledged") -> Incident:
    made = Incident(id="I1", type="smoke", priority=1, place=MARKET, opened_at_ns=1, changed_at_ns=1)
    return msgspec.structs.replace(made, stage=stage)


def case(stage: str = "acknowledged", verdict: str = "") -> Case:
    return Case(id="I1", type="smoke", priority=1, grade="1", opened_at_ns=1, changed_at_ns=1,
                stage_since_ns=1, stage=stage, verdict=verdict)  # type: ignore[arg-type]  # fmt: skip


def handoff(stage: str, *steps: tuple[str, int], agency: str = "KR-119") -> Handoff:
    return Handoff(
        id=f"H-{agency}", key="k", incident_id="I1", agency=agency, revision=1, person="kim",
        message_sha256="", stage=stage, steps=tuple(HandoffStep(stage=s, at_ns=at) for s, at in steps),
    )  # fmt: skip


def shown(one: Handoff) -> list[tuple[str, str, int]]:
    return [(rung.stage, rung.state, rung.at_ns) for rung in rungs(one)]


def test_a_ladder_shows_every_rung_with_the_time_it_was_first_reached() -> None:
    one = handoff("accepted", ("queued", 1), ("sent", 2), ("sent", 5), ("received", 6), ("accepted", 9))
    assert shown(one) == [
        ("queued", "reached", 1), ("sent", "reached", 2), ("received", "reached", 6), ("accepted", "now", 9),
        ("dispatched", "open", 0), ("on_scene", "open", 0), ("closed", "open", 0),
    ]  # fmt: skip


def test_a_rung_that_was_passed_over_counts_as_reached_without_a_time() -> None:
    one = handoff("dispatched", ("queued", 1), ("sent", 2), ("dispatched", 7))
    assert ("received", "reached", 0) in shown(one)
    assert ("dispatched", "now", 7) in shown(one)


def test_a_late_receipt_is_placed_where_it_belongs() -> None:
    one = handoff("accepted", ("queued", 1), ("sent", 2), ("accepted", 4), ("received", 6))
    assert [rung[0] for rung in shown(one)[:4]] == ["queued", "sent", "received", "accepted"]


def test_a_rejection_ends_the_ladder_in_its_place() -> None:
    one = handoff("rejected", ("queued", 1), ("sent", 2), ("received", 3), ("rejected", 4))
    assert shown(one)[-1] == ("rejected", "bad", 4)
    assert "dispatched" not in [rung[0] for rung in shown(one)]


def test_a_stall_stands_before_the_rung_that_is_awaited() -> None:
    one = handoff("stalled", ("queued", 1), ("sent", 2), ("stalled", 7), ("stalled", 12))
    assert shown(one)[2:4] == [("stalled", "bad", 12), ("received", "open", 0)]


@given(st.lists(st.sampled_from((*LADDER, "rejected", "stalled")), max_size=12), st.sampled_from(LADDER))
def test_any_order_of_steps_gives_a_ladder_in_order(steps: list[str], stage: str) -> None:
    one = handoff(stage, *((step, at) for at, step in enumerate(steps, 1)))
    names = [rung.stage for rung in rungs(one)]
    assert names == list(LADDER)
    states = [rung.state for rung in rungs(one)]
    assert states.count("now") == 1
    assert states.index("now") == states.count("reached")


@pytest.mark.parametrize(
    ("stage", "handoffs", "due"),
    [
        ("new", [], "acknowledge"),
        ("acknowledged", [], "hand_off.KR-119"),
        ("responding", [handoff("sent")], "hand_off.KR-112"),
        ("responding", [handoff("sent"), handoff("accepted", agency="KR-112")], "note"),
        ("responding", [handoff("closed"), handoff("closed", agency="KR-112")], "resolve"),
        ("responding", [handoff("rejected")], "hand_off.KR-112"),
        ("resolved", [], "close"),
        ("closed", [], ""),
    ],
)
def test_the_next_act_is_what_is_most_likely_due(stage: str, handoffs: list[Handoff], due: str) -> None:
    assert next_act(case(stage), handoffs, ADVISED, AGENCIES) == due


def test_where_no_agency_is_advised_the_next_act_is_to_resolve() -> None:
    assert next_act(case(), [], (), AGENCIES) == "resolve"


def test_where_the_advised_agency_rejected_the_next_is_the_one_not_asked_yet() -> None:
    assert next_act(case(), [handoff("rejected")], ("KR-119",), AGENCIES) == "hand_off.KR-112"


def test_an_agency_can_be_asked_again_only_when_it_is_through_with_it() -> None:
    assert can_hand_off(case(), [handoff("rejected"), handoff("closed")], "KR-119")
    assert not can_hand_off(case(), [handoff("stalled")], "KR-119")
    assert can_hand_off(case(), [handoff("sent")], "KR-112")
    assert not can_hand_off(case("closed"), [], "KR-112")


def test_agencies_have_the_last_digit_of_their_number_for_a_key() -> None:
    assert agency_keys([("KR-112", "112"), ("KR-119", "119")]) == {"KR-112": "2", "KR-119": "9"}


def test_agencies_with_one_number_have_different_keys() -> None:
    keys = agency_keys([("police", "999"), ("fire", "999"), ("ambulance", "999"), ("coast", "+44 999 000")])
    assert keys["police"] == "9"
    assert len(set(keys.values())) == 4


def test_what_is_not_real_is_resolved_once_nobody_is_on_the_way() -> None:
    assert next_act(case("responding", "false"), [handoff("accepted")], ADVISED, AGENCIES) == "note"
    assert next_act(case("verified", "test"), [], ADVISED, AGENCIES) == "resolve"
