"""When to try again, when a line is down, how fast a partner may knock: by figures, without waiting."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from console.handoff.pace import Bucket, LinkJudge, retry_delays
from console.handoff.profile import handoff_profile

TIMES = handoff_profile().times
SECOND = 1_000_000_000


@given(st.integers())
def test_tries_are_1_2_4_8_16_30_30_seconds_apart_within_a_fifth(seed):
    delays = itertools.islice(retry_delays(TIMES, random.Random(seed)), 8)
    for delay, planned in zip(delays, (1, 2, 4, 8, 16, 30, 30, 30), strict=True):
        assert planned * 0.8 <= delay <= planned * 1.2


def test_two_consoles_do_not_knock_together():
    first, second = (list(itertools.islice(retry_delays(TIMES, random.Random(seed)), 5)) for seed in (1, 2))
    assert first != second


def test_a_line_is_unknown_then_up_by_one_answer():
    judge = LinkJudge(2)
    assert judge.up is None
    assert judge.take(answered=True)
    assert judge.up is True
    assert not judge.take(answered=True)


def test_one_lost_heartbeat_says_nothing_two_say_down():
    judge = LinkJudge(2)
    judge.take(answered=True)
    assert not judge.take(answered=False, definite=False)
    assert judge.up is True
    assert judge.take(answered=False, definite=False)
    assert judge.up is False


def test_an_answer_between_two_losses_starts_the_count_again():
    judge = LinkJudge(2)
    for answered in (True, False, True, False):
        judge.take(answered=answered, definite=False)
    assert judge.up is True


def test_a_refused_connection_is_down_at_once():
    judge = LinkJudge(2)
    judge.take(answered=True)
    assert judge.take(answered=False, definite=True)
    assert not judge.take(answered=False, definite=True), "said once"


@given(st.lists(st.floats(0, 2), max_size=300))
def test_a_partner_never_gets_more_than_the_burst_and_the_rate(pauses):
    bucket, now_ns, allowed = Bucket(5.0, 10), 0, 0
    for pause in pauses:
        now_ns += int(pause * SECOND)
        allowed += bucket.take(now_ns)
    assert allowed <= 10 + 5 * (now_ns / SECOND) + 1e-6


def test_a_patient_partner_is_never_held_back():
    bucket = Bucket(5.0, 10)
    assert all(bucket.take(number * SECOND // 5) for number in range(200))
