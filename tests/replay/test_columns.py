"""Spans and events as columns: right for any of them, and as many shapes as there is room for."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import same_words
from console.model.incident import Signal
from tests.kit.sitting import PLACE, opened
from widgets.kit.replaydata import ns, replay_bounds
from widgets.replay.coverage import GAP, PARTLY, RECORDED, Coverage
from widgets.replay.events import RANKS, SORTS, EventBook, at_of
from widgets.replay.rows import Lock, Row
from widgets.replay.stretch import Shown

BOUNDS = replay_bounds().timeline
BASE_NS = 1_774_000_000 * SECOND_NS


def entry(seq: int, at_ns: int, event: ev.AnyEvent) -> ev.Entry:
    return ev.Entry(run="r1", seq=seq, at_ns=at_ns, cause=ev.Cause(actor="hub"), event=event)


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Sorted stretches within 1000 ns, gaps between them."""
    edges = sorted(draw(st.sets(st.integers(0, 1000), max_size=24)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@given(spans(), st.integers(-200, 1200), st.integers(1, 1500), st.integers(1, 80))
def test_runs_fill_the_width_and_tell_each_pixel_as_it_is(
    recorded: list[tuple[int, int]], from_ns: int, span_ns: int, width: int
) -> None:
    shown = Shown(from_ns, span_ns, width)
    runs = Coverage(recorded).runs(shown)
    assert runs[0].left == 0
    assert runs[-1].right == width
    assert all(one.right == other.left and one.kind != other.kind for one, other in pairwise(runs))
    assert len(runs) <= width
    for run in runs:
        for pixel in range(run.left, run.right):
            begin, end = (from_ns + edge * span_ns // width for edge in (pixel, pixel + 1))
            inside = sum(max(0, min(end, to) - max(begin, since)) for since, to in recorded)
            if end > begin:
                assert (run.kind == RECORDED) == (inside == end - begin)
                assert (run.kind == GAP) == (inside == 0)
                assert (run.kind == PARTLY) == (0 < inside < end - begin), "no gap is swallowed"


@given(spans(), st.integers(-10, 1010))
def test_a_moment_is_in_a_span_or_in_the_gap_between_two(
    recorded: list[tuple[int, int]], at_ns: int
) -> None:
    coverage = Coverage(recorded)
    inside = [span for span in recorded if span[0] <= at_ns <= span[1]]
    found = coverage.at(at_ns)
    if inside:
        assert found == inside[-1]
    else:
        assert found is None
        before, after = coverage.gap_at(at_ns)
        assert before == max((to for _, to in recorded if to < at_ns), default=None)
        assert after == min((since for since, _ in recorded if since > at_ns), default=None)


@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 4)), max_size=80), st.integers(0, 9000),
       st.integers(1, 10_000), st.integers(20, 400), st.integers(4, 20))  # fmt: skip
def test_marks_are_at_most_one_a_place_and_each_is_the_most_urgent_there(
    told: list[tuple[int, int]], from_ns: int, span_ns: int, width: int, mark_px: int
) -> None:
    book = EventBook(frozenset())
    book.add(
        entry(seq, BASE_NS + at, opened(f"INC-{seq}", priority=priority))
        for seq, (at, priority) in enumerate(told, 1)
    )
    shown = Shown(BASE_NS + from_ns, span_ns, width)
    marks = book.marks(shown, mark_px)
    places: dict[int, list[tuple[int, int]]] = {}
    for at, priority in told:
        if from_ns <= at <= from_ns + span_ns:
            x = (at - from_ns) * (width / span_ns)
            places.setdefault(int(x // mark_px), []).append((priority, at))
    assert len(marks) == len(places)
    assert sum(mark.count for mark in marks) == sum(map(len, places.values()))
    assert [mark.rank for mark in marks] == [min(places[one])[0] for one in sorted(places)]


def test_five_thousand_events_of_a_day_are_as_many_marks_as_there_is_room_for() -> None:
    book = EventBook(frozenset({"C1"}))
    day = 86_400 * SECOND_NS
    book.add(
        entry(seq, BASE_NS + seq * day // 5000, opened(f"INC-{seq}", priority=1 + seq % 4))
        for seq in range(5000)
    )
    assert len(book) == 5000
    marks = book.marks(Shown(BASE_NS, day, 1400), 14)
    assert len(marks) <= 101
    assert sum(mark.count for mark in marks) == 5000
    assert {mark.rank for mark in marks} == {1}, "the urgent ones are not hidden by the others"


def test_an_event_belongs_to_the_rows_of_its_cameras_and_is_known_once() -> None:
    book = EventBook(frozenset({"C1", "C2"}))
    incident = ev.IncidentOpened(
        incident_id="INC-1", type="fall", priority=1, place=PLACE, reason=same_words("x"),
        camera_ids=("C1", "C9"),
    )
    seen = Signal(uid="u", source="eyes", type="fall", at_ns=BASE_NS + 5, place=PLACE, device_id="C2")
    lamp = ev.DeviceConditionChanged(device_id="LAMP-1", condition="down", why=same_words("x"))
    entries = [
        entry(1, BASE_NS + 10, incident),
        entry(2, BASE_NS + 20, ev.IncidentNoted(incident_id="INC-1", person="kim", text="on the way")),
        entry(3, BASE_NS + 30, ev.SignalReceived(signal=seen)),
        entry(4, BASE_NS + 40, lamp),
        entry(5, BASE_NS + 50, ev.LogRead(desk="d", person="p", query="q")),
    ]
    book.add(entries)
    version = book.version
    book.add(entries)
    assert (len(book), book.version) == (3, version)
    shown = Shown(BASE_NS, 100, 1000)
    assert [one.seq for one in book.marks(shown, 10, "C1")] == [1, 2]
    assert [one.seq for one in book.marks(shown, 10, "C2")] == [3]
    assert [one.sort for one in book.marks(shown, 10)] == ["detection", "incident", "act"]
    assert at_of(book.entry(3)) == BASE_NS + 5, "when it was seen, not when it was told"
    assert book.after(BASE_NS + 5) == entries[0]
    assert book.before(BASE_NS + 5) is None
    assert book.before(BASE_NS + 6) == entries[2]
    assert set(RANKS) < set(SORTS)


@given(st.integers(0, 10**12), st.floats(0.01, 100), st.floats(0, 1))
def test_zoom_keeps_the_moment_under_the_hand_and_its_bounds(at: int, factor: float, share: float) -> None:
    shown = Shown(BASE_NS + at, ns(900), 1000)
    around = shown.at(share * 1000)
    zoomed = shown.zoomed(factor, around, BOUNDS)
    assert ns(BOUNDS.shortest_s) <= zoomed.span_ns <= ns(BOUNDS.longest_s)
    assert abs(zoomed.x(around) - shown.x(around)) < 0.01


@given(st.integers(-(10**13), 10**13))
def test_a_cursor_that_leaves_the_window_turns_the_page(at: int) -> None:
    shown = Shown(BASE_NS, ns(900), 1000)
    followed = shown.following(BASE_NS + at)
    assert followed.holds(BASE_NS + at)
    assert followed.span_ns == shown.span_ns
    assert followed == shown or not shown.holds(BASE_NS + at)


def test_a_recording_that_grows_less_than_a_pixel_looks_the_same() -> None:
    spans = Coverage([(0, 100), (200, 300)])
    row = Row(camera_id="C1", name="one", coverage=spans, newest_ns=300, known=True)
    grown = replace(row, coverage=Coverage([(0, 100), (200, 309)]), newest_ns=309)
    assert row.looks_like(grown, 10)
    assert not row.looks_like(grown, 9)
    assert not row.looks_like(replace(row, coverage=Coverage([(0, 300)])), 1000), "a gap is never overlooked"
    assert not row.looks_like(replace(row, locks=(Lock("L", 1, 2),)), 1000)
