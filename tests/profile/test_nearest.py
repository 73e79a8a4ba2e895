"""Nearest cameras: those that look at the point first, then by distance; never more than asked."""

from __future__ import annotations

import math
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import given, settings

from console.model.base import Position
from console.profile import Profile, nearest_cameras


def away(profile: Profile, camera_id: str, bearing: float, distance_m: float) -> Position:
    """The point `distance_m` from a camera in a direction."""
    here = profile.devices[camera_id].place.position
    north = math.cos(math.radians(bearing)) * distance_m
    east = math.sin(math.radians(bearing)) * distance_m
    lon = here.lon + east / (111_195.0 * math.cos(math.radians(here.lat)))
    return Position(lat=here.lat + north / 111_195.0, lon=lon)


def test_a_camera_that_looks_at_the_point_comes_before_a_nearer_one_that_does_not(village: Profile) -> None:
    # CAM-0001 looks east; CAM-0002 stands 40 m south of it and looks north, past it.
    behind = away(village, "CAM-0001", 270.0, 8.0)
    assert not looks(village, "CAM-0001", behind)
    assert looks(village, "CAM-0002", behind)
    assert apart(village, "CAM-0001", behind) < apart(village, "CAM-0002", behind)
    only = {"CAM-0001", "CAM-0002"}
    assert nearest_cameras(village, behind, 2, usable=only.__contains__) == ("CAM-0002", "CAM-0001")


def test_direction_field_of_view_and_reach_all_count(village: Profile) -> None:
    only = {"CAM-0001", "CAM-0002"}
    for bearing, distance, sees in ((90.0, 45.0, True), (119.0, 45.0, True), (121.0, 45.0, False),
                                    (90.0, 49.0, True), (90.0, 51.0, False), (200.0, 3.0, True)):  # fmt: skip
        point = away(village, "CAM-0001", bearing, distance)
        found = nearest_cameras(village, point, 2, usable=only.__contains__)
        other = looks(village, "CAM-0002", point)
        nearer = apart(village, "CAM-0001", point) < apart(village, "CAM-0002", point)
        first = "CAM-0001" if (not sees, not nearer) < (not other, nearer) else "CAM-0002"
        assert found[0] == first
        assert looks(village, "CAM-0001", point) == sees


def test_a_point_in_front_of_a_camera_finds_that_camera_first_when_it_is_the_only_one_looking(
    suwon: Profile,
) -> None:
    point = away(suwon, "CAM-JCT-0002", suwon.cameras["CAM-JCT-0002"].direction_deg, 3.0)
    assert nearest_cameras(suwon, point, 1) == ("CAM-JCT-0002",)


def test_a_camera_that_is_not_usable_is_left_out_and_the_next_one_takes_its_place(suwon: Profile) -> None:
    position = suwon.devices["CAM-PARK-0001"].place.position
    all_five = nearest_cameras(suwon, position, 5)
    without = nearest_cameras(suwon, position, 5, usable=lambda one: one != all_five[0])
    assert all_five[0] not in without
    assert without[:4] == all_five[1:]
    assert len(without) == 5


def test_nothing_is_offered_for_no_cameras_or_far_outside_the_city(suwon: Profile) -> None:
    position = suwon.devices["CAM-PARK-0001"].place.position
    assert nearest_cameras(suwon, position, 0) == ()
    assert nearest_cameras(suwon, Position(lat=35.0, lon=129.0), 5) == ()
    assert nearest_cameras(suwon, position, 5, usable=lambda one: False) == ()


@settings(max_examples=60, deadline=None)
@given(
    lat=st.floats(37.23, 37.34), lon=st.floats(126.94, 127.08), count=st.integers(1, 12),
    within_m=st.floats(50.0, 3000.0),
)  # fmt: skip
def test_the_order_is_looking_first_then_nearest(
    suwon: Profile, lat: float, lon: float, count: int, within_m: float
) -> None:
    point = Position(lat=lat, lon=lon)
    found = nearest_cameras(suwon, point, count, within_m=within_m)
    assert len(found) == len(set(found)) <= count
    keys = [(not looks(suwon, one, point), apart(suwon, one, point)) for one in found]
    assert all(distance <= within_m * 1.001 for _, distance in keys)
    for (blind, near), (next_blind, far) in pairwise(keys):
        assert blind <= next_blind
        if blind == next_blind:
            assert near <= far * 1.0001 + 0.01


def apart(profile: Profile, camera_id: str, point: Position) -> float:
    """Metres on the ground by the haversine, another way than the one under test."""
    here = profile.devices[camera_id].place.position
    lat0, lat1 = math.radians(here.lat), math.radians(point.lat)
    half = math.sin((lat1 - lat0) / 2) ** 2
    half += math.cos(lat0) * math.cos(lat1) * math.sin(math.radians(point.lon - here.lon) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


def looks(profile: Profile, camera_id: str, point: Position) -> bool:
    """Whether a camera looks at a point, worked out one by one."""
    camera, here = profile.cameras[camera_id], profile.devices[camera_id].place.position
    distance = apart(profile, camera_id, point)
    east = math.radians(point.lon - here.lon) * math.cos(math.radians(here.lat))
    towards = math.degrees(math.atan2(east, math.radians(point.lat - here.lat)))
    turned = abs((towards - camera.direction_deg + 180.0) % 360.0 - 180.0)
    return distance <= 4.0 or (turned <= camera.fov_deg / 2 and distance <= camera.reach_m)
