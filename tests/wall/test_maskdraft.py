"""Zones while they are drawn: whatever is done, the result can be saved and nobody exceeds his right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.model.footage import MOST_ZONES, MaskZone, zones_problem
from widgets.wall.maskdraft import FEWEST_CORNERS, RECTANGLE, MaskDraft

shares = st.floats(-0.5, 1.5)
small = st.floats(-0.3, 0.3)
steps = st.one_of(
    st.tuples(st.just("draw"), shares, shares),
    st.tuples(
        st.sampled_from(["undraw", "drop", "close", "add_rectangle", "next_zone", "next_corner", "delete"])
    ),
    st.tuples(st.just("move"), small, small),
    st.tuples(st.just("choose"), st.integers(-1, 6), st.integers(-1, 2)),
)
corner = st.tuples(st.floats(0, 1), st.floats(0, 1))
zones = st.lists(
    st.builds(MaskZone, name=st.text(max_size=5), points=st.lists(corner, min_size=3, max_size=6).map(tuple)),
    max_size=4,
).map(tuple)


def walk(draft: MaskDraft, taken: list[tuple[object, ...]]) -> None:
    for name, *values in taken:
        if name == "choose" and (values[0] >= len(draft.zones)):  # type: ignore[operator]
            continue
        getattr(draft, str(name))(*values)


@given(saved=zones, taken=st.lists(steps, max_size=40))
def test_whatever_is_drawn_can_be_saved(saved: tuple[MaskZone, ...], taken: list[tuple[object, ...]]) -> None:
    draft = MaskDraft(saved, may_change=True)
    walk(draft, taken)
    assert zones_problem(draft.result()) == ""
    assert draft.is_changed == (draft.result() != saved)


@given(saved=zones, taken=st.lists(steps, max_size=40))
def test_without_the_right_what_was_saved_is_still_there(
    saved: tuple[MaskZone, ...], taken: list[tuple[object, ...]]
) -> None:
    draft = MaskDraft(saved, may_change=False)
    walk(draft, taken)
    kept = {zone.points for zone in draft.result()}
    assert all(zone.points in kept for zone in saved)


def test_a_zone_is_drawn_corner_by_corner() -> None:
    draft = MaskDraft((), may_change=False)
    draft.draw(0.1, 0.1)
    draft.draw(0.5, 0.1)
    assert not draft.close()
    draft.draw(0.9, 0.9)
    draft.undraw()
    draft.draw(1.4, 0.5)
    assert draft.close()
    assert draft.result()[0].points == ((0.1, 0.1), (0.5, 0.1), (1.0, 0.5))
    assert draft.zone == 0
    assert draft.zone_at(0.5, 0.2) == 0
    assert draft.zone_at(0.1, 0.9) == -1
    assert FEWEST_CORNERS == 3


def test_a_zone_moved_to_the_edge_keeps_its_shape() -> None:
    draft = MaskDraft((), may_change=False)
    draft.add_rectangle()
    assert draft.move(-5.0, 5.0)
    xs = [x for x, _ in draft.zones[0].points]
    ys = [y for _, y in draft.zones[0].points]
    assert abs(min(xs)) < 1e-9
    assert abs(max(ys) - 1) < 1e-9
    assert abs(max(xs) - min(xs) - (RECTANGLE[1][0] - RECTANGLE[0][0])) < 1e-9


def test_corners_are_chosen_in_turn_and_after_them_the_zone() -> None:
    draft = MaskDraft((), may_change=False)
    draft.add_rectangle()
    seen = []
    for _ in range(6):
        draft.next_corner()
        seen.append(draft.corner)
    assert seen == [0, 1, 2, 3, -1, 0]
    draft.next_corner(-1)
    assert draft.corner == -1


def test_there_are_never_more_zones_than_the_hub_takes() -> None:
    draft = MaskDraft((), may_change=True)
    for _ in range(MOST_ZONES):
        assert draft.add_rectangle()
    assert not draft.add_rectangle()
    draft.draw(0.5, 0.5)
    assert not draft.drawn
    assert len({zone.name for zone in draft.zones}) == MOST_ZONES


def test_the_nearest_corner_in_reach_is_taken_and_none_that_is_locked() -> None:
    square = MaskZone(name="1", points=((0.1, 0.1), (0.3, 0.1), (0.3, 0.3)))
    assert MaskDraft((square,), may_change=True).corner_near(0.31, 0.1, 0.02) == (0, 1)
    assert MaskDraft((square,), may_change=True).corner_near(0.35, 0.1, 0.02) == (-1, -1)
    assert MaskDraft((square,), may_change=False).corner_near(0.31, 0.1, 0.02) == (-1, -1)
