"""Each rung has its place, its time and its shape, whatever order the partner's words came in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.clock import SECOND_NS
from console.handoff.thread.figures import ladder
from console.handoff.thread.standing import standing
from console.handoff.thread.waits import Watch
from console.model.base import Position
from console.model.ladder import RUNGS, Essence, PartnerThread, Said, Statement
from widgets.ladder.rungs import COLUMNS, RungShown, rungs_of, worst

S = SECOND_NS
THREAD = PartnerThread(
    id="t", key="t", incident_id="i", agency="KR-119", revision=1, person="kim", drafted_ns=1 * S,
    essence=Essence(type="fire", code="1", position=Position(lat=37.0, lon=127.0)), queued_ns=2 * S,
    sent_ns=3 * S, receipt_ns=4 * S,
)  # fmt: skip


def heard(*said: tuple[Said, int, int], thread: PartnerThread = THREAD) -> PartnerThread:
    """(what, said at, heard at) in seconds."""
    return replace(thread, statements=tuple(
        Statement(message_id=f"m{at}", said=one, said_at_ns=told * S, heard_ns=when * S)
        for at, (one, told, when) in enumerate(said)
    ))  # fmt: skip


def short(thread: PartnerThread, at_s: float = 0.0) -> list[str]:
    attentions = Watch(ladder()).look([thread], int(at_s * S), 1) if at_s else ()
    return [f"{one.word.rpartition('.')[2]}:{one.state}" for one in rungs_of(thread, attentions)]


def test_what_is_reached_what_is_now_and_what_is_to_come() -> None:
    assert short(heard(("opened", 5, 5), ("accepted", 6, 6))) == [
        "drafted:reached", "queued:reached", "sent:reached", "received:reached", "opened:reached",
        "accepted:now", "assigned:open", "on_scene:open", "closed:open",
    ]  # fmt: skip


def test_a_rung_the_partner_left_out_is_neither_reached_nor_to_come() -> None:
    assert short(heard(("assigned", 6, 6)))[4:7] == ["opened:skipped", "accepted:skipped", "assigned:now"]


def test_a_refusal_stands_where_the_acceptance_would_and_ends_the_row() -> None:
    shown = rungs_of(heard(("refused", 6, 6)))
    assert (shown[-1].word, shown[-1].state, shown[-1].column) == (
        "ladder.rung.refused", "bad", RUNGS.index("accepted")
    )  # fmt: skip
    assert short(heard(("accepted", 5, 5), ("refused", 6, 6)))[-2:] == ["accepted:reached", "refused:bad"]


def test_an_end_is_named_and_nothing_is_to_come_after_it() -> None:
    assert short(heard(("accepted", 5, 5), ("cancel_accepted", 7, 7)))[-1] == "cancelled:end"
    assert short(heard(("transferred", 7, 7)))[-1] == "transferred:end"
    assert short(heard(("closed", 7, 7)))[-1] == "closed:now"
    assert short(replace(THREAD, receipt_ns=0, given_up_ns=9 * S))[-1] == "given_up:end"
    draft = replace(THREAD, queued_ns=0, sent_ns=0, receipt_ns=0, expired_ns=9 * S)
    assert short(draft) == ["drafted:reached", "expired:end"]


def test_the_rung_that_is_waited_for_is_amber_then_red() -> None:
    sent = replace(THREAD, receipt_ns=0)
    assert short(sent, 6.9)[3] == "received:open"
    assert short(sent, 8)[3] == "received:amber"
    assert short(sent, 33)[3] == "received:red"
    assert short(THREAD, 33)[5] == "accepted:red"
    assert short(heard(("accepted", 5, 5)), 100)[6] == "assigned:amber"


def test_what_came_after_a_later_word_is_late_and_keeps_both_times() -> None:
    shown = {one.word: one for one in rungs_of(heard(("accepted", 20, 20), ("opened", 10, 30)))}
    opened = shown["ladder.rung.opened"]
    assert (opened.late, opened.at_ns, opened.said_ns) == (True, 30 * S, 10 * S)
    assert not shown["ladder.rung.accepted"].late


SAID = st.sampled_from(
    ["received", "opened", "accepted", "refused", "assigned", "on_scene", "closed", "transferred",
     "cancel_accepted", "cancel_refused", "note"]
)  # fmt: skip


@given(st.lists(st.tuples(SAID, st.integers(5, 60), st.integers(5, 60)), max_size=8))
def test_whatever_is_said_columns_rise_and_the_last_rung_is_where_it_stands(
    said: list[tuple[Said, int, int]],
) -> None:
    thread = heard(*said)
    shown = rungs_of(thread)
    columns = [one.column for one in shown]
    assert columns == sorted(set(columns)) and columns[-1] <= COLUMNS
    now = standing(thread)
    marks = [one for one in shown if one.state in ("now", "bad", "end")]
    assert marks, now
    if not now.end:
        assert marks[-1].word == f"ladder.rung.{now.rung}"
    assert all(isinstance(one, RungShown) for one in shown)


def test_the_worst_is_the_loudest_and_of_those_the_oldest() -> None:
    watch = Watch(ladder())
    late = replace(THREAD, id="u", receipt_ns=0, queued_ns=1 * S)
    found = watch.look([THREAD, late, replace(THREAD, id="w", receipt_ns=0, queued_ns=50 * S)], 65 * S, 1)
    top = worst(found)
    assert top is not None and (top.thread_id, top.level) == ("u", "card")
    assert worst(()) is None
