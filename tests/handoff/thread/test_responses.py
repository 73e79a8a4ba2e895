"""Threads of one incident together: both at once, instead, after a refusal; nobody falls between two."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from console.handoff.thread import inputs
from console.handoff.thread.responses import (
    ResponseRefused,
    both_going,
    cancels_due,
    going,
    instead,
    joint,
    nobody_has_it,
    to_flag,
    without_result,
)  # fmt: skip
from console.handoff.thread.steps import begin
from tests.handoff.thread.test_steps import cancel
from tests.handoff.thread.town import PLACE, T0, queued, said, take, words


def sent(draft, *each):
    return take(begin(draft), inputs.Queued(at_ns=T0, message_id=f"{draft.id}/m"), *each)


def test_a_joint_response_is_a_thread_each_in_one_group():
    drafts = joint([], "SW-1", ("KR-112", "KR-119"), "kim", PLACE, T0)
    assert [(one.id, one.shape, one.group) for one in drafts] == [
        ("SW-1:KR-112:1", "joint", "SW-1:KR-112:1"), ("SW-1:KR-119:1", "joint", "SW-1:KR-112:1"),
    ]  # fmt: skip
    police, fire = (sent(one) for one in drafts)
    police = take(police, said("refused", 10))
    assert nobody_has_it([police, fire])
    fire = take(fire, said("accepted", 12))
    assert going([police, fire]) == ("KR-119",)
    assert not nobody_has_it([police, fire])


def test_one_partner_alone_is_a_plain_hand_off_and_has_one_live_thread():
    (draft,) = joint([], "SW-1", ("KR-112",), "kim", PLACE, T0)
    assert (draft.shape, draft.group) == ("single", "")
    live = sent(draft)
    for agencies, code in ((("KR-112",), "live"), ((), "nobody"), (("KR-119", "KR-119"), "twice")):
        with pytest.raises(ResponseRefused) as raised:
            joint([live], "SW-1", agencies, "kim", PLACE, T0)
        assert raised.value.code == code
    closed = take(live, said("closed", 10))
    assert joint([closed], "SW-1", ("KR-112",), "kim", PLACE, T0)[0].revision == 2
    assert joint([live], "SW-2", ("KR-112",), "kim", PLACE, T0)[0].revision == 1


def test_after_a_refusal_another_partner_gets_it_with_the_same_facts():
    refused = take(queued(), said("refused", 10))
    draft = instead([refused], refused, "KR-119", "kim", T0)
    assert (draft.shape, draft.follows, draft.essence) == ("reroute", refused.id, PLACE)
    rerouted = take(refused, inputs.Rerouted(at_ns=T0, to_thread=draft.id))
    other = sent(draft, said("accepted", 20))
    assert both_going([rerouted, other]) == ()
    late = take(rerouted, said("accepted", 25))
    assert both_going([late, other]) == ((late.id, other.id),)
    assert to_flag([late, other]) == ((other.id, "two_going", late.id),)
    told = take(other, inputs.Flagged(at_ns=T0, what="two_going", about=late.id))
    assert to_flag([late, told]) == ()
    assert to_flag([late, take(told, inputs.Seen(at_ns=T0, person="kim"))]) == ()
    with pytest.raises(ResponseRefused):
        instead([refused], refused, "KR-112", "kim", T0)
    with pytest.raises(ResponseRefused):
        instead([refused], take(queued(), said("closed")), "KR-119", "kim", T0)


def test_a_transfer_asks_the_first_to_drop_it_only_when_the_second_has_accepted():
    first = take(queued(), said("accepted", 10))
    draft = instead([first], first, "KR-119", "kim", T0)
    assert (draft.shape, draft.follows) == ("transfer", first.id)
    second = sent(draft)
    assert cancels_due([first, second]) == ()
    second = take(second, said("accepted", 20))
    assert cancels_due([first, second]) == (first,)
    asked = take(first, cancel())
    assert cancels_due([asked, second]) == ()
    assert both_going([asked, second]) == ()
    stays = take(asked, said("cancel_refused", 30))
    assert both_going([stays, second]) == ((stays.id, second.id),)


def test_a_joint_response_that_is_closed_without_a_result_is_named():
    thread = replace(queued(), shape="joint")
    assert without_result([take(thread, said("closed", 10))]) == (thread.id,)
    assert without_result([take(thread, said("closed", 10, words=words("fire out")))]) == ()
    assert without_result([thread]) == ()
