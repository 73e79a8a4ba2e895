"""The checker sees each kind of fault, by name, and nothing else."""

from __future__ import annotations

import pytest

from console.clock import SECOND_NS
from console.handoff.thread.checker import LinesError, PartnerLine, SenderLine, check, line_of, read_lines

KEY = "SW-1:KR-112:1"


def we(did, at_s, key=KEY, agency="KR-112", **fields):
    return SenderLine(at_ns=int(at_s * SECOND_NS), did=did, key=key, agency=agency, **fields)


def they(did, key=KEY, agency="KR-112", **fields):
    return PartnerLine(at_ns=0, did=did, key=key, agency=agency, **fields)


GOOD = [we("queued", 0), we("receipt", 1), we("answered", 20, what="accepted", message_id="a1")]
THEIRS = [they("case", case_ref="C1"), they("said", message_id="a1", what="accepted")]


def counts(sender, partner, end_s=600):
    found = check(sender, partner, end_s * SECOND_NS).counts
    return {name: count for name, count in found.items() if count and name != "handoffs"}


def test_a_good_run_is_good_in_any_order():
    assert check(reversed(GOOD), reversed(THEIRS), 600 * SECOND_NS).good
    assert counts(GOOD, THEIRS) == {}


@pytest.mark.parametrize(
    ("sender", "partner", "found"),
    [
        ([we("queued", 0), we("told", 30)], [], {"lost": 1}),
        (GOOD, THEIRS[1:], {"lost": 1}),
        (GOOD, [*THEIRS, they("case", case_ref="C2")], {"duplicates": 1}),
        (
            [*GOOD, *(we(one.did, 1, "K2", what=one.what, message_id="a2") for one in GOOD)],
            [*THEIRS, they("case", "K2", case_ref="C1"), they("said", "K2", message_id="a2")],
            {"duplicates": 1},
        ),
        (GOOD, [*THEIRS, they("case", "K9", case_ref="C9")], {"strangers": 1}),
        ([*GOOD[:2], we("told", 30)], THEIRS, {"unheard": 1}),
        ([*GOOD, GOOD[-1]], THEIRS, {"doubled": 1}),
        ([*GOOD, we("answered", 30, what="closed", message_id="a9")], THEIRS, {"unsaid": 1}),
        ([we("queued", 0), we("told", 61.1)], THEIRS[:1], {"silent_over_60s": 1}),
        ([we("queued", 0), we("receipt", 1)], THEIRS[:1], {"silent_over_60s": 1}),
        ([*GOOD, we("cancel_asked", 30, message_id="c")], THEIRS, {"silent_over_60s": 1}),
        ([*GOOD, we("update_sent", 30, message_id="u")], THEIRS, {"silent_over_60s": 1}),
        (
            [*GOOD, we("answered", 30, what="refused", message_id="a2")],
            [*THEIRS, they("said", message_id="a2")],
            {"silent_over_60s": 1},
        ),
    ],
)
def test_each_fault_is_found(sender, partner, found):
    assert counts(sender, partner) == found


@pytest.mark.parametrize(
    "sender",
    [
        [we("queued", 0), we("told", 60.9)],
        [we("queued", 0), we("called", 50)],
        [*GOOD[:2], we("answered", 59, what="refused", message_id="a1"), we("rerouted", 80)],
        [*GOOD, we("update_sent", 30, message_id="u"), we("confirmed", 85, message_id="u")],
        [*GOOD, we("cancel_asked", 30, message_id="c"), we("told", 60)],
    ],
)
def test_a_wait_that_was_answered_or_told_in_time_is_not_silent(sender):
    assert "silent_over_60s" not in counts(sender, THEIRS)


def test_what_a_person_gave_up_is_not_lost():
    assert counts([we("queued", 0), we("given_up", 50)], []) == {}


def test_records_are_read_back_and_only_the_last_line_may_be_cut(tmp_path):
    path = tmp_path / "sender.jsonl"
    data = b"".join(line_of(one) for one in GOOD)
    path.write_bytes(data[:-9])
    assert read_lines(path, SenderLine) == GOOD[:2]
    path.write_bytes(data[:50] + b"\n" + data[60:])
    with pytest.raises(LinesError, match="line 1"):
        read_lines(path, SenderLine)
    partner = tmp_path / "partner.jsonl"
    partner.write_bytes(b"".join(line_of(one) for one in THEIRS))
    assert read_lines(partner, PartnerLine) == THEIRS
