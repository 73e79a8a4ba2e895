"""Threads of hand-offs follow from the log, also from logs that had none."""

from __future__ import annotations

import msgspec

from console.clock import SECOND_NS
from console.model import events as ev
from console.model import state as fold
from console.model.base import Words
from console.model.ladder import Essence, Flag, PhoneCall, Statement
from console.model.share import ProvidedPicture
from console.model.threadstanding import is_unanswered, rung_times, standing
from tests.fakes.town import place

AT_NS = 1_790_000_000 * SECOND_NS


def folded(*events: ev.AnyEvent) -> fold.CityState:
    """One second between them."""
    state = fold.CityState()
    for seq, event in enumerate(events, 1):
        fold.apply(state, ev.Entry(run="r", seq=seq, at_ns=AT_NS + seq * SECOND_NS,
                                   cause=ev.Cause(actor="hub"), event=event))  # fmt: skip
    return state


OPENED = ev.IncidentOpened(incident_id="I", type="flood", priority=1, place=place(),
                           reason=Words(en="water", ko="물"))  # fmt: skip
DRAFTED = ev.HandoffDrafted(
    handoff_id="I:KR-112:1", key="I:KR-112:1", incident_id="I", agency="KR-112", revision=1, person="Kim",
    essence=Essence(type="flood", code="0", position=place().position, place="p"), shape="joint",
    group="I:KR-112:1", text="knee deep",
)  # fmt: skip
QUEUED = ev.HandoffQueued(
    handoff_id="I:KR-112:1", key="I:KR-112:1", incident_id="I", agency="KR-112", revision=1, person="Kim",
    message_sha256="0",
)  # fmt: skip
OF = {"handoff_id": "I:KR-112:1"}


def said(what: str, at_s: int, message_id: str, verdict: str = "advanced", **more: object) -> ev.HandoffSaid:
    statement = Statement(message_id=message_id, said=what, said_at_ns=AT_NS + at_s * SECOND_NS,
                          heard_ns=AT_NS + at_s * SECOND_NS, **more)  # type: ignore[arg-type]  # fmt: skip
    return ev.HandoffSaid(**OF, statement=statement, verdict=verdict)


def test_a_draft_is_a_thread_and_no_hand_off_yet() -> None:
    state = folded(OPENED, DRAFTED)
    thread = state.threads["I:KR-112:1"]
    assert (standing(thread).rung, thread.shape, thread.text) == ("drafted", "joint", "knee deep")
    assert state.handoffs == {}
    assert state.incidents["I"].handoff_ids == ("I:KR-112:1",)
    assert state.incidents["I"].stage == "new"


def test_a_thread_goes_from_draft_to_closing_and_keeps_the_time_of_each_rung() -> None:
    state = folded(
        OPENED, DRAFTED, QUEUED, ev.HandoffSent(**OF, attempt=1), ev.HandoffReceived(**OF, agency_ref="7"),
        said("opened", 6, "m1"), said("accepted", 7, "m2"), said("assigned", 8, "m3", unit="P-12"),
        said("on_scene", 9, "m4"), said("closed", 10, "m5"),
    )  # fmt: skip
    thread = state.threads["I:KR-112:1"]
    now = standing(thread)
    assert (now.rung, now.end, now.case_ref, now.unit) == ("closed", "closed", "7", "P-12")
    assert [rung for rung, _, _ in rung_times(thread)] == [
        "drafted", "queued", "sent", "received", "opened", "accepted", "assigned", "on_scene", "closed",
    ]  # fmt: skip
    assert state.handoffs[thread.id].stage == "closed"
    assert state.incidents["I"].stage == "responding"


def test_the_order_in_which_statements_came_makes_no_difference() -> None:
    each = (said("accepted", 7, "m2"), said("assigned", 8, "m3"), said("closed", 9, "m4"))
    one, other = folded(OPENED, DRAFTED, QUEUED, *each), folded(OPENED, DRAFTED, QUEUED, *reversed(each))
    assert standing(one.threads["I:KR-112:1"]) == standing(other.threads["I:KR-112:1"])


def test_what_was_not_kept_is_flagged_and_counted_only() -> None:
    flag = Flag(what="changed", at_ns=AT_NS, message_id="m1")
    changed = msgspec.structs.replace(said("refused", 7, "m1", "changed"), flags=(flag,))
    left_out = said("accepted", 9, "m9", "left_out")
    state = folded(OPENED, DRAFTED, QUEUED, said("accepted", 7, "m1"), changed, left_out)
    thread = state.threads["I:KR-112:1"]
    assert [one.said for one in thread.statements] == ["accepted"]
    assert (thread.flags, thread.statements_left_out) == ((flag,), 1)
    seen = folded(OPENED, DRAFTED, QUEUED, changed, ev.HandoffFlagsSeen(**OF, person="Kim"))
    assert seen.threads["I:KR-112:1"].flags == ()
    assert seen.threads["I:KR-112:1"].seen_flags == ("changed:m1",)


def test_cancel_updates_calls_and_what_was_told_are_kept_beside_the_ladder() -> None:
    call = PhoneCall(at_ns=AT_NS, called_at_ns=AT_NS, person="Kim", name="Park", channel="phone",
                     outcome="accepted")  # fmt: skip
    state = folded(
        OPENED, DRAFTED, QUEUED,
        ev.HandoffUpdateQueued(**OF, message_id="u", person="Kim", text="more", message_sha256="0"),
        ev.HandoffCancelAsked(**OF, message_id="c", person="Kim", reason="false", message_sha256="0"),
        ev.HandoffConfirmed(**OF, message_id="u"), ev.HandoffConfirmed(**OF, message_id="c"),
        ev.HandoffConfirmed(**OF, message_id="unknown"),
        ev.HandoffCalled(**OF, call=call),
        ev.HandoffTold(**OF, what="answer", name="", level="amber", since_ns=AT_NS, waited_s=5.1),
        ev.HandoffEvidenceAdded(**OF, stills=2, clip_s=30.0),
    )  # fmt: skip
    thread = state.threads["I:KR-112:1"]
    assert thread.cancel is not None
    assert thread.cancel.receipt_ns > thread.cancel.at_ns
    assert thread.updates[0].receipt_ns > thread.updates[0].at_ns
    assert (thread.calls, thread.told[0].level, thread.stills, thread.clip_s) == ((call,), "amber", 2, 30.0)


def fetched(at_s: int, name: str = "a.jpg", again: int = 0) -> ev.EvidenceProvided:
    picture = ProvidedPicture(
        at_ns=AT_NS + at_s * SECOND_NS, name=name, camera_id="C", form="still", from_ns=AT_NS, to_ns=AT_NS,
        sha256="0", size=1, agency="KR-112", recipient="112", officer="Kim", purpose="p", legal_basis="b",
        keep_until_ns=AT_NS, again=again,
    )  # fmt: skip
    return ev.EvidenceProvided(**OF, incident_id="I", picture=picture)


def test_a_thread_knows_which_pictures_its_partner_took_and_how_often() -> None:
    before = folded(OPENED, DRAFTED, QUEUED)
    state = folded(OPENED, DRAFTED, QUEUED, fetched(1), fetched(2, "b.mp4"), fetched(70, again=3))
    kept = {one.name: (one.times, one.at_ns) for one in state.threads["I:KR-112:1"].fetched}
    assert kept == {"a.jpg": (5, AT_NS + 70 * SECOND_NS), "b.mp4": (1, AT_NS + 2 * SECOND_NS)}
    assert state.incidents["I"].changed_at_ns == before.incidents["I"].changed_at_ns
    assert folded(fetched(1)).threads == {}


def test_what_is_given_up_or_cancelled_is_over_for_those_that_read_hand_offs_too() -> None:
    ended = folded(OPENED, DRAFTED, QUEUED, ev.HandoffGivenUp(**OF, person="Kim", reason="by phone"))
    assert standing(ended.threads["I:KR-112:1"]).end == "given_up"
    assert ended.handoffs["I:KR-112:1"].stage == "closed"
    cancelled = folded(OPENED, DRAFTED, QUEUED, said("cancel_accepted", 5, "m1"))
    assert cancelled.handoffs["I:KR-112:1"].stage == "closed"


def test_a_log_of_before_folds_into_threads() -> None:
    state = folded(
        OPENED, QUEUED, ev.HandoffSent(**OF, attempt=2),
        ev.HandoffStalled(**OF, reason=Words(en="no answer", ko="무응답")),
        ev.HandoffReceived(**OF, agency_ref="77"), ev.HandoffRejected(**OF, reason="not-ours"),
        ev.HandoffAccepted(**OF), ev.HandoffDispatched(**OF), ev.HandoffArrived(**OF), ev.HandoffClosed(**OF),
    )  # fmt: skip
    thread = state.threads["I:KR-112:1"]
    now = standing(thread)
    assert (thread.essence.type, thread.message_id, thread.attempts) == ("flood", "I:KR-112:1", 2)
    assert (now.rung, now.end, now.case_ref) == ("closed", "closed", "77")
    assert [one.said for one in thread.statements] == [
        "refused", "accepted", "assigned", "on_scene", "closed",
    ]  # fmt: skip


def test_threads_are_forgotten_with_their_incident(monkeypatch) -> None:
    monkeypatch.setattr("console.model.folds.incident.KEEP_CLOSED", 1)
    more = msgspec.structs.replace(OPENED, incident_id="J")
    state = folded(OPENED, DRAFTED, ev.IncidentClosed(incident_id="I", person="Kim"), more)
    assert state.threads == {}


def test_a_partner_that_lets_one_wait_is_a_stall_for_those_that_read_hand_offs_until_it_answers() -> None:
    waits = ev.HandoffTold(**OF, what="answer", name="", level="red", since_ns=AT_NS, waited_s=30.2)
    state = folded(OPENED, DRAFTED, QUEUED, ev.HandoffReceived(**OF, agency_ref="7"), waits)
    assert state.handoffs["I:KR-112:1"].stage == "stalled"
    assert is_unanswered(state.threads["I:KR-112:1"])
    state = folded(OPENED, DRAFTED, QUEUED, waits, said("accepted", 9, "m"))
    assert state.handoffs["I:KR-112:1"].stage == "accepted"
    assert not is_unanswered(state.threads["I:KR-112:1"])
    assert is_unanswered(folded(OPENED, DRAFTED, QUEUED, said("refused", 9, "m")).threads["I:KR-112:1"])
