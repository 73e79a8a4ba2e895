"""What ties places together in a real city: its streets and rivers, its cameras, its circuits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from console.profile import load_profile
from console.rules.correlate.bonds import sees
from console.rules.correlate.figures import correlate_figures
from console.rules.correlate.ground import CityGround, View


@pytest.fixture(scope="module")
def ground() -> CityGround:
    return CityGround(load_profile("suwon"), correlate_figures().street)


def test_a_point_on_a_street_is_on_it_and_says_how_far_along(ground):
    streets = load_profile("suwon").street_columns
    for piece in range(0, len(streets.street), 97):
        ends_x, ends_y = ground.plane.to_xy(
            np.array([streets.lat0[piece], streets.lat1[piece]]),
            np.array([streets.lon0[piece], streets.lon1[piece]]),
        )
        long = math.hypot(ends_x[1] - ends_x[0], ends_y[1] - ends_y[0])
        found = {one.street: one for one in ground.stretches(float(ends_x.mean()), float(ends_y.mean()))}
        mine = found[int(streets.street[piece])]
        assert mine.along_m == pytest.approx(streets.start_m[piece] + long / 2, abs=25.0)
        assert mine.river == (streets.rank[piece] == 2)


def test_a_point_far_from_all_streets_is_on_none(ground):
    assert ground.stretches(1e6, 1e6) == ()


def test_cameras_look_and_what_is_none_does_not(ground):
    profile = load_profile("suwon")
    camera = profile.columns.ids[int(profile.camera_columns.row[0])]
    view = ground.view(camera)
    assert view is not None
    assert 0 < view.reach_m <= ground.longest_view_m
    assert ground.view("nothing") is None
    assert ground.circuit("nothing") == ""


def test_a_camera_sees_what_is_in_front_within_reach_and_what_is_at_its_foot():
    view = View(0.0, 0.0, 350.0, 40.0, 100.0)
    assert sees(view, 0.0, 90.0)
    assert sees(view, -40.0, 80.0)
    assert not sees(view, 0.0, 101.0)
    assert not sees(view, 40.0, 40.0)
    assert sees(view, 2.0, -2.0)
