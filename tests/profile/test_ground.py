"""The plane under a city: metres, outlines, crossings, each against another way of working it out."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from console.profile import ground
from console.profile.ground import Plane, along, area, bearing_deg, crossings, inside

SQUARE = np.array([0.0, 100.0, 100.0, 0.0]), np.array([0.0, 0.0, 100.0, 100.0])


@pytest.mark.parametrize(
    ("x", "y", "within"),
    [(50.0, 50.0, True), (1.0, 99.0, True), (-1.0, 50.0, False), (50.0, 101.0, False), (150.0, 50.0, False)],
)
def test_a_point_is_inside_a_square_or_not(x: float, y: float, within: bool) -> None:
    assert inside(np.array([x]), np.array([y]), *SQUARE).tolist() == [within]


def test_the_hollow_of_a_horseshoe_is_outside() -> None:
    shape = np.array([0.0, 90, 90, 60, 60, 30, 30, 0]), np.array([0.0, 0, 90, 90, 30, 30, 90, 90])
    points = np.array([15.0, 45.0, 75.0, 45.0]), np.array([60.0, 60.0, 60.0, 15.0])
    assert inside(*points, *shape).tolist() == [True, False, True, True]


corners = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(-50, 50)).map(lambda one: (one[0] * 7.0, one[1] * 7.0)),
    min_size=3, max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(outline=corners, seed=st.integers(0, 2**32 - 1))
def test_few_points_and_many_points_are_judged_alike(outline: list[tuple[float, float]], seed: int) -> None:
    shape = np.array([one[0] for one in outline]), np.array([one[1] for one in outline])
    points = np.random.default_rng(seed).uniform(-360, 360, (2, 200))
    few = inside(points[0], points[1], *shape)
    many = inside(np.tile(points[0], 120), np.tile(points[1], 120), *shape)
    assert points[0].size * shape[0].size < 60_000 <= points[0].size * 120 * shape[0].size
    assert (np.tile(few, 120) == many).all()


def test_degrees_become_metres_and_come_back_the_same() -> None:
    plane = Plane(37.28, 127.0)
    lat, lon = np.array([37.224, 37.352, 37.28]), np.array([126.927, 127.091, 127.0])
    back_lat, back_lon = plane.to_degrees(*plane.to_xy(lat, lon))
    assert back_lat.tolist() == lat.tolist()
    assert back_lon.tolist() == lon.tolist()
    x, y = plane.to_xy(37.28 + 1 / 111.195, 127.0)
    assert (float(x), round(float(y), 6)) == (0.0, 1000.0)


def test_an_area_is_the_same_whichever_way_round_the_corners_go() -> None:
    assert area(*SQUARE) == 10_000.0
    assert area(SQUARE[0][::-1], SQUARE[1][::-1]) == 10_000.0


def test_points_along_a_line_stand_a_step_apart() -> None:
    segment, distance, x, y = along(*(np.array([one]) for one in (0.0, 0.0, 30.0, 40.0)), 12.0)
    assert segment.tolist() == [0, 0, 0, 0]
    assert distance.tolist() == [6.0, 18.0, 30.0, 42.0]
    assert np.allclose(np.hypot(x, y), distance)
    short = along(*(np.array([one]) for one in (0.0, 0.0, 1.0, 1.0)), 12.0)
    assert len(short[0]) == 0


def test_lines_that_cross_are_found_and_parallel_ones_are_not() -> None:
    def lines(*ends: tuple[float, float, float, float]) -> tuple[np.ndarray, ...]:
        return tuple(np.array([one[k] for one in ends]) for k in range(4))

    a = lines((0, 0, 10, 0), (0, 5, 10, 5))
    b = lines((5, -5, 5, 10), (0, 1, 10, 1), (20, -5, 20, 5))
    found = crossings(*a, *b)
    assert list(zip(*(one.tolist() for one in found), strict=True)) == [(0, 0, 5.0, 0.0), (1, 0, 5.0, 5.0)]
    many = tuple(np.concatenate([one] * 300) for one in a)
    assert len(crossings(*many, *b)[0]) == 600
    assert len(crossings(*(one[:0] for one in a), *b)[0]) == 0


@pytest.mark.parametrize(("dx", "dy", "bearing"), [(0, 1, 0.0), (1, 0, 90.0), (0, -1, 180.0), (-1, 0, 270.0)])
def test_bearings_go_clockwise_from_north(dx: float, dy: float, bearing: float) -> None:
    assert float(bearing_deg(dx, dy)) == pytest.approx(bearing)


def test_a_degree_of_the_plane_is_a_degree_of_the_mean_earth() -> None:
    assert pytest.approx(math.radians(1) * 6_371_008.8, rel=1e-5) == ground.METRES_PER_DEGREE
