"""The carousel: everybody has a turn, nobody is shown twice, a hand on a pane holds it, no black gap."""

from __future__ import annotations

from collections import Counter

import hypothesis.strategies as st
from hypothesis import given

from widgets.wall.carousel import AHEAD_NS, PATIENCE_NS, SECOND_NS, Carousel

CAMERAS = tuple("ABCDEFGH")


def run(
    carousel: Carousel, seconds: float, start_ns: int, *, ready: bool = True, answered: bool = True,
    held: tuple[int, ...] = (), elsewhere: tuple[str, ...] = (),
) -> tuple[list[dict[int, str]], int]:  # fmt: skip
    """Step five times a second; what was shown after each step, and the time."""
    seen = []
    now_ns = start_ns
    for _ in range(int(seconds * 5)):
        now_ns += SECOND_NS // 5
        carousel.step(now_ns, elsewhere, lambda place: place in held, lambda _: ready, lambda _: answered)
        seen.append(carousel.now)
    return seen, now_ns


@given(
    st.integers(1, 8), st.integers(1, 4), st.sets(st.sampled_from(CAMERAS), max_size=3), st.integers(2, 15)
)
def test_every_camera_has_its_turn_and_none_is_in_two_places(
    count: int, places: int, elsewhere: set[str], dwell_s: int
) -> None:
    cameras = CAMERAS[:count]
    carousel = Carousel()
    carousel.start(cameras, dwell_s, range(places), tuple(elsewhere), 0)
    seen, _ = run(carousel, (count + 2) * (dwell_s + 1) * 2, 0, elsewhere=tuple(elsewhere))
    for shown in seen:
        assert len(set(shown.values())) == len(shown)
        assert elsewhere.isdisjoint(shown.values())
    free = set(cameras) - elsewhere
    assert {one for shown in seen for one in shown.values()} == free
    turns = Counter(one for shown in seen for one in shown.values())
    if len(free) > places and turns:
        assert min(turns.values()) * 4 >= max(turns.values()), "nobody is left out for long"


def test_the_next_camera_is_opened_ahead_and_shown_only_with_a_picture() -> None:
    carousel = Carousel()
    carousel.start(CAMERAS, 10, (3,), (), 0)
    assert (carousel.now, carousel.ahead) == ({3: "A"}, {})
    _, now_ns = run(carousel, 6.8, 0, ready=False)
    assert carousel.ahead == {}
    _, now_ns = run(carousel, 0.4, now_ns, ready=False)
    assert carousel.ahead == {3: "B"}, f"{AHEAD_NS / SECOND_NS} s before its time"
    _, now_ns = run(carousel, 4, now_ns, ready=False)
    assert carousel.now == {3: "A"}, "its time has come, its picture has not"
    carousel.step(now_ns, (), lambda _: False, lambda _: True, lambda _: True)
    assert (carousel.now, carousel.ahead) == ({3: "B"}, {})


def test_a_camera_that_gives_no_picture_is_shown_after_a_while_to_be_gone() -> None:
    carousel = Carousel()
    carousel.start(CAMERAS, 10, (0,), (), 0)
    seen, _ = run(carousel, 10 + PATIENCE_NS / SECOND_NS + 1, 0, ready=False)
    assert seen[-1] == {0: "B"}


def test_nothing_takes_the_place_of_a_picture_before_the_record_has_the_next_view() -> None:
    carousel = Carousel()
    carousel.start(CAMERAS, 10, (0,), (), 0)
    seen, _ = run(carousel, 300, 0, ready=False, answered=False)
    assert all(shown == {0: "A"} for shown in seen)


def test_a_hand_on_a_pane_holds_it_and_the_others_go_on() -> None:
    carousel = Carousel()
    carousel.start(CAMERAS, 5, (0, 1), (), 0)
    seen, now_ns = run(carousel, 30, 0, held=(0,))
    assert {shown[0] for shown in seen} == {"A"}
    assert len({shown[1] for shown in seen}) >= 5
    assert carousel.said(0) == (1, 8, True)
    seen, _ = run(carousel, 6, now_ns)
    assert seen[-1][0] != "A", "it goes on with the time it had left"


def test_all_wait_while_it_is_paused() -> None:
    carousel = Carousel()
    carousel.start(CAMERAS, 5, (0, 1), (), 0)
    carousel.paused = True
    seen, now_ns = run(carousel, 60, 0)
    assert all(shown == {0: "A", 1: "B"} for shown in seen)
    assert carousel.said(0) == (1, 8, True)
    carousel.paused = False
    seen, _ = run(carousel, 6, now_ns)
    assert seen[-1] != {0: "A", 1: "B"}


def test_started_again_with_the_same_it_goes_on_undisturbed() -> None:
    carousel = Carousel()
    carousel.start(CAMERAS, 5, (0, 1), (), 0)
    _, now_ns = run(carousel, 7, 0)
    before = carousel.now
    assert carousel.start(CAMERAS, 5, (0, 1), (), now_ns) is False
    assert carousel.now == before
    carousel.start(CAMERAS, 5, (1,), (before[0],), now_ns)
    assert carousel.now == {1: before[1]}
    carousel.start((), 0, (1,), (), now_ns)
    assert carousel.now == {}
