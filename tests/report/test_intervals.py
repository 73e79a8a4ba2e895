"""How long the room and its partners took."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import Words
from console.report.intervals import gaps_ns, response_intervals
from tests.report.city import MARKET, log_of, one_of_each

OPENED = ev.IncidentOpened(incident_id="I1", type="smoke", priority=1, place=MARKET,
                           reason=Words(en="smoke", ko="연기"))  # fmt: skip
ACKNOWLEDGED = ev.IncidentAcknowledged(incident_id="I1", person="kim")
RESOLVED = ev.IncidentResolved(incident_id="I1", person="kim", outcome="real")


def queued(handoff_id: str = "H1", agency: str = "KR-119") -> ev.HandoffQueued:
    return ev.HandoffQueued(handoff_id=handoff_id, key="k", incident_id="I1", agency=agency, revision=1,
                            person="kim", message_sha256="")  # fmt: skip


def spans(entries: list[ev.Entry]) -> list[tuple[str, str, float, str]]:
    return [(i.start, i.end, i.duration_ns / SECOND_NS, i.agency) for i in response_intervals(entries)]


def test_a_whole_response_is_measured_step_by_step() -> None:
    history = log_of(
        (0, OPENED), (8, ACKNOWLEDGED), (20, queued()), (20.1, ev.HandoffSent(handoff_id="H1", attempt=1)),
        (20.6, ev.HandoffReceived(handoff_id="H1", agency_ref="9")),
        (31, ev.HandoffAccepted(handoff_id="H1")), (45, ev.HandoffDispatched(handoff_id="H1")),
        (345, ev.HandoffArrived(handoff_id="H1")), (900, RESOLVED),
    )  # fmt: skip
    assert spans(history) == [
        ("opened", "acknowledged", 8, ""), ("acknowledged", "handed_off", 12, "KR-119"),
        ("handed_off", "received", 0.6, "KR-119"), ("received", "accepted", 10.4, "KR-119"),
        ("accepted", "dispatched", 14, "KR-119"), ("dispatched", "on_scene", 300, "KR-119"),
        ("opened", "on_scene", 345, "KR-119"), ("opened", "resolved", 900, ""),
    ]  # fmt: skip


def test_a_handoff_before_anybody_acknowledged_is_measured_from_the_opening() -> None:
    history = log_of((0, OPENED), (5, queued()), (9, ACKNOWLEDGED))
    assert ("opened", "handed_off", 5, "KR-119") in spans(history)


def test_two_agencies_have_each_their_own_times() -> None:
    history = log_of(
        (0, OPENED), (1, ACKNOWLEDGED), (2, queued("H1", "KR-119")), (3, queued("H2", "KR-112")),
        (4, ev.HandoffReceived(handoff_id="H2", agency_ref="a")),
        (6, ev.HandoffReceived(handoff_id="H1", agency_ref="b")),
        (7, ev.HandoffRejected(handoff_id="H2", reason="not-ours")),
    )  # fmt: skip
    assert ("handed_off", "received", 4, "KR-119") in spans(history)
    assert ("handed_off", "received", 1, "KR-112") in spans(history)
    assert ("received", "rejected", 3, "KR-112") in spans(history)


def test_only_the_first_of_a_repeated_step_counts() -> None:
    history = log_of((0, OPENED), (4, ACKNOWLEDGED), (9, ACKNOWLEDGED))
    assert spans(history) == [("opened", "acknowledged", 4, "")]


def test_a_clock_that_was_set_back_gives_a_negative_time_and_not_a_wrong_one() -> None:
    assert spans(log_of((0, OPENED), (-3, ACKNOWLEDGED))) == [("opened", "acknowledged", -3, "")]


def test_the_time_between_lines_is_that_to_the_line_before() -> None:
    assert gaps_ns(log_of((0, OPENED), (2, ACKNOWLEDGED), (5, RESOLVED))) == (0, 2 * SECOND_NS, 3 * SECOND_NS)
    assert gaps_ns([]) == ()


@given(st.lists(st.sampled_from(sorted(one_of_each())), max_size=30))
def test_any_history_in_any_order_can_be_measured(kinds: list[str]) -> None:
    entries = log_of(*((number, one_of_each()[kind]) for number, kind in enumerate(kinds)))
    for one in response_intervals(entries):
        assert one.duration_ns >= 0
        assert one.start != one.end
