"""Orders about hand-offs, and what partners say of them: decided, folded, as the threads' rules say."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.handoff.thread import inputs
from console.handoff.thread.figures import ladder
from console.handoff.thread.steps import step
from console.handoff.thread.waits import Watch, old_drafts
from console.model import commands as do
from console.model import events as ev
from console.model.base import same_words
from console.model.fact import DeliveryReport, PartnerReport
from console.model.incident import Incident
from console.model.ladder import CancelRequest, PartnerThread, PhoneCall, Statement, Update
from console.model.state import CityState, apply
from console.model.threadstanding import standing
from console.rules.commands import CommandRules
from console.rules.draft import NOTHING, Decision, Refusal
from console.rules.partners import decide_between, decide_expired, decide_report, decide_told
from tests.fakes.messages import ToldMessages
from tests.fakes.town import place, triage

TRIAGE = triage()
NOW = 1_774_000_000 * SECOND_NS
POLICE, FIRE = "I:KR-112:1", "I:KR-119:1"


class Room:
    """One incident, its hand-offs, a person and partners. A second passes with each thing that happens."""

    def __init__(self, messages: ToldMessages | None = None, **incident: Any) -> None:
        self.messages = messages or ToldMessages()
        self.rules = CommandRules(TRIAGE, self.messages)
        self.now = NOW
        self.state = CityState(run="r")
        first = Incident(
            id="I", type="person_down", priority=2, place=place(), opened_at_ns=NOW, changed_at_ns=NOW,
            reasons=(same_words("x"),),
        )  # fmt: skip
        self.state.incidents["I"] = msgspec.structs.replace(first, **incident)
        self.owed: dict[str, bytes] = {}
        self.settled: list[str] = []
        self.log: list[str] = []

    def ask(self, command: do.Command, person: str = "Kim") -> Decision | Refusal:
        self.now += SECOND_NS
        request = do.Request(id="q", desk="desk-1", person=person, sent_ns=1, command=command)
        decided = self.rules.decide(self.state, request, self.now)
        return decided if isinstance(decided, Refusal) else self.take(decided)

    def take(self, decision: Decision) -> Decision:
        for draft in decision.drafts:
            entry = ev.Entry(
                run="r", seq=self.state.seq + 1, at_ns=draft.at_ns or self.now, cause=draft.cause,
                event=draft.event,
            )  # fmt: skip
            apply(self.state, entry)
            self.log.append(ev.kind_of(draft.event))
        self.owed |= {row.message_id: row.message for row in decision.outbox}
        self.settled += decision.settled
        return decision

    def code(self, command: do.Command) -> str:
        refused = self.ask(command)
        assert isinstance(refused, Refusal)
        assert "{" not in refused.reason.en + refused.reason.ko
        assert refused.reason.en != refused.reason.ko
        return refused.code

    def hand_off(self, *agencies: str) -> None:
        self.ask(do.DraftHandoff(incident_id="I", agencies=agencies))
        self.ask(do.SendDraft(thread_ids=tuple(f"I:{one}:1" for one in agencies)))

    def delivered(self, thread_id: str, message_id: str = "", case_ref: str = "7") -> Decision:
        self.now += SECOND_NS
        return self.take(decide_report(self.state, DeliveryReport(
            handoff_id=thread_id, key=thread_id, message_id=message_id or thread_id, outcome="received",
            attempt=1, at_ns=self.now, agency_ref=case_ref,
        )))  # fmt: skip

    def says(self, thread_id: str, said: str, message_id: str = "", **more: Any) -> Decision:
        self.now += SECOND_NS
        statement = Statement(
            message_id=message_id or f"{said}@{self.now}", said=said, said_at_ns=self.now,  # type: ignore[arg-type]
            heard_ns=self.now, **more,
        )  # fmt: skip
        agency = self.state.threads[thread_id].agency
        report = PartnerReport(agency=agency, key=thread_id, statement=statement)
        return self.take(decide_report(self.state, report))

    def between(self) -> None:
        for decision in decide_between(self.state, self.rules.ladder, ["I"], "transferred", self.now):
            self.take(decision)

    def thread(self, thread_id: str) -> PartnerThread:
        return self.state.threads[thread_id]


def test_a_draft_owes_nothing_and_what_was_sent_owes_exactly_the_bytes_it_names() -> None:
    room = Room()
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112",), text="please"))
    assert room.owed == {}
    assert standing(room.thread(POLICE)).rung == "drafted"
    decided = room.ask(do.SendDraft(thread_ids=(POLICE,)))
    assert isinstance(decided, Decision)
    (row,) = decided.outbox
    assert (row.message_id, row.key, row.handoff_id, row.agency) == (POLICE, POLICE, POLICE, "KR-112")
    queued = next(one.event for one in decided.drafts if isinstance(one.event, ev.HandoffQueued))
    assert queued.message_sha256 == hashlib.sha256(row.message).hexdigest()
    assert row.message == b"I:KR-112:1|Kim|person_down|please"
    assert room.thread(POLICE).queued_ns == room.now


def test_sending_again_is_no_error_and_owes_nothing_more() -> None:
    room = Room()
    room.hand_off("KR-112")
    before = dict(room.owed)
    assert room.ask(do.SendDraft(thread_ids=(POLICE,))) is NOTHING
    assert room.owed == before


def test_one_order_drafts_and_sends_where_no_look_is_needed() -> None:
    room = Room()
    decided = room.ask(do.HandOffIncident(incident_id="I", agency="KR-112", text="now"))
    assert isinstance(decided, Decision)
    assert [row.message_id for row in decided.outbox] == [POLICE]
    assert room.log == ["handoff.drafted", "incident.acknowledged", "handoff.queued"]
    assert room.thread(POLICE).text == "now"


def test_a_draft_that_lies_there_is_gone_on_with() -> None:
    room = Room()
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112",), text="first"))
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112",)))
    assert list(room.state.threads) == [POLICE]
    room.ask(do.HandOffIncident(incident_id="I", agency="KR-112", text="second"))
    assert room.owed[POLICE].endswith(b"|second")
    assert list(room.state.threads) == [POLICE]


def test_both_at_once_is_one_group_queued_in_one_decision() -> None:
    room = Room()
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112", "KR-119")))
    decided = room.ask(do.SendDraft(thread_ids=(POLICE, FIRE)))
    assert isinstance(decided, Decision)
    assert [row.agency for row in decided.outbox] == ["KR-112", "KR-119"]
    assert {room.thread(one).shape for one in (POLICE, FIRE)} == {"joint"}
    assert len({room.thread(one).group for one in (POLICE, FIRE)}) == 1


def test_two_drafts_that_are_sent_together_go_together() -> None:
    room = Room()
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112",)))
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-119",)))
    assert {room.thread(one).shape for one in (POLICE, FIRE)} == {"single"}
    room.ask(do.SendDraft(thread_ids=(POLICE, FIRE)))
    assert {room.thread(one).shape for one in (POLICE, FIRE)} == {"joint"}


def test_what_cannot_be_said_is_refused_and_nothing_of_the_batch_is_owed() -> None:
    room = Room(ToldMessages("the text has 99999 characters"))
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112", "KR-119")))
    refused = room.ask(do.SendDraft(thread_ids=(POLICE, FIRE)))
    assert isinstance(refused, Refusal)
    assert (refused.code, "99999" in refused.reason.ko) == ("no_packet", True)
    assert room.owed == {}
    assert {standing(one).rung for one in room.state.threads.values()} == {"drafted"}


def test_numbers_of_persons_reach_the_partner_and_not_the_log() -> None:
    room = Room()
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112",), text="caller 010-1234-5678 waits"))
    room.ask(do.SendDraft(thread_ids=(POLICE,)))
    room.ask(do.UpdateHandoff(thread_id=POLICE, text="now at kim@example.com"))
    room.ask(do.RecordCall(
        thread_id=POLICE, called_at_ns=room.now, name="Park", channel="phone", outcome="accepted",
        number="031-249-0112", words="call 010-9999-8888",
    ))  # fmt: skip
    assert b"010-1234-5678" in room.owed[POLICE]
    assert b"kim@example.com" in room.owed[f"{POLICE}:u1"]
    kept = msgspec.json.encode(room.state.threads).decode()
    assert not any(one in kept for one in ("010-1234", "example.com", "249-0112", "010-9999"))
    assert room.messages.numbers == {(POLICE, 0): "031-249-0112"}


def test_an_update_and_a_cancel_are_rows_of_their_own_and_are_settled_by_their_receipts() -> None:
    room = Room()
    room.hand_off("KR-112")
    room.ask(do.UpdateHandoff(thread_id=POLICE, text="second victim"))
    room.ask(do.CancelHandoff(thread_id=POLICE, reason="false alarm"))
    assert set(room.owed) == {POLICE, f"{POLICE}:u1", f"{POLICE}:c1"}
    for message_id in room.owed:
        room.delivered(POLICE, message_id)
        room.delivered(POLICE, message_id)
    assert sorted(set(room.settled)) == sorted(room.owed)
    thread = room.thread(POLICE)
    assert thread.cancel is not None
    assert all((thread.receipt_ns, thread.cancel.receipt_ns, thread.updates[0].receipt_ns))
    assert room.log.count("handoff.received") == 1
    assert room.log.count("handoff.confirmed") == 2


def test_two_case_numbers_for_one_hand_off_are_flagged_until_somebody_has_looked() -> None:
    room = Room()
    room.hand_off("KR-112")
    room.delivered(POLICE, case_ref="7")
    room.delivered(POLICE, case_ref="8")
    assert [one.what for one in room.thread(POLICE).flags] == ["two_cases"]
    room.ask(do.SeeFlags(thread_id=POLICE))
    assert room.thread(POLICE).flags == ()
    room.delivered(POLICE, case_ref="8")
    assert room.thread(POLICE).flags == ()
    assert room.ask(do.SeeFlags(thread_id=POLICE)) is NOTHING


def test_a_transfer_asks_the_first_to_cancel_only_when_the_second_has_accepted() -> None:
    room = Room()
    room.hand_off("KR-112")
    room.says(POLICE, "accepted")
    room.ask(do.TransferHandoff(thread_id=POLICE, agency="KR-119"))
    assert room.ask(do.TransferHandoff(thread_id=POLICE, agency="KR-119")) is NOTHING
    room.ask(do.SendDraft(thread_ids=(FIRE,)))
    room.between()
    assert room.thread(POLICE).cancel is None
    room.says(FIRE, "accepted")
    room.between()
    room.between()
    assert room.thread(POLICE).cancel is not None
    assert [one for one in room.owed if one.endswith(":c1")] == [f"{POLICE}:c1"]
    assert (room.thread(FIRE).shape, room.thread(FIRE).follows) == ("transfer", POLICE)


def test_a_reroute_needs_a_refusal_and_ends_the_refused_thread_when_the_other_is_sent() -> None:
    room = Room()
    room.hand_off("KR-112")
    assert room.code(do.RerouteHandoff(thread_id=POLICE, agency="KR-119")) == "ladder_not_refused"
    room.says(POLICE, "refused", reason="not-ours")
    room.ask(do.RerouteHandoff(thread_id=POLICE, agency="KR-119"))
    assert room.thread(POLICE).rerouted_to == ""
    room.ask(do.SendDraft(thread_ids=(FIRE,)))
    assert (room.thread(POLICE).rerouted_to, standing(room.thread(POLICE)).end) == (FIRE, "rerouted")
    room.says(POLICE, "accepted")
    room.says(FIRE, "accepted")
    room.between()
    room.between()
    flags = [one.what for one in room.state.threads[FIRE].flags]
    assert flags == ["two_going"]


def test_a_second_hand_off_to_the_same_agency_waits_for_its_refusal() -> None:
    room = Room()
    room.hand_off("KR-112")
    assert room.code(do.DraftHandoff(incident_id="I", agencies=("KR-112",))) == "ladder_live"
    room.says(POLICE, "refused", reason="not-ours")
    room.ask(do.HandOffIncident(incident_id="I", agency="KR-112"))
    assert "I:KR-112:2" in room.owed


def test_giving_up_settles_all_that_is_owed_and_a_late_receipt_brings_it_back_flagged() -> None:
    room = Room()
    room.hand_off("KR-112")
    room.ask(do.UpdateHandoff(thread_id=POLICE, text="more"))
    assert room.code(do.GiveUpHandoff(thread_id=POLICE, reason=" ")) == "ladder_reason"
    room.ask(do.GiveUpHandoff(thread_id=POLICE, reason="by telephone"))
    assert standing(room.thread(POLICE)).end == "given_up"
    assert set(room.settled) == {POLICE, f"{POLICE}:u1"}
    room.delivered(POLICE)
    assert standing(room.thread(POLICE)).end == ""
    assert [one.what for one in room.thread(POLICE).flags] == ["after_end"]


def test_a_draft_can_be_thrown_away_and_one_nobody_sent_expires() -> None:
    room = Room()
    room.ask(do.DraftHandoff(incident_id="I", agencies=("KR-112", "KR-119")))
    room.ask(do.GiveUpHandoff(thread_id=POLICE, reason=""))
    later = room.now + int(ladder().waits.draft_expires_s) * SECOND_NS
    room.take(decide_expired(old_drafts(room.state.threads.values(), later, ladder())))
    assert [standing(one).end for one in room.state.threads.values()] == ["given_up", "expired"]
    assert room.code(do.SendDraft(thread_ids=(FIRE,))) == "ladder_over"


def test_each_level_of_a_wait_is_told_once_and_again_for_another_wait() -> None:
    room, watch = Room(), Watch(ladder())
    room.hand_off("KR-112")
    mono = 0
    for second in range(90):
        live = watch.look(room.state.threads.values(), room.now, mono)
        room.take(decide_told(room.state, live))
        mono = second * SECOND_NS
    levels = [(one.what, one.level) for one in room.thread(POLICE).told]
    assert levels == [("answer", "amber"), ("answer", "red"), ("answer", "card")]
    again = Watch(ladder())  # after a restart: nothing is told twice
    live = again.look(room.state.threads.values(), room.now + 90 * SECOND_NS, mono)
    assert not decide_told(room.state, live).drafts


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (do.DraftHandoff(incident_id="X", agencies=("KR-112",)), "unknown_incident"),
        (do.DraftHandoff(incident_id="I", agencies=()), "ladder_nobody"),
        (do.DraftHandoff(incident_id="I", agencies=("KR-119", "KR-119")), "ladder_twice"),
        (do.DraftHandoff(incident_id="I", agencies=("FBI",)), "unknown_agency"),
        (do.DraftHandoff(incident_id="I", agencies=("KR-119",), text="x" * 2001), "ladder_text"),
        (do.HandOffIncident(incident_id="I", agency="FBI"), "unknown_agency"),
        (do.SendDraft(thread_ids=()), "ladder_nobody"),
        (do.SendDraft(thread_ids=("X",)), "ladder_unknown"),
        (do.EditDraft(thread_id=POLICE, text="x"), "ladder_not_a_draft"),
        (do.UpdateHandoff(thread_id=POLICE, text=" "), "ladder_text"),
        (do.CancelHandoff(thread_id=POLICE, reason=""), "ladder_reason"),
        (do.TransferHandoff(thread_id=POLICE, agency="KR-112"), "ladder_same"),
        (do.TransferHandoff(thread_id=POLICE, agency="FBI"), "unknown_agency"),
        (do.RecordCall(thread_id=POLICE, called_at_ns=1, name="", channel="x", outcome="y"), "ladder_call"),
        (do.GiveUpHandoff(thread_id="X", reason="x"), "ladder_unknown"),
        (do.SeeFlags(thread_id="X"), "ladder_unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else do.name_of(value),
)  # fmt: skip
def test_a_refusal_says_what_happened_in_both_languages(command: do.Command, code: str) -> None:
    room = Room()
    room.hand_off("KR-112")
    before = dict(room.state.threads)
    assert room.code(command) == code
    assert room.state.threads == before


def test_a_closed_incident_takes_no_further_draft_but_its_threads_go_on() -> None:
    room = Room()
    room.hand_off("KR-112")
    closed = msgspec.structs.replace(room.state.incidents["I"], stage="closed")
    room.state.incidents["I"] = closed
    assert room.code(do.DraftHandoff(incident_id="I", agencies=("KR-119",))) == "closed_incident"
    room.ask(do.CancelHandoff(thread_id=POLICE, reason="false"))
    assert f"{POLICE}:c1" in room.owed


_SAYS = ("received", "opened", "accepted", "refused", "assigned", "on_scene", "closed", "transferred",
         "cancel_accepted", "cancel_refused", "note")  # fmt: skip
_ACTS = st.one_of(
    st.tuples(st.just("says"), st.sampled_from(_SAYS), st.integers(0, 6), st.integers(0, 4)),
    st.tuples(st.sampled_from(["receipt", "sent", "update", "cancel", "call", "see", "give_up"]),
              st.just(""), st.integers(0, 3), st.integers(0, 2)),
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(_ACTS, max_size=12))
def test_what_is_logged_folds_to_exactly_what_the_threads_rules_say(acts: list[Any]) -> None:
    room = Room()
    room.hand_off("KR-112")
    for act, what, number, other in acts:
        before = room.thread(POLICE)
        told = _input(room, act, what, number, other)
        taken = step(before, told, ladder())
        _do(room, act, told, number)
        after = room.thread(POLICE)
        if taken.code or taken.verdict == "repeated":
            assert after == before
        else:
            assert after == taken.thread


def _input(room: Room, act: str, what: str, number: int, other: int) -> Any:
    now = room.now + SECOND_NS
    thread = room.thread(POLICE)
    match act:
        case "says":
            return inputs.PartnerSaid(statement=Statement(
                message_id=f"m{number}", said=what, said_at_ns=NOW + other * SECOND_NS, heard_ns=now,  # type: ignore[arg-type]
                to_agency="KR-119" if what == "transferred" else "", case_ref=str(other),
            ))  # fmt: skip
        case "receipt":
            names = [POLICE, f"{POLICE}:u1", f"{POLICE}:c1", "unknown"]
            return inputs.Receipt(at_ns=now, message_id=names[number], case_ref=str(other))
        case "sent":
            return inputs.BytesLeft(at_ns=now, attempt=number + 1)
        case "update":
            name = f"{POLICE}:u{len(thread.updates) + 1}"
            update = Update(message_id=name, at_ns=now, person="Kim", text="t")
            return inputs.UpdateQueued(update=update)
        case "cancel":
            return inputs.CancelAsked(at_ns=now, message_id=f"{POLICE}:c1", person="Kim", reason="r")
        case "call":
            return inputs.Called(call=PhoneCall(
                at_ns=now, called_at_ns=room.now, person="Kim", name="P", channel="phone", outcome="accepted",
            ))  # fmt: skip
        case "see":
            return inputs.Seen(at_ns=now, person="Kim")
    return inputs.GivenUp(at_ns=now, person="Kim", reason="r")


def _do(room: Room, act: str, told: Any, number: int) -> None:
    """The same over the hub's ways; each lets a second pass."""
    match act:
        case "says":
            report = PartnerReport(agency="KR-112", key=POLICE, statement=told.statement)
            room.now += SECOND_NS
            room.take(decide_report(room.state, report))
        case "receipt":
            room.delivered(POLICE, told.message_id, told.case_ref)
        case "sent":
            before = room.thread(POLICE)
            room.now += SECOND_NS
            room.take(decide_report(room.state, DeliveryReport(
                handoff_id=POLICE, key=POLICE, message_id=POLICE, outcome="sent", attempt=told.attempt,
                at_ns=room.now,
            )))  # fmt: skip
            if told.attempt <= before.attempts:  # no news, nothing is written down
                room.state.threads[POLICE] = step(before, told, ladder()).thread
        case "update":
            room.ask(do.UpdateHandoff(thread_id=POLICE, text="t"))
        case "cancel":
            room.ask(do.CancelHandoff(thread_id=POLICE, reason="r"))
        case "call":
            room.ask(do.RecordCall(thread_id=POLICE, called_at_ns=told.call.called_at_ns, name="P",
                                   channel="phone", outcome="accepted"))  # fmt: skip
        case "see":
            room.ask(do.SeeFlags(thread_id=POLICE))
        case _:
            room.ask(do.GiveUpHandoff(thread_id=POLICE, reason="r"))


def test_a_cancel_is_asked_by_the_message_that_the_state_names() -> None:
    room = Room()
    room.hand_off("KR-112")
    room.ask(do.CancelHandoff(thread_id=POLICE, reason="r"))
    expected = CancelRequest(message_id=f"{POLICE}:c1", at_ns=room.now, person="Kim", reason="r")
    assert room.thread(POLICE).cancel == expected
