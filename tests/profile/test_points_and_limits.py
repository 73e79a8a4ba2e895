"""Points and limits: numbered once, found by id, the same as records and as columns."""

from __future__ import annotations

import numpy as np
import pytest

from console.profile import Profile


@pytest.fixture(params=["suwon", "glasgow", "village"])
def profile(request: pytest.FixtureRequest) -> Profile:
    found: Profile = request.getfixturevalue(request.param)
    return found


def test_the_index_of_a_point_is_its_position_and_its_id_finds_it(profile: Profile) -> None:
    seen = set()
    for position, point in enumerate(profile.points):
        assert point.index == position
        assert point.id == f"{point.device_id}/{point.quantity}"
        assert profile.points.index_of(point.id) == position
        assert point.low < point.high
        assert point.period_s > 0
        seen.add(point.id)
    assert len(seen) == len(profile.points) == len(profile.point_by_id)
    assert list(profile.points)[-1] == profile.points[-1]


def test_points_as_columns_are_the_points_as_records(profile: Profile) -> None:
    points = list(profile.points)
    assert profile.points.lows().tolist() == [point.low for point in points]
    assert profile.points.highs().tolist() == [point.high for point in points]
    assert profile.points.periods_s().tolist() == [point.period_s for point in points]
    ids = [profile.columns.ids[row] for row in profile.points.device_rows()]
    assert ids == [point.device_id for point in points]


def test_every_limit_belongs_to_a_point_and_makes_sense(profile: Profile) -> None:
    ids = set()
    for limit in profile.limits:
        point = profile.points[limit.point_index]
        assert limit.id.startswith(f"{point.id}/")
        assert point.low <= limit.set_at <= point.high
        assert limit.clear_at <= limit.set_at if limit.above else limit.clear_at >= limit.set_at
        assert limit.priority in (1, 2, 3, 4)
        assert limit.source
        for words in (limit.text, limit.guidance):
            assert words.en
            assert words.ko
        assert not limit.incident_type or limit.incident_type in profile.incident_types
        ids.add(limit.id)
    assert len(ids) == len(profile.limits) > 0


def test_limits_as_columns_are_the_limits_as_records(profile: Profile) -> None:
    columns = profile.limits.columns()
    limits = list(profile.limits)
    for name in (
        "point_index", "above", "set_at", "clear_at", "on_delay_s", "off_delay_s", "hours", "priority",
    ):  # fmt: skip
        assert getattr(columns, name).tolist() == [getattr(limit, name) for limit in limits]
    assert (np.diff(columns.point_index) >= 0).all()


def test_own_levels_of_a_station_replace_those_of_its_kind(village: Profile) -> None:
    own, other = (next(one for one in village.limits if one.id == f"{device}/current_a/low")
                  for device in ("LCC-0001", "LCC-0002"))  # fmt: skip
    assert (own.set_at, own.clear_at) == (0.5, 1.0)
    assert (other.set_at, other.clear_at) == (1.0, 2.0)


def test_a_limit_of_another_country_does_not_hold_here(village: Profile) -> None:
    assert {limit.id.rpartition("/")[2] for limit in village.limits} == {"low"}


@pytest.mark.parametrize("wrong", ["", "/", "UND-0001", "UND-0001/", "UND-0001/height", "X/water_depth_cm"])
def test_a_point_that_is_not_there_is_not_found(suwon: Profile, wrong: str) -> None:
    assert suwon.points.index_of(wrong) is None
    assert wrong not in suwon.point_by_id
    with pytest.raises(KeyError):
        suwon.point_by_id[wrong]


def test_points_outside_the_numbers_are_an_index_error(village: Profile) -> None:
    for index in (len(village.points), -len(village.points) - 1):
        with pytest.raises(IndexError):
            village.points[index]
    for index in (len(village.limits), -len(village.limits) - 1):
        with pytest.raises(IndexError):
            village.limits[index]
    assert village.points[:2] == (village.points[0], village.points[1])
    assert village.limits[-1:] == (village.limits[-1],)


def test_points_on_a_chart_or_said_so_by_their_kind_keep_their_history(village: Profile) -> None:
    trended = {village.points[index].id for index in village.trend_points}
    assert trended == {f"LCC-{number:04d}/current_a" for number in range(1, 6)}
    assert all(village.points[index].trend for index in village.trend_points)


def test_a_device_that_is_no_camera_is_not_among_the_cameras(suwon: Profile) -> None:
    assert "UND-0001" not in suwon.cameras
    with pytest.raises(KeyError):
        suwon.cameras["UND-0001"]
    assert sum(1 for _ in suwon.cameras) == len(suwon.cameras)
    assert suwon.cameras["CAM-PARK-0001"].device_id == "CAM-PARK-0001"
