"""Main and sub stream of one camera: which is chosen, and that a change is never a black gap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.video.load import Level
from console.video.source import Source, SourceError, SubStream, check_source
from console.video.streams import MAIN, SUB, StreamChoice, picture_height_px, stream_limits
from tests.video.clips import make_clip
from tests.video.conftest import Bench

LIMITS = stream_limits().choice
SECOND_NS = 1_000_000_000
Start = Callable[..., Bench]
Playing = Callable[..., Source]


def test_a_pane_begins_with_the_sub_stream_while_that_has_lines_enough() -> None:
    choice = StreamChoice(LIMITS)
    assert choice.first(360, 360) == SUB
    assert choice.first(361, 360) == MAIN
    assert choice.first(LIMITS.assumed_sub_height_px, 0) == SUB, "the usual size where nothing is told"


def test_a_picture_is_no_taller_than_its_pane_and_its_shape_allow() -> None:
    assert picture_height_px(1920, 1080) == 1080
    assert picture_height_px(320, 1080) == 180
    assert picture_height_px(640, 480, 4 / 3) == 480


@given(
    sizes=st.lists(st.integers(100, 1000), min_size=2, max_size=60), sub_px=st.sampled_from([180, 360, 576])
)
def test_no_size_makes_a_pane_change_back_and_forth(sizes: list[int], sub_px: int) -> None:
    """Whatever sizes a pane goes through, half a second each: between a change down and the change up before
    it lie some seconds, and the two are made at different sizes."""
    choice, present, changed_up_ns, up_px = StreamChoice(LIMITS), MAIN, -(1 << 60), 0
    for number, size in enumerate(sizes):
        now_ns = number * SECOND_NS // 2
        wanted = choice.wanted(now_ns, present, size, sub_px, False, 0)
        if (present, wanted) == (SUB, MAIN):
            assert size > sub_px * LIMITS.up_at
            changed_up_ns, up_px = now_ns, size
        if (present, wanted) == (MAIN, SUB):
            assert size <= sub_px
            assert now_ns - changed_up_ns >= LIMITS.down_after_ms * 1_000_000
            assert up_px == 0 or up_px > size
        present = wanted


def test_a_size_between_the_two_borders_keeps_what_is_shown() -> None:
    for present in (MAIN, SUB):
        choice = StreamChoice(LIMITS)
        for second in range(60):
            assert choice.wanted(second * SECOND_NS, present, 400, 360, False, 0) == present


def test_a_stream_without_a_picture_makes_way_and_is_asked_again_after_a_minute() -> None:
    choice = StreamChoice(LIMITS)
    assert choice.wanted(10 * SECOND_NS, SUB, 200, 360, False, 5 * SECOND_NS) == MAIN
    seen = [choice.wanted((10 + n) * SECOND_NS, MAIN, 200, 360, False, 0) for n in range(1, 80)]
    back = seen.index(SUB)
    assert back * 1000 == pytest.approx(LIMITS.retry_ms, abs=2000)
    assert choice.wanted(200 * SECOND_NS, MAIN, 900, 360, False, 5 * SECOND_NS) == SUB, "the other way round"


def test_with_neither_stream_giving_a_picture_the_size_decides() -> None:
    choice = StreamChoice(LIMITS)
    choice.wanted(10 * SECOND_NS, SUB, 200, 360, False, 5 * SECOND_NS)
    choice.wanted(11 * SECOND_NS, MAIN, 200, 360, False, 5 * SECOND_NS)
    assert choice.wanted(20 * SECOND_NS, MAIN, 200, 360, False, 5 * SECOND_NS) == SUB


def test_load_control_has_the_sub_stream_at_any_size() -> None:
    assert StreamChoice(LIMITS).wanted(0, MAIN, 1080, 360, True, 0) == SUB


def test_what_a_sub_stream_leaves_out_is_as_for_the_main_one() -> None:
    sub = SubStream(locator="rtsp://h/2", transport="udp")
    main = Source(kind="rtsp", locator="rtsp://h/1", credential="gate", sub=sub)
    assert main.sub_source == Source(kind="rtsp", locator="rtsp://h/2", credential="gate", transport="udp")
    assert Source(kind="rtsp", locator="rtsp://h/1").sub_source is None


def test_a_sub_stream_obeys_the_same_rules() -> None:
    for sub, problem in (
        (SubStream(locator="file:///etc/passwd"), "sub: locator: protocol 'file' is not allowed"),
        (SubStream(locator="rtsp://a:b@h/2"), "sub: locator: the URL contains credentials"),
        (SubStream(locator="rtsp://h/2", height_px=-1), "height_px"),
    ):
        with pytest.raises(SourceError, match=problem):
            check_source(Source(kind="rtsp", locator="rtsp://h/1", sub=sub), [])


@pytest.fixture
def both(clips: Path, playing: Playing) -> Source:
    """A camera with a main stream of 640x360 and a sub stream of 320x180."""
    for name, width, height in (("main.mp4", 640, 360), ("sub.mp4", 320, 180)):
        if not (clips / name).exists():
            make_clip(clips / name, 4.0, width, height)
    return playing("main.mp4", sub=SubStream(locator=str(clips / "sub.mp4"), height_px=180))


def stream(bench: Bench, pane: str) -> tuple[str, int]:
    told = bench.engine.pane_state(pane)
    assert told is not None
    return told.stream, told.height


def test_a_small_pane_shows_the_sub_stream_and_a_large_one_beside_it_the_main_one(
    start_engine: Start, both: Source
) -> None:
    bench = start_engine(workers=2)
    bench.show("small", both, 240, 135)
    bench.show("large", both, 640, 360)
    bench.until_state("small", "live")
    bench.until_state("large", "live")
    bench.until(lambda: stream(bench, "small") == ("sub", 180), "the sub stream")
    bench.until(lambda: stream(bench, "large") == ("main", 360), "the main stream")


def test_a_pane_that_grows_and_shrinks_changes_its_stream_and_never_loses_its_picture(
    start_engine: Start, both: Source
) -> None:
    bench = start_engine()
    bench.show("A", both, 240, 135)
    bench.until(lambda: stream(bench, "A") == ("sub", 180), "the sub stream")

    def with_a_picture(wanted: tuple[str, int]) -> bool:
        assert bench.engine.newest("A") is not None
        assert bench.state("A") == "live"
        return stream(bench, "A") == wanted

    bench.show("A", both, 640, 360)
    bench.until(lambda: with_a_picture(("main", 360)), "the main stream")
    bench.show("A", both, 240, 135)
    assert stream(bench, "A")[0] == "main", "not at once: a window may be being dragged"
    bench.until(lambda: with_a_picture(("sub", 180)), "the sub stream again")


def test_a_sub_stream_that_cannot_be_opened_makes_way_for_the_main_one(
    start_engine: Start, clips: Path, both: Source, playing: Playing
) -> None:
    bench = start_engine()
    bench.show("A", playing("main.mp4", sub=SubStream(locator=str(clips / "nothing.mp4"))), 240, 135)
    bench.until_state("A", "live")
    assert stream(bench, "A") == ("main", 360)


def test_load_control_takes_the_sub_stream_and_gives_the_main_one_back(
    start_engine: Start, both: Source
) -> None:
    """Said to the feed as the keeper says it."""
    bench = start_engine()
    bench.show("A", both, 640, 360)
    bench.until(lambda: stream(bench, "A") == ("main", 360), "the main stream")
    (shown,) = bench.engine._panes.values()
    bench.until_state("A", "live")
    shown.feed.level = Level.SUB
    keeper_says = bench.engine._keeper._places[0].load
    keeper_says._policy._levels[both] = Level.SUB
    bench.until(lambda: stream(bench, "A") == ("sub", 180), "the sub stream")
    told = bench.engine.pane_state("A")
    assert told is not None
    assert (told.cut, told.cut_cause) == ("sub", "this_machine")
    # Nothing presses: load control gives back what it took, and the pane follows.
    bench.until(lambda: stream(bench, "A") == ("main", 360), "the main stream again")
    bench.until(lambda: bench.engine.pane_state("A").cut == "", "nothing to be cut any more")  # type: ignore[union-attr]
