"""The ladder of a hand-off: nothing a partner says is lost, nothing moves it where it may not go."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from console.handoff.machine import Step, Thread, judge, step, words_of
from console.model import events as ev
from console.model.base import Words
from console.model.fact import DeliveryReport, PartnerReport
from console.model.handoff import LADDER
from console.model.state import CityState, apply

KEY, AGENCY = "SW-000001:KR-112:1", "KR-112"
NEW = Thread(key=KEY, agency=AGENCY)
WHY = Words(en="silent", ko="무응답")


def sent(outcome="sent", attempt=1, ref=""):
    return DeliveryReport(
        handoff_id="H1", key=KEY, outcome=outcome, attempt=attempt, at_ns=0, agency_ref=ref, reason=WHY
    )


def said(what, message_id=""):
    return PartnerReport(agency=AGENCY, key=KEY, said=what, message_id=message_id or what, at_ns=0)


def play(*reports) -> list[Step]:
    thread, steps = NEW, []
    for report in reports:
        steps.append(step(thread, report))
        thread = steps[-1].thread
    return steps


def test_a_hand_off_that_goes_well_climbs_rung_by_rung():
    steps = play(
        sent(), sent("received", ref="KR-112-000001"), said("accepted"), said("dispatched"), said("on_scene"),
        said("closed"),
    )  # fmt: skip
    assert {one.verdict for one in steps} == {"advanced"}
    assert steps[-1].thread.stage == "closed"
    assert steps[-1].thread.heard == LADDER[1:]
    assert steps[-1].thread.agency_ref == "KR-112-000001"
    assert all(one.words is None for one in steps)


def test_an_accept_whose_receipt_was_lost_is_no_jump():
    assert [one.verdict for one in play(sent(), said("accepted"), sent("received", attempt=2))] == [
        "advanced", "advanced", "late",
    ]  # fmt: skip


def test_a_late_step_is_kept_and_the_stage_stays():
    steps = play(sent(), sent("received"), said("dispatched"), said("accepted"))
    assert [one.verdict for one in steps[2:]] == ["jumped", "late"]
    assert steps[-1].thread.stage == "dispatched"
    assert steps[-1].thread.heard == ("sent", "received", "dispatched", "accepted")
    assert steps[2].words
    assert steps[3].words


def test_the_same_message_again_says_nothing_new():
    steps = play(
        sent(), sent("received"), said("accepted", "m1"), said("accepted", "m1"), said("accepted", "m2")
    )
    assert [one.verdict for one in steps[3:]] == ["repeated", "repeated"]
    assert steps[-1].thread.heard.count("accepted") == 1


def test_the_partners_last_word_counts():
    steps = play(sent(), sent("received"), said("accepted"), said("rejected"), said("accepted", "again"))
    assert [one.verdict for one in steps[3:]] == ["reversed", "reversed"]
    assert steps[-1].thread.stage == "accepted"


def test_a_closed_case_stays_closed_and_what_comes_after_is_kept():
    steps = play(
        sent(), sent("received"), said("accepted"), said("closed"), said("on_scene"), said("rejected")
    )
    assert [one.verdict for one in steps[3:]] == ["jumped", "after_end", "after_end"]
    assert steps[-1].thread.stage == "closed"
    assert steps[-1].thread.heard[-2:] == ("on_scene", "rejected")


def test_a_stall_ends_with_the_receipt():
    steps = play(sent(), sent("stalled"), sent("stalled"), sent("received", attempt=4))
    assert [one.verdict for one in steps] == ["advanced", "advanced", "repeated", "advanced"]
    assert steps[-1].thread.stage == "received"
    assert steps[-1].thread.attempts == 4


def test_a_stall_after_the_partner_answered_changes_nothing():
    assert play(sent(), said("accepted"), sent("stalled"))[-1].thread.stage == "accepted"


@pytest.mark.parametrize(
    "report",
    [
        PartnerReport(agency="KR-119", key=KEY, said="accepted", message_id="m", at_ns=0),
        PartnerReport(agency=AGENCY, key="another", said="accepted", message_id="m", at_ns=0),
    ],
)
def test_one_agency_cannot_speak_for_another_nor_about_another_case(report):
    with pytest.raises(ValueError, match=r"not about|cannot answer"):
        step(NEW, report)


def test_every_verdict_that_is_not_plain_has_words_in_both_languages():
    for verdict in ("jumped", "late", "reversed", "after_end"):
        words = words_of(verdict)
        assert words.en
        assert words.ko
        assert words.en != words.ko
    assert words_of("advanced") is None
    assert words_of("repeated") is None


SAID = ("accepted", "rejected", "dispatched", "on_scene", "closed")
EVENTS = {
    "sent": ev.HandoffSent(handoff_id="H1", attempt=1),
    "received": ev.HandoffReceived(handoff_id="H1", agency_ref="R"),
    "stalled": ev.HandoffStalled(handoff_id="H1", reason=WHY),
    "accepted": ev.HandoffAccepted(handoff_id="H1"),
    "rejected": ev.HandoffRejected(handoff_id="H1", reason="other"),
    "dispatched": ev.HandoffDispatched(handoff_id="H1"),
    "on_scene": ev.HandoffArrived(handoff_id="H1"),
    "closed": ev.HandoffClosed(handoff_id="H1"),
}


class AnyOrder(RuleBasedStateMachine):
    """The line and the partner say anything, in any order, any number of times.

    Beside the machine runs the fold of the log, which is given an event for every step that is news.
    """

    def __init__(self) -> None:
        super().__init__()
        self.thread = NEW
        self.news: list[str] = []
        self.ids = 0
        self.state = CityState()
        self._commit(
            ev.HandoffQueued(
                handoff_id="H1",
                key=KEY,
                incident_id="I1",
                agency=AGENCY,
                revision=1,
                person="kim",
                message_sha256="0",
            )
        )

    def _commit(self, event):
        entry = ev.Entry(run="r", seq=self.state.seq + 1, at_ns=0, cause=ev.Cause(actor="hub"), event=event)
        apply(self.state, entry)

    def _take(self, report, what):
        before = self.thread
        took = step(before, report)
        self.thread = took.thread
        if took.verdict == "repeated":
            assert took.thread.heard == before.heard
            assert took.thread.stage == before.stage
        else:
            assert took.thread.heard == (*before.heard, what)
            self.news.append(what)
            if took.verdict != "after_end":  # the fold would let a refusal undo a closed case
                self._commit(EVENTS[what])
        if took.verdict in ("late", "after_end"):
            assert took.thread.stage == before.stage
        if took.verdict in ("advanced", "jumped", "reversed"):
            assert took.thread.stage == what

    @rule(outcome=st.sampled_from(["sent", "received", "stalled"]), attempt=st.integers(1, 9))
    def the_line_reports(self, outcome, attempt):
        self._take(sent(outcome, attempt), outcome)

    @rule(what=st.sampled_from(SAID))
    def the_partner_says(self, what):
        self.ids += 1
        self._take(said(what, f"m{self.ids}"), what)

    @rule(what=st.sampled_from(SAID), data=st.data())
    def an_old_message_comes_again(self, what, data):
        if self.thread.message_ids:
            old = data.draw(st.sampled_from(self.thread.message_ids))
            assert step(self.thread, said(what, old)).verdict == "repeated"

    @invariant()
    def closed_is_for_good(self):
        if "closed" in self.news:
            assert self.thread.stage == "closed"

    @invariant()
    def the_fold_of_the_log_stands_where_the_machine_stands(self):
        assert self.state.handoffs["H1"].stage == self.thread.stage

    @invariant()
    def no_step_is_lost(self):
        assert list(self.thread.heard) == self.news


TestAnyOrder = AnyOrder.TestCase


@pytest.mark.parametrize("stage", ["queued", "stalled", "rejected", *LADDER[1:]])
@pytest.mark.parametrize("what", ["sent", "received", "stalled", *SAID])
def test_every_pair_of_stage_and_report_has_a_verdict(stage, what):
    assert judge(stage, what) in ("advanced", "jumped", "late", "reversed", "repeated", "after_end")
