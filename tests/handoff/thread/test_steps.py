"""A thread from draft to end: what moves it, what is kept beside it, what a person must see."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.clock import SECOND_NS
from console.handoff.thread import inputs
from console.handoff.thread.figures import ladder
from console.handoff.thread.standing import rung_times, standing
from console.handoff.thread.steps import step
from console.model.base import Position
from console.model.ladder import PhoneCall, Update
from tests.handoff.thread.town import PLACE, T0, drafted, queued, said, take, words


def go(thread, one):
    return step(thread, one, ladder())


def receipt(thread, at_s=2.0, ref="C1"):
    return inputs.Receipt(at_ns=T0 + int(at_s * SECOND_NS), message_id=thread.message_id, case_ref=ref)


def cancel(message_id="c1", reason="false alarm"):
    return inputs.CancelAsked(
        at_ns=T0 + 12 * SECOND_NS, message_id=message_id, person="kim", reason=reason
    )


def update(message_id="u1", text="two people"):
    one = Update(message_id=message_id, at_ns=T0 + 12 * SECOND_NS, person="kim", text=text)
    return inputs.UpdateQueued(update=one)


def call(outcome, at_s=65.0):
    at_ns = T0 + int(at_s * SECOND_NS)
    one = PhoneCall(
        at_ns=at_ns, called_at_ns=at_ns, person="kim", name="Lee", channel="phone", outcome=outcome
    )
    return inputs.Called(call=one)


def flags(thread):
    return [one.what for one in thread.flags]


def test_a_thread_that_goes_well_climbs_every_rung_and_knows_the_time_of_each():
    thread = take(queued(), inputs.BytesLeft(at_ns=T0 + SECOND_NS, attempt=1))
    thread = take(thread, receipt(thread))
    verdicts = []
    for at_s, what in enumerate(("opened", "accepted", "assigned", "on_scene", "closed"), 3):
        found = go(thread, said(what, at_s))
        thread = found.thread
        verdicts.append(found.verdict)
    assert set(verdicts) == {"advanced"}
    assert (standing(thread).rung, standing(thread).end, standing(thread).case_ref) == (
        "closed", "closed", "C1",
    )  # fmt: skip
    assert [one[0] for one in rung_times(thread)] == [
        "drafted", "queued", "sent", "received", "opened", "accepted", "assigned", "on_scene", "closed",
    ]  # fmt: skip
    assert not thread.flags


def test_an_answer_implies_the_rungs_a_machine_would_have_said():
    found = go(queued(), said("accepted"))
    assert (found.verdict, standing(found.thread).rung) == ("advanced", "accepted")
    late = go(found.thread, receipt(found.thread, 12))
    assert (late.verdict, standing(late.thread).rung) == ("late", "accepted")


def test_a_unit_before_the_acceptance_is_a_jump_and_the_acceptance_still_comes():
    jumped = go(queued(), said("assigned", 11))
    assert jumped.verdict == "jumped"
    late = go(jumped.thread, said("accepted", 10))
    assert late.verdict == "late"
    assert standing(late.thread).rung == "assigned"


def test_a_refusal_says_why_and_waits_for_another_partner():
    thread = take(queued(), said("refused", reason="not-ours"))
    assert (standing(thread).rung, standing(thread).reason, standing(thread).end) == (
        "refused", "not-ours", "",
    )  # fmt: skip
    rerouted = take(thread, inputs.Rerouted(at_ns=T0, to_thread="SW-1:KR-119:1"))
    assert standing(rerouted).end == "rerouted"


def test_an_acceptance_after_the_refusal_brings_the_thread_back_and_is_flagged():
    thread = take(queued(), said("refused", 10), inputs.Rerouted(at_ns=T0, to_thread="other"))
    found = go(thread, said("accepted", 20))
    assert (standing(found.thread).rung, standing(found.thread).end) == ("accepted", "")
    assert flags(found.thread) == ["after_end"]
    plain = go(take(queued(), said("refused", 10)), said("accepted", 20))
    assert plain.verdict == "reversed" and flags(plain.thread) == ["reversed"]
    assert flags(take(plain.thread, inputs.Seen(at_ns=T0, person="kim"))) == []


def test_what_was_said_earlier_and_comes_later_reverses_nothing():
    found = go(take(queued(), said("accepted", 20)), said("refused", 10, heard_s=30))
    assert standing(found.thread).rung == "accepted"
    assert found.verdict == "late"


def test_a_closed_case_stays_closed_and_what_comes_after_is_kept_and_flagged():
    thread = take(queued(), said("closed", 30))
    found = go(thread, said("on_scene", 40))
    assert (found.verdict, standing(found.thread).end) == ("after_end", "closed")
    assert flags(found.thread) == ["after_end"]
    assert len(found.thread.statements) == 2
    assert go(thread, update()).code == "over"
    assert go(thread, cancel()).code == "over"


def test_what_was_said_after_the_closing_is_flagged_in_whatever_order_it_came():
    for order in ((said("closed", 30), said("refused", 40)), (said("refused", 40), said("closed", 30))):
        thread = take(queued(), *order)
        assert (standing(thread).end, flags(thread)) == ("closed", ["after_end"])
    assert flags(take(queued(), said("accepted", 20), said("closed", 30))) == []


def test_a_second_delivery_changes_nothing_and_the_same_number_with_other_words_is_flagged():
    thread = take(queued(), said("accepted", message_id="7"))
    assert go(thread, said("accepted", heard_s=50, message_id="7")).verdict == "repeated"
    changed = go(thread, said("refused", message_id="7"))
    assert changed.verdict == "changed"
    assert standing(changed.thread).rung == "accepted"
    assert flags(changed.thread) == ["changed"]
    assert flags(take(changed.thread, said("refused", message_id="7"))) == ["changed"]
    seen = take(changed.thread, inputs.Seen(at_ns=T0, person="kim"), said("refused", message_id="7"))
    assert flags(seen) == []


def test_two_case_numbers_for_one_key_are_flagged():
    thread = take(queued(), said("accepted", 10, case_ref="C1"))
    assert flags(take(thread, said("assigned", 20, case_ref="C2"))) == ["two_cases"]
    known = take(queued(), receipt(queued(), ref="C1"))
    assert flags(take(known, receipt(known, ref="C2"))) == ["two_cases"]


def test_cancelling_is_asked_and_the_partner_decides():
    thread = take(queued(), said("accepted", 10), cancel())
    assert standing(thread).cancel == "requested"
    assert go(thread, cancel()).verdict == "repeated"
    assert go(thread, cancel("c2")).code == "already_asked"
    dropped = take(thread, said("cancel_accepted", 20))
    assert (standing(dropped).end, standing(dropped).cancel) == ("cancelled", "accepted")
    goes_on = take(thread, said("cancel_refused", 20))
    assert (standing(goes_on).end, standing(goes_on).cancel, standing(goes_on).rung) == (
        "", "refused", "accepted",
    )  # fmt: skip
    assert go(goes_on, cancel("c2")).code == "cancel_refused"
    assert go(queued(), cancel(reason=" ")).code == "reason"
    assert go(drafted(), cancel()).code == "not_sent"


def test_a_cancel_that_crosses_an_acceptance_keeps_both_and_the_partners_last_word_counts():
    thread = take(queued(), cancel())
    crossed = go(thread, said("accepted", 13))
    assert crossed.verdict == "crossed"
    assert (standing(crossed.thread).rung, standing(crossed.thread).cancel) == ("accepted", "requested")
    dropped = take(crossed.thread, said("cancel_accepted", 20))
    assert standing(dropped).end == "cancelled"
    back = take(dropped, said("on_scene", 30))
    assert (standing(back).end, standing(back).rung) == ("", "on_scene")
    assert "after_end" in flags(back)


def test_a_partner_that_passes_it_on_itself_says_to_whom():
    thread = take(queued(), said("transferred", 10, to_agency="KR-119"))
    assert (standing(thread).end, standing(thread).to_agency) == ("transferred", "KR-119")


def test_a_thread_without_receipt_is_given_up_by_a_person_and_a_late_receipt_brings_it_back():
    thread = take(queued(), call("accepted"))
    assert standing(thread).taken
    given_up = take(thread, inputs.GivenUp(at_ns=T0, person="kim", reason="told by telephone"))
    assert standing(given_up).end == "given_up"
    found = go(given_up, receipt(given_up, 900))
    assert (found.verdict, standing(found.thread).end) == ("after_end", "")
    assert go(take(queued(), receipt(queued())), inputs.GivenUp(at_ns=T0, person="kim", reason="x")).code == (
        "partner_has_it"
    )
    assert go(queued(), inputs.GivenUp(at_ns=T0, person="kim", reason="")).code == "reason"


def test_an_old_draft_ends_and_cannot_be_sent():
    thread = take(drafted(), inputs.Expired(at_ns=T0))
    assert standing(thread).end == "expired"
    assert go(thread, inputs.Queued(at_ns=T0, message_id="m")).code == "over"
    assert go(queued(), inputs.Expired(at_ns=T0)).code == "not_a_draft"


def test_sending_twice_owes_one_message():
    thread = queued()
    assert go(thread, inputs.Queued(at_ns=T0, message_id=thread.message_id)).verdict == "repeated"
    assert go(thread, inputs.Queued(at_ns=T0, message_id="other")).code == "already_sent"


def test_updates_go_both_ways_and_each_of_ours_has_its_receipt():
    thread = take(queued(), said("accepted", 10), update())
    assert go(thread, update()).verdict == "repeated"
    assert go(thread, update("u2", " ")).code == "text"
    assert go(thread, update("u2", "x" * 2001)).code == "text"
    confirmed = take(thread, inputs.Receipt(at_ns=T0 + 13, message_id="u1"))
    assert confirmed.updates[0].receipt_ns == T0 + 13
    note = go(confirmed, said("note", 20, words=words("which entrance?")))
    assert note.verdict == "noted"
    assert standing(note.thread).rung == "accepted"
    assert go(thread, inputs.Receipt(at_ns=T0, message_id="never sent")).code == "unknown_message"
    assert go(drafted(), update()).code == "not_sent"


@pytest.mark.parametrize(
    ("read_back", "flagged"),
    [
        (PLACE, []),
        (replace(PLACE, place="written otherwise"), []),
        (replace(PLACE, position=Position(lat=37.2777, lon=127.0169)), []),
        (replace(PLACE, position=Position(lat=37.2875, lon=127.0169)), ["read_back"]),
        (replace(PLACE, position=Position(lat=float("nan"), lon=127.0)), ["read_back"]),
        (replace(PLACE, type="person_down"), ["read_back"]),
        (replace(PLACE, code="3"), ["read_back"]),
        (replace(PLACE, type="", code=""), []),
    ],
)
def test_what_is_read_back_is_held_against_what_was_sent(read_back, flagged):
    thread = take(queued(), said("accepted", 10, read_back=read_back))
    assert flags(thread) == flagged
    assert flags(take(thread, update())) == []


def test_a_flood_of_statements_is_counted_and_flagged_once():
    most = ladder().thread.statements_most
    notes = take(queued(), *(said("note", at) for at in range(most)))
    assert len(notes.statements) == most // 2
    accepted = take(notes, said("accepted", 9_000))
    assert standing(accepted).rung == "accepted"  # notes keep nothing else out
    found = take(accepted, *(said("opened", at) for at in range(most)))
    assert len(found.statements) == most
    assert found.statements_left_out == most + 1
    assert flags(found) == ["left_out"]


def test_a_refused_hand_off_can_only_be_rerouted_once():
    thread = take(queued(), said("refused"))
    once = take(thread, inputs.Rerouted(at_ns=T0, to_thread="a"))
    assert go(once, inputs.Rerouted(at_ns=T0, to_thread="a")).verdict == "repeated"
    assert go(once, inputs.Rerouted(at_ns=T0, to_thread="b")).code == "already_rerouted"
    assert go(queued(), inputs.Rerouted(at_ns=T0, to_thread="a")).code == "not_refused"
    by_voice = go(take(queued(), call("refused")), inputs.Rerouted(at_ns=T0, to_thread="a"))
    assert (by_voice.verdict, standing(by_voice.thread).end) == ("done", "rerouted")
    assert standing(take(by_voice.thread, said("accepted", 90))).end == ""


STEPS = [
    said("received", 5), said("opened", 6), said("accepted", 7), said("refused", 8), said("accepted", 9),
    said("assigned", 9),
]  # fmt: skip


def test_every_order_of_the_same_statements_leads_to_the_same_standing():
    found = {standing(take(queued(), *order)) for order in permutations(STEPS)}
    assert len(found) == 1
    assert next(iter(found)).rung == "assigned"


SAID = st.builds(
    said,
    st.sampled_from(
        ["received", "opened", "accepted", "refused", "assigned", "on_scene", "closed", "transferred",
         "cancel_accepted", "cancel_refused", "note"]
    ),
    st.integers(min_value=2, max_value=12),
    st.integers(min_value=0, max_value=90),
    reason=st.sampled_from(["", "not-ours"]),
    case_ref=st.sampled_from(["", "C1"]),
)  # fmt: skip


@given(st.lists(SAID, max_size=10), st.randoms(use_true_random=False))
def test_order_delay_and_doubles_make_no_difference(statements, rng: random.Random):
    one_of_each = list({each.statement.message_id: each for each in statements}.values())
    shuffled = one_of_each + [rng.choice(one_of_each) for _ in one_of_each]
    rng.shuffle(shuffled)
    expected, found = take(queued(), cancel(), *one_of_each), take(queued(), cancel(), *shuffled)
    assert standing(found) == standing(expected)
    assert found.statements == expected.statements
