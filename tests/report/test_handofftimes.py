"""How quickly help was told, as a printed shift says it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model import events as ev
from console.model.base import Words
from console.model.ladder import PhoneCall, Statement
from console.model.query import LogFilter
from console.report.describe import Teller
from console.report.handofftimes import MOST_TIMED, HandoffTimes, time_pairs
from console.report.printed import log_lines, print_log
from tests.report.city import START_NS, log_of, small_city
from tests.report.test_intervals import OPENED, queued
from tests.report.test_tables import LEAVE, SEOUL


def moved(move: str, at_s: float, **more: object) -> ev.ProcedureMoved:
    return ev.ProcedureMoved(
        incident_id="I1", procedure="fire@1.0", move=move, at_ns=START_NS + round(at_s * SECOND_NS),  # type: ignore[arg-type]
        who="rule:procedure", step="tell", round=1, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def said(handoff_id: str, said: str) -> ev.HandoffSaid:
    statement = Statement(message_id="M", said=said, said_at_ns=1, heard_ns=1)  # type: ignore[arg-type]
    return ev.HandoffSaid(handoff_id=handoff_id, statement=statement, verdict="advanced")


ENTRIES = log_of(
    (0, OPENED), (2, moved("opened", 2, due_s=30.0)), (12, queued("H1", "KR-119")),
    (13, queued("H2", "KR-112")), (14, moved("done", 14, because="handoff_received/KR-119")),
    (20, said("H2", "received")), (24, said("H2", "accepted")), (40, said("H1", "accepted")),
)  # fmt: skip


@given(st.permutations(ENTRIES), st.integers(min_value=0, max_value=8))
def test_first_handoff_first_acceptance_and_the_step_are_found_in_any_order_of_pages(entries, cut):
    times = HandoffTimes()
    times.learn(entries[:cut])
    times.learn(entries[cut:])
    (one,) = times.found()
    assert (one.agency, one.handed_ns - one.opened_ns) == ("KR-119", 12 * SECOND_NS)
    assert (one.accepted_by, one.accepted_ns) == ("KR-112", one.opened_ns + 24 * SECOND_NS)
    assert (one.step_ns, one.due_ns, one.late) == (12 * SECOND_NS, 30 * SECOND_NS, False)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "119 told after 12 s, accepted by 112 after 24 s, step 12 s of 30 s"),
        ("ko", "119 인계 12초, 112 접수 24초, 절차 단계 12초(기준 30초)"),
    ],
)
def test_a_printed_shift_says_the_times_above_its_lines(language, words):
    times, teller = HandoffTimes(), Teller(load_catalogue(language), small_city())
    times.learn(ENTRIES)
    pairs = time_pairs(teller, times.found())
    document = print_log(teller, SEOUL, LEAVE, LogFilter(), log_lines(teller, SEOUL, ENTRIES), (), pairs)
    assert document.times == (("I1", words),)
    assert document.times_title and document.summary == ()


def test_late_is_said_and_so_is_that_nobody_accepted_and_a_step_without_a_limit():
    teller = Teller(load_catalogue(), small_city())

    def words(*entries: ev.Entry) -> str:
        times = HandoffTimes()
        times.learn(entries)
        return time_pairs(teller, times.found())[0][1]

    late = log_of((0, OPENED), (1, moved("opened", 1, due_s=5.0)), (20, queued()),
                  (21, moved("done", 21, because="handoff_sent")))  # fmt: skip
    assert words(*late) == "119 told after 20 s, not accepted in this period, step 20 s, late: due in 5.0 s"
    by_voice = PhoneCall(at_ns=START_NS + 9, called_at_ns=START_NS + 30 * SECOND_NS, person="kim", name="Lee",
                         channel="phone", outcome="accepted")  # fmt: skip
    called = log_of((0, OPENED), (1, moved("opened", 1)), (20, queued()),
                    (40, ev.HandoffCalled(handoff_id="H1", call=by_voice)),
                    (41, moved("done", 41, because="handoff_accepted/KR-119")))  # fmt: skip
    assert words(*called) == "119 told after 20 s, accepted by 119 after 30 s, step 40 s"


def test_what_was_opened_before_the_shift_has_no_time_and_of_many_the_slowest_are_kept():
    assert HandoffTimes().found() == []
    early = HandoffTimes()
    early.learn(log_of((12, queued())))
    assert early.found() == []
    times, count = HandoffTimes(), MOST_TIMED + 3
    for number in range(count):
        opened = ev.IncidentOpened(incident_id=f"I{number:02}", type="smoke", priority=1, place=OPENED.place,
                                   reason=Words(en="x", ko="x"))  # fmt: skip
        handed = ev.HandoffQueued(handoff_id=f"H{number}", key="k", incident_id=f"I{number:02}",
                                  agency="KR-119", revision=1, person="kim", message_sha256="")  # fmt: skip
        times.learn(log_of((number, opened), (10 + 2 * number, handed)))
    pairs = time_pairs(Teller(load_catalogue(), small_city()), times.found())
    assert [name for name, _ in pairs] == [f"I{number:02}" for number in range(3, count)] + ["…"]
    assert pairs[-1][1] == "3 more were told sooner"
