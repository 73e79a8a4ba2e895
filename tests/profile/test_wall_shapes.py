"""Shapes of walls: every one covers the wall, whole and once; a wrong drawing is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.model.layout import MOST_PLACES, WallLayout, layout_problem
from console.profile import Profile
from console.profile.shapes import ShapesError, drawn_shapes, grid_shape, read_shapes, shape_named

ALL = [*drawn_shapes(), *(f"{columns}x{rows}" for columns in range(1, 9) for rows in range(1, 9))]


@pytest.mark.parametrize("shape_id", ALL)
def test_a_shape_covers_the_wall_whole_and_once(shape_id: str) -> None:
    shape = shape_named(shape_id)
    assert shape is not None and 1 <= len(shape.places) <= MOST_PLACES
    assert sum(place.width * place.height for place in shape.places) == pytest.approx(1.0)
    for x, y in [((i + 0.37) / 61, (k + 0.37) / 61) for i in range(61) for k in range(61)]:
        over = [p for p in shape.places if p.x < x < p.x + p.width and p.y < y < p.y + p.height]
        assert len(over) == 1, (x, y)


def test_hot_spot_shapes_are_large_where_they_follow() -> None:
    assert set(drawn_shapes()) >= {"1+5", "1+7", "1+12", "2+8", "3+4"}
    for shape in drawn_shapes().values():
        assert shape.hot, shape.id
        smallest = min(place.width for place in shape.places)
        assert all(shape.places[number].width > smallest for number in shape.hot)


def test_what_is_no_shape_has_no_places() -> None:
    assert [shape_named(one) for one in ("9x1", "0x3", "1+99", "free", "", "4x4 ")] == [None] * 6
    with pytest.raises(ValueError, match="1 to 8"):
        grid_shape(9, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('id = "a"\ncells = ["ab", "ba"]', "no rectangle"),
        ('id = "a"\ncells = ["ab", "a"]', "equal length"),
        ('id = "a"\ncells = []', "equal length"),
        ('id = "a"\ncells = ["a1"]', "letters"),
        ('id = "a"\nhot = "z"\ncells = ["ab"]', "hot"),
        ('id = "2x2"\ncells = ["ab"]', "name of its own"),
        ('id = "a"\ncells = 5', "cells"),
        ('id = "a"\nsides = 5\ncells = ["ab"]', "sides"),
    ],
)
def test_a_wrong_drawing_is_named(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "wall_shapes.toml"
    path.write_text(f'[[shapes]]\nname = {{ en = "A", ko = "가" }}\n{text}\n', "utf-8")
    with pytest.raises(ShapesError, match=said) as found:
        read_shapes(path)
    assert "wall_shapes.toml" in str(found.value)


def test_the_citys_own_layouts_can_be_shown_and_saved_as_they_are(suwon: Profile) -> None:
    for told in suwon.layouts.values():
        for language in ("en", "ko"):
            layout = told.said_in(language)
            assert isinstance(layout, WallLayout) and layout_problem(layout) == ""
            assert layout.name == told.name.in_language(language)
    assert set(suwon.modes) >= {"night", "flood", "festival"}
    assert {layout for mode in suwon.modes.values() for layout in mode.walls.values()} <= set(suwon.layouts)
