"""The scene of an incident: cameras by points, devices and measurements around, nothing from far away."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.cityname import city_named
from console.model.base import Position
from console.profile import Profile, ProfileError, load_profile
from console.profile.scene import around, scene_cameras, scene_figures, trend_points

TOLD = scene_figures()


@pytest.fixture(scope="module")
def city() -> Profile:
    return load_profile(city_named("suwon"))


def up(camera_id: str) -> str:
    return "up"


def place_of(city: Profile, row: int = 100) -> tuple[str, Position]:
    camera_id = city.columns.ids[city.camera_columns.row[row]]
    return camera_id, city.devices[camera_id].place.position


def test_the_camera_that_saw_it_comes_first_and_those_that_look_there_next(city: Profile):
    camera_id, place = place_of(city)
    found = scene_cameras(city, place, (camera_id,), up, TOLD.cameras)
    assert len(found) == TOLD.cameras.count
    assert found[0].camera_id == camera_id
    assert found[0].why == "named"
    assert len({one.camera_id for one in found}) == len(found)
    assert all(one.distance_m <= TOLD.cameras.within_m for one in found)


def test_what_is_down_is_never_chosen_and_what_is_disturbed_comes_later(city: Profile):
    camera_id, place = place_of(city)
    best = scene_cameras(city, place, (), up, TOLD.cameras)
    first, second = best[0].camera_id, best[1].camera_id
    states = {first: "down", second: "degraded", camera_id: "out_of_service"}
    found = scene_cameras(city, place, (camera_id,), lambda one: states.get(one, "up"), TOLD.cameras)
    names = [one.camera_id for one in found]
    assert first not in names and camera_id not in names
    assert all(one.degraded == (one.camera_id == second) for one in found)
    worth = {one.camera_id: one.score for one in best}
    assert all(one.score < worth[second] for one in found if one.camera_id == second)


def test_a_camera_far_away_is_there_only_when_it_is_named(city: Profile):
    _, place = place_of(city)
    far = max(
        (city.columns.ids[row] for row in city.camera_columns.row[::500]),
        key=lambda one: abs(city.devices[one].place.position.lat - place.lat),
    )
    assert far not in [one.camera_id for one in scene_cameras(city, place, (), up, TOLD.cameras)]
    assert scene_cameras(city, place, (far,), up, TOLD.cameras)[0].camera_id == far


def test_a_place_outside_the_city_has_no_camera_and_nothing_breaks(city: Profile):
    nowhere = Position(lat=10.0, lon=10.0)
    assert scene_cameras(city, nowhere, ("no such camera",), up, TOLD.cameras) == ()
    assert around(city, nowhere, TOLD.around) == ()
    assert trend_points(city, nowhere, "market_fire", (), TOLD.trends) == ()


def test_at_most_two_of_a_kind_stand_around_the_nearest_first(city: Profile):
    _, place = place_of(city)
    found = around(city, place, TOLD.around)
    assert found
    assert [one.distance_m for one in found] == sorted(one.distance_m for one in found)
    for kind in {one.kind for one in found}:
        assert sum(one.kind == kind for one in found) <= TOLD.around.most_of_kind


def test_measurements_of_the_incident_s_own_device_come_first_then_those_of_its_type(city: Profile):
    gauge = next(one for one in city.columns.ids if city.devices[one].kind == "underpass_gauge")
    place = city.devices[gauge].place.position
    found = trend_points(city, place, "underpass_flood", (gauge,), TOLD.trends)
    assert city.points[found[0]].device_id == gauge
    assert len({city.points[one].device_id for one in found}) == len(found)
    without = trend_points(city, place, "underpass_flood", (), TOLD.trends)
    assert city.points[without[0]].device_id == gauge, "its type of incident has its limits there"


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5000), st.sets(st.integers(0, 40), max_size=8))
def test_the_order_is_by_points_and_never_depends_on_who_asks(row: int, dead: set[int]):
    city = load_profile(city_named("suwon")) if not _CITY else _CITY[0]
    _CITY[:] = [city]
    _, place = place_of(city, row % len(city.camera_columns.row))
    near = scene_cameras(city, place, (), up, TOLD.cameras)
    down = {near[one].camera_id for one in dead if one < len(near)}
    found = scene_cameras(city, place, (), lambda one: "down" if one in down else "up", TOLD.cameras)
    assert not down & {one.camera_id for one in found}
    assert found == scene_cameras(
        city, place, (), lambda one: "down" if one in down else "up", TOLD.cameras
    )


_CITY: list[Profile] = []


def test_a_broken_file_names_every_place(tmp_path):
    path = tmp_path / "scene.toml"
    path.write_text("[cameras]\ncount = 0\nnonsense = 1\n", "utf-8")
    with pytest.raises(ProfileError) as raised:
        scene_figures(path)
    assert "nonsense" in str(raised.value) and "count" in str(raised.value)
