"""What partners and the courier report becomes an entry when it is news."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import same_words
from console.model.fact import DeliveryReport, PartnerLinkSeen, PartnerMessageBad, PartnerReport
from console.model.ladder import Statement
from console.model.state import CityState, apply
from console.rules.draft import NOTHING
from console.rules.partners import decide_report

NOW = 1_774_000_000 * SECOND_NS


class Case:
    """One hand-off, and what becomes of reports about it."""

    def __init__(self) -> None:
        self.state = CityState(run="r")
        self._take(
            ev.HandoffQueued(
                handoff_id="H", key="I:KR-112:1", incident_id="I", agency="KR-112", revision=1, person="Kim",
                message_sha256="0",
            )
        )

    def _take(self, event: ev.Event) -> None:
        cause = ev.Cause(actor="test")
        entry = ev.Entry(run="r", seq=self.state.seq + 1, at_ns=NOW, cause=cause, event=event)
        apply(self.state, entry)

    def hear(self, report: object) -> list[str]:
        decision = decide_report(self.state, report)
        for draft in decision.drafts:
            self._take(draft.event)
        return [ev.kind_of(draft.event) for draft in decision.drafts]

    def said(self, said: str, agency: str = "KR-112", key: str = "I:KR-112:1", at_s: int = 0) -> list[str]:
        statement = Statement(
            message_id=f"{said}{at_s}", said=said, said_at_ns=NOW + at_s * SECOND_NS, heard_ns=NOW,
            reason="not-ours",
        )
        return self.hear(PartnerReport(agency=agency, key=key, statement=statement))

    def delivery(self, outcome: str, attempt: int = 1) -> list[str]:
        return self.hear(
            DeliveryReport(
                handoff_id="H", key="I:KR-112:1", message_id="I:KR-112:1", outcome=outcome, attempt=attempt,
                at_ns=NOW, agency_ref="7",
            )
        )

    @property
    def stage(self) -> str:
        return self.state.handoffs["H"].stage


def test_a_hand_off_that_goes_well_climbs_the_ladder_and_repeats_add_nothing():
    case = Case()
    for outcome in ("sent", "received"):
        assert len(case.delivery(outcome)) == 1
        assert case.delivery(outcome) == []
    for said, stage in (
        ("accepted", "accepted"), ("assigned", "dispatched"), ("on_scene", "on_scene"),
        ("closed", "closed"),
    ):
        assert len(case.said(said)) == 1
        assert case.said(said) == []
        assert case.stage == stage


def test_a_receipt_settles_what_is_owed_also_when_it_comes_twice():
    case = Case()
    report = DeliveryReport(
        handoff_id="H", key="I:KR-112:1", message_id="I:KR-112:1", outcome="received", attempt=1, at_ns=NOW,
        agency_ref="7",
    )
    assert decide_report(case.state, report).settled == ("I:KR-112:1",)
    case.delivery("received")
    assert decide_report(case.state, report).settled == ("I:KR-112:1",)


def test_the_partners_last_word_counts_when_it_changes_its_mind():
    case = Case()
    case.said("accepted")
    case.said("refused", at_s=1)
    assert case.stage == "rejected"
    assert case.said("accepted", at_s=2) == ["handoff.said"]
    assert case.stage == "accepted"
    assert [one.what for one in case.state.threads["H"].flags] == ["reversed", "reversed"]


def test_nothing_opens_a_closed_case_again():
    case = Case()
    case.said("accepted")
    case.said("closed", at_s=1)
    assert case.said("refused", at_s=2) == ["handoff.said"]
    assert case.stage == "closed"


def test_another_agency_or_an_unknown_case_is_a_refused_message_with_its_key():
    case = Case()
    assert case.said("accepted", agency="KR-119") == ["partner.message_refused"]
    assert case.said("accepted", key="I:KR-112:9") == ["partner.message_refused"]
    assert case.stage == "queued"


def test_each_further_attempt_is_on_the_record_and_an_old_one_is_not():
    case = Case()
    assert case.delivery("sent", 1) == ["handoff.sent"]
    assert case.delivery("sent", 3) == ["handoff.sent"]
    assert case.delivery("sent", 2) == []
    assert case.state.threads["H"].attempts == 3


def test_a_line_is_told_when_it_changes_and_bad_messages_always():
    case = Case()
    down = PartnerLinkSeen(agency="KR-112", up=False, at_ns=NOW, why=same_words("refused"))
    assert case.hear(down) == ["partner.link_changed"]
    assert decide_report(case.state, down) is NOTHING
    bad = PartnerMessageBad(agency="KR-112", at_ns=NOW, problem="line 3: no sender")
    assert case.hear(bad) == case.hear(bad) == ["partner.message_refused"]
    assert case.state.partners["KR-112"].refused_messages == 2
