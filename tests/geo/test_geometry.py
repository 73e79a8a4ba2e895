"""Geometry of the map: lengths, areas, sight behind walls, clusters that lose nobody, heat."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.geo.clusters import STANDINGS, grouped
from console.geo.heat import heat
from console.geo.measuring import area_m2, distance_m, length_m, metres_per_degree
from console.geo.sight import NO_WALLS, Walls, could_see, hidden, seen_area
from console.model.base import Position
from console.profile.ground import area, inside

metres = st.floats(-5000, 5000)


def wall(x0: float, y0: float, x1: float, y1: float) -> Walls:
    return Walls(*(np.array([one]) for one in (x0, y0, x1, y1)))


@pytest.mark.parametrize(
    ("lat", "north", "east"),
    [(0.0, 110_574, 111_320), (45.0, 111_132, 78_847), (60.0, 111_412, 55_800)],
)
def test_a_degree_is_as_long_as_the_tables_of_the_ellipsoid_say(lat, north, east):
    assert metres_per_degree(lat) == pytest.approx((north, east), rel=1e-4)


@given(st.floats(33, 60), st.floats(-10, 130), st.floats(1, 4000), st.floats(1, 4000))
def test_a_rectangle_has_the_area_of_its_sides(lat, lon, wide, high):
    north, east = metres_per_degree(lat)
    a, b = Position(lat=lat, lon=lon), Position(lat=lat, lon=lon + wide / east)
    c = Position(lat=lat + high / north, lon=lon + wide / east)
    d = Position(lat=lat + high / north, lon=lon)
    assert distance_m(a, b) == pytest.approx(wide, rel=2e-3, abs=0.01)
    assert area_m2((a, b, c, d)) == pytest.approx(wide * high, rel=3e-3, abs=0.1)
    assert area_m2((d, c, b, a)) == pytest.approx(area_m2((a, b, c, d)))
    assert length_m((a, b, c)) == pytest.approx(distance_m(a, b) + distance_m(b, c))


def test_fewer_than_three_corners_have_no_area():
    assert area_m2((Position(lat=1, lon=1), Position(lat=2, lon=2))) == 0.0
    assert length_m(()) == 0.0


@given(
    st.lists(st.tuples(metres, metres, st.integers(0, STANDINGS - 1), st.booleans()), max_size=60),
    st.floats(5, 2000),
)
def test_clusters_lose_nobody_and_their_numbers_add_up(devices, side):
    x, y = (np.array([one[at] for one in devices], np.float64) for at in (0, 1))
    codes = np.array([one[2] for one in devices], np.uint8)
    shown = np.array([one[3] for one in devices], np.bool_)
    groups = grouped(x, y, shown, side)
    assert sorted(groups.order.tolist()) == np.flatnonzero(shown).tolist()
    assert groups.count.sum() == shown.sum()
    tally = groups.tally(codes)
    assert (tally.sum(axis=1) == groups.count).all()
    assert (tally.sum(axis=0) == np.bincount(codes[shown], minlength=STANDINGS)).all()
    for mark in range(len(groups.count)):
        rows = groups.members(mark)
        cells = {(math.floor(x[row] / side), math.floor(y[row] / side)) for row in rows.tolist()}
        assert len(cells) == 1
        column, line = cells.pop()
        assert column * side <= groups.x[mark] <= (column + 1) * side
        assert line * side <= groups.y[mark] <= (line + 1) * side


@given(metres, metres, st.floats(0, 359.9), st.floats(10, 180), st.floats(10, 200), st.floats(0, 359.9),
       st.floats(5, 400))  # fmt: skip
def test_a_camera_sees_a_point_within_its_angle_and_reach_alone(x, y, direction, fov, reach, towards, far):
    at_x, at_y = x + math.sin(math.radians(towards)) * far, y + math.cos(math.radians(towards)) * far
    one = could_see(*(np.array([v], np.float64) for v in (x, y, direction, fov, reach)), at_x, at_y, 1000.0)
    off = abs((towards - direction + 180) % 360 - 180)
    if abs(off - fov / 2) > 0.01 and abs(far - reach) > 0.01:
        assert bool(one.in_view[0]) == (off < fov / 2 and far < reach)
    assert one.distance_m[0] == pytest.approx(far, abs=0.01)
    assert one.off_axis_deg[0] == pytest.approx(off, abs=0.05)


@given(st.floats(20, 300), st.floats(0.05, 0.95), st.floats(0, 359.9))
def test_a_wall_across_the_line_hides_and_one_beside_it_does_not(far, share, turn):
    east, north = math.sin(math.radians(turn)), math.cos(math.radians(turn))
    at = share * far
    if at < 2 or at > far - 0.5:
        return
    x, y = east * at, north * at
    across = wall(x - north * 5, y + east * 5, x + north * 5, y - east * 5)
    beside = wall(x + north * 3, y - east * 3, x + north * 9, y - east * 9)
    here = np.zeros(1), np.zeros(1)
    assert hidden(*here, east * far, north * far, across)[0]
    assert not hidden(*here, east * far, north * far, beside)[0]
    # Sight is the same both ways, for walls that are not the camera's own.
    back = np.array([east * far]), np.array([north * far])
    assert hidden(*back, 0.0, 0.0, across)[0] == (far - at > 1.0)


def test_a_camera_on_a_wall_is_not_blinded_by_it():
    assert not hidden(np.zeros(1), np.zeros(1), 0.0, 50.0, wall(-5.0, 0.5, 5.0, 0.5))[0]


def test_cameras_that_see_freely_come_before_those_behind_walls_and_others():
    x = np.array([0.0, 30.0, -40.0])
    y = np.array([-50.0, 0.0, 0.0])
    direction = np.array([0.0, 0.0, 90.0])
    fov, reach = np.full(3, 60.0), np.full(3, 80.0)
    sights = could_see(x, y, direction, fov, reach, 0.0, 0.0, 500.0, wall(-10.0, -25.0, 10.0, -25.0))
    assert sights.row.tolist() == [2, 0, 1]
    assert sights.in_view.tolist() == [True, True, False]
    assert sights.blocked.tolist() == [False, True, False]


@given(metres, metres, st.floats(0, 359.9), st.floats(5, 350), st.floats(5, 200))
def test_what_a_camera_sees_on_open_ground_has_the_area_of_its_sector(x, y, direction, fov, reach):
    outline = seen_area(x, y, direction, fov, reach)
    sector = math.pi * reach * reach * fov / 360
    assert area(*outline) == pytest.approx(sector, rel=0.01)


@given(st.floats(20, 100), st.floats(10, 90))
def test_walls_only_take_away_from_what_is_seen(reach, at):
    free = seen_area(0.0, 0.0, 0.0, 90.0, reach)
    cut = seen_area(0.0, 0.0, 0.0, 90.0, reach, wall(-500.0, at, 500.0, at))
    assert area(*cut) <= area(*free) + 1e-6
    if at < reach * 0.7:
        assert max(cut[1]) <= at + 1e-6
        assert not inside(np.array([0.0]), np.array([at + 1.0]), *cut)[0]


def test_without_walls_nothing_is_hidden():
    assert not hidden(np.zeros(3), np.zeros(3), 1.0, 1.0, NO_WALLS).any()


@given(st.lists(st.tuples(st.floats(2000, 3000), st.floats(2000, 3000), st.floats(0.1, 4)), min_size=1,
                max_size=20))  # fmt: skip
def test_heat_keeps_the_weight_of_what_lies_well_inside(events):
    x, y, weight = (np.array([one[at] for one in events]) for at in range(3))
    field = heat(x, y, weight, 0.0, 5000.0, 50.0, 100, 100, 150.0)
    assert field.sum() == pytest.approx(weight.sum(), rel=1e-6)
    assert field.min() >= 0
