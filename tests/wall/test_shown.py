"""What a wall shows, as a record: nothing is shown twice, nothing pinned is lost, no shape is half full."""

from __future__ import annotations

import hypothesis.strategies as st
import msgspec
from hypothesis import given

from console.model.layout import PanePlace, WallLayout, layout_problem
from console.profile.shapes import drawn_shapes, shape_named
from widgets.wall import shown as do
from widgets.wall.arrangement import beside, laid, next_grid
from widgets.wall.layout import GAP, grid
from widgets.wall.shown import Shown

SHAPES = ["1x1", "2x1", "2x2", "3x3", "4x4", "8x8", *drawn_shapes()]
CAMERAS = [f"C{number}" for number in range(90)]
ids = st.lists(st.sampled_from(["", *CAMERAS]), max_size=70)


@st.composite
def walls(draw: st.DrawFn) -> Shown:
    """Any wall: any shape, cameras, pins, and perhaps a carousel."""
    seen: set[str] = set()
    slots = tuple("" if one in seen or seen.add(one) else one for one in draw(ids))  # type: ignore[func-returns-value]
    shown = do.filled(Shown(shape=draw(st.sampled_from(SHAPES)), slots=slots, layout_id="l"))
    count = len(shown.arrangement().places)
    held = [number for number in range(count) if shown.slots[number]]
    pinned = tuple(sorted(draw(st.sets(st.sampled_from(held), max_size=4)))) if held else ()
    carousel = tuple(draw(st.lists(st.sampled_from(CAMERAS), unique=True, max_size=8)))
    return msgspec.structs.replace(shown, pinned=pinned, carousel=carousel, dwell_s=5.0 if carousel else 0.0)


def sound(shown: Shown) -> None:
    count = len(shown.arrangement().places)
    cameras = [one for one in shown.slots if one]
    assert len(cameras) == len(set(cameras)), "a camera has one place"
    assert len(shown.slots) >= count
    assert all(place < count and shown.slots[place] for place in shown.pinned)


@given(walls(), st.integers(0, 70), st.sampled_from(["", *CAMERAS]))
def test_putting_a_camera_loses_none_but_the_one_it_replaces(shown: Shown, place: int, camera: str) -> None:
    after = do.put(shown, place, camera)
    sound(after)
    gone = set(filter(None, shown.slots)) - set(filter(None, after.slots))
    assert gone <= {shown.slots[place] if place < len(shown.slots) else ""}
    assert {shown.slots[one] for one in shown.pinned} == {after.slots[one] for one in after.pinned}


@given(walls(), st.integers(0, 70), st.integers(0, 70))
def test_moving_a_pane_loses_nothing_and_takes_its_pin_along(shown: Shown, one: int, other: int) -> None:
    after = do.swapped(shown, one, other)
    assert sorted(after.slots) == sorted(shown.slots) or len(after.slots) < len(shown.slots)
    assert set(filter(None, after.slots)) == set(filter(None, shown.slots))
    count = len(shown.arrangement().places)
    if max(one, other) < count:
        sound(after)
        assert {after.slots[n] for n in after.pinned} == {shown.slots[n] for n in shown.pinned}


@given(walls(), st.lists(st.sampled_from(CAMERAS), max_size=20), st.integers(0, 5))
def test_bringing_cameras_takes_nothing_pinned_away(shown: Shown, cameras: list[str], place: int) -> None:
    place = min(place, len(shown.arrangement().places) - 1)
    after = do.brought(shown, place, cameras)
    sound(after)
    assert all(after.slots[one] == shown.slots[one] for one in shown.pinned)


@given(walls(), st.lists(st.sampled_from(CAMERAS), max_size=6))
def test_adding_takes_nothing_away_while_there_is_room_for_more_panes(
    shown: Shown, cameras: list[str]
) -> None:
    after = do.added(shown, cameras)
    sound(after)
    before = {one for one in shown.slots[: len(shown.arrangement().places)] if one}
    assert before <= set(after.slots)
    if len(before | set(cameras)) <= 49:
        assert set(cameras) <= set(after.slots)


@given(walls(), st.sampled_from(SHAPES))
def test_another_shape_keeps_every_camera(shown: Shown, shape: str) -> None:
    after = do.reshaped(shown, shape)
    sound(after)
    assert after.shape == shape
    assert set(filter(None, after.slots)) == set(filter(None, shown.slots))


def test_a_pinned_camera_that_had_to_wait_for_another_has_one_place_all_the_same() -> None:
    old = Shown(shape="2x2", slots=("C4", "C5", "C0", ""), pinned=(0, 1, 2))
    new = Shown(shape="1+5", slots=("", "", "C1", "C2", "C3", "C0"))
    after = do.carried(old, new)
    sound(after)
    assert {after.slots[place] for place in after.pinned} == {"C4", "C5", "C0"}


@given(walls(), walls())
def test_what_is_pinned_stays_on_the_wall_whatever_layout_comes(old: Shown, new: Shown) -> None:
    after = do.carried(old, msgspec.structs.replace(new, pinned=()))
    sound(after)
    pinned = [old.slots[place] for place in old.pinned]
    room = len(after.arrangement().places)
    kept = [one for one in pinned if one in after.slots[:room]]
    assert len(kept) >= min(len(pinned), room - len(after.arrangement().hot) if room > 1 else 1)
    assert {after.slots[one] for one in after.pinned} == set(kept)


@given(walls(), st.lists(st.sampled_from(CAMERAS), unique=True, max_size=4))
def test_a_camera_is_seen_once_and_a_hot_spot_shows_what_it_follows(shown: Shown, hot: list[str]) -> None:
    seen = do.cast(shown, hot, dict.fromkeys(do.free_places(shown)[:1], "X"))
    cameras = [one for one in seen if one]
    assert len(seen) == len(shown.arrangement().places)
    assert len(cameras) == len(set(cameras))
    spots = [place for place in shown.arrangement().hot if place not in shown.pinned]
    followed = [one for one in hot if one not in {shown.slots[place] for place in shown.pinned}]
    for place, camera in zip(spots, followed, strict=False):
        assert seen[place] == camera
    assert all(seen[place] == shown.slots[place] for place in shown.pinned)


@given(walls())
def test_a_wall_is_saved_and_shown_again_as_it_was(shown: Shown) -> None:
    layout = do.as_layout(shown, "l", "Name", 3)
    if not (layout.carousel and layout.dwell_s < 1):
        assert layout_problem(layout) == ""
    again = do.of_layout(msgspec.json.decode(msgspec.json.encode(layout), type=WallLayout))
    count = len(shown.arrangement().places)
    assert again.slots[:count] == shown.slots[:count]
    assert not do.differs(shown, layout)
    first = next((n for n in range(count) if shown.slots[n] and n not in shown.pinned), None)
    if first is not None:
        assert do.differs(do.put(shown, first, ""), layout)


def test_a_layout_of_another_version_loses_no_camera() -> None:
    layout = WallLayout(id="l", name="n", shape="17-star", camera_ids=("A", "B", "A", "", "C"))
    shown = do.of_layout(layout)
    assert shown.slots[:5] == ("A", "B", "", "", "C")
    assert len(shown.arrangement().places) >= 5


def test_places_meet_at_one_gap_and_a_grid_is_where_it_always_was() -> None:
    for columns, rows, width, height in ((3, 3, 1283, 727), (8, 8, 1140, 664), (5, 2, 999, 501)):
        shape = shape_named(f"{columns}x{rows}")
        assert shape is not None
        here, there = laid(shape.places, width, height, 18), grid(width, height, columns, rows, 18)
        for one, other in zip(here, there, strict=True):
            assert all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))
        assert here[-1].x + here[-1].width == width
        assert here[1].x - (here[0].x + here[0].width) == GAP


def test_arrows_walk_to_the_place_beside_and_stop_at_the_edge() -> None:
    shape = shape_named("1+5")  # a a b / a a c / d e f
    assert shape is not None
    walk = {
        (0, 1, 0): 1,
        (0, 0, 1): 3,
        (1, -1, 0): 0,
        (5, 0, -1): 2,
        (5, -1, 0): 4,
        (1, 0, -1): 1,
        (4, 0, -1): 0,
    }
    for (at, x, y), to in walk.items():
        assert beside(shape.places, at, x, y) == to, (at, x, y)


def test_more_and_fewer_panes_go_by_square_grids() -> None:
    sizes = []
    shape = shape_named("1+5")
    while shape is not None:
        sizes.append(shape.id)
        shape = next_grid(shape, 1)
    assert sizes == ["1+5", "3x3", "4x4", "5x5", "6x6", "7x7", "8x8"]
    for shape_id, fewer in (("3x3", "2x2"), ("1x1", None), ("4x3", "3x3")):
        here = shape_named(shape_id)
        assert here is not None
        found = next_grid(here, -1)
        assert (found.id if found else None) == fewer
    free = PanePlace(x=0.0, y=0.0, width=1.0, height=1.0)
    assert do.filled(Shown(shape="free", places=(free,))).slots == ("",)
