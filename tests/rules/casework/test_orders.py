"""From new to closed: what may follow what, who may do it, and what must be over first."""

from __future__ import annotations

import pytest

from console.model.commands.casework import (
    ClaimIncident,
    EndHold,
    HoldIncident,
    MergeIncidents,
    PutIncidentUnder,
    RegradeIncident,
    ReleaseIncident,
    RespondIncident,
    SplitIncident,
    TakeOverIncident,
    VerifyIncident,
)
from console.model.commands.incident import AcknowledgeIncident, AddNote, CloseIncident, ResolveIncident
from console.model.folds.casework import fold_case
from console.rules.casework.claims import standing
from console.rules.casework.stages import TABLE
from tests.rules.casework.room import FIGURES, Room


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_real_incident_goes_its_whole_way(room):
    case = room.opens()
    stages = []
    for order in (
        AcknowledgeIncident(incident_id=case), VerifyIncident(incident_id=case, verdict="real"),
        RespondIncident(incident_id=case, by="KR-119"), ResolveIncident(incident_id=case, outcome="real"),
        CloseIncident(incident_id=case),
    ):  # fmt: skip
        assert room.refused(order) == ""
        stages.append(room.cases[case].stage)
    assert stages == ["acknowledged", "verified", "responding", "resolved", "closed"]
    assert room.cases[case].owner == "Kim"


@pytest.mark.parametrize("verdict", ["false", "test"])
def test_one_key_ends_what_is_not_real(room, verdict):
    case = room.opens()
    assert room.refused(VerifyIncident(incident_id=case, verdict=verdict)) == ""
    assert room.cases[case].stage == "resolved"
    assert room.cases[case].verdict == verdict


def test_what_was_handed_off_is_not_over_by_a_verdict_and_not_resolved_before_the_partner_knows(room):
    case = room.opens()
    room.asks(RespondIncident(incident_id=case, by="KR-119"))
    room.handoffs[case] = 1
    assert room.refused(VerifyIncident(incident_id=case, verdict="false")) == ""
    assert room.cases[case].stage == "responding", "somebody is on the way"
    assert room.refused(ResolveIncident(incident_id=case, outcome="false")) == "handoff_open"
    room.handoffs.clear()
    assert room.refused(ResolveIncident(incident_id=case, outcome="false")) == ""


def test_a_wrong_verdict_is_taken_back_and_the_work_goes_on(room):
    case = room.opens()
    room.asks(VerifyIncident(incident_id=case, verdict="false"))
    assert room.refused(RespondIncident(incident_id=case, by="KR-112")) == "not_real"
    assert room.refused(VerifyIncident(incident_id=case, verdict="real")) == ""
    assert room.cases[case].stage == "verified"
    assert room.refused(RespondIncident(incident_id=case, by="KR-112")) == ""


def test_nothing_happens_to_what_is_closed(room):
    case = room.opens()
    room.asks(VerifyIncident(incident_id=case, verdict="test"))
    assert room.asks(CloseIncident(incident_id=case)) != ()
    before = room.cases[case]
    for order in (
        VerifyIncident(incident_id=case, verdict="real"), AddNote(incident_id=case, text="more"),
        ClaimIncident(incident_id=case), RespondIncident(incident_id=case, by="x"),
        MergeIncidents(kept_id=case, other_id=room.opens(), reason=""),
    ):  # fmt: skip
        assert room.refused(order) == "closed_incident"
    assert room.asks(CloseIncident(incident_id=case)) == ()
    assert room.cases[case] == before


def test_doing_twice_what_is_done_says_nothing_new(room):
    case = room.opens()
    for order in (
        ClaimIncident(incident_id=case), AcknowledgeIncident(incident_id=case),
        VerifyIncident(incident_id=case, verdict="real"), RespondIncident(incident_id=case, by="x"),
        ResolveIncident(incident_id=case, outcome="real"), CloseIncident(incident_id=case),
    ):  # fmt: skip
        assert room.asks(order) != ()
        assert room.asks(order) == ()


def test_only_who_has_it_works_on_it_and_anybody_may_write_into_it(room):
    case = room.opens()
    room.asks(AcknowledgeIncident(incident_id=case))
    assert room.refused(VerifyIncident(incident_id=case, verdict="false"), "Lee") == "owned_incident"
    assert room.refused(AcknowledgeIncident(incident_id=case), "Lee") == "owned_incident"
    assert room.refused(AddNote(incident_id=case, text="I saw him too"), "Lee") == ""
    assert room.cases[case].owner == "Kim"


def test_a_claim_without_an_act_is_stale_after_its_grace_and_free_to_take(room):
    case = room.opens()
    room.asks(ClaimIncident(incident_id=case))
    assert standing(room.cases[case], room.clock.now_ns(), FIGURES.claim) == "fresh"
    assert room.refused(TakeOverIncident(incident_id=case), "Lee") == "just_claimed"
    room.passes(21)
    assert standing(room.cases[case], room.clock.now_ns(), FIGURES.claim) == "stale"
    assert room.refused(TakeOverIncident(incident_id=case), "Lee") == ""
    assert room.cases[case].owner == "Lee"


def test_a_supervisor_need_not_wait_for_a_claim(room):
    case = room.opens()
    room.asks(ClaimIncident(incident_id=case))
    assert room.refused(TakeOverIncident(incident_id=case), "Park", supervisor=True) == ""


def test_to_take_over_work_that_was_begun_a_reason_is_needed_however_long_nothing_was_done(room):
    case = room.opens()
    room.asks(AcknowledgeIncident(incident_id=case))
    room.passes(400)
    assert standing(room.cases[case], room.clock.now_ns(), FIGURES.claim) == "silent"
    assert room.refused(TakeOverIncident(incident_id=case), "Lee") == "reason_needed"
    assert room.refused(TakeOverIncident(incident_id=case, reason="ok"), "Lee") == "reason_needed"
    assert room.refused(TakeOverIncident(incident_id=case, reason="Kim left the desk"), "Lee") == ""
    assert room.cases[case].raised == 0, "whoever takes it has its own time"


def test_who_gives_it_back_leaves_it_to_everybody(room):
    case = room.opens()
    room.asks(AcknowledgeIncident(incident_id=case))
    assert room.refused(ReleaseIncident(incident_id=case), "Lee") == "owned_incident"
    assert room.refused(ReleaseIncident(incident_id=case)) == ""
    assert room.refused(VerifyIncident(incident_id=case, verdict="real"), "Lee") == ""
    assert room.cases[case].owner == "Lee"


def test_a_hold_needs_an_owner_a_reason_and_an_end_and_ends_by_itself(room):
    case = room.opens()
    hold = HoldIncident(incident_id=case, reason="waiting for the key", for_s=120)
    assert room.refused(hold) == "may_not_rest"
    room.asks(AcknowledgeIncident(incident_id=case))
    assert room.refused(HoldIncident(incident_id=case, reason="waiting", for_s=3600)) == "hold_too_long"
    assert room.refused(HoldIncident(incident_id=case, reason=" ", for_s=60)) == "reason_needed"
    no_time = HoldIncident(incident_id=case, reason="waiting", for_s=float("nan"))
    assert room.refused(no_time) == "hold_too_long"
    assert room.refused(hold) == ""
    assert room.refused(hold) == "may_not_rest"
    assert [type(one).__name__ for one in room.passes(119)] == []
    assert [type(one).__name__ for one in room.passes(2)] == ["IncidentHoldEnded"]
    assert room.cases[case].hold is None


def test_a_hold_is_ended_by_hand_and_its_stage_waits_anew(room):
    case = room.opens()
    room.asks(AcknowledgeIncident(incident_id=case))
    room.asks(HoldIncident(incident_id=case, reason="waiting", for_s=300))
    room.passes(100)
    assert room.refused(EndHold(incident_id=case)) == ""
    assert room.passes(59) == []
    assert len(room.passes(2)) == 1


def test_a_grade_is_changed_with_a_reason_and_brings_its_priority(room):
    case = room.opens(priority=3, grade="3")
    elsewhere = RegradeIncident(incident_id=case, grade="Prompt", reason="it moves")
    assert room.refused(elsewhere) == "unknown_grade"
    assert room.refused(RegradeIncident(incident_id=case, grade="0", reason="")) == "reason_needed"
    assert room.refused(RegradeIncident(incident_id=case, grade="0", reason="a knife is seen")) == ""
    assert (room.cases[case].grade, room.cases[case].priority) == ("0", 1)


def test_two_become_one_with_all_that_was_gathered(room):
    one, other = room.opens(), room.opens()
    clue = room.gathers(other)
    part = room.opens(parent=other)
    assert room.refused(MergeIncidents(kept_id=one, other_id=other, reason="the same man")) == ""
    assert room.cases[other].merged_into == one
    assert clue.uid in {each.uid for each in room.cases[one].clues}
    assert room.cases[part].parent == one
    assert room.refused(AddNote(incident_id=other, text="x")) == "merged_incident"
    assert room.asks(MergeIncidents(kept_id=one, other_id=other, reason="again")) == ()


def test_a_whole_merged_into_its_own_part_makes_no_circle(room):
    top = room.opens()
    middle = room.opens(parent=top)
    low = room.opens(parent=middle)
    assert room.refused(MergeIncidents(kept_id=low, other_id=top, reason="")) == ""
    assert room.cases[low].parent == ""
    assert room.cases[middle].parent == low


def test_one_becomes_two_and_each_clue_is_in_one_of_them(room):
    case = room.opens()
    clue = room.gathers(case, type="violence")
    assert room.refused(SplitIncident(incident_id=case, uids=("zz",), reason="")) == "bad_split"
    uids = tuple(each.uid for each in room.cases[case].clues)
    assert room.refused(SplitIncident(incident_id=case, uids=uids, reason="")) == "bad_split"
    assert room.refused(SplitIncident(incident_id=case, uids=(clue.uid,), reason="another scene")) == ""
    (new,) = [one for one in room.cases.values() if one.split_from == case]
    assert (new.type, new.stage, [each.uid for each in new.clues]) == ("violence", "new", [clue.uid])


def test_the_whole_ends_after_its_parts_and_nothing_is_above_itself(room):
    whole, part = room.opens(), room.opens()
    assert room.refused(PutIncidentUnder(incident_id=part, parent=whole)) == ""
    assert room.refused(PutIncidentUnder(incident_id=whole, parent=part)) == "own_part"
    assert room.refused(PutIncidentUnder(incident_id=whole, parent=whole)) == "own_part"
    assert room.refused(ResolveIncident(incident_id=whole, outcome="real")) == "parts_open"
    room.asks(VerifyIncident(incident_id=whole, verdict="false"))
    assert room.cases[whole].stage == "verified", "a part of it is still open"
    room.asks(ResolveIncident(incident_id=part, outcome="real"))
    assert room.refused(ResolveIncident(incident_id=whole, outcome="real")) == ""


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (ClaimIncident(incident_id="nobody's"), "unknown_incident"),
        (MergeIncidents(kept_id="C1", other_id="C1", reason=""), "unknown_incident"),
        (MergeIncidents(kept_id="C1", other_id="?", reason=""), "unknown_incident"),
        (PutIncidentUnder(incident_id="C1", parent="?"), "unknown_incident"),
        (ResolveIncident(incident_id="C1", outcome="maybe"), "bad_outcome"),
        (VerifyIncident(incident_id="C1", verdict=""), "bad_outcome"),
        (CloseIncident(incident_id="C1"), "not_resolved"),
        (RespondIncident(incident_id="C1", by=" "), "bad_text"),
        (AddNote(incident_id="C1", text="x" * 10_001), "bad_text"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name_and_changes_nothing(room, order, code):
    room.opens()
    before = dict(room.cases)
    assert room.refused(order) == code
    assert room.cases == before


def test_the_fold_and_the_table_say_the_same(room):
    """Every step of the table, asked and folded, leads where the table says; what it lacks is refused."""
    orders = {
        "acknowledge": lambda one: AcknowledgeIncident(incident_id=one),
        "real": lambda one: VerifyIncident(incident_id=one, verdict="real"),
        "unreal_over": lambda one: VerifyIncident(incident_id=one, verdict="false"),
        "unreal": lambda one: VerifyIncident(incident_id=one, verdict="false"),
        "respond": lambda one: RespondIncident(incident_id=one, by="x"),
        "resolve": lambda one: ResolveIncident(incident_id=one, outcome="real"),
        "close": lambda one: CloseIncident(incident_id=one),
    }
    ways = {
        "new": (), "acknowledged": ("acknowledge",), "verified": ("real",), "responding": ("respond",),
        "resolved": ("resolve",),
    }  # fmt: skip
    for (stage, act), then in TABLE.items():
        case = room.opens()
        for step in ways[stage]:
            room.asks(orders[step](case))
        if stage == "resolved" and act == "real":
            room.asks(VerifyIncident(incident_id=case, verdict="test"))
        room.handoffs[case] = act == "unreal"
        assert room.cases[case].stage == stage
        decided = room.asks(orders[act](case))
        if (stage, act) not in (("verified", "real"),):
            assert decided != (), (stage, act)
        assert room.cases[case].stage == then, (stage, act)


def test_an_event_about_what_is_not_known_changes_nothing(room):
    case = room.opens()
    for order in (
        VerifyIncident(incident_id=case, verdict="real"), RespondIncident(incident_id=case, by="x"),
        ResolveIncident(incident_id=case, outcome="real"), CloseIncident(incident_id=case),
    ):  # fmt: skip
        room.asks(order)
    cases: dict = {}
    for event in room.events[1:]:
        fold_case(cases, 1, event)
    assert cases == {}
