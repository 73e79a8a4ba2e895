"""Cutting a wall: whatever is split, merged and moved, the places cover it whole and once."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings

from console.profile.shapes import drawn_shapes, shape_named
from widgets.wall import cutting
from widgets.wall.cutting import LEAST, SNAP, UNITS, Cut, Cuts

STARTS = [*drawn_shapes(), "1x1", "2x2", "3x3", "5x5", "7x7", "8x8"]
STEPS = [(1, 0), (-1, 0), (0, 1), (0, -1)]


def covers(cuts: Cuts) -> bool:
    """Whole: the areas add up. Once: no two overlap. All inside."""
    area = sum(one.width * one.height for one in cuts)
    apart = all(
        a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
        for k, a in enumerate(cuts) for b in cuts[k + 1 :]
    )  # fmt: skip
    inside = all(0 <= one.x < one.right <= UNITS and 0 <= one.y < one.bottom <= UNITS for one in cuts)
    return area == UNITS * UNITS and apart and inside


def start(shape_id: str) -> Cuts:
    shape = shape_named(shape_id)
    assert shape is not None
    return cutting.cuts_of(shape.places)


@settings(max_examples=150)
@given(st.sampled_from(STARTS), st.data())
def test_after_any_steps_the_wall_is_covered_whole_and_once(shape_id: str, data: st.DataObject) -> None:
    cuts = start(shape_id)
    assert covers(cuts)
    least = min(min(one.width, one.height) for one in cuts)
    for _ in range(data.draw(st.integers(1, 12))):
        index = data.draw(st.integers(0, len(cuts) - 1))
        what = data.draw(st.sampled_from(["split", "merge", "move"]))
        if what == "split":
            cuts = cutting.split(cuts, index, data.draw(st.booleans())) or cuts
        elif what == "merge":
            found = cutting.merge(cuts, index, *data.draw(st.sampled_from(STEPS)))
            if found is not None:
                assert len(found[0]) == len(cuts) - len(found[1])
                cuts = found[0]
        else:
            cuts = cutting.move_edge(cuts, index, data.draw(st.booleans()), data.draw(st.integers(-50, 900)))
        assert covers(cuts)
        assert all(min(one.width, one.height) >= min(least, LEAST) for one in cuts)
        assert cutting.cuts_of(cutting.places_of(cuts)) == cuts, "as fractions and back"


def test_a_split_keeps_the_number_of_every_other_place() -> None:
    cuts = start("2x2")
    halves = cutting.split(cuts, 1, True)
    assert halves is not None
    assert (halves[0], halves[2], halves[3]) == (cuts[0], cuts[2], cuts[3])
    assert halves[1].width + halves[4].width == cuts[1].width and halves[4].x == halves[1].right
    assert cutting.split((Cut(0, 0, LEAST, UNITS),), 0, True) is None


def test_a_merge_needs_a_rectangle() -> None:
    cuts = start("1+5")  # a a b / a a c / d e f
    taken = cutting.merge(cuts, 0, 1, 0)
    assert taken is not None and taken[1] == (1, 2) and taken[0][0] == Cut(0, 0, UNITS, UNITS * 2 // 3)
    assert cutting.merge(cuts, 1, -1, 0) is None, "b is not as high as a"
    assert cutting.merge(cuts, 0, -1, 0) is None, "there is nothing beyond the wall's edge"


def test_an_edge_takes_along_what_meets_it_and_comes_to_rest_on_a_step() -> None:
    cuts = start("1+5")  # a a b / a a c / d e f
    moved = cutting.move_edge(cuts, 1, False, UNITS // 3 - SNAP + 3)
    assert moved[1].bottom == moved[2].y == UNITS // 3 // SNAP * SNAP - SNAP
    assert (moved[0], moved[3]) == (cuts[0], cuts[3]), "what lies elsewhere on the line stays"
    wide = cutting.move_edge(cuts, 0, True, UNITS // 2)
    assert {wide[0].right, wide[1].x, wide[2].x} == {wide[0].right}, "b and c hang on a's edge"
    assert wide[4].right == cuts[4].right
    cuts = start("3x3")
    assert cutting.move_edge(cuts, 2, True, 100) == cuts, "the wall's own edge stays"
    far = cutting.move_edge(cuts, 0, True, UNITS)
    assert far[1].width == LEAST


def test_an_edge_is_found_near_the_pointer_only() -> None:
    cuts = start("2x2")
    assert cutting.edge_at(cuts, UNITS // 2 + 3, 100, 5, 5) == (0, True)
    assert cutting.edge_at(cuts, 100, UNITS // 2 - 2, 5, 5) == (0, False)
    assert cutting.edge_at(cuts, 100, 100, 5, 5) is None
    assert cutting.edge_at(cuts, UNITS - 1, 100, 5, 5) is None
