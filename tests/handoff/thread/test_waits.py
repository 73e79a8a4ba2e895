"""When a person is told: amber, red with sound, the phone card; on a clock nobody can set."""

from __future__ import annotations

import pytest

from console.clock import SECOND_NS, SteppedClock
from console.handoff.thread import inputs
from console.handoff.thread.figures import FILE, ladder, read_ladder
from console.handoff.thread.waits import Watch, old_drafts, waits
from console.model.base import Position
from console.model.ladder import Essence
from console.paths import shipped
from console.profile.problems import ProfileError
from tests.handoff.thread.test_steps import call, cancel, receipt, update
from tests.handoff.thread.town import T0, drafted, queued, said, take


def levels(thread, seconds, start_s=1.0):
    """(second, what, level) whenever what is shown changes, looked at once a second from queueing on."""
    clock, watch, found, shown = SteppedClock(T0 + int(start_s * SECOND_NS)), Watch(ladder()), [], None
    for second in range(seconds + 1):
        now = [(one.what, one.level) for one in watch.look([thread], clock.now_ns(), clock.mono_ns())]
        if now != shown:
            found.append((second, *now))
            shown = now
        clock.step(1)
    return found


def test_no_receipt_is_amber_at_5_red_at_30_and_the_card_at_60():
    assert levels(queued(), 70) == [
        (0,), (5, ("answer", "amber")), (30, ("answer", "red")), (60, ("answer", "card")),
    ]  # fmt: skip


def test_a_receipt_takes_the_amber_away_but_somebody_still_has_to_accept():
    thread = take(queued(), receipt(queued()))
    assert levels(thread, 70) == [(0,), (30, ("answer", "red")), (60, ("answer", "card"))]


def test_red_and_the_card_have_a_sound_and_amber_has_none():
    watch = Watch(ladder())
    sounds = []
    for mono_s in (0, 6, 31, 61):
        sounds += [one.sound for one in watch.look([queued()], T0 + SECOND_NS, mono_s * SECOND_NS)]
    assert sounds == [False, True, True]


def test_a_refusal_is_red_at_once_until_somebody_else_has_it():
    thread = take(queued(), said("refused", 10))
    assert levels(thread, 61, 10) == [(0, ("reroute", "red")), (60, ("reroute", "card"))]
    assert levels(take(thread, inputs.Rerouted(at_ns=T0, to_thread="b")), 61, 10) == [(0,)]
    assert levels(take(queued(), call("refused", 65)), 1, 65) == [(0, ("reroute", "red"))]


def test_a_telephone_call_that_reached_somebody_ends_the_wait_and_one_that_did_not_does_not():
    assert levels(take(queued(), call("accepted", 65)), 61) == [(0,)]
    assert levels(take(queued(), call("no_answer", 65)), 61)[-1] == (60, ("answer", "card"))


def test_a_cancel_and_an_update_nobody_answers_are_told_too():
    accepted = take(queued(), said("accepted", 10))
    assert levels(take(accepted, cancel()), 61, 12)[1:4] == [
        (5, ("cancel", "amber")), (30, ("cancel", "red")), (60, ("cancel", "card")),
    ]  # fmt: skip
    assert levels(take(accepted, update()), 61, 12)[-1] == (60, ("update", "card"))
    confirmed = take(accepted, update(), inputs.Receipt(at_ns=T0, message_id="u1"))
    assert levels(confirmed, 61, 12) == [(0,)]


def test_accepted_without_a_unit_and_a_unit_that_does_not_arrive_become_amber():
    assert levels(take(queued(), said("accepted", 10)), 100, 10) == [(0,), (90, ("unit", "amber"))]
    assert levels(take(queued(), said("assigned", 10)), 430, 10) == [(0,), (420, ("scene", "amber"))]
    assert levels(take(queued(), said("on_scene", 10)), 430, 10) == [(0,)]


def test_a_draft_nobody_sends_is_not_silent_and_ends():
    assert levels(drafted(), 21, 0) == [(0,), (20, ("send", "amber"))]
    assert old_drafts([drafted(), queued()], T0 + 1799 * SECOND_NS, ladder()) == ()
    assert old_drafts([drafted(), queued()], T0 + 1800 * SECOND_NS, ladder()) == (drafted(),)


def test_what_is_flagged_is_amber_until_it_was_seen_even_after_the_end():
    elsewhere = Essence(type="market_fire", code="1", position=Position(lat=1, lon=1))
    thread = take(queued(), said("closed", 10, read_back=elsewhere))
    assert levels(thread, 1, 10) == [(0, ("look", "amber"))]
    assert levels(take(thread, inputs.Seen(at_ns=T0, person="kim")), 1, 10) == [(0,)]


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_a_wall_clock_that_is_set_makes_nothing_late_and_nothing_silent(jump):
    clock, watch, thread = SteppedClock(T0 + SECOND_NS), Watch(ladder()), queued()
    assert watch.look([thread], clock.now_ns(), clock.mono_ns()) == ()
    clock.step(3)
    clock.jump(jump)
    assert watch.look([thread], clock.now_ns(), clock.mono_ns()) == ()
    clock.step(3)
    assert [one.level for one in watch.look([thread], clock.now_ns(), clock.mono_ns())] == ["amber"]


def test_after_a_restart_time_goes_on_and_a_moment_in_the_future_is_told_at_once():
    clock = SteppedClock(T0 + 40 * SECOND_NS)
    assert [one.level for one in Watch(ladder()).look([queued()], clock.now_ns(), 0)] == ["red"]
    assert [one.level for one in Watch(ladder()).look([queued()], T0 - 3600 * SECOND_NS, 0)] == ["card"]


def test_the_most_urgent_comes_first_and_says_when_it_rises():
    watch, threads = Watch(ladder()), [queued(), take(queued("KR-119"), said("refused", 10))]
    found = watch.look(threads, T0 + 11 * SECOND_NS, 0)
    assert [(one.what, one.level) for one in found] == [("reroute", "red"), ("answer", "amber")]
    assert found[1].next_s == pytest.approx(20.0)
    assert [one.what for one in waits(threads[0], ladder())] == ["answer"]


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("answer_red_s = 30.0", "answer_red_s = 3.0", "answer_red_s"),
        ("phone_s = 60.0", "phone_s = 90.0", "phone_s"),
        ("receipt_amber_s = 5.0", "receipt_amber_s = true", "receipt_amber_s"),
        ("[silence]", "[silences]", "silence"),
        ('"no_answer"]', '"silent"]', "outcomes"),
    ],
)
def test_figures_that_cannot_be_are_named(tmp_path, good, bad, named):
    text = (shipped("seeds") / FILE).read_text("utf-8")
    assert good in text
    path = tmp_path / "ladder.toml"
    path.write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(ProfileError) as raised:
        read_ladder(path)
    assert named in str(raised.value)
